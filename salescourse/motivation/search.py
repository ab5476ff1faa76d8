"""The scheme that passes most of the eight checks. For truths and gates, not for students."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from salescourse.motivation.history import market_income, payroll_cap
from salescourse.motivation.plan import PayPlan
from salescourse.motivation.rules import (
    MARKET,
    MIX_WITHIN,
    REACH,
    WEIGHTS,
    all_checks,
    margin_of,
    typical,
)
from salescourse.motivation.target import BASE_SHARE, plan_for, share_at_plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from salescourse.company import Company


def feasible_plan(company: Company, cap: float | None = None) -> PayPlan | None:
    """The first scheme of a small grid that passes all eight checks; None if none does."""
    cap = payroll_cap(company) if cap is None else cap
    for plan in candidates(company, cap):
        if all(check.passed for check in all_checks(company, plan, cap)):
            return plan
    return None


def best_plan(company: Company, cap: float | None = None) -> PayPlan:
    """A feasible scheme; where there is none, the one whose passed checks weigh most."""
    found = feasible_plan(company, cap)
    if found is not None:
        return found
    cap = payroll_cap(company) if cap is None else cap
    target = plan_for(market_income(company), cap, margin_of(company))
    outline = PayPlan(round(target.base), round(target.rate, 5), round(target.plan_gp))
    return max([outline, *candidates(company, cap)], key=lambda plan: weight(company, plan, cap))


def weight(company: Company, plan: PayPlan, cap: float | None = None) -> float:
    """Points of the checks that the scheme passes: DOMAIN, E4.5."""
    found = all_checks(company, plan, cap)
    return sum(w for w, check in zip(WEIGHTS, found, strict=True) if check.passed)


def candidates(company: Company, cap: float) -> Iterator[PayPlan]:
    """Plans between the sellers' usual months, paid as well as the cap and the market allow."""
    margin_of(company)  # StudentError here rather than half-way
    market = market_income(company)
    usual = np.sort(typical(company).to_numpy())
    reach = np.array([(usual >= level).mean() for level in usual])
    levels = 0.9995 * usual[(reach >= REACH[0]) & (reach <= REACH[1])]
    for base_share in (BASE_SHARE + part * MIX_WITHIN for part in (0, 0.9, 0.98)):
        k0 = share_at_plan(cap, base_share)
        for level in levels[::-1]:
            for part in (1.0, 0.97, 0.94, 0.90):
                income = min(MARKET[1] * market, part * k0 * level)
                if income < MARKET[0] * market:
                    continue
                for accel, passing in ((1.3, 0.3), (1.0, 0.3), (1.0, 0.0), (1.0, 1.0)):
                    yield PayPlan(
                        base=float(round(base_share * income, -1)),
                        rate=round((1 - base_share) * income / level, 5),
                        plan_gp=float(round(level, -2)),
                        accel_mult=accel,
                        passthrough_rate_mult=passing,
                        cap_attainment=2.0,
                    )
