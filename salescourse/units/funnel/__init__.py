"""Unit 02: where the funnel leaks, what it costs, why, and who is not to blame."""

from __future__ import annotations

from salescourse.units.funnel import causes, conversion, leaks, people, price, stages
from salescourse.units.funnel.gates import GATES

__all__ = ["GATES", "TASKS"]

TASKS = (
    *conversion.TASKS,
    *stages.TASKS,
    *leaks.TASKS,
    *price.TASKS,
    *people.TASKS,
    *causes.TASKS,
)
