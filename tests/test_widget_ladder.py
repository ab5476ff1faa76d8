"""The ladder simulator: inputs over pure functions, a static twin and a value for check."""

from __future__ import annotations

import re

import pytest

from salescourse import ladder
from salescourse.company import Company
from salescourse.errors import StudentError
from salescourse.ladder.search import best
from salescourse.widgets import ladder as simulator
from salescourse.widgets.ladder import ticks


@pytest.fixture(scope="module")
def demo() -> Company:
    return Company.load("demo")


def boxes(editor) -> dict[str, list]:
    """The inputs of the grid by their kind, in reading order."""
    _, grid, _ = editor._widget().children
    found: dict[str, list] = {}
    for child in grid.children:
        found.setdefault(type(child).__name__, []).append(child)
    return found


def test_it_begins_with_the_draft(demo):
    assert simulator(demo).value == ladder.draft(demo).value


def test_a_value_given_is_the_value_got(demo):
    value = best(demo).value
    assert simulator(demo, value=value).value == value


def test_a_value_may_be_typed_as_in_excel(demo):
    value = best(demo).value
    value["ведущий"] = {**value["ведущий"], "ВП": "1 030 000 ₽"}
    assert simulator(demo, value=value).value["ведущий"]["ВП"] == 1_030_000


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("лестница", "дают словарём"),
        ({"менеджер": {"оборот": 1}}, "не задано: ВП, оклад, бонус"),
        ({"менеджер": {"оборот": "много"}}, "не понял число «много»"),
    ],
)
def test_a_slip_is_answered_in_words(demo, value, words):
    with pytest.raises(StudentError) as error:
        simulator(demo, value=value)
    assert words in str(error.value)


def test_editing_a_rung_moves_people_checks_and_the_value(demo):
    editor = simulator(demo, value=best(demo).value)
    assert "Проверок пройдено: 8 из 8. Стоят: менеджер — 3, специалист — 4, ведущий — 2." in (
        editor.sentence()
    )
    result, _, below = editor._widget().children
    chart, checks = below.children
    before = chart.value
    gp_of_top = boxes(editor)["BoundedFloatText"][5]  # turnover of three, GP of three
    gp_of_top.value = 2_500
    assert editor.value["ведущий"]["ВП"] == 2_500_000
    assert "ведущий — 0" in result.value
    assert chart.value != before
    assert "✗ Люди на ступенях: пока нет." in checks.value
    assert "✓ Оклад и бонус 40 на 60: прошла." in checks.value


def test_indicators_are_chosen_from_a_list_and_an_empty_one_is_no_indicator(demo):
    editor = simulator(demo, value=best(demo).value)
    first = boxes(editor)["Dropdown"][0]
    assert "недозвоны" in [value for _, value in first.options]
    first.value = ""
    assert len(editor.value["менеджер"]) == 5  # four norms and one indicator left
    first.value = "недозвоны"
    assert "недозвоны" in editor.value["менеджер"]


def test_quarters_are_a_field_of_their_own(demo):
    editor = simulator(demo)
    boxes(editor)["BoundedIntText"][0].value = 3
    assert editor.value["кварталов подряд"] == 3


def test_every_input_says_what_it_is(demo):
    for box in boxes(simulator(demo))["BoundedFloatText"][:12]:
        assert re.match(r"(менеджер|специалист|ведущий): (Оборот|ВП|Оклад|Бонус)", box.tooltip)


def test_a_notebook_gets_the_inputs_and_a_static_twin(demo):
    bundle = simulator(demo)._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    for kind in ("text/html", "text/plain"):
        assert "Проверок пройдено: 0 из 8" in bundle[kind]
        assert "Предел на каждой ступени: пока нет" in bundle[kind]
        assert "Семенова\u00a0Е.\u00a0П. — ведущий" in bundle[kind]


def test_two_simulators_have_the_same_static_twin(demo):
    one, other = simulator(demo), simulator(demo)
    assert (one.html(), one.text(), one.chart()) == (other.html(), other.text(), other.chart())


def test_the_chart_names_everybody_once_and_takes_its_colours_from_the_theme(demo):
    svg = simulator(demo).chart()
    assert all(svg.count(f">{who}</text>") == 1 for who, _ in simulator(demo).people())
    assert svg.count("<circle") == 9 and "var(--jp-ui-font-color1" in svg
    assert 'role="img"' in svg and not re.search(r"nan|inf|e\+", svg)


def test_names_on_the_chart_do_not_lie_on_each_other(demo):
    svg = simulator(demo, value=best(demo).value).chart()
    found = re.findall(r'<text x="([\d.]+)" y="([\d.]+)" fill="var\(--jp-ui-font-color1[^>]*'
                       r'text-anchor="(\w+)"', svg)  # fmt: skip
    places = [(float(x), float(y), anchor) for x, y, anchor in found]
    assert len(places) == 9
    for i, (_, y, anchor) in enumerate(places):
        same = [other for j, (_, other, a) in enumerate(places) if j != i and a == anchor]
        assert all(abs(y - other) >= 13.9 for other in same)


@pytest.mark.parametrize(("most", "marks"), [(9.6, [2, 4, 6, 8]), (1.8, [0.5, 1, 1.5])])
def test_an_axis_has_round_marks(most, marks):
    assert ticks(most).tolist() == pytest.approx(marks)
