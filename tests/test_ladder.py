"""The career ladder worked out by hand: months, traps, market, proof, rungs, promotion, tenure."""

from __future__ import annotations

import doctest
import functools
import importlib
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from handmade import Tables

from salescourse import ladder, motivation, schema, widgets
from salescourse.company import Company
from salescourse.errors import StudentError
from salescourse.ladder import Ladder, Rung
from salescourse.ladder.leading import between, correlations, panel, proven, within
from salescourse.ladder.months import usual
from salescourse.ladder.promotion import EARLY, NEXT, NOW, verdicts
from salescourse.ladder.rules import all_checks
from salescourse.ladder.search import best, feasible
from salescourse.ladder.tenure import curve, leavers_mean, stay
from salescourse.ladder.wall import exact

MONTHS = [f"{m:%Y-%m}-01" for m in pd.date_range("2025-09-01", periods=12, freq="MS")]
LAST = pd.to_datetime(MONTHS[-6:])
YEAR = pd.to_datetime(MONTHS)
ANNA, BORIS, VERA, NEW = 1, 2, 3, 4


def department(
    turnover: dict[int, float | list[float]],
    margin: dict[int, float] | None = None,
    *,
    worked: dict[int, list[int]] | None = None,
    hired: dict[int, str] | None = None,
    grades: dict[int, str] | None = None,
    pay: dict[int, tuple[float, float]] | None = None,
    orders: tuple[dict, ...] = (),
    log: tuple[dict, ...] = (),
) -> Company:
    """Sellers who ship this much a month at a margin, one order a month on the 10th."""
    tables, number = Tables(), 0
    tables.add(
        "employees", employee_id=99, fio="Главный Пётр Ильич", role="РОП", base_salary=170_000
    )
    for who, own in turnover.items():
        tables.add(
            "employees",
            employee_id=who,
            fio=f"{'АБВГДЕЖЗИ'[who - 1]}ин Олег Ильич",
            role="МОП-универсал",
            grade=(grades or {}).get(who, "менеджер"),
            hired_on=(hired or {}).get(who, "2020-01-01"),
            base_salary=30_000,
            manager_id=99,
        )
        tables.add("leads", lead_id=who, created_at="2026-06-05", source="сайт", owner_id=who)
        tables.add("deals", deal_id=who, lead_id=who, owner_id=who, created_at="2026-06-05",
                   status="открыта", stage="КП")  # fmt: skip
        tables.add("stage_history", deal_id=who, stage="КП", entered_at="2026-06-06")
        values = own if isinstance(own, list) else [own] * len(MONTHS)
        days = (worked or {}).get(who, [20] * len(MONTHS))
        base, bonus = (pay or {}).get(who, (30_000, 30_000))
        for month, value, day in zip(MONTHS, values, days, strict=True):
            gp = round(value * (margin or {}).get(who, 0.2))
            key = {"employee_id": who, "month": month}
            money = {"base_paid": base, "bonus_paid": bonus, "total": base + bonus}
            facts = {"plan_gp": 1_000_000, "fact_gp": gp, "fact_revenue": round(value)}
            tables.add("payroll", **key, **money, **facts, days_worked=day)
            number += 1
            when = f"{month[:8]}10"
            tables.add("orders", order_id=number, client_id=who, owner_id=who, ordered_at=when,
                       shipped_at=when, paid_at=when, channel_in="от продавца", is_repeat=True,
                       revenue=round(value), gp=gp)  # fmt: skip
    for row in orders:
        number += 1
        tables.add("orders", order_id=number, shipped_at=row["ordered_at"],
                   paid_at=row["ordered_at"], **row)  # fmt: skip
    for n, row in enumerate(log, 1):
        tables.add("activities", activity_id=n, **row)
    for city, scale in (("Самара", 1.0), ("Москва", 1.5)):
        for grade, median in zip(schema.GRADES, (60_000, 80_000, 100_000), strict=True):
            tables.add("market_salary", city=city, grade=grade, p25=round(0.8 * scale * median),
                       median=round(scale * median), p75=round(1.2 * scale * median))  # fmt: skip
    made = {t.name: tables.frame(t) for t in schema.TABLES}
    return Company(made, "2026-09-28", name="Ручная", city="Самара")


