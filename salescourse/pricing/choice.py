"""What clients choose when they see one price or three: a nested logit with mixed tastes.

First a client decides whether to buy at all, then which offer; offers of one product stand
in for each other, so a further row in the quote adds few buyers (DOMAIN §1.5, M32). Pure
figures: whose clients they are, and at which costs, `market` tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import numpy as np
import pandas as pd

from salescourse.errors import StudentError
from salescourse.measures import captioned
from salescourse.pricing.typed import number_typed
from salescourse.schema import OPTIONS
from salescourse.text import clean

GOOD, BETTER, BEST = range(3)
NOW = 90_000  # ₽, the one price that is quoted today: DOMAIN, M32
COSTS = (52_000, 70_000, 108_000)  # ₽ by offer, 22 % margin at NOW: IDENTIFIABILITY §6
CHEAP = 1_000  # ₽; prices below were typed in thousands
CAPTIONS = {
    "price": "Цена",
    "cost": "Себестоимость",
    "unit_gp": "ВП с продажи",
    "share": "Доля КП",
    "sold": "Доля продаж",
    "gp": "ВП на КП",
}
UNITS = {"price": "₽", "cost": "₽", "unit_gp": "₽", "share": "%", "sold": "%", "gp": "₽"}


@dataclass(frozen=True)
class Demand:
    """How the clients of the simulator choose. Defaults: DOMAIN, M32."""

    quality: tuple[float, ...] = (1.60, 2.55, 3.25)  # worth of each offer
    taste: float = 0.35  # how much more an exacting client values quality
    taste_sigma: float = 0.6  # how much clients differ in being exacting
    beta: float = 3.0  # mean sensitivity to a `unit` of price
    beta_sigma: float = 0.35  # of its logarithm
    beta_shift: float = 0.061  # of its logarithm, so that the mean stays
    nest: float = 0.35  # dissimilarity λ of the offers; 1 is the plain multinomial logit
    outside: float = 0.35  # worth of buying nothing
    unit: float = 100_000  # ₽ of price by which the sensitivity is counted
    middle: float = 0.30  # bonus of the middle one of three
    sides: float = 0.0  # share of that bonus which the two beside it get
    nodes: int = 7  # of the quadrature over each of the two tastes


DEMAND = Demand()
Offers = tuple[int, ...]


def clients(demand: Demand) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Gauss–Hermite nodes: taste for quality, price sensitivity and weight of each client."""
    spread = demand.taste * demand.taste_sigma
    return _nodes(spread, demand.beta, demand.beta_sigma, demand.beta_shift, demand.nodes)


@lru_cache(maxsize=64)
def _nodes(spread: float, beta: float, sigma: float, shift: float, n: int) -> tuple:
    x, w = np.polynomial.hermite_e.hermegauss(n)
    w = w / w.sum()
    k, b = np.meshgrid(1.0 + spread * x, beta * np.exp(sigma * x - shift), indexing="ij")
    return k.ravel(), b.ravel(), np.outer(w, w).ravel()


def utilities(prices: np.ndarray, offers: Offers, demand: Demand) -> np.ndarray:
    """Utility of each offer (rows) at its prices (columns) to each client (last axis)."""
    taste, beta, _ = clients(demand)
    worth = np.array([demand.quality[i] for i in offers])[:, None, None] * taste
    three = offers == (GOOD, BETTER, BEST)
    bonus = np.array([demand.middle * three * (1 if i == BETTER else demand.sides) for i in offers])
    price = beta * np.asarray(prices, dtype=float)[..., None] / demand.unit
    return worth - price + bonus[:, None, None]


def rows_of(prices: Sequence[float]) -> Offers:
    """Which offers these prices are of: one price is the middle offer's."""
    return (BETTER,) if len(prices) == 1 else (GOOD, BETTER, BEST)


