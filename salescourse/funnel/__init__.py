"""Воронка: конверсия, утечки в рублях, сравнение продавцов, причины.

Пример: funnel.stages(company, measures.mature(company, 6))
"""

from __future__ import annotations

from salescourse.funnel.causes import equalised, price_named, speed, zombies
from salescourse.funnel.cohorts import by_month, conversion, reached_against_current, stages
from salescourse.funnel.leads import TRANSITIONS, reached
from salescourse.funnel.leak import in_money, leaks, stage
from salescourse.funnel.levers import velocity, velocity_levers
from salescourse.funnel.people import name, person
from salescourse.funnel.report import lead_quality, loss_reasons, sales_analysis
from salescourse.funnel.sellers import by_source, simpson_pair, standardised

__all__ = [
    "TRANSITIONS",
    "by_month",
    "by_source",
    "conversion",
    "equalised",
    "in_money",
    "lead_quality",
    "leaks",
    "loss_reasons",
    "name",
    "person",
    "price_named",
    "reached",
    "reached_against_current",
    "sales_analysis",
    "simpson_pair",
    "speed",
    "stage",
    "stages",
    "standardised",
    "velocity",
    "velocity_levers",
    "zombies",
]
