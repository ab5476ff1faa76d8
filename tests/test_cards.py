"""Cards and tables: Russian at the edge, plain text beside HTML, nothing of a student's runs."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from salescourse import cards, funnel, schema
from salescourse.company import Company

NBSP = "\u00a0"
EVIL = "<script>alert(1)</script>"


def text(frame: pd.DataFrame, **options) -> str:
    return cards.table(frame, **options)[1].replace(NBSP, " ")


def html(frame: pd.DataFrame, **options) -> str:
    return cards.table(frame, **options)[0]


@pytest.fixture(scope="module")
def demo() -> Company:
    return Company.load("demo")


@pytest.fixture
def shown(monkeypatch) -> list:
    out: list = []
    monkeypatch.setattr("salescourse.output.shell", object)
    monkeypatch.setattr("IPython.display.display", lambda data, raw=False: out.append(data))
    return out


# Tables --------------------------------------------------------------------------------------


def test_columns_of_the_schema_go_by_their_captions_and_units():
    frame = pd.DataFrame({"order_id": [7], "revenue": [1_250_000], "is_repeat": [True]})
    assert text(frame).splitlines() == [
        "Номер заказа      Выручка  Повторный",
        "           7  1 250 000 ₽  да",
    ]


def test_a_table_of_its_own_captions_uses_them(demo):
    frame = funnel.stages(demo)
    assert "Дошло лидов" in text(frame) and "reached" not in text(frame)
    assert re.search(r"Квалификация +[\d ]+ +\d\d,\d %", text(frame))


def test_captions_outlive_choosing_columns(demo):
    frame = funnel.stages(demo)[["conversion"]]
    assert "От предыдущего этапа" in text(frame)


def test_every_table_of_a_company_is_shown_without_an_english_heading(demo):
    for table in schema.TABLES:
        head = text(demo.tables[table.name], rows=1).splitlines()[0]
        assert not re.search(r"[a-z]{3,}", head), (table.name, head)


def test_dates_moments_months_and_gaps():
    frame = pd.DataFrame(
        {
            "month": pd.to_datetime(["2026-03-01", None]),
            "hired_on": pd.to_datetime(["2026-03-09", None]),
            "created_at": pd.to_datetime(["2026-03-09 14:05:59", None]),
            "gp": pd.array([None, 5], dtype="Int64"),
        }
    )
    assert [line.split() for line in text(frame).splitlines()[1:]] == [
        ["март", "2026", "09.03.2026", "09.03.2026", "14:05", "—"],
        ["—", "—", "—", "5", "₽"],
    ]


def test_a_pandas_count_has_a_russian_heading(demo):
    lines = text(demo.leads["mark"].value_counts().to_frame()).splitlines()
    assert lines[0].split() == ["Пометка", "Сколько"]


def test_a_pivot_is_headed_by_both_its_levels():
    frame = pd.DataFrame({("gp", "сайт"): [5.0], ("gp", "реклама"): [7.0]})
    lines = text(frame).splitlines()
    assert re.split(" {2,}", lines[0].strip()) == ["ВП, сайт", "ВП, реклама"]
    assert re.split(" {2,}", lines[1].strip()) == ["5 ₽", "7 ₽"]


def test_a_single_wide_row_stands_upright():
    frame = pd.DataFrame([range(5)], columns=list("абвгд"), index=pd.Index(["Итого"], name="Где"))
    assert text(frame).splitlines() == ["Итого", "а  0", "б  1", "в  2", "г  3", "д  4"]


def test_a_long_table_says_how_much_is_left_out():
    frame = pd.DataFrame({"а": range(1012)})
    assert text(frame).splitlines()[-1] == "…и ещё 1 002 строки"
    assert len(text(frame).splitlines()) == 12


def test_an_empty_table_keeps_its_headings():
    assert text(pd.DataFrame({"source": []})) == "Источник"


def test_whatever_is_in_a_table_is_escaped():
    frame = pd.DataFrame({EVIL: [EVIL]}, index=pd.Index([EVIL], name=EVIL))
    assert EVIL not in html(frame, title=EVIL)
    assert html(frame, title=EVIL).count("&lt;script&gt;") == 5
    assert text(frame).count(EVIL) == 4


def test_the_same_table_is_the_same_html(demo):
    assert html(demo.leads) == html(demo.leads)
    assert "id=" not in html(demo.leads)


# Cards ---------------------------------------------------------------------------------------


def test_a_companys_card_tells_who_it_is(demo):
    body, plain = cards.company_card(demo)
    assert plain.splitlines()[0] == demo.name
    assert f"Код: {demo.code}" in plain
    assert f"Город: {demo.city}" in plain
    assert demo.name.replace('"', "&quot;") in body


def test_a_card_escapes_names():
    body, plain = cards.card(EVIL, [(EVIL, EVIL)], note=EVIL)
    assert EVIL not in body and body.count("&lt;script&gt;") == 4
    assert plain.count(EVIL) == 4


def test_colours_are_of_the_theme(demo):
    body = cards.company_card(demo)[0] + html(demo.leads)
    bare = re.sub(r"var\([^)]*\)", "", body)
    assert "#" not in re.sub(r"&#\w+;", "", bare)


# show ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "words"),
    [(7.3456, "7,35"), (1_250_000, f"1{NBSP}250{NBSP}000"), (float("nan"), "—")],
)
def test_a_number_is_shown_as_a_russian_reads_it(shown, value, words):
    cards.show(value)
    cards.show(value, title="Итог")
    assert shown == [{"text/plain": words}, {"text/plain": f"Итог: {words}"}]


def test_a_table_a_column_a_company_and_text_are_shown_with_a_plain_twin(shown, demo):
    for data in (demo.leads, demo.leads["source"], demo):
        cards.show(data)
    cards.show("**Главное**")
    assert [sorted(bundle) for bundle in shown] == [["text/html", "text/plain"]] * 3 + [
        ["text/markdown", "text/plain"]
    ]
    assert shown[-1]["text/plain"] == "Главное"


def test_outside_a_notebook_the_plain_twin_is_printed(capsys):
    cards.show("**Главное**")
    cards.show(1.5, title="Итог")
    assert capsys.readouterr().out == "Главное\nИтог: 1,5\n"


def test_nothing_to_show_is_said_in_words(shown):
    cards.show(None)
    assert shown == [
        {"text/plain": "Показывать нечего: значение пустое. Запустите ячейку, где оно задаётся."}
    ]


def test_a_figure_is_shown_as_it_shows_itself(shown):
    figure = object()
    cards.show(figure)
    assert shown == [figure]
