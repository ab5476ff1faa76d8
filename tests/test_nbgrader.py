"""The way to nbgrader: a release it takes, and two ways to the same marks."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

pytest.importorskip("nbgrader", reason='pip install "salescourse[nbgrader]"')

sys.path.insert(0, str(Path(__file__).parent))
import schoolwork
from schoolwork import random_codes, right, slips

from salescourse import units
from salescourse.cli.app import run
from salescourse.errors import StudentError
from salescourse.grading.bridge import cells, marks, release
from salescourse.grading.grade import grade
from salescourse.grading.gradebook import Gradebook

SLUG = "funnel"
CODES = dict(zip(("ivanov", "petrov", "sidorov", "orlov"), random_codes(4, seed=69), strict=True))
WRITTEN = next(t for t in units.tasks_of(SLUG) if t.by_hand)
JUDGED = [t for t in units.tasks_of(SLUG) if not t.by_hand]


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A course folder with a release and four submissions: right, wrong, half, untouched."""
    folder = tmp_path_factory.mktemp("Курс nbgrader")
    release.release(folder, [SLUG])
    hand_in(folder, "ivanov", right(CODES["ivanov"]), "Утечка на КП, чиним сроки.")
    hand_in(folder, "petrov", {t: v for t, (_, v) in slips(CODES["petrov"]).items()})
    half = dict(list(right(CODES["sidorov"]).items())[:4])
    hand_in(folder, "sidorov", half)
    hand_in(folder, "orlov", {})
    return folder


def hand_in(course: Path, student: str, answers: dict, text: str = "") -> None:
    """The released notebook with these answers checked."""
    released = next((course / "release" / SLUG).glob("*.ipynb"))
    made, code = nbformat.read(released, as_version=4), CODES[student]
    for cell in made.cells:
        task = cells.task_of(cell.metadata.get("nbgrader", {}).get("grade_id"))
        if cell.cell_type == "code" and task in answers and not cell.metadata.nbgrader.grade:
            kept = schoolwork.record(task, answers[task], code)
            cell.outputs = [schoolwork.output(schoolwork.bundle(kept))]
        elif cell.cell_type == "markdown" and task and text:
            cell.source = cell.source.partition("**Мой ответ**")[0] + f"**Мой ответ**\n\n{text}"
    schoolwork.save(made, course / "submitted" / student / SLUG / released.name)


def nbgrader(course: Path, *args: str) -> str:
    env = {k: v for k, v in os.environ.items() if k not in ("CI", "SALESCOURSE_BUILD")}
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *args],
        cwd=course, env=env, capture_output=True, text=True, encoding="utf-8", timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout + done.stderr


def csv(course: Path) -> list[str]:
    nbgrader(course, "export", "--to=grades.csv")
    return sorted((course / "grades.csv").read_text(encoding="utf-8").splitlines())


def scores(course: Path) -> dict[tuple[str, str], tuple]:
    """What nbgrader's gradebook holds: points, whether a person must look, the comment."""
    from nbgrader.api import Gradebook as Theirs

    name = next((course / "release" / SLUG).glob("*.ipynb")).stem
    found = {}
    with Theirs(f"sqlite:///{course / 'gradebook.db'}") as theirs:
        for student in theirs.assignment_submissions(SLUG):
            for task in units.tasks_of(SLUG):
                cell = cells.answer_id(task.id) if task.by_hand else cells.check_id(task.id)
                g = theirs.find_grade(cell, name, SLUG, student.student.id)
                c = theirs.find_comment(cells.answer_id(task.id), name, SLUG, student.student.id)
                found[student.student.id, task.id] = (g.auto_score, g.needs_manual_grade, c.comment)
    return found


def ours(course: Path, out: Path) -> None:
    """Way A: our engine, then `export`."""
    grade([course / "submitted"], out)
    with Gradebook(out / "Журнал оценок.db") as book:
        marks.write(course, book.rows(), book.people())


# The release --------------------------------------------------------------------------------


