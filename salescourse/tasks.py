"""Tasks: what is asked, what is true, which mistakes are known, and what an answer is worth.

`evaluate` is the one judge: `check` in a notebook and grading of a record both call it.
It is pure and takes any object as an answer. What it raises is an error of the course's
own (a truth that can't be computed), never of the student's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from salescourse.answers import Kind, NotUnderstood, Text, share
from salescourse.answers.raw import simplify, untouched

if TYPE_CHECKING:
    from salescourse.company import Company

RIGHT, PARTLY, NOT_YET = "верно", "частично", "пока нет"
OPEN, UNCLEAR = "не решено", "не понял"
NOTED = "записано"  # an exam says no more
WORDS = {RIGHT: "Верно", PARTLY: "Частично", NOT_YET: "Пока нет", OPEN: "Ещё не решено"}
WORDS |= {UNCLEAR: "Не понял ответ", NOTED: "Записано"}
ASK = "Нужно уточнить"  # instead of «не понял» where one of two readings must be chosen
UNDERSTOOD = (RIGHT, PARTLY, NOT_YET)  # outcomes that leave a record
FAR = 2.0  # tolerances between a known mistake and the truth, so that the two can't be confused
NEAR = 0.5  # tolerances: two known mistakes no further apart fit an answer alike
FULL = 1 - 1e-9
TASK_ID = re.compile(r"[a-z][a-z0-9]*-[0-9]{1,3}")  # nbgrader's grade_id allows no dot


@dataclass(frozen=True)
class Mistake:
    """A well-known wrong way: the value it leads to, and the hint it deserves.

    `wrong` returns None on a company where the mistake can't be made. A gated mistake
    is promised to be far from the truth on every issued code; one that is not gated is
    recognised only where it happens to be.
    """

    id: str
    wrong: Callable[[Company], Any]
    hint: str
    gated: bool = True


@dataclass(frozen=True)
class Gate:
    """A condition a company must meet before its code is issued."""

    id: str
    what: str
    holds: Callable[[Company], bool]


@dataclass(frozen=True)
class Task:
    """One graded question. `estimator` names the definition behind `truth`."""

    id: str
    title: str
    question: str
    kind: Kind
    truth: Callable[[Company], Any]
    estimator: str
    mistakes: tuple[Mistake, ...] = ()
    hints: tuple[str, ...] = ()
    points: float = 1
    source: str = ""
    details: Callable[[Company], str] | None = None
    explain: Callable[[Company], str] | None = None

    def __post_init__(self) -> None:
        names = [mistake.id for mistake in self.mistakes]
        if not TASK_ID.fullmatch(self.id):
            raise ValueError(f"a task's id is «unit-number», got {self.id!r}")
        if len(set(names)) < len(names):
            raise ValueError(f"{self.id}: two mistakes share an id")
        if not self.points > 0:
            raise ValueError(f"{self.id}: points must be positive")

    @property
    def asks_of_company(self) -> bool:
        """Whether a part of the question is shown by `question`, not printed in the notebook."""
        return self.details is not None or self.kind.lists

    @property
    def by_hand(self) -> bool:
        """Read by a person along a rubric, not by `evaluate`."""
        return isinstance(self.kind, Text)


@dataclass(frozen=True)
class Outcome:
    """What an answer is worth. `text` is whole and begins with the outcome's word.

    `value` is the answer as it was read; None if it was not.
    """

    kind: str
    task: str
    text: str
    points: float = 0.0
    share: float = 0.0
    mistake: str | None = None
    value: Any = None


def true_value(task: Task, company: Company) -> Any:
    """The truth, computed once a company. Raises if it would not earn full marks itself."""

    def make() -> Any:
        truth = task.truth(company)
        if not share(task.kind, truth, truth, company) >= FULL:
            raise ValueError(f"{task.id}: the truth {truth!r} does not earn full marks")
        return truth

    return company.memo((task.id, task.truth), make)


def wrong_values(task: Task, company: Company) -> dict[str, Any]:
    """What each mistake leads to on this company, by the mistake's id; impossible ones left out."""
    return {
        mistake.id: value
        for mistake in task.mistakes
        if (value := company.memo((task.id, mistake.wrong), lambda m=mistake: m.wrong(company)))
        is not None
    }


def separations(task: Task, company: Company) -> dict[str, float]:
    """How many tolerances each possible mistake lies from the truth."""
    truth = true_value(task, company)
    return {
        name: task.kind.separation(wrong, truth, company)
        for name, wrong in wrong_values(task, company).items()
    }


def read(task: Task, raw: tuple, company: Company) -> Any:
    """The answer as a value of the task's kind. Raises `NotUnderstood`."""
    return task.kind.parse(simplify(raw[0] if len(raw) == 1 else raw), company)


