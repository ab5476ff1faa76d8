"""One submission: the answers that a notebook or a file of `submit()` carries.

The file is hostile data. It is parsed as JSON and nothing else, and every value is looked
at before it is used; whatever is wrong with it becomes a remark.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from typing import Any

from salescourse import records
from salescourse.codes import BadCode, normalise
from salescourse.grading import remarks
from salescourse.grading.needs import library
from salescourse.grading.remarks import Remark
from salescourse.records import MIME, Record
from salescourse.tasks import TASK_ID
from salescourse.text import clean, short

NOTEBOOK, ANSWERS = "тетрадь", "файл ответов"
MOST_RECORDS = 50_000  # in one file
MOST_HTML = 200_000  # characters of one output that are searched for a record
MOST_TEXT = 20_000  # characters of a written answer
MOST_REMARKS = 20  # of one kind about one file
USUAL = 100  # tries at a task that a notebook may well hold
DEPTH = 12  # brackets in brackets of one answer: ours have three

NOT_OURS = "в ней нет заданий курса"
SAVED_WITHOUT = "ответы вписаны, а результатов под ячейками нет"

TYPED = re.compile(r"check\(\s*[\"']([^\"'\n]{3,40})[\"']\s*,\s*([-+]?[0-9]+(?:\.[0-9]+)?)\s*\)")
STUB = re.compile(r"\.\.\.|…")
COMMENT = re.compile(r"#.*")
CARRIED = re.compile(r"data-salescourse=(?:\"([^\"]*)\"|'([^']*)')")
CALLED = re.compile(r"my_company\(\s*[\"']([^\"'\n]{5,40})[\"']")
WRITTEN = re.compile(r"<!--\s*ответ:\s*([a-z0-9-]{1,40})\s*-->")
PROMPT = re.compile(r"^\s*(\*\*Мой ответ\*\*|\*Пишите\sздесь.*\*)\s*$", re.MULTILINE)


@dataclass
class Submission:
    """What one file says. `answers` are in document order."""

    file: str
    kind: str = NOTEBOOK
    digest: str = ""
    answers: list[Record] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    unit: str = ""
    named: str = ""  # the code that the notebook calls, where no record tells it
    remarks: list[Remark] = field(default_factory=list)

    def owner(self, known: Container[str] | None = None) -> str:
        """The code that most tasks are answered for; "" if two are equal or there is none."""
        tasks = {(r.code, r.task) for r in self.answers if known is None or r.code in known}
        ranked = Counter(code for code, _ in tasks).most_common(2)
        if not ranked:
            return next((r.code for r in self.answers), self.named)
        return "" if len(ranked) == 2 and ranked[0][1] == ranked[1][1] else ranked[0][0]

    def note(self, kind: str, detail: str = "", task: str = "") -> None:
        """Say it, but not ten thousand times."""
        remark = Remark(kind, detail, self.file, task=task)
        same = [r for r in self.remarks if r.kind == kind]
        if remark not in same and len(same) < MOST_REMARKS:
            self.remarks.append(remark)


class NotJson(ValueError):
    """The content is no JSON that could be read safely."""


def load(content: bytes) -> Any:
    """JSON of unknown origin. Raises `NotJson`."""
    orjson = library("orjson")
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        return orjson.loads(content)
    except ValueError:
        pass
    try:  # Jupyter writes NaN and huge numbers into outputs: the notebook is still a notebook
        return json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError, MemoryError) as error:
        raise NotJson(type(error).__name__) from None


def read(file: str, content: bytes) -> Submission:
    """The submission in a file, with remarks instead of errors."""
    made = Submission(file, digest=hashlib.sha256(content).hexdigest())
    try:
        data = load(content)
    except NotJson:
        made.note(remarks.BROKEN, "он оборван или испорчен")
        return made
    if isinstance(data, dict) and isinstance(data.get("cells"), list):
        _notebook(data, made)
    elif isinstance(data, dict) and isinstance(data.get("records"), list):
        _packed(data, made)
    else:
        made.note(remarks.FOREIGN)
    return made


# The file of submit() -----------------------------------------------------------------------


def _packed(data: dict, made: Submission) -> None:
    made.kind = ANSWERS
    made.named = _code(data.get("code"))
    for item in data["records"][:MOST_RECORDS]:
        _keep(item, made)
    if not made.answers:
        made.note(remarks.EMPTY)


def _code(text: Any) -> str:
    try:
        return normalise(text)
    except BadCode:
        return ""


def _keep(item: Any, made: Submission, source: str | None = None) -> bool:
    """Add a record; one that is damaged is told about."""
    record = _whole(item)
    if record is None:
        task = item.get("task") if isinstance(item, dict) else None
        made.note(remarks.DAMAGED, task=clean(task, 20) if isinstance(task, str) and task else "")
        return False
    if source is not None and (detail := _stale(record, source)) is not None:
        made.note(remarks.STALE, detail, task=record.task)
    made.answers.append(record)
    return True


def _stale(record: Record, source: str) -> str | None:
    """What a cell's code says otherwise than the answer under it; None if they agree."""
    if _letters(record.task) not in _letters(source[:MOST_TEXT]):
        return ""
    for name, typed in TYPED.findall(source[:MOST_TEXT]):
        if _letters(name) == _letters(record.task) and type(record.answer) in (int, float):
            if abs(float(typed) - record.answer) <= 1e-9 * max(1.0, abs(record.answer)):
                return None
            return f"в ячейке стоит {typed}, а записано {short(record.answer, 6)}"
    return None


