"""An exam: `check` says how it understood an answer and keeps it, and nothing else is told."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from schoolwork import firm, judged, random_codes, right, slips

from salescourse import records, session, tasks, units
from salescourse.answers import Absolute, Number
from salescourse.session import check, hint, my_company, progress, submit
from salescourse.tasks import NOTED, OPEN, UNCLEAR, evaluate, note

(CODE,) = random_codes(1, seed=66)
GIVEAWAYS = ("Верно", "Пока нет", "Частично", "верно", "Похоже", "Подсказка")
NAMES = [task.id for task in judged()]


def given(task: tasks.Task, value: object) -> tuple:
    """An answer as it stands in a record."""
    return (task.kind.from_json(task.kind.to_json(value)),)


@pytest.fixture
def exam(monkeypatch, student_folder, capsys):
    monkeypatch.setattr(session, "SESSION", session.Session())
    my_company(CODE, exam=True)
    assert "Идёт зачёт" in capsys.readouterr().out


@pytest.mark.parametrize("name", NAMES)
def test_a_right_and_a_wrong_answer_are_answered_alike(name):
    task, company = units.find(name), firm(CODE)
    answers = [right(CODE)[name], *[v for t, (_, v) in slips(CODE).items() if t == name]]
    for value in answers:
        said = note(task, given(task, value), company)
        assert said.kind == NOTED
        assert said.text.startswith("Записано")
        assert (said.points, said.share, said.mistake) == (0.0, 0.0, None)
        shown = task.kind.show(said.value, company)
        assert not [word for word in GIVEAWAYS if word in said.text.replace(shown, "")]


@pytest.mark.parametrize("name", NAMES)
def test_the_truth_is_not_even_computed(name, monkeypatch):
    task, answer = units.find(name), given(units.find(name), right(CODE)[name])
    monkeypatch.setattr(tasks, "true_value", lambda *_: pytest.fail("asked for the truth"))
    monkeypatch.setattr(tasks, "wrong_values", lambda *_: pytest.fail("asked for mistakes"))
    assert note(task, answer, firm(CODE)).kind == NOTED


@pytest.mark.parametrize("raw", [..., "", None, "восемь", object(), [1, 2, 3, 4], float("nan")])
@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_understood_is_told_as_in_practice(name, raw):
    task, company = units.find(name), firm(CODE)
    practice, said = evaluate(task, (raw,), company), note(task, (raw,), company)
    if practice.kind in (OPEN, UNCLEAR) and practice.value is None:
        assert (said.kind, said.text) == (practice.kind, practice.text)


def test_a_share_is_asked_about_whatever_the_truth_is():
    for truth in (8.5, 0.085, 30.0):
        task = tasks.Task(
            "funnel-1", "т", "в", Number("%", Absolute(0.1)), lambda c, t=truth: t, ""
        )
        assert note(task, (0.085,), firm(CODE)).kind == UNCLEAR
        assert note(task, ("0,085 %",), firm(CODE)).kind == NOTED


def test_answers_are_kept_and_are_worth_what_they_are(exam, capsys):
    truth = right(CODE)
    wrong = slips(CODE)
    for name in NAMES:
        check(name, given(units.find(name), wrong[name][1] if name in wrong else truth[name])[0])
    for name in NAMES[::2]:
        check(name, given(units.find(name), truth[name])[0])  # may be changed as often as wanted
    kept = session.SESSION.answers()
    assert set(kept) == set(NAMES)
    company = firm(CODE)
    worth = {n: records.judge(kept[n], units.find(n), company).share for n in NAMES}
    assert all(worth[name] == 1 for name in NAMES[::2])
    assert any(worth[name] < 1 for name in NAMES)
    capsys.readouterr()
    hint(NAMES[0])
    progress()
    submit()
    out = capsys.readouterr().out
    assert "На зачёте подсказок нет" in out
    assert f"Записано ответов: {len(NAMES)} из" in out
    assert "Верно" not in out
    assert "Пока нет" not in out


def test_an_exam_ends_with_the_next_company_and_starts_by_the_environment(
    exam, capsys, monkeypatch
):
    my_company(CODE)
    capsys.readouterr()
    name = NAMES[0]
    check(name, given(units.find(name), right(CODE)[name])[0])
    assert "Верно" in capsys.readouterr().out
    monkeypatch.setenv("SALESCOURSE_EXAM", "1")
    my_company(CODE)
    check(name, given(units.find(name), right(CODE)[name])[0])
    assert "Записано" in capsys.readouterr().out


def test_start_tells_the_kernels_that_it_is_an_exam(monkeypatch, tmp_path):
    from salescourse import shell

    asked = {}
    monkeypatch.setattr(shell, "serve", lambda *args, **how: asked.update(how))
    monkeypatch.setattr(shell, "settle_code", lambda *args: CODE)
    monkeypatch.setattr(shell, "trust", lambda *args: None)
    shell.start(folder=tmp_path / "Курс", exam=True, say=lambda text: None)
    assert asked["exam"] is True
    monkeypatch.delenv("SALESCOURSE_EXAM", raising=False)
    assert "SALESCOURSE_EXAM" not in shell.environment(tmp_path, "t")
    assert shell.environment(tmp_path, "t", exam=True)["SALESCOURSE_EXAM"] == "1"
