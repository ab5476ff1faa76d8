"""What real CRM data look like: duplicates, tests, gaps, skipped stages, rollbacks, parking.

Every kind is either rare enough to change no answer, or a named mistake (IDENTIFIABILITY §7).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from salescourse.simulation.leads import DAY, END, NEVER, Leads
from salescourse.simulation.orders import Quotes, uniform_of
from salescourse.simulation.profile import Profile
from salescourse.simulation.streams import Streams, order_of

PARKED = 5  # code of «Отложено» after the five stages
DUPLICATE, TEST = 0, 1


@dataclass
class History:
    """Stage entries sorted by deal and time; `deal` is a row number."""

    deal: np.ndarray
    stage: np.ndarray
    entered: np.ndarray
    left: np.ndarray
    final: np.ndarray  # stage of each deal now


def copies(profile: Profile, streams: Streams, leads: Leads) -> tuple[np.ndarray, np.ndarray]:
    """Rows of leads to repeat as marked duplicates, and rows to imitate as test leads."""
    n = len(leads.created)
    u = streams.uniform("dirt/copies", n)
    known = leads.created < END - 3 * DAY
    double = np.flatnonzero((u < profile.duplicates) & known)
    test = np.flatnonzero((u > 1.0 - profile.tests) & known)
    return double, test


def history(profile: Profile, leads: Leads, offers: Quotes, plain: np.ndarray) -> History:
    """Stage history of lead deals, quotes and `plain` deals that never left the first stage.

    `plain` holds the creation moments of duplicates and tests.
    """
    n, m = len(leads.created), len(offers.created)
    reached = (leads.entered < END).sum(0).astype(np.int8)
    rows = np.arange(n)
    u = uniform_of(leads.raw, 60)
    skip = np.where(
        (reached >= 2) & (u < profile.skipped_stage),
        1 + (uniform_of(leads.raw, 61) * (reached - 1)).astype(np.int64),
        -1,
    )
    deal, stage, entered = [rows], [np.zeros(n, dtype=np.int8)], [leads.created]
    for k in range(1, 5):
        keep = np.flatnonzero((reached >= k) & (skip != k))
        deal.append(keep)
        stage.append(np.full(len(keep), k, dtype=np.int8))
        entered.append(leads.entered[k - 1, keep])

    last = np.where(reached > 0, leads.entered[np.maximum(reached - 1, 0), rows], leads.created)
    over = np.minimum(leads.lost, END)
    movable = (reached > 0) & (reached < 4) & ~leads.zombie & (over - last > 2 * DAY)
    moment = last + ((over - last) * (0.3 + 0.5 * uniform_of(leads.raw, 62))).astype(np.int64)
    v = uniform_of(leads.raw, 63)
    back = np.flatnonzero(movable & (v < 3.0 * profile.rollback))
    parked = np.flatnonzero(movable & (v > 1.0 - 4.0 * profile.parked))
    for some, to in ((back, reached[back] - 1), (parked, np.full(len(parked), PARKED))):
        deal.append(some)
        stage.append(to.astype(np.int8))
        entered.append(moment[some])

    talks = np.flatnonzero(offers.talks < END)
    paid = np.flatnonzero(offers.won & (offers.closed < END))
    over = np.minimum(offers.closed, END)
    undone = talks[(~offers.won[talks]) & (over[talks] - offers.talks[talks] > 2 * DAY)]
    bits = (offers.created * 2654435761 + np.arange(m)).astype(np.uint64)
    undone = undone[uniform_of(bits[undone], 64) < 2.0 * profile.rollback]
    middle = (offers.talks[undone] + over[undone]) // 2
    for some, k, at in (
        (np.arange(m), 2, offers.created),
        (talks, 3, offers.talks[talks]),
        (paid, 4, offers.closed[paid]),
        (undone, 2, middle),
    ):
        deal.append(n + some)
        stage.append(np.full(len(some), k, dtype=np.int8))
        entered.append(at)
    deal.append(n + m + np.arange(len(plain)))
    stage.append(np.zeros(len(plain), dtype=np.int8))
    entered.append(plain)

    deal, stage, entered = (np.concatenate(x) for x in (deal, stage, entered))
    known = entered < END
    deal, stage, entered = deal[known], stage[known], entered[known]
    order = order_of(entered)
    order = order[order_of(deal[order])]
    deal, stage, entered = deal[order], stage[order], entered[order]
    following = np.full(len(deal), NEVER)
    same = deal[1:] == deal[:-1]
    following[:-1][same] = entered[1:][same]
    final = np.zeros(n + m + len(plain), dtype=np.int8)
    final[deal] = stage  # the last row of a deal wins
    return History(deal, stage, entered, following, final)
