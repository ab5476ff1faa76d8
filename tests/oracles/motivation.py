"""Unit motivation: literal readings of the questions' own words, a person and a month at a time."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pandas as pd

CAP = 0.10  # of the wholesale firm, as the questions print it
MINIMUM = {2025: 22_440, 2026: 27_093}
DISTRICT = {"Новосибирск": 1.25, "Екатеринбург": 1.15, "Челябинск": 1.15, "Пермь": 1.15}
RUNGS = ("менеджер", "специалист", "ведущий")


# The year -------------------------------------------------------------------------------------


def lines(company) -> pd.DataFrame:
    """Lines of the payroll of the last twelve months."""
    months = sorted(company.payroll["month"].unique())[-12:]
    return company.payroll[company.payroll["month"].isin(months)].astype(
        {"total": float, "base_paid": float, "bonus_paid": float, "fact_gp": float}
    )


def share(company) -> float:
    rows = lines(company)
    return 100 * rows["total"].sum() / rows["fact_gp"].sum()


def mixes(company) -> dict:
    rows = lines(company).merge(company.plans, on=["employee_id", "month"], suffixes=("", "_plan"))
    rate = rows["bonus_paid"].sum() / rows["fact_revenue"].sum()
    bonus = sum(rate * plan for plan in rows["plan_revenue"])
    base = rows["base_paid"].sum()
    return {
        "фактически": 100 * base / rows["total"].sum(),
        "при плане": 100 * base / (base + bonus),
    }


def margin(company) -> float:
    rows = lines(company)
    return rows["fact_gp"].sum() / rows["fact_revenue"].sum()


def market(company, grade: str = "специалист") -> float:
    def find() -> float:
        rows = company.market_salary
        return float(
            rows[rows["city"].eq(company.city) & rows["grade"].eq(grade)]["median"].iloc[0]
        )

    return company.memo(("oracle.market", grade), find)


def new_scheme(company) -> tuple[float, float, float]:
    """Base, rate and plan: pay at 80 % of the plan is the cap exactly."""
    income = market(company)
    # 0.4 income + 0.6 income × 0.8 = cap × 0.8 plan
    plan = (0.4 + 0.6 * 0.8) * income / (CAP * 0.8)
    return 0.4 * income, 0.6 * income / plan, plan


def plans(company) -> dict:
    plan = new_scheme(company)[2]
    return {"план по ВП": plan, "план по обороту": plan / margin(company)}


# The draft ------------------------------------------------------------------------------------


def draft(company) -> tuple[float, float, float]:
    """Base, rate and plan as the question prints them, the table of drafts written anew."""
    table = []
    for b in (30, 35, 40, 45, 50):
        for r in (80, 82, 84, 86, 88, 90, 92, 94, 96):
            x = b * r / (100 - (100 - b) * r / 100)
            if abs(x - 80) >= 4 and abs(x - (100 - b) * r / 100) >= 4:
                table.append((b / 100, r / 100))
    b, r = table[int(lines(company)["total"].sum()) // 1000 % len(table)]
    income = market(company)
    return (
        round(b * income / 100) * 100,
        round((1 - b) * r * CAP, 4),
        round(income / (r * CAP) / 1000) * 1000,
    )


def breaks(company) -> float:
    """Bisection between nothing and the plan."""
    base, rate, plan = draft(company)
    low, high = 0.01, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if base + rate * middle * plan > CAP * middle * plan:
            low = middle
        else:
            high = middle
    return 100 * high


# The eight checks -----------------------------------------------------------------------------


def monthly_pay(plan: dict, gp: float, passing: float = 0.0, worked: float = 1.0) -> float:
    """Base and bonus of one month on paid gross profit, rouble layer by rouble layer."""
    goal = plan["plan_gp"] * worked
    gp = max(gp, 0.0)

    def credited(value: float) -> float:
        value = min(value, plan.get("cap_attainment", 10.0) * goal)
        over = max(0.0, value - plan.get("accel_from", 1.0) * goal)
        return value + (plan.get("accel_mult", 1.0) - 1) * over

    own = credited(gp - min(max(passing, 0.0), gp))
    counted = own + plan.get("passthrough_rate_mult", 1.0) * (credited(gp) - own)
    reached = gp >= plan.get("threshold", 0.0) * goal * (1 - 1e-12)
    bonus = plan["rate"] * counted if reached and worked > 0 else 0.0
    return plan["base"] * worked + bonus


def history(company) -> pd.DataFrame:
    """Person-months of the year: gross profit, what of it passed through, part worked, tenure."""
    return company.memo("oracle.pay", lambda: _history(company))


def _history(company) -> pd.DataFrame:
    rows = lines(company)[["employee_id", "month", "fact_gp", "days_worked", "total"]].copy()
    rows["worked"] = rows["days_worked"] / rows.groupby("month")["days_worked"].transform("max")
    orders = company.orders.copy()
    came = orders["is_repeat"].astype(bool) & (orders["channel_in"] != "от продавца")
    kinds = ["исходящий звонок", "встреча", "КП"]
    log = company.activities
    log = log[log["type"].isin(kinds) & log["client_id"].notna()]
    touched = pd.DataFrame(
        {"client_id": log["client_id"].astype("int64"), "touch": log["at"].dt.normalize()}
    ).sort_values("touch")
    orders["day"] = orders["ordered_at"].dt.normalize()
    orders["client_id"] = orders["client_id"].astype("int64")
    touched["touch"] = touched["touch"].astype("datetime64[s]")
    orders["day"] = orders["day"].astype("datetime64[s]")
    near = pd.merge_asof(
        orders.sort_values("day"),
        touched,
        left_on="day",
        right_on="touch",
        by="client_id",
        tolerance=pd.Timedelta(days=14),
    ).set_index("order_id")
    quiet = near["touch"].isna().reindex(orders["order_id"]).to_numpy()
    passed = orders[came.to_numpy() & quiet].dropna(subset="paid_at")
    passed = passed.assign(month=passed["paid_at"].dt.to_period("M").dt.to_timestamp())
    sums = passed.groupby(["owner_id", "month"])["gp"].sum()
    keys = zip(rows["employee_id"], rows["month"], strict=True)
    rows["passing"] = [float(sums.get((who, pd.Timestamp(m)), 0.0)) for who, m in keys]
    hired = company.employees.set_index("employee_id")["hired_on"]
    rows["days_here"] = (company.asof - rows["employee_id"].map(hired)).dt.days
    return rows


def eight(company, plan: dict) -> list[bool]:
    """The eight checks for a scheme on paid gross profit."""
    goal, rows = plan["plan_gp"], history(company)
    at = [monthly_pay(plan, x / 100 * goal) for x in range(151)]
    part = [pay / (x / 100 * goal) for x, pay in enumerate(at) if 80 <= x <= 150]
    steps = [(b - a) / a if a else (math.inf if b > a else 0.0) for a, b in pairwise(at)]
    usual = rows[(rows["worked"] >= 0.6) & (rows["days_here"] > 120)].groupby("employee_id")
    usual = usual["fact_gp"].median()[usual.size() >= 3]
    staff = company.employees
    head = staff[(staff["role"] == "РОП") & staff["left_on"].isna()]["base_salary"].max()
    paid = [monthly_pay(plan, r.fact_gp, r.passing, r.worked) for r in rows.itertuples(index=False)]
    best = pd.Series(paid).groupby(rows["employee_id"].to_numpy()).mean().max()
    least = MINIMUM[company.asof.year] * DISTRICT.get(company.city, 1.0)
    return [
        max(part) <= CAP + 5e-5,
        abs(plan["base"] / at[100] - 0.40) <= 0.02 + 1e-9,
        min(b - a for a, b in pairwise(at)) >= -1e-6 and max(steps) <= 0.25 + 1e-9,
        plan["base"] >= least,
        0.5 <= (usual >= goal).mean() <= 0.7,
        0.9 - 1e-9 <= at[100] / market(company) <= 1.15 + 1e-9,
        best < 1.5 * head,
        sum(paid) / rows["fact_gp"].sum() <= CAP + 5e-5,
    ]


def scheme(company) -> dict:
    """A scheme found by these checks alone: plans under each usual month, mixes, incomes."""
    rows = history(company)
    full = rows[(rows["worked"] >= 0.6) & (rows["days_here"] > 120)]
    full = full.groupby("employee_id")["fact_gp"]
    usual = full.median()[full.size() >= 3].sort_values()
    least = MINIMUM[company.asof.year] * DISTRICT.get(company.city, 1.0)
    plain = {"bonus_base": "gp_paid", "threshold": 0.0, "accel_from": 1.0, "accel_mult": 1.0}
    plain |= {"cap_attainment": 10.0, "new_client_bonus": 0.0, "quality_gate": 1.0}
    for level in usual:
        goal = math.floor(level / 100) * 100
        if not 0.5 <= (usual >= goal).mean() <= 0.7:
            continue
        for mix in (0.40, 0.41, 0.4195, 0.381):
            # at 80 % of plan the pay is the cap at most: mix × income + ... ≤ cap × 0.8 goal
            dear = CAP * 0.8 * goal / (mix + (1 - mix) * 0.8)
            income = math.floor(min(dear, 1.15 * market(company)) / 10) * 10 - 10
            base = math.floor(mix * income / 10) * 10
            if base < least or income < 0.9 * market(company):
                continue
            for passing in (1.0, 0.3, 0.0):
                plan = {
                    "base": base,
                    "rate": round((income - base) / goal - 5e-6, 5),
                    "plan_gp": goal,
                    **plain,
                    "passthrough_rate_mult": passing,
                }
                if all(eight(company, plan)):
                    return plan
    raise AssertionError("no scheme passes: the gate should have refused this code")


# The best paid --------------------------------------------------------------------------------


def best_paid(company) -> dict:
    rows, year = history(company), lines(company)
    base, rate, _ = new_scheme(company)
    income = rows.groupby("employee_id")["total"].mean()
    who = income.idxmax()
    need = (income[who] - base) / rate
    best = rows.loc[rows["employee_id"] == who, "fact_gp"].max()
    grade = company.employees.set_index("employee_id")["grade"].astype(object)
    full = rows[rows["worked"] >= 0.6].groupby("employee_id")["total"].mean()
    to_market = np.mean([pay / market(company, grade[i]) for i, pay in full.items()])
    dear = year["total"].sum() / year["fact_gp"].sum() >= 1.1 * CAP and to_market > 1
    can = need <= best and need <= 1.5 * room(company, who)
    return {
        "ветвь": "scheme" if dear else "elsewhere",
        "план": need,
        "достижим": "yes" if can else "no",
    }


def room(company, who) -> float:
    """What leads and repeat orders bring a month: leads × conversion × profit + the base."""
    from . import funnel

    leads = funnel.leads(company)
    mature = funnel.mature(company, leads)[-6:]
    year = [pd.Timestamp(m).to_period("M") for m in sorted(lines(company)["month"].unique())]
    own = leads[(leads["owner_id"] == who) & leads["month"].isin(year)]
    won = leads.loc[leads["status"] == "оплачена", "gp"].astype(float).mean()
    first = len(own) / 12 * funnel.paid_share(leads, mature) / 100 * won
    orders = company.orders
    again = orders[(orders["owner_id"] == who) & orders["is_repeat"].astype(bool)]
    paid = again[again["paid_at"].dt.to_period("M").isin(year)]
    return first + paid["gp"].sum() / 12


# A year with people ---------------------------------------------------------------------------


def offers(company) -> list[dict]:
    """The schemes of the meeting, from the income and the plan of task 3."""
    income = market(company)
    k0 = CAP / (0.4 / 0.8 + 0.6)
    goal = round(income / k0 / 1000) * 1000
    made = [
        (0.6, 0.9, {}),
        (0.4, 0.6, {"cap_attainment": 1.0}),
        (0.4, 0.6, {"accel_mult": 1.5}),
        (0.4, 0.6, {"threshold": 1.0}),
        (0.5, 0.75, {}),
        (0.6, 0.4, {}),
        (0.3, 0.7, {}),
    ]
    return [
        {
            "base": round(b * income / 100) * 100,
            "rate": round(r * k0, 4),
            "plan_gp": goal,
            **more,
        }
        for b, r, more in made
    ]


def luck(company, n: int) -> np.ndarray:
    """The firm's own uniforms, month by month and seat by seat."""
    from salescourse.simulation.streams import Streams  # floor 1: the bits, not the model

    return Streams(company.code, company.edition).uniform("motivation/quit", 12 * n).reshape(12, n)


