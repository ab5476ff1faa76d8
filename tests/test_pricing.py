"""Prices, discounts and the pilot on hand-made quotes, every answer worked out by hand."""

from __future__ import annotations

import doctest
import functools
import importlib
import math
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from handmade import Lead, firm, paid, shop, upto, with_deals

from salescourse import charts, measures, pricing, schema
from salescourse.company import Company
from salescourse.errors import StudentError
from salescourse.pricing import trial
from salescourse.pricing.costs import COST_ITEMS

NBSP = "\u00a0"
IVANOVA, PETROV = f"Иванова{NBSP}А.{NBSP}П.", f"Петров{NBSP}О.{NBSP}И."


def quoted(owner: int, amount: int, named: bool | None, **other) -> Lead:
    """A lead with a quote, lost unless told otherwise."""
    return Lead("сайт", owner, "2026-01-12", upto("КП"), amount=amount, named=named, **other)


# Who names the price --------------------------------------------------------------------------


@pytest.fixture
def fearful():
    return with_deals(
        [
            quoted(1, 20_000, True),
            quoted(1, 50_000, True),  # exactly at the threshold: below it
            quoted(1, 30_000, False),
            quoted(1, 50_001, False),
            quoted(1, 90_000, True, owner_now=2),
            quoted(1, 90_000, None),  # the field is empty: no quote of ours
            quoted(1, 90_000, True, mark="дубль"),
            Lead("сайт", 2, "2026-03-03", upto("КП"), amount=90_000, named=True),
            Lead("сайт", 2, "2026-03-04", upto("Квалификация")),  # no quote at all
            paid("сайт", 2, "2026-03-05", "2026-04-01", 9_000, amount=70_000, named=True),
        ],
        [
            {"owner_id": 2, "status": "открыта", "amount": 80_000, "price_named": False},
            {"owner_id": 2, "status": "потеряна", "amount": 10_000, "price_named": True},
            {"owner_id": 2, "status": "потеряна", "amount": 99_000, "price_named": False},
        ],
    )


def test_naming_counts_filled_quotes_of_leads_and_of_the_base_by_amount(fearful):
    rows = pricing.naming(fearful, 50_000)
    assert rows.index.tolist() == [IVANOVA, PETROV]
    # Ivanova: 2 of 3 below, 1 of 2 above (90 000 stays hers though Petrov runs it now)
    assert rows.loc[IVANOVA, ["n_below", "n_above"]].tolist() == [3, 2]
    assert rows.loc[IVANOVA, "below"] == pytest.approx(200 / 3)
    assert rows.loc[IVANOVA, "above"] == pytest.approx(50)
    assert rows.loc[IVANOVA, "gap"] == pytest.approx(200 / 3 - 50)
    # Petrov: 1 of 1 below; above 90 000, 70 000 named, 80 000 and 99 000 not
    assert rows.loc[PETROV, ["below", "above"]].tolist() == [100, 50]
    assert rows.loc[PETROV, ["n_below", "n_above"]].tolist() == [1, 4]


def test_naming_tells_what_became_of_dear_quotes_named_and_silent(fearful):
    rows = pricing.naming(fearful, 50_000)
    # closed and dear: named 90, 90, 70 thousand of which the last was paid; silent 50 001 and 99
    assert rows.attrs["named"] == pytest.approx(100 / 3)
    assert rows.attrs["silent"] == 0


def test_naming_takes_the_months_it_is_given(fearful):
    rows = pricing.naming(fearful, 50_000, months=["2026-03"])
    assert rows.loc[PETROV, "n_above"] == 2
    assert rows.index.tolist() == [PETROV]


@pytest.mark.parametrize("wrong", [0, -5, "50 шт.", "много", None, True, float("nan")])
def test_naming_refuses_what_is_no_threshold(fearful, wrong):
    with pytest.raises(StudentError, match="Порог"):
        pricing.naming(fearful, wrong)


@pytest.mark.parametrize("typed", ["50 000 ₽", "50 тыс.", "50000"])
def test_a_threshold_is_read_as_people_write_it(fearful, typed):
    rows = pricing.naming(fearful, typed)
    assert rows.equals(pricing.naming(fearful, 50_000)) and rows.attrs["threshold"] == 50_000
    assert f"Дороже 50{NBSP}000{NBSP}₽" in charts.naming(fearful, typed).title


# Discounts ------------------------------------------------------------------------------------

