"""How often the planted causes of the units still to come can be found.

    python tests/bench/identifiability.py [CODES] [SEED]

Draws random codes and prints, by task, the share of companies in which a careful analyst
reaches the planted answer from the visible tables alone, and the median of its key figure.
The gates are those of the identifiability study, section 4, in plain pandas.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise

import numpy as np
import pandas as pd

from salescourse.codes import COUNT, from_number
from salescourse.company import Company

CAP, MIX = 0.10, 0.40
THRESHOLD = 50_000


def sellers(company) -> pd.Index:
    people = company.employees
    return pd.Index(people[(people.role == "МОП-универсал") & people.left_on.isna()].employee_id)


def e3_1(company):
    quotes = company.deals[company.deals.price_named.notna()]
    named = quotes.price_named.astype(float)
    high = quotes.amount > THRESHOLD
    share = named.groupby([quotes.owner_id, high]).mean().unstack()
    n = high.groupby(quotes.owner_id).sum()
    gap = (share[False] - share[True]) * 100
    found = set(gap.index[gap >= 20])
    facts = company.facts()
    truth = set(facts["fearful"])
    clear = (gap - 20).abs().min() >= 4
    return found == truth and len(truth) == 3 and clear and n.min() >= 60, float(
        gap[list(truth)].min()
    )


def pilot(company):
    quotes = company.deals[company.deals.tag == "пилот"]
    gain = quotes.gp.fillna(0).astype(float)
    arms = [gain[quotes.n_options == k] for k in (1, 3)]
    difference = arms[1].mean() - arms[0].mean()
    return difference / np.sqrt(sum(a.var() / len(a) for a in arms)), len(arms[1])


def e3_5(company):
    z, _ = pilot(company)
    kind = company.facts()["pilot"]
    fits = {
        "rollout": z >= 2.4,
        "extend": abs(z) <= 1.6,
        "null": abs(z) <= 1.6,
        "close": z <= -2.4,
    }
    return bool(fits[kind]), float(z)


def year(company) -> pd.DataFrame:
    months = company.pnl.month.sort_values().iloc[-12:]
    return company.payroll[company.payroll.month.isin(months)]


def e4_1(company):
    pay = year(company)
    share = pay.total.sum() / pay.fact_gp.sum() * 100
    by_seller = pay.groupby("employee_id")[["total", "fact_gp"]].sum()
    seller_mean = (by_seller.total / by_seller.fact_gp).mean() * 100
    person_month = (pay.total / pay.fact_gp).mean() * 100
    apart = min(abs(seller_mean - share), abs(person_month - share)) >= 0.4
    over = share >= 11 or company.facts()["pay"] == 1
    return apart and over, float(share)


def e4_2(company):
    pay = year(company)
    fact = pay.base_paid.sum() / pay.total.sum()
    rate = pay.bonus_paid.sum() / pay.fact_revenue.sum()
    plan = company.plans.merge(pay[["employee_id", "month", "base_paid"]])
    at_plan = plan.base_paid.sum() / (plan.base_paid.sum() + rate * plan.plan_revenue.sum())
    return abs(fact - at_plan) >= 0.02, float(fact * 100)


def market(company, grade="специалист") -> float:
    rows = company.market_salary
    return float(rows[(rows.city == company.city) & (rows.grade == grade)]["median"].iloc[0])


def typical(company) -> pd.DataFrame:
    """Median month of the last six of those who worked it whole, turnover by shipping."""
    months = company.pnl.month.sort_values().iloc[-6:]
    pay = company.payroll[company.payroll.month.isin(months)]
    orders = company.orders.dropna(subset=["shipped_at"])
    month = orders.shipped_at.dt.to_period("M").dt.to_timestamp().astype("datetime64[s]")
    book = orders.groupby(["owner_id", month])[["revenue", "gp"]].sum()
    book.index.names = ["employee_id", "month"]
    rows = pay.merge(book.reset_index(), on=["employee_id", "month"])
    workdays = rows.groupby("month").days_worked.transform("max")
    rows["full"] = rows.days_worked >= 0.6 * workdays
    hired = rows.employee_id.map(company.employees.set_index("employee_id").hired_on)
    return rows[(company.asof - hired).dt.days > 120]


def e4_5(company):
    gp = typical(company).query("full").groupby("employee_id").gp.median().sort_values()
    k0 = CAP / (MIX / 0.8 + 1 - MIX)
    low, high = 0.9 * market(company) / k0, 1.15 * market(company) / k0
    plans = np.linspace(low, high, 60)
    reach = (gp.to_numpy()[None, :] >= plans[:, None]).mean(1)
    return bool(((reach >= 0.5) & (reach <= 0.7)).any()), float(gp.median() / 1e3)


def e4_6(company):
    pay = year(company)
    best = pay.groupby("employee_id").total.mean().idxmax()
    facts = company.facts()
    takers = {facts["roles"]["order_taker_1"], facts["roles"]["order_taker_2"]}
    k0 = CAP / (MIX / 0.8 + 1 - MIX)
    income = pay[pay.employee_id == best].total.mean()
    equal = (income - MIX * market(company)) / ((1 - MIX) * k0)
    ratio = equal / pay[pay.employee_id == best].fact_gp.max()
    return best in takers and abs(ratio - 1) >= 0.10, float(ratio)


def e7_1(company):
    rows = typical(company)
    part = company.facts()["roles"]["part_time"]
    own = rows[rows.employee_id == part]
    median, naive = own[own.full].revenue.median(), own.revenue.median()
    return own.full.sum() >= 3 and abs(naive / median - 1) >= 0.02, float(naive / median - 1) * 100


def e7_2(company):
    rows = typical(company).query("full").groupby("employee_id")[["revenue", "gp"]].median()
    margin = (rows.gp / rows.revenue).median()
    ranked = rows.sort_values("revenue", ascending=False)
    guilty = {company.facts()["roles"]["discounter"]}
    for j in (2, 3, 4):
        cut = np.sqrt(ranked.revenue.iloc[j - 1] * ranked.revenue.iloc[j])
        gp_cut = 0.95 * margin * cut
        flips = set(ranked.index[(ranked.revenue >= cut) & (ranked.gp < gp_cut)])
        near = min((ranked.revenue / cut - 1).abs().min(), (ranked.gp / gp_cut - 1).abs().min())
        if flips == guilty and near >= 0.012:
            return True, float(near * 100)
    return False, 0.0


def pass_through(company) -> pd.Series:
    """Share of a seller's GP in repeat orders that came in with no selling call in 14 days."""
    orders = company.orders[company.orders.ordered_at >= company.asof - pd.DateOffset(months=12)]
    calls = company.activities[
        (company.activities.type == "исходящий звонок") & company.activities.client_id.notna()
    ]
    calls = calls[["client_id", "at"]].astype({"client_id": "int64"}).sort_values("at")
    rows = orders.sort_values("ordered_at")
    rows["at"] = (rows.ordered_at + pd.Timedelta(days=1)).astype("datetime64[s]")
    joined = pd.merge_asof(
        rows, calls.assign(call=calls["at"]), on="at", by="client_id", direction="backward"
    )
    recent = (joined["at"] - joined.call).dt.days <= 14
    inbound = joined.channel_in != "от продавца"
    passing = joined.is_repeat & inbound & ~recent
    return (joined.gp * passing).groupby(joined.owner_id).sum() / joined.groupby(
        "owner_id"
    ).gp.sum()


