"""Unit 03: who dares to name a price, what a discount costs, and three offers instead of one."""

from __future__ import annotations

from salescourse.units.pricing import discount, naming, offers, pilot, sheet, unit
from salescourse.units.pricing.gates import GATES

__all__ = ["GATES", "TASKS", "VARIANT"]

VARIANT = "pilot"
TASKS = (
    *naming.TASKS,
    *discount.TASKS,
    *unit.TASKS,
    *pilot.TASKS,
    *offers.TASKS,
    *sheet.TASKS,
)
