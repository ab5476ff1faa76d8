"""Pay worked out by hand, and what people do about it."""

from __future__ import annotations

import datetime
import doctest
import functools
import importlib
import inspect
import math
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from handmade import Tables

from salescourse import cards, funnel, measures, motivation, schema
from salescourse.codes import COUNT, from_number
from salescourse.company import Company
from salescourse.errors import StudentError
from salescourse.motivation import PayPlan, behaviour, halfyear, history, moving, seats
from salescourse.motivation.branches import branch_of, concept
from salescourse.motivation.premises import MEANING, Assumptions
from salescourse.motivation.search import best_plan, feasible_plan, weight

PLAN = PayPlan(
    base=30_000,
    rate=0.05,
    plan_gp=800_000,
    threshold=0.5,
    accel_from=1.0,
    accel_mult=2.0,
    cap_attainment=1.5,
    new_client_bonus=1_000,
    passthrough_rate_mult=0.3,
    quality_gate=0.9,
)
SIMPLE = PayPlan(base=32_000, rate=48_000 / 880_000, plan_gp=880_000)
MONTHS = [f"{m:%Y-%m}-01" for m in pd.date_range("2025-09-01", periods=12, freq="MS")]


def department(
    gp: dict[int, float | list[float]],
    *,
    base: float = 40_000,
    rate: float = 0.02,
    margin: float = 0.2,
    grades: dict[int, str] | None = None,
    months: dict[int, list[str]] | None = None,
    head: float = 170_000,
    orders: tuple[dict, ...] = (),
    calls: tuple[tuple[int, str], ...] = (),
    clients: dict[int, int] | None = None,
) -> Company:
    """Sellers with these months of gross profit, paid a base and a part of revenue."""
    tables = Tables()
    tables.add("employees", employee_id=99, fio="Главный Пётр Ильич", role="РОП", base_salary=head)
    for who, own in gp.items():
        grade = (grades or {}).get(who, "специалист")
        person = {"fio": f"Продавец{who} Анна", "role": "МОП-универсал", "grade": grade}
        tables.add("employees", employee_id=who, hired_on="2020-01-01", base_salary=base, **person)
        own_months = (months or {}).get(who, MONTHS)
        values = own if isinstance(own, list) else [own] * len(own_months)
        for month, value in zip(own_months, values, strict=True):
            bonus = round(rate * value / margin)
            key = {"employee_id": who, "month": month}
            pay = {"base_paid": base, "bonus_paid": bonus, "total": base + bonus}
            fact = {"fact_gp": value, "fact_revenue": value / margin, "plan_gp": 1_000_000}
            tables.add("payroll", **key, **pay, **fact, days_worked=20)
            tables.add("plans", **key, plan_revenue=5_000_000, plan_gp=1_000_000)
        tables.add("leads", lead_id=who, created_at="2026-06-05", source="сайт", owner_id=who)
        tables.add(
            "deals",
            deal_id=who,
            lead_id=who,
            owner_id=who,
            created_at="2026-06-05",
            closed_at="2026-07-05",
            status="оплачена",
            stage="Оплата",
            gp=10_000,
        )
        tables.add("stage_history", deal_id=who, stage="Оплата", entered_at="2026-07-05")
    for grade, median in zip(schema.GRADES, (64_000, 80_000, 108_000), strict=True):
        tables.add("market_salary", city="Самара", grade=grade, median=median)
    for n, row in enumerate(orders, 1):
        tables.add("orders", order_id=n, shipped_at=row["paid_at"], **row)
    for n, (client, day) in enumerate(calls, 1):
        kind = {"type": "исходящий звонок", "result": "разговор"}
        tables.add("activities", activity_id=n, client_id=client, at=day, employee_id=1, **kind)
    for client, owner in (clients or {}).items():
        tables.add("clients", client_id=client, owner_id=owner, city="Самара")
    made = {t.name: tables.frame(t) for t in schema.TABLES}
    return Company(made, "2026-09-28", name="Ручная", city="Самара")


YEAR = pd.to_datetime(MONTHS)


# A month of pay -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gp", "total"),
    [
        (0, 30_000),
        (399_999, 30_000),  # a rouble short of half the plan: the base alone
        (400_000, 50_000),  # + 5 % of all of it
        (800_000, 70_000),
        (1_000_000, 90_000),  # 30 000 + 0.05 × (800 000 + 2 × 200 000)
        (1_200_000, 110_000),  # the ceiling: 0.05 × (800 000 + 2 × 400 000)
        (1_900_000, 110_000),  # nothing more beyond it
        (-50_000, 30_000),  # returns take no base away
    ],
)
def test_a_month_has_threshold_accelerator_above_plan_only_and_ceiling(gp, total):
    assert PLAN.pay(gp).total == pytest.approx(total)


def test_pass_through_is_paid_a_part_of_the_rate():
    # 200 000 of one's own and 400 000 that only passed: 0.05 × (200 000 + 0.3 × 400 000)
    assert PLAN.pay(600_000, pass_through=400_000).bonus == pytest.approx(16_000)


def test_what_passed_through_lies_on_top_of_ones_own():
    # own 600 000 whole; above it 200 000 to the plan and 200 000 counted twice, a third of it
    assert PLAN.pay(1_000_000, pass_through=400_000).bonus == pytest.approx(
        0.05 * (600_000 + 0.3 * (200_000 + 2 * 200_000))
    )