def e7_3(company):
    share = pass_through(company)
    roles = company.facts()["roles"]
    one, two = roles["order_taker_1"], roles["order_taker_2"]
    others = share.drop([one, two])
    fresh = company.deals[company.deals.is_first_purchase & (company.deals.status == "оплачена")]
    fresh = fresh[fresh.closed_at >= company.asof - pd.DateOffset(months=12)]
    new = fresh.groupby("owner_id").size().reindex(share.index, fill_value=0)
    new = new.drop(roles["newcomer"])
    fits = (
        min(share[one], share[two]) >= 0.6
        and others.max() <= 0.5
        and new[one] <= new.median() / 2
        and new[one] == new.min()
        and new[two] >= 1.6 * new[one]
    )
    return bool(fits), float(min(share[one], share[two]) * 100)


def e7_4(company):
    pay = year(company)
    income = pay.groupby("employee_id").total.mean().drop(company.facts()["roles"]["newcomer"])
    grade = company.employees.set_index("employee_id").grade.astype(str)
    compa = income / np.array([market(company, grade[i]) for i in income.index])
    return bool((compa < 0.9).any() and (compa > 1.1).any()), float(compa.min())


def e7_6(company):
    months = pd.Index(company.pnl.month.sort_values())
    team = sellers(company).drop(company.facts()["roles"]["newcomer"])
    acts = company.activities

    def monthly(rows, when, who, values=None):
        month = rows[when].dt.to_period("M").dt.to_timestamp().astype("datetime64[s]")
        keys = [rows[who], month]
        table = rows.groupby(keys).size() if values is None else rows.groupby(keys)[values].sum()
        return table.unstack(fill_value=0).reindex(index=team, columns=months, fill_value=0)

    quotes = monthly(acts[acts.type == "КП"], "at", "employee_id").to_numpy(float)
    calls = monthly(acts[acts.type == "исходящий звонок"], "at", "employee_id").to_numpy(float)
    sold = company.orders[company.orders.deal_id.notna() & company.orders.paid_at.notna()]
    gain = monthly(sold, "paid_at", "owner_id", "gp").to_numpy(float)
    ahead = (gain[:, 1:-1] + gain[:, 2:]) / 2

    def within(x, y):
        x, y = x - x.mean(1, keepdims=True), y - y.mean(1, keepdims=True)
        return float((x * y).sum() / np.sqrt((x**2).sum() * (y**2).sum()))

    r = within(quotes[:, :-2], ahead)
    same = within(quotes, gain)
    between = float(np.corrcoef(quotes[:, :-2].mean(1), ahead.mean(1))[0, 1])
    false = within(calls[:, :-2], ahead)
    fits = r >= 0.30 and false <= r - 0.15 and abs(same - r) >= 0.14 and abs(between - r) >= 0.14
    return fits, r


