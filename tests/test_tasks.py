"""What an answer is worth, and which mistake it is taken for."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from salescourse import units
from salescourse.answers import Absolute, Choice, Config, Number, Parts, Table, Text
from salescourse.company import Company
from salescourse.errors import StudentError
from salescourse.tasks import (
    NOT_YET,
    OPEN,
    PARTLY,
    RIGHT,
    UNCLEAR,
    Mistake,
    Task,
    evaluate,
    separations,
    true_value,
    wrong_values,
)

CONVERSION = Task(
    id="funnel-1",
    title="Конверсия",
    question="Какова конверсия?",
    kind=Number("%", Absolute(0.3)),
    truth=lambda company: 7.4,
    estimator="оплатившие / лиды",
    mistakes=(
        Mistake("same-month", lambda company: 9.0, "Оплаты января — это лиды ноября."),
        Mistake("immature", lambda company: 9.4, "Там ещё открытые сделки."),
        Mistake("close", lambda company: 7.8, "Слишком близко.", gated=False),
        Mistake("absent", lambda company: None, "Такого не бывает."),
    ),
    hints=("Возьмите когорту.", "Доведите её до конца."),
    points=3,
    explain=lambda company: "Шесть зрелых месяцев.",
)
STEPS = Task(
    id="funnel-3",
    title="Этапы",
    question="Заполните таблицу.",
    kind=Table(("КП", "Переговоры", "Оплата"), Number("%", Absolute(0.5))),
    truth=lambda company: {"КП": 40, "Переговоры": 50, "Оплата": 60},
    estimator="дошедшие",
    points=3,
)
CAUSE = Task(
    id="funnel-7",
    title="Причина",
    question="Отчего?",
    kind=Parts(
        {
            "причина": (Choice((("speed", "Скорость"), ("price", "Цена"))), 2),
            "доля": (Number("%", Absolute(1)), 1),
        }
    ),
    truth=lambda company: {"причина": "speed", "доля": 30},
    estimator="доля разрыва",
    mistakes=(Mistake("price", lambda company: {"причина": "price"}, "Проверьте цену."),),
    points=3,
)
LETTER = Task(
    id="funnel-8",
    title="Решение",
    question="Что делаем?",
    kind=Text("Рубрика"),
    truth=lambda company: None,
    estimator="рубрика",
)


@pytest.fixture
def company() -> Company:
    """No tables: these truths need none."""
    return Company({}, "2026-09-28")


# Outcomes -----------------------------------------------------------------------------------


def test_a_right_answer_earns_all_points_and_the_numbers_behind_it(company):
    got = evaluate(CONVERSION, (7.5,), company)
    assert (got.kind, got.points, got.mistake) == (RIGHT, 3, None)
    assert got.text == "Верно: 7,5\u00a0%. Шесть зрелых месяцев."


@pytest.mark.parametrize("raw", [(...,), (), (None,), ("",), (..., ...), ("...",)])
def test_an_untouched_stub_is_not_a_mistake(company, raw):
    got = evaluate(CONVERSION, raw, company)
    assert (got.kind, got.points) == (OPEN, 0)
    assert got.text.startswith("Ещё не решено. Впишите ответ")


def test_what_is_not_understood_is_told_with_what_was_expected(company):
    got = evaluate(CONVERSION, ("восемь",), company)
    assert (got.kind, got.points) == (UNCLEAR, 0)
    assert got.text == "Не понял ответ «восемь». Нужно число в процентах, например 8.5."


def test_a_share_for_per_cent_is_asked_about_never_guessed(company):
    got = evaluate(CONVERSION, (0.074,), company)
    assert (got.kind, got.points) == (UNCLEAR, 0)
    assert got.text.startswith("Нужно уточнить.")


def test_a_small_per_cent_that_is_right_is_not_asked_about(company):
    tiny = replace(CONVERSION, truth=lambda company: 1.1, mistakes=())
    assert evaluate(tiny, (0.9,), company).kind == RIGHT


def test_a_known_mistake_gets_its_own_hint(company):
    got = evaluate(CONVERSION, (9.1,), company)
    assert (got.kind, got.mistake, got.points) == (NOT_YET, "same-month", 0)
    assert got.text == "Пока нет. Оплаты января — это лиды ноября."


def test_of_two_known_mistakes_the_nearer_is_named(company):
    assert evaluate(CONVERSION, (9.15,), company).mistake == "same-month"
    assert evaluate(CONVERSION, (9.25,), company).mistake == "immature"


def test_an_opportunistic_mistake_near_the_truth_is_not_recognised(company):
    assert evaluate(CONVERSION, (7.8,), company).mistake is None
    far = replace(
        CONVERSION, mistakes=(Mistake("far", lambda company: 8.6, "Далеко.", gated=False),)
    )
    assert evaluate(far, (8.6,), company).mistake == "far"


def test_a_promised_mistake_is_recognised_wherever_it_lies(company):
    near = replace(CONVERSION, mistakes=(Mistake("near", lambda company: 7.8, "Близко."),))
    assert evaluate(near, (7.8,), company).mistake == "near"


def test_an_unknown_wrong_answer_gets_the_next_step(company):
    assert evaluate(CONVERSION, (50,), company).text == 'Пока нет. Подсказка: hint("funnel-1").'
    assert 'question("funnel-3")' in evaluate(STEPS, ([11, 12, 13],), company).text


def test_a_partly_right_table_says_which_rows_are_right(company):
    got = evaluate(STEPS, ({"КП": 40, "Переговоры": 50, "Оплата": 10},), company)
    assert (got.kind, got.points) == (PARTLY, 2)
    assert got.text.startswith("Частично: верно — КП, Переговоры; пока нет — Оплата.")


def test_an_unfinished_table_is_to_be_filled_not_corrected(company):
    got = evaluate(STEPS, ({"КП": 40, "Переговоры": ..., "Оплата": ...},), company)
    assert (got.kind, got.points) == (PARTLY, 1)
    assert got.text.endswith("не заполнено — Переговоры, Оплата. Заполните остальное.")


@pytest.mark.parametrize(
    ("typed", "mistake"),
    [
        ({"ВП": 4_000, "оборот": 880}, "swapped"),
        ({"ВП": 4_002, "оборот": 880}, "swapped"),  # rounded: by one part the other is nearer
        ({"ВП": 880, "оборот": 880}, "no-margin"),
        ({"ВП": 5_000, "оборот": 880}, "no-margin"),
    ],
)
def test_of_mistakes_as_near_the_one_that_explains_more_parts_is_named(company, typed, mistake):
    roubles = Number("₽", Absolute(10), fraction_trap=False)
    task = Task(
        id="pay-3",
        title="План",
        question="Какой план?",
        kind=Parts({"ВП": (roubles, 1), "оборот": (roubles, 1)}),
        truth=lambda company: {"ВП": 880, "оборот": 4_000},
        estimator="по формуле",
        mistakes=(
            Mistake("no-margin", lambda company: {"оборот": 880}, "Делите на маржу."),
            Mistake("swapped", lambda company: {"ВП": 4_000, "оборот": 880}, "Наоборот."),
        ),
    )
    assert evaluate(task, (typed,), company).mistake == mistake


def test_a_mistake_in_one_part_is_recognised_beside_a_right_one(company):
    got = evaluate(CAUSE, ("б", 30), company)
    assert (got.kind, got.mistake, got.points) == (PARTLY, "price", 1)
    assert got.text == "Частично: верно — доля; пока нет — причина. Проверьте цену."


def test_the_way_a_comma_was_read_is_always_said(company):
    assert "Прочитал «7,5» как 7,5." in evaluate(CONVERSION, (7, 5), company).text
    assert "Прочитал «50,5» как 50,5." in evaluate(CONVERSION, (50, 5), company).text


def test_a_text_is_never_judged_here(company):
    got = evaluate(LETTER, ("Перезваниваем за час",), company)
    assert (got.kind, got.points, LETTER.by_hand) == (OPEN, 0, True)
    assert "преподаватель" in got.text


# Truths and mistakes ------------------------------------------------------------------------


def test_truth_and_mistakes_are_computed_once_a_company(company):
    asked = []
    task = replace(
        CONVERSION,
        truth=lambda company: asked.append("truth") or 7.4,
        mistakes=(Mistake("m", lambda company: asked.append("m"), "Намёк."),),
    )
    for _ in range(3):
        evaluate(task, (50,), company)
    assert asked == ["truth", "m"]


def test_a_mistake_that_cannot_be_made_here_is_left_out(company):
    assert set(wrong_values(CONVERSION, company)) == {"same-month", "immature", "close"}


def test_separations_are_counted_from_the_truth(company):
    assert separations(CONVERSION, company)["immature"] == pytest.approx(20 / 3)


@pytest.mark.parametrize("truth", [float("nan"), float("inf")])
def test_a_truth_that_would_not_pass_is_an_error_of_ours(company, truth):
    task = replace(CONVERSION, truth=lambda company: truth)
    with pytest.raises(ValueError, match="funnel-1"):
        true_value(task, company)


def test_an_error_of_the_course_is_raised_not_swallowed(company):
    broken = replace(CONVERSION, truth=lambda company: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        evaluate(broken, (7,), company)
    assert evaluate(broken, (...,), company).kind == OPEN


@pytest.mark.parametrize("name", ["funnel.1", "Funnel-1", "funnel", "1-funnel", "funnel-1-2"])
def test_a_task_id_is_unit_and_number(name):
    with pytest.raises(ValueError, match="unit-number"):
        replace(CONVERSION, id=name)


def test_two_mistakes_cannot_share_an_id():
    twice = CONVERSION.mistakes[:1] * 2
    with pytest.raises(ValueError, match="share an id"):
        replace(CONVERSION, mistakes=twice)


# The registry -------------------------------------------------------------------------------


@pytest.fixture
def registry(monkeypatch):
    module = SimpleNamespace(TASKS=(CONVERSION, STEPS))
    monkeypatch.setattr(units, "_module", {"funnel": module, "start": None}.get)


@pytest.mark.parametrize(
    "typed", ["funnel-1", "Funnel-1", " funnel 1 ", "funnel—1", "funnel1", "funnel-01"]
)
def test_a_task_is_found_however_its_id_is_typed(registry, typed):
    assert units.find(typed) is CONVERSION


def test_an_unknown_task_gets_the_nearest_id(registry):
    with pytest.raises(StudentError, match="Возможно, вы имели в виду «funnel-3»"):
        units.find("funel-3")


@pytest.mark.parametrize("typed", [5, None, ..., [], pd.DataFrame(), b"funnel-1"])
def test_an_answer_in_place_of_the_id_is_told(registry, typed):
    with pytest.raises(StudentError, match="в кавычках"):
        units.find(typed)


def test_a_unit_not_yet_written_has_no_tasks(registry):
    assert units.tasks_of("start") == ()
    assert units.all_tasks() == (CONVERSION, STEPS)


@pytest.mark.parametrize("typed", ["funnel", "02_funnel", "Воронка", "02_funnel.ipynb"])
def test_a_unit_is_found_by_slug_file_and_title(typed):
    assert units.find_unit(typed) == "funnel"


def test_ids_of_all_written_tasks_are_unique_and_of_their_unit():
    for slug in units.UNITS:
        names = [task.id for task in units.tasks_of(slug)]
        assert names == list(dict.fromkeys(names))
        assert all(name.startswith(f"{slug}-") for name in names)


def test_settings_that_fail_a_condition_hear_it_after_the_known_mistake():
    task = replace(
        CONVERSION,
        kind=Config(
            {"скидка": Number("%", Absolute(1))},
            lambda value, truth, company: float(value["скидка"] <= 7),
            faults=lambda value, company: ["Скидка больше 7."],
        ),
        truth=lambda company: {"скидка": 5},
        mistakes=(Mistake("markup", lambda company: {"скидка": 25}, "Это наценка."),),
        explain=None,
    )
    company = SimpleNamespace(memo=lambda key, make: make())
    assert evaluate(task, ([25],), company).text == "Пока нет. Это наценка. Скидка больше 7."
    assert evaluate(task, ([12],), company).text == "Пока нет. Скидка больше 7."
    assert evaluate(task, ([6],), company).kind == RIGHT
