"""When a company is fit for this unit: IDENTIFIABILITY §4, E4.1 to E4.7, from tables only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salescourse import motivation
from salescourse.motivation.branches import ABOVE_MARKET, OVER, STRETCH
from salescourse.motivation.rules import all_checks
from salescourse.tasks import Gate
from salescourse.units.motivation.behaviour import clear, the_year
from salescourse.units.motivation.branch import case, equal
from salescourse.units.motivation.period import YEAR, year
from salescourse.units.motivation.scheme import reference, scheme
from salescourse.units.motivation.share import AT_PLAN, FACT, mixes

if TYPE_CHECKING:
    from salescourse.company import Company

MIX_APART = 2.0  # p.p.: two tolerances of task 2
NEAR = 0.10  # the equalising plan against the best month: IDENTIFIABILITY, E4.6
SIDE = 0.05  # share and market against what parts the two cases


def _months(company: Company) -> bool:
    return len(year(company)) == YEAR


def _mixes(company: Company) -> bool:
    found = mixes(company)
    return abs(found[FACT] - found[AT_PLAN]) >= MIX_APART


def _feasible(company: Company) -> bool:
    return all(check.passed for check in all_checks(company, scheme(reference(company))))


def _present_fails(company: Company) -> bool:
    return not all(c.passed for c in all_checks(company, motivation.current(company)))


def _sided(company: Company) -> bool:
    """Neither share nor market lies so near a threshold that a detail would turn the case."""
    found = case(company)
    over, market = found.share / (OVER * found.cap) - 1, found.market / ABOVE_MARKET - 1
    if found.branch == 1:
        return min(over, market) >= SIDE
    return min(over, market) <= -SIDE


def _reach(company: Company) -> bool:
    found = equal(company)
    parts = found.to_best - 1, found.to_capacity / STRETCH - 1
    return max(parts) >= NEAR if not found.reachable else max(parts) <= -NEAR


def _clear(company: Company) -> bool:
    return clear(company, the_year(company))


GATES = (
    Gate("months", f"зарплата за {YEAR} полных месяцев", _months),
    Gate("mixes", "доли оклада на деле и при плане отличаются хотя бы на 2 п.п.", _mixes),
    Gate("feasible", "есть схема, которая проходит все восемь проверок", _feasible),
    Gate("present-fails", "нынешняя схема не проходит хотя бы одну", _present_fails),
    Gate("case", "доля и рынок не у порога, который делит две ветви", _sided),
    Gate("reach", "уравнивающий план не ближе 10 % к границе достижимого", _reach),
    Gate("year", "у схемы из motivation-7 сломано не больше одного условия, и не у порога", _clear),
)