def _letters(text: str) -> str:
    """«funnel-3» and «Funnel 3» are the same task."""
    return "".join(c for c in text.casefold() if c.isalnum())


def _deep(item: Any) -> bool:
    """Whether brackets in brackets go deeper than any answer of ours."""
    level = [item]
    for _ in range(DEPTH):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return False
    return True


def _whole(item: Any) -> Record | None:
    """A record of ours that is no larger and no stranger than we write them."""
    if _deep(item):
        return None
    record = records.read(item)
    try:
        return record if record and len(record.line().encode()) <= records.LIMIT else None
    except (ValueError, RecursionError):  # NaN, endless depth, half a letter
        return None


# A notebook ---------------------------------------------------------------------------------


def _notebook(data: dict, made: Submission) -> None:
    unit = _inside(data, "metadata", "salescourse", "unit")
    made.unit = clean(unit, 40) if isinstance(unit, str) else ""
    asks = filled = False
    for cell in data["cells"]:
        if not isinstance(cell, dict):
            continue
        source = _text(cell.get("source"))
        if cell.get("cell_type") == "markdown":
            _written(cell, source, made)
        elif cell.get("cell_type") == "code":
            if not made.named and (found := CALLED.search(source)):
                made.named = _code(found[1])
            if "check(" in source and not filled:
                asks, code = True, COMMENT.sub("", source[:MOST_TEXT])
                filled = filled or ("check(" in code and not STUB.search(code))
            for bundle in _bundles(cell):
                _answer(bundle, source, made)
        if len(made.answers) >= MOST_RECORDS:
            made.note(remarks.DAMAGED, "записей слишком много, остальные не прочитаны")
            break
    if not made.answers and not made.remarks:
        if filled:
            made.note(remarks.EMPTY, SAVED_WITHOUT)
        elif not made.texts:
            made.note(*((remarks.EMPTY,) if asks or made.unit else (remarks.FOREIGN, NOT_OURS)))
    _repeated(made)


def _inside(data: Any, *keys: str) -> Any:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _text(value: Any) -> str:
    """A notebook keeps text as one string or as a list of lines."""
    if isinstance(value, list):
        return "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""


def _bundles(cell: dict) -> Iterator[dict]:
    outputs = cell.get("outputs")
    for output in outputs if isinstance(outputs, list) else ():
        if isinstance(bundle := _inside(output, "data"), dict):
            yield bundle


def _answer(bundle: dict, source: str, made: Submission) -> None:
    """The record of one output: by its type, else from the HTML that repeats it."""
    if MIME in bundle and _keep(bundle[MIME], made, source):
        return
    page = _text(bundle.get("text/html"))[:MOST_HTML]
    if "data-salescourse" in page:
        for found in CARRIED.finditer(page):
            line = html.unescape(found[1] if found[1] is not None else found[2])
            try:
                item = load(line.encode("utf-8", "replace")[: records.LIMIT + 1])
            except NotJson:
                item = None
            _keep(item, made, source)


def _written(cell: dict, source: str, made: Submission) -> None:
    """A written answer stands in a marked Markdown cell; the stub is no answer."""
    found = WRITTEN.search(source)
    task = found[1] if found else _inside(cell, "metadata", "salescourse", "task")
    if not isinstance(task, str) or not TASK_ID.fullmatch(task):
        return
    text = PROMPT.sub("", WRITTEN.sub("", source)).strip()
    if text:
        made.texts[task] = text[:MOST_TEXT]


def _repeated(made: Submission) -> None:
    last: dict[tuple[str, str], Record] = {}
    many = Counter(record.task for record in made.answers)
    for task, n in many.items():
        if n > USUAL:
            made.note(remarks.REPEATED, f"{n} записей", task)
    for record in made.answers:
        key = (record.code, record.task)
        if key in last and last[key].answer != record.answer:
            made.note(remarks.REPEATED, task=record.task)
        last[key] = record