def test_the_gate_cuts_the_whole_bonus_and_no_base():
    pay = PLAN.pay(600_000, quality=False, new_clients=2)
    assert pay.base == 30_000
    assert pay.bonus == pytest.approx(0.9 * (0.05 * 600_000 + 2 * 1_000))


def test_half_a_month_has_half_the_base_and_half_the_plan():
    # plan 400 000, so 100 000 of 500 000 lies above it: 0.05 × (400 000 + 2 × 100 000)
    pay = PLAN.pay(500_000, worked=0.5)
    assert (pay.base, pay.bonus) == (15_000, pytest.approx(30_000))
    assert PLAN.pay(100_000, worked=0).total == 0


def test_a_bonus_on_revenue_needs_revenue():
    old = PayPlan(40_000, 0.02, 1_000_000, bonus_base="revenue_paid")
    assert old.pay(1_000_000, revenue=5_000_000).total == pytest.approx(140_000)
    assert old.pay(-1, revenue=100_000).bonus == pytest.approx(2_000)
    with pytest.raises(StudentError, match="revenue"):
        old.pay(1_000_000)


def test_people_and_months_at_once_are_paid_as_one_by_one():
    gp = np.array([[300_000.0, 900_000], [1_300_000, 450_000]])
    passing = np.array([[0.0, 500_000], [100_000, 450_000]])
    worked = np.array([[1.0, 0.5], [1, 0.3]])
    together = PLAN.pay(gp, pass_through=passing, worked=worked).total
    for i, j in np.ndindex(gp.shape):
        alone = PLAN.pay(gp[i, j], pass_through=passing[i, j], worked=worked[i, j]).total
        assert together[i, j] == pytest.approx(alone)


plans = st.builds(
    PayPlan,
    base=st.integers(0, 100_000),
    rate=st.floats(0, 0.3),
    plan_gp=st.integers(100_000, 3_000_000),
    bonus_base=st.sampled_from(["gp_paid", "gp_shipped"]),
    threshold=st.floats(0, 1.2),
    accel_from=st.floats(0, 2),
    accel_mult=st.floats(1, 3),
    cap_attainment=st.one_of(st.just(math.inf), st.floats(0, 3)),
    passthrough_rate_mult=st.floats(0, 1),
    quality_gate=st.floats(0, 1),
)
roubles = st.integers(0, 5_000_000)


@given(plans, roubles, roubles, roubles, roubles, st.floats(0.05, 1))
def test_more_gross_profit_never_pays_less(plan, own, passing, more_own, more_passing, worked):
    less = plan.pay(own + passing, pass_through=passing, worked=worked).total
    more = plan.pay(
        own + passing + more_own + more_passing,
        pass_through=passing + more_passing,
        worked=worked,
    ).total
    assert more >= less - 1e-6


@pytest.mark.parametrize(
    "config",
    [
        {"base": 1, "rate": 5.45, "plan_gp": 1},
        {"base": -1, "rate": 0.05, "plan_gp": 1},
        {"base": 1, "rate": 0.05, "plan_gp": 0},
        {"base": 1, "rate": "много", "plan_gp": 1},
        {"base": 1, "rate": float("nan"), "plan_gp": 1},
        {"base": 1, "rate": 0.05, "plan_gp": 1, "accel_mult": 0.5},
        {"base": 1, "rate": 0.05, "plan_gp": 1, "passthrough_rate_mult": 1.5},
        {"base": 1, "rate": 0.05, "plan_gp": 1, "bonus_base": "gp_payd"},
        {"base": 1, "rate": 0.05, "plan_gp": 1, "treshold": 0.5},
        {"base": 1, "rate": 0.05},
    ],
)
def test_a_misprinted_scheme_is_refused_in_russian(config):
    with pytest.raises(StudentError, match=r"[а-я]"):
        PayPlan.of(config)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: PayPlan.of({"base": 32_000, "rate": 0.05}), "не хватает: plan_gp (план)"),
        (lambda: PayPlan.of({"base": 32_000, "rate": 0.05, "pln": 880_000}), "«plan_gp»"),
        (lambda: PayPlan(32_000, 0.05, 0), "0 ₽ не годится, нужно от 1 ₽ до 10 000 000 000 ₽"),
        (lambda: PayPlan(32_000, -0.0545, 1), "−0,0545 не годится"),
        (lambda: PayPlan(32_000, 0.05, 1, threshold=100), "1 — это 100 %"),
        (lambda: PayPlan(32_000, 0.05, 1, bonus_base="revenue"), '"gp_paid" — ВП оплаченных'),
        (lambda: SIMPLE.curve([90]), "90 % плана — это 0.9. Получено 90"),
        (lambda: SIMPLE.curve("90 %"), "90 % плана — это 0.9"),
        (lambda: motivation.checks(None, 5), "motivation.PayPlan"),
    ],
)
def test_a_slip_in_a_scheme_is_told_as_people_write_numbers_here(make, words):
    with pytest.raises(StudentError) as told:
        make()
    assert words in str(told.value).replace("\u00a0", " ")


def test_the_fields_have_russian_names_too():
    typed = {"Оклад": 32_000, "ставка": 0.05, "план по ВП": 880_000, "порог": 0.5}
    assert PayPlan.of(typed) == PayPlan(32_000, 0.05, 880_000, threshold=0.5)


def test_the_signature_still_names_the_settings():
    assert list(inspect.signature(PayPlan).parameters)[:3] == ["base", "rate", "plan_gp"]


