"""The gradebook: written once, never over a person's mark, whole after a kill."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from schoolwork import hand_in, notebook, random_codes, record, right, save, slips

from salescourse.errors import StudentError
from salescourse.grading import cores, remarks
from salescourse.grading.grade import BOOK, PAGES, REPORT, TABLE, grade
from salescourse.grading.gradebook import AUTOMATIC, HAND, Gradebook
from salescourse.grading.marking import NO_ANSWER, TO_READ, TWO, Mark, mark
from salescourse.grading.remarks import Remark
from salescourse.grading.roster import Person
from salescourse.grading.submission import Submission
from salescourse.tasks import NOT_YET, RIGHT

ONE, OTHER = random_codes(2, seed=67)
TASK = "funnel-1"


@pytest.fixture
def book(tmp_path):
    with Gradebook(tmp_path / "класс.db", by="Анна") as opened:
        yield opened


def given(points: float | None, answer=1.0, status: str = NOT_YET, **more) -> Mark:
    return Mark(ONE, TASK, status, points, 3.0, "текст", answer=answer, **more)


def row(book: Gradebook, task: str = TASK, code: str = ONE):
    return next(r for r in book.rows() if (r.mark.code, r.mark.task) == (code, task))


def dump(path: Path) -> list:
    """Everything the gradebook holds, without the moments it was written at."""
    with sqlite3.connect(path) as db:
        names = [n for (n,) in db.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        out = []
        for name in sorted(names):
            columns = [c[1] for c in db.execute(f"PRAGMA table_info({name})") if c[1] != "at"]
            found = db.execute(f"SELECT {', '.join(map(repr_name, columns))} FROM {name}")
            out.append((name, sorted(map(repr, found))))
        return out


def repr_name(column: str) -> str:
    return f'"{column}"'


# Marks --------------------------------------------------------------------------------------


def test_writing_the_same_again_changes_nothing(book):
    book.record([given(1.0)])
    before = dump(book.path)
    assert book.record([given(1.0)]) == []
    assert dump(book.path) == before


def test_a_mark_set_by_hand_outlives_every_grading(book):
    book.record([given(0.0)])
    book.set_by_hand(ONE, TASK, 2.5, comment="зачтено устно")
    book.record([given(3.0, 7.0, RIGHT)], again=True)
    found = row(book)
    assert (found.points, found.hand, found.comment, found.by) == (
        2.5,
        2.5,
        "зачтено устно",
        "Анна",
    )
    assert found.mark.points == 3.0
    book.set_by_hand(ONE, TASK, None)
    assert row(book).points == 3.0


def test_a_new_answer_under_a_persons_mark_is_told(book):
    book.record([given(0.0)])
    book.set_by_hand(ONE, TASK, 1)
    told = book.record([given(3.0, 7.0, RIGHT)], again=True)
    assert [r.kind for r in told] == [remarks.CHANGED]


def test_every_change_keeps_who_when_and_the_old_value(book):
    book.record([given(0.0, shown="5 %")])
    book.set_by_hand(ONE, TASK, 1, comment="а", by="Борис")
    book.record([given(3.0, 7.0, RIGHT, shown="7 %")], again=True)
    first, hand, last = book.changes()
    assert (first.what, first.old, first.new) == (AUTOMATIC, "", "пока нет, 0\u00a0б.")
    assert (hand.what, hand.old, hand.new, hand.by) == (HAND, "", "1 а", "Борис")
    assert last.old == "пока нет, 0\u00a0б.; 5 %"
    assert last.new == "верно, 3\u00a0б.; 7 %"
    assert all(len(c.at) >= 19 for c in (first, hand, last))


@pytest.mark.parametrize("points", [-0.1, 3.1, float("nan")])
def test_a_mark_outside_the_tasks_points_is_refused(points, book):
    book.record([given(0.0)])
    with pytest.raises(StudentError, match="от 0 до 3"):
        book.set_by_hand(ONE, TASK, points)
    with pytest.raises(StudentError, match="нет задания"):
        book.set_by_hand(ONE, "funnel-99", 1)


def test_a_different_answer_replaces_nothing_unless_it_was_handed_in_again(book):
    book.record([given(3.0, 7.0, RIGHT, file="а.ipynb")])
    (told,) = book.record([given(0.0, 5.0, file="б.ipynb")])
    assert told == Remark(remarks.AGAIN, TASK, "а.ipynb и б.ipynb", ONE)
    assert row(book).points == 3.0
    assert book.record([given(0.0, 5.0, file="б.ipynb")], again=True) == []
    assert row(book).points == 0.0


def test_the_same_answer_is_judged_anew_when_the_course_changed(book):
    book.record([given(0.0, 7.0)])
    assert book.record([given(3.0, 7.0, RIGHT)]) == []
    assert row(book).points == 3.0


@pytest.mark.parametrize("waiting", [given(None, status=TWO), given(0.0, None, NO_ANSWER)])
def test_no_answer_and_two_works_take_no_mark_away(waiting, book):
    book.record([given(3.0, 7.0, RIGHT)])
    assert book.record([waiting], again=True) == []
    assert row(book).points == 3.0


def test_written_answers_that_differ_are_told_too(book):
    book.record([given(None, None, TO_READ, shown="раз")])
    assert [r.kind for r in book.record([given(None, None, TO_READ, shown="два")])] == [
        remarks.AGAIN
    ]
    assert row(book).mark.shown == "раз"


def test_remarks_of_the_last_grading_are_kept(book):
    found = [Remark(remarks.BROKEN, "а", "б.ipynb"), Remark(remarks.ABSENT, code=ONE)]
    book.report([Remark(remarks.LINK)])
    book.report([*found, found[0]])
    assert book.remarks() == found


def test_a_file_that_is_no_gradebook_is_refused(tmp_path):
    (tmp_path / "а.db").write_bytes(b"not a database at all, however long it may be" * 50)
    with pytest.raises(StudentError, match="испорчен"):
        Gradebook(tmp_path / "а.db")
    with sqlite3.connect(tmp_path / "б.db") as db:
        db.execute("CREATE TABLE theirs (a)")
    with pytest.raises(StudentError, match="не журнал"):
        Gradebook(tmp_path / "б.db")


# A whole run --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def works(tmp_path_factory):
    folder = tmp_path_factory.mktemp("Работы группы")
    for code, how in ((ONE, right(ONE)), (OTHER, {t: v for t, (_, v) in slips(OTHER).items()})):
        hand_in(folder, f"Студент {code}", code, how, text="Утечка на КП." if code == ONE else "")
    return folder


def test_the_same_folder_twice_changes_nothing(works, tmp_path):
    first = grade([works], tmp_path)
    made = dump(tmp_path / "Журнал оценок.db")
    assert first.changed > 0
    again = grade([works], tmp_path)
    assert (again.changed, dump(tmp_path / "Журнал оценок.db")) == (0, made)
    assert {p.name for p in tmp_path.iterdir()} == {BOOK, REPORT, TABLE, PAGES, "Журнал оценок.db"}
    assert len(list((tmp_path / PAGES).iterdir())) == 2


def test_the_gradebooks_own_roster_holds_where_no_other_is_given(works, tmp_path):
    with Gradebook(tmp_path / "Журнал оценок.db") as book:
        book.enroll([Person("Иванова Анна", code=ONE)])
    done = grade([works], tmp_path)
    assert done.students == 1
    assert [r.detail for r in done.remarks if r.kind == remarks.UNKNOWN_CODE]


def test_a_choice_is_offered_where_two_works_disagree(tmp_path):
    save(notebook("funnel", ONE, {TASK: right(ONE)[TASK]}), tmp_path / "раз.ipynb")
    save(notebook("funnel", ONE, {TASK: 1.0}), tmp_path / "два.ipynb")
    grade([tmp_path], tmp_path / "out")
    with Gradebook(tmp_path / "out" / "Журнал оценок.db") as book:
        found = row(book).mark
    assert found.points is None
    assert {(w["file"], w["points"]) for w in found.answer["works"]} == {
        ("раз.ipynb", found.most),
        ("два.ipynb", 0.0),
    }


def test_marks_of_ten_thousand_tries_on_one_task_stay_one(book):
    many = Submission("а.ipynb", answers=[record(TASK, float(i), ONE) for i in range(300)])
    run = mark([many])
    book.record(run.marks)
    assert sum(r.mark.task == TASK for r in book.rows()) == 1
    assert replace(row(book).mark, file="").answer == 299


KILLED = """
import sys
from pathlib import Path
from salescourse.grading import gradebook
from salescourse.grading.grade import grade
gradebook.AT_ONCE = 1  # every student a transaction of their own, so that kills fall between
grade([Path(sys.argv[1])], Path(sys.argv[2]))
"""


@pytest.mark.skipif(os.name == "nt", reason="a kill that can't be caught")
def test_a_run_that_was_killed_is_finished_by_the_next(works, tmp_path):
    grade([works], tmp_path / "целиком")
    whole = dump(tmp_path / "целиком" / "Журнал оценок.db")
    out = tmp_path / "убит"
    for i in range(4):
        run = subprocess.Popen([sys.executable, "-c", KILLED, works, out])
        time.sleep(0.5 + random.Random(i).random())
        run.send_signal(signal.SIGKILL)
        run.wait()
    grade([works], out)
    assert dump(out / "Журнал оценок.db") == whole


# All cores ----------------------------------------------------------------------------------


def test_work_on_all_cores_comes_back_in_order(monkeypatch):
    monkeypatch.setattr(cores, "FEW", 0)
    assert list(cores.Cores(2).map(abs, [-3, -1, -2])) == [3, 1, 2]


def test_a_worker_that_dies_is_told_in_words(monkeypatch):
    monkeypatch.setattr(cores, "FEW", 0)
    with pytest.raises(StudentError, match="сделанное сохранено"):
        list(cores.Cores(2).map(os._exit, [3, 3]))
