"""What the cast says is what the tables show, for the units that are still to come.

The funnel's own causes are recovered in test_units.py; how often each can be found by a
careful analyst is printed by bench/identifiability.py.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from salescourse.codes import COUNT, from_number
from salescourse.company import Company
from salescourse.simulation.profile import WHOLESALE

CODES = [from_number(n * 31_337 % COUNT) for n in range(1, 7)]


@pytest.fixture(scope="module")
def companies() -> list[Company]:
    return [Company.generate(code) for code in CODES]


def of_variant(kind: str, value: object) -> Company:
    """The first of many codes whose cast has this variant."""
    codes = (from_number(n * 104_729 % COUNT) for n in range(1, 200))
    return next(c for c in map(Company.generate, codes) if c.facts()[kind] == value)


def by_owner(company: Company, table: pd.DataFrame, column: str) -> pd.Series:
    return table.groupby("owner_id")[column].sum()


def test_only_the_discounter_sells_at_half_the_margin(companies):
    for company in companies:
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


def test_quotes_foretell_sales_and_cold_calls_do_not(companies):
    """Within a seller, quotes of a month go with what quotes bring in the next two."""
    true, false = [], []
    for company in companies:
        months = company.pnl.month.sort_values()
        acts, sold = company.activities, company.orders[company.orders.deal_id.notna()]
        sold = sold[sold.paid_at.notna()]

        def monthly(rows, when, who, values=None, months=months):
            month = rows[when].dt.to_period("M").dt.to_timestamp().astype("datetime64[s]")
            groups = rows.groupby([who, month])
            table = groups.size() if values is None else groups[values].sum()
            return table.unstack(fill_value=0).reindex(columns=months, fill_value=0)

        gain = monthly(sold, "paid_at", "owner_id", "gp")
        quotes = monthly(acts[acts.type == "КП"], "at", "employee_id").reindex(gain.index)
        cold = acts[(acts.type == "исходящий звонок") & acts.result.eq("недозвон")]
        calls = monthly(cold, "at", "employee_id").reindex(gain.index)
        ahead = (gain.to_numpy()[:, 1:-1] + gain.to_numpy()[:, 2:]) / 2
        for found, leading in ((true, quotes), (false, calls)):
            x = leading.to_numpy(float)[:, :-2]
            x, y = x - x.mean(1, keepdims=True), ahead - ahead.mean(1, keepdims=True)
            found.append((x * y).sum() / np.sqrt((x**2).sum() * (y**2).sum()))
    assert np.mean(true) > 0.4
    assert abs(np.mean(false)) < 0.15


def test_market_pay_is_there_for_every_city_and_grade(companies):
    for company in companies:
        rows = company.market_salary
        assert (rows.p25 < rows["median"]).all() and (rows["median"] < rows.p75).all()
        assert len(rows[rows.city == company.city]) == 3
