"""When a company is fit for this unit: IDENTIFIABILITY §4, E7.1 to E7.7, from tables only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from salescourse.ladder.clients import PASSES
from salescourse.ladder.leading import LEADS_FROM
from salescourse.ladder.months import usual
from salescourse.ladder.search import feasible
from salescourse.tasks import Gate
from salescourse.units.ladder.leading import activities, leader
from salescourse.units.ladder.market import by_id
from salescourse.units.ladder.promotion import cut, halves, moves
from salescourse.units.ladder.traps import CLEAR, THIN, base, few, inherited, norms

if TYPE_CHECKING:
    from salescourse.company import Company

PEOPLE = 8  # whom the ladder is about
OTHERS = 50.0  # per cent: those who don't live on their base pass through less
APART = 0.15  # of the norm of new clients: nobody who lives on a base lies nearer
AHEAD = 0.15  # by which the leading indicator beats the next
WIDE = 0.012  # nobody's quarter lies nearer to the norm
MOST = 4  # promoted at once


def _people(company: Company) -> bool:
    return len(usual(company)) >= PEOPLE


def _discounter(company: Company) -> bool:
    """One sells cheap and flips, or nobody sells cheap and nobody flips."""
    cut, table = norms(company), usual(company)
    margin = table["gp"] / table["turnover"]
    cheap = {int(i) for i in table.index[margin < THIN * margin.median()]}
    return cut.near >= CLEAR and len(cut.flips) <= 1 and set(cut.flips) == cheap


def _heir(company: Company) -> bool:
    table = base(company)
    passing = table["pass_through"]
    lives = passing >= PASSES
    clear = ((table["new"][lives] / few(company) - 1).abs() >= APART).all()
    return bool(
        lives.any() and clear and (lives | (passing <= OTHERS)).all()
    ) and len(inherited(company)) <= 1  # fmt: skip


def _both_signs(company: Company) -> bool:
    found = by_id(company)
    return bool(found.min() < 0.9 and found.max() > 1.1)


def _ahead(company: Company) -> bool:
    found, best = activities(company), leader(company)
    rest = [r for n, r in found.items() if n != best]
    return bool(found[best] >= LEADS_FROM and np.nanmax(rest) <= found[best] - AHEAD)


def _moves(company: Company) -> bool:
    asked, found = cut(company), moves(company)
    last, before = halves(company)
    # the norm of turnover is there to be met: gross profit decides
    same = all(
        ((t["turnover"] >= asked.turnover) | ~(t["gp"] >= asked.gp)).all() for t in (last, before)
    )
    return bool(
        asked.near >= WIDE
        and 1 <= len(found["сейчас"]) <= MOST
        and len(found["через квартал"]) >= 1
        and same
    )


GATES = (
    Gate("people", f"у {PEOPLE} продавцов есть обычный месяц", _people),
    Gate("discounter", "оборот ведущего без его ВП — у одного, кто торгует дёшево", _discounter),
    Gate("heir", "кто живёт на базе, виден ясно; без новых — не больше одного", _heir),
    Gate("compa", "есть и недоплата, и переплата", _both_signs),
    Gate(
        "ladder", "есть лестница, которая проходит все проверки", lambda c: feasible(c) is not None
    ),
    Gate("leading", "опережающий показатель от 0,3, следующий ниже на 0,15", _ahead),
    Gate("promotion", "есть кого поднять сейчас и через квартал, норма никого не задевает", _moves),
)
