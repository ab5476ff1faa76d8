"""The funnel on a dozen leads, every answer worked out by hand."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

sys.path.insert(0, str(Path(__file__).parent))
from handmade import STAGES, Lead, firm, paid, upto

from salescourse import funnel
from salescourse.errors import StudentError

NBSP = "\u00a0"
TO_QUALIFIED, TO_QUOTE, TO_TALKS, TO_PAID = funnel.TRANSITIONS


def months(*texts: str) -> list[pd.Timestamp]:
    return [pd.Timestamp(f"{text}-01") for text in texts]


EARLY = months("2026-01", "2026-02", "2026-03")


@pytest.fixture
def company():
    return firm(
        [
            paid("сайт", 1, "2026-01-10", "2026-01-30", 10_000, amount=50_000, named=True),
            # skipped «Квалификация», rolled back from «Переговоры»
            Lead(
                "сайт",
                1,
                "2026-01-12",
                ("КП", "Переговоры", "КП"),
                amount=20_000,
                named=False,
                closed="2026-03-01",
                reason="дорого",
            ),
            Lead("холодные", 2, "2026-01-15", ("Квалификация", "Отложено"), reason="другое"),
            Lead("холодные", 2, "2026-01-20"),
            paid("реклама", 1, "2026-02-05", "2026-03-17", 20_000, amount=90_000, owner_now=3),
            Lead(
                "сайт",
                2,
                "2026-02-10",
                upto("КП"),
                "открыта",
                touched="2026-05-20",
                named=True,
                amount=30_000,
                tag="акция",
            ),
            paid("сайт", 2, "2026-03-03", "2026-04-02", 30_000, amount=80_000, named=True),
            Lead("не указан", 1, "2026-03-05"),
            Lead("сайт", 1, "2026-05-04", upto("Квалификация"), "открыта", touched="2026-05-04"),
            paid("сайт", 1, "2026-01-11", "2026-02-01", 99_000, mark="дубль"),
            Lead("сайт", 1, "2026-02-06", mark="тест"),
        ],
        asof="2026-05-31",
    )


# How far each lead got ------------------------------------------------------------------------


def test_a_rollback_and_a_skipped_stage_take_nothing_away(company):
    rows = funnel.reached(company).set_index("lead_id")
    assert rows.loc[2, "reached"] == STAGES.index("Переговоры")
    assert rows.loc[2, "standing"] == "КП"


def test_parking_is_no_stage(company):
    rows = funnel.reached(company).set_index("lead_id")
    assert rows.loc[3, "reached"] == STAGES.index("Квалификация")


def test_the_seller_is_who_was_given_the_lead(company):
    assert funnel.reached(company).set_index("lead_id").loc[5, "owner_id"] == 1


def test_duplicates_and_tests_are_not_leads(company):
    assert funnel.reached(company)["lead_id"].tolist() == list(range(1, 10))


def test_what_a_student_does_to_a_table_changes_no_other(company):
    mine = funnel.reached(company)
    mine["reached"] = 4
    rows = funnel.leaks(company, "owner_id", EARLY)
    rows["lost"] = 0
    assert funnel.conversion(company, EARLY) == 37.5
    assert funnel.leaks(company, "owner_id", EARLY)["lost"].abs().sum() > 0


# Cohorts --------------------------------------------------------------------------------------


def test_conversion_follows_the_leads_of_the_chosen_months(company):
    assert funnel.conversion(company, EARLY) == 37.5  # 3 of 8
    assert funnel.conversion(company, months("2026-01")) == 25  # 1 of 4


def test_cohort_conversion_ignores_when_the_payment_came(company):
    assert funnel.conversion(company, months("2026-03")) == 50  # paid in April


@pytest.mark.parametrize("given", ["2026-01", ["2026-01"], ("2026-01-15",), months("2026-01")])
def test_months_may_be_written_in_any_way(company, given):
    assert funnel.conversion(company, given) == 25


@pytest.mark.parametrize("given", [[], ["весна"], 6, [None, object()]])
def test_months_that_are_no_months_are_refused_in_russian(company, given):
    with pytest.raises(StudentError, match=r"[а-я]"):
        funnel.conversion(company, given)


def test_stages_count_everybody_who_ever_got_there(company):
    rows = funnel.stages(company, EARLY)
    assert rows["reached"].tolist() == [8, 6, 5, 4, 3]
    assert rows["conversion"].tolist()[1:] == pytest.approx([75, 500 / 6, 80, 75])
    assert pd.isna(rows["conversion"].iloc[0])


def test_by_month_sets_the_same_month_ratio_against_the_cohort(company):
    rows = funnel.by_month(company)
    assert rows["leads"].tolist() == [4, 2, 2, 1]
    assert rows["ratio"].tolist() == [25, 0, 50, 0]  # paid in January 1, in March 1, in April 1
    assert rows["cohort"].tolist() == [25, 50, 50, 0]
    assert rows["open"].tolist() == [0, 50, 0, 100]
    assert rows["mature"].tolist() == [True, True, True, False]


def test_standing_now_is_not_what_was_reached(company):
    rows = funnel.reached_against_current(company, EARLY)
    assert rows["current"].tolist() == [2, 0, 2, 0, 3, 1]
    assert rows["reached"].tolist()[:5] == [8, 6, 5, 4, 3]


# Leaks ----------------------------------------------------------------------------------------


@pytest.fixture
def leaky():
    """Seller 1 qualifies 2 of 6, seller 2 qualifies 4 of 8; all in two months.

    seller 1: сайт 1 of 4, реклама 1 of 2; seller 2: сайт 3 of 4, реклама 1 of 4.
    Of those qualified on the site (4) two paid, of those from ads (2) both.
    """
    lost, won = upto("Квалификация"), "2026-02-20"
    return firm(
        [
            paid("сайт", 1, "2026-01-05", won, 10_000),
            *(Lead("сайт", 1, "2026-01-06") for _ in range(3)),
            paid("реклама", 1, "2026-02-05", won, 20_000),
            Lead("реклама", 1, "2026-02-06"),
            paid("сайт", 2, "2026-01-05", won, 30_000),
            *(Lead("сайт", 2, "2026-01-07", lost) for _ in range(2)),
            Lead("сайт", 2, "2026-01-08"),
            paid("реклама", 2, "2026-02-07", won, 40_000),
            *(Lead("реклама", 2, "2026-02-08") for _ in range(3)),
        ],
        asof="2026-06-30",
    )


TWO = months("2026-01", "2026-02")


def test_a_seller_is_compared_with_the_others_on_his_own_sources(leaky):
    row = funnel.stage(leaky, "Квалификация", by="owner_id", months=TWO).loc[
        f"Иванова{NBSP}А.{NBSP}П."
    ]
    assert row["n"] == 6
    assert row["conversion"] == pytest.approx(100 * 2 / 6)
    assert row["reference"] == pytest.approx(100 * 3.5 / 6)  # 4 × 3/4 + 2 × 1/4
    assert row["gap"] == pytest.approx(25)


def test_what_is_lost_is_what_would_have_been_paid_a_month(leaky):
    row = funnel.stage(leaky, "Квалификация", by="owner_id", months=TWO).iloc[0]
    # site: 3 expected − 1, half of the qualified pay; ads: 0.5 − 1, all of the qualified pay;
    # a payment brings 25 000 ₽ on average, the period is two months
    assert row["lost"] == pytest.approx((2 * 0.5 - 0.5 * 1.0) * 25_000 / 2)


def test_z_counts_the_chance_in_the_seller_and_in_the_others(leaky):
    row = funnel.stage(leaky, "Квалификация", by="owner_id", months=TWO).iloc[0]
    # site: 4 × 3/16 + 4² × 3/16 / 4; ads: 2 × 3/16 + 2² × 3/16 / 4
    variance = (4 + 4) * 3 / 16 + (2 + 1) * 3 / 16
    assert row["z"] == pytest.approx(1.5 / variance**0.5)


def test_a_stage_may_be_named_by_where_it_leads_or_whole(leaky):
    short = funnel.stage(leaky, "квалификация", "owner_id", TWO)
    assert_frame_equal(short, funnel.stage(leaky, "Новая заявка → Квалификация", "owner_id", TWO))


def test_leaks_hold_every_transition_of_everybody_who_had_leads(leaky):
    rows = funnel.leaks(leaky, "owner_id", TWO)
    assert len(rows) == 8
    assert set(rows["transition"]) == set(funnel.TRANSITIONS)
    assert set(rows["key"]) == {1, 2}  # the third seller had none


def test_a_campaign_is_compared_with_the_other_one_of_its_source():
    company = firm(
        [
            paid("сайт", 1, "2026-01-05", "2026-02-05", 10_000, campaign="Сайт: каталог"),
            *(Lead("сайт", 1, "2026-01-06", campaign="Сайт: каталог") for _ in range(3)),
            paid("сайт", 1, "2026-01-05", "2026-02-05", 30_000, campaign="Сайт: главная"),
            Lead("сайт", 1, "2026-01-06", campaign="Сайт: главная"),
            Lead("сайт", 1, "2026-01-06", upto("КП")),  # no campaign: in neither
            paid("холодные", 1, "2026-01-07", "2026-02-05", 50_000, campaign="База холодная А"),
        ],
        asof="2026-06-30",
    )
    rows = funnel.stage(company, "Квалификация", "campaign", ["2026-01"])
    assert rows.loc["Сайт: каталог", ["conversion", "reference"]].tolist() == [25, 50]
    # one lead of four, and of the three qualified on the site two paid: 30 000 ₽ a payment
    assert rows.loc["Сайт: каталог", "lost"] == pytest.approx(1 * 2 / 3 * 30_000)
    assert pd.isna(rows.loc["База холодная А", "reference"])  # there is no other cold campaign


def test_comparing_sources_is_refused_with_the_reason(leaky):
    with pytest.raises(StudentError, match="campaign"):
        funnel.leaks(leaky, "source", TWO)
    with pytest.raises(StudentError, match="Нет разреза"):
        funnel.leaks(leaky, "owner", TWO)


@pytest.mark.parametrize("stage", ["Квалификацыя", "Новая заявка", 3])
def test_an_unknown_stage_is_met_with_the_known_ones(leaky, stage):
    with pytest.raises(StudentError, match="Квалификация, КП, Переговоры, Оплата"):
        funnel.stage(leaky, stage, "owner_id", TWO)


def test_the_price_of_a_leak_stands_beside_new_clients_money():
    order = {"ordered_at": "2025-01-20", "paid_at": "2025-01-25", "owner_id": 1, "revenue": 1}
    company = firm(
        [
            paid("сайт", 1, "2025-01-10", "2025-01-20", 10_000, client=7),
            Lead("сайт", 1, "2025-01-11"),
            paid("сайт", 2, "2025-01-10", "2025-01-20", 30_000, client=8),
        ],
        asof="2026-06-30",
        orders=[
            order | {"order_id": 1, "client_id": 7, "gp": 10_000},
            order | {"order_id": 2, "client_id": 7, "gp": 6_000, "ordered_at": "2026-01-19"},
            order | {"order_id": 3, "client_id": 7, "gp": 50_000, "ordered_at": "2026-01-20"},
            order | {"order_id": 4, "client_id": 8, "gp": 30_000},
            order | {"order_id": 5, "client_id": 8, "gp": 70_000, "paid_at": None},
        ],
    )
    row = funnel.in_money(company, "Квалификация", "Иванова", ["2025-01"]).iloc[0]
    assert row["lost"] == pytest.approx(20_000)  # one lead of two, at 20 000 ₽ a payment
    assert row["new"] == 40_000
    assert row["share"] == pytest.approx(50)
    assert row["clients"] == pytest.approx(1)
    assert row["year"] == pytest.approx((10_000 + 6_000 + 30_000) / 2)
    assert row["lost_year"] == pytest.approx(23_000)


# Sellers --------------------------------------------------------------------------------------


def deals(source: str, owner: int, won: int, lost: int) -> list[Lead]:
    good = [paid(source, owner, "2026-01-05", "2026-02-01", 1) for _ in range(won)]
    return good + [Lead(source, owner, "2026-01-06") for _ in range(lost)]


@pytest.fixture
def uneven():
    """Half of all leads are cold. Seller 1 has 80 cold and 20 referrals, seller 2 the reverse."""
    return firm(
        deals("холодные", 1, 8, 72)
        + deals("рекомендации", 1, 10, 10)
        + deals("холодные", 2, 1, 19)
        + deals("рекомендации", 2, 32, 48),
        asof="2026-06-30",
    )


def test_standardising_gives_everybody_the_companys_mix(uneven):
    rows = funnel.standardised(uneven, ["2026-01"]).set_index("owner_id")
    assert rows.loc[1, ["raw", "standardised"]].tolist() == pytest.approx([18, 30])  # 10 and 50 %
    assert rows.loc[2, ["raw", "standardised"]].tolist() == pytest.approx([33, 22.5])  # 5 and 40 %


def test_a_source_a_seller_never_had_is_left_out_of_his_weights(uneven):
    company = firm(
        deals("сайт", 1, 1, 1) + deals("сайт", 2, 1, 3) + deals("реклама", 2, 1, 0),
        asof="2026-06-30",
    )
    assert funnel.standardised(company, None).set_index("owner_id").loc[1, "standardised"] == 50


def test_by_source_starts_with_all_leads(uneven):
    rows = funnel.by_source(uneven, ["Иванова", 2], ["2026-01"])
    assert rows.index.tolist() == ["все лиды", "холодные", "рекомендации"]
    assert rows["conversion"][1].tolist() == pytest.approx([18, 10, 50])
    assert rows["leads"][2].tolist() == [100, 20, 80]


def test_the_pair_that_the_mix_turns_over_is_found(uneven):
    assert funnel.simpson_pair(uneven, ["2026-01"]) == (1, 2)


def test_where_the_mix_turns_nobody_over_there_is_no_pair(company):
    with pytest.raises(StudentError, match="никого не меняет"):
        funnel.simpson_pair(company)


@pytest.mark.parametrize("who", ["Иванова", "иванова а. п.", f"Иванова{NBSP}А.{NBSP}П.", 1, "1"])
def test_a_person_is_known_by_any_name(company, who):
    assert funnel.person(company, who) == 1
    assert funnel.name(company, who) == f"Иванова{NBSP}А.{NBSP}П."


@pytest.mark.parametrize("who", ["Иванов", "Сидорова", "", None, 7, 1.5, object(), True])
def test_a_stranger_is_refused_in_russian(company, who):
    with pytest.raises(StudentError, match="Нет продавца"):
        funnel.person(company, who)


# Causes ---------------------------------------------------------------------------------------


def test_speed_counts_qualified_leads_by_hours_to_the_contact():
    hours = [(0.5, True), (1.0, False), (3.0, True), (24.0, False), (30.0, False), (None, True)]
    company = firm(
        [
            Lead("сайт", 1, "2026-01-05", upto("Квалификация") if good else (), hours=h)
            for h, good in hours
        ],
        asof="2026-06-30",
    )
    rows = funnel.speed(company)
    assert rows["leads"].tolist() == [2, 1, 1, 1]
    assert rows["conversion"].tolist() == [50, 100, 0, 0]


def test_price_named_leaves_out_empty_fields(company):
    rows = funnel.price_named(company, EARLY)
    assert rows["quotes"].tolist() == [2, 2]  # lead 5 has the field empty
    assert rows["share"].tolist() == [50, 100]
    assert rows.attrs["named"] == pytest.approx(200 / 3)  # leads 1, 6, 7: two went further
    assert rows.attrs["silent"] == 100  # lead 2


def test_a_zombie_is_open_and_untouched_for_more_than_thirty_days():
    rows = [
        Lead("сайт", 1, "2026-01-05", upto("КП"), "открыта", amount=10, touched="2026-05-01"),
        Lead("сайт", 1, "2026-01-05", upto("КП"), "открыта", amount=20, touched="2026-04-30"),
        Lead("сайт", 1, "2026-01-05", upto("КП"), "открыта", amount=40),
        Lead("сайт", 1, "2026-05-20", (), "открыта"),
        Lead("сайт", 2, "2026-01-05", upto("КП"), amount=80),
    ]
    out = funnel.zombies(firm(rows, asof="2026-05-31"))
    assert out.index.tolist() == [f"Иванова{NBSP}А.{NBSP}П."]
    assert out.iloc[0].tolist() == [2, 4, 50, 60]  # 1 May is 30 days back, 30 April is 31


def test_a_cause_explains_a_gap_that_goes_when_it_is_made_equal():
    def quotes(owner, named, won, lost):
        return [
            Lead("сайт", owner, "2026-01-05", upto("Переговоры" if i < won else "КП"), named=named)
            for i in range(won + lost)
        ]

    # with the price named 8 of 10 go on, without it 2 of 10, whoever the seller is
    company = firm(
        quotes(1, True, 8, 2)
        + quotes(1, False, 6, 24)
        + quotes(2, True, 24, 6)
        + quotes(2, False, 2, 8),
        asof="2026-06-30",
    )
    by_price = funnel.equalised(company, "Переговоры", 1, "price_named", ["2026-01"]).iloc[0]
    assert by_price["gap"] == pytest.approx(65 - 35)
    assert by_price["left"] == pytest.approx(0)
    assert by_price["explained"] == pytest.approx(100)
    by_speed = funnel.equalised(company, "Переговоры", 1, "lag_hours", ["2026-01"]).iloc[0]
    assert by_speed["explained"] == pytest.approx(0)


def test_without_abandoned_deals_their_gap_goes():
    talks, open_ = upto("Переговоры"), "открыта"
    company = firm(
        deals("сайт", 1, 2, 0)
        + [Lead("сайт", 1, "2026-01-05", talks)] * 2
        + [Lead("сайт", 1, "2026-01-05", talks, open_, touched="2026-02-01")] * 4
        + deals("сайт", 2, 4, 0)
        + [Lead("сайт", 2, "2026-01-05", talks)] * 4,
        asof="2026-06-30",
    )
    row = funnel.equalised(company, "Оплата", "Иванова", "zombie", ["2026-01"]).iloc[0]
    assert row.tolist() == pytest.approx([25, 0, 100])  # 2 of 8 against 4 of 8; 2 of 4 without


def test_a_bad_campaign_stays_bad_at_every_seller():
    def leads(campaign, owner, won, lost):
        good = [Lead("сайт", owner, "2026-01-05", upto("КП"), campaign=campaign)] * won
        return good + [Lead("сайт", owner, "2026-01-05", campaign=campaign)] * lost

    company = firm(
        leads("Сайт: каталог", 1, 2, 8)
        + leads("Сайт: каталог", 2, 2, 8)
        + leads("Сайт: главная", 1, 6, 4)
        + leads("Сайт: главная", 2, 6, 4)
        + deals("холодные", 1, 1, 0),
        asof="2026-06-30",
    )
    row = funnel.equalised(company, "Квалификация", "Сайт: каталог", "campaign", None).iloc[0]
    assert row.tolist() == pytest.approx([40, 0, 100])
    with pytest.raises(StudentError, match="Нет признака"):
        funnel.equalised(company, "Квалификация", "Сайт: каталог", "цена", None)


def test_a_place_without_leads_is_met_in_russian(company):
    with pytest.raises(StudentError, match="никто не дошёл"):
        funnel.in_money(company, "Оплата", 2, ["2026-01"])
    with pytest.raises(StudentError, match="никто не дошёл"):
        funnel.equalised(company, "Оплата", 2, "zombie", ["2026-01"])


# Reports and velocity -------------------------------------------------------------------------


def test_one_report_gives_three_numbers_by_what_a_period_means(company):
    rows = funnel.sales_analysis(company, "2026-03")
    # created: 7 and 8; closed: 2, 5 and 8; in work: those four and 6, open all along
    assert rows["deals"].tolist() == [2, 3, 5]
    assert rows["amount"].tolist() == [80_000, 110_000, 220_000]
    assert rows["deals_оплачена"].tolist() == [1, 1, 2]
    assert rows["deals_открыта"].tolist() == [0, 0, 1]
    assert rows["amount_потеряна"].tolist() == [0, 20_000, 20_000]


def test_the_report_is_filtered_by_todays_owner_and_tag(company):
    own = funnel.sales_analysis(company, "2026-03", owner="Иванова")
    assert own["deals"].tolist() == [1, 2, 2]
    tagged = funnel.sales_analysis(company, "2026-02", tag="акция")
    assert tagged["deals"].tolist() == [1, 0, 1]
    with pytest.raises(StudentError, match="Нет тега"):
        funnel.sales_analysis(company, "2026-02", tag="акцыя")


def test_reasons_of_loss_run_from_the_commonest(company):
    rows = funnel.loss_reasons(company, EARLY)
    assert rows["deals"].to_dict() == {"не указана": 2, "дорого": 1, "другое": 1}
    assert rows["running"].tolist() == [50, 75, 100]
    assert rows.loc["дорого", "named"] == 0 and pd.isna(rows.loc["другое", "named"])


def test_quality_of_leads_is_what_they_bring(company):
    row = funnel.lead_quality(company, EARLY).loc["сайт"]
    assert row.tolist() == pytest.approx([4, 100, 50, 40_000, 10_000])


def test_a_shorter_cycle_speeds_the_funnel_more_than_more_leads():
    assert funnel.velocity(opps=200, win=20, gp=15_000, cycle=30) == 20_000
    assert funnel.velocity(200, 20, 15_000, 27) / 20_000 == pytest.approx(1 / 0.9)
    with pytest.raises(StudentError, match="больше нуля"):
        funnel.velocity(200, 20, 15_000, 0)


def test_levers_are_measured_on_the_chosen_months(company):
    levers = funnel.velocity_levers(company, EARLY)
    assert levers == pytest.approx({"opps": 2, "win": 50, "gp": 20_000, "cycle": 30})
    with pytest.raises(StudentError, match="никто не оплатил"):
        funnel.velocity_levers(company, ["2026-05"])
