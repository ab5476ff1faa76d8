"""What `progress()` shows: each task's outcome and points, judged anew from the records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from salescourse import records, replies, units
from salescourse.records import Record
from salescourse.tasks import NOTED, OPEN, UNCLEAR, WORDS, Task
from salescourse.text import NBSP, plural, short
from salescourse.workplace import in_build

if TYPE_CHECKING:
    from salescourse.company import Company

BY_HAND = "Читает преподаватель"
LATER = "Проверит преподаватель"
STALE = "Ответ дан на прежних данных, проверьте ещё раз"


def of(
    slugs: Iterable[str], answers: Mapping[str, Record], company: Company, *, exam: bool = False
) -> tuple[str, str]:
    """The table of these units: (html, plain text)."""
    slugs = tuple(slugs)
    if exam:
        return _recorded(slugs, answers, company)
    rows, got, most, by_hand = [], 0.0, 0.0, 0.0
    for slug in slugs:
        tasks = units.tasks_of(slug)
        if not any(task.id in answers for task in tasks) and len(slugs) > 1:
            worth = sum(task.points for task in tasks if not task.by_hand)
            rows.append((units.TITLES[slug], "Ответов ещё нет", f"0 из{NBSP}{short(worth)}"))
            most += worth
            by_hand += sum(task.points for task in tasks if task.by_hand)
            continue
        for task in tasks:
            status, points = standing(task, answers.get(task.id), company)
            rows.append((f"{task.id} · {task.title}", status, _of(task, points)))
            got += points
            by_hand += task.points if task.by_hand else 0
            most += 0 if task.by_hand else task.points
    last = f"Набрано {short(got, 2)} из{NBSP}{_balls(most)}."
    if by_hand:
        last += f" Ещё {short(by_hand)} — за письменные ответы, их ставит преподаватель."
    title = f"Что решено: {company.name or company.code or 'компания'}"
    return replies.table(title, rows, ("Задание", "Ответ", "Баллы"), last)


def _recorded(slugs: tuple[str, ...], answers: Mapping, company: Company) -> tuple[str, str]:
    """What is answered on an exam: nothing here depends on whether it is right."""
    rows, done = [], 0
    asked = [task for slug in slugs for task in units.tasks_of(slug)]
    for task in asked:
        there = task.id in answers and not task.by_hand
        done += there
        word = BY_HAND if task.by_hand else WORDS[NOTED] if there else "Ответа нет"
        rows.append((f"{task.id} · {task.title}", word, f"до{NBSP}{short(task.points)}"))
    judged = sum(not task.by_hand for task in asked)
    title = f"Что записано: {company.name or company.code or 'компания'}"
    last = f"Записано ответов: {done} из{NBSP}{judged}."
    return replies.table(title, rows, ("Задание", "Ответ", "Баллы"), last)


def standing(task: Task, record: Record | None, company: Company) -> tuple[str, float]:
    """The word for a task's last answer, and the points it brings."""
    if task.by_hand:
        return BY_HAND, 0.0
    if record is None:
        return WORDS[OPEN], 0.0
    if record.edition != company.edition or record.data != company.fingerprint:
        return STALE, 0.0
    try:
        outcome = records.judge(record, task, company)
    except Exception:
        if in_build():
            raise
        return LATER, 0.0
    return WORDS[outcome.kind if outcome.kind != UNCLEAR else OPEN], outcome.points


def _of(task: Task, points: float) -> str:
    if task.by_hand:
        return f"до{NBSP}{short(task.points)}"
    return f"{short(points, 2)} из{NBSP}{short(task.points)}"


def _balls(n: float) -> str:
    return f"{short(n)}{NBSP}{plural(n, 'балла', 'баллов', 'баллов')}"