def test_neighbouring_attainments_are_told_apart():
    # 36 000 + 5.5 % of 669 600 is 72 828, 10.88 % of it; one per cent lower, 10.93 %
    _, text = cards.table(PayPlan(36_000, 0.055, 720_000).curve([0.93, 0.92]))
    first, second = text.replace("\u00a0", " ").splitlines()[1:]
    assert first.startswith("93 ") and "10,88 %" in first
    assert second.startswith("92 ") and "10,93 %" in second


def test_without_a_base_the_advice_is_not_about_a_threshold(ten):
    told = motivation.checks(ten, replace(SIMPLE, base=0))["sentence"][3]
    assert "Поднимите оклад" in told and "Уберите порог" not in told
    assert "Уберите порог" in motivation.checks(ten, replace(SIMPLE, threshold=1))["sentence"][3]


def test_a_simulator_or_its_settings_stand_for_the_scheme(ten):
    class Simulator:
        plan = SIMPLE

    for one in (Simulator(), SIMPLE.config):
        assert motivation.behave(ten, one).gp == motivation.behave(ten, SIMPLE).gp
        for helper in (motivation.checks, motivation.pay_history, motivation.one_by_one):
            pd.testing.assert_frame_equal(helper(ten, one), helper(ten, SIMPLE))
        for helper in (motivation.transition, motivation.steps):
            rows = helper(ten, SIMPLE, "2026-11-02")
            pd.testing.assert_frame_equal(helper(ten, one, "2026-11-02"), rows)


def test_a_year_tells_itself_in_russian(ten):
    year = motivation.behave(ten, SIMPLE, ())
    for shown in (repr(year), year._repr_html_()):
        assert "ВП года — 0,0 % к году без поведения" in shown.replace("\u00a0", " ")
        assert "Year(" not in shown and "e+" not in shown and "ФОТ в ВП" in shown
    assert year._repr_html_().count("<tr>") == 13


def test_a_scheme_survives_its_config():
    assert PayPlan.of(PLAN.config) == PLAN
    assert PayPlan.of(SIMPLE.config) == SIMPLE
    assert all(math.isfinite(v) for v in SIMPLE.config.values() if not isinstance(v, str))


def test_the_margin_is_a_ratio_of_sums(two):
    assert motivation.margin(two, YEAR) == pytest.approx(20)
    assert motivation.market_income(two, "ведущий") == 108_000


def test_the_steepest_step_is_where_the_threshold_stands():
    # at 50 % from 30 000 to 50 000
    assert PLAN.steepest() == (pytest.approx(0.5), pytest.approx(20 / 30))
    assert PLAN.cliff() == pytest.approx(0.5)
    assert SIMPLE.cliff() is None


# Formulas, against DOMAIN's numbers -----------------------------------------------------------


def test_the_share_at_plan_holds_the_cap_from_eighty_per_cent():
    assert motivation.share_at_plan(0.10, 0.40) == pytest.approx(0.10 / 1.1)  # 9.09 %
    for cap, mix in ((0.10, 0.4), (0.20, 0.4), (0.25, 0.35)):
        k0 = motivation.share_at_plan(cap, mix)
        assert motivation.share_at(0.8, k0, mix) == pytest.approx(cap)
        assert motivation.breaks_at(cap, k0, mix) == pytest.approx(0.8)


@pytest.mark.parametrize(("x", "share"), [(0.6, 12.667), (0.8, 11.0), (1.0, 10.0), (1.2, 9.333)])
def test_no_scheme_with_a_base_holds_one_share_everywhere(x, share):
    assert 100 * motivation.share_at(x, 0.10, 0.40) == pytest.approx(share, abs=0.001)


def test_a_simple_scheme_follows_the_formula():
    x = [0.5, 0.8, 1.0, 1.5]
    expected = [100 * motivation.share_at(a, 80 / 880, 0.4) for a in x]
    assert SIMPLE.curve(x)["share"].tolist() == pytest.approx(expected)
    assert SIMPLE.curve(x)["mix"].tolist() == pytest.approx([100 * motivation.mix_at(a) for a in x])


def test_forty_to_sixty_is_half_and_half_at_two_thirds_of_plan():
    assert motivation.mix_at(2 / 3, 0.4) == pytest.approx(0.5)


def test_the_plan_of_eighty_thousand():
    need = motivation.plan_for(80_000, cap=0.10, margin=0.22)
    assert "836 000" not in need.sentence and "880 000" in need.sentence.replace("\u00a0", " ")
    assert (need.base, need.bonus) == (pytest.approx(32_000), pytest.approx(48_000))
    assert need.plan_gp == pytest.approx(880_000)
    assert need.plan_turnover == pytest.approx(4_000_000)
    assert need.rate == pytest.approx(0.0545, abs=5e-5)


def test_a_bonus_alone_above_the_cap_never_holds_it():
    assert motivation.breaks_at(0.10, 0.20, 0.40) == math.inf


@pytest.mark.parametrize(
    "call",
    [
        lambda: motivation.share_at_plan(10, 40),
        lambda: motivation.breaks_at(10, 9),
        lambda: motivation.plan_for(80_000, 0.1, 22),
        lambda: motivation.plan_for(0, 0.1, 0.22),
        lambda: motivation.equalising_gp(200_000, 32_000, 5.45),
    ],
)
def test_per_cent_for_a_fraction_is_refused(call):
    with pytest.raises(StudentError):
        call()


# The share ------------------------------------------------------------------------------------


