"""Russian words and numbers: printed, and read as people type them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescourse import text
from salescourse.text import NBSP


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (1_250_000, 0, f"1{NBSP}250{NBSP}000"),
        (-7.44, 1, "−7,4"),
        (-0.04, 1, "0,0"),
        (999.95, 1, f"1{NBSP}000,0"),
        (float("nan"), 1, "—"),
        (float("inf"), 0, "—"),
    ],
)
def test_a_number_is_printed_the_russian_way(value, digits, shown):
    assert text.number(value, digits) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (900, "900 ₽"),
        (250_000, "250 тыс. ₽"),
        (1_234_567, "1,2 млн ₽"),
        (999_960, "1 млн ₽"),
        (2.5e9, "2,5 млрд ₽"),
        (-1_200_000, "−1,2 млн ₽"),
    ],
)
def test_money_is_said_in_thousands_and_millions(value, shown):
    assert text.money(value) == shown.replace(" ", NBSP)


@pytest.mark.parametrize(
    ("n", "noun"),
    [(1, "лид"), (2, "лида"), (5, "лидов"), (11, "лидов"), (21, "лид"), (112, "лидов")],
)
def test_a_noun_agrees_with_its_number(n, noun):
    assert text.plural(n, "лид", "лида", "лидов") == noun


def test_a_fraction_takes_the_form_of_two():
    assert text.plural(1.5, "балл", "балла", "баллов") == "балла"


def test_dates_and_months_are_russian():
    day = date(2026, 3, 5)
    assert text.date(day) == "05.03.2026"
    assert text.month_name(day) == f"март{NBSP}2026"
    assert text.month_short(date(2026, 1, 1)) == "янв\n2026"


@pytest.mark.parametrize(
    ("typed", "value", "unit"),
    [
        ("8,5", 8.5, ""),
        ("8.5 %", 8.5, "%"),
        (" 8,5\u00a0процента ", 8.5, "%"),
        ("1 250 000 ₽", 1_250_000, "₽"),
        ("1\u202f250\u00a0000,50 руб.", 1_250_000.5, "₽"),
        ("1,2 млн", 1_200_000, ""),
        ("250 тыс. руб", 250_000, "₽"),
        ("−3", -3, ""),
        ("– 3,5 п.п.", -3.5, "п.п."),
        (",5", 0.5, ""),
        ("1,250", 1.25, ""),
        ("1,250,000", 1_250_000, ""),
        ("1.250.000,75", 1_250_000.75, ""),
        ("1e-05 %", 1e-05, "%"),
        ("30 дней", 30, "дн."),
        ("12 шт", 12, "шт."),
    ],
)
def test_a_number_is_read_as_a_person_types_it(typed, value, unit):
    found = text.parse_number(typed)
    assert (found.value, found.unit) == (pytest.approx(value, rel=1e-15), unit)


@pytest.mark.parametrize(
    "typed",
    ["", "восемь", "8,5,5", "8 5", "1 25 000", "8%%", "8 кг", "--3", "nan", "inf", "1e400", "٣"],
)
def test_what_is_no_number_is_not_guessed_at(typed):
    assert text.parse_number(typed) is None


@given(st.floats(-1e9, 1e9), st.integers(0, 4))
def test_a_printed_number_reads_back_as_itself(value, digits):
    found = text.parse_number(text.number(value, digits))
    assert found.value == pytest.approx(value, abs=0.50001 * 10**-digits)


@given(st.text(max_size=300))
def test_reading_any_text_gives_a_finite_number_or_nothing(typed):
    found = text.parse_number(typed)
    assert found is None or abs(found.value) < float("inf")


@given(st.text(max_size=500), st.integers(5, 80))
def test_a_line_of_somebodys_text_is_printable_and_short(typed, limit):
    line = text.clean(typed, limit)
    assert len(line) <= limit
    assert all(c.isprintable() for c in line)


def test_marks_that_turn_text_around_do_not_reach_the_page():
    assert text.clean("а\u202eб\x1b[31mв\x00\n") == "а б [31mв"
