"""Names and metadata of the cells that nbgrader marks, and what stands in a locked one.

nbgrader gives a check cell all points if its result is no number, and none if anything was
written to stderr. So a check cell of ours always ends with a number of its own.
"""

from __future__ import annotations

from typing import Any

SCHEMA = 3  # of nbgrader's cell metadata
CHECK = """from salescourse.grading.bridge.cells import points

points("{task}")"""


def answer_id(task: str) -> str:
    return f"ans-{task}"


def check_id(task: str) -> str:
    return f"check-{task}"


def task_of(grade_id: object) -> str:
    """The task that a cell belongs to; "" if it is none of ours."""
    text = grade_id if isinstance(grade_id, str) else ""
    for start in ("ans-", "check-"):
        if text.startswith(start):
            return text.removeprefix(start)
    return ""


def marked(grade_id: str, kind: str, *, points: float | None, solution: bool) -> dict[str, Any]:
    """A cell's metadata: what is worth points is a grade cell, what is written in a solution."""
    made: dict[str, Any] = {
        "grade": points is not None,
        "solution": solution,
        "locked": not solution,
        "task": False,
        "grade_id": grade_id,
        "schema_version": SCHEMA,
        "cell_type": kind,
    }
    if points is not None:
        made["points"] = points
    return made


def points(task: str) -> float | None:
    """What the last answer in this kernel is worth; always a number while nbgrader marks.

    On an exam a student sees nothing.
    """
    import os

    from salescourse import records, session, units

    marking = bool(os.environ.get("NBGRADER_EXECUTION"))
    if session.SESSION.exam and not marking:
        return None
    try:
        record = session.SESSION.answers().get(task)
        company = session.SESSION.company
        if record is None or (record.data, record.edition) != (
            company.fingerprint,
            company.edition,
        ):
            return 0.0
        return float(records.judge(record, units.find(task), company).points)
    except Exception:  # an error would be full marks' opposite: no points and a red cell
        return 0.0
