"""What prices must keep to, and what to say where they do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from salescourse.pricing.choice import (
    BEST,
    BETTER,
    COSTS,
    DEMAND,
    GOOD,
    NOW,
    Demand,
    chosen,
    rows_of,
)
from salescourse.schema import OPTIONS
from salescourse.text import NBSP, number, percent, roubles

EPS = 1e-9
SHOWN = 0.0005  # of all quotes: nobody is refused for a figure that reads the same


@dataclass(frozen=True)
class Guard:
    """What prices must keep to: DOMAIN, M32; the bands are rules of thumb of R17."""

    now: float = NOW
    drop: float = 0.02  # share of quotes by which buyers may fall below today's
    least_sold: float = 0.05  # of sales, each offer
    good: tuple[float, float] = (0.75, 0.95)  # of the middle price
    best: tuple[float, float] = (1.05, 1.50)


GUARD = Guard()
CONDITIONS = {
    "buyers": ("Купивших от всех КП", 100.0, "%"),
    "cost": ("Наименьшая ВП с продажи", 1.0, "₽"),
    "sold": ("Доля самого редкого варианта в продажах", 100.0, "%"),
    "profit": ("ВП среднего минус ВП младшего", 1.0, "₽"),
    "good": ("Младший от цены среднего", 100.0, "%"),
    "best": ("Старший от цены среднего", 100.0, "%"),
}


def buyers_needed(demand: Demand, guard: Guard) -> float:
    """The least share of quotes that must buy."""
    return float(chosen((guard.now,), demand)[0]) - guard.drop


class Kept(NamedTuple):
    """A condition: its figure, its limits and whether it holds."""

    value: float
    low: float
    high: float
    holds: bool


def keeps(
    prices: Sequence[float], costs: Sequence[float], demand: Demand, guard: Guard
) -> dict[str, Kept]:
    """Every condition on one or three prices."""
    share = chosen(prices, demand)
    need = buyers_needed(demand, guard)
    unit = np.subtract(prices, np.take(costs, rows_of(prices)))
    found = {"buyers": (share.sum(), need, np.inf), "cost": (unit.min(), 0.0, np.inf)}
    if len(prices) == 3:
        found |= {
            "sold": (share.min() / share.sum(), guard.least_sold, np.inf),
            "profit": (unit[BETTER] - unit[GOOD], 0.0, np.inf),
            "good": (prices[GOOD] / prices[BETTER], *guard.good),
            "best": (prices[BEST] / prices[BETTER], *guard.best),
        }
    slack = dict.fromkeys(found, EPS) | {"buyers": SHOWN}
    return {
        key: Kept(float(value), low, high, bool(low - slack[key] <= value <= high + slack[key]))
        for key, (value, low, high) in found.items()
    }


def broken(
    prices: Sequence[float],
    costs: Sequence[float] = COSTS,
    demand: Demand = DEMAND,
    guard: Guard = GUARD,
) -> list[str]:
    """A Russian sentence on each condition that these prices fail."""
    found = keeps(prices, costs, demand, guard)
    offers = [OPTIONS[i] for i in rows_of(prices)]
    rare = offers[int(chosen(prices, demand).argmin())]
    dear = offers[int(np.subtract(prices, np.take(costs, rows_of(prices))).argmin())]
    tell = {
        "buyers": lambda c: (
            f"Покупают {percent(100 * c.value)} КП, а нужно не меньше {percent(100 * c.low)}: "
            f"столько, сколько сейчас, минус {number(100 * guard.drop)}{NBSP}п.п."
        ),
        "cost": lambda c: (
            f"«{dear.capitalize()}» стоит на {roubles(-c.value)} меньше своей себестоимости: "
            "на каждой продаже вы доплачиваете."
        ),
        "sold": lambda c: (
            f"«{rare.capitalize()}» берут в {percent(100 * c.value)} продаж, а нужно не меньше "
            f"чем в {percent(100 * c.low)}: иначе вариант в прайсе лишний."
        ),
        "profit": lambda c: (
            f"На среднем зарабатываем на {roubles(-c.value)} меньше, чем на младшем: "
            "продавать дороже незачем."
        ),
        "good": lambda c: _gap("Младший", c),
        "best": lambda c: _gap("Старший", c),
    }
    return [tell[key](condition) for key, condition in found.items() if not condition.holds]


def _gap(name: str, condition: Kept) -> str:
    """How far an offer's price lies from the middle one, and how far it should."""

    def side(ratio: float) -> str:
        return "дешевле" if ratio < 1 else "дороже"

    near, far = sorted(100 * abs(edge - 1) for edge in (condition.low, condition.high))
    needed = f"{number(near)}–{percent(far, 0)} {side(condition.low)}"
    off = abs(condition.value - 1)
    if off < EPS:
        return f"{name} стоит столько же, сколько средний, а нужно на {needed}."
    stands = f"{percent(100 * off)} {side(condition.value)}"
    return f"{name} на {stands} среднего, а нужно на {needed}."