def chosen(prices: Sequence[float], demand: Demand = DEMAND, offers: Offers = ()) -> np.ndarray:
    """Share of all quotes that buys each offer; `offers` says which offer each price is of."""
    offers = offers or rows_of(prices)
    scaled = utilities(np.asarray(prices)[:, None], offers, demand)[:, 0, :] / demand.nest
    top = scaled.max(axis=0)  # log-sum-exp
    odds = np.exp(scaled - top)
    total = odds.sum(axis=0)
    value = demand.nest * (top + np.log(total))
    weight = clients(demand)[2] / (1.0 + np.exp(demand.outside - value))
    return odds / total @ weight


def gp_per_quote(
    prices: Sequence[float], costs: Sequence[float] = COSTS, demand: Demand = DEMAND
) -> float:
    """Gross profit a quote, ₽, refusals counted as zero; one price sells the middle offer."""
    unit = np.subtract(prices, np.take(costs, rows_of(prices)))
    return float(chosen(prices, demand) @ unit)


def with_middle(demand: Demand, middle: bool) -> Demand:
    """The same clients with or without the bonus of the middle offer."""
    return demand if middle else replace(demand, middle=0.0)


def outcome(prices: tuple[float, ...], costs: tuple[float, ...], demand: Demand) -> pd.DataFrame:
    """What each offer brings at checked prices, with any clients: a row an offer."""
    rows = rows_of(prices)
    share = chosen(prices, demand)
    price, cost = np.array(prices), np.take(costs, rows)
    pad = partial(np.pad, pad_width=(0, 2), constant_values=np.nan)
    buyers = share.sum()
    out = pd.DataFrame(
        {
            "price": pad(price),
            "cost": pad(cost),
            "unit_gp": pad(price - cost),
            "share": 100 * np.append(share, [1 - buyers, 1.0]),
            "sold": np.append(100 * share / buyers, [np.nan, 100.0]),
            "gp": np.append(share * (price - cost), [0.0, share @ (price - cost)]),
        },
        index=pd.Index([*(OPTIONS[i] for i in rows), "не купили", "всего"], name="Вариант"),
    )
    return captioned(out, CAPTIONS, **UNITS)


# What students type ---------------------------------------------------------------------------


def asked(prices: Sequence[object], what: str, counts: tuple[int, ...] = (1, 3)) -> tuple:
    """Prices as numbers in roubles; `StudentError` says what is wrong with them."""
    if len(prices) == 1 and isinstance(prices[0], dict):
        prices = _by_name(prices[0], what)  # a simulator's `.value`
    if len(prices) == 1 and isinstance(prices[0], list | tuple | np.ndarray | pd.Series):
        prices = tuple(prices[0])
    if len(prices) not in counts:
        wanted = " или ".join({1: "одна", 3: "три"}[n] for n in counts)
        raise StudentError(f"Нужны {what}: {wanted}, через запятую. Пришло: {len(prices)}.")
    prices = tuple(_in_roubles(value, what) for value in prices)
    for value in prices:
        if value < CHEAP:
            raise StudentError(
                f"Нужны {what} в рублях, а не в тысячах: вместо {float(value):g} напишите "
                f"{float(value) * 1000:.0f}."
            )
    return prices


def _by_name(prices: dict, what: str) -> tuple:
    """Three prices in the order of the options, however the dictionary has them."""
    if set(prices) != set(OPTIONS):
        needed, given = (", ".join(f"«{clean(str(n), 20)}»" for n in d) for d in (OPTIONS, prices))
        raise StudentError(
            f"Нужны {what} трёх вариантов: {needed}. Здесь {given or 'пусто'}. Если это ответ на "
            "другое задание, запустите ещё раз ячейку, где отвечали ценами."
        )
    return tuple(prices[name] for name in OPTIONS)


def _in_roubles(value: object, what: str) -> float:
    typed = number_typed(value, "₽")
    if typed is None or not np.isfinite(typed) or typed <= 0:
        shown = "..." if value is ... else clean(str(value), 40)
        raise StudentError(f"Не понял «{shown}»: нужны {what} в рублях, например 90_000.")
    return typed