def first(rows: pd.DataFrame, column: str) -> list:
    return rows[column].tolist()


# An ordinary month ----------------------------------------------------------------------------


def test_the_ordinary_month_is_the_median_of_six_and_not_the_bright_last_one():
    """10, 20, 30, 40, 50 and 900: the median is 35, the best 900, the mean 175."""
    values = [0.0] * 6 + [10, 20, 30, 40, 50, 900]
    company = department({ANNA: [1000.0 * v for v in values]})
    for how, answer in (("median", 35_000), ("max", 900_000), ("mean", 175_000)):
        assert first(ladder.typical(company, LAST, 0.6, how), "turnover") == [answer]
    assert first(ladder.typical(company, LAST, 0.6, "median"), "gp") == [7_000]


def test_months_worked_less_than_sixty_per_cent_do_not_count():
    """12 of 20 days are 60 % and count, 11 do not: the median of 30, 40 and 50 is 40."""
    values = [0.0] * 6 + [1000.0 * v for v in (1, 2, 3, 30, 40, 50)]
    days = [20] * 6 + [11, 6, 2, 12, 20, 20]
    company = department({ANNA: values, BORIS: 1.0}, worked={ANNA: days})
    rows = ladder.typical(company, LAST, 0.6, "median")
    assert (rows["turnover"].iloc[0], rows["months"].iloc[0]) == (40_000, 3)
    assert ladder.typical(company, LAST, 0.0, "median")["turnover"].iloc[0] == 16_500


def test_the_first_four_months_are_the_ramp_and_never_count():
    """Hired on 1 March: March to June are the ramp, July and August are two months, not three."""
    company = department({ANNA: 5.0, NEW: 9.0}, hired={NEW: "2026-03-01"})
    assert len(ladder.typical(company, LAST, 0.6, "median")) == 1
    older = department({ANNA: 5.0, NEW: 9.0}, hired={NEW: "2026-01-20"})
    assert first(ladder.typical(older, LAST, 0.6, "median"), "months") == [6, 3]


def test_turnover_goes_by_the_day_of_shipping():
    late = {"client_id": 9, "owner_id": ANNA, "ordered_at": "2026-08-31", "is_repeat": True}
    late |= {"channel_in": "сайт", "revenue": 70_000, "gp": 7_000}
    company = department({ANNA: 10_000.0}, orders=(late,))
    company.tables["orders"].loc[lambda o: o["revenue"] == 70_000, "shipped_at"] = pd.Timestamp(
        "2026-09-01"
    )
    assert ladder.typical(company, LAST, 0.6, "max")["turnover"].iloc[0] == 10_000


@pytest.mark.parametrize(
    ("worked", "how", "words"),
    [(0.6, "medain", "возможно, вы имели в виду «median»"), (60, "median", "от 0 до 1")],
)
def test_a_slip_in_the_way_of_counting_is_answered_in_words(worked, how, words):
    with pytest.raises(StudentError) as error:
        ladder.typical(department({ANNA: 5.0}), LAST, worked, how)
    assert words in str(error.value).lower().replace("\u00a0", " ")


# Whose clients --------------------------------------------------------------------------------


def sale(who: int, client: int, day: str, gp: int, *, new: bool = False, channel="сайт") -> dict:
    return {"owner_id": who, "client_id": client, "ordered_at": day, "gp": gp, "revenue": 5 * gp,
            "is_repeat": not new, "channel_in": channel}  # fmt: skip


def call(who: int, client: int, day: str, kind: str = "исходящий звонок") -> dict:
    return {"type": kind, "employee_id": who, "client_id": client, "at": day, "result": "разговор"}


def test_pass_through_is_a_repeat_that_nobody_sold():
    """Of 100: 40 came by itself, 30 after a call, 20 from the seller, 10 is a new client's."""
    orders = (
        sale(ANNA, 50, "2026-05-20", 40),
        sale(ANNA, 51, "2026-05-20", 30),
        sale(ANNA, 52, "2026-05-20", 20, channel="от продавца"),
        sale(ANNA, 53, "2026-05-20", 10, new=True),
    )
    log = (call(ANNA, 51, "2026-05-06"), call(ANNA, 50, "2026-05-05"))
    company = department({ANNA: 0.0}, orders=orders, log=log)
    row = ladder.base_and_new(company, YEAR).iloc[0]
    assert (row["gp"], row["pass_through"], row["new"]) == (100, 40, 1)  # 15 days are too long ago


