"""Unit funnel: slow, literal readings of the questions' own words."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

STAGES = ["Новая заявка", "Квалификация", "КП", "Переговоры", "Оплата"]
STEPS = [f"{a} → {b}" for a, b in pairwise(STAGES)]


# The tables, joined ---------------------------------------------------------------------------


def leads(company) -> pd.DataFrame:
    """One row a clean lead: its deal, the furthest stage it entered, when it was last touched."""
    return company.memo("oracle.leads", lambda: joined(company)).copy()


def joined(company) -> pd.DataFrame:
    history = company.stage_history
    rank = history["stage"].astype(str).map({name: i for i, name in enumerate(STAGES)})
    furthest = rank.groupby(history["deal_id"]).max().rename("far")
    clean = company.leads.query("mark.isna()")[
        ["lead_id", "created_at", "source", "campaign", "owner_id", "first_contact_at"]
    ]
    clean = clean.astype({"source": object, "campaign": object, "lead_id": "int64"})
    deals = company.deals.dropna(subset="lead_id")[
        ["deal_id", "lead_id", "created_at", "closed_at", "status", "stage", "gp", "price_named"]
    ].astype({"lead_id": "int64", "status": object})
    rows = clean.merge(deals, on="lead_id", suffixes=("", "_deal"))
    rows = rows.merge(furthest, left_on="deal_id", right_index=True, how="left")
    rows["far"] = rows["far"].fillna(0)
    touched = company.activities.dropna(subset="deal_id").groupby("deal_id")["at"].max()
    touched.index = touched.index.astype("int64")
    rows["touched"] = rows["deal_id"].map(touched).fillna(rows["created_at_deal"])
    rows["month"] = rows["created_at"].dt.to_period("M")
    rows["paid"] = rows["far"] == 4
    return rows


def mature(company, rows: pd.DataFrame) -> list[pd.Period]:
    """All mature months, the first to the last."""
    won = rows[rows["status"] == "оплачена"]
    days = (won["closed_at"] - won["created_at_deal"]) / pd.Timedelta(days=1)
    long = days.quantile(0.9)
    months = pd.period_range(rows["month"].min(), company.asof.to_period("M"))
    ends = months.to_timestamp(how="end").normalize()
    return [m for m, end in zip(months, ends, strict=True) if (company.asof - end).days >= long]


def latest(company, count: int) -> list[pd.Period]:
    return list(pd.period_range(end=company.asof.to_period("M"), periods=count))


def paid_share(rows: pd.DataFrame, months) -> float:
    return 100 * rows.loc[rows["month"].isin(months), "paid"].mean()


# Tasks 1 to 3 ---------------------------------------------------------------------------------


def conversion(company) -> float:
    rows = leads(company)
    old = mature(company, rows)
    for count in (6, 5, 4):
        answer = paid_share(rows, old[-count:])
        if abs(paid_share(rows, latest(company, count)) - answer) >= 0.6:
            return answer
    return paid_share(rows, old[-3:])


def month(company) -> dict:
    rows = leads(company)
    old = mature(company, rows)
    usual = paid_share(rows, old)
    found = []
    for m in old[3:]:
        own = rows[rows["month"] == m]
        payments = rows[(rows["status"] == "оплачена") & (rows["closed_at"].dt.to_period("M") == m)]
        found.append((100 * len(payments) / len(own), 100 * own["paid"].mean()))
    typical = pd.Series([ratio for ratio, _ in found]).median()
    fit = [(r - c, c) for r, c in found if r >= 1.12 * typical and c <= 1.2 * usual]
    cohort = max(fit)[1]
    return {"вывод": "mirage", "когорта": cohort}


def stage_table(company) -> dict:
    rows = leads(company)
    rows = rows[rows["month"].isin(mature(company, rows)[-18:])]
    return {
        step: 100 * (rows.loc[rows["far"] >= i, "far"] > i).mean() for i, step in enumerate(STEPS)
    }


# Tasks 4 and 5 --------------------------------------------------------------------------------


def cells(company) -> list[dict]:
    return company.memo("oracle.cells", lambda: all_cells(company))


def all_cells(company) -> list[dict]:
    rows = leads(company)
    value = rows.loc[rows["status"] == "оплачена", "gp"].astype(float).mean()
    months = mature(company, rows)[-18:]
    rows = rows[rows["month"].isin(months)]
    out = []
    for i, step in enumerate(STEPS):
        onward = {s: chain(own, i) for s, own in rows.groupby("source")}
        here = rows[rows["far"] >= i].assign(passed=lambda r, i=i: r["far"] > i)
        near = here.dropna(subset="campaign")
        for by, some in (("owner_id", here), ("campaign", near)):
            counts = some.groupby([by, "source"])["passed"].agg(["size", "sum"])
            for who, own in counts.groupby(level=0):
                rest = counts.drop(index=who, level=0)
                found = cell(own.droplevel(0), rest.groupby(level=1).sum(), onward)
                found["lost"] *= value / len(months)
                out.append({"переход": step, "где": str(who), **found})
    return out


def chain(rows: pd.DataFrame, i: int) -> float:
    """What share of those who passed transition `i` goes on to pay, stage by stage."""
    share = 1.0
    for j in range(i + 1, 4):
        reached = rows[rows["far"] >= j]
        share *= (reached["far"] > j).mean() if len(reached) else 0.0
    return share


def cell(own: pd.DataFrame, rest: pd.DataFrame, onward: dict) -> dict:
    """One cell, source by source: people expected, people passed, how many would have paid."""
    expected = variance = lost = 0.0
    for source, (size, passed) in own.iterrows():
        others = rest.loc[source] if source in rest.index else rest.sum()
        p = others["sum"] / others["size"]
        expected += size * p
        lost += (size * p - passed) * onward[source]
        variance += size * p * (1 - p) * (1 + size / others["size"])
    z = (expected - own["sum"].sum()) / variance**0.5 if variance else 0.0
    return {"n": own["size"].sum(), "lost": lost, "z": z}


def worst(company) -> dict:
    proven = [c for c in cells(company) if c["n"] >= 50 and c["z"] >= 2.5]
    return max(proven, key=lambda c: c["lost"])


def leak(company) -> dict:
    found = worst(company)
    return {"переход": found["переход"], "где": found["где"]}


def price(company) -> float:
    return worst(company)["lost"]


# Task 6 ---------------------------------------------------------------------------------------


def equal_mix(company) -> dict:
    rows = leads(company)
    rows = rows[rows["month"].isin(mature(company, rows)[-18:])]
    weights = rows.groupby("source").size()
    people = {}
    for owner, own in rows.groupby("owner_id"):
        if len(own) < 100:
            continue
        inside = own.groupby("source")["paid"].mean()
        known = weights[inside.index]
        people[owner] = (100 * own["paid"].mean(), 100 * (inside * known).sum() / known.sum())
    for owner in [o for o, (raw, equal) in people.items() if abs(raw - equal) < 1.0]:
        del people[owner]
    first, second = _turned_over(people)
    better = max((first, second), key=lambda o: people[o][1])
    low, high = sorted((first, second))
    return {"кто лучше": int(better), "первый": people[low][1], "второй": people[high][1]}


def _turned_over(people: dict) -> tuple[int, int]:
    by_raw = sorted(people, key=lambda o: -people[o][0])
    for a in by_raw:
        lower = [
            b for b in by_raw if people[b][0] < people[a][0] and people[b][1] - people[a][1] >= 1.0
        ]
        if lower and people[a][0] - people[lower[-1]][0] >= 1.0:
            return a, lower[-1]
    raise AssertionError("no reversal: the gate should have refused this code")


# Task 7 ---------------------------------------------------------------------------------------


def cause(company) -> dict:
    rows = leads(company)
    rows = rows[rows["month"].isin(mature(company, rows)[-18:])].copy()
    found = worst(company)
    i, where = STEPS.index(found["переход"]), found["где"]
    campaign = not where.isdigit()
    if campaign:
        source = rows.loc[rows["campaign"] == where, "source"].iloc[0]
        rows = rows[rows["campaign"].notna() & (rows["source"] == source)]
        rows["own"] = rows["campaign"] == where
    else:
        rows["own"] = rows["owner_id"] == int(where)
    rows = rows[rows["far"] >= i].assign(passed=lambda r: r["far"] > i)
    hours = (rows["first_contact_at"] - rows["created_at"]) / pd.Timedelta(hours=1)
    rows["speed"] = pd.cut(hours, [-1, 1, 4, 24, 1e9]).astype(str)
    rows["price"] = rows["price_named"].astype(object).fillna("пусто") if i >= 2 else "рано"
    silent = rows["touched"] < company.asof - pd.Timedelta(days=30)
    dead = (rows["status"] == "открыта") & silent & ~rows["passed"]
    gap = _gap(rows, ["source"])
    left = {
        "lag_hours": _gap(rows, ["source", "speed"]),
        "price_named": _gap(rows, ["source", "price"]),
        "zombie": _gap(rows[~dead], ["source"]),
    }
    if campaign:
        left["campaign"] = gap - _gap(rows, ["owner_id"])
    else:
        left["campaign"] = _gap(rows.fillna({"campaign": "нет"}), ["source", "campaign"])
    best = min(left, key=lambda name: left[name] / gap)
    return {"причина": best, "срез": best}


def _gap(rows: pd.DataFrame, by: list[str]) -> float:
    """Others' share of passing on the cell's own mix of `by`, less its own."""
    own, rest = rows[rows["own"]], rows[~rows["own"]]
    rate = rest.groupby(by)["passed"].mean().rename("rate").reset_index()
    joined = own.merge(rate, on=by, how="left")
    return joined["rate"].fillna(rest["passed"].mean()).mean() - own["passed"].mean()


ORACLES = {
    "funnel-1": conversion,
    "funnel-2": month,
    "funnel-3": stage_table,
    "funnel-4": leak,
    "funnel-5": price,
    "funnel-6": equal_mix,
    "funnel-7": cause,
}