def evaluate(task: Task, raw: tuple, company: Company) -> Outcome:
    """Judge an answer: `raw` is what stood after the task's id in `check`."""
    if task.by_hand or untouched(simplify(raw)):
        return Outcome(OPEN, task.id, _not_tried(task, company))
    try:
        value = read(task, raw, company)
    except NotUnderstood as error:
        return Outcome(UNCLEAR, task.id, _opened(WORDS[UNCLEAR], str(error)))
    truth = true_value(task, company)
    got = share(task.kind, value, truth, company)
    if got >= FULL:
        return Outcome(
            RIGHT, task.id, _praise(task, value, company), float(task.points), 1.0, None, value
        )
    wrong = wrong_values(task, company)
    if doubt := task.kind.doubt(value, [truth, *wrong.values()], company):
        return Outcome(UNCLEAR, task.id, f"{ASK}. {doubt}", value=value)
    mistake = _recognise(task, value, truth, wrong, company)
    partly = got > 1e-9
    kind = PARTLY if partly else NOT_YET
    remark = task.kind.remark(value, truth, company) if partly else ""
    opening = f"{WORDS[kind]}: {remark}." if remark else f"{WORDS[kind]}."
    step = _sentences(mistake.hint if mistake else "", task.kind.advice(value, truth, company))
    step = step or _next_step(task, value, truth, company)
    text = _sentences(opening, step, task.kind.note(value))
    name = mistake.id if mistake else None
    return Outcome(kind, task.id, text, round(task.points * got, 4), got, name, value)


def note(task: Task, raw: tuple, company: Company) -> Outcome:
    """What an exam says of an answer: how it was understood, never what it is worth.

    The truth is not computed, so nothing in the reply can depend on it.
    """
    if task.by_hand or untouched(simplify(raw)):
        return Outcome(OPEN, task.id, _not_tried(task, company))
    try:
        value = read(task, raw, company)
    except NotUnderstood as error:
        return Outcome(UNCLEAR, task.id, _opened(WORDS[UNCLEAR], str(error)))
    if doubt := task.kind.doubt(value, [], company):
        return Outcome(UNCLEAR, task.id, f"{ASK}. {doubt}", value=value)
    shown = task.kind.show(value, company)
    empty = ", ".join(task.kind.missing(value))
    said = f"{WORDS[NOTED]}: {shown}" if shown else WORDS[NOTED]
    rest = f"Не заполнено: {empty}." if empty else ""
    end = "" if said.endswith((".", "…")) else "."
    return Outcome(NOTED, task.id, _sentences(said + end, rest, task.kind.note(value)), value=value)


def _recognise(task: Task, value, truth, wrong: dict, company: Company) -> Mistake | None:
    """The known mistake nearest to the answer; of about equally near, what explains most parts.

    Two numbers swapped are both wrong: a mistake of one of them, as near, says less.
    """
    found = []
    for mistake in task.mistakes:
        if mistake.id not in wrong:
            continue
        other = wrong[mistake.id]
        if not mistake.gated and task.kind.separation(other, truth, company) < FAR:
            continue
        gap = task.kind.distance(value, other, truth, company)
        if gap is not None:
            parts = sum(part is not None for part in other.values()) if type(other) is dict else 1
            found.append((gap, -parts, mistake))
    if not found:
        return None
    nearest = min(gap for gap, _, _ in found)
    near = [row for row in found if row[0] <= nearest + NEAR]
    return min(near, key=lambda row: (row[1], row[0]))[2]  # the first listed of equals


def _not_tried(task: Task, company: Company) -> str:
    if task.by_hand:
        try:
            read(task, ("",), company)
        except NotUnderstood as error:
            return _sentences(f"{WORDS[OPEN]}.", str(error))
    return f"{WORDS[OPEN]}. Впишите ответ вместо многоточия: {task.kind.expects(company)}."


def _opened(word: str, message: str) -> str:
    return message if message.startswith(word) else f"{word}. {message}"


def _praise(task: Task, value: Any, company: Company) -> str:
    shown = task.kind.show(value, company)
    end = "" if shown.endswith((".", "…")) else "."
    first = f"{WORDS[RIGHT]}: {shown}{end}" if shown else f"{WORDS[RIGHT]}."
    more = task.explain(company) if task.explain else ""
    return _sentences(first, more, task.kind.note(value))


def _next_step(task: Task, value: Any, truth: Any, company: Company) -> str:
    """What to do about an answer that no known mistake explains."""
    if _only_unfilled(task, value, truth, company):
        return "Заполните остальное."
    if task.hints:
        return f'Подсказка: hint("{task.id}").'
    return f'Перечитайте вопрос и проверьте, то ли вы считали: question("{task.id}").'


def _only_unfilled(task, value, truth, company) -> bool:
    scores = task.kind.score(value, truth, company)
    empty = task.kind.missing(value)
    return bool(empty) and all(scores[part] >= 1 for part in scores if part not in empty)


def _sentences(*parts: str) -> str:
    return " ".join(part.strip() for part in parts if part and part.strip())
