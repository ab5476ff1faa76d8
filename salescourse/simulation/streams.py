"""Keyed random bits and the arithmetic that turns them into numbers.

The same code gives the same bytes on every machine, so only operations that IEEE 754
fixes to the last bit are used: + − × ÷, square root, comparisons, integer arithmetic.
numpy's exp, log and pow differ between builds and CPUs; ours do not.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from itertools import permutations

import numpy as np

GRID = 4096  # cells of a quantile table
BLOCK = 5  # leads or quotes whose uniforms are stratified together


def exp(x: np.ndarray | float) -> np.ndarray:
    """e**x from elementary arithmetic: range reduction, Taylor series, power of two."""
    x = np.asarray(x, dtype=np.float64)
    k = np.rint(x * 1.4426950408889634)
    r = x - k * 0.6931471803691238 - k * 1.9082149292705877e-10
    total = np.ones_like(r)
    for n in range(14, 0, -1):
        total = total * (r / n) + 1.0
    return np.ldexp(total, k.astype(np.int32))


def log(x: np.ndarray | float) -> np.ndarray:
    """Natural logarithm of positive numbers from elementary arithmetic."""
    mantissa, exponent = np.frexp(np.asarray(x, dtype=np.float64))
    small = mantissa < 0.7071067811865476
    mantissa = np.where(small, mantissa * 2.0, mantissa)
    exponent = exponent - small
    s = (mantissa - 1.0) / (mantissa + 1.0)
    square = s * s
    total = np.zeros_like(s)
    for n in range(21, 0, -2):
        total = total * square + 1.0 / n
    return 2.0 * s * total + exponent * 0.6931471805599453


@lru_cache(maxsize=1)
def normal() -> np.ndarray:
    """Standard normal quantiles at the middles of `GRID` cells (Wichura's AS 241)."""
    p = (np.arange(GRID) + 0.5) / GRID
    q = p - 0.5
    r = 0.180625 - q * q
    centre = q * _ratio(r, _CENTRE)
    tail = np.sqrt(-log(np.minimum(p, 1.0 - p)))
    outer = _ratio(tail - 1.6, _TAIL) * np.where(q < 0, -1.0, 1.0)
    return np.where(np.abs(q) <= 0.425, centre, outer)


def _ratio(r: np.ndarray, coefficients: tuple[tuple[float, ...], tuple[float, ...]]) -> np.ndarray:
    top, bottom = (np.zeros_like(r), np.zeros_like(r))
    for a, b in zip(*coefficients, strict=True):
        top, bottom = top * r + a, bottom * r + b
    return top / bottom


_CENTRE = (
    (
        2509.0809287301226727,
        33430.575583588128105,
        67265.770927008700853,
        45921.953931549871457,
        13731.693765509461125,
        1971.5909503065514427,
        133.14166789178437745,
        3.387132872796366608,
    ),
    (
        5226.495278852545925,
        28729.085735721942674,
        39307.89580009271061,
        21213.794301586595867,
        5394.1960214247511077,
        687.1870074920579083,
        42.313330701600911252,
        1.0,
    ),
)
_TAIL = (
    (
        7.7454501427834140764e-4,
        0.0227238449892691845833,
        0.24178072517745061177,
        1.27045825245236838258,
        3.64784832476320460504,
        5.7694972214606914055,
        4.6303378461565452959,
        1.42343711074968357734,
    ),
    (
        1.05075007164441684324e-9,
        5.475938084995344946e-4,
        0.0151986665636164571966,
        0.14810397642748007459,
        0.68976733498510000455,
        1.6763848301838038494,
        2.05319162663775882187,
        1.0,
    ),
)


@lru_cache(maxsize=64)
def lognormal(median: float, sigma: float) -> np.ndarray:
    """Quantile table of a lognormal."""
    return median * exp(sigma * normal())


@lru_cache(maxsize=16)
def gamma(shape: float, scale: float) -> np.ndarray:
    """Quantile table of a gamma with `shape` ≥ 1, by summing its density on a fine grid."""
    step = (shape + 12.0 * np.sqrt(shape) + 12.0) / 40_000
    x = (np.arange(40_000) + 0.5) * step
    mass = np.cumsum(exp((shape - 1.0) * log(x) - x))
    p = (np.arange(GRID) + 0.5) / GRID
    return x[np.searchsorted(mass, p * mass[-1])] * scale


def pick(table: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Values of a quantile table at uniforms `u`."""
    return table[(u * GRID).astype(np.int32)]


def order_of(keys: np.ndarray) -> np.ndarray:
    """The stable order of whole numbers, several times faster than a stable argsort.

    Key and position are packed into one integer; these are all different, so that any
    sorting algorithm of any build gives the same order.
    """
    n = len(keys)
    if n == 0:
        return np.zeros(0, dtype=np.int64)
    low = keys.min()
    room = n.bit_length()
    if int(keys.max() - low).bit_length() + room > 63:
        return np.argsort(keys, kind="stable")
    packed = (keys.astype(np.int64) - low) << room
    packed |= np.arange(n)
    packed.sort()
    packed &= (1 << room) - 1
    return packed


class Streams:
    """Independent random bits for every key of one company."""

    def __init__(self, code: str, bits: int):
        self._prefix = f"{bits}/{code}/"

    def raw(self, key: str, n: int) -> np.ndarray:
        """`n` random 64-bit integers that depend on the code, on BITS and `key` only."""
        seed = int.from_bytes(sha256((self._prefix + key).encode()).digest(), "little")
        return np.random.PCG64(seed).random_raw(n)

    def uniform(self, key: str, n: int) -> np.ndarray:
        """`n` uniforms in [0, 1)."""
        return (self.raw(key, n) >> np.uint64(11)) * 2.0**-53

    def one(self, key: str) -> float:
        return float(self.uniform(key, 1)[0])

    def order(self, key: str, n: int) -> np.ndarray:
        """A random permutation of 0…n−1."""
        return np.argsort(self.raw(key, n), kind="stable")

    def choose(self, key: str, weights: np.ndarray, n: int) -> np.ndarray:
        """`n` indices drawn with `weights`."""
        return inverse_cdf(weights, self.uniform(key, n))


def inverse_cdf(weights: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Index of the weight that each uniform falls on."""
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.searchsorted(edges[:-1], u * edges[-1], side="right")


_PERMUTATIONS = np.concatenate(
    [
        np.array([p + (0,) * (BLOCK - size) for p in permutations(range(size))], dtype=np.int8)
        for size in range(1, BLOCK + 1)
    ]
)
_COUNTS = np.array([0, 1, 2, 6, 24, 120])
_STARTS = np.concatenate([[0, 0], np.cumsum(_COUNTS[1:-1])])


class Strata:
    """Rows grouped into blocks of `BLOCK` within a cell, in the order of time.

    The uniforms of a block hit each fifth of [0, 1) once: every single one stays uniform,
    only the noise of sums shrinks, so planted effects stay discoverable (IDENTIFIABILITY §5).
    Random bits belong to rows, so a change in one cell leaves the others untouched.
    """

    def __init__(self, cells: np.ndarray):
        n = len(cells)
        self._order = np.argsort(cells.astype(np.uint16), kind="stable")
        ordered = cells[self._order]
        fresh = np.ones(n, dtype=bool)
        fresh[1:] = ordered[1:] != ordered[:-1]
        starts = np.flatnonzero(fresh)
        sizes = np.diff(np.append(starts, n))
        rank = np.arange(n) - np.repeat(starts, sizes)
        self._position = rank % BLOCK
        self._size = np.minimum(BLOCK, np.repeat(sizes, sizes) - (rank - self._position))
        self._first = np.arange(n) - self._position

    def uniform(self, raw: np.ndarray) -> np.ndarray:
        """Stratified uniforms made from one random 64-bit integer a row."""
        sorted_raw = raw[self._order]
        lottery = sorted_raw[self._first] >> np.uint64(40)
        which = _STARTS[self._size] + (lottery % _COUNTS[self._size].astype(np.uint64)).astype(int)
        rank = _PERMUTATIONS[which, self._position]
        fraction = (sorted_raw & np.uint64((1 << 40) - 1)) * 2.0**-40
        u = np.empty(len(raw))
        u[self._order] = (rank + fraction) / self._size
        return u
