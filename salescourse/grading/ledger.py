"""What the gradebook holds: its tables, and its rows as the rest of grading sees them."""

from __future__ import annotations

import json
from dataclasses import dataclass

from salescourse.grading.marking import Mark

VERSION = 1
STAMP = 0x524F5031  # "ROP1": tells our file from any other SQLite file
FIELDS = ("status", "points", "most", "text", "mistake", "shown", "answer", "file")


@dataclass(frozen=True)
class Row:
    """A task of a student as it counts: the mark set by hand wins."""

    mark: Mark
    hand: float | None = None
    comment: str = ""
    by: str = ""

    @property
    def points(self) -> float | None:
        return self.mark.points if self.hand is None else self.hand


@dataclass(frozen=True)
class Change:
    """One line of the history."""

    code: str
    task: str
    what: str
    old: str
    new: str
    by: str
    at: str


def tables(sa):
    meta = sa.MetaData()
    text = {"nullable": False, "default": ""}
    marks = sa.Table(
        "marks",
        meta,
        sa.Column("code", sa.String, primary_key=True),
        sa.Column("task", sa.String, primary_key=True),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("points", sa.Float),
        sa.Column("most", sa.Float, nullable=False),
        *[sa.Column(name, sa.Text, **text) for name in FIELDS[3:]],
        sa.Column("hand_points", sa.Float),
        sa.Column("hand_comment", sa.Text, **text),
        sa.Column("hand_by", sa.String, **text),
    )
    history = sa.Table(
        "history",
        meta,
        sa.Column("id", sa.Integer, primary_key=True),
        *[sa.Column(name, sa.Text, **text) for name in ("code", "task", "what", "old", "new")],
        sa.Column("by", sa.String, nullable=False),
        sa.Column("at", sa.String, nullable=False),
    )
    students = sa.Table(
        "students",
        meta,
        sa.Column("code", sa.String, primary_key=True),
        *[sa.Column(name, sa.Text, **text) for name in ("name", "email", "team")],
    )
    sheets = sa.Table(
        "sheets",
        meta,
        sa.Column("code", sa.String, primary_key=True),
        sa.Column("edition", sa.Integer, primary_key=True),
        sa.Column("course", sa.String, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
    )
    return meta, marks, history, students, sheets


def row_of(found) -> Row:
    """A row of the marks' table."""
    values = {name: getattr(found, name) for name in ("code", "task", *FIELDS)}
    values["answer"] = json.loads(found.answer)
    return Row(Mark(**values), found.hand_points, found.hand_comment, found.hand_by)
