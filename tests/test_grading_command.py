"""An instructor's evening by commands alone: codes, works, marks; and the guide that says so."""

from __future__ import annotations

import re
import sys
import zipfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from schoolwork import judged, notebook, random_codes, right, save

from salescourse.cli.app import app, run
from salescourse.grading import roster
from salescourse.grading.gradebook import Gradebook
from salescourse.grading.roster import Person

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs" / "instructor.md").read_text(encoding="utf-8")
ONE, OTHER = random_codes(2, seed=72)
TASK = judged("funnel")[0].id


@pytest.fixture
def group(tmp_path) -> Path:
    people = [Person("Иванова Анна", code=ONE), Person("Ким Ли", code=OTHER)]
    roster.write(people, tmp_path / "roster.csv")
    work = save(
        notebook("funnel", ONE, {TASK: right(ONE)[TASK]}), tmp_path / "x" / "Копия (2).ipynb"
    )
    with zipfile.ZipFile(tmp_path / "работы.zip", "w") as packed:
        packed.write(work, "Группа А/Копия Иванова (2).ipynb")
    return tmp_path


def points(folder: Path, code: str) -> float:
    with Gradebook(folder / "Итоги" / "Журнал оценок.db") as book:
        return sum(row.points or 0 for row in book.rows() if row.mark.code == code)


def test_works_become_marks_and_a_second_run_says_that_nothing_changed(group, capsys):
    args = ["grade", str(group / "работы.zip"), "--roster", str(group / "roster.csv")]
    args += ["--out", str(group / "Итоги")]
    assert run(args) == 0
    out = capsys.readouterr().out
    assert "Прочитано: 1\u00a0файл. Работы сдали: 1\u00a0студент." in out
    assert "В журнале 2\u00a0студента" in out
    assert "Работы нет: 1" in out
    assert points(group, ONE) == judged("funnel")[0].points
    assert run(args) == 0
    assert "изменений: 0" in capsys.readouterr().out


def test_a_resubmission_has_to_be_called_so(group, capsys):
    out = ["--out", str(group / "Итоги")]
    assert run(["grade", str(group / "работы.zip"), *out]) == 0
    save(notebook("funnel", ONE, {TASK: 1.0}), group / "снова" / "а.ipynb")
    capsys.readouterr()
    assert run(["grade", str(group / "снова"), *out]) == 0
    assert "Новые ответы не такие, как в прежней работе: 1" in capsys.readouterr().out
    assert points(group, ONE) > 0
    assert run(["grade", str(group / "снова"), *out, "--resubmission"]) == 0
    assert points(group, ONE) == 0


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["grade", "нет такой папки", "--out", "x"], "Не нашёл"),
        (["grade", ".", "--out", "x", "--roster", "нет.csv"], "Не нашёл файл"),
        (["roster", "--students", "нет.xlsx", "--out", "x.csv"], "Не нашёл файл"),
    ],
)
def test_what_is_missing_is_named(args, said, student_folder, capsys):
    assert run(args) == 1
    assert said in capsys.readouterr().err


def test_codes_are_given_out_and_latecomers_added(student_folder, capsys):
    Path("список.csv").write_text("ФИО\nФёдоров Пётр\n", encoding="utf-8")
    args = ["roster", "--students", "список.csv", "--out", "roster.csv"]
    assert run(args) == 0
    first = roster.load(Path("roster.csv"))
    Path("список.csv").write_text("ФИО\nЯков Ли\nФедоров Петр\n", encoding="utf-8")
    assert run(args) == 0
    assert "новых кодов: 1" in capsys.readouterr().out
    assert first[0].code in {p.code for p in roster.load(Path("roster.csv"))}


# The guide ----------------------------------------------------------------------------------


def test_every_command_of_the_guide_is_understood(capsys):
    typed = re.findall(r"^salescourse (\w+)(.*)$", GUIDE, re.MULTILINE)
    typed += re.findall(r"`salescourse (\w+)([^`]*)`", GUIDE)
    names = {info.name for info in app.registered_commands}
    assert {"roster", "grade", "review", "export", "start"} <= {name for name, _ in typed} <= names
    for name, rest in typed:
        capsys.readouterr()
        assert run([name, "--help"]) == 0
        described = capsys.readouterr().out
        for option in re.findall(r"--[a-z-]+", rest):
            assert option in described, (name, option)


def test_the_guide_names_the_files_that_are_written(group):
    args = ["grade", str(group / "работы.zip"), "--out", str(group / "Итоги")]
    assert run(args) == 0
    for path in (group / "Итоги").iterdir():
        assert f"`{path.name}`" in GUIDE


def test_the_guide_speaks_plainly_about_exams():
    assert "От чего это защищает" in GUIDE
    assert "От чего не защищает" in GUIDE
    assert "!" not in re.sub(r"```.*?```", "", GUIDE, flags=re.DOTALL)
