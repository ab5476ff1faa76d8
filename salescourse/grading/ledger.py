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
    sa.Table(
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
    sa.Table(
        "history",
        meta,
        sa.Column("id", sa.Integer, primary_key=True),
        *[sa.Column(name, sa.Text, **text) for name in ("code", "task", "what", "old", "new")],
        sa.Column("by", sa.String, nullable=False),
        sa.Column("at", sa.String, nullable=False),
    )
    sa.Table(
        "students",
        meta,
        sa.Column("code", sa.String, primary_key=True),
        *[sa.Column(name, sa.Text, **text) for name in ("name", "email", "team")],
    )
    sa.Table(
        "sheets",
        meta,
        sa.Column("code", sa.String, primary_key=True),
        sa.Column("edition", sa.Integer, primary_key=True),
        sa.Column("course", sa.String, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
    )
    sa.Table(
        "remarks",
        meta,
        sa.Column("id", sa.Integer, primary_key=True),
        *[sa.Column(name, sa.Text, **text) for name in ("kind", "detail", "file", "code", "task")],
    )
    sa.Table(
        "readings",
        meta,
        sa.Column("code", sa.String, primary_key=True),
        sa.Column("task", sa.String, primary_key=True),
        sa.Column("turn", sa.Integer, primary_key=True),  # 1, or 2 for the second reader
        *[sa.Column(name, sa.Text, **text) for name in ("by", "points", "comment", "shown", "at")],
    )
    sa.Table(
        "phrases",
        meta,
        sa.Column("task", sa.String, primary_key=True),
        sa.Column("text", sa.String, primary_key=True),
        sa.Column("used", sa.Integer, nullable=False, default=1),
    )
    return meta


def row_of(found) -> Row:
    """A row of the marks' table."""
    values = {name: getattr(found, name) for name in ("code", "task", *FIELDS)}
    values["answer"] = json.loads(found.answer)
    return Row(Mark(**values), found.hand_points, found.hand_comment, found.hand_by)