JANUARY = [d for d in pd.date_range("2026-01-12", "2026-01-30") if d.weekday() < 5]


@pytest.fixture
def generous():
    """January's last three working days are 28, 29 and 30; the 31st is a Saturday."""

    def deal(owner, day, amount, percent, status="оплачена"):
        closed = pd.Timestamp(f"2026-01-{day} 15:00")
        return {
            "owner_id": owner,
            "status": status,
            "closed_at": closed,
            "amount": amount,
            "discount_pct": percent,
        }

    return with_deals(
        [Lead("сайт", owner, "2026-01-12") for owner in (1, 2)],
        [
            deal(1, 13, 100_000, 0.0),
            deal(1, 27, 300_000, 4.0),  # the day before the end begins
            deal(1, 28, 100_000, 10.0),
            deal(1, 31, 100_000, 6.0),
            deal(1, 30, 900_000, 50.0, "потеряна"),
            deal(2, 13, 50_000, 2.0),
            deal(2, 30, 50_000, 2.0),
        ],
        calendar=[
            {"date": d, "is_workday": d in JANUARY}
            for d in pd.date_range("2026-01-01", "2026-01-31")
        ],
    )


def test_discount_is_roubles_to_roubles_apart_for_the_months_end(generous):
    rows = pricing.discounts(generous)
    row = rows.loc[IVANOVA]
    assert row["usual"] == pytest.approx(100 * 12_000 / 400_000)
    assert row["late"] == pytest.approx(100 * 16_000 / 200_000)
    assert row["extra"] == pytest.approx(5)
    assert row[["n_usual", "n_late"]].tolist() == [2, 2]
    assert row["given"] == pytest.approx(28_000)
    assert row["cost"] == pytest.approx(10_000)  # 5 p.p. of the 200 000 of the last days
    assert rows.loc[PETROV, "extra"] == 0


def test_discount_by_day_of_the_month(generous):
    rows = pricing.discount_by_day(generous)
    assert rows.index.tolist() == [13, 27, 28, 30, 31]
    assert rows.loc[13, "discount"] == pytest.approx(100 * 1_000 / 150_000)
    assert rows.loc[13, "deals"] == 2
    own = pricing.discount_by_day(generous, "Петров")
    assert own["discount"].to_dict() == {13: 2, 30: 2}


def test_discounts_take_the_months_of_payment(generous):
    assert pricing.discount_by_day(generous, months=["2026-02"]).empty


def test_discounts_need_a_calendar():
    quote = {"owner_id": 1, "status": "оплачена", "amount": 1_000, "discount_pct": 5.0}
    company = with_deals(
        [Lead("сайт", 1, "2026-01-12")], [{**quote, "closed_at": pd.Timestamp("2026-01-13")}]
    )
    with pytest.raises(StudentError, match="календаре"):
        pricing.discounts(company)


@pytest.mark.parametrize(
    ("discount", "margin", "more"),
    [(5, 22, 500 / 17), (10, 15, 200), (0, 22, 0), (5, 25, 25)],
)
def test_volume_that_covers_a_discount(discount, margin, more):
    assert pricing.volume_to_cover(discount, margin) == pytest.approx(more)


def test_volume_leaves_gross_profit_as_it_was():
    more = pricing.volume_to_cover(7, 20)
    assert (1 + more / 100) * (93 - 80) == pytest.approx(100 - 80)


@pytest.mark.parametrize(
    ("discount", "margin", "said"),
    [
        (22, 22, "съедает всю маржу"),
        (30, 22, "съедает всю маржу"),
        (5, 0.22, "вместо 0.22 напишите 22"),
        (0.05, 22, "вместо 0.05 напишите 5"),
        (-1, 22, "скидка"),
        (5, "22 ₽", "маржа"),
        (True, 22, "скидка"),
        (float("nan"), 22, "скидка"),
    ],
)
def test_volume_refuses_what_no_volume_covers(discount, margin, said):
    with pytest.raises(StudentError, match=said):
        pricing.volume_to_cover(discount, margin)


def test_percents_are_read_as_people_write_them():
    assert pricing.volume_to_cover("10 %", "15") == 200
    assert pricing.waterfall(90_000, {"закупка": 50}, "5 %").loc["скидка", "amount"] == -4_500
    drawn = charts.waterfall("90 000 ₽", {"закупка": 50}, "5 %")
    assert "скидка 5" in drawn.title


