"""When a company is fit for this unit: IDENTIFIABILITY §4 and §6, from tables only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from salescourse.pricing.market import market
from salescourse.pricing.search import find_triple
from salescourse.tasks import Gate
from salescourse.units.pricing.discount import margin
from salescourse.units.pricing.naming import ENOUGH, GAP, afraid, rows_of
from salescourse.units.pricing.offers import (
    as_config,
    best_one,
    best_three,
    brings,
    kept,
    marks,
    three_prices,
)
from salescourse.units.pricing.pilot import interval

if TYPE_CHECKING:
    from salescourse.company import Company

CHEAP_QUOTES = 20  # up to the threshold, of everybody [V]: 30 is advised, the newcomer has fewer
APART = 4.0  # p.p. between anybody's gap and the rule's
SURE, UNSURE = 2.4, 1.6  # |z| of a pilot that has told, and of one that has not
LEAST_MARGIN = 16.0  # %: below it a rounding of the margin moves the answer of task 2
GAIN = 0.05  # of the best three over the best one: DOMAIN §6.4
HAIR = 0.0001  # of all quotes, of sales: two ways to sum the clients differ by less
CLEAR_GP, CLEAR_BUYERS = 0.03, 0.005  # of the best one; of all quotes


def _naming(company: Company) -> bool:
    rows = rows_of(company)
    enough = (rows["n_above"] >= 2 * ENOUGH).all() and (rows["n_below"] >= CHEAP_QUOTES).all()
    clear = ((rows["gap"] - GAP).abs() >= APART).all()
    return bool(enough and clear and 2 <= len(afraid(company)) <= 4)


def _margin(company: Company) -> bool:
    return margin(company) >= LEAST_MARGIN


def _pilot(company: Company) -> bool:
    return not UNSURE < abs(interval(company).z) < SURE


def _costs(company: Company) -> bool:
    """Each offer costs clearly more than the one below it, and less than today's price allows."""
    good, better, best = market(company).costs
    return good < 0.95 * better and best > 1.05 * better and better < market(company).now


def _gain(company: Company) -> bool:
    found = best_three(company)
    return found is not None and found[1] >= (1 + GAIN) * best_one(company)[1]


def _edge(company: Company) -> bool:
    """The best three owe nothing to a hair's breadth: as good are found a hair within the guard."""
    card = market(company)
    within = replace(
        card.guard, drop=card.guard.drop - HAIR, least_sold=card.guard.least_sold + HAIR
    )
    found, truth = find_triple(card.costs, card.demand(False), within), three_prices(company)
    return found is not None and marks(as_config(found[0]), truth, company) >= 1


def _effect(company: Company) -> bool:
    """With the pilot's effect of the middle, too, it is plain what becomes of the best three."""
    found = best_three(company)
    if found is None:
        return False
    rival, conditions = best_one(company)[1], kept(company, found[0], True)
    over = brings(company, found[0], True) / rival - 1
    buyers = conditions["buyers"].value - conditions["buyers"].low
    rest = all(c.holds for name, c in conditions.items() if name != "buyers")
    if over < 0:
        return over <= -CLEAR_GP
    return over >= CLEAR_GP and abs(buyers) >= CLEAR_BUYERS and rest


GATES = (
    Gate("naming", "двое–четверо молчат о цене, у остальных разница далеко от 20 п.п.", _naming),
    Gate("margin", "маржа фирмы не ниже 16 %", _margin),
    Gate("pilot", "пилот ясно сказал (|z| ≥ 2,4) или ясно промолчал (|z| ≤ 1,6)", _pilot),
    Gate("costs", "себестоимость вариантов растёт с шагом от 5 %", _costs),
    Gate("gain", "лучшие три цены выгоднее лучшей одной хотя бы на 5 %", _gain),
    Gate("edge", "лучшие три цены не держатся на волоске от условия", _edge),
    Gate("effect", "эффект середины из пилота меняет дело однозначно", _effect),
)
