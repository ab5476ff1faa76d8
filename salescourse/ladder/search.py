"""A ladder that passes every check, where the company's people allow one."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from salescourse.ladder.leading import INDICATORS, correlations, proven
from salescourse.ladder.market import medians
from salescourse.ladder.months import usual
from salescourse.ladder.rules import CROWD, ENOUGH, IN_A_ROW, MARKET, STEP, all_checks, bounds
from salescourse.ladder.rungs import COMPETENCES, Ladder, Rung, places
from salescourse.motivation.history import payroll_cap
from salescourse.motivation.rules import margin_of
from salescourse.motivation.target import BASE_SHARE
from salescourse.schema import GRADES

if TYPE_CHECKING:
    from salescourse.company import Company

ROUND = 10_000  # of a norm, ₽
CHECKS = 8
WORK = ("quotes", "meetings", "talks")  # what a seller can do more of today
NEAR = 0.97  # of the turnover that a GP norm is worth: an ordinary margin reaches both


def feasible(company: Company) -> Ladder | None:
    """Some ladder that passes all eight checks; None if the search finds none."""
    found = best(company)
    return found if all(check.passed for check in all_checks(company, found)) else None


def best(company: Company) -> Ladder:
    """The first ladder found that passes most checks: all eight, where people allow it."""
    return company.memo("ladder.best", lambda: _search(company))


def _search(company: Company) -> Ladder:
    market, cap = list(medians(company).values()), payroll_cap(company)
    least = [MARKET[0] * m / cap for m in market]
    gp = np.sort(usual(company)["gp"].to_numpy())
    names = _chosen(company)
    most, found = -1, None
    for second, third in _cuts(gp, least):
        first = min(max(least[0], market[0] / cap), second / STEP)
        norms = (float(np.floor(first / ROUND) * ROUND), second, third)
        rungs = _filled(company, norms, market, cap, names)
        passed = sum(check.passed for check in all_checks(company, rungs))
        if passed > most:
            most, found = passed, rungs
        if passed == CHECKS:
            break
    return found


def _cuts(gp: np.ndarray, least: list[float]) -> list[tuple[float, float]]:
    """Norms of the two upper rungs, between people, that leave nobody's rung empty or crowded."""
    between = [float(np.rint((a + b) / 2 / ROUND) * ROUND) for a, b in pairwise(gp)]
    most = CROWD * len(gp)
    fitting = []
    for second in (c for c in between if c >= max(least[1], STEP * least[0])):
        for third in (c for c in between if c >= max(least[2], STEP * second)):
            low, high = (gp < second).sum(), (gp >= third).sum()
            if all(1 <= n <= most for n in (low, len(gp) - low - high, high)):
                fitting.append((second, third))
    return fitting or [(least[1], max(least[2], STEP * least[1]))]


def _chosen(company: Company) -> list[str]:
    """One indicator that leads, and the strongest of the other activities beside it."""
    lead = proven(company)
    found = correlations(company)
    ranked = sorted(WORK, key=lambda n: -(found[n] if found[n] == found[n] else -1))
    return list(dict.fromkeys([*lead, *ranked]))[:ENOUGH]


def _filled(company, norms, market, cap, names) -> Ladder:
    margin, rungs = margin_of(company), []
    for norm, median in zip(norms, market, strict=True):
        income = np.floor(min(median, cap * norm) / 1000) * 1000
        base = np.rint(BASE_SHARE * income / 1000) * 1000
        turnover = float(np.floor(NEAR * norm / margin / ROUND) * ROUND)
        rungs.append((turnover, norm, float(base), float(income - base)))
    bare = Ladder(tuple(Rung(*r) for r in rungs), quarters=IN_A_ROW)
    place = places(company, bare)
    made = []
    for i, (norm, name) in enumerate(zip(rungs, GRADES, strict=True)):
        ids = place.index[place.to_numpy() == i]
        own = {INDICATORS[n]: bounds(company, ids, INDICATORS[n])[0] for n in names}
        own = {n: t if t == t else 0.0 for n, t in own.items()}
        made.append(Rung(*norm, own, COMPETENCES[name]))
    return Ladder(tuple(made), quarters=IN_A_ROW)
