"""Employees, plans, pay and the market, and the firm's monthly results."""

from __future__ import annotations

import numpy as np

from salescourse import schema
from salescourse.simulation import calendar
from salescourse.simulation.cast import NEWCOMER_FROM, SELLERS, Cast
from salescourse.simulation.leads import NEVER, availability
from salescourse.simulation.orders import Orders
from salescourse.simulation.profile import (
    ASOF,
    BOOKS_FROM,
    CITY_INCOME,
    LEADS_FROM,
    MARKET_ONLY,
    Profile,
)
from salescourse.simulation.streams import Streams

HEAD_ID, FIRST_OPERATOR, FIRST_SELLER, FIRST_FORMER = 101, 102, 105, 115
FORMER_MONTHS = (2, 4, 6, 9, 13, 18, 26, 38)  # tenure of sellers who left before the history [A]
HIRED_YEARS = {"order_taker_1": 8.0, "order_taker_2": 6.5, "simpson_A": 5.0, "up_now": 2.2}
HEAD_SALARY, OPERATOR_SALARY = 170_000, 45_000  # ₽ a month [D], [A]
PLAN_OVER_FACT = 1.22  # plans are set above what is sold, so they differ from the fact [A]

Columns = dict[str, np.ndarray]


def code_of(table: str, column: str, value: str) -> int:
    """The code of a category's value."""
    return schema.BY_NAME[table][column].values.index(value)


def employees(profile: Profile, cast: Cast, streams: Streams) -> Columns:
    """The head, three cold callers, ten sellers and those who have left."""
    ids = np.arange(HEAD_ID, FIRST_FORMER + len(FORMER_MONTHS))
    n = len(ids)
    sellers = slice(FIRST_SELLER - HEAD_ID, FIRST_FORMER - HEAD_ID)
    former = slice(FIRST_FORMER - HEAD_ID, n)
    u = streams.uniform("employees/hired", n)

    role = np.full(n, code_of("employees", "role", "МОП-универсал"))
    role[0] = code_of("employees", "role", "РОП")
    role[1:4] = code_of("employees", "role", "оператор")
    grade = np.full(n, -1)
    grade[sellers] = [code_of("employees", "grade", r.grade) for r in cast.roles]
    grade[former] = 0
    base, _ = profile.pay[cast.pay]
    salary = np.full(n, base)
    salary[0], salary[1:4] = HEAD_SALARY, OPERATOR_SALARY
    salary[sellers] = np.rint(base * cast.values("base") / 1000).astype(np.int64) * 1000

    start = int(LEADS_FROM.astype(np.int64))
    hired = start - 60 - (u * 1500).astype(np.int64)
    years = np.array([HIRED_YEARS.get(r.name, 0.0) for r in cast.roles])
    hired[sellers] = np.where(years > 0, start - (years * 365).astype(np.int64), hired[sellers])
    hired[sellers.start + cast.seller("newcomer")] = int(NEWCOMER_FROM.astype(np.int64))
    left = np.full(n, NEVER)
    left[former] = start - 20 - (u[former] * 700).astype(np.int64)
    hired[former] = left[former] - np.array(FORMER_MONTHS) * 30
    hired[0] = int(ASOF.astype(np.int64)) - 21  # the student has just come
    manager = np.full(n, HEAD_ID)
    manager[0] = -1
    reserve = np.zeros(n, dtype=np.int64)
    reserve[[sellers.start + cast.seller(r) for r in ("up_now", "simpson_A")]] = 1
    return {
        "employee_id": ids,
        "role": role,
        "grade": grade,
        "city": np.full(n, code_of("employees", "city", cast.city)),
        "hired_on": hired,
        "left_on": left,
        "manager_id": manager,
        "base_salary": salary,
        "is_reserve": reserve,
    }