def test_clients_outside_the_months_do_not_count():
    orders = (
        sale(ANNA, 50, "2026-05-20", 10, new=True),
        sale(ANNA, 51, "2026-09-20", 10, new=True),
    )
    company = department({ANNA: 5.0}, orders=orders)
    assert first(ladder.base_and_new(company, YEAR), "new") == [1]


# The market -----------------------------------------------------------------------------------


def test_compa_is_income_to_the_median_of_the_own_rung_and_city():
    """72 000 of 60 000 in Samara; against Moscow 0.8; net 1.044; the base alone 0.5; to p75 1.0."""
    company = department({ANNA: 5.0}, pay={ANNA: (30_000, 42_000)})

    def compa(city="Самара", pay="total", level="median", tax=0.0) -> float:
        return float(ladder.compa(company, YEAR, city, pay, level, tax)["compa"].iloc[0])

    assert compa() == pytest.approx(1.2)
    assert compa(city="Москва") == pytest.approx(0.8)
    assert compa(tax=0.13) == pytest.approx(1.044)
    assert compa(pay="base_paid") == pytest.approx(0.5)
    assert compa(level="p75") == pytest.approx(1.0)


def test_each_is_compared_with_his_own_rung():
    company = department({ANNA: 5.0, BORIS: 5.0}, grades={BORIS: "ведущий"})
    assert first(ladder.compa(company, YEAR, "Самара", "total", "median"), "compa") == [1.0, 0.6]


@pytest.mark.parametrize(
    ("city", "pay", "level", "words"),
    [
        ("Самра", "total", "median", "«Самара»"),
        ("Самара", "бонус", "median", "Есть total, base_paid"),
        ("Самара", "total", "max", "Есть p25, median, p75"),
    ],
)
def test_an_unknown_market_names_the_known_ones(city, pay, level, words):
    with pytest.raises(StudentError) as error:
        ladder.compa(department({ANNA: 5.0}), YEAR, city, pay, level)
    assert words in str(error.value)


# Leading indicators ---------------------------------------------------------------------------


def test_within_a_seller_his_own_mean_is_taken_off():
    """Both go up together in each seller, though the one who does more sells less."""
    x = np.array([[1.0, 2, 3], [11, 12, 13]])
    y = np.array([[101.0, 102, 103], [1, 2, 3]])
    assert within(x, y) == pytest.approx(1)
    assert between(
        np.array([[1.0, 3], [4, 6], [9, 11]]), -np.array([[1.0, 3], [4, 6], [9, 11]])
    ) == (pytest.approx(-1))


def test_a_month_without_a_number_is_left_out_of_both():
    """Without the gap x is 1, 3 and y 2, 6: perfectly together."""
    x, y = np.array([[1.0, np.nan, 3.0]]), np.array([[2.0, 900.0, 6.0]])
    assert within(x, y) == pytest.approx(1)


def test_what_never_changes_is_bound_to_nothing():
    assert np.isnan(within(np.ones((2, 4)), np.arange(8.0).reshape(2, 4)))


def led(lag: int) -> Company:
    """Quotes of a month bring GP `lag` months later: 1 000 a quote."""
    sent = [2, 5, 1, 4, 3, 6, 2, 5, 1, 4, 3, 6]
    log, orders = [], []
    for who in (ANNA, BORIS):
        for month, n in zip(MONTHS, sent, strict=True):
            log += [call(who, 50 + who, f"{month[:8]}05", "КП")] * n
        for i, month in enumerate(MONTHS):
            n = sent[i - lag] if i >= lag else 3
            orders.append({**sale(who, 60, f"{month[:8]}15", 1000 * n, new=True), "deal_id": who})
    return department({ANNA: 0.0, BORIS: 0.0}, orders=tuple(orders), log=tuple(log))