def test_margin_is_sum_to_sum_of_the_last_twelve_months():
    months = pd.date_range("2025-01-01", periods=13, freq="MS")
    books = [{"month": m, "revenue": 100, "gp": 20} for m in months]
    books[0] |= {"revenue": 1_000_000, "gp": 1}  # the thirteenth month from the end
    books[-1] |= {"revenue": 900, "gp": 90}
    company = with_deals([Lead("сайт", 1, "2026-01-12")], pnl=books)
    assert pricing.margin(company) == pytest.approx(100 * (11 * 20 + 90) / (11 * 100 + 900))
    assert pricing.margin(company, months=["2026-01"]) == pytest.approx(10)
    with pytest.raises(StudentError):
        pricing.margin(company, months=["2027-01"])


# The pilot ------------------------------------------------------------------------------------


def arm(options: int, *gains: int | None, **other) -> list[dict]:
    """Quotes of the pilot: gross profit of each, None for a refusal."""
    return [
        dict(
            owner_id=1,
            tag="пилот",
            n_options=options,
            status="потеряна" if gp is None else "оплачена",
            gp=gp,
            amount=100,
            discount_pct=10.0,
            **other,
        )
        for gp in gains
    ]


@pytest.fixture
def piloted():
    open_one = {**arm(3, None)[0], "status": "открыта"}
    outside = {**arm(1, 77_000)[0], "tag": None}
    quotes = [*arm(1, 8, None, 4, None), *arm(3, 10, 20, None), open_one, outside]
    return with_deals([Lead("сайт", 1, "2026-01-12")], quotes)


def test_pilot_divides_by_every_quote_refusals_too(piloted):
    rows = pricing.pilot(piloted, per="quote")
    assert rows["quotes"].tolist() == [4, 4]
    assert rows["sold"].tolist() == [2, 2]
    assert rows["win"].tolist() == [50, 50]
    assert rows["mean"].tolist() == [3, 7.5]
    # 8, 0, 4, 0 about 3: 25 + 9 + 1 + 9 = 44, by three
    assert rows["deviation"].tolist() == pytest.approx([math.sqrt(44 / 3), math.sqrt(275 / 3)])


def test_pilot_by_sales_and_by_revenue_are_other_figures(piloted):
    assert pricing.pilot(piloted, per="sale")["mean"].tolist() == [6, 15]
    assert pricing.pilot(piloted, per="quote", of="revenue")["mean"].tolist() == [45, 45]


def test_pilot_interval_in_closed_form(piloted):
    row = pricing.pilot_interval(piloted, per="quote").iloc[0]
    error = math.sqrt(44 / 3 / 4 + 275 / 3 / 4)
    assert row["difference"] == pytest.approx(4.5)
    assert row["low"] == pytest.approx(4.5 - 1.96 * error)
    assert row["high"] == pytest.approx(4.5 + 1.96 * error)
    assert row["z"] == pytest.approx(4.5 / error)


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(0.1, 2, "внедрять"), (-1, 1, "продлить"), (0, 2, "продлить"), (-3, -0.1, "закрыть")],
)
def test_zero_within_the_interval_means_to_go_on(low, high, verdict):
    assert trial.conclusion(trial.Interval((low + high) / 2, low, high, 1)) == verdict


def test_closed_form_agrees_with_a_bootstrap():
    rng = np.random.default_rng(1)
    one = rng.binomial(1, 0.36, 600) * rng.lognormal(9.6, 0.45, 600)
    three = rng.binomial(1, 0.46, 640) * rng.lognormal(9.6, 0.6, 640)
    means = [
        sample[rng.integers(0, len(sample), (2000, len(sample)))].mean(axis=1)
        for sample in (one, three)
    ]
    ends = np.quantile(means[1] - means[0], [0.025, 0.975])
    found = trial.between(one, three)
    half = (found.high - found.low) / 2
    assert np.abs(ends - [found.low, found.high]).max() < 0.1 * half


@pytest.mark.parametrize(("per", "of"), [("kp", "gp"), (None, "gp"), ("quote", "profit")])
def test_pilot_refuses_an_unknown_base(piloted, per, of):
    with pytest.raises(StudentError, match="Есть"):
        pricing.pilot(piloted, per=per, of=of)