def pay(profile: Profile, cast: Cast, book: Orders, leads_by_month: np.ndarray):
    """Payroll, plans and the profit-and-loss table; money comes from paid orders."""
    months = calendar.months_between(BOOKS_FROM, ASOF)[:-1]  # full months only
    n = len(months)
    paid = np.flatnonzero(book.paid != NEVER)
    month = book.paid[paid].astype("datetime64[D]").astype("datetime64[M]") - months[0]
    month = month.astype(np.int64)
    inside = (month >= 0) & (month < n)
    cell = month[inside] * SELLERS + book.owner[paid][inside]
    revenue = _sums(cell, book.revenue[paid][inside], n * SELLERS)
    gp = _sums(cell, book.gp[paid][inside], n * SELLERS)

    share = availability(months, cast)
    first = months.astype("datetime64[D]")
    last = (months + calendar.ONE_MONTH).astype("datetime64[D]") - calendar.ONE_DAY
    workdays = np.array([calendar.workdays_between(a, b) for a, b in zip(first, last, strict=True)])
    hired = NEWCOMER_FROM.astype("datetime64[M]")
    newcomer = cast.seller("newcomer")
    arrival = int(np.flatnonzero(months == hired)[0])
    share[arrival, newcomer] = (
        calendar.workdays_between(NEWCOMER_FROM, last[arrival]) / workdays[arrival]
    )
    base, rate = profile.pay[cast.pay]
    salary = np.rint(base * cast.values("base") / 1000) * 1000
    base_paid = np.rint(salary * share).astype(np.int64).ravel()
    bonus = np.rint(revenue * rate).astype(np.int64)

    worked = share.ravel() > 0
    total_revenue = revenue.reshape(n, SELLERS).sum(0)
    active = np.maximum((share > 0.99).sum(0), 1)
    plan = np.rint(total_revenue / active * PLAN_OVER_FACT / 50_000).astype(np.int64) * 50_000
    plan = np.tile(np.maximum(plan, 500_000), n)
    plan_gp = np.rint(plan * profile.margin / 1000).astype(np.int64) * 1000
    who = np.tile(np.arange(SELLERS) + FIRST_SELLER, n)
    when = np.repeat(first.astype(np.int64), SELLERS)

    payroll = {
        "employee_id": who,
        "month": when,
        "base_paid": base_paid,
        "bonus_paid": bonus,
        "total": base_paid + bonus,
        "plan_gp": plan_gp,
        "fact_gp": gp,
        "fact_revenue": revenue,
        "days_worked": np.rint(share * workdays[:, None]).astype(np.int64).ravel(),
    }
    payroll = {name: values[worked] for name, values in payroll.items()}
    plans = {"employee_id": who, "month": when, "plan_revenue": plan, "plan_gp": plan_gp}
    plans = {name: values[worked] for name, values in plans.items()}

    by_month = revenue.reshape(n, SELLERS).sum(1)
    gp_month = gp.reshape(n, SELLERS).sum(1)
    pnl = {
        "month": first.astype(np.int64),
        "revenue": by_month,
        "cogs": by_month - gp_month,
        "gp": gp_month,
        "payroll_mop": (base_paid + bonus).reshape(n, SELLERS).sum(1),
        "payroll_other": np.full(n, HEAD_SALARY + 3 * OPERATOR_SALARY + 1_150_000),
        "marketing": leads_by_month[-n - 1 : -1] * profile.marketing_per_lead,
        "rent": np.full(n, 480_000),
        "other": np.rint(by_month * 0.02).astype(np.int64),
    }
    return payroll, plans, pnl


def _sums(cell: np.ndarray, values: np.ndarray, n: int) -> np.ndarray:
    """Exact integer sums by cell (below 2**53, so a float accumulator is exact)."""
    return np.bincount(cell, values, n).astype(np.int64)


def market(profile: Profile) -> Columns:
    """Income by city and grade: synthetic figures around published vacancy surveys."""
    incomes = {**CITY_INCOME, **MARKET_ONLY}
    cities = [c for c in schema.CITIES if c in incomes]
    grades = schema.GRADES
    median = np.array([incomes[c] * g for c in cities for g in profile.grades])
    n = len(median)
    return {
        "city": np.repeat([schema.CITIES.index(c) for c in cities], len(grades)),
        "role": np.full(n, schema.ROLES.index("МОП-универсал")),
        "grade": np.tile(np.arange(len(grades)), len(cities)),
        "p25": np.rint(median * 0.82 / 1000).astype(np.int64) * 1000,
        "median": np.rint(median / 1000).astype(np.int64) * 1000,
        "p75": np.rint(median * 1.22 / 1000).astype(np.int64) * 1000,
        "source": np.zeros(n, dtype=np.int64),
        "as_of": np.full(n, int(np.datetime64("2026-08-01", "D").astype(np.int64))),
    }


def production_calendar() -> Columns:
    """The calendar from the first lead to the end of the as-of year."""
    keep = calendar.days() >= LEADS_FROM
    names = calendar.holiday_names()[keep]
    return {
        "date": calendar.days()[keep].astype(np.int64),
        "is_workday": calendar.is_workday()[keep].astype(np.int64),
        "holiday_name": np.where(names == "", None, names),
    }