def test_the_lag_finds_what_the_same_month_hides():
    """GP of the next month repeats the quotes exactly, so the mean of two months follows them."""
    company = led(lag=1)
    quotes = np.array([2, 5, 1, 4, 3, 6, 2, 5, 1, 4, 3, 6.0])
    ahead = (quotes[:-2] + quotes[1:-1]) / 2  # GP of t+1 and t+2 are the quotes of t and t+1
    by_hand = np.corrcoef(quotes[:-2], ahead)[0, 1]
    assert correlations(company, 2)["quotes"] == pytest.approx(by_hand)
    assert correlations(company, 0)["quotes"] < by_hand
    assert by_hand > 0.3 and proven(company) == ["quotes"]


def test_indicators_are_counted_by_seller_and_month():
    found = panel(led(lag=1))
    assert found.values["quotes"][0].tolist() == [2, 5, 1, 4, 3, 6, 2, 5, 1, 4, 3, 6]
    assert found.targets["new"][1].tolist()[:3] == [3000, 2000, 5000]


def test_a_meeting_counts_when_it_was_with_a_client():
    log = (call(ANNA, 50, "2026-05-05", "встреча"), call(ANNA, None, "2026-05-06", "встреча"))
    found = panel(department({ANNA: 5.0}, log=log))
    assert found.values["meetings"].sum() == 1


def test_a_result_is_never_proven_to_lead():
    assert "paid" not in proven(led(lag=1))


def test_the_number_of_months_ahead_must_be_whole():
    with pytest.raises(StudentError, match="Целое число"):
        ladder.leading(led(1), 1.5, True, "new")


# The ladder -----------------------------------------------------------------------------------

LOW = Rung(2_000_000, 400_000, 24_000, 36_000)
MIDDLE = Rung(4_000_000, 800_000, 32_000, 48_000)
HIGH = Rung(5_500_000, 1_100_000, 40_000, 60_000)
LADDER = Ladder((replace(LOW, gp=600_000, turnover=3_000_000), MIDDLE, HIGH))


def team() -> Company:
    """A discounter and four honest sellers; margins of 20 %, his 10 %."""
    turnover = {1: 3.1e6, 2: 3.2e6, 3: 4.2e6, 4: 6.0e6, 5: 7.0e6}
    return department(turnover, {5: 0.10})


def place(rungs: Ladder, turnover: float, gp: float) -> str:
    return rungs.names[int(rungs.rung_of(turnover, gp))]


def test_a_rung_is_held_by_both_norms_and_the_first_by_all_others():
    assert place(LADDER, 6e6, 1.2e6) == "ведущий"
    assert place(LADDER, 6e6, 0.9e6) == "специалист"  # turnover of the top, GP of the middle
    assert place(LADDER, 9e6, 0.5e6) == "менеджер"  # the discounter
    assert place(LADDER, 0, 0) == "менеджер"
    assert place(LADDER, 4e6, 0.8e6) == "специалист"  # a norm reached exactly is held


def test_placement_says_what_is_missing_to_the_next_rung():
    rows = ladder.placement(team(), LADDER)
    assert first(rows, "rung") == ["ведущий", "специалист", "менеджер", "менеджер", "менеджер"]
    assert "ВП 100 тыс.\u00a0₽" in rows.loc[rows.index[2], "short"]  # 700 of 800 thousand
    assert rows["short"].iloc[0] == "верхняя ступень"


def test_a_ladder_and_its_value_are_the_same():
    rungs = replace(LADDER, rungs=(*LADDER.rungs[:2], replace(HIGH, indicators={"недозвоны": 3})))
    assert Ladder.of(rungs.value).value == rungs.value
    assert rungs.value["ведущий"]["недозвоны"] == 3


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda v: v.pop("ведущий"), "нет ступени «ведущий»"),
        (lambda v: v["ведущий"].pop("ВП"), "не задано: ВП"),
        (lambda v: v["ведущий"].update({"встречи с клиентом": 3}), "встречи с клиентами"),
        (lambda v: v["ведущий"].update({"оклад": -1}), "от нуля"),
        (lambda v: v.update({"кварталов подряд": 1.5}), "целое число"),
    ],
)
def test_an_impossible_ladder_is_refused_in_words(spoil, words):
    value = LADDER.value
    spoil(value)
    with pytest.raises(StudentError) as error:
        Ladder.of(value)
    assert words in str(error.value)


