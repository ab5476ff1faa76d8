"""How long a whole department's history takes under a new scheme. Aim: 5 ms or less.

python tests/bench/motivation.py
"""

from __future__ import annotations

import statistics
import time

from salescourse import motivation
from salescourse.company import Company
from salescourse.motivation import history, rules
from salescourse.motivation.search import feasible_plan

RUNS = 50
PLAN = motivation.PayPlan(
    base=32_000,
    rate=0.0545,
    plan_gp=880_000,
    threshold=0.5,
    accel_mult=1.3,
    cap_attainment=1.8,
    passthrough_rate_mult=0.3,
)


def median(action) -> float:
    """Median milliseconds of `RUNS` calls."""
    taken = []
    for _ in range(RUNS):
        start = time.perf_counter()
        action()
        taken.append(1000 * (time.perf_counter() - start))
    return statistics.median(taken)


def main() -> None:
    company = Company.generate("ROP-7F3A-K")
    company.payroll, company.orders, company.activities, company.clients  # noqa: B018
    start = time.perf_counter()
    rows = history.rows(company)
    first = 1000 * (time.perf_counter() - start)
    people = rows["employee_id"].nunique()
    print(f"История: {people} человек, {len(rows)} человеко-месяцев")
    print(f"  собрать из таблиц (один раз на компанию) {first:.1f} мс")
    print(f"  пересчитать по схеме {median(lambda: history.recomputed(company, PLAN)):.2f} мс")
    print(f"  то же таблицей {median(lambda: motivation.pay_history(company, PLAN)):.2f} мс")
    print(f"  восемь проверок {median(lambda: rules.all_checks(company, PLAN)):.2f} мс")
    print(f"  год с поведением {median(lambda: motivation.behave(company, PLAN)):.2f} мс")
    print(f"  поиск годной схемы {median(lambda: feasible_plan(company)):.1f} мс")


if __name__ == "__main__":
    main()
