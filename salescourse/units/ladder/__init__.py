"""Unit 07: a ladder of three rungs that a director could sign."""

from __future__ import annotations

from salescourse.units.ladder import leading, market, months, promotion, rungs, talk, traps
from salescourse.units.ladder.gates import GATES

__all__ = ["GATES", "TASKS", "VARIANT"]

VARIANT = "leading"

TASKS = (
    *months.TASKS,
    *traps.TASKS,
    *market.TASKS,
    *rungs.TASKS,
    *leading.TASKS,
    *promotion.TASKS,
    *talk.TASKS,
)
