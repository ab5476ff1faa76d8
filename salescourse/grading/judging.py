"""What the answers of one code are worth: its company is made once, and only if needed.

A `Sheet` is all that grading ever needs of a company. It is plain data, so it travels
between processes and is kept in the gradebook: a second grading makes no company at all.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from salescourse import records, units
from salescourse.answers import Interval, Kind, NotUnderstood, Number, Parts, Table
from salescourse.company import EDITION, Company
from salescourse.records import SCHEMA, Record
from salescourse.tasks import Task, true_value

FAILED = "сбой курса"
DIGITS = ".4g"  # answers that agree in four digits are the same answer


@dataclass
class Verdict:
    """An outcome as the gradebook keeps it; `shown` is the answer in Russian."""

    status: str
    points: float | None
    text: str
    mistake: str = ""
    shown: str = ""


@dataclass
class Sheet:
    """The company's fingerprint, its truths' digits by task, and verdicts by answer."""

    code: str
    edition: int
    data: str = ""
    truths: dict[str, str] = field(default_factory=dict)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    failure: str = ""

    @property
    def sound(self) -> bool:
        """Nothing failed, so that it may be kept."""
        return not self.failure and all(v.status != FAILED for v in self.verdicts.values())

    def line(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_line(cls, line: str) -> Sheet:
        data = json.loads(line)
        data["verdicts"] = {key: Verdict(**v) for key, v in data["verdicts"].items()}
        return cls(**data)


@dataclass(frozen=True)
class Job:
    """A code, the answers to judge and the tasks whose truths are wanted; what an executor carries.

    Without `tasks` the truths of the whole course are wanted.
    """

    code: str
    answers: tuple[tuple[str, Any], ...] = ()
    tasks: tuple[str, ...] | None = None


def key(task: str, answer: Any) -> str:
    """The name of an answer to a task, the same for the same answer."""
    line = json.dumps([task, answer], ensure_ascii=False, sort_keys=True)
    return f"{task} {hashlib.sha256(line.encode('utf-8', 'replace')).hexdigest()[:20]}"


def judge(job: Job) -> Sheet:
    """Make the company and judge the answers; runs in any process. Never raises."""
    sheet = Sheet(job.code, EDITION)
    try:
        company = Company.generate(job.code)
        sheet.data = company.fingerprint
    except Exception as error:
        sheet.failure = type(error).__name__
        return sheet
    tasks = {task.id: task for task in units.all_tasks() if not task.by_hand}
    for name in tasks if job.tasks is None else job.tasks:
        sheet.truths[name] = ""
        if not _has_digits(tasks[name].kind):
            continue
        try:
            truth = tasks[name].kind.to_json(true_value(tasks[name], company))
        except Exception:  # told about where an answer to this task has to be judged
            continue
        sheet.truths[name] = digits_of(tasks[name].kind, truth)
    for task, answer in job.answers:
        sheet.verdicts[key(task, answer)] = _verdict(tasks[task], answer, company)
    return sheet


def _verdict(task: Task, answer: Any, company: Company) -> Verdict:
    record = Record(SCHEMA, task.id, company.code, answer, company.edition, "")
    try:
        outcome = records.judge(record, task, company)
        shown = "" if outcome.value is None else task.kind.show(outcome.value, company)
    except Exception as error:
        return Verdict(FAILED, None, type(error).__name__)
    return Verdict(outcome.kind, outcome.points, outcome.text, outcome.mistake or "", shown[:1000])


def judge_all(jobs: Iterable[Job], executor: Any = None) -> Iterator[Sheet]:
    """Sheets in the order of jobs; `executor` is anything with the `map` of concurrent.futures."""
    run: Callable = map if executor is None else executor.map
    yield from run(judge, jobs)


def digits_of(kind: Kind, answer: Any) -> str:
    """The numbers of an answer to four digits; "" if it has none."""
    return " ".join(_digits(kind, answer))


def _has_digits(kind: Kind) -> bool:
    """Whether answers of this kind hold numbers to compare: else a truth need not be made."""
    if isinstance(kind, Parts):
        return any(_has_digits(part) for part, _ in kind.parts.values())
    return isinstance(kind, Number | Interval) or (
        isinstance(kind, Table) and isinstance(kind.cell, Number)
    )


def _digits(kind: Kind, answer: Any) -> Iterator[str]:
    if isinstance(kind, Number):
        if isinstance(answer, str):  # a unit was typed beside the number: "8.5 %"
            with contextlib.suppress(NotUnderstood):
                answer = float(kind.parse(answer, None))
        if type(answer) in (int, float):
            yield format(answer, DIGITS) if abs(answer) < 1e300 else "—"
    elif isinstance(kind, Interval) and isinstance(answer, list | tuple):
        for end in answer:
            yield from _digits(Number(kind.unit), end)
    elif isinstance(kind, Table) and isinstance(answer, dict):
        for row in sorted(answer):
            yield from (f"{row}={d}" for d in _digits(kind.cell, answer[row]))
    elif isinstance(kind, Parts) and isinstance(answer, dict):
        for name, (part, _) in kind.parts.items():
            yield from (f"{name}={d}" for d in _digits(part, answer.get(name)))


@cache
def course() -> str:
    """The start of a hash of the course's own code: kept sheets are of this course only."""
    root = Path(units.__file__).parents[1]
    total = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        if "grading" not in path.parts and "cli" not in path.parts:
            total.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return total.hexdigest()[:16]
