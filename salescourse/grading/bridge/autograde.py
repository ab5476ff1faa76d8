"""Preprocessors for nbgrader's Autograde: recorded answers instead of executed code.

Named in the settings that `salescourse export nbgrader` writes. `RecordedAnswers` takes the
place of nbgrader's Execute; `SaveReasons` comes after SaveAutoGrades and writes what its
scoring of outputs can't say: that a person has to decide, and why.
"""

from __future__ import annotations

from typing import Any

import nbformat
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from salescourse import units
from salescourse.grading import submission
from salescourse.grading.bridge import cells
from salescourse.grading.bridge.marks import put, show
from salescourse.grading.ledger import Row
from salescourse.grading.marking import NO_ANSWER, Mark, mark


class UnknownSchema(ValueError):
    """nbgrader's metadata in a notebook is of a version that we don't know."""


class RecordedAnswers(NbGraderPreprocessor):
    """Mark the recorded answers and put the points under the check cells."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        marks = marks_of(nb, resources["nbgrader"]["assignment"])
        resources["salescourse"] = marks
        show(nb, {task: made.points or 0.0 for task, made in marks.items()})
        return nb, resources


class SaveReasons(NbGraderPreprocessor):
    """Write points, reasons and what waits for a person."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        about = resources["nbgrader"]
        with Gradebook(about["db_url"]) as gradebook:
            for made in resources.get("salescourse", {}).values():
                put(gradebook, about["assignment"], about["notebook"], about["student"], Row(made))
            gradebook.db.commit()
        return nb, resources


def marks_of(nb: Any, slug: str) -> dict[str, Mark]:
    """Marks of a unit's tasks by the answers that a notebook carries."""
    for cell in nb.cells:
        about = cell.metadata.get("nbgrader")
        if about and about.get("schema_version", cells.SCHEMA) != cells.SCHEMA:
            raise UnknownSchema(f"nbgrader schema {about['schema_version']!r}")
    made = submission.read("тетрадь", nbformat.writes(nb).encode())
    mine = list(units.tasks_of(slug)) if slug in units.UNITS else []
    run = mark([made])
    code = run.codes[0] if run.codes else ""
    found = {m.task: m for m in run.marks if m.code == code}
    return {
        task.id: found.get(task.id)
        or Mark(code, task.id, NO_ANSWER, 0.0, float(task.points), "Ответа нет.")
        for task in mine
    }
