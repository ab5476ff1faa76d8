"""Unit ladder: slow, literal readings of the questions' own words."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

CAP = 0.10  # payroll of sellers in gross profit, the profile's
ACTIVITIES = ("quotes", "meetings", "talks", "cold", "named", "fast")


# Months and people ----------------------------------------------------------------------------


def short(fio: str) -> str:
    surname, *rest = fio.split()
    return "\u00a0".join([surname, *(f"{word[0]}." for word in rest)])


def last_full(company, count: int) -> list[pd.Period]:
    """The last months that ended by the as-of date."""
    this = company.asof.to_period("M")
    last = this if company.asof.normalize() == this.end_time.normalize() else this - 1
    return list(pd.period_range(end=last, periods=count, freq="M"))


def worked(company) -> pd.DataFrame:
    """Pay by person and month, with the share of days worked and whether it is still the ramp."""
    pay = company.payroll.copy()
    pay["month"] = pay["month"].dt.to_period("M")
    pay["share"] = pay["days_worked"] / pay.groupby("month")["days_worked"].transform("max")
    hired = company.employees.set_index("employee_id")["hired_on"]
    start = pay["month"].dt.to_timestamp()
    pay["ramp"] = (start - pay["employee_id"].map(hired)).dt.days < 120
    return pay


def shipped(company) -> pd.DataFrame:
    """Person-months that count, with turnover and GP by shipping."""
    return company.memo("oracle.shipped", lambda: _shipped(company))


def _shipped(company) -> pd.DataFrame:
    orders = company.orders.dropna(subset="shipped_at")
    month = orders["shipped_at"].dt.to_period("M").rename("month")
    book = orders.groupby([orders["owner_id"].rename("employee_id"), month])[["revenue", "gp"]]
    rows = worked(company).merge(book.sum().reset_index(), on=["employee_id", "month"], how="left")
    rows = rows.fillna({"revenue": 0, "gp": 0})
    return rows[(rows["share"] >= 0.6) & ~rows["ramp"]]


def ordinary(company, months: list[pd.Period], least: int) -> pd.DataFrame:
    out = {}
    for who, own in shipped(company).groupby("employee_id"):
        own = own[own["month"].isin(months)]
        if len(own) >= least:
            out[who] = (float(own["revenue"].median()), float(own["gp"].median()))
    return pd.DataFrame.from_dict(out, orient="index", columns=["turnover", "gp"])


def half_year(company) -> pd.DataFrame:
    return ordinary(company, last_full(company, 6), 3)


def named(company, values: pd.Series) -> dict[str, float]:
    fio = company.employees.set_index("employee_id")["fio"]
    return {short(fio[who]): float(value) for who, value in values.items()}


# Task 1 ---------------------------------------------------------------------------------------


def months(company) -> dict:
    rows = half_year(company)
    return {"оборот": named(company, rows["turnover"]), "ВП": named(company, rows["gp"])}


# Tasks 2 and 3 --------------------------------------------------------------------------------


def top_norms(company) -> tuple[float, float]:
    """The norms of the question: a cut after the second to the fourth by turnover."""
    rows = half_year(company)
    margin = (rows["gp"] / rows["turnover"]).median()
    order = sorted(rows["turnover"], reverse=True)
    best = None
    for rank in (2, 3, 4):
        turnover = round(float(np.sqrt(order[rank - 1] * order[rank])) / 1e4) * 1e4
        gp = round(0.95 * margin * turnover / 1e4) * 1e4
        low = rows[(rows["turnover"] >= turnover) & (rows["gp"] < gp)]
        gap = min(
            *(abs(t / turnover - 1) for t in rows["turnover"]),
            *(abs(g / gp - 1) for g in rows["gp"]),
        )
        if gap >= 0.012 and len(low) <= 1:
            found = (len(low) == 1, gap, turnover, gp)
            best = found if best is None or found[:2] > best[:2] else best
    return best[2:]


def discounter(company) -> int:
    rows = half_year(company)
    turnover, gp = top_norms(company)
    low = rows.index[(rows["turnover"] >= turnover) & (rows["gp"] < gp)]
    return int(low[0]) if len(low) else 0


def heir(company) -> int:
    year = last_full(company, 12)
    people = half_year(company).index
    orders = company.orders.dropna(subset="paid_at")
    orders = orders[orders["paid_at"].dt.to_period("M").isin(year)]
    orders = orders[orders["owner_id"].isin(people)].copy()
    kinds = ["исходящий звонок", "встреча", "КП"]
    log = company.activities.dropna(subset="client_id")
    log = log[log["type"].isin(kinds)]
    touched = log[["client_id", "at"]].astype({"client_id": "int64"})
    touched = touched.assign(day=touched["at"].dt.normalize())[["client_id", "day"]]
    asked = orders[orders["is_repeat"] & (orders["channel_in"] != "от продавца")]
    near = asked[["order_id", "client_id", "ordered_at"]].merge(touched, on="client_id")
    before = (near["ordered_at"] - near["day"]).dt.days
    sold = near.loc[before.between(0, 14), "order_id"]
    orders["passing"] = orders["order_id"].isin(asked["order_id"]) & ~orders["order_id"].isin(sold)
    by_owner = orders.groupby("owner_id")
    share = orders[orders["passing"]].groupby("owner_id")["gp"].sum() / by_owner["gp"].sum()
    new = orders[~orders["is_repeat"]].groupby("owner_id").size().reindex(people, fill_value=0)
    found = [who for who in people if share.get(who, 0) >= 0.6 and new[who] <= new.median() / 2]
    return int(found[0]) if found else 0


# Task 4 ---------------------------------------------------------------------------------------


def compa(company) -> dict[str, float]:
    rows = worked(company)
    rows = rows[rows["month"].isin(last_full(company, 12)) & (rows["share"] >= 0.6) & ~rows["ramp"]]
    market = company.market_salary.set_index(["city", "grade"])["median"]
    grade = company.employees.set_index("employee_id")["grade"]
    out = {
        who: rows.loc[rows["employee_id"] == who, "total"].mean() / market[company.city, grade[who]]
        for who in half_year(company).index
    }
    return named(company, pd.Series(out))


# Task 5 ---------------------------------------------------------------------------------------


def ladder(company) -> dict:
    """Another ladder than the reference one: norms from incomes upwards, thresholds at a median."""
    market = company.market_salary
    market = market[market["city"] == company.city].set_index("grade")["median"]
    pay = company.payroll[company.payroll["month"].dt.to_period("M").isin(last_full(company, 12))]
    margin = pay["fact_gp"].sum() / pay["fact_revenue"].sum()
    rows = half_year(company)
    steps = np.arange(5e5, 3e6, 25_000)
    low = [0.9 * market[g] for g in ("менеджер", "специалист", "ведущий")]
    for second in steps:
        for third in steps[steps >= 1.1 * second]:
            norms = (np.floor(second / 1.1 / 1e4) * 1e4, second, third)
            incomes = [
                min(1.1 * market[g], CAP * n) // 1000 * 1000
                for g, n in zip(("менеджер", "специалист", "ведущий"), norms, strict=True)
            ]
            fits = all(a >= b for a, b in zip(incomes, low, strict=True))
            if not fits or not incomes[0] < incomes[1] < incomes[2]:
                continue
            place = np.zeros(len(rows), int)
            for i, norm in enumerate(norms):
                place[(rows["gp"] >= norm) & (rows["turnover"] >= 0.95 * norm / margin)] = i
            sizes = np.bincount(place, minlength=3)
            if sizes.min() >= 1 and sizes.max() <= 0.6 * len(rows):
                return _filled(company, rows.index, place, norms, incomes, margin)
    return {}


def _filled(company, people, place, norms, incomes, margin) -> dict:
    first = {"quotes": "КП отправлено", "meetings": "встречи с клиентами"}
    first["talks"] = "разговоры с клиентами"
    lead = leading(company)["показатель"]
    chosen = [lead, next(n for n in first if n != lead)]
    table = indicators(company)
    full = table["whole"]
    out = {}
    for i, grade in enumerate(("менеджер", "специалист", "ведущий")):
        own = {
            first[n]: float(
                np.rint(table[n].where(full).iloc[:, -6:].mean(axis=1)[people[place == i]].median())
            )
            for n in chosen
        }
        base = np.rint(0.42 * incomes[i])
        money = {"оклад": base, "бонус": incomes[i] - base}
        out[grade] = {"оборот": 0.95 * norms[i] / margin, "ВП": norms[i], **money, **own}
    return out | {"кварталов подряд": 2}


# Task 6 ---------------------------------------------------------------------------------------


def indicators(company) -> dict[str, pd.DataFrame]:
    """Every indicator as a table of sellers and months, with the GP of new sales beside them."""
    return company.memo("oracle.indicators", lambda: _indicators(company))


def _indicators(company) -> dict[str, pd.DataFrame]:
    pay = worked(company)
    months = sorted(pay["month"].unique())
    months = [m for m in months if m in set(last_full(company, 60))]
    size = pay.groupby("employee_id").size()
    people = size.index[size >= 12]

    def table(rows, who, when, values=None):
        month = rows[when].dt.to_period("M")
        groups = rows.groupby([rows[who], month])
        sums = groups.size() if values is None else groups[values].sum()
        return sums.unstack(fill_value=0).reindex(people, fill_value=0).reindex(
            columns=months, fill_value=0
        ).astype(float)  # fmt: skip

    log, deals, orders = company.activities, company.deals, company.orders
    client = log["client_id"].notna()
    told = deals.dropna(subset="price_named").assign(yes=lambda d: d["price_named"].astype(float))
    leads = company.leads.dropna(subset="first_contact_at").query("mark.isna()")
    hours = (leads["first_contact_at"] - leads["created_at"]).dt.total_seconds() / 3600
    leads = leads.assign(yes=(hours < 1).astype(float))
    sold = orders.dropna(subset=["deal_id", "paid_at"])
    share = pay.pivot(index="employee_id", columns="month", values="share")
    calls = log["type"] == "исходящий звонок"
    named = table(told, "owner_id", "created_at", "yes") / table(told, "owner_id", "created_at")
    fast = table(leads, "owner_id", "created_at", "yes") / table(leads, "owner_id", "created_at")
    return {
        "quotes": table(log[log["type"] == "КП"], "employee_id", "at"),
        "meetings": table(log[(log["type"] == "встреча") & client], "employee_id", "at"),
        "talks": table(log[calls & client], "employee_id", "at"),
        "cold": table(log[calls & (log["result"] == "недозвон")], "employee_id", "at"),
        "named": named,
        "fast": fast,
        "gain": table(sold, "owner_id", "paid_at", "gp"),
        "whole": share.reindex(index=people, columns=months) >= 0.6,
    }


def leading(company) -> dict:
    table = indicators(company)
    gain = table["gain"].where(table["whole"])
    ahead = (gain.shift(-1, axis=1) + gain.shift(-2, axis=1)) / 2
    found = {}
    for name in ACTIVITIES:
        x = table[name].where(table["whole"])
        pairs = pd.DataFrame({"x": x.stack(), "y": ahead.stack()}).dropna()
        pairs = pairs - pairs.groupby(level=0).transform("mean")
        found[name] = pairs["x"].corr(pairs["y"])
    best = max(found, key=lambda n: -2 if np.isnan(found[n]) else found[n])
    return {"показатель": best, "r": found[best]}


# Task 7 ---------------------------------------------------------------------------------------


def promotion(company) -> dict:
    half = half_year(company)
    grade = company.employees.set_index("employee_id")["grade"]
    juniors = [who for who in half.index if grade[who] == "менеджер"]
    months = last_full(company, 6)
    last, before = (ordinary(company, own, 2).reindex(juniors) for own in (months[3:], months[:3]))
    margin = (half["gp"] / half["turnover"]).median()
    values = sorted(v for v in [*last["gp"], *before["gp"]] if not np.isnan(v))
    best = None
    for a, b in pairwise(values):
        gp = round(float(np.sqrt(a * b)) / 1e4) * 1e4
        turnover = round(0.93 * gp / margin / 1e4) * 1e4
        held, had = (
            {w for w in juniors if t.loc[w, "gp"] >= gp and t.loc[w, "turnover"] >= turnover}
            for t in (last, before)
        )
        gap = min(abs(v / gp - 1) for v in values)
        now, later = sorted(held & had), sorted(held - had)
        rank = (len(now) == 1 and len(later) == 1 and gap >= 0.02, gap)
        if now and later and (best is None or rank > best[0]):
            best = (rank, now, later)
    return {"сейчас": [int(w) for w in best[1]], "через квартал": [int(w) for w in best[2]]}


ORACLES = {
    "ladder-1": months,
    "ladder-2": discounter,
    "ladder-3": heir,
    "ladder-4": compa,
    "ladder-5": ladder,
    "ladder-6": leading,
    "ladder-7": promotion,
}
