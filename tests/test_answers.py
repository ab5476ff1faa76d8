"""Kinds of answer: how each is read, scored, compared with known mistakes, and written down."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from salescourse.answers import (
    Absolute,
    Choice,
    Choices,
    Config,
    Fraction,
    Group,
    HalfWidth,
    Interval,
    Number,
    Parts,
    People,
    Person,
    Relative,
    Table,
    Text,
    share,
)
from salescourse.answers.kind import NotUnderstood
from salescourse.answers.raw import Strange, simplify, untouched
from salescourse.errors import StudentError

NOBODY = None  # these kinds ask nothing of the company
REASONS = (("speed", "Долго не перезванивали"), ("price", "Цену не назвали"), ("zombie", "Бросили"))
PEOPLE = {
    105: "Иванова Анна Петровна",
    106: "Петров Семён Ильич",
    107: "Петров Игорь Львович",
}

PERCENT = Number("%", Absolute(0.3))
MONEY = Number("₽", Relative(0.1))
REASON = Choice(REASONS)
SEVERAL = Choices(REASONS)
SELLER = Person(lambda company: PEOPLE)
STEPS = Table(("КП", "Переговоры", "Оплата"), PERCENT)
BOTH = Parts({"причина": (REASON, 2), "доля": (PERCENT, 1)})
BOUNDS = Interval("%")
SPAN = Interval("₽")
OFFER = Config(
    {"скидка": Number("%", Absolute(1)), "срок": Number("дн.", Absolute(1))},
    lambda value, truth, company: 1.0 if value["скидка"] <= truth else 0.25,
)


def said(kind, raw) -> str:
    with pytest.raises(NotUnderstood) as error:
        kind.parse(raw, NOBODY)
    return str(error.value)


# Numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [8.5, "8,5", "8.5 %", (8, 5), np.float32(8.5), np.array([8.5]), pd.Series([8.5]), [8.5]],
)
def test_a_number_is_understood_in_every_form(raw):
    assert PERCENT.parse(raw, NOBODY) == 8.5


def test_a_comma_outside_quotes_is_read_and_said():
    value = PERCENT.parse((8, 5), NOBODY)
    assert PERCENT.note(value) == "Прочитал «8,5» как 8,5."


def test_another_unit_is_refused_by_name():
    assert "в других единицах" in said(PERCENT, "8 500 ₽")


@pytest.mark.parametrize(
    ("raw", "named"),
    [
        ("восемь", "«восемь»"),
        (True, "«да»"),
        (float("nan"), "пустое значение"),
        (len, "функция без скобок"),
        ([1, 2, 3], "несколько значений (3)"),
        (pd.DataFrame({"a": [1], "b": [2], "c": [3]}), "таблица из нескольких столбцов"),
    ],
)
def test_what_is_no_number_is_named_back_with_what_is_expected(raw, named):
    message = said(PERCENT, raw)
    assert named in message
    assert "число в процентах, например 8.5" in message


def test_an_answer_at_the_edge_of_the_tolerance_is_right():
    assert share(PERCENT, PERCENT.parse(7.7, NOBODY), 7.4, NOBODY) == 1
    assert share(PERCENT, PERCENT.parse(7.71, NOBODY), 7.4, NOBODY) == 0


def test_a_relative_tolerance_grows_with_the_truth():
    assert share(MONEY, 109_000.0, 100_000, NOBODY) == 1
    assert share(MONEY, 111_000.0, 100_000, NOBODY) == 0


def test_an_intervals_end_is_right_within_a_seventh_of_its_half_width():
    end = Number("%", HalfWidth(lambda company: 2.0))
    assert share(end, 5.3, 5.0, NOBODY) == 1
    assert share(end, 5.31, 5.0, NOBODY) == 0


def test_nothing_is_near_a_truth_that_is_no_number():
    assert share(PERCENT, 7.4, math.nan, NOBODY) == 0
    assert PERCENT.separation(math.nan, 7.4, NOBODY) == math.inf


@pytest.mark.parametrize("raw", [0.085, "0,085", -0.5])
def test_a_share_is_asked_about_where_per_cent_are_wanted(raw):
    asked = PERCENT.doubt(PERCENT.parse(raw, NOBODY), [8.5, 12], NOBODY)
    assert "доля или проценты" in asked


def test_the_question_tells_both_ways_to_answer_it():
    asked = PERCENT.doubt(PERCENT.parse(0.085, NOBODY), [8.5], NOBODY)
    assert "напишите 8.5" in asked
    assert '"0,085 %"' in asked.replace("\u00a0", " ")


def test_the_unit_typed_settles_the_doubt():
    assert PERCENT.doubt(PERCENT.parse("0,085 %", NOBODY), [8.5], NOBODY) is None


def test_no_doubt_where_less_than_one_per_cent_is_plausible():
    assert PERCENT.doubt(PERCENT.parse(0.4, NOBODY), [0.5, 9], NOBODY) is None


def test_thousands_are_asked_about_where_roubles_are_wanted():
    assert "рубли или тысячи" in MONEY.doubt(MONEY.parse(250, NOBODY), [250_000], NOBODY)
    assert "рубли или тысячи" in MONEY.doubt(MONEY.parse(8.2, NOBODY), [8_200, 900], NOBODY)
    assert MONEY.doubt(MONEY.parse(900, NOBODY), [9_000], NOBODY) is None
    assert MONEY.doubt(MONEY.parse("0,25 тыс", NOBODY), [250_000], NOBODY) is None


@pytest.mark.parametrize(
    ("raw", "ends"),
    [
        ("от \u2212179 до 1\u00a0053\u00a0₽", (-179, 1053)),
        ("От -179 ₽ до 1 053 ₽", (-179, 1053)),
        ("\u2212179; 1053", (-179, 1053)),
        ("-179, 1053", (-179, 1053)),
        ("(-179,4, 1052,6)", (-179.4, 1052.6)),
        ("-179,4; 1 052,6", (-179.4, 1052.6)),
        ("\u2212179…1053", (-179, 1053)),
        ("-179...1053", (-179, 1053)),
        ("-179 до 1053", (-179, 1053)),
        ("\u2212179 – 1 053", (-179, 1053)),
        ("\u2212179–1053", (-179, 1053)),
        ("–179 – –50 ₽", (-179, -50)),
        ("-179 - -50", (-179, -50)),
        ("50-90", (50, 90)),
        ("от 1,2 тыс. до 3 тыс. ₽", (1200, 3000)),
    ],
)
def test_an_interval_is_read_from_one_text(raw, ends):
    assert SPAN.parse(raw, NOBODY) == ends


def test_an_interval_is_read_as_we_print_it():
    for ends in ((-1204, -179), (-179, 1053), (12, 1_250_000)):
        assert SPAN.parse(SPAN.show(ends, NOBODY), NOBODY) == ends


@pytest.mark.parametrize(
    "raw", ["-179", "-179,1053", "-179 1053", "-179 -50", "-179\u22121053", "от и до", "5–9–12"]
)
def test_a_text_that_may_mean_other_ends_is_not_guessed_at(raw):
    assert "например (-200, 1100)" in said(SPAN, raw)


def test_a_scale_beside_one_end_only_is_asked_about():
    assert "обе границы целиком" in said(SPAN, "1,2–3,4 млн")


@pytest.mark.parametrize("raw", [(-179, 4, 1052, 6), (-179, 4, 1052)])
def test_a_decimal_comma_in_an_interval_is_told_from_two_numbers(raw):
    assert "отделяет точка" in said(SPAN, raw)


def test_an_interval_asks_about_shares_too():
    assert "доля или проценты" in BOUNDS.doubt(BOUNDS.parse((0.05, 0.09), NOBODY), [(5, 9)], NOBODY)


def test_one_number_that_is_no_share_settles_it_for_the_others():
    assert BOUNDS.doubt(BOUNDS.parse((0.9, 3), NOBODY), [(1.2, 3.4)], NOBODY) is None
    truth = {"КП": 40, "Переговоры": 50, "Оплата": 60}
    mixed, shares = STEPS.parse([0.9, 50, 60], NOBODY), STEPS.parse([0.4, 0.5, 0.6], NOBODY)
    assert STEPS.doubt(mixed, [truth], NOBODY) is None
    assert STEPS.doubt(shares, [truth], NOBODY).startswith("КП: ")


def test_bounds_in_the_wrong_order_are_told():
    assert "Поменяйте их местами" in said(BOUNDS, (9, 5))


# Choices and people -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw", ["б", "Б)", "b", " «б» ", "Цену не назвали", "цену не назвали.", "цена", "price"]
)
def test_an_option_is_understood_by_letter_and_by_words(raw):
    assert REASON.parse(raw, NOBODY) == "price"


def test_a_latin_letter_that_may_be_two_russian_ones_is_asked_about():
    assert "русской раскладке" in said(REASON, "B")


def test_words_that_fit_nothing_get_the_nearest_option():
    assert "Цену не назвали" in said(REASON, "Цену не нозвали нам")


def test_an_options_key_of_one_letter_is_refused():
    with pytest.raises(ValueError, match="one letter"):
        Choice((("a", "Раз"), ("b", "Два"))).parse("а", NOBODY)


@pytest.mark.parametrize("raw", ["а, в", "ав", "а и в", ["а", "в"], ("в", "а"), {"а", "в"}])
def test_several_options_are_understood_in_any_order(raw):
    assert SEVERAL.parse(raw, NOBODY) == ("speed", "zombie")


def test_a_wrong_option_takes_back_what_a_right_one_gave():
    truth = ("speed", "zombie")
    assert share(SEVERAL, ("speed",), truth, NOBODY) == 0.5
    assert share(SEVERAL, ("speed", "price"), truth, NOBODY) == 0
    assert share(SEVERAL, ("speed", "price", "zombie"), truth, NOBODY) == 0.5


@pytest.mark.parametrize(
    "raw", ["Иванова", "иванова а. п.", "Анна Иванова", "ИВАНОВА АННА ПЕТРОВНА", 105, "105", 105.0]
)
def test_a_person_is_understood_in_any_unambiguous_form(raw):
    assert SELLER.parse(raw, NOBODY) == 105


def test_namesakes_are_asked_about_by_number():
    message = said(SELLER, "Петров")
    assert "номер 106" in message
    assert "номер 107" in message
    assert SELLER.parse("Петров С.", NOBODY) == 106


def test_a_misspelt_surname_gets_the_nearest():
    assert "Иванова" in said(SELLER, "Ивонова")


# Tables, parts, configs ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [
        {"КП": 40, "Переговоры": 50, "Оплата": 60},
        {"кп ": "40 %", "оплата": "60", "ПЕРЕГОВОРЫ": 50},
        [40, 50, 60],
        pd.Series([40.0, 50, 60], index=["КП", "Переговоры", "Оплата"]),
        pd.DataFrame({"этап": ["КП", "Переговоры", "Оплата"], "доля": [40, 50, 60]}),
    ],
)
def test_a_table_is_understood_in_every_form(raw):
    assert STEPS.parse(raw, NOBODY) == {"КП": 40, "Переговоры": 50, "Оплата": 60}


def test_a_row_nobody_asked_about_is_named_with_the_rows_there_are():
    message = said(STEPS, {"КП": 1, "Аплата": 2})
    assert "«Аплата»" in message
    assert "Возможно, вы имели в виду «Оплата»" in message


def test_an_unfilled_cell_costs_its_own_share_only():
    value = STEPS.parse({"КП": 40, "Переговоры": 50, "Оплата": ...}, NOBODY)
    truth = {"КП": 40, "Переговоры": 50, "Оплата": 60}
    assert share(STEPS, value, truth, NOBODY) == pytest.approx(2 / 3)
    assert STEPS.missing(value) == ["Оплата"]
    assert STEPS.remark(value, truth, NOBODY) == "верно — КП, Переговоры; не заполнено — Оплата"


def test_a_bad_cell_is_named_by_its_row():
    assert said(STEPS, {"КП": "много"}).startswith("Не понял ответ, КП: «много»")


def test_parts_come_by_name_or_in_order_and_weigh_by_their_points():
    assert BOTH.parse({"причина": "а", "доля": 8.5}, NOBODY) == BOTH.parse(("а", 8.5), NOBODY)
    value = BOTH.parse(("а", 1), NOBODY)
    assert share(BOTH, value, {"причина": "speed", "доля": 8.5}, NOBODY) == pytest.approx(2 / 3)


def test_a_decimal_comma_among_parts_is_joined_where_only_one_way_is_possible():
    assert BOTH.parse(("а", 7, 9), NOBODY) == {"причина": "speed", "доля": 7.9}


def test_a_partly_right_part_says_what_is_right_in_it():
    nested = Parts({"шаги": (STEPS, 1), "доля": (PERCENT, 1)})
    value = nested.parse({"шаги": [40, 50, 1], "доля": 8.5}, NOBODY)
    truth = {"шаги": {"КП": 40, "Переговоры": 50, "Оплата": 60}, "доля": 8.5}
    assert nested.remark(value, truth, NOBODY) == (
        "верно — доля; верно не полностью — шаги. шаги (верно — КП, Переговоры; пока нет — Оплата)"
    )


def test_a_config_needs_every_setting():
    assert "Не заполнено: срок" in said(OFFER, {"скидка": 5})
    assert share(OFFER, OFFER.parse({"скидка": 5, "срок": 9}, NOBODY), 7, NOBODY) == 1
    assert share(OFFER, OFFER.parse({"скидка": 8, "срок": 9}, NOBODY), 7, NOBODY) == 0.25


def test_settings_may_come_in_the_order_of_their_names():
    for raw in ((5, 9), [5, 9]):
        assert OFFER.parse(raw, NOBODY) == {"скидка": 5, "срок": 9}
    assert "в этом порядке: скидка, срок" in said(OFFER, (5, 9, 1))


def test_settings_tell_what_they_fail_and_ask_about_shares():
    told = replace(OFFER, faults=lambda value, company: ["Скидка велика.", "Срок мал."])
    assert told.advice({"скидка": 8, "срок": 1}, 7, NOBODY) == "Скидка велика. Срок мал."
    assert OFFER.advice({"скидка": 8, "срок": 1}, 7, NOBODY) == ""
    shares = OFFER.parse({"скидка": 0.05, "срок": 9}, NOBODY)
    asked = OFFER.doubt(shares, [{"скидка": 7, "срок": 9}], NOBODY)
    assert asked.startswith("скидка: ") and "доля или проценты" in asked


def test_a_text_is_left_to_the_teacher():
    assert "преподаватель" in said(Text("Рубрика"), "мой ответ")


# How far a mistake lies from the truth ------------------------------------------------------


def test_separation_of_numbers_is_counted_in_tolerances():
    assert PERCENT.separation(8.0, 7.4, NOBODY) == pytest.approx(2)
    assert MONEY.separation(130_000, 100_000, NOBODY) == pytest.approx(3)
    assert BOUNDS.separation((5, 9.6), (5, 9), NOBODY) == pytest.approx(2)


def test_another_option_is_infinitely_far():
    assert REASON.separation("price", "speed", NOBODY) == math.inf
    assert REASON.separation("speed", "speed", NOBODY) == 0
    assert SEVERAL.separation(("speed",), ("speed", "price"), NOBODY) == math.inf
    assert SELLER.separation(106, 105, NOBODY) == math.inf


def test_separation_of_tables_and_parts_is_that_of_the_part_touched_most():
    truth = {"КП": 40, "Переговоры": 50, "Оплата": 60}
    wrong = {"КП": 40.3, "Переговоры": 53, "Оплата": None}
    assert STEPS.separation(wrong, truth, NOBODY) == pytest.approx(10)
    whole = {"причина": "speed", "доля": 8.5}
    assert BOTH.separation({"доля": 10}, whole, NOBODY) == pytest.approx(5)
    assert BOTH.separation({}, whole, NOBODY) == 0


def test_a_config_is_apart_from_the_truth_if_it_earns_less():
    assert OFFER.separation({"скидка": 8, "срок": 1}, 7, NOBODY) == math.inf
    assert OFFER.separation({"скидка": 6, "срок": 1}, 7, NOBODY) == 0


def test_a_mistake_in_a_table_is_recognised_by_most_of_its_cells():
    truth = {"КП": 40, "Переговоры": 50, "Оплата": 60}
    wrong = {"КП": 30, "Переговоры": 35, "Оплата": 60}
    assert STEPS.distance({"КП": 30, "Переговоры": 35, "Оплата": 1}, wrong, truth, NOBODY) < 1
    assert STEPS.distance({"КП": 30, "Переговоры": 1, "Оплата": 1}, wrong, truth, NOBODY) is None


# Any object, and the way through a record ---------------------------------------------------


@pytest.mark.parametrize("raw", [..., None, "", "…", " ... ", [..., ...], {"КП": ...}, [], ()])
def test_a_stub_is_recognised_as_untouched(raw):
    assert untouched(simplify(raw))


@pytest.mark.parametrize("raw", [0, False, "0", [0], {"КП": 0}, float("nan")])
def test_an_answer_of_nothing_is_still_an_answer(raw):
    assert not untouched(simplify(raw))


def test_a_list_that_holds_itself_many_times_is_read_in_a_moment():
    many = [1] * 400
    for _ in range(3):
        many = [many] * 400
    assert type(simplify(many)) in (list, Strange)


def test_a_list_that_holds_itself_is_read_to_an_end():
    loop: list = []
    loop.append(loop)
    assert not untouched(simplify(loop))


def test_a_masked_number_is_no_number():
    assert untouched(simplify(np.ma.masked_array([7.4], mask=[True])))
    assert simplify(np.ma.masked_array([7.4, 5], mask=[True, False])) == [None, 5]


def test_a_long_double_is_a_number():
    assert simplify(np.longdouble(7.5)) == 7.5


CASES = [
    (PERCENT, 8.5),
    (PERCENT, "0,085 %"),
    (PERCENT, 12),
    (PERCENT, (8, 5)),
    (PERCENT, "1e-7 %"),
    (MONEY, "1 250 000 ₽"),
    (MONEY, "0,5 тыс"),
    (MONEY, 999.5),
    (REASON, "б"),
    (SEVERAL, "а, в"),
    (SELLER, "Иванова"),
    (STEPS, {"КП": "0,4 %", "Переговоры": 50, "Оплата": ...}),
    (BOTH, ("а", 7, 9)),
    (BOTH, {"причина": ..., "доля": 1}),
    (BOUNDS, ("0,5 %", 3)),
    (OFFER, {"скидка": "5 %", "срок": 30}),
]


@pytest.mark.parametrize(("kind", "raw"), CASES)
def test_an_answer_survives_the_way_through_json(kind, raw):
    value = kind.parse(raw, NOBODY)
    carried = json.loads(json.dumps(kind.to_json(value), allow_nan=False))
    back = kind.parse(kind.from_json(carried), NOBODY)
    assert back == value
    for plausible in ([value], []):
        assert kind.doubt(back, plausible, NOBODY) == kind.doubt(value, plausible, NOBODY)


# Nobody, and several people ------------------------------------------------------------------

ONE = Person(lambda company: PEOPLE, nobody=True)
SOME = People(lambda company: PEOPLE)


@pytest.mark.parametrize("raw", ["никто", "Никого.", "нет такого", " НЕТ ", 0, ["никто"]])
def test_nobody_is_understood_where_it_may_be_the_answer(raw):
    assert ONE.parse(raw, NOBODY) == 0
    assert SOME.parse(raw, NOBODY) == ()


def test_nobody_is_a_stranger_where_somebody_is_asked_for():
    with pytest.raises(NotUnderstood, match="Не нашёл сотрудника"):
        Person(lambda company: PEOPLE).parse("никто", NOBODY)


def test_nobody_is_offered_in_the_list_and_in_what_is_expected():
    assert ONE.describe(NOBODY).endswith("- или «никто»")
    assert ONE.expects().endswith('если таких нет — "никто"')
    assert "никто" not in Person(lambda company: PEOPLE).describe(NOBODY)
    assert (ONE.show(0, NOBODY), SOME.show((), NOBODY)) == ("никто", "никто")


@pytest.mark.parametrize(
    "raw",
    [
        "Иванова, Петров Семён",
        "Петров С. И. и Иванова",
        ["Иванова А. П.", 106],
        (105, 106.0),
        pd.Index(["Иванова А. П.", "Петров С. И."]),
        "106; 105",
    ],
)
def test_several_people_are_understood_in_every_form(raw):
    assert SOME.parse(raw, NOBODY) == (105, 106)


def test_one_of_several_is_enough_to_be_read():
    assert SOME.parse("Иванова", NOBODY) == SOME.parse(105, NOBODY) == (105,)


def test_somebody_and_nobody_at_once_is_not_understood():
    with pytest.raises(NotUnderstood, match="одно"):
        SOME.parse("Иванова, никто", NOBODY)


def test_a_wrong_name_takes_away_what_a_right_one_gives():
    assert share(SOME, (105,), (105, 106), NOBODY) == 0.5
    assert share(SOME, (105, 107), (105, 106), NOBODY) == 0
    assert share(SOME, (), (105,), NOBODY) == 0
    assert share(SOME, (), (), NOBODY) == 1 and share(SOME, (105,), (), NOBODY) == 0
    assert SOME.remark((105,), (105, 106), NOBODY) == "названо 1 из\u00a02 верных человек"


@pytest.mark.parametrize("value", [(), (105,), (105, 107)])
def test_people_survive_a_record(value):
    stored = SOME.to_json(value)
    assert not untouched(simplify(stored))
    assert SOME.parse(SOME.from_json(stored), NOBODY) == value


# Groups of settings ---------------------------------------------------------------------------

RUNG = Group({"оборот": MONEY, "порог": Number("")}, frozenset({"порог"}))


def test_what_is_optional_in_a_group_may_be_left_out():
    assert RUNG.parse({"оборот": "1 250 000 ₽"}, NOBODY) == {"оборот": 1_250_000}
    assert RUNG.parse({"оборот": 5, "порог": 3}, NOBODY) == {"оборот": 5, "порог": 3}
    assert said(RUNG, {"порог": 3}) == "не заполнено: оборот."


def test_a_group_names_the_setting_it_does_not_know():
    assert "Не знаю настройку «обород»" in said(RUNG, {"обород": 3})
    assert "оборот" in said(RUNG, 7)


def test_a_group_is_near_another_only_with_the_same_settings():
    assert RUNG.distance({"оборот": 100}, {"оборот": 105}, None, NOBODY) == pytest.approx(10 / 21)
    assert RUNG.distance({"оборот": 100}, {"оборот": 100, "порог": 1}, None, NOBODY) is None
    assert RUNG.distance({"оборот": 100}, {"оборот": 300}, None, NOBODY) is None


# Tables inside an answer of parts -------------------------------------------------------------


def test_a_part_that_a_mistake_leaves_right_does_not_hide_the_mistake_in_another():
    """The slip moves only one of the two tables."""
    rows = ("Иванова", "Петров", "Сидоров")
    both = Parts({"оборот": (Table(rows, MONEY), 1), "ВП": (Table(rows, MONEY), 1)})
    truth = {"оборот": dict.fromkeys(rows, 100), "ВП": dict.fromkeys(rows, 20)}
    wrong = {"оборот": dict(truth["оборот"]), "ВП": {**truth["ВП"], "Петров": 30}}
    assert both.distance(wrong, wrong, truth, NOBODY) == 0


def test_parts_with_the_same_rows_are_listed_once():
    rows = ("Иванова", "Петров")
    table = Table(lambda company: rows, MONEY)
    listed = Parts({"оборот": (table, 1), "ВП": (table, 1)}).describe(NOBODY)
    assert listed == "**оборот, ВП**\n\n- Иванова\n- Петров"


# A scheme with settings that may be left out ----------------------------------------------------

PLAN = Config(
    {
        "оклад": Number("₽", Relative(0.01)),
        "ставка": Fraction(tolerance=Absolute(0.0005)),
        "база": Choice((("gp", "ВП оплаченных"), ("revenue", "Выручка"))),
    },
    lambda value, truth, company: {"gp": 1.0, "revenue": 0.0}[value["база"]],
    optional={"база": "gp"},
    faults=lambda value, company: ["Ставка велика.", "Оклад мал."],
    refuse=lambda value: _no_negative(value["оклад"]),
)


def _no_negative(base):
    if base < 0:
        raise StudentError("Оклад не бывает меньше нуля.")


def test_settings_left_out_are_what_is_usual():
    value = PLAN.parse({"оклад": "32 000 ₽", "ставка": 0.0545}, NOBODY)
    assert value == {"оклад": 32_000, "ставка": 0.0545, "база": "gp"}
    assert "база" not in PLAN.stub and "база" not in PLAN.show(value, NOBODY)
    assert PLAN.parse(PLAN.to_json(value), NOBODY) == value


def test_a_part_may_be_typed_in_per_cent_and_that_is_said():
    value = PLAN.parse({"оклад": 32_000, "ставка": "5,45 %"}, NOBODY)
    assert value["ставка"] == pytest.approx(0.0545)
    assert "Прочитал 5,45" in PLAN.note(value)


def test_impossible_settings_are_not_understood():
    assert said(PLAN, {"оклад": -5, "ставка": 0.05}) == "Оклад не бывает меньше нуля."


def test_faults_are_told_beside_the_points_and_not_in_them():
    truth = {"оклад": 32_000, "ставка": 0.0545, "база": "gp"}
    nothing = truth | {"база": "revenue"}
    assert PLAN.advice(nothing, truth, NOBODY) == "Ставка велика. Оклад мал."
    assert PLAN.remark(nothing, truth, NOBODY) == "настройки дают 0\u00a0% баллов"


def test_a_mistake_may_touch_one_setting_only():
    truth = {"оклад": 32_000, "ставка": 0.0545, "база": "gp"}
    wrong = {"база": "revenue"}
    assert PLAN.separation(wrong, truth, NOBODY) == math.inf
    assert PLAN.distance(truth | wrong, wrong, truth, NOBODY) == 0
    assert PLAN.distance(truth, wrong, truth, NOBODY) is None


def test_a_choice_may_be_made_by_the_number_in_its_words():
    numbered = Choice((("one", "Ветвь 1: менять схему"), ("two", "Ветвь 2: искать в воронке")))
    assert numbered.parse(2, NOBODY) == numbered.parse("2", NOBODY) == "two"
    assert "Нужна буква" in said(numbered, 7)


def test_a_choice_of_yes_and_no_takes_true_and_false():
    asked = Choice((("yes", "Да, достижим"), ("no", "Нет, недостижим")))
    assert asked.parse(True, NOBODY) == "yes" and asked.parse(False, NOBODY) == "no"
    assert "Нужна буква" in said(Choice((("one", "Цена"), ("two", "Срок"))), True)


def test_several_options_are_asked_for_in_the_plural():
    assert "Нужны буквы" in said(Choices((("one", "Цена"), ("two", "Срок"))), "сорок")


def test_what_a_table_inside_an_answer_is_called_survives_the_reading():
    inside = simplify(simplify({"кто": pd.DataFrame({"a": [1], "b": [2], "c": [3]})}))["кто"]
    assert type(inside) is Strange and inside.what.startswith("таблица из нескольких столбцов")
