"""The lesson on price is true of the demo company."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from salescourse import pricing
from salescourse.company import Company
from salescourse.pricing import trial
from salescourse.pricing.market import market
from salescourse.units.pricing import offers

TEXT = (Path(__file__).parents[1] / "notebooks/src/03_pricing.py").read_text(encoding="utf-8")
LADDER = (50_000, 65_000, 71_000)
SHOWN = (55_000, 69_000, 98_000)


@pytest.fixture(scope="module")
def demo() -> Company:
    return Company.load("demo")


def test_the_prices_tested_here_are_those_of_the_lesson():
    for prices in (LADDER, SHOWN):
        assert all(f"{p:_}" in TEXT for p in prices)


def test_three_of_ten_fall_silent_above_the_threshold_and_the_others_do_not_notice_it(demo):
    rows = pricing.naming(demo, 50_000)
    assert len(rows) == 10
    silent = rows["gap"] >= 20
    assert silent.sum() == 3
    assert (rows.loc[silent, "below"] > 80).all()
    assert rows.loc[~silent, "gap"].abs().max() < 6


def test_dear_quotes_with_a_named_price_are_paid_more_often(demo):
    rows = pricing.naming(demo, 50_000)
    assert rows.attrs["named"] > rows.attrs["silent"]


def test_today_the_price_is_sixty_thousand(demo):
    assert market(demo).now == 60_000


def test_markup_is_always_above_margin(demo):
    rows = pricing.unit_profit(demo, 50_000, 65_000, 95_000)
    assert (rows["markup"] > rows["margin"]).all()


def test_ten_per_cent_off_nearly_doubles_the_plan(demo):
    assert 85 < pricing.volume_to_cover(10, pricing.margin(demo)) < 100


def test_two_sellers_deepen_discounts_at_months_end_and_the_last_gives_much_always(demo):
    rows = pricing.discounts(demo)
    hasty = rows[(rows["extra"] >= 2) & (rows["n_late"] >= 20)]
    assert len(hasty) == 2
    few = rows[(rows["extra"] >= 2) & (rows["n_late"] < 20)]
    assert len(few) == 1 and few["n_late"].iloc[0] <= 3  # the newcomer
    last = rows.sort_values("extra").iloc[0]
    assert last["usual"] == rows["usual"].max() > 1.5 * rows["usual"].median()


def test_the_tempting_ladder_sells_best_what_loses_money(demo):
    rows = pricing.simulate(demo, *LADDER)
    best = rows.loc["самый лучший"]
    assert LADDER[2] - LADDER[1] == 6_000
    assert rows["sold"].iloc[:3].idxmax() == "самый лучший"
    assert best["unit_gp"] < 0 and best["gp"] < 0
    one = pricing.simulate(demo, 60_000)
    assert rows.loc["не купили", "share"] < one.loc["не купили", "share"]
    assert rows.loc["всего", "gp"] < one.loc["всего", "gp"]
    kept = pricing.constraints(demo, *LADDER)["holds"]
    assert kept[~kept].index.tolist() == ["Наименьшая ВП с продажи"]


def test_per_sale_the_arms_hardly_differ_and_per_quote_they_do(demo):
    sale, quote = (pricing.pilot(demo, per)["mean"] for per in ("sale", "quote"))
    assert sale.iloc[1] / sale.iloc[0] - 1 < 0.05
    assert quote.iloc[1] / quote.iloc[0] - 1 > 0.2
    assert pricing.pilot(demo, "quote")["win"].is_monotonic_increasing


def test_the_pilot_of_the_demo_company_says_to_roll_out(demo):
    row = pricing.pilot_interval(demo, "quote").iloc[0]
    assert row["low"] > 0


def test_the_first_two_hundred_quotes_prove_nothing_and_all_of_them_do(demo):
    rows = demo.deals[demo.deals["tag"] == "пилот"].sort_values("created_at")
    ends = {}
    for n in (200, len(rows)):
        some = rows.head(n)
        gp = some["gp"].fillna(0).astype(float)
        arms = [gp[some["n_options"] == k].to_numpy() for k in (1, 3)]
        ends[n] = trial.between(*arms)
    first, whole = ends.values()
    assert first.low < 0 < first.high
    assert (first.high - first.low) > 3 * (whole.high - whole.low)


def test_the_best_single_price_is_little_above_todays_because_of_the_buyers(demo):
    best = pricing.best_single(demo).loc["лучше", "price"]
    assert 60_000 < best < 1.1 * 60_000
    kept = pricing.constraints(demo, best + 1_000)["holds"]
    assert kept[~kept].index.tolist() == ["Купивших от всех КП"]


def test_the_prices_given_by_number_keep_all_conditions_and_beat_the_best_one(demo):
    assert pricing.constraints(demo, *SHOWN)["holds"].all()
    gp = pricing.simulate(demo, *SHOWN).loc["всего", "gp"]
    assert gp > pricing.best_single(demo).loc["всего", "gp"]


def test_a_thousand_costs_little_and_one_up_breaks_the_condition_on_buyers(demo):
    best = offers.best_three(demo)[0]
    for i in range(3):
        for step in (-1_000, 1_000):
            prices = tuple(p + step * (j == i) for j, p in enumerate(best))
            assert abs(1 - offers.way(demo, prices)) <= 0.03
            kept = pricing.constraints(demo, *prices)["holds"]
            broken = ["Купивших от всех КП"] if step > 0 else []
            assert kept[~kept].index.tolist() == broken


def test_the_spread_of_quotes_is_wider_than_their_mean(demo):
    rows = pricing.pilot(demo, per="quote")
    assert (rows["deviation"] > rows["mean"]).all()
    assert (rows["win"] < 50).all()
    low, high, z = pricing.pilot_interval(demo, per="quote").iloc[0][["low", "high", "z"]]
    assert (low < 0 < high) == (abs(z) < 1.96)


def test_here_the_three_prices_together_add_buyers(demo):
    off, on = (pricing.simulate(demo, *SHOWN, middle=m) for m in (False, True))
    assert on.loc["не купили", "share"] < off.loc["не купили", "share"]


def test_the_middle_of_the_phrase_is_the_middle_price():
    assert "Шестьдесят девять тысяч" in TEXT and SHOWN[1] == 69_000


def test_every_study_named_has_its_year():
    for name, year in (("Симонсона", 1989), ("Мохаммед", 2018), ("Ойер", 1998)):
        assert re.search(rf"{name}[^.]*\b{year}\b", TEXT), name
