"""Codes: readable, checked, and typed in any of the usual ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescourse.codes import COUNT, LETTERS, SIGNS, BadCode, from_number, normalise

numbers = st.integers(0, COUNT - 1)


def test_the_example_of_the_readme_is_a_code():
    assert normalise("ROP-7F3A-K") == "ROP-7F3A-K"


@pytest.mark.parametrize(
    "typed",
    [
        "rop-7f3a-k",
        "РОП-7F3A-K",
        "РОП-7F3А-К",  # Cyrillic А and К
        "роп 7f3а к",
        "7F3A-K",
        "7f3ak",
        "  ROP–7F3A—K  ",
        "ROP_7F3A_K",
    ],
)
def test_a_code_is_understood_as_people_type_it(typed):
    assert normalise(typed) == "ROP-7F3A-K"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("ROP-7F3A-M", "опечатка"),
        ("ROP-7F3-K", "четыре знака"),
        ("", "четыре знака"),
        ("ROP-7F3Ж-K", "не бывает"),
        (73, "в кавычках"),
        (None, "в кавычках"),
        ("ROP" * 100, "в кавычках"),
        ("<b>x</b>", "четыре знака"),
    ],
)
def test_a_wrong_code_gets_a_sentence_that_says_what_is_wrong(typed, words):
    with pytest.raises(BadCode, match=words):
        normalise(typed)


@given(numbers)
def test_every_number_has_a_code_of_its_own_that_reads_back(number):
    code = from_number(number)
    assert normalise(code) == code
    signs = code[4:8]
    value = 0
    for sign in signs:
        value = value * len(SIGNS) + SIGNS.index(sign)
    assert value == number


@given(numbers, st.integers(0, 3), st.sampled_from(SIGNS))
def test_any_one_wrong_sign_is_caught(number, place, sign):
    code = from_number(number)
    typed = code[: 4 + place] + sign + code[5 + place :]
    if typed == code:
        return
    with pytest.raises(BadCode):
        normalise(typed)


@given(numbers, st.integers(0, 2))
def test_two_neighbours_swapped_are_caught(number, place):
    signs = list(from_number(number)[4:8])
    if signs[place] == signs[place + 1]:
        return
    swapped = signs.copy()
    swapped[place], swapped[place + 1] = swapped[place + 1], swapped[place]
    with pytest.raises(BadCode):
        normalise(f"ROP-{''.join(swapped)}-{from_number(number)[-1]}")


def test_no_sign_of_the_alphabet_can_be_taken_for_another():
    assert not set("OILSZGQUVW") & set(SIGNS)
    assert len(set(SIGNS)) == len(SIGNS) == len(LETTERS) == 23


def test_a_number_outside_the_range_is_refused():
    with pytest.raises(ValueError, match="number must be"):
        from_number(COUNT)