# Its checks -----------------------------------------------------------------------------------

STEPS, CAP, MIX, MARKET, PEOPLE, INDICATORS, THRESHOLDS, ROW = range(8)


def said(rungs: Ladder, which: int, company: Company | None = None) -> tuple[bool, str]:
    check = all_checks(company or honest(), rungs)[which]
    return check.passed, check.sentence.replace("\u00a0", " ")


@functools.cache
def honest() -> Company:
    """Five sellers at 20 %: two, two and one on the rungs of LADDER."""
    return department({1: 3.1e6, 2: 3.2e6, 3: 4.2e6, 4: 4.4e6, 5: 7.0e6})


def changed(i: int, **how) -> Ladder:
    rungs = list(LADDER.rungs)
    rungs[i] = replace(rungs[i], **how)
    return replace(LADDER, rungs=tuple(rungs))


def test_the_ladder_of_these_tests_passes_all_that_needs_no_indicator():
    found = [check.passed for check in all_checks(honest(), LADDER)]
    assert found == [True] * 5 + [False, False, True]


def test_norms_must_rise_from_rung_to_rung():
    passed, text = said(changed(2, gp=800_000, turnover=4_000_000), STEPS)
    assert not passed and "норма оборота не больше, чем у ступени «специалист»" in text


def test_norms_that_lie_too_near_are_told_apart():
    passed, text = said(
        changed(1, gp=630_000, turnover=3_100_000, base=25_000, bonus=38_000), STEPS
    )
    assert not passed and "всего 5,0 % нормы ВП" in text


def test_a_gp_norm_below_the_margin_lets_the_discounter_through():
    """500 of 5 500 thousand is 9.1 % at a margin of 20 %."""
    passed, text = said(changed(2, gp=900_000, turnover=5_500_000), STEPS)
    assert not passed and "16,4 %, а маржа компании 20,0 %" in text and "со скидкой" in text


def test_a_turnover_norm_that_binds_nobody_is_named():
    passed, text = said(changed(2, turnover=4_500_000), STEPS)
    assert not passed and "нужно 5,5 млн ₽ оборота, а норма 4,5 млн ₽" in text


def test_the_cap_holds_on_every_rung():
    """120 of 1 100 thousand is 10.9 %: such an income asks for 1.2 M of GP."""
    passed, text = said(changed(2, base=48_000, bonus=72_000), CAP)
    assert not passed
    assert "это 10,9 %, предел 10,0 %" in text and "норма ВП — от 1,2 млн ₽" in text


def test_a_rung_without_gp_has_nothing_to_pay_from():
    passed, text = said(changed(0, gp=0), CAP)
    assert not passed and "платить не с чего" in text


def test_the_base_is_forty_per_cent_within_five_points():
    assert said(changed(2, base=45_000, bonus=55_000), MIX)[0]
    passed, text = said(changed(2, base=46_000, bonus=54_000), MIX)
    assert not passed and "оклад — 46,0 % дохода" in text


def test_income_is_compared_with_the_market_of_its_own_rung():
    assert said(changed(2, base=36_000, bonus=54_000), MARKET)[0]  # 0.9 of 100 000
    passed, text = said(changed(2, base=35_000, bonus=54_000), MARKET)
    assert not passed and "89 тыс. ₽, рынок в городе Самара — 100 тыс. ₽: уйдут к соседям" in text


def test_no_rung_is_empty_and_none_is_crowded():
    passed, text = said(changed(2, turnover=9_000_000, gp=1_800_000), PEOPLE)
    assert not passed and "На ступени «ведущий» никого" in text
    crowd = department({1: 3.1e6, 2: 3.2e6, 3: 3.3e6, 4: 3.4e6, 5: 4.2e6, 6: 7e6})
    passed, text = said(LADDER, PEOPLE, crowd)
    assert not passed and "«менеджер» 4 из 6" in text


def with_indicators(*own: dict) -> Ladder:
    return replace(
        LADDER,
        rungs=tuple(replace(r, indicators=i) for r, i in zip(LADDER.rungs, own, strict=True)),
    )


