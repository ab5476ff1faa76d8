"""Рисунки курса: в заголовке вывод, под рисунком его числа.

Пример: charts.funnel(company, months=measures.mature(company, 6))
"""

# matplotlib is imported when a figure is drawn: `from salescourse import *` must stay light

from __future__ import annotations

from salescourse.charts.ladder import (
    base_and_new,
    best_month,
    compa,
    ladder,
    leading,
    tenure,
    turnover_and_gp,
    wall,
)
from salescourse.charts.months import cohorts, leads, same_month
from salescourse.charts.pay import (
    pay_change,
    pay_curve,
    pay_mix,
    pay_move,
    pay_people,
    pay_share,
)
from salescourse.charts.people import price_named, simpson, speed, zombies
from salescourse.charts.picture import Picture
from salescourse.charts.prices import (
    discounts,
    naming,
    pilot,
    price_sheet,
    shares,
    waterfall,
)
from salescourse.charts.sources import lead_quality, loss_reasons
from salescourse.charts.stages import funnel, leaks, stage

__all__ = [
    "Picture",
    "base_and_new",
    "best_month",
    "cohorts",
    "compa",
    "discounts",
    "funnel",
    "ladder",
    "lead_quality",
    "leading",
    "leads",
    "leaks",
    "loss_reasons",
    "naming",
    "pay_change",
    "pay_curve",
    "pay_mix",
    "pay_move",
    "pay_people",
    "pay_share",
    "pilot",
    "price_named",
    "price_sheet",
    "same_month",
    "shares",
    "simpson",
    "speed",
    "stage",
    "tenure",
    "turnover_and_gp",
    "wall",
    "waterfall",
    "zombies",
]
