"""Карьерная лестница: обычный месяц, кто на чём вырос, рынок, показатели, ступени, переводы.

Пример: ladder.typical(company, motivation.full_months(company, 6), 0.6, "median")
"""

from __future__ import annotations

from salescourse.ladder.clients import base_and_new
from salescourse.ladder.leading import leading
from salescourse.ladder.market import compa
from salescourse.ladder.months import typical
from salescourse.ladder.promotion import promotion, quarters
from salescourse.ladder.rules import checks
from salescourse.ladder.rungs import Ladder, Rung, draft, placement
from salescourse.ladder.span import span
from salescourse.ladder.tenure import tenure
from salescourse.ladder.wall import wall
from salescourse.schema import GRADES

__all__ = [
    "GRADES",
    "Ladder",
    "Rung",
    "base_and_new",
    "checks",
    "compa",
    "draft",
    "leading",
    "placement",
    "promotion",
    "quarters",
    "span",
    "tenure",
    "typical",
    "wall",
]
