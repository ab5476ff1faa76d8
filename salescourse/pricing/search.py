"""The best single price and the best three under the same guard.

Three prices are compared with the best one price, not with today's: otherwise a mere
repricing passes for the merit of the three offers (DOMAIN §1.7, IDENTIFIABILITY §6).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from salescourse.pricing.choice import (
    BEST,
    BETTER,
    COSTS,
    DEMAND,
    GOOD,
    Demand,
    clients,
    utilities,
)
from salescourse.pricing.guard import EPS, GUARD, Guard, buyers_needed

STEP = 1_000  # ₽: prices are sought by whole thousands
COARSE = (6, 6, 10)  # thousands: IDENTIFIABILITY §6
DENSE = (3, 3, 4)  # where the coarse grid met nothing allowed
NEAR = (3, 3, 3)  # steps to each side
FAR = (9, 4, 12)  # along the guard's edge, where one price up must be paid by another down
ROUNDS = 40

# The search -----------------------------------------------------------------------------------


@lru_cache(maxsize=16)
def _odds(demand: Demand, low: int, high: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Odds of each offer at each price (thousands) for each client, of buying nothing, weights.

    A client's odds are exp(U/λ), divided by the client's own greatest lest they overflow.
    """
    prices = np.arange(low, high + 1) * float(STEP)
    scaled = utilities(np.tile(prices, (3, 1)), (GOOD, BETTER, BEST), demand) / demand.nest
    top = scaled.max(axis=(0, 1))
    outside = np.exp(demand.outside - demand.nest * top)
    return np.exp(scaled - top), outside, clients(demand)[2]


def triples(
    trial: np.ndarray, costs: Sequence[float], demand: Demand, guard: Guard
) -> tuple[np.ndarray, np.ndarray]:
    """Gross profit a quote of each row of three prices (thousands), and whether it is allowed."""
    low, high = _range(guard)
    odds, outside, weight = _odds(demand, low, high)
    part = np.stack([odds[i, trial[:, i] - low] for i in range(3)])
    total = part.sum(axis=0)
    with np.errstate(divide="ignore", over="ignore"):
        buys = weight / (1.0 + outside * total**-demand.nest)
    share = np.einsum("ijk,jk->ji", part, buys / np.maximum(total, 1e-300))
    unit = trial * float(STEP) - np.asarray(costs)
    sold = share.sum(axis=1)
    allowed = (sold >= buyers_needed(demand, guard) - EPS) & (unit[:, BETTER] >= unit[:, GOOD])
    allowed &= (share.min(axis=1) >= (guard.least_sold - EPS) * sold) & (unit.min(axis=1) >= -EPS)
    return (share * unit).sum(axis=1), allowed


def _banded(trial: np.ndarray, guard: Guard) -> np.ndarray:
    good, best = trial[:, GOOD] / trial[:, BETTER], trial[:, BEST] / trial[:, BETTER]
    inside = (good >= guard.good[0] - EPS) & (good <= guard.good[1] + EPS)
    return inside & (best >= guard.best[0] - EPS) & (best <= guard.best[1] + EPS)


def _range(guard: Guard) -> tuple[int, int]:
    """Thousands between which prices are sought: from 0.35 to 3.5 of today's price."""
    return int(0.35 * guard.now / STEP), int(3.5 * guard.now / STEP)


def find_triple(
    costs: Sequence[float] = COSTS, demand: Demand = DEMAND, guard: Guard = GUARD
) -> tuple[tuple[float, float, float], float] | None:
    """The three prices with the greatest gross profit a quote, ₽, and that profit.

    A coarse grid, then ever smaller steps around the best so far. None if nothing is allowed.
    Remembered: a company's tasks ask for it several times.
    """
    return _found(tuple(map(float, costs)), demand, guard)


@lru_cache(maxsize=64)
def _found(costs: tuple, demand: Demand, guard: Guard) -> tuple | None:
    for steps in (COARSE, DENSE):
        place, profit = _best_of(_grid(steps, guard), costs, demand, guard)
        if place is not None:
            break
    else:
        return None
    for step, reach in ((3, NEAR), (1, NEAR), (1, FAR)):
        place, profit = _climb(place, profit, step, reach, costs, demand, guard)
    return tuple(float(p) * STEP for p in place), profit


def _grid(steps: tuple[int, int, int], guard: Guard) -> np.ndarray:
    """Every so many thousands within the guard's bands, the middle from 0.7 to 2 of today's."""
    now = guard.now / STEP
    rows = []
    for middle in np.arange(round(0.7 * now), round(2.0 * now), steps[BETTER]):
        (good, good_to), (best, best_to) = (
            np.multiply(b, middle) for b in (guard.good, guard.best)
        )
        good = np.arange(np.ceil(good), good_to, steps[GOOD])
        best = np.arange(np.ceil(best), best_to, steps[BEST])
        rows.append(np.stack(np.meshgrid(good, [middle], best, indexing="ij"), -1).reshape(-1, 3))
    return np.concatenate(rows).astype(np.int64)


def _climb(place, profit, step, reach, costs, demand, guard) -> tuple[np.ndarray, float]:
    """The best price within reach, again from there, until nothing better is."""
    sides = [np.arange(-r, r + 1) for r in reach]
    around = step * np.stack(np.meshgrid(*sides, indexing="ij"), axis=-1).reshape(-1, 3)
    for _ in range(ROUNDS):
        better, more = _best_of(place + around, costs, demand, guard)
        if not more > profit:
            break
        place, profit = better, more
    return place, profit


def _best_of(trial, costs, demand, guard) -> tuple[np.ndarray | None, float]:
    low, high = _range(guard)
    trial = trial[((trial >= low) & (trial <= high)).all(axis=1) & _banded(trial, guard)]
    profit, allowed = triples(trial, costs, demand, guard)
    if not allowed.any():
        return None, np.nan
    place = int(np.where(allowed, profit, -np.inf).argmax())
    return trial[place], float(profit[place])


def find_single(
    costs: Sequence[float] = COSTS, demand: Demand = DEMAND, guard: Guard | None = GUARD
) -> tuple[float, float]:
    """The one price with the greatest gross profit a quote, ₽, and that profit.

    Under the guard's condition on buyers; without a guard, under none.
    """
    low, high = _range(guard or GUARD)
    prices = np.arange(low, high + 1) * float(STEP)
    value = utilities(prices[None, :], (BETTER,), demand)[0]
    share = (1.0 / (1.0 + np.exp(demand.outside - value))) @ clients(demand)[2]
    profit = share * (prices - costs[BETTER])
    if guard is not None:
        profit = np.where(share >= buyers_needed(demand, guard) - EPS, profit, -np.inf)
    place = int(profit.argmax())
    return float(prices[place]), float(profit[place])


def gain_of_three(
    costs: Sequence[float] = COSTS, demand: Demand = DEMAND, guard: Guard = GUARD
) -> float:
    """By how much the best three earn more a quote than the best one, both guarded; a share.

    −1 where no three prices are allowed.
    """
    found = find_triple(costs, demand, guard)
    return -1.0 if found is None else found[1] / find_single(costs, demand, guard)[1] - 1.0
