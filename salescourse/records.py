"""The answer record: one answer as plain JSON, as notebooks, journals and grading carry it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from salescourse.codes import BadCode, normalise
from salescourse.storage import replacing
from salescourse.tasks import TASK_ID, Outcome, Task, evaluate

if TYPE_CHECKING:
    from pathlib import Path

    from salescourse.company import Company

MIME = "application/vnd.salescourse.answer+json"
SCHEMA = 1
LIMIT = 20_000  # bytes of one record


@dataclass(frozen=True)
class Record:
    """Who answered what on which data; keyed by `task`, never by a cell or a file."""

    schema: int
    task: str
    code: str
    answer: Any
    edition: int
    data: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def line(self) -> str:
        """One line of JSON, always the same for the same record."""
        return json.dumps(self.as_json(), ensure_ascii=False, allow_nan=False)


def of(task: Task, value: Any, company: Company) -> Record | None:
    """The record of an answer that was understood; None if it is too large to carry."""
    answer = task.kind.to_json(value)
    record = Record(
        SCHEMA, task.id, company.code or "", answer, company.edition, company.fingerprint
    )
    return record if len(record.line().encode()) <= LIMIT else None


def parse(line: str | bytes) -> Record | None:
    """A record from JSON text of unknown origin; None if it is damaged or no record of ours."""
    if len(line) > LIMIT:
        return None
    try:
        text = line.decode("utf-8-sig") if isinstance(line, bytes) else line
        return read(json.loads(text, parse_constant=_no_nan))
    except (ValueError, RecursionError):
        return None


def read(data: Any) -> Record | None:
    """A record from JSON that somebody else read; None if it is no record of ours."""
    if not isinstance(data, dict) or data.get("schema") != SCHEMA or "answer" not in data:
        return None
    task, code = data.get("task"), data.get("code")
    edition, content = data.get("edition"), data.get("data")
    if type(edition) is not int or not isinstance(task, str) or not isinstance(content, str):
        return None
    if not TASK_ID.fullmatch(task) or len(content) > 64:
        return None
    try:
        return Record(SCHEMA, task, normalise(code), data["answer"], edition, content)
    except BadCode:
        return None


def judge(record: Record, task: Task, company: Company) -> Outcome:
    """What a recorded answer is worth; the same as `check` said when it was given."""
    return evaluate(task, (task.kind.from_json(record.answer),), company)


def _no_nan(text: str) -> Any:
    raise ValueError(f"{text} is no JSON number")


def pack(kept: list[Record], company: Company, path: Path) -> None:
    """One small file of answers to send; it appears only whole. Raises `OSError`."""
    content = {
        "schema": SCHEMA,
        "code": company.code,
        "edition": company.edition,
        "data": company.fingerprint,
        "records": [record.as_json() for record in kept],
    }
    with replacing(path) as temporary:
        text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1)
        temporary.write_text(text + "\n", encoding="utf-8", newline="\n")
