"""Мотивация: доля ФОТ в ВП, план от предела, схема оплаты, проверки, переход.

Пример: motivation.payroll_share(company, motivation.full_months(company, 12))
"""

from __future__ import annotations

from salescourse.motivation.behaviour import behave, one_by_one
from salescourse.motivation.branches import (
    branch,
    capacity,
    equalising,
    equalising_gp,
    equalising_table,
    incomes,
)
from salescourse.motivation.clients import clients_split
from salescourse.motivation.halfyear import six_months
from salescourse.motivation.history import (
    full_months,
    market_income,
    pay_history,
    payroll_cap,
)
from salescourse.motivation.legal import NOT_ADVICE, contributions, legal_facts, minimum_wage
from salescourse.motivation.moving import steps, transition
from salescourse.motivation.plan import PayPlan
from salescourse.motivation.premises import Assumptions, assumptions
from salescourse.motivation.rules import checks, current
from salescourse.motivation.share import (
    margin,
    mix,
    mix_at_plan,
    payroll_share,
    payroll_shares,
)
from salescourse.motivation.target import breaks_at, mix_at, plan_for, share_at, share_at_plan

__all__ = [
    "NOT_ADVICE",
    "Assumptions",
    "PayPlan",
    "assumptions",
    "behave",
    "branch",
    "breaks_at",
    "capacity",
    "checks",
    "clients_split",
    "contributions",
    "current",
    "equalising",
    "equalising_gp",
    "equalising_table",
    "full_months",
    "incomes",
    "legal_facts",
    "margin",
    "market_income",
    "minimum_wage",
    "mix",
    "mix_at",
    "mix_at_plan",
    "one_by_one",
    "pay_history",
    "payroll_cap",
    "payroll_share",
    "payroll_shares",
    "plan_for",
    "share_at",
    "share_at_plan",
    "six_months",
    "steps",
    "transition",
]
