"""Unit 04: what pay takes of gross profit, a scheme that holds the cap, and the move to it."""

from __future__ import annotations

from salescourse.units.motivation import behaviour, branch, formulas, move, scheme, share
from salescourse.units.motivation.gates import GATES

__all__ = ["GATES", "TASKS", "VARIANT"]

TASKS = (
    *share.TASKS,
    *formulas.TASKS,
    *scheme.TASKS,
    *branch.TASKS,
    *behaviour.TASKS,
    *move.TASKS,
)
VARIANT = "pay"  # which of the two cases of M37 is planted