@functools.cache
def quoting() -> Company:
    """`honest`, where quotes come a month before money and everybody sends 1 to 6 of them."""
    base, leads = honest(), led(lag=1)
    tables = dict(base.tables)
    log, sold = leads.activities, leads.orders[leads.orders["deal_id"].notna()]
    parts = [log.assign(employee_id=who) for who in range(1, 6)]
    tables["activities"] = pd.concat(
        [p[log["employee_id"] == ANNA] for p in parts], ignore_index=True
    )
    mine = [sold[sold["owner_id"] == ANNA].assign(owner_id=w, deal_id=w) for w in range(1, 6)]
    extra = pd.concat(mine).assign(shipped_at=pd.NaT)
    extra["shipped_at"] = extra["shipped_at"].astype("datetime64[s]")
    tables["orders"] = pd.concat([base.orders, extra], ignore_index=True)
    return Company(tables, "2026-09-28", name="Ручная", city="Самара")


QUOTES, MEETINGS, SOLD = "КП отправлено", "встречи с клиентами", "оплаченные продажи"


def test_indicators_must_be_two_and_one_of_them_must_lead():
    fine = with_indicators(*[{QUOTES: 3, MEETINGS: 0}] * 3)
    assert said(fine, INDICATORS, quoting())[0]
    one = with_indicators({QUOTES: 3}, *[{QUOTES: 3, MEETINGS: 0}] * 2)
    assert "Менеджер: 1 показатель, нужно хотя бы 2" in said(one, INDICATORS, quoting())[1]
    dull = with_indicators(*[{MEETINGS: 0, "недозвоны": 0}] * 3)
    assert "ни один показатель не идёт впереди денег" in said(dull, INDICATORS, quoting())[1]


def test_a_result_is_no_indicator():
    rungs = with_indicators(*[{QUOTES: 3, MEETINGS: 0, SOLD: 5}] * 3)
    passed, text = said(rungs, INDICATORS, quoting())
    assert not passed and f"«{SOLD}» — это уже результат" in text


def test_a_threshold_lies_in_the_middle_of_the_people_of_its_rung():
    """Everybody sends 3.5 quotes a month on average in the last six: from 3 to 4 it fits."""
    for least, fits in ((2, False), (3, True), (4, True), (5, False)):
        rungs = with_indicators(*[{QUOTES: least, MEETINGS: 0}] * 3)
        assert said(rungs, THRESHOLDS, quoting())[0] == fits
    rungs = with_indicators(*[{QUOTES: 9, MEETINGS: 0}] * 3)
    assert (
        "слишком трудно: у людей этой ступени посередине от 3 до 4"
        in (said(rungs, THRESHOLDS, quoting())[1])
    )


def test_one_good_quarter_is_too_few_and_a_year_too_long():
    assert [said(replace(LADDER, quarters=q), ROW)[0] for q in (1, 2, 3, 4)] == [
        False, True, True, False,
    ]  # fmt: skip


def test_a_ladder_that_passes_everything_can_be_found():
    found = feasible(quoting())
    assert found is not None and all(c.passed for c in all_checks(quoting(), found))


def test_the_draft_passes_nothing_on_the_demo_company():
    demo = Demo.load("demo")
    assert not any(check.passed for check in all_checks(demo, ladder.draft(demo)))


def test_checks_are_told_as_a_table_of_eight():
    rows = ladder.checks(honest(), LADDER)
    assert list(rows.index) == list(range(1, 9))
    assert all(text.endswith(".") for text in rows["sentence"])


# Promotion ------------------------------------------------------------------------------------


def growing() -> Company:
    """Norm of the second rung is 4 M of turnover. Quarters: March–May and June–August."""
    steady, risen, fallen = [4.5e6] * 12, [3.0e6] * 9 + [5.0e6] * 3, [5.0e6] * 9 + [3.0e6] * 3
    short = [20] * 6 + [4, 4, 20, 20, 20, 20]
    return department(
        {1: steady, 2: risen, 3: fallen, 4: steady}, worked={4: short}, grades={3: "менеджер"}
    )


