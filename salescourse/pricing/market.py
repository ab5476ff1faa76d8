"""A company's product: its price today, its costs, and its clients as the pilot showed them.

The clients of the simulator are those of the textbook (DOMAIN, M32) but for four figures,
set so that the model repeats the company's own pilot: with one price as many buy as bought
there, with three as many and the same offers. So each company has its own best prices, and
what the pilot showed and what the simulator says do not quarrel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from salescourse.errors import StudentError
from salescourse.pricing.choice import BETTER, DEMAND, NOW, Demand, chosen, with_middle
from salescourse.pricing.guard import GUARD, Guard
from salescourse.pricing.trial import ARMS, PRICES, arms, table
from salescourse.schema import OPTIONS

if TYPE_CHECKING:
    from salescourse.company import Company

SIDES = 0.5  # of the middle's effect, on the two beside it [A]: see `fitted`
PRICE_STEP, COST_STEP = 1_000, 100  # ₽ to which the card is rounded
ROUNDS, CLOSE = 60, 1e-12


@dataclass(frozen=True)
class Market:
    """One price today, the costs of the three offers, what must be kept to, and the clients."""

    now: float
    costs: tuple[float, ...]
    piloted: tuple[float, ...]  # mean prices of the pilot's three offers
    sold: tuple[float, ...]  # share of the pilot's quotes that bought each of them
    guard: Guard
    clients: Demand  # with the effect of the middle as the pilot showed it

    def demand(self, middle: bool) -> Demand:
        """The clients with the pilot's effect of the middle, or without any."""
        return with_middle(self.clients, middle)


def market(company: Company) -> Market:
    """The product card and the clients of a company, from its pilot's quotes."""
    if not hasattr(company, "memo"):
        raise StudentError("Первой в скобках стоит компания: company. Потом цены, через запятую.")
    return company.memo("pricing.market", lambda: _make(company))


def _make(company: Company) -> Market:
    arms(company)  # both are there
    rows = table(company)
    one, three = (rows[rows["n_options"] == n] for n in ARMS)
    taken = [three[three["paid"] & (three["option"] == name)] for name in OPTIONS]
    if not all(map(len, taken)) or not one["paid"].any() or one["paid"].all():
        raise StudentError("В пилоте покупали не все три варианта: симулятор настроить не по чему.")
    now = _rounded(one["price"].mean(), PRICE_STEP)
    costs = tuple(_rounded(rows["cost"].mean(), COST_STEP) for rows in taken)
    piloted = tuple(float(three[column].mean()) for column in PRICES)
    sold = tuple(len(rows) / len(three) for rows in taken)
    start = replace(DEMAND, unit=DEMAND.unit * now / NOW, middle=0.0)
    clients = fitted(start, now, float(one["paid"].mean()), piloted, sold)
    return Market(now, costs, piloted, sold, replace(GUARD, now=now), clients)


def _rounded(value: float, step: int) -> float:
    return float(step * round(value / step))


def fitted(
    demand: Demand,
    now: float,
    buyers: float,
    prices: Sequence[float],
    shares: Sequence[float],
) -> Demand:
    """Clients of whom `buyers` buy at one price, and `shares` each offer at three.

    What the middle offer is worth beyond its worth alone is the effect of the middle. A half
    of it goes to the two beside it, by convention: totals cannot tell whether three offers
    make people readier to buy at all or only draw them to the middle.
    """
    worth, middle = np.array(demand.quality), 0.0
    for _ in range(ROUNDS):
        found = chosen((now,), replace(demand, quality=tuple(worth)))[0]
        step = _logit(buyers) - _logit(found)
        worth[BETTER] += step
        if abs(step) < CLOSE:
            break
    share = np.array(shares)
    total = share.sum()
    for _ in range(ROUNDS):
        fit = replace(demand, quality=tuple(map(float, worth)), middle=middle, sides=SIDES)
        found = chosen(prices, fit)
        within = np.log(share / total) - np.log(found / found.sum())
        steps = demand.nest * within + _logit(total) - _logit(found.sum())
        if np.abs(steps).max() < CLOSE:
            break
        middle += float(steps[BETTER])  # what the offer is worth alone is known already
        worth += np.where(np.arange(3) == BETTER, 0.0, steps - SIDES * steps[BETTER])
    return fit


def _logit(share: float) -> float:
    return float(np.log(share / (1.0 - share)))
