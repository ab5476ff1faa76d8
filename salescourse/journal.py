"""The journal of answers in a student's folder: one line a record, only ever appended to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from salescourse import records
from salescourse.records import Record
from salescourse.workplace import HIDDEN

NAME = "journal.jsonl"


def path_in(folder: Path) -> Path:
    return folder / HIDDEN / NAME


def append(folder: Path, record: Record) -> bool:
    """Add a record in one write; False if the folder can't be written to."""
    path = path_in(folder)
    try:
        path.parent.mkdir(exist_ok=True)
        start = b"" if _ends_whole(path) else b"\n"  # a torn last line must not take ours along
        with path.open("ab", buffering=0) as file:
            file.write(start + record.line().encode() + b"\n")
    except OSError:
        return False
    return True


def _ends_whole(path: Path) -> bool:
    if not path.exists() or not path.stat().st_size:
        return True
    with path.open("rb") as file:
        file.seek(-1, 2)
        return file.read(1) == b"\n"


def read(folder: Path) -> Iterator[Record]:
    """The records in the order they were written; damaged and huge lines are passed over."""
    try:
        with path_in(folder).open("rb") as file:
            while piece := file.readline(records.LIMIT + 2):
                if not piece.endswith(b"\n") and len(piece) > records.LIMIT:
                    while piece and not piece.endswith(b"\n"):
                        piece = file.readline(records.LIMIT)
                    continue
                if record := records.parse(piece.strip()):
                    yield record
    except OSError:
        return