def test_two_quarters_in_a_row_go_up_and_one_waits():
    found = verdicts(growing(), LADDER)
    assert found.to_dict() == {1: NOW, 2: NEXT, 3: EARLY, 4: NEXT}  # 4: one whole month of three


def test_with_one_quarter_the_risen_goes_at_once():
    assert verdicts(growing(), replace(LADDER, quarters=1))[2] == NOW


def test_a_quarter_is_the_median_of_its_three_months():
    rows = ladder.quarters(growing(), 2)
    assert rows["turnover_1"].tolist() == [4.5e6, 5.0e6, 3.0e6, 4.5e6]
    assert rows["turnover_2"].tolist()[:3] == [4.5e6, 3.0e6, 5.0e6]
    assert np.isnan(rows["turnover_2"].iloc[3])


def test_nobody_goes_above_the_top():
    company = department({1: 9e6}, grades={1: "ведущий"})
    assert list(verdicts(company, LADDER)) == ["верхняя ступень"]


# The way up -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("people", "spare", "advice"),
    [(5, 20.75, "хватает"), (6, 18.5, "старшего"), (10, 9.5, "старшего"), (11, 7.25, "делить")],
)
def test_a_head_needs_two_and_a_quarter_hours_a_person_and_eight_more(people, spare, advice):
    tables = Tables()
    tables.add("employees", employee_id=99, fio="Главный Пётр Ильич", role="РОП")
    for who in range(people):
        tables.add("employees", employee_id=who, fio="Иванов Олег Ильич", manager_id=99)
    tables.add(
        "employees", employee_id=98, fio="Ушёл Олег Ильич", manager_id=99, left_on="2025-01-01"
    )
    company = Company({t.name: tables.frame(t) for t in schema.TABLES}, "2026-09-28")
    row = ladder.span(company, 0).iloc[0]
    assert (row["reports"], row["spare"]) == (people, spare) and advice in row["advice"]
    assert ladder.span(company, 10)["spare"].iloc[0] == spare - 10


# Tenure ---------------------------------------------------------------------------------------

BROKEN = [77, 47, 81, 56, 80]  # fan belts: the example of scipy.stats.ecdf
INTACT = [62, 60, 43, 71, 37]


def test_tenure_is_the_published_example_of_the_library():
    """https://docs.scipy.org/doc/scipy/reference/generated/scipy.stats.ecdf.html"""
    found = curve(np.array(BROKEN, float), np.array(INTACT, float))
    assert found.months.tolist() == [37, 43, 47, 56, 60, 62, 71, 77, 80, 81]
    assert found.share.tolist() == pytest.approx(
        [1, 1, 0.875, 0.75, 0.75, 0.75, 0.75, 0.5, 0.25, 0]
    )
    assert (found.median, found.after(50), found.after(10)) == (77, pytest.approx(0.875), 1.0)


def test_those_still_here_are_not_taken_for_gone():
    """Left after 6 and 12 months; two stay at 24: half of four go on, the leavers' mean is 9."""
    tables = Tables()
    days = {1: ("2024-01-01", "2024-07-01"), 2: ("2024-01-01", "2024-12-31")}
    days |= {3: ("2024-09-28", None), 4: ("2024-09-28", None)}
    for who, (hired, left) in days.items():
        tables.add("employees", employee_id=who, fio="Иванов Олег Ильич", role="МОП-универсал",
                   hired_on=hired, left_on=left)  # fmt: skip
    company = Company({t.name: tables.frame(t) for t in schema.TABLES}, "2026-09-28")
    rows = ladder.tenure(company, (3, 8, 20, 40))
    assert rows["share"].tolist()[:3] == pytest.approx([100, 75, 50])
    assert np.isnan(rows["share"].iloc[3])  # nobody has been here that long
    assert rows["left"].tolist() == [0, 1, 2, 2]
    assert leavers_mean(company) == pytest.approx(9, abs=0.1)


def test_where_nobody_left_everybody_stays():
    found = curve(np.array([]), np.array([5.0, 7.0]))
    assert found.median == np.inf and found.after(6) == 1.0


def test_the_curve_is_made_once():
    company = growing()
    assert stay(company) is stay(company)


