"""The price-sheet simulator: three sliders over the choice model, a static twin and a value."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from handmade import shop

from salescourse import units, widgets
from salescourse.errors import StudentError
from salescourse.schema import OPTIONS
from salescourse.tasks import evaluate

NBSP = "\u00a0"


def plain(text: str) -> str:
    return text.replace(NBSP, " ")


@pytest.fixture
def company():
    return shop()


def simulator(company, *prices, **other):
    return widgets.price_sheet(company, dict(zip(OPTIONS, prices, strict=True)), **other)


def test_it_starts_at_the_prices_of_the_pilot(company):
    assert widgets.price_sheet(company).value == {
        "хороший": 65_000,
        "лучше": 90_000,
        "самый лучший": 140_000,
    }


def test_at_the_pilots_prices_and_with_its_effect_it_sells_as_the_pilot_did(company):
    """0.1 × 13 000 + 0.3 × 20 000 + 0.1 × 32 000 a quote; half of the clients buy."""
    piloted = widgets.price_sheet(company, middle=True)
    assert piloted.gp == pytest.approx(10_500)
    assert piloted.buyers == pytest.approx(50)
    assert [round(100 * s) for s in piloted.shares()] == [10, 30, 10]


def test_prices_that_break_conditions_say_which(company):
    sheet = simulator(company, 65_000, 90_000, 100_000)
    marks = {what: plain(mark) for mark, what, *_ in sheet.conditions()}
    assert marks["Наименьшая ВП с продажи"] == "✗ нарушено"  # the best costs 108 000
    assert marks["Младший от цены среднего"] == "✗ нарушено"  # 72 %
    assert marks["Старший от цены среднего"] == "✓ выполнено"  # 111 %
    assert not sheet.holds
    assert "нарушено условий: 2" in plain(sheet.sentence())


def test_a_part_of_the_prices_may_be_given(company):
    sheet = widgets.price_sheet(company, value={"лучше": "95 000 ₽"})
    assert sheet.value == {"хороший": 65_000, "лучше": 95_000, "самый лучший": 140_000}


def test_the_value_is_a_copy(company):
    sheet = widgets.price_sheet(company)
    sheet.value["лучше"] = 1
    assert sheet.value["лучше"] == 90_000


def test_moving_a_slider_moves_the_value_the_words_and_the_table(company):
    sheet = simulator(company, 85_000, 105_000, 150_000)
    headline, _, better, _, below, bars, conditions = sheet._widget().children
    slider, line = better.children
    assert slider.description == "лучше"
    before = headline.value, bars.value, conditions.value
    slider.value = 111_000
    assert sheet.value["лучше"] == 111_000
    assert "ВП с продажи 41 000 ₽" in plain(line.value)
    assert "себестоимость 70 000 ₽" in plain(line.value)
    after = headline.value, bars.value, conditions.value
    assert all(a != b for a, b in zip(before, after, strict=True))
    below.children[1].click()
    assert sheet.value["лучше"] == 105_000
    assert (headline.value, bars.value, conditions.value) == before


def test_the_switch_turns_the_middle_on(company):
    sheet = widgets.price_sheet(company)
    switch = sheet._widget().children[4].children[0]
    without = sheet.gp
    switch.value = True
    assert sheet.gp == pytest.approx(10_500)
    assert sheet.gp != pytest.approx(without)
    assert "как в пилоте" in sheet.text()


def test_a_notebook_gets_the_sliders_and_a_static_twin(company):
    bundle = widgets.price_sheet(company)._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    for kind in ("text/html", "text/plain"):
        text = plain(bundle[kind])
        assert "140 000 ₽" in text and "108 000 ₽" in text and "32 000 ₽" in text
        assert "выполнено" in text and "лучшей одной цены" in text
    assert "application/vnd" not in bundle["text/html"]


def test_two_simulators_have_the_same_static_twin(company):
    one, other = widgets.price_sheet(company), widgets.price_sheet(shop())
    assert (one.html(), one.text(), repr(one)) == (other.html(), other.text(), repr(other))


def test_a_price_beyond_the_sliders_stretches_them(company):
    sheet = simulator(company, 20_000, 90_000, 900_000)
    ends = [row.children[0] for row in sheet._widget().children[1:4]]
    assert [s.value for s in ends] == [20_000, 90_000, 900_000]
    assert sheet.value["самый лучший"] == 900_000


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"лутше": 90_000}, "возможно, вы имели в виду «лучше»"),
        ({"лучше": "дорого"}, "не понял цену «дорого»"),
        ({"лучше": -5}, "нужны рубли"),
        ({"лучше": 90}, "вместо 90 напишите 90000"),
        ({7: 90_000}, "нет варианта «7»"),
    ],
)
def test_a_slip_is_answered_in_words(company, value, words):
    with pytest.raises(StudentError) as error:
        widgets.price_sheet(company, value)
    assert words in plain(str(error.value)).lower()


def test_the_middle_in_quotes_is_not_switched_on(company):
    with pytest.raises(StudentError, match='middle="False"'):
        widgets.price_sheet(company, middle="False")


def test_the_price_moved_is_written_with_its_thousands_apart(company):
    sheet = simulator(company, 65_000, 90_000, 140_000)
    slider, line = sheet._widget().children[1].children
    slider.value = 66_500
    assert not slider.readout and "66 500 ₽" in plain(line.value)


def test_the_value_is_an_answer_and_the_whole_simulator_is_asked_for_it(company):
    task, sheet = units.find("pricing-6"), widgets.price_sheet(company)
    assert evaluate(task, (sheet.value,), company).kind == "пока нет"
    assert "допишите в конце .value" in evaluate(task, (sheet,), company).text