@pytest.fixture
def two():
    """One sells a million a month, the other two hundred thousand; margin 20 %."""
    return department({1: 1_000_000, 2: 200_000})


def test_the_share_is_a_ratio_of_sums(two):
    # pay 40 000 + 2 % × 5 000 000 = 140 000 and 40 000 + 20 000 = 60 000
    assert motivation.payroll_share(two, YEAR) == pytest.approx(100 * 200 / 1_200)
    rows = motivation.payroll_shares(two, "employee_id", YEAR)
    assert rows["share"].tolist() == pytest.approx([14, 30])  # their mean, 22, is another number
    assert motivation.payroll_shares(two, "month", YEAR)["share"].nunique() == 1


def test_the_mix_of_the_year_is_not_the_mix_at_plan(two):
    assert motivation.mix(two, YEAR) == pytest.approx(40)  # 80 of 200
    # at plan both sell 5 000 000: 80 000 of 80 000 + 200 000
    assert motivation.mix_at_plan(two, YEAR) == pytest.approx(100 * 80 / 280)


def test_an_unfinished_month_is_no_full_one():
    company = department({1: 1_000_000}, months={1: [*MONTHS[1:], "2026-09-01"]})
    assert motivation.full_months(company, 3)[-1] == pd.Timestamp("2026-08-01")
    with pytest.raises(StudentError, match="11"):
        motivation.full_months(company, 12)


def test_months_not_understood_are_refused(two):
    for months in ([], ["весна"], 6, ["2020-01"]):
        with pytest.raises(StudentError):
            motivation.payroll_share(two, months)


# History under a scheme -----------------------------------------------------------------------

INBOUND = {"channel_in": "звонок клиента", "revenue": 100_000, "cogs": 80_000, "gp": 20_000}


def order(client: int, day: str, repeat: bool = True, **other) -> dict:
    row = {"client_id": client, "owner_id": 1, "ordered_at": day, "paid_at": day}
    return {**row, "is_repeat": repeat, **INBOUND, **other}


def test_an_order_passes_through_when_it_came_by_itself_and_nobody_had_called():
    orders = (
        order(1, "2026-03-01", repeat=False),
        order(1, "2026-04-20"),  # nobody had called for 14 days
        order(1, "2026-05-20"),  # called 14 days before
        order(1, "2026-06-20"),  # called 15 days before
        order(1, "2026-07-20", channel_in="от продавца"),
        order(2, "2026-07-20"),  # the call was to another client
    )
    calls = ((1, "2026-05-06"), (1, "2026-06-05"), (1, "2026-07-19"))
    company = department({1: 20_000}, orders=orders, calls=calls)
    assert history.passing_orders(company).tolist() == [False, True, False, True, False, True]
    months = history.rows(company).set_index("month")
    assert months.loc["2026-07-01", "pass_through"] == 20_000
    assert months["new_clients"].sum() == 1


def test_the_history_is_paid_month_by_month(two):
    rows = motivation.pay_history(two, SIMPLE, YEAR)
    one = rows[rows["employee_id"] == 1]
    assert one["total"].tolist() == pytest.approx([32_000 + 48_000 / 880_000 * 1_000_000] * 12)
    assert one["before"].tolist() == [140_000] * 12
    assert one["attainment"].iloc[0] == pytest.approx(100 / 0.88)


def test_the_present_scheme_gives_back_what_was_paid(two):
    plan = motivation.current(two)
    assert (plan.base, plan.rate, plan.on_revenue) == (40_000, 0.02, True)
    rows = motivation.pay_history(two, plan)
    assert rows["total"].tolist() == pytest.approx(rows["before"].tolist())


# Eight checks ---------------------------------------------------------------------------------


@pytest.fixture
def ten():
    """Six of ten reach 880 000 in a usual month; the best brings 1.2 million."""
    gp = dict(
        zip(range(1, 11), [1_200_000, 1_000_000, *[900_000] * 4, *[800_000] * 4], strict=True)
    )
    return department(gp)


def failed(company: Company, plan: PayPlan) -> list[int]:
    rows = motivation.checks(company, plan)
    return rows.index[~rows["passed"]].tolist()


def test_the_plan_of_eighty_thousand_passes_all_eight(ten):
    assert failed(ten, SIMPLE) == []
    # 10 × 32 000 + 6/110 of 9 000 000
    rows = motivation.checks(ten, SIMPLE)
    assert rows.loc[8, "value"] == pytest.approx(100 * (320_000 + 9e6 * 6 / 110) / 9e6)
    assert rows.loc[5, "value"] == pytest.approx(60)
    assert rows.loc[6, "value"] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("change", "numbers"),
    [
        ({"rate": 0.10, "base": 88_000 / 1.5}, [1, 6, 8]),  # same mix, dearer
        ({"base": 27_500, "rate": 0.0600}, [2]),  # 34 % of 80 300 at plan
        ({"threshold": 0.5}, [3]),  # 32 000 → 56 000 within one per cent
        ({"base": 27_000, "rate": 0.046}, [4, 6]),  # under 27 093, 67 480 at plan
        ({"plan_gp": 1_100_000, "base": 36_000, "rate": 54_000 / 1_100_000}, [5]),
        ({"base": 28_000, "rate": 42_000 / 880_000}, [6]),  # 70 000 is 0.875 of the market
        ({"accel_mult": 5, "accel_from": 1.3}, [1]),  # 1.5 of plan: the cap is broken at the top
    ],
)
def test_each_fault_is_named_by_its_own_check(ten, change, numbers):
    assert failed(ten, replace(SIMPLE, **change)) == numbers


