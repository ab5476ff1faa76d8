"""The velocity simulator: sliders over a pure function, a static twin and a value."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from handmade import Lead, firm, paid, upto

from salescourse.errors import StudentError
from salescourse.widgets import velocity_whatif
from salescourse.widgets.velocity import Velocity

NBSP = "\u00a0"
START = {"opps": 200.0, "win": 20.0, "gp": 15_000.0, "cycle": 30.0}  # 20 000 ₽ a day


def plain(text: str) -> str:
    return text.replace(NBSP, " ")


def test_levers_come_from_the_leads_of_the_months():
    """Four qualified in January, one paid 12 000 after 10 days: 4 × 25 % × 12 000 / 10."""
    leads = [paid("сайт", 1, "2026-01-10", "2026-01-20", 12_000)]
    leads += [Lead("сайт", 1, "2026-01-11", upto("Квалификация"))] * 3
    simulator = velocity_whatif(firm(leads, "2026-09-28"), ["2026-01"])
    assert simulator.start == {"opps": 4, "win": 25, "gp": 12_000, "cycle": 10}
    assert simulator.per_day == pytest.approx(1_200)


def test_ten_per_cent_off_the_cycle_gives_eleven_and_of_any_other_lever_ten():
    simulator = Velocity(START, {})
    assert [round(simulator.alone(lever), 1) for lever in START] == [10.0, 10.0, 10.0, 11.1]


def test_a_value_given_is_the_value_got():
    simulator = Velocity(START, {"cycle": -20})
    assert simulator.value == {"opps": 0.0, "win": 0.0, "gp": 0.0, "cycle": -20}
    assert simulator.growth == pytest.approx(25)
    assert plain(simulator.sentence()) == "Было 20 000 ₽ ВП в день, станет 25 000 ₽: +25,0 %."


def test_the_value_is_a_copy():
    simulator = Velocity(START, {})
    simulator.value["cycle"] = -50
    assert simulator.value["cycle"] == 0


def test_moving_a_slider_moves_the_value_and_the_words():
    simulator = Velocity(START, {})
    result, *rows, reset = simulator._widget().children
    slider, line = rows[3].children
    assert slider.description == "Цикл сделки"
    slider.value = -20
    assert simulator.value["cycle"] == -20
    assert "25 000" in plain(result.value)
    assert "30 дн. → 24 дн." in plain(line.value)
    reset.click()
    assert set(simulator.value.values()) == {0.0}
    assert plain(simulator.sentence()) == "Сейчас воронка приносит 20 000 ₽ ВП в день."


def test_a_notebook_gets_the_sliders_and_a_static_twin():
    bundle = Velocity(START, {"cycle": -10})._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    for kind in ("text/html", "text/plain"):
        assert "22 222 ₽" in plain(bundle[kind])
        assert "+11,1 %" in plain(bundle[kind])
        assert "27 дн." in plain(bundle[kind])
    assert "application/vnd" not in bundle["text/html"]


def test_two_simulators_have_the_same_static_twin():
    one, other = Velocity(START, {}), Velocity(START, {})
    assert (one.html(), one.text(), repr(one)) == (other.html(), other.text(), repr(other))


@pytest.fixture
def company():
    return firm([paid("сайт", 1, "2026-01-10", "2026-01-20", 12_000)], "2026-09-28")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"cicle": -10}, "возможно, вы имели в виду «cycle»"),
        ({"cycle": "быстро"}, "не понял изменение «быстро»"),
        ({"cycle": -100}, "от −50 до 50"),
        ({7: 5}, "нет рычага «7»"),
    ],
)
def test_a_slip_is_answered_in_words(company, value, words):
    with pytest.raises(StudentError) as error:
        velocity_whatif(company, ["2026-01"], value)
    assert words in plain(str(error.value)).lower()


def test_a_change_may_be_typed_as_in_excel(company):
    assert velocity_whatif(company, ["2026-01"], {"gp": "12,5 %"}).value["gp"] == 12.5