def year_of(company, plan: dict) -> dict:
    """A year by the published assumptions, seat after seat, month after month."""
    rows = history(company)
    months = sorted(rows["month"].unique())
    people = sorted(rows["employee_id"].unique())
    grade = company.employees.set_index("employee_id")["grade"].astype(object)
    usual = (0.035, 0.020, 0.012)
    draws, total, paid, left, before = luck(company, len(people)), 0.0, 0.0, 0, 0.0
    cliff = _cliff(plan)
    for seat, who in enumerate(people):
        own = rows[rows["employee_id"] == who].set_index("month")
        full = own[own["worked"] >= 0.6]
        full = full if len(full) else own
        gp, passing, worked = [], [], []
        for month in months:
            here = month in own.index
            gp.append(own["fact_gp"][month] if here else full["fact_gp"].mean())
            passing.append(own["passing"][month] if here else full["passing"].mean())
            worked.append(own["worked"][month] if here else 1.0)
        before += sum(gp)
        norm = sum(gp) / sum(worked)
        through = sum(passing) / sum(worked)
        more = 0.01 * plan["plan_gp"]
        slope = (monthly_pay(plan, norm + more, through) - monthly_pay(plan, norm, through)) / more
        effort = min(1.15, max(0.90, 1 + 0.25 * (slope / 0.0545 - 1)))
        if cliff and norm < 0.7 * cliff * plan["plan_gp"]:
            effort *= 0.9
        income = np.mean(
            [monthly_pay(plan, g, p, w) for g, p, w in zip(gp, passing, worked, strict=True)]
        )
        rung, age, owed = RUNGS.index(grade[who]), None, 0.0
        for i in range(12):
            ramp = 1.0 if age is None else (0.4, 0.7, 0.9, 1.0)[min(age, 3)]
            sold = gp[i] * effort * ramp + owed
            owed = 0.0
            if cliff and i < 11:
                moved = _moved(sold, gp[i + 1] * effort * ramp, cliff * plan["plan_gp"] * worked[i])
                sold, owed = sold + moved, -moved
            factor = sold / gp[i] if gp[i] else 1.0
            total += sold
            paid += monthly_pay(plan, sold, passing[i] * factor, worked[i])
            age = None if age is None else age + 1
            chance = usual[rung] * math.exp(-2 * (income / market(company, RUNGS[rung]) - 1))
            if draws[i, seat] < min(1.0, chance):
                left, rung, age = left + 1, 0, 0
    return {"change": 100 * (total / before - 1), "share": 100 * paid / total, "left": left}