def test_the_best_seller_is_measured_against_the_head():
    company = department({1: 6_000_000, 2: 900_000, 3: 800_000}, head=100_000)
    # 32 000 + 6/110 × 6 000 000 = 359 000 against 150 000
    rows = motivation.checks(company, SIMPLE)
    assert not rows.loc[7, "passed"]
    assert rows.loc[7, "value"] == pytest.approx((32_000 + 6e6 * 6 / 110) / 100_000)


def test_the_cap_is_tested_over_the_band_and_not_at_plan_only(ten):
    # 10 % at plan exactly: 88 000 of 880 000, broken at once below it
    plan = PayPlan(base=35_200, rate=0.06, plan_gp=880_000)
    assert plan.curve([1.0])["share"].iloc[0] == pytest.approx(10)
    rows = motivation.checks(ten, plan)
    assert not rows.loc[1, "passed"] and rows.loc[1, "value"] == pytest.approx(11)


def test_the_cap_may_be_another_companys(ten):
    assert not motivation.checks(ten, SIMPLE, cap=0.08)["passed"].loc[1]
    with pytest.raises(StudentError, match=r"0\.10"):
        motivation.checks(ten, SIMPLE, cap=10)


def test_newcomers_do_not_count_as_reaching_the_plan(ten):
    staff = ten.employees
    staff.loc[staff["employee_id"] == 1, "hired_on"] = pd.Timestamp("2026-07-01")
    assert motivation.checks(ten, SIMPLE).loc[5, "value"] == pytest.approx(100 * 5 / 9)


def test_every_check_speaks_russian(ten):
    for plan in (SIMPLE, PLAN, motivation.current(ten)):
        for sentence in motivation.checks(ten, plan)["sentence"]:
            assert sentence[0].isupper() and sentence.endswith(".") and "!" not in sentence
            assert not any("a" <= letter <= "z" for letter in sentence.lower())


CODES = [from_number(int(n)) for n in np.random.default_rng(34).choice(COUNT, 30, replace=False)]


@pytest.fixture(scope="module")
def thirty() -> list[Company]:
    return [Company.generate(code) for code in CODES]


def test_random_companies_have_a_scheme_that_passes_and_a_present_one_that_fails(thirty):
    found = [feasible_plan(company) for company in thirty]
    # one company in fifty has none: gates keep its code from being issued
    assert sum(plan is not None for plan in found) >= 28
    for company, plan in zip(thirty, found, strict=True):
        assert plan is None or failed(company, plan) == []
        assert failed(company, motivation.current(company))


def test_where_no_scheme_passes_none_is_given(ten):
    assert feasible_plan(ten) is not None
    assert feasible_plan(ten, cap=0.05) is None  # the market's income would need twice the profit
    assert weight(ten, best_plan(ten)) == 7
    assert 3 <= weight(ten, best_plan(ten, cap=0.05), cap=0.05) < 7


def test_the_planted_branch_is_found_from_the_tables(thirty):
    found = [branch_of(company).branch for company in thirty]
    assert found == [company.facts()["pay"] + 1 for company in thirty]
    assert set(found) == {1, 2}


def test_the_best_paid_seller_can_earn_as_much_only_in_the_second_branch(thirty):
    for company in thirty:
        who = company.payroll.groupby("employee_id")["total"].sum().idxmax()
        new = concept(company)
        equal = motivation.equalising(company, int(who), new.base, new.rate)
        assert equal.reachable == (branch_of(company).branch == 2)
        assert abs(equal.to_best - 1) >= 0.10


# Two branches ---------------------------------------------------------------------------------


def test_both_the_share_and_the_market_make_the_first_branch(two):
    # share 16.7 % of a cap of 10 %; incomes 140 and 60 of 80 thousand: 1.25 of the market
    found = branch_of(two)
    assert (found.branch, found.market) == (1, pytest.approx(125))
    assert motivation.branch(found.share, 16, found.market).branch == 2  # 16.7 is under 1.1 × 16
    poor = department({1: 200_000, 2: 200_000})  # share 30 %, paid 0.75 of the market
    assert branch_of(poor).branch == 2


def test_incomes_are_compared_with_the_market_of_ones_own_rung():
    company = department({1: 1_000_000, 2: 1_000_000}, grades={1: "менеджер", 2: "ведущий"})
    rows = motivation.incomes(company, YEAR)
    # 140 000 of 64 000 and of 108 000
    assert rows["to_market"].tolist() == pytest.approx([100 * 140 / 64, 100 * 140 / 108])


def test_a_fraction_given_to_the_tree_is_refused():
    with pytest.raises(StudentError, match="в процентах"):
        motivation.branch(0.13, 0.10, 1.6)


def test_the_equalising_plan_takes_the_new_base_away_first(two):
    # 140 000 now; 32 000 + 5.4545 % of 1 980 000
    equal = motivation.equalising(two, 1, base=32_000, rate=0.6 / 11)
    assert equal.gp == pytest.approx((140_000 - 32_000) / (0.6 / 11))
    assert equal.best == 1_000_000
    assert not equal.reachable
    # what is printed can be typed back: 1 % of it is the tolerance of the task
    assert "1\u00a0980\u00a0000\u00a0₽ ВП" in equal.sentence and "млн" not in equal.sentence
    assert motivation.equalising(two, 1, base=40_000, rate=0.10).gp == pytest.approx(1_000_000)


