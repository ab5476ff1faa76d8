"""What the cast says is what the tables show, for the units that are still to come.

The funnel's own causes are recovered in test_units.py; how often each can be found by a
careful analyst is printed by bench/identifiability.py.
"""

from __future__ import annotations

from itertools import islice

import numpy as np
import pandas as pd
import pytest

from salescourse.codes import COUNT, from_number
from salescourse.company import Company
from salescourse.simulation.profile import LEADING_KINDS, WHOLESALE

CODES = [from_number(n * 31_337 % COUNT) for n in range(1, 7)]


@pytest.fixture(scope="module")
def companies() -> list[Company]:
    return [Company.generate(code) for code in CODES]


def all_of_variant(kind: str, value: object, n: int) -> list[Company]:
    """The first `n` of many codes whose cast has this variant."""
    codes = (from_number(n * 104_729 % COUNT) for n in range(1, 200))
    fitting = (c for c in map(Company.generate, codes) if c.facts()[kind] == value)
    return list(islice(fitting, n))


def of_variant(kind: str, value: object) -> Company:
    (company,) = all_of_variant(kind, value, 1)
    return company


def by_owner(company: Company, table: pd.DataFrame, column: str) -> pd.Series:
    return table.groupby("owner_id")[column].sum()


def test_only_the_discounter_sells_at_half_the_margin(companies):
    for company in companies:
        if company.facts()["lacks"] == "discounter":
            continue
        orders = company.orders
        margin = by_owner(company, orders, "gp") / by_owner(company, orders, "revenue")
        guilty = company.facts()["roles"]["discounter"]
        assert margin.idxmin() == guilty
        assert margin[guilty] < 0.14 < 0.19 < margin.drop(guilty).min()


def test_repeats_of_order_takers_come_by_themselves(companies):
    for company in companies:
        repeats = company.orders[company.orders.is_repeat & company.orders.deal_id.isna()]
        asked = (repeats.channel_in != "от продавца").groupby(repeats.owner_id).mean()
        roles = company.facts()["roles"]
        takers = [roles["order_taker_1"], roles["order_taker_2"]]
        assert asked[takers].min() > 0.8
        assert asked.drop(takers).max() < 0.5


def test_three_sellers_shy_from_naming_a_high_price(companies):
    for company in companies:
        quotes = company.deals[company.deals.price_named.notna() & (company.deals.amount > 50_000)]
        named = quotes.price_named.astype(float).groupby(quotes.owner_id).mean()
        fearful = list(company.facts()["fearful"])
        assert len(fearful) == 3
        assert named[fearful].max() < 0.62 < 0.75 < named.drop(fearful).min()


def test_a_low_price_everybody_names(companies):
    for company in companies:
        quotes = company.deals[company.deals.price_named.notna() & (company.deals.amount <= 50_000)]
        assert quotes.price_named.astype(float).groupby(quotes.owner_id).mean().min() > 0.75


@pytest.mark.parametrize(
    ("pilot", "low", "high"),
    [("rollout", 1.15, 1.6), ("extend", 0.95, 1.30), ("null", 0.85, 1.15), ("close", 0.45, 0.85)],
)
def test_three_offers_earn_what_the_pilot_variant_says(pilot, low, high):
    company = of_variant("pilot", pilot)
    quotes = company.deals[company.deals.tag == "пилот"]
    gain = quotes.gp.fillna(0).astype(float).groupby(quotes.n_options).mean()
    assert low < gain[3] / gain[1] < high


def test_a_quote_of_three_has_three_prices_and_a_choice_only_if_bought(companies):
    for company in companies:
        three = company.deals[company.deals.n_options == 3]
        prices = three[["price_good", "price_better", "price_best"]]
        assert prices.notna().all().all()
        assert (prices.diff(axis=1).iloc[:, 1:].astype(float) > 0).all().all()
        bought = three.status == "оплачена"
        assert (three.option_chosen.notna() == bought).all()


@pytest.mark.parametrize("branch", [0, 1])
def test_pay_is_the_plan_of_its_branch(branch):
    company = of_variant("pay", branch)
    base, rate = WHOLESALE.pay[branch]
    pay, roles = company.payroll, company.facts()["roles"]
    assert (pay.bonus_paid - pay.fact_revenue * rate).abs().max() <= 0.5
    whole = pay[pay.employee_id == roles["discounter"]]
    assert set(whole.base_paid) == {base}


