"""Simulators: inputs over pure functions, a static twin and a value."""

from __future__ import annotations

import base64
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from handmade import Lead, firm, paid, upto

from salescourse import motivation, units
from salescourse.company import Company
from salescourse.errors import StudentError
from salescourse.motivation.search import best_plan
from salescourse.tasks import evaluate
from salescourse.widgets import pay_picture, pay_plan, velocity_whatif
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


# The pay simulator ----------------------------------------------------------------------------

SCHEME = {"base": 32_700, "rate": 0.0545, "plan_gp": 899_000}


@pytest.fixture(scope="module")
def demo():
    return Company.load("demo")


def test_the_pay_simulator_opens_on_the_present_scheme_which_fails(demo):
    simulator = pay_plan(demo)
    assert simulator.value["bonus_base"] == "revenue_paid"
    assert not simulator.checks()["passed"].all()


def test_a_scheme_given_is_the_scheme_got(demo):
    value = pay_plan(demo, SCHEME).value
    assert {name: value[name] for name in SCHEME} == SCHEME
    assert value["cap_attainment"] == 10.0  # no ceiling, and yet a plain number
    assert pay_plan(demo, value).value == value
    assert pay_plan(demo, motivation.PayPlan(**SCHEME)).value == value


def test_a_scheme_may_be_typed_as_in_excel(demo):
    typed = {"base": "32 700 ₽", "rate": "5,45 %", "plan_gp": "899 тыс. ₽"}
    assert pay_plan(demo, typed).value == pay_plan(demo, SCHEME).value


def test_changing_the_base_changes_value_curve_people_and_checks(demo):
    simulator = pay_plan(demo, SCHEME)
    kind, grid, reset, result = simulator._widget().children
    before, passed = result.value, simulator.checks()["passed"].sum()
    base = next(field for field in grid.children if field.description == "Оклад, ₽")
    people = simulator.people()
    base.value = 60_000
    assert simulator.value["base"] == 60_000
    assert simulator.checks()["passed"].sum() < passed
    assert all(new[3] > old[3] for new, old in zip(simulator.people(), people, strict=True))
    assert "✗ нет" in result.value
    drawn = [re.findall("polyline points=[^>]*", html) for html in (before, result.value)]
    assert drawn[0] != drawn[1]
    reset.click()
    assert simulator.value["base"] == 32_700
    assert result.value == before
    kind.value = "gp_shipped"
    assert simulator.value["bonus_base"] == "gp_shipped"


def test_the_rate_is_typed_in_per_cent_and_kept_as_a_part(demo):
    simulator = pay_plan(demo, SCHEME)
    grid = simulator._widget().children[1]
    rate = next(field for field in grid.children if field.description == "Ставка бонуса, %")
    assert rate.value == pytest.approx(5.45)
    rate.value = 6
    assert simulator.value["rate"] == pytest.approx(0.06)


def test_the_pay_simulator_has_a_static_twin_with_words_icons_and_people(demo):
    simulator = pay_plan(demo, SCHEME)
    bundle = simulator._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    for kind in ("text/html", "text/plain"):
        shown = plain(bundle[kind])
        assert shown.count("✓ прошла") + shown.count("✗ нет") == 8
        assert "32 700" in shown and "5,45" in shown
        for name, *_ in simulator.people():
            assert plain(name) in shown
    assert "application/vnd" not in bundle["text/html"] and "<script" not in bundle["text/html"]
    # an image loses its address where nobody is trusted, and its words stay; a drawing's do not
    html = bundle["text/html"]
    assert "<svg" not in html and html.count('<img alt="') == 2
    assert "Доход за месяц, ₽, по выполнению плана: " in html and "; предел 10" in html
    again = pay_plan(demo, SCHEME)
    assert (again.html(), again.text()) == (simulator.html(), simulator.text())


def test_a_point_stands_for_every_seller_before_and_after(demo):
    simulator = pay_plan(demo, SCHEME)
    pay, _share = re.findall(r"<svg.*?</svg>", pay_picture.svg(simulator._panels()))
    assert pay.count("<circle") == 2 * len(simulator.people())


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"base": 1, "rate": 5.45, "plan_gp": 1}, "0.0545"),
        ({"base": 1, "rate": 0.05}, "не хватает: plan_gp"),
        ({"bse": 1}, "возможно, вы имели в виду «base»"),
        ("пять процентов", "словарём"),
        ({"base": "много", "rate": 0.05, "plan_gp": 1}, "число"),
    ],
)
def test_a_misprinted_scheme_is_answered_in_words(demo, value, words):
    with pytest.raises(StudentError) as error:
        pay_plan(demo, value)
    assert words in plain(str(error.value)).lower()


def test_the_value_of_the_simulator_is_an_answer(demo):
    task = units.find("motivation-5")
    good = pay_plan(demo, best_plan(demo))
    assert evaluate(task, (good.value,), demo).share == 1
    assert evaluate(task, (good,), demo).text.startswith("Не понял ответ")
    assert ".value" in evaluate(task, (good,), demo).text
    dear = good.set(base=60_000)
    outcome = evaluate(task, (dear.value,), demo)
    assert 0 < outcome.share < 1
    failed = dear.checks().query("not passed")["sentence"]
    assert all(sentence in outcome.text for sentence in failed)


def test_the_pictures_of_a_saved_simulator_are_whole_drawings(demo):
    html = pay_plan(demo, SCHEME).html()
    for packed in re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', html):
        drawing = ElementTree.fromstring(base64.b64decode(packed))
        assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
        words = [e.text for e in drawing.iter("{http://www.w3.org/2000/svg}text")]
        assert "150\u00a0%" in words


def test_the_words_of_a_drawing_stay_inside_it_and_off_its_line():
    panel = pay_picture.Panel("Доля", [50, 150], [12, 9], [], str, limit=10)
    drawing = ElementTree.fromstring(re.search("<svg.*</svg>", pay_picture.svg([panel]))[0])
    line = drawing.find("polyline").get("points").split()
    last = float(line[-1].split(",")[0])
    (limit,) = [e for e in drawing.iter("text") if e.text == "предел"]
    assert float(limit.get("x")) > last
    assert last + 20 < pay_picture.WIDE  # «150 %» stands in the middle of its tick
