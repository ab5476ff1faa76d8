"""Marks for a learning management system: a CSV with the columns that Moodle imports."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from salescourse import units
from salescourse.grading import results
from salescourse.grading.ledger import Row
from salescourse.storage import plain_text, replacing

WHO = ("Фамилия", "Имя", "Индивидуальный номер", "Адрес электронной почты", "Группа")


def write(path: Path, rows: Iterable[Row], people: dict) -> None:
    """A line a student, a column a unit; points with a decimal point. Raises `OSError`.

    Columns are named as in the Russian Moodle's own export: «Задание:Воронка (Значение)».
    """
    rows = list(rows)
    slugs = list(dict.fromkeys(_unit(name) for name in results.tasks_of(rows)))
    heads = [f"Задание:{units.TITLES.get(slug, slug)} (Значение)" for slug in slugs]
    with (
        replacing(Path(path)) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as file,
    ):
        out = csv.writer(file, lineterminator="\r\n")
        out.writerow([*WHO, *heads])
        for standing in results.standings(rows, people):
            p = standing.person
            surname, _, first = p.name.partition(" ")
            mine = dict.fromkeys(slugs, 0.0)
            for row in standing.rows:
                mine[_unit(row.mark.task)] += row.points or 0.0
            who = [plain_text(v) for v in (surname, first, p.code, p.email, p.team)]
            out.writerow([*who, *(f"{mine[slug]:g}" for slug in slugs)])


def _unit(task: str) -> str:
    return task.rpartition("-")[0]
