"""What clients choose when they see one price or three: a nested logit with mixed tastes.

First a client decides whether to buy at all, then which offer; offers of one product stand
in for each other, so a further row in the quote adds few buyers (DOMAIN §1.5, M32).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from numbers import Real

import numpy as np
import pandas as pd

from salescourse.errors import StudentError
from salescourse.measures import captioned, working
from salescourse.schema import OPTIONS

GOOD, BETTER, BEST = range(3)
NOW = 90_000  # ₽, the one price that is quoted today: DOMAIN, M32
COSTS = (52_000, 70_000, 108_000)  # ₽ by offer, 22 % margin at NOW: IDENTIFIABILITY §6
PRICE_UNIT = 100_000  # ₽ by which the price sensitivity is counted: DOMAIN, M32
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
    beta: float = 3.0  # mean sensitivity to 100 k₽ of price
    beta_sigma: float = 0.35  # of its logarithm
    beta_shift: float = 0.061  # of its logarithm, so that the mean stays
    nest: float = 0.35  # dissimilarity λ of the offers; 1 is the plain multinomial logit
    outside: float = 0.35  # worth of buying nothing
    middle: float = 0.30  # bonus of the middle one of three
    nodes: int = 7  # of the quadrature over each of the two tastes


DEMAND = Demand()
Offers = tuple[int, ...]


@lru_cache(maxsize=64)
def clients(demand: Demand) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Gauss–Hermite nodes: taste for quality, price sensitivity and weight of each client."""
    x, w = np.polynomial.hermite_e.hermegauss(demand.nodes)
    w = w / w.sum()
    taste = 1.0 + demand.taste * demand.taste_sigma * x
    beta = demand.beta * np.exp(demand.beta_sigma * x - demand.beta_shift)
    k, b = np.meshgrid(taste, beta, indexing="ij")
    return k.ravel(), b.ravel(), np.outer(w, w).ravel()


def utilities(prices: np.ndarray, offers: Offers, demand: Demand) -> np.ndarray:
    """Utility of each offer (rows) at its prices (columns) to each client (last axis)."""
    taste, beta, _ = clients(demand)
    worth = np.array([demand.quality[i] for i in offers])[:, None, None] * taste
    bonus = np.array(
        [demand.middle * (offers == (GOOD, BETTER, BEST) and i == BETTER) for i in offers]
    )[:, None, None]
    return worth - beta * np.asarray(prices, dtype=float)[..., None] / PRICE_UNIT + bonus


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


@working(
    pandas=(
        "# доля купивших каждый вариант, среднее по клиентам с разным вкусом:\n"
        "u = качество - чувствительность * цена / 100_000   # у среднего из трёх ещё надбавка\n"
        "e = np.exp(u / 0.35)\n"
        "buys = 1 / (1 + np.exp(0.35 - 0.35 * np.log(e.sum())))\n"
        "доля = buys * e / e.sum()\n"
        "(доля * (цена - себестоимость)).sum()   # ВП на одно КП"
    ),
    excel=(
        "Столбец полезности, EXP(полезность/0,35), доля варианта — его EXP к сумме, умноженный "
        "на долю купивших; СУММПРОИЗВ долей и «цена минус себестоимость»."
    ),
)
def simulate(*prices: float, costs: Sequence[float] = COSTS, middle: bool = True) -> pd.DataFrame:
    """Что купят клиенты, если показать им эти цены, и сколько ВП даст одно КП.

    Parameters
    ----------
    prices : одна цена (средний вариант) или три: хороший, лучше, самый лучший; ₽
    costs : себестоимость трёх вариантов, ₽
    middle : тянет ли клиентов к среднему из трёх; `False` — эффекта середины нет

    Returns
    -------
    Строка — вариант, затем «не купили» и «всего». price, cost, unit_gp — цена, себестоимость
    и ВП с продажи, ₽; share — доля всех КП, %; sold — доля продаж, %; gp — вклад в ВП
    одного КП, ₽ (в строке «всего» — ВП на КП).

    Raises
    ------
    StudentError
        Цен не одна и не три, или это не числа в рублях.

    Examples
    --------
    >>> rows = simulate(90_000)
    >>> round(float(rows.loc["не купили", "share"]))
    59
    >>> float(simulate(86_000, 108_000, 157_000).loc["всего", "gp"]) > float(
    ...     rows.loc["всего", "gp"])
    True

    Метод: вложенный логит, DOMAIN, M32; средний вариант чаще берут — Simonson 1989, это
    склонность, а не закон.
    """
    prices, costs = asked(prices, "цены"), as_costs(costs)
    return outcome(prices, costs, with_middle(DEMAND, middle))


def with_middle(demand: Demand, middle: bool) -> Demand:
    """The same clients with or without the bonus of the middle offer."""
    return demand if middle else replace(demand, middle=0.0)


def outcome(prices: tuple[float, ...], costs: tuple[float, ...], demand: Demand) -> pd.DataFrame:
    """The table of `simulate` for checked prices and any clients."""
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
    if len(prices) == 1 and isinstance(prices[0], list | tuple | np.ndarray | pd.Series):
        prices = tuple(prices[0])
    if len(prices) not in counts:
        wanted = " или ".join({1: "одна", 3: "три"}[n] for n in counts)
        raise StudentError(f"Нужны {what}: {wanted}, через запятую. Пришло: {len(prices)}.")
    for value in prices:
        real = isinstance(value, Real) and not isinstance(value, bool | np.bool_)
        if not real or not np.isfinite(value) or value <= 0:
            raise StudentError(
                f"Не понял «{str(value)[:40]}»: нужны {what} в рублях, например 90_000."
            )
        if value < CHEAP:
            raise StudentError(
                f"Нужны {what} в рублях, а не в тысячах: вместо {float(value):g} напишите "
                f"{float(value) * 1000:.0f}."
            )
    return tuple(float(value) for value in prices)


def as_costs(costs: object) -> tuple[float, ...]:
    """Three costs in roubles."""
    values = list(costs.values()) if isinstance(costs, dict) else costs
    if not isinstance(values, list | tuple | np.ndarray | pd.Series):
        raise StudentError(
            "Себестоимость нужна трёх вариантов, например (52_000, 70_000, 108_000)."
        )
    return asked(tuple(values), "себестоимости", (3,))
