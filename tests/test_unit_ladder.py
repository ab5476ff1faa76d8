"""Unit ladder on real codes: what was planted is found; answers as a head of sales types them."""

from __future__ import annotations

import random

import pytest

from salescourse import ladder, motivation, soundness, units
from salescourse.codes import COUNT, from_number
from salescourse.company import Company
from salescourse.ladder.leading import INDICATORS
from salescourse.ladder.search import feasible
from salescourse.tasks import evaluate, true_value
from salescourse.units.ladder.leading import activities, leader
from salescourse.units.ladder.people import label
from salescourse.units.ladder.promotion import cut
from salescourse.units.ladder.traps import norms

DRIVER = {"quotes": "КП", "meetings": "встречи", "talks": "разговоры"}


@pytest.fixture(scope="module")
def companies() -> list[Company]:
    """Companies fit for the unit, every kind of leading work and of lacking trap among them."""
    draw, found, missing = random.Random(7), [], {"КП", "встречи", "разговоры"}
    missing |= {"", "discounter", "inherited"}
    while missing or len(found) < 8:
        company = Company.generate(from_number(draw.randrange(COUNT)))
        if soundness.passes(company, ("ladder",)):
            found.append(company)
            missing -= {company.facts()["leading"], company.facts()["lacks"]}
    return found


def of(company_list, **facts) -> Company:
    return next(c for c in company_list if all(c.facts()[k] == v for k, v in facts.items()))


def truth(task_id: str, company: Company):
    return true_value(units.find(task_id), company)


def outcome(task_id: str, company: Company, *raw):
    return evaluate(units.find(task_id), raw, company)


# What was planted -----------------------------------------------------------------------------


def test_the_trap_sellers_found_are_the_planted_ones(companies):
    for company in companies:
        facts = company.facts()
        roles, lacks = facts["roles"], facts["lacks"]
        assert truth("ladder-2", company) == (0 if lacks == "discounter" else roles["discounter"])
        assert truth("ladder-3", company) == (0 if lacks == "inherited" else roles["order_taker_1"])
        moves = truth("ladder-7", company)
        assert moves == {"сейчас": (roles["up_now"],), "через квартал": (roles["up_next"],)}


def test_the_work_that_was_made_to_lead_is_the_one_found_and_by_a_margin(companies):
    for company in companies:
        assert DRIVER[leader(company)] == company.facts()["leading"]
        first, second = sorted(activities(company).values(), reverse=True)[:2]
        assert first >= 0.30 and first - second >= 0.15


def test_the_newcomer_and_part_months_are_not_in_the_ordinary_month(companies):
    for company in companies:
        roles = company.facts()["roles"]
        rows = ladder.typical(company, motivation.full_months(company, 6), 0.6, "median")
        assert len(rows) == 9
        assert rows.loc[label(company, roles["part_time"]), "months"] == 3


def test_some_ladder_passes_every_check(companies):
    for company in companies:
        assert feasible(company) is not None


def test_every_mistake_is_judged_as_promised(companies):
    for company in companies:
        found = soundness.examine(company.code, ("ladder",))
        assert (found.obstacles, found.failures) == ([], [])


def test_points_are_those_of_the_syllabus():
    assert [task.points for task in units.tasks_of("ladder")] == [3, 2, 2, 3, 6, 3, 2, 3]
    assert units.variant_of("ladder") == "leading"


# Answers as they are typed --------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["никто", "Никого", "нет такого", "Таких нет.", 0])
def test_nobody_is_an_answer_where_nobody_is_the_truth(companies, typed):
    assert outcome("ladder-2", of(companies, lacks="discounter"), typed).share == 1
    assert outcome("ladder-3", of(companies, lacks="inherited"), typed).share == 1
    full = of(companies, lacks="")
    assert outcome("ladder-2", full, typed).mistake == "nobody"


def test_a_neighbours_name_does_not_fit_where_the_trap_is_absent(companies):
    company = of(companies, lacks="discounter")
    seller = company.facts()["roles"]["discounter"]
    assert outcome("ladder-2", company, label(company, seller)).share == 0


def test_columns_of_the_helper_are_an_answer(companies):
    company = companies[0]
    rows = ladder.typical(company, motivation.full_months(company, 6), 0.6, "median")
    answer = {"оборот": rows["turnover"], "ВП": rows["gp"]}
    assert outcome("ladder-1", company, answer).share == 1
    year = motivation.full_months(company, 12)
    income = ladder.compa(company, year, company.city, "total", "median")
    assert outcome("ladder-4", company, income["compa"]).share == 1


def test_half_of_the_ordinary_month_is_half_right(companies):
    company = companies[0]
    rows = ladder.typical(company, motivation.full_months(company, 6), 0.6, "median")
    got = outcome("ladder-1", company, {"оборот": rows["turnover"], "ВП": ...})
    assert (got.kind, got.points) == ("частично", 1.5)


@pytest.mark.parametrize(
    ("how", "worked", "mistake"),
    [("max", 0.6, "best-month"), ("median", 0.0, "part-months")],
)
def test_the_usual_slips_in_the_ordinary_month_are_named(companies, how, worked, mistake):
    company = companies[0]
    rows = ladder.typical(company, motivation.full_months(company, 6), worked, how)
    got = outcome("ladder-1", company, {"оборот": rows["turnover"], "ВП": rows["gp"]})
    assert got.mistake == mistake


