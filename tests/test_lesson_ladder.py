"""What lesson 07 says of the demo company is true of it."""

from __future__ import annotations

import pytest

from salescourse import ladder, motivation
from salescourse.company import Company
from salescourse.ladder.rules import all_checks
from salescourse.ladder.tenure import curve, spans, stay
from salescourse.widgets import ladder as simulator

VALUE = {
    "менеджер": {"оборот": 2_900_000, "ВП": 610_000, "оклад": 24_000, "бонус": 37_000},
    "специалист": {"оборот": 3_660_000, "ВП": 770_000, "оклад": 30_000, "бонус": 46_000},
    "ведущий": {"оборот": 4_900_000, "ВП": 1_030_000, "оклад": 41_000, "бонус": 62_000},
    "кварталов подряд": 2,
}
INDICATORS = {
    "менеджер": {"КП отправлено": 44, "встречи с клиентами": 11},
    "специалист": {"КП отправлено": 49, "встречи с клиентами": 12},
    "ведущий": {"КП отправлено": 15, "встречи с клиентами": 2},
}


@pytest.fixture(scope="module")
def demo() -> Company:
    return Company.load("demo")


@pytest.fixture(scope="module")
def half(demo):
    return motivation.full_months(demo, 6)


@pytest.fixture(scope="module")
def year(demo):
    return motivation.full_months(demo, 12)


def test_one_sellers_best_month_is_twice_the_ordinary_and_everybodys_is_above_it(demo, half):
    usual = ladder.typical(demo, half, 0.6, "median")["turnover"]
    over = ladder.typical(demo, half, 0.6, "max")["turnover"] / usual
    assert (over > 1).all() and (over > 2).sum() == 1


def test_part_months_cost_one_seller_nearly_a_third_of_turnover(demo, half):
    whole = ladder.typical(demo, half, 0.6, "median")["turnover"]
    change = ladder.typical(demo, half, 0.0, "median")["turnover"] / whole - 1
    assert (change.abs() > 1e-9).sum() == 1
    assert change.min() == pytest.approx(-0.3, abs=0.03)


def test_one_of_three_with_six_million_lacks_the_gross_profit(demo, half):
    rows = ladder.typical(demo, half, 0.6, "median")
    large = rows[rows["turnover"] >= 6e6]
    poor = large[large["gp"] < 1.2e6]
    assert (len(large), len(poor)) == (3, 1)
    assert poor["gp"].iloc[0] < rows["gp"].median()
    assert rows["margin"].drop(poor.index).min() > 20


def test_two_live_on_their_base_and_one_of_them_brings_new_clients(demo, year):
    rows = ladder.base_and_new(demo, year)
    lives = rows[rows["pass_through"] >= 60].sort_values("new")
    assert len(lives) == 2
    assert lives["new"].tolist()[0] == 2
    assert lives["new"].tolist()[1] >= 0.9 * rows["new"].median()


def test_one_is_underpaid_and_is_a_leading_seller_and_some_get_twice_the_market(demo, year):
    rows = ladder.compa(demo, year, demo.city, "total", "median")
    low = rows[rows["compa"] < 0.9]
    assert low["grade"].tolist() == ["ведущий"]
    assert (rows["compa"] > 1.1).sum() == 8 and (rows["compa"] > 2).sum() >= 2


def test_the_best_paid_against_the_market_is_the_discounter(demo, year, half):
    rows = ladder.compa(demo, year, demo.city, "total", "median")
    margin = ladder.typical(demo, half, 0.6, "median")["margin"]
    assert rows["compa"].idxmax() == margin.idxmin()


def test_by_moscow_only_four_are_overpaid(demo, year):
    assert (ladder.compa(demo, year, "Москва", "total", "median")["compa"] > 1.1).sum() == 4


def test_in_the_same_month_paid_sales_win_and_with_the_lag_quotes_alone(demo):
    assert ladder.leading(demo, 0, True, "new")["r"].idxmax() == "оплаченные продажи"
    ahead = ladder.leading(demo, 2, True, "new")["r"]
    assert ahead.index[ahead >= 0.3].tolist() == ["КП отправлено"]
    assert ahead.drop(["КП отправлено", "оплаченные продажи"]).abs().max() < 0.1


def test_between_sellers_meetings_look_good(demo):
    assert ladder.leading(demo, 2, False, "new")["r"]["встречи с клиентами"] > 0.7


def test_the_draft_of_the_simulator_passes_nothing(demo):
    assert not any(check.passed for check in all_checks(demo, simulator(demo).ladder))


def test_money_of_the_lessons_ladder_fits_and_only_indicators_are_missing(demo):
    found = [check.passed for check in all_checks(demo, simulator(demo, value=VALUE).ladder)]
    assert found == [True] * 5 + [False, False, True]


def whole(demo) -> ladder.Ladder:
    value = {k: v | INDICATORS.get(k, {}) if isinstance(v, dict) else v for k, v in VALUE.items()}
    return simulator(demo, value=value).ladder


def test_with_them_all_eight_pass_and_the_top_rung_asks_for_fewer_quotes(demo):
    rungs = whole(demo)
    assert all(check.passed for check in all_checks(demo, rungs))
    low, _, high = (rung.indicators["КП отправлено"] for rung in rungs.rungs)
    assert high < low


def test_the_top_rung_is_held_by_those_who_live_on_their_base(demo, year):
    rows = ladder.placement(demo, whole(demo))
    base = ladder.base_and_new(demo, year)["pass_through"]
    top = rows.index[rows["rung"] == "ведущий"]
    assert (base[top] >= 60).all()


def test_a_specialists_last_quarter_fell_by_nearly_half(demo):
    rows = ladder.quarters(demo, 2).query("grade == 'специалист'")
    assert (rows["gp_1"] / rows["gp_2"]).min() == pytest.approx(0.59, abs=0.05)


def test_the_head_has_thirteen_and_hardly_an_hour_left(demo):
    row = ladder.span(demo, 0).iloc[0]
    assert row["reports"] == 13 and 0 < row["spare"] < 4
    assert ladder.span(demo, 10)["spare"].iloc[0] < 0


def test_half_as_many_again_stay_a_year_as_the_leavers_tell(demo):
    gone, _ = spans(demo)
    naive = curve(gone, gone[:0]).after(12)
    assert stay(demo).after(12) / naive == pytest.approx(1.5, abs=0.1)