def test_pilot_needs_both_arms():
    company = with_deals([Lead("сайт", 1, "2026-01-12")], arm(1, 5, 6))
    with pytest.raises(StudentError, match="три цены"):
        pricing.pilot_interval(company, per="quote")


# From price to gross profit -------------------------------------------------------------------


def test_waterfall_ends_in_gross_profit():
    rows = pricing.waterfall(100_000, {"закупка": 70_000, "доставка": 5_000}, discount=10)
    assert rows.index.tolist() == ["цена", "скидка", "закупка", "доставка", "валовая прибыль"]
    assert rows["amount"].tolist() == [100_000, -10_000, -70_000, -5_000, 15_000]
    assert rows["left"].tolist() == [100_000, 90_000, 20_000, 15_000, 15_000]
    assert rows.loc["валовая прибыль", "share"] == 15


def test_waterfall_may_end_in_a_loss_and_needs_no_discount():
    rows = pricing.waterfall(100_000, {"закупка": 120_000})
    assert "скидка" not in rows.index
    assert rows.loc["валовая прибыль", "amount"] == -20_000


@pytest.mark.parametrize(
    ("price", "costs", "discount"),
    [
        (90, {"закупка": 50}, 0),
        ("дорого", {"закупка": 50}, 0),
        (90_000, [50_000], 0),
        (90_000, {}, 0),
        (90_000, {"закупка": "50"}, 0),
        (90_000, {"закупка": -1}, 0),
        (90_000, {"закупка": 50}, 100),
        (90_000, {"закупка": 50}, "5 ₽"),
    ],
)
def test_waterfall_refuses_what_it_cannot_read(price, costs, discount):
    with pytest.raises(StudentError):
        pricing.waterfall(price, costs, discount)


def test_unit_profit_tells_margin_from_markup():
    rows = pricing.unit_profit(shop(), 65_000, 87_500, 135_000)  # at costs of 52, 70, 108
    assert rows["gp"].tolist() == [13_000, 17_500, 27_000]
    assert rows["margin"].tolist() == [20, 20, 20]
    assert rows["markup"].tolist() == [25, 25, 25]


def test_cost_items_add_up_to_the_costs_of_the_product():
    rows = pricing.cost_items(shop())
    assert rows.loc["всего"].tolist() == [52_000, 70_000, 108_000]
    assert rows.iloc[:-1].sum().tolist() == [52_000, 70_000, 108_000]
    assert rows.index[:-1].tolist() == list(COST_ITEMS)


def test_the_shares_of_cost_items_add_up():
    assert np.array(list(COST_ITEMS.values())).sum(axis=0).tolist() == [1000, 1000, 1000]


def test_options_sold_average_a_sale_of_each_option():
    def sale(option, amount, percent, cost):
        gp = round(amount * (1 - percent / 100)) - cost
        return {
            "owner_id": 1,
            "status": "оплачена",
            "option_chosen": option,
            "amount": amount,
            "discount_pct": percent,
            "cost": cost,
            "gp": gp,
        }

    company = with_deals(
        [Lead("сайт", 1, "2026-01-12")],
        [
            sale("лучше", 100, 10.0, 70),  # 20 of 90
            sale("лучше", 200, 0.0, 140),  # 60 of 200
            sale("хороший", 50, 0.0, 40),
            sale("самый лучший", 400, 0.0, 300),
            {"owner_id": 1, "status": "потеряна", "amount": 100},
        ],
    )
    rows = pricing.options_sold(company)
    assert rows.index.tolist() == list(schema.OPTIONS)
    assert rows["sold"].tolist() == [1, 2, 1]
    assert rows["share"].tolist() == [25, 50, 25]
    assert rows["price"].tolist() == [50, 150, 400]
    assert rows["given"].tolist() == [0, 5, 0]  # 10 % of 100 and nothing of 200
    assert rows["cost"].tolist() == [40, 105, 300]
    left = rows["price"] - rows["given"] - rows["cost"]
    assert left.tolist() == [10, 40, 100]  # the mean of the deals' own gross profit
    assert not {"gp", "margin"} & set(rows.columns)  # that is for the student to reckon


def test_options_sold_need_a_sale():
    with pytest.raises(StudentError):
        pricing.options_sold(firm([Lead("сайт", 1, "2026-01-12")], "2026-05-31"))


# Price sheets ---------------------------------------------------------------------------------