def test_capacity_is_leads_times_conversion_times_profit_and_the_base():
    orders = (order(1, "2026-03-01"), order(1, "2026-04-01"), order(2, "2026-04-01", repeat=False))
    company = department({1: 20_000, 2: 0}, orders=orders)
    # a lead in twelve months, all are paid, 10 000 each; two repeat orders of 20 000
    usual = (10_000 + 40_000) / 12
    assert motivation.capacity(company, 1) == pytest.approx(usual)
    assert motivation.capacity(company, 1, leads=3) == pytest.approx(usual + 20_000 / 12)
    assert motivation.capacity(company, 1, repeat=0) == pytest.approx(10_000 / 12)


# Behaviour ------------------------------------------------------------------------------------

OLD = PayPlan(40_000, 0.02, 1_000_000, bonus_base="revenue_paid")


def test_nothing_switched_on_repeats_the_year(ten):
    year = motivation.behave(ten, SIMPLE, ())
    assert year.gp == pytest.approx(12 * 9e6) and year.gp_change == 0
    assert year.share == pytest.approx(100 * (320_000 + 9e6 * 6 / 110) / 9e6)
    assert (year.leavers, year.moved, year.replacement) == (0, 0, 0)


@pytest.mark.parametrize(
    ("rate", "change"),
    [
        (0.0545, 0.0),
        (0.0545 * 1.2, 5.0),  # 0.25 × 0.2
        (0.0545 * 3, 15.0),  # no more than that
        (0.0545 * 0.8, -5.0),
        (0.0, -10.0),  # and no less
    ],
)
def test_effort_follows_the_rate_of_the_next_rouble(two, rate, change):
    year = motivation.behave(two, replace(SIMPLE, rate=rate), "effort")
    assert year.gp_change == pytest.approx(change)


def test_beyond_the_ceiling_nobody_tries(two):
    # the seller of a million stands above a ceiling of 880 000, the other below
    year = motivation.behave(two, replace(SIMPLE, rate=0.0545, cap_attainment=1.0), "effort")
    assert year.gp == pytest.approx(12 * (900_000 + 200_000))


def test_a_bonus_on_revenue_gives_away_four_per_cent_of_price(two):
    # revenue 6 000 000, so profit falls from 1 200 000 by 240 000
    assert motivation.behave(two, OLD, "discount").gp_change == pytest.approx(-20)
    assert motivation.behave(two, SIMPLE, "discount").gp_change == 0


def test_a_cliff_discourages_the_far_and_moves_the_deals_of_the_near():
    company = department({1: 500_000, 2: 850_000, 3: 2_000_000})
    cliff = replace(SIMPLE, threshold=1.0)
    year = motivation.behave(company, cliff, "cliff")
    # 500 000 is under 0.7 of 880 000 and loses a tenth; nobody else tries less
    assert year.gp == pytest.approx(12 * (450_000 + 850_000 + 2_000_000))
    # 850 000 is within a tenth: 15 % of a week of next month; 15 % × 7/30 × 850 000 = 29 750
    assert year.months["moved"].iloc[0] == pytest.approx(29_750)
    # next month 850 000 − 29 750 is still within a tenth
    assert year.moved > 5 * 29_750
    assert motivation.behave(company, SIMPLE, "cliff").gp_change == 0


def test_what_is_moved_is_neither_made_nor_lost():
    company = department({1: [800_000, 900_000] * 6})
    year = motivation.behave(company, replace(SIMPLE, threshold=1.0), "cliff")
    assert year.moved > 0
    assert year.gp == pytest.approx(6 * 1_700_000)


def test_the_hazard_falls_with_income_and_with_the_rung(two):
    here = seats.seats(two)
    rungs, assume = np.array([0, 2]), Assumptions()
    at_market = behaviour.hazard(np.array([64_000, 108_000]), here, rungs, assume)
    assert at_market.tolist() == pytest.approx([0.035, 0.012])
    half = behaviour.hazard(np.array([32_000, 54_000]), here, rungs, assume)
    assert half.tolist() == pytest.approx([0.035 * math.e, 0.012 * math.e])


def test_poorly_paid_people_leave_and_well_paid_ones_stay(ten):
    poor = motivation.behave(ten, PayPlan(10_000, 0.01, 880_000), "quit")
    rich = motivation.behave(ten, PayPlan(300_000, 0.05, 880_000), "quit")
    assert poor.leavers > rich.leavers == 0
    assert poor.replacement == poor.leavers * 250_000
    assert poor.gp_change == 0  # the ramp is a switch of its own


def test_a_newcomer_sells_forty_seventy_and_ninety_per_cent(ten, monkeypatch):
    draws = np.ones((12, 10))
    draws[0, 0] = 0  # the best seller leaves after the first month
    monkeypatch.setattr(behaviour, "luck", lambda company, n: draws)
    year = motivation.behave(ten, SIMPLE, ("quit", "ramp"))
    lost = (9e6 - year.months["gp"]).tolist()
    assert lost[:5] == pytest.approx([0, 0.6 * 1.2e6, 0.3 * 1.2e6, 0.1 * 1.2e6, 0])
    assert year.leavers == 1


def test_every_effect_is_a_row_and_the_same_again(ten):
    rows = motivation.one_by_one(ten, replace(SIMPLE, threshold=1.0))
    assert len(rows) == 7
    assert rows.loc["ничего", "gp_change"] == 0
    again = motivation.one_by_one(ten, replace(SIMPLE, threshold=1.0))
    pd.testing.assert_frame_equal(rows, again)