def _cliff(plan: dict) -> float | None:
    """Where a per cent of plan gives more than a quarter of the month's pay."""
    at = [monthly_pay(plan, x / 100 * plan["plan_gp"]) for x in range(151)]
    steps = [(b / a - 1, x + 1) for x, (a, b) in enumerate(pairwise(at))]
    worst, place = max(steps, key=lambda step: (step[0], -step[1]))
    return place / 100 if worst > 0.25 else None


def _moved(sold: float, following: float, edge: float) -> float:
    """What a seller near the edge takes from the next month, or keeps for it."""
    week = 0.15 * 7 / 30
    if 0.9 * edge <= sold < edge:
        return week * max(following, 0.0)
    if edge <= sold <= 1.1 * edge:
        return -min(week * sold, sold - edge)
    return 0.0


def behaviour(company) -> dict:
    made = offers(company)
    first = int(lines(company)["total"].sum()) // 1000 % len(made)
    for i in range(len(made)):
        year = year_of(company, made[(first + i) % len(made)])
        broken = {
            "profit": year["change"] < -2,
            "share": year["share"] > 100 * CAP,
            "leavers": year["left"] > 2,
        }
        names = [name for name, is_broken in broken.items() if is_broken]
        apart = abs(year["change"] + 2) >= 0.8 and abs(year["share"] - 100 * CAP) >= 0.2
        if len(names) <= 1 and apart and abs(year["change"]) >= 0.6:
            return {"ВП": year["change"], "вывод": (names or ["launch"])[0]}
    raise AssertionError("no clear scheme: the gate should have refused this code")


ORACLES = {
    "motivation-1": share,
    "motivation-2": mixes,
    "motivation-3": plans,
    "motivation-4": breaks,
    "motivation-5": scheme,
    "motivation-6": best_paid,
    "motivation-7": behaviour,
}
