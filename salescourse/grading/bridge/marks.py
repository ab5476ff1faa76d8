"""Our marks and reasons, written into nbgrader's gradebook. What people set there stays."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import nbformat

from salescourse import units
from salescourse.errors import StudentError
from salescourse.grading.bridge import cells
from salescourse.grading.bridge.release import require_known, require_nbgrader
from salescourse.grading.collect import ORDINARY, collect
from salescourse.grading.ledger import Row
from salescourse.grading.marking import NO_ANSWER, Mark
from salescourse.grading.remarks import EMPTY
from salescourse.storage import replacing


@dataclass
class Written:
    """What was written: marks, and students of how many."""

    marks: int = 0
    students: int = 0


def write(course: Path, rows: Iterable[Row], people: dict) -> Written:
    """Write marks of the units that are assignments there. Raises `StudentError`.

    A student is known there by the folder in `submitted/` that the work came from; a work from
    elsewhere by its code.
    """
    require_nbgrader()
    path = course / "gradebook.db"
    if not path.exists():
        raise StudentError(f"В папке {course} нет журнала nbgrader: сначала выпустите задания.")
    require_known(path)
    with warnings.catch_warnings():  # its models warn of their own relations
        warnings.simplefilter("ignore")
        return _write(course, list(rows), people)


def _write(course: Path, rows: list[Row], people: dict) -> Written:
    import sqlalchemy
    from nbgrader.api import Gradebook

    by_student: dict[tuple[str, str], list[Row]] = {}
    names = _students(rows)
    for row in rows:
        slug = row.mark.task.rpartition("-")[0]
        by_student.setdefault((names[row.mark.code], slug), []).append(row)
    there = {key for key, mine in by_student.items() if not _nothing(mine)}
    for key in _untouched(course):  # nothing in it tells a code, and yet it was handed in
        if key not in there:
            by_student[key] = [Row(_zero(task)) for task in units.tasks_of(key[1])]
            there.add(key)
    done = Written()
    told = set()
    database = str((course / "gradebook.db").resolve())
    url = sqlalchemy.URL.create("sqlite", database=database).render_as_string()
    with Gradebook(url) as gradebook:
        notebooks = _notebooks(gradebook)
        for (student, slug), mine in sorted(by_student.items()):
            if slug not in notebooks or (student, slug) not in there:
                continue
            person = people.get(student)
            who = {"last_name": person.name, "email": person.email or None} if person else {}
            gradebook.update_or_create_student(student, **who)
            gradebook.update_or_create_submission(slug, student)
            for row in mine:
                done.marks += put(gradebook, slug, notebooks[slug], student, row)
            gradebook.db.commit()
            points = {row.mark.task: row.mark.points or 0.0 for row in mine}
            _autograded(course, student, slug, notebooks[slug], points)
            told.add(student)
    done.students = len(told)
    return done


def _autograded(course: Path, student: str, slug: str, notebook: str, points: dict) -> None:
    """The submission as Autograde would leave it: formgrader shows a work only from there."""
    name = f"{notebook}.ipynb"
    source = course / "submitted" / student / slug / name
    if source.is_symlink() or not source.is_file() or source.stat().st_size > ORDINARY.file:
        return
    try:
        made = nbformat.reads(source.read_bytes().decode("utf-8"), as_version=4)
        show(made, points)
        text = nbformat.writes(made)
    except (ValueError, RecursionError, AttributeError, TypeError, nbformat.ValidationError):
        return
    with replacing(course / "autograded" / student / slug / name) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def show(notebook: Any, points: dict[str, float]) -> None:
    """Put points under the check cells, in place of whatever stood there."""
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader")
        if about and about.get("grade") and cell.cell_type == "code":
            worth = repr(float(points.get(cells.task_of(about.get("grade_id")), 0.0)))
            data = {"text/plain": worth}
            cell.execution_count = 1
            cell.outputs = [nbformat.v4.new_output("execute_result", data, execution_count=1)]


def put(gradebook: Any, slug: str, notebook: str, student: str, row: Row) -> bool:
    """Write one mark and its reason; a person's score and comment there are not touched."""
    from nbgrader.api import MissingEntry

    task = row.mark.task
    by_hand = units.find(task).by_hand
    name = cells.answer_id(task) if by_hand else cells.check_id(task)
    try:
        grade = gradebook.find_grade(name, notebook, slug, student)
        comment = gradebook.find_comment(cells.answer_id(task), notebook, slug, student)
    except MissingEntry:  # a task that came into the course after this release
        return False
    grade.auto_score = row.points
    grade.needs_manual_grade = row.points is None or grade.manual_score is not None
    comment.auto_comment = reason(row)
    return True


def reason(row: Row) -> str | None:
    """What a student reads under the answer."""
    if row.mark.status == NO_ANSWER and row.hand is None:
        return None
    parts = (row.comment, "" if by_person(row) else row.mark.text)
    return "\n\n".join(part for part in parts if part) or None


def by_person(row: Row) -> bool:
    return row.hand is not None and units.find(row.mark.task).by_hand


def _nothing(rows: list[Row]) -> bool:
    return all(row.mark.status == NO_ANSWER and row.hand is None for row in rows)


def _zero(task: Any) -> Mark:
    return Mark("", task.id, NO_ANSWER, 0.0, float(task.points), "Ответа нет.")


def _untouched(course: Path) -> Iterator[tuple[str, str]]:
    """Students and units of submitted notebooks that hold no answer at all."""
    for made in collect([course / "submitted"]) if (course / "submitted").is_dir() else ():
        parts = PurePosixPath(made.file).parts
        empty = [remark.kind for remark in made.remarks] == [EMPTY]
        if empty and len(parts) == 3 and parts[1] in units.UNITS:
            yield parts[0], parts[1]


def _notebooks(gradebook: Any) -> dict[str, str]:
    """The notebook of each assignment of ours."""
    return {
        a.name: a.notebooks[0].name
        for a in gradebook.assignments
        if a.name in units.UNITS and len(a.notebooks) == 1
    }


def _students(rows: list[Row]) -> dict[str, str]:
    """The name of each code's owner in nbgrader."""
    names = {row.mark.code: row.mark.code for row in rows}
    for row in rows:
        parts = PurePosixPath(row.mark.file).parts
        if len(parts) >= 3 and parts[-2] == row.mark.task.rpartition("-")[0]:
            names[row.mark.code] = parts[-3]
    return names