def test_the_same_code_and_plan_have_the_same_year():
    first, second = (
        motivation.behave(Company.generate("ROP-7F3A-K"), SIMPLE).months for _ in range(2)
    )
    pd.testing.assert_frame_equal(first, second)


def test_luck_belongs_to_the_company_and_not_to_the_plan():
    company, other = Company.generate("ROP-7F3A-K"), Company.generate(CODES[0])
    assert (behaviour.luck(company, 10) == behaviour.luck(company, 10)).all()
    assert (behaviour.luck(company, 10) != behaviour.luck(other, 10)).any()


def test_every_assumption_has_a_meaning_and_a_source():
    assert list(MEANING) == motivation.assumptions().index.tolist()
    assert motivation.assumptions()[["caption", "source"]].map(len).to_numpy().min() > 3
    assert motivation.assumptions(Assumptions(discount=0.02)).loc["discount", "value"] == 0.02


def test_small_assumptions_are_shown_in_full():
    shown = cards.table(motivation.assumptions(), rows=20)[1]
    assert "0,035" in shown and "0,0545" in shown and "250\u00a0000" in shown


def test_an_assumption_may_be_changed(two):
    half = motivation.behave(two, OLD, "discount", Assumptions(discount=0.02))
    assert half.gp_change == pytest.approx(-10)


def test_an_unknown_effect_is_refused(two):
    with pytest.raises(StudentError, match="effort"):
        motivation.behave(two, SIMPLE, ["efort"])


# The move -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("notice", "first"),
    [
        ("2026-09-30", "2026-12-01"),
        ("2026-10-01", "2027-01-01"),  # two months are over at the end of 1 December
        ("2026-10-31", "2027-01-01"),
        ("2026-12-31", "2027-03-01"),  # February is short
    ],
)
def test_terms_change_with_the_first_month_after_two_whole_ones(notice, first):
    assert moving.new_terms(pd.Timestamp(notice)) == pd.Timestamp(first)


@pytest.mark.parametrize(
    "typed",
    ["2027-01-05", "05.01.2027", "5.1.2027", "05/01/2027", "05.01.27", "5 января 2027 г.",
     "5 Января 2027 года", "05.01.2027 ", "2027-01-05 10:30", datetime.date(2027, 1, 5),
     pd.Timestamp("2027-01-05 10:30", tz="Europe/Moscow")],
)  # fmt: skip
def test_the_day_stands_before_the_month_as_it_is_written_here(typed):
    assert moving.the_day(typed) == pd.Timestamp("2027-01-05")


@pytest.mark.parametrize(
    "typed", ["02-11-2026", "31.02.2027", "11.13.2026", "02.11", "2026.11.02", "2 нояб", 2026 - 13]
)
def test_a_date_that_may_be_read_in_two_ways_is_asked_for_again(typed):
    with pytest.raises(StudentError, match="2026-11-02"):
        moving.the_day(typed)


@pytest.fixture
def crowded():
    """Seller 1 has five active clients, seller 2 one, seller 3 none; the norm will be two."""
    days = [f"2026-08-0{n}" for n in range(1, 9)]
    owner = {6: 2}
    orders = (
        *(order(n, days[n], gp=12_000 * n, owner_id=owner.get(n, 1)) for n in range(1, 7)),
        order(7, "2026-01-01"),
    )
    owners = {1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 2, 7: 1}
    return department({1: 1_000_000, 2: 300_000, 3: 300_000}, orders=orders, clients=owners)


def test_the_smallest_clients_above_the_norm_go_to_whoever_is_freest(crowded):
    rows = motivation.clients_split(crowded, norm=2)
    # client 7 has been silent; 5 and 4 are the largest and stay
    assert rows["client_id"].tolist() == [3, 2, 1]
    assert rows["to"].tolist() == [3, 2, 3]
    assert rows["gp"].tolist() == [3_000, 2_000, 1_000]


def test_clients_without_room_are_nobodys(crowded):
    assert motivation.clients_split(crowded, norm=1)["to"].isna().sum() == 3


def test_who_loses_is_told_two_months_before_and_who_does_not_agrees(crowded):
    # 140 000 → 86 545; 70 000 → 48 364; nobody gains
    rows = motivation.transition(crowded, SIMPLE, "2026-09-30", norm=2)
    assert rows["change"].iloc[0] == pytest.approx(100 * (86_545.45 / 140_000 - 1), abs=0.01)
    dates = [str(day.date()) for day in rows["new_from"]]
    assert dates == ["2027-01-01", "2026-12-01", "2026-12-01"]
    assert rows["talk_first"].tolist() == [True, False, False]
    assert "employee_id" not in rows  # the table is as wide as a laptop's screen already
    assert rows["hands_over"].tolist() == [3, 0, 0] and rows["receives"].tolist() == [0, 1, 2]
    better = motivation.transition(crowded, replace(SIMPLE, base=200_000), "2026-09-30", norm=2)
    assert {str(day.date()) for day in better["new_from"]} == {"2026-10-01"}


def test_the_calendar_stands_in_the_order_of_days(crowded):
    rows = motivation.steps(crowded, SIMPLE, "2026-10-15", norm=2)
    assert rows["date"].is_monotonic_increasing
    told = rows.index[rows["what"].str.startswith("Вручить")][0]
    assert rows.loc[told, "date"] == pd.Timestamp("2026-10-15")
    ready = rows.index[rows["what"].str.startswith("Утвердить")][0]
    assert ready < told


