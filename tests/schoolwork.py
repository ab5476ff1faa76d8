"""Notebooks as students send them, made without a kernel: records stand in the outputs."""

from __future__ import annotations

import functools
import random
import re
from pathlib import Path
from typing import Any

import nbformat

from salescourse import records, replies, units
from salescourse.authoring import expand, source
from salescourse.codes import COUNT, from_number
from salescourse.company import Company
from salescourse.records import MIME, Record
from salescourse.tasks import Task, evaluate, true_value, wrong_values

ROOT = Path(__file__).parents[1]
CALL = re.compile(r'^check\("([a-z0-9-]+)"', re.MULTILINE)
SOURCES = {
    source_.stem.partition("_")[2]: source_ for source_ in (ROOT / "exercises/src").glob("*")
}


def random_codes(n: int, seed: int) -> list[str]:
    """Any codes, fit or not: grading has to take them all."""
    return [from_number(k) for k in random.Random(seed).sample(range(COUNT), n)]


@functools.lru_cache(maxsize=8)
def firm(code: str) -> Company:
    return Company.generate(code)


def judged(slug: str | None = None) -> list[Task]:
    tasks = units.all_tasks() if slug is None else units.tasks_of(slug)
    return [task for task in tasks if not task.by_hand]


def slugs() -> list[str]:
    """Units that have tasks and an exercise."""
    return [slug for slug in units.UNITS if judged(slug) and slug in SOURCES]


def right(code: str) -> dict[str, Any]:
    """The truth of every task."""
    return {t.id: true_value(t, firm(code)) for s in slugs() for t in judged(s)}


def slips(code: str) -> dict[str, tuple[str, Any]]:
    """For each task the first known mistake that this company allows and that is recognised."""
    company, found = firm(code), {}
    for task in (t for s in slugs() for t in judged(s)):
        truth = true_value(task, company)
        for name, value in wrong_values(task, company).items():
            if isinstance(truth, dict) and isinstance(value, dict):
                value = {**truth, **value}
            plain = task.kind.from_json(task.kind.to_json(value))
            outcome = evaluate(task, (plain,), company)
            if outcome.mistake == name and outcome.share < 1:
                found[task.id] = (name, value)
                break
    return found


def record(task: str, value: Any, code: str) -> Record:
    return records.of(units.find(task), value, firm(code))


def bundle(made: Record, *, typed: bool = True) -> dict[str, Any]:
    """The output of `check`; not `typed` is what Colab leaves of it."""
    html = replies.framed(replies.NOTE, "Записано", record=made)
    data = {"text/html": html, "text/plain": "Записано"}
    return data | {MIME: made.as_json()} if typed else data


def output(data: dict[str, Any]) -> Any:
    return nbformat.v4.new_output("display_data", data=data)


def notebook(
    slug: str, code: str, answers: dict[str, Any], *, typed: bool = True, text: str = ""
) -> Any:
    """An exercise with these answers checked; other tasks are untouched."""
    cells = source.read(SOURCES[slug])
    made = expand.exercise(cells, slug, solved=bool(answers), code=code)
    for cell in made.cells:
        called = CALL.search(cell.source) if cell.cell_type == "code" else None
        if called and called[1] in answers:
            kept = record(called[1], answers[called[1]], code)
            cell.outputs = [output(bundle(kept, typed=typed))]
        if cell.cell_type == "markdown" and expand.TEXT_MARK.partition("{}")[0] in cell.source:
            stub = "*Пишите здесь: двойной щелчок по ячейке, по окончании Shift + Enter.*"
            head = cell.source.partition("**Мой ответ**")[0] + "**Мой ответ**\n\n"
            cell.source = head + (text or stub)
    return made


def save(made: Any, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(made, path)
    return path


def hand_in(folder: Path, who: str, code: str, answers: dict[str, Any], **how: Any) -> None:
    """A student's notebooks, one a unit, named as people name them."""
    for slug in slugs():
        mine = {task: value for task, value in answers.items() if task.startswith(f"{slug}-")}
        save(notebook(slug, code, mine, **how), folder / who / f"Копия {slug} ({who}).ipynb")