def e7_7(company):
    rows = typical(company).query("full")
    last = rows.month.max()
    recent = rows[rows.month > last - pd.DateOffset(months=3)].groupby("employee_id").gp.median()
    before = rows[rows.month <= last - pd.DateOffset(months=3)].groupby("employee_id").gp.median()
    grade = company.employees.set_index("employee_id").grade
    low = [i for i in recent.index if grade[i] == "менеджер" and i in before.index]
    roles = company.facts()["roles"]
    if not {roles["up_now"], roles["up_next"]} <= set(low):
        return False, 0.0
    values = np.sort(np.concatenate([recent[low], before[low]]))
    best = 0.0
    for below, above in pairwise(values):  # the cut lies in a gap
        cut = np.sqrt(below * above)
        now = [i for i in low if recent[i] >= cut and before[i] >= cut]
        later = [i for i in low if recent[i] >= cut > before[i]]
        if roles["up_now"] in now and later == [roles["up_next"]]:
            best = max(best, above / cut - 1)
    return best >= 0.01, float(best * 100)


GATES = {
    "E3.1 кто не называет цену": e3_1,
    "E3.5 вывод по пилоту": e3_5,
    "E4.1 доля ФОТ": e4_1,
    "E4.2 оклад: факт и план": e4_2,
    "E4.5 есть выполнимый план": e4_5,
    "E4.6 уравнивающий план": e4_6,
    "E7.1 неполные месяцы": e7_1,
    "E7.2 скидочник": e7_2,
    "E7.3 приёмщики": e7_3,
    "E7.4 комп-коэффициент": e7_4,
    "E7.6 опережающий показатель": e7_6,
    "E7.7 кого переводим": e7_7,
}


def one(code: str) -> dict:
    company = Company.generate(code)
    facts = company.facts()
    found = {name: gate(company) for name, gate in GATES.items()}
    return {"leak": facts["leak"], "pilot": facts["pilot"], "pay": facts["pay"], "found": found}


def main(codes: int = 200, seed: int = 1) -> None:
    rng = np.random.default_rng(seed)
    drawn = [from_number(int(n)) for n in rng.choice(COUNT, codes, replace=False)]
    with ProcessPoolExecutor(2) as pool:
        results = list(pool.map(one, drawn, chunksize=5))
    print(f"{'вопрос':32} {'доля':>6} {'медиана':>8}  2–98 %")
    for name in GATES:
        passed = np.array([r["found"][name][0] for r in results])
        value = np.array([r["found"][name][1] for r in results])
        low, high = np.percentile(value, [2, 98])
        print(f"{name:32} {passed.mean():6.1%} {np.median(value):8.2f}  {low:.2f}…{high:.2f}")
    passed = np.array([all(f[0] for f in r["found"].values()) for r in results])
    print(f"{'все вместе':32} {passed.mean():6.1%}")
    for key in ("leak", "pilot", "pay"):
        groups = pd.Series(passed).groupby([r[key] for r in results]).agg(["mean", "size"])
        print(f"\nвсе вместе по варианту {key}:\n{groups}")


if __name__ == "__main__":
    main(*(int(x) for x in sys.argv[1:]))
