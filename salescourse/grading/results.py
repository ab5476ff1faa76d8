"""What a gradebook says of a class: by student, by task, by mistake."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from salescourse import units
from salescourse.errors import StudentError
from salescourse.grading.ledger import Row
from salescourse.grading.marking import NO_ANSWER
from salescourse.grading.roster import Person, plain
from salescourse.tasks import RIGHT, Task

FEWEST = 5  # students for a correlation to say anything


@dataclass
class Standing:
    """A student with the marks in course order."""

    person: Person
    rows: list[Row] = field(default_factory=list)

    @property
    def total(self) -> float:
        return sum(row.points or 0.0 for row in self.rows)

    @property
    def most(self) -> float:
        return sum(row.mark.most for row in self.rows)

    @property
    def open(self) -> int:
        """Tasks that wait for a person."""
        return sum(row.points is None for row in self.rows)


@dataclass(frozen=True)
class Item:
    """A task in the class. `difficulty` is the mean share of points of those who answered,
    `discrimination` the correlation of this share with the share of the other tasks."""

    task: str
    title: str
    most: float
    asked: int
    answered: int
    right: int
    difficulty: float
    discrimination: float


@dataclass(frozen=True)
class Slip:
    """A known mistake: who made it."""

    task: str
    mistake: str
    hint: str
    codes: tuple[str, ...]
    share: float  # of those who answered


def standings(rows: Iterable[Row], people: Mapping[str, Person]) -> list[Standing]:
    """Students by name, whoever has no name by code."""
    order = {task.id: i for i, task in enumerate(units.all_tasks())}
    made: dict[str, Standing] = {}
    for row in rows:
        code = row.mark.code
        person = people.get(code) or Person(code, code=code)
        made.setdefault(code, Standing(person)).rows.append(row)
    for standing in made.values():
        standing.rows.sort(key=lambda row: (order.get(row.mark.task, len(order)), row.mark.task))
    return sorted(made.values(), key=lambda s: (plain(s.person.name), s.person.code))


def tasks_of(rows: Iterable[Row]) -> list[str]:
    """Ids of the tasks that are marked, in course order."""
    met = {row.mark.task for row in rows}
    known = [task.id for task in units.all_tasks() if task.id in met]
    return known + sorted(met - set(known))


def task_of(name: str) -> Task | None:
    """The task; None if the course has it no more."""
    try:
        return units.find(name)
    except StudentError:
        return None


def title_of(name: str) -> str:
    task = task_of(name)
    return task.title if task else name


def items(rows: list[Row]) -> list[Item]:
    """Every task: how many answered, how hard it was, whether it tells the strong from the weak."""
    shares: dict[str, dict[str, float]] = defaultdict(dict)
    asked: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        asked[row.mark.task].append(row)
        if row.points is not None and (row.mark.status != NO_ANSWER or row.hand is not None):
            shares[row.mark.task][row.mark.code] = row.points / row.mark.most
    made = []
    for name in tasks_of(rows):
        mine, marked = shares[name], asked[name]
        made.append(
            Item(
                name,
                title_of(name),
                max(row.mark.most for row in marked),
                len(marked),
                sum(row.mark.status != NO_ANSWER for row in marked),
                sum(share >= 1 for share in mine.values()),
                sum(mine.values()) / len(mine) if mine else math.nan,
                _discrimination(name, shares),
            )
        )
    return made


def _discrimination(name: str, shares: Mapping[str, Mapping[str, float]]) -> float:
    """Item–rest correlation (Lord and Novick 1968, chapter 15)."""
    pairs = []
    for code, share in shares[name].items():
        others = [s[code] for task, s in shares.items() if task != name and code in s]
        if others:
            pairs.append((share, sum(others) / len(others)))
    if len(pairs) < FEWEST:
        return math.nan
    xs, ys = zip(*pairs, strict=True)
    mx, my = sum(xs) / len(xs), sum(ys) / len(ys)
    sxy = sum((x - mx) * (y - my) for x, y in pairs)
    sxx, syy = sum((x - mx) ** 2 for x in xs), sum((y - my) ** 2 for y in ys)
    return sxy / math.sqrt(sxx * syy) if sxx > 1e-12 and syy > 1e-12 else math.nan


def slips(rows: list[Row]) -> list[Slip]:
    """Recognised mistakes, within a task the commonest first."""
    made: dict[tuple[str, str], list[str]] = defaultdict(list)
    answered: dict[str, int] = defaultdict(int)
    for row in rows:
        answered[row.mark.task] += row.mark.status != NO_ANSWER
        if row.mark.mistake and row.mark.status != RIGHT:
            made[row.mark.task, row.mark.mistake].append(row.mark.code)
    order = {name: i for i, name in enumerate(tasks_of(rows))}
    found = []
    for (name, mistake), codes in made.items():
        task = task_of(name)
        hints = {m.id: m.hint for m in task.mistakes} if task else {}
        share = len(codes) / answered[name]
        found.append(Slip(name, mistake, hints.get(mistake, ""), tuple(sorted(codes)), share))
    return sorted(found, key=lambda s: (order[s.task], -len(s.codes), s.mistake))