@pytest.mark.parametrize(
    ("city", "pay", "level", "tax", "mistake"),
    [
        ("Москва", "total", "median", 0, "moscow"),
        ("", "base_paid", "median", 0, "base-only"),
        ("", "total", "p75", 0, "upper"),
        ("", "total", "median", 0.13, "net"),
    ],
)
def test_the_usual_slips_against_the_market_are_named(companies, city, pay, level, tax, mistake):
    for company in companies[:3]:
        year = motivation.full_months(company, 12)
        rows = ladder.compa(company, year, city or company.city, pay, level, tax)
        assert outcome("ladder-4", company, rows["compa"]).mistake == mistake


@pytest.mark.parametrize(
    ("ahead", "target", "mistake"), [(0, "new", "same-month"), (2, "all", "all-gp")]
)
def test_the_right_indicator_with_the_wrong_lag_is_told_so(companies, ahead, target, mistake):
    for company in companies[:3]:
        rows = ladder.leading(company, ahead, True, target)["r"]
        name = leader(company)
        got = outcome("ladder-6", company, {"показатель": name, "r": rows[INDICATORS[name]]})
        assert (got.mistake, got.share) == (mistake, pytest.approx(2 / 3))


def test_a_lagging_indicator_is_called_by_its_name(companies):
    got = outcome("ladder-6", companies[0], ("оплачено", 0.88))
    assert got.mistake == "lagging" and "Оплаты — это уже деньги" in got.text


def test_people_are_named_in_any_order_and_way(companies):
    company = companies[0]
    moves = truth("ladder-7", company)
    now, later = (label(company, moves[part][0]) for part in ("сейчас", "через квартал"))
    surname = later.split("\u00a0")[0]
    assert outcome("ladder-7", company, {"сейчас": [now], "через квартал": surname}).share == 1
    both = f"{now} и {surname}"
    assert outcome("ladder-7", company, {"сейчас": both, "через квартал": "никто"}).mistake == (
        "one-quarter"
    )


def test_the_norms_of_the_questions_are_printed_exactly(companies):
    for company in companies:
        for task, asked in (("ladder-2", norms(company)), ("ladder-7", cut(company))):
            shown = units.find(task).details(company).replace("\u00a0", " ")
            for value in (asked.turnover, asked.gp):
                assert value % 10_000 == 0
                text = f"{value / 1e6:.2f}".rstrip("0").rstrip(".").replace(".", ",") + " млн ₽"
                small = f"{value / 1e3:.0f} тыс. ₽"
                assert f"**{text if value >= 1e6 else small}**" in shown


# The ladder as an answer ----------------------------------------------------------------------


def test_a_failed_check_costs_an_eighth_and_says_what_to_mend(companies):
    company = companies[0]
    value = feasible(company).value
    value["ведущий"] = {**value["ведущий"], "бонус": value["ведущий"]["бонус"] * 1.05}
    got = outcome("ladder-5", company, value)
    assert got.points == pytest.approx(6 * 7 / 8)
    assert got.text.startswith("Частично: 7 проверок пройдено из 8. «Предел на каждой ступени»")
    value["кварталов подряд"] = 1
    assert "«Два квартала подряд»: Одного хорошего квартала мало" in (
        outcome("ladder-5", company, value).text
    )


def test_a_ladder_in_thousands_is_told_of_roubles(companies):
    value = feasible(companies[0]).value
    money = ("оборот", "ВП", "оклад", "бонус")
    small = {
        name: {k: v / 1000 if k in money else v for k, v in own.items()}
        for name, own in value.items()
        if isinstance(own, dict)
    }
    got = outcome("ladder-5", companies[0], value | small)
    assert got.share < 1 and "в тысячах" in got.text and "Доход по рынку" not in got.text


def test_the_cell_left_as_it_was_against_the_market_is_told_so(companies):
    for company in companies:
        year = motivation.full_months(company, 12)
        untouched = ladder.compa(company, year, "Москва", "base_paid", "p75")["compa"]
        assert outcome("ladder-4", company, untouched).mistake == "as-given"


def test_a_year_of_income_shortened_to_a_month_or_a_half_is_told_so(companies):
    told = set()
    for company in companies:
        for last in (1, 6):
            months = motivation.full_months(company, last)
            rows = ladder.compa(company, months, company.city, "total", "median")["compa"]
            told.add(outcome("ladder-4", company, rows).mistake)
    assert told >= {"last-month", "half-year"}


def test_the_draft_earns_nothing_and_is_recognised(companies):
    for company in companies:
        got = outcome("ladder-5", company, ladder.draft(company).value)
        assert (got.points, got.mistake) == (0, "draft")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda v: v.pop("ведущий"), "Не заполнено: ведущий"),
        (lambda v: v["ведущий"].pop("оклад"), "ведущий: не заполнено: оклад"),
        (
            lambda v: v["ведущий"].update({"оклад": "много"}),
            "Не понял ответ, ведущий, оклад: «много»",
        ),
        (lambda v: v["ведущий"].update({"оклад": -5}), "от нуля"),
        (lambda v: v.update({"кварталов подряд": 0}), "целое число от 1 до 8"),
        (lambda v: v["ведущий"].update({"улыбки": 5}), "не знаю настройку «улыбки»"),
    ],
)
def test_an_impossible_ladder_is_not_understood_and_costs_nothing(companies, spoil, words):
    value = {
        k: dict(v) if isinstance(v, dict) else v for k, v in feasible(companies[0]).value.items()
    }
    spoil(value)
    got = outcome("ladder-5", companies[0], value)
    assert got.kind == "не понял" and words in got.text


def test_the_simulator_itself_is_not_an_answer_but_its_value_is(companies):
    from salescourse import widgets

    company = companies[0]
    simulator = widgets.ladder(company, value=feasible(company).value)
    assert "допишите в конце .value" in outcome("ladder-5", company, simulator).text
    assert outcome("ladder-5", company, simulator.value).share == 1