def test_the_release_has_locked_checks_that_are_worth_the_tasks_points(course):
    made = nbformat.read(next((course / "release" / SLUG).glob("*.ipynb")), as_version=4)
    about = {c.metadata.nbgrader.grade_id: c for c in made.cells if "nbgrader" in c.metadata}
    for task in JUDGED:
        answer, check = about[f"ans-{task.id}"], about[f"check-{task.id}"]
        assert f'check("{task.id}"' in answer.source
        assert (answer.metadata.nbgrader.solution, answer.metadata.nbgrader.grade) == (True, False)
        assert check.metadata.nbgrader.points == task.points
        assert check.metadata.nbgrader.locked
        assert check.metadata.editable is False
        assert made.cells.index(check) == made.cells.index(answer) + 1
    assert about[f"ans-{WRITTEN.id}"].metadata.nbgrader.points == WRITTEN.points
    assert {c.metadata.nbgrader.schema_version for c in about.values()} == {3}
    assert "YOUR CODE HERE" not in nbformat.writes(made)
    assert not any(c.get("outputs") for c in made.cells)


def test_settings_are_written_beside_and_the_courses_own_are_kept(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n", encoding="utf-8")
    assert release.settle(tmp_path) is False
    assert (tmp_path / "nbgrader_config.py").read_text("utf-8") == "c = get_config()\n"
    assert release.settle(tmp_path / "новый") is True


# Two ways -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def both(course, tmp_path_factory) -> tuple[Path, Path]:
    """The same submissions by way A and by way B, in two copies of the course."""
    folder = tmp_path_factory.mktemp("два пути")
    for name in ("A", "B"):
        shutil.copytree(course, folder / name)
        config = (folder / name / "nbgrader_config.py").read_text("utf-8")
        moved = config.replace(str(course), str(folder / name))
        (folder / name / "nbgrader_config.py").write_text(moved, encoding="utf-8")
    ours(folder / "A", folder / "out")
    nbgrader(folder / "B", "autograde", SLUG)
    return folder / "A", folder / "B"


def test_both_ways_give_the_same_csv(both):
    a, b = map(csv, both)
    assert a == b
    assert len(a) == 1 + len(CODES)


def test_both_ways_give_the_same_points_waits_and_reasons(both):
    a, b = map(scores, both)
    assert a == b
    full = {t.id: t.points for t in JUDGED}
    assert {t: a["ivanov", t][0] for t in full} == full
    assert a["ivanov", WRITTEN.id][:2] == (None, True)
    assert a["orlov", WRITTEN.id][:2] == (0.0, False)
    assert sum(points or 0 for (who, _), (points, _, _) in a.items() if who == "orlov") == 0
    assert all(a["petrov", t.id][0] < t.points for t in JUDGED)
    assert "Пока нет" in a["petrov", JUDGED[0].id][2]


def test_nbgraders_own_scoring_of_the_cells_agrees(both):
    from nbgrader.utils import determine_grade

    held = scores(both[1])
    for folder, student in itertools.product(both, CODES):
        path = next((folder / "autograded" / student / SLUG).glob("*.ipynb"))
        for cell in nbformat.read(path, as_version=4).cells:
            about = cell.metadata.get("nbgrader", {})
            if cell.cell_type == "code" and about.get("grade"):
                points, most = determine_grade(cell)
                assert points == held[student, cells.task_of(about["grade_id"])][0]
                assert most == units.find(cells.task_of(about["grade_id"])).points


def test_nobodys_code_is_executed_by_autograde(both):
    path = next((both[1] / "submitted" / "orlov" / SLUG).glob("*.ipynb"))
    made = nbformat.read(path, as_version=4)
    trap = both[1] / "выполнено"
    made.cells[0:0] = [nbformat.v4.new_code_cell(f"open({str(trap)!r}, 'w')")]
    nbformat.write(made, path)
    nbgrader(both[1], "autograde", SLUG, "--student=orlov", "--force")
    assert not trap.exists()


def test_a_forged_result_under_a_check_cell_is_worth_nothing(both):
    path = next((both[1] / "submitted" / "orlov" / SLUG).glob("*.ipynb"))
    made = nbformat.read(path, as_version=4)
    for cell in made.cells:
        if cell.metadata.get("nbgrader", {}).get("locked"):
            cell.outputs = [
                nbformat.v4.new_output("execute_result", {"text/plain": "3.0"}, execution_count=1)
            ]
    nbformat.write(made, path)
    nbgrader(both[1], "autograde", SLUG, "--student=orlov", "--force")
    assert {v[0] for (who, _), v in scores(both[1]).items() if who == "orlov"} == {0.0}


@pytest.mark.parametrize("way", [0, 1])
def test_a_manual_score_and_comment_survive_a_rerun(way, both, tmp_path):
    from nbgrader.api import Gradebook as Theirs

    folder = both[way]
    name = next((folder / "release" / SLUG).glob("*.ipynb")).stem
    check, answer = cells.check_id(JUDGED[0].id), cells.answer_id(JUDGED[0].id)
    with Theirs(f"sqlite:///{folder / 'gradebook.db'}") as theirs:
        theirs.find_grade(check, name, SLUG, "petrov").manual_score = 1.5
        theirs.find_comment(answer, name, SLUG, "petrov").manual_comment = "устно"
        theirs.db.commit()
    if way:
        nbgrader(folder, "autograde", SLUG, "--student=petrov", "--force")
    else:
        ours(folder, tmp_path)
    with Theirs(f"sqlite:///{folder / 'gradebook.db'}") as theirs:
        kept = theirs.find_grade(check, name, SLUG, "petrov")
        assert (kept.manual_score, kept.score, kept.needs_manual_grade) == (1.5, 1.5, True)
        assert theirs.find_comment(answer, name, SLUG, "petrov").comment == "устно"


# What is refused ----------------------------------------------------------------------------


def test_a_gradebook_of_an_unknown_version_is_refused(course, tmp_path):
    shutil.copy(course / "gradebook.db", tmp_path / "gradebook.db")
    with sqlite3.connect(tmp_path / "gradebook.db") as db:
        db.execute("UPDATE alembic_version SET version_num = 'из будущего'")
    before = (tmp_path / "gradebook.db").read_bytes()
    with pytest.raises(StudentError, match="незнакомой версии"):
        marks.write(tmp_path, [], {})
    with pytest.raises(StudentError, match="незнакомой версии"):
        release.release(tmp_path, [SLUG])
    assert (tmp_path / "gradebook.db").read_bytes() == before
    (tmp_path / "gradebook.db").write_bytes(b"no database")
    with pytest.raises(StudentError, match="не журнал nbgrader"):
        marks.write(tmp_path, [], {})


def test_an_nbgrader_that_was_not_tested_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(release, "version", lambda name: "0.10.1")
    with pytest.raises(StudentError, match=r"0\.10\.1, а проверено с 0\.9"):
        release.release(tmp_path, [SLUG])


def test_metadata_of_an_unknown_version_is_refused(course):
    from salescourse.grading.bridge.autograde import UnknownSchema, marks_of

    made = nbformat.read(next((course / "release" / SLUG).glob("*.ipynb")), as_version=4)
    cell = next(c for c in made.cells if "nbgrader" in c.metadata)
    cell.metadata.nbgrader.schema_version = 4
    with pytest.raises(UnknownSchema):
        marks_of(made, SLUG)


# The command and the cell -------------------------------------------------------------------


def test_the_command_releases_and_writes_marks(course, tmp_path, capsys):
    folder = tmp_path / "курс"
    assert run(["export", "nbgrader", "--course", str(folder), "--unit", SLUG]) == 0
    assert "Студентам:" in capsys.readouterr().out
    grade([course / "submitted"], tmp_path / "out")
    book = str(tmp_path / "out" / "Журнал оценок.db")
    assert run(["export", "nbgrader", "--course", str(folder), "--gradebook", book]) == 0
    assert "Записано оценок" in capsys.readouterr().out
    assert run(["export", "moodle", "--course", str(folder)]) == 2
    assert run(["export", "nbgrader", "--course", str(tmp_path / "нет"), "--gradebook", book]) == 1


def test_a_check_cell_is_always_a_number_while_nbgrader_executes(
    monkeypatch, student_folder, capsys
):
    from salescourse import session

    monkeypatch.setattr(session, "SESSION", session.Session())
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    task, code = JUDGED[0], CODES["ivanov"]
    assert cells.points(task.id) == 0.0
    session.my_company(code, exam=True)
    assert cells.points(task.id) == 0.0
    session.check(task.id, task.kind.from_json(task.kind.to_json(right(code)[task.id])))
    assert cells.points(task.id) == task.points
    assert cells.points("funnel-99") == 0.0
    monkeypatch.delenv("NBGRADER_EXECUTION")
    assert cells.points(task.id) is None
    assert not list(student_folder.rglob("*.jsonl"))
    json.dumps(cells.points(task.id))
