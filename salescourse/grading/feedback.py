"""One page of feedback a student: a single HTML file to read, print or send."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from salescourse import units
from salescourse.grading import results
from salescourse.grading.ledger import Row
from salescourse.grading.marking import NO_ANSWER, TO_READ
from salescourse.grading.needs import library
from salescourse.grading.results import Standing
from salescourse.storage import replacing
from salescourse.tasks import NOT_YET, PARTLY, RIGHT, UNCLEAR, WORDS
from salescourse.text import NBSP, plural, short

TEMPLATE = Path(__file__).with_name("feedback.html")
LOOKS = {RIGHT: ("right", "✔"), PARTLY: ("part", "◐"), NOT_YET: ("no", "○"), UNCLEAR: ("no", "?")}
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)")  # names that Windows keeps to itself


def write_all(folder: Path, rows: list[Row], people: dict) -> Iterator[Path]:
    """Write every student's page, one by one. Raises `StudentError`, `OSError`."""
    template = _template()
    for standing in results.standings(rows, people):
        path = folder / file_name(standing.person.name, standing.person.code)
        text = template.render(**_page(standing))
        with replacing(path) as temporary:
            temporary.write_text(text, encoding="utf-8", errors="replace", newline="\n")
        yield path


def page(standing: Standing) -> str:
    """One student's page."""
    return _template().render(**_page(standing))


def _template():
    jinja2 = library("jinja2")
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined
    )
    return environment.from_string(TEMPLATE.read_text(encoding="utf-8"))


def file_name(name: str, code: str) -> str:
    """«Иванова Анна ROP-7F3A-K.html», safe on any system."""
    plain = "".join(c if c.isalnum() or c in " .,-_()" else " " for c in name[:80])
    plain = " ".join(plain.split()).strip(". ")
    if name == code or not plain or RESERVED.fullmatch(plain.partition(".")[0]):
        return f"{code}.html"
    return f"{plain} {code}.html"


def _page(standing: Standing) -> dict[str, Any]:
    groups = groupby(standing.rows, key=lambda row: row.mark.task.rpartition("-")[0])
    parts = [(slug, list(rows)) for slug, rows in groups]
    waits = standing.open
    return {
        "name": standing.person.name,
        "code": standing.person.code,
        "total": f"Набрано {_out_of(standing.total, standing.most)}.",
        "open": f"Ещё не оценено: {waits}{NBSP}{plural(waits, 'задание', 'задания', 'заданий')}."
        if waits
        else "",
        "units": [
            {
                "title": units.TITLES.get(slug, slug),
                "total": _out_of(
                    sum(row.points or 0 for row in rows), sum(row.mark.most for row in rows)
                ),
                "tasks": [_task(row) for row in rows],
            }
            for slug, rows in parts
        ],
    }


def _task(row: Row) -> dict[str, str]:
    mark = row.mark
    look, icon = LOOKS.get(mark.status, ("", "…"))
    word = WORDS.get(mark.status, mark.status[:1].upper() + mark.status[1:])
    text = mark.text
    if row.hand is not None and mark.status == TO_READ:
        look, icon = LOOKS[RIGHT if row.hand >= mark.most else PARTLY if row.hand else NOT_YET]
        word, text = "Оценено преподавателем", ""
    elif mark.status == NO_ANSWER:
        text = ""
    elif text.startswith(word):  # an outcome's text begins with its word
        text = text[len(word) :]
        end = len(text) - len(text.lstrip(".:"))
        word, text = word + text[:end], text[end:].strip()
    if not word.endswith((".", ":")):
        word += "."
    points = "?" if row.points is None else short(row.points, 2)
    return {
        "id": mark.task,
        "title": results.title_of(mark.task),
        "look": look,
        "icon": icon,
        "word": word,
        "text": text.replace("`", ""),
        "answer": mark.shown if mark.status != RIGHT else "",
        "comment": row.comment,
        "points": f"{points} из{NBSP}{short(mark.most)}",
    }


def _out_of(points: float, most: float) -> str:
    balls = plural(most, "балла", "баллов", "баллов")
    return f"{short(points, 2)} из{NBSP}{short(most)}{NBSP}{balls}"