# The wall and the helpers ---------------------------------------------------------------------


def test_the_wall_tells_norms_to_their_last_ten_thousand():
    shown = [exact(v).replace("\u00a0", " ") for v in (610_000, 1_030_000, 4_000_000, 5_500_000)]
    assert shown == ["610 тыс. ₽", "1,03 млн ₽", "4 млн ₽", "5,5 млн ₽"]


def test_the_wall_has_a_column_a_rung_and_ones_own_competences():
    rows = ladder.wall(LADDER, [["знает прайс"], ["знает линейку"], ["знает клиента"]])
    assert list(rows.columns) == list(schema.GRADES)
    assert rows.loc["Что умеет"].tolist() == ["знает прайс", "знает линейку", "знает клиента"]
    assert rows["ведущий"]["Доход при норме, до налога"].startswith("100\u00a0тыс.")


HELPERS = [n for n in ladder.__all__ if n not in ("GRADES", "Ladder", "Rung", "draft")]


@pytest.mark.parametrize("name", HELPERS)
def test_every_helper_shows_the_pandas_and_the_excel_way(name):
    helper = getattr(ladder, name)
    assert helper.working.pandas and helper.working.excel
    assert "Метод: DOMAIN" in helper.__doc__ or name == "wall"


class Demo:
    """Loads the demo company once for all examples."""

    load = staticmethod(functools.cache(Company.load))


PARTS = [
    "clients",
    "leading",
    "market",
    "months",
    "promotion",
    "rules",
    "rungs",
    "span",
    "tenure",
    "wall",
]


@pytest.mark.parametrize("part", PARTS)
def test_examples_in_docstrings_run(part):
    module = importlib.import_module(f"salescourse.ladder.{part}")
    names = {"Company": Demo, "ladder": ladder, "motivation": motivation}
    found = doctest.testmod(module, extraglobs=names)
    assert found.attempted and not found.failed


def test_the_ordinary_months_table_is_made_once():
    company = growing()
    assert usual(company) is usual(company)


# What a student hands over -------------------------------------------------------------------


@pytest.fixture(scope="module")
def real() -> Company:
    return Company.load("demo")


@pytest.mark.parametrize("helper", [ladder.placement, ladder.checks, ladder.promotion])
def test_a_ladder_may_come_as_a_simulator_or_as_its_value(real, helper):
    rungs = best(real)
    editor = widgets.ladder(real, value=rungs.value)
    right = helper(real, rungs)
    assert helper(real, editor).equals(right) and helper(real, editor.value).equals(right)
    assert ladder.wall(editor.value).equals(ladder.wall(rungs))


def test_what_is_no_ladder_is_answered_in_words(real):
    with pytest.raises(StudentError, match="дают словарём"):
        ladder.placement(real, 5)


def test_rungs_may_be_named_with_a_capital_letter(real):
    value = {name.capitalize(): own for name, own in best(real).value.items()}
    assert ladder.placement(real, value).equals(ladder.placement(real, best(real)))


def test_shares_and_hours_may_be_typed_with_a_comma_or_a_per_cent_sign(real):
    months = motivation.full_months(real, 6)
    right = ladder.typical(real, months, 0.6, "median")
    assert ladder.typical(real, months, "0,6", "медиана").equals(right)
    assert ladder.typical(real, months, "60 %", "median").equals(right)
    assert ladder.span(real, "10").equals(ladder.span(real, 10))
    rungs = best(real)
    assert ladder.checks(real, rungs, cap="10 %").equals(ladder.checks(real, rungs, cap=0.1))
    market = (real, months, real.city, "total", "median")
    assert ladder.compa(*market, tax="13 %").equals(ladder.compa(*market, tax=0.13))


@pytest.mark.parametrize("worked", [60, "60", "много", None, True, float("nan")])
def test_what_is_no_share_of_a_month_is_refused(real, worked):
    with pytest.raises(StudentError, match="от 0 до 1"):
        ladder.typical(real, motivation.full_months(real, 6), worked, "median")


def test_inside_in_quotes_is_refused_and_not_taken_for_true(real):
    with pytest.raises(StudentError, match="без кавычек"):
        ladder.leading(real, 2, "False", "new")