def test_half_a_year_pays_each_by_the_scheme_of_the_day(crowded):
    rows = motivation.six_months(crowded, SIMPLE, "2026-09-30", norm=2, effects=())
    assert rows["on_new"].tolist() == [0, 0, 2, 3, 3, 3]
    assert rows["gp"].tolist() == pytest.approx([1_600_000] * 6)  # clients move, profit stays
    assert rows["payroll"].iloc[0] == pytest.approx(140_000 + 2 * 70_000)
    # from December 1 000 000 − 6 000 on the old scheme, 302 000 and 304 000 on the new one
    old = 40_000 + 100_000 * 0.994
    new = 64_000 + 48_000 / 880_000 * 606_000
    assert rows["payroll"].iloc[2] == pytest.approx(old + new)
    assert rows["leavers"].sum() == rows["no_owner"].sum() == 0


def test_clients_of_the_leaver_are_nobodys_where_colleagues_have_no_room(crowded, monkeypatch):
    draws = np.ones((12, 3))
    draws[0, 0] = 0
    monkeypatch.setattr(halfyear, "luck", lambda company, n: draws)
    rows = motivation.six_months(crowded, SIMPLE, "2026-09-30", norm=2, effects=("quit", "ramp"))
    assert rows["leavers"].tolist() == [1, 0, 0, 0, 0, 0]
    assert rows["on_new"].tolist()[:2] == [0, 1]
    # after the split everybody has two, so two of seller 1's find no place for a month
    assert rows["no_owner"].tolist() == [0, 2, 0, 0, 0, 0]
    assert rows["gp"].iloc[1] == pytest.approx(600_000 + 0.4 * 1_000_000)


@pytest.mark.parametrize("notice", ["2026-09-01", "завтра", None, []])
def test_a_notice_in_the_past_or_no_date_is_refused(crowded, notice):
    with pytest.raises(StudentError):
        motivation.transition(crowded, SIMPLE, notice)


# The law --------------------------------------------------------------------------------------


def test_the_minimum_wage_has_the_citys_coefficient():
    assert motivation.minimum_wage(2025) == 22_440
    assert motivation.minimum_wage(2026, "Новосибирск") == pytest.approx(33_866.25)
    assert motivation.minimum_wage(2026, "Самара") == 27_093
    with pytest.raises(StudentError, match="2031"):
        motivation.minimum_wage(2031)


def test_contributions_of_a_year():
    # 2025, small firm: 30 % of 33 660 and 15 % of the rest, twelve times
    small = 12 * (0.30 * 33_660 + 0.15 * 66_340)
    assert motivation.contributions(100_000, 2025, small=True) == pytest.approx(small)
    # 2026: 3 600 000 a year, 621 000 above the base
    above = 0.30 * 2_979_000 + 0.151 * 621_000
    assert motivation.contributions(300_000, 2026) == pytest.approx(above)
    with pytest.raises(StudentError):
        motivation.contributions(100_000, 2026, small=True)  # trade has lost the reduced rate


def test_facts_are_whole_sentences_with_days_as_we_write_them():
    _, text = cards.table(motivation.legal_facts(2026))
    assert "не позднее чем за 2 месяца" in text and "01.02.2002" in text
    assert "2002-02-01" not in text


def test_every_fact_of_the_law_has_a_source_and_a_date():
    rows = motivation.legal_facts()
    assert (rows["source"].str.len() > 5).all()
    assert (
        pd.to_datetime(rows["since"]).notna().all()
        and pd.to_datetime(rows["checked"]).notna().all()
    )
    notice = rows["caption"].str.startswith("Предупредить")
    assert rows.loc[notice, "value"].tolist() == [2]
    assert "не юридическая консультация" in cards.table(rows)[1]


# Docstrings -----------------------------------------------------------------------------------

HELPERS = [n for n in motivation.__all__ if n[0].islower()]


@pytest.mark.parametrize("name", HELPERS)
def test_every_helper_shows_the_pandas_and_the_excel_way(name):
    helper = getattr(motivation, name)
    assert helper.working.pandas and helper.working.excel
    assert helper.__doc__ and any("а" <= letter <= "я" for letter in helper.__doc__)


class Demo:
    """Loads the demo company once for all examples."""

    load = staticmethod(functools.cache(Company.load))


PARTS = (
    "behaviour",
    "branches",
    "clients",
    "halfyear",
    "history",
    "legal",
    "moving",
    "plan",
    "premises",
    "rules",
    "share",
    "target",
)


@pytest.mark.parametrize("part", PARTS)
def test_examples_in_docstrings_run(part):
    module = importlib.import_module(f"salescourse.motivation.{part}")
    names = {"Company": Demo, "funnel": funnel, "measures": measures, "motivation": motivation}
    found = doctest.testmod(module, extraglobs=names)
    assert found.attempted and not found.failed


def test_no_helper_hands_a_student_the_shared_table(two):
    motivation.pay_history(two, SIMPLE).loc[:, ["gp", "before"]] = 0.0
    motivation.payroll_shares(two, "month", YEAR).loc[:, ["gp", "total"]] = 0.0
    assert motivation.payroll_share(two, YEAR) == pytest.approx(100 * 200 / 1_200)
    assert history.rows(two)["gp"].sum() == 12 * 1_200_000