def test_the_clients_sheet_shows_neither_cost_nor_profit():
    sheet = pricing.client_sheet(86_000, 108_000, 157_000)
    shown = {*sheet.columns, *sheet.attrs["captions"].values()}
    assert not shown & {"cost", "gp", "margin", "markup", "Себестоимость", "ВП с продажи", "Маржа"}
    assert sheet["price"].tolist() == [86_000, 108_000, 157_000]
    assert sheet.index.tolist() == list(schema.OPTIONS)


def test_the_sellers_sheet_adds_cost_and_profit_to_the_clients():
    own = {"Гарантия": ["1 год", "2 года", "3 года"]}
    client = pricing.client_sheet(86_000, 108_000, 157_000, contents=own)
    seller = pricing.seller_sheet(shop(), 86_000, 108_000, 157_000, contents=own)
    pd.testing.assert_frame_equal(seller[list(client.columns)], client)
    assert seller["gp"].tolist() == [34_000, 38_000, 49_000]
    assert seller["cost"].tolist() == [52_000, 70_000, 108_000]


@pytest.mark.parametrize("wrong", [{}, {"Гарантия": ["1", "2"]}, {"Гарантия": "год"}, ["год"]])
def test_a_sheet_needs_three_values_of_each_difference(wrong):
    with pytest.raises(StudentError):
        pricing.client_sheet(86_000, 108_000, 157_000, contents=wrong)


def test_discount_table_says_what_no_volume_brings_back():
    rows = pricing.discount_table(shop(), 65_000, 90_000, 140_000, discounts=[10, 30])
    middle = rows.loc[("лучше", 10.0)]
    assert middle[["price", "gp"]].tolist() == [81_000, 11_000]
    assert middle["lost"] == pytest.approx(45)
    assert middle["more"] == pytest.approx(100 * 9 / 11)
    assert middle["more"] == pytest.approx(pricing.volume_to_cover(10, 100 * 20 / 90))
    assert math.isnan(rows.loc[("лучше", 30.0), "more"])


# Every helper ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", pricing.__all__)
def test_every_helper_shows_the_pandas_and_the_excel_way(name):
    helper = getattr(pricing, name)
    assert helper.working.pandas and helper.working.excel
    assert helper.__doc__ and "Метод:" in helper.__doc__


class Demo:
    """Loads the demo company once for all examples."""

    load = staticmethod(functools.cache(Company.load))


PARTS = ("costs", "discounting", "offers", "quotes", "sheets", "trial")


@pytest.mark.parametrize("name", PARTS)
def test_examples_in_docstrings_run(name):
    module = importlib.import_module(f"salescourse.pricing.{name}")
    found = doctest.testmod(module, extraglobs={"Company": Demo, "measures": measures})
    assert found.attempted and not found.failed


def test_columns_of_every_table_have_russian_captions(generous, fearful, piloted):
    made = [
        pricing.naming(fearful, 50_000),
        pricing.discounts(generous),
        pricing.discount_by_day(generous),
        pricing.pilot(piloted, "quote"),
        pricing.pilot_interval(piloted, "quote"),
        pricing.product(shop()),
        pricing.options_sold(shop()),
        pricing.cost_items(shop()),
        pricing.waterfall(90_000, {"закупка": 50_000}),
        pricing.unit_profit(shop(), 65_000, 90_000, 140_000),
        pricing.seller_sheet(shop(), 65_000, 90_000, 140_000, contents={"Срок": [1, 2, 3]}),
        pricing.discount_table(shop(), 65_000, 90_000, 140_000),
        pricing.simulate(shop(), 90_000),
        pricing.constraints(shop(), 90_000),
        pricing.best_single(shop()),
    ]
    for frame in made:
        captions = {c: frame.attrs["captions"].get(c, c) for c in frame.columns}
        assert all(any("а" <= ch <= "я" for ch in text.lower()) for text in captions.values())


@pytest.mark.parametrize(
    ("said", "per"), [("КП", "quote"), ("на каждое КП", "quote"), ("продажа", "sale")]
)
def test_the_denominator_may_be_named_in_russian(said, per):
    company = shop()
    assert pricing.pilot(company, per=said).equals(pricing.pilot(company, per=per))
    assert charts.pilot(company, per=said).title == charts.pilot(company, per=per).title


def test_an_unknown_denominator_is_refused_in_good_russian():
    with pytest.raises(StudentError, match="Не понял, на что делить: «товар»"):
        pricing.pilot(shop(), per="товар")