def test_the_newcomer_has_no_month_before_coming(companies):
    for company in companies:
        roles = company.facts()["roles"]
        hired = company.employees.set_index("employee_id").hired_on[roles["newcomer"]]
        own = company.payroll[company.payroll.employee_id == roles["newcomer"]]
        assert 60 < (company.asof - hired).days < 120
        assert own.month.min() >= hired.replace(day=1)
        assert company.leads[company.leads.owner_id == roles["newcomer"]].created_at.min() > hired


def test_part_months_are_three_in_a_row_and_paid_in_part(companies):
    for company in companies:
        who = company.facts()["roles"]["part_time"]
        own = company.payroll[company.payroll.employee_id == who].set_index("month").base_paid
        part = own[own < own.max()]
        assert list(part / own.max()) == pytest.approx([0.3, 0.1, 0.3], abs=0.001)


@pytest.mark.parametrize("leading", LEADING_KINDS)
def test_only_the_work_that_leads_foretells_sales(leading):
    """Within a seller, that work of a month goes with what quotes bring in the next two."""
    found = {kind: [] for kind in (*LEADING_KINDS, "недозвоны")}
    for company in all_of_variant("leading", leading, 4):
        acts, full = company.activities, full_months(company)
        known = acts.client_id.notna()
        work = {
            "КП": acts[acts.type == "КП"],
            "встречи": acts[(acts.type == "встреча") & known],
            "разговоры": acts[(acts.type == "исходящий звонок") & known],
            "недозвоны": acts[acts.result == "недозвон"],
        }
        sold = company.orders.dropna(subset=["deal_id", "paid_at"])
        gain = monthly(full, sold.owner_id, sold.paid_at, sold.gp)
        ahead = (gain[:, 1:-1] + gain[:, 2:]) / 2
        whole = full.to_numpy()[:, :-2] & full.to_numpy()[:, 1:-1] & full.to_numpy()[:, 2:]
        for kind, rows in work.items():
            count = monthly(full, rows.employee_id, rows["at"])[:, :-2]
            x, y = (np.where(whole, values, np.nan) for values in (count, ahead))
            x, y = (v - np.nanmean(v, axis=1, keepdims=True) for v in (x, y))
            found[kind].append(np.nansum(x * y) / np.sqrt(np.nansum(x**2) * np.nansum(y**2)))
    mean = {kind: np.mean(values) for kind, values in found.items()}
    assert mean.pop(leading) > 0.35
    assert max(mean.values()) < 0.20, mean


def full_months(company: Company) -> pd.DataFrame:
    """Whether a seller worked at least 60 % of a month, sellers × months."""
    days = company.payroll.pivot_table(index="employee_id", columns="month", values="days_worked")
    days = days.drop(company.facts()["roles"]["newcomer"])
    return days >= 0.6 * days.max()


def monthly(like: pd.DataFrame, who, when, values=None) -> np.ndarray:
    """Sums (or numbers of rows) of a seller's month, in the shape of `like`."""
    month = when.dt.to_period("M").dt.to_timestamp().astype(like.columns.dtype)
    values = pd.Series(1.0, when.index) if values is None else values
    sums = values.groupby([who, month]).sum().unstack(fill_value=0)
    return sums.reindex(index=like.index, columns=like.columns, fill_value=0).to_numpy(float)


def test_a_company_may_lack_a_trap_of_the_ladder():
    straight = of_variant("lacks", "discounter")
    seller = straight.facts()["roles"]["discounter"]
    book = straight.orders.groupby("owner_id")[["gp", "revenue"]].sum()
    margin = book.gp / book.revenue
    assert abs(margin[seller] - margin.drop(seller).median()) < 0.02

    def leads_of_the_taker(company: Company) -> float:
        counts = company.leads.owner_id.value_counts()
        return counts[company.facts()["roles"]["order_taker_1"]] / counts.median()

    assert leads_of_the_taker(of_variant("lacks", "inherited")) > 0.8
    assert leads_of_the_taker(of_variant("lacks", "")) < 0.3


def test_market_pay_is_there_for_every_city_and_grade(companies):
    for company in companies:
        rows = company.market_salary
        assert (rows.p25 < rows["median"]).all() and (rows["median"] < rows.p75).all()
        assert len(rows[rows.city == company.city]) == 3
