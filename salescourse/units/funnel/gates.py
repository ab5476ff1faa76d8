"""When a company is fit for this unit: IDENTIFIABILITY §4, E2.1 to E2.7, from tables only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from salescourse import funnel, measures
from salescourse.funnel.leads import cohorts_of, table
from salescourse.funnel.leak import ENOUGH, SURE
from salescourse.funnel.sellers import reversal
from salescourse.tasks import Gate
from salescourse.units.funnel.causes import explained
from salescourse.units.funnel.conversion import (
    APART,
    HIGH,
    JUMP,
    USUAL,
    cohort_conversion,
    month_asked,
    months_asked,
    months_known,
    pooled,
)
from salescourse.units.funnel.leaks import leak_cell, runner_up
from salescourse.units.funnel.period import PERIOD, calendar, period
from salescourse.units.funnel.stages import stage_conversions

if TYPE_CHECKING:
    from salescourse.company import Company

COHORTS, LEADS = 6, 100  # mature cohorts, and leads in each
MARGIN = 5  # days between the long cycle and any month's age
STAGE_APART = 0.8  # p.p., two tolerances of task 3
SECOND = 0.70  # the next cell's loss, of the leak's
UNEVEN = 0.08  # how far a reference without standardising may move the leak's price
HALF, RIVAL = 0.5, 0.6  # E2.7


def _cohorts(company: Company) -> bool:
    months = measures.mature_months(company)
    sizes = table(company).groupby("month").size().reindex(months, fill_value=0)
    return len(months) >= PERIOD and bool((sizes.tail(COHORTS) >= LEADS).all())


def _maturity(company: Company) -> bool:
    long, last = measures.cycle(company)[1], measures.last_mature_month(company)
    ages = [
        (company.asof.normalize() - measures.month_end(month)).days
        for month in (last, last + np.timedelta64(32, "D"))
    ]
    return all(abs(age - long) >= MARGIN for age in ages)


def _young(company: Company) -> bool:
    young = funnel.conversion(company, calendar(company, months_asked(company)))
    return abs(young - cohort_conversion(company)) >= APART


def _month(company: Company) -> bool:
    rows, month = months_known(company), month_asked(company)
    ratio, cohort = float(rows["ratio"][month]), float(rows["cohort"][month])
    return (
        ratio >= HIGH * float(rows["ratio"].median())
        and cohort <= USUAL * pooled(company)
        and ratio - cohort >= JUMP
    )


def _stages(company: Company) -> bool:
    truth = np.array(list(stage_conversions(company).values()))
    young = funnel.stages(company, calendar(company, PERIOD))["conversion"].to_numpy()[1:]
    return bool(np.abs(young - truth).max() >= STAGE_APART)


def _proven(company: Company) -> bool:
    cell = leak_cell(company)
    return bool(cell["n"] >= ENOUGH and cell["z"] >= SURE and cell["lost"] > 0)


def _unique(company: Company) -> bool:
    return bool(runner_up(company)["lost"] <= SECOND * leak_cell(company)["lost"])


def _even(company: Company) -> bool:
    """Pooling the others' sources moves the price little, so that any fair reference passes."""
    cell = leak_cell(company)
    if cell["by"] == "campaign":
        return True
    rows = cohorts_of(company, period(company))
    start = funnel.TRANSITIONS.index(cell["transition"])
    rows = rows[
        (rows["reached"].to_numpy() >= start) & (rows["owner_id"] != cell["key"]).to_numpy()
    ]
    others = 100 * float((rows["reached"].to_numpy() > start).mean())
    return abs(others - cell["reference"]) <= UNEVEN * cell["gap"]


def _turned_over(company: Company) -> bool:
    return reversal(company, period(company)) is not None


def _explained(company: Company) -> bool:
    best, second = sorted(explained(company).values(), reverse=True)[:2]
    return best >= HALF and second <= RIVAL * best


GATES = (
    Gate("cohorts", f"не меньше {PERIOD} зрелых месяцев, в последних шести от 100 лидов", _cohorts),
    Gate("maturity", "длинный цикл не ближе 5 дней к концу месяца с обеих сторон", _maturity),
    Gate("conversion", "незрелые месяцы отличаются от зрелых хотя бы на 0,6 п.п.", _young),
    Gate("month", "есть месяц, где отношение обманывает, а когорта обычная", _month),
    Gate("stages", "незрелые месяцы сдвигают хотя бы один переход на 0,8 п.п.", _stages),
    Gate("leak-proven", "у главной утечки n ≥ 50 и z ≥ 2,5", _proven),
    Gate("leak-unique", "вторая клетка не дороже 70 % главной", _unique),
    Gate("leak-even", "цена утечки почти не зависит от стандартизации остальных", _even),
    Gate("reversal", "состав источников меняет местами двух продавцов", _turned_over),
    Gate("cause", "одна причина объясняет больше половины разрыва, другие — мало", _explained),
)
