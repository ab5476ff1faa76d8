"""The rules of marking: whose work it is, which answer counts, what waits for the instructor.

Keyed by task and code, never by a cell or a file. In a file the last record wins; between
two files of one code that disagree nobody wins until the instructor says so.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from salescourse import units
from salescourse.company import EDITION
from salescourse.grading import judging, remarks
from salescourse.grading.judging import FAILED, Job, Sheet, digits_of
from salescourse.grading.remarks import Remark
from salescourse.grading.submission import Submission
from salescourse.records import Record
from salescourse.tasks import Task

NO_ANSWER, TWO, TO_READ, NOT_MARKED = "нет ответа", "две работы", "ждёт проверки", "не оценено"
WAITING = (TWO, NOT_MARKED, FAILED)  # never put in place of a mark
ENOUGH = 3  # numeric answers that equal another company's truths
COMMON = 20  # one company in so many may have the same truth by chance: «4 этапа» tells nothing


@dataclass(frozen=True)
class Mark:
    """A task of a student: `points` is None where a person has to decide."""

    code: str
    task: str
    status: str
    points: float | None
    most: float
    text: str = ""
    mistake: str = ""
    shown: str = ""
    answer: Any = None
    file: str = ""


@dataclass
class Run:
    """What one grading found."""

    marks: list[Mark] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    files: int = 0
    codes: list[str] = field(default_factory=list)  # whose work was among the files
    units: list[str] = field(default_factory=list)


@dataclass
class _Work:
    """The answers of one code: by task, each different answer with the file it came from."""

    answers: dict[str, list[tuple[Record, str]]] = field(default_factory=lambda: defaultdict(list))
    texts: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))


def mark(
    submissions: Iterable[Submission],
    *,
    known: Collection[str] | None = None,
    answered: Collection[tuple[str, str]] = (),
    sheets: Mapping[str, Sheet] | None = None,
    keep: Callable[[Sheet], None] = lambda sheet: None,
    executor: Any = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Run:
    """Mark submissions.

    `known` are the roster's codes; without them every valid code is a student. `answered`
    are (code, task) that an earlier run has marked: no answer now is no zero then. `sheets`
    are kept from earlier runs, `keep` is called with each new one. `progress` gets the
    number of companies done and of all.
    """
    run, works = Run(), defaultdict(_Work)
    played: set[str] = set()
    for made in submissions:
        run.files += 1
        _take(made, known, works, played, run)
    run.codes = sorted(works)
    run.units = [slug for slug in units.UNITS if slug in played]
    students = sorted(set(known) if known is not None else works)
    tasks = [task for slug in run.units for task in units.tasks_of(slug)]
    had = _sheets(students, tasks, works, dict(sheets or {}), keep, executor, progress)
    for code in students:
        work = works.get(code)
        missing = []
        for task in tasks:
            made = _mark(code, task, work or _Work(), had[code], run)
            run.marks.append(made)
            if made.status == NO_ANSWER and (code, task.id) not in answered:
                missing.append(task.id)
        if work is None and len(missing) == len(tasks):
            run.remarks.append(Remark(remarks.ABSENT, code=code))
        elif missing and work is not None:
            run.remarks.append(Remark(remarks.MISSING, ", ".join(missing), code=code))
    run.remarks += alike({c: w.answers for c, w in works.items()}, had)
    return run


# Whose work it is ---------------------------------------------------------------------------


def _take(made: Submission, known, works: dict, played: set[str], run: Run) -> None:
    """Add a file's answers to its owner's work."""
    code = made.owner(known)
    notes = [replace(note, code=code) for note in made.remarks]
    tasks = {task.id: task for task in units.all_tasks()}
    if made.unit in units.UNITS:
        played.add(made.unit)
    if not code and (made.answers or made.texts):
        kind = remarks.ANOTHERS if made.answers else remarks.NO_CODE
        notes.append(Remark(kind, _codes(made), made.file))
    elif code and known is not None and code not in known:
        notes = [replace(note, code="") for note in notes]
        if made.answers or made.texts:
            notes.append(Remark(remarks.UNKNOWN_CODE, code, made.file))
    elif code:
        if any(record.code != code for record in made.answers):
            notes.append(Remark(remarks.ANOTHERS, _codes(made, code), made.file, code))
        last = {r.task: r for r in made.answers if r.code == code}
        strange = [t for t in (*last, *made.texts) if t not in tasks]
        if strange:
            notes.append(
                Remark(remarks.UNKNOWN_TASK, ", ".join(sorted(strange)[:10]), made.file, code)
            )
        _add(made, last, tasks, works[code], played)
    run.remarks += notes


def _codes(made: Submission, owner: str = "") -> str:
    count = Counter(r.code for r in made.answers if r.code != owner)
    return ", ".join(code for code, _ in count.most_common(5))


def _add(made: Submission, last: dict, tasks: dict, work: _Work, played: set[str]) -> None:
    for name, record in last.items():
        if name in tasks and not tasks[name].by_hand:
            played.add(_unit(name))
            there = [(r.answer, r.data, r.edition) for r, _ in work.answers[name]]
            if (record.answer, record.data, record.edition) not in there:
                work.answers[name].append((record, made.file))
    for name, text in made.texts.items():
        if name in tasks and tasks[name].by_hand:
            played.add(_unit(name))
            if all(other != text for other, _ in work.texts[name]):
                work.texts[name].append((text, made.file))


def _unit(task: str) -> str:
    return task.rpartition("-")[0]


# What an answer is worth --------------------------------------------------------------------


def _sheets(
    students, tasks, works, had: dict[str, Sheet], keep, executor, progress
) -> dict[str, Sheet]:
    """A sheet for every student: kept ones, and new ones for what they don't hold."""
    jobs = []
    asked = [task.id for task in tasks if not task.by_hand]
    for code in students:
        answers = works[code].answers.items() if code in works else ()
        wanted = [(task, r.answer) for task, found in answers for r, _ in found if _ours(r)]
        sheet = had.get(code)
        fresh = [w for w in wanted if sheet is None or judging.key(*w) not in sheet.verdicts]
        unknown = tuple(t for t in asked if sheet is None or t not in sheet.truths)
        if unknown or fresh:
            jobs.append(Job(code, tuple(fresh), unknown))
    progress(0, len(jobs))
    for done, sheet in enumerate(judging.judge_all(jobs, executor), 1):
        if old := had.get(sheet.code):
            sheet.verdicts = {**old.verdicts, **sheet.verdicts}
            sheet.truths = {**old.truths, **sheet.truths}
        had[sheet.code] = sheet
        if sheet.sound:
            keep(sheet)
        progress(done, len(jobs))
    return had


def _ours(record: Record) -> bool:
    return record.edition == EDITION


def _mark(code: str, task: Task, work: _Work, sheet: Sheet, run: Run) -> Mark:
    plain = Mark(code, task.id, NO_ANSWER, 0.0, float(task.points), "Ответа нет.")
    if task.by_hand:
        return _text(plain, work.texts.get(task.id, ()), run)
    found = work.answers.get(task.id, [])
    for record, file in found:
        if not _ours(record):
            detail = f"{record.edition} вместо {EDITION}"
            run.remarks.append(Remark(remarks.EDITION, detail, file, code, task.id))
        elif not sheet.failure and record.data != sheet.data:
            run.remarks.append(Remark(remarks.DATA, "", file, code, task.id))
    valid = [(r, f) for r, f in found if _ours(r) and (sheet.failure or r.data == sheet.data)]
    if not found:
        return plain
    if not valid:
        text = "Ответ дан на прежних данных или в другой редакции курса: он не оценён."
        return replace(plain, status=NOT_MARKED, points=None, text=text, file=found[-1][1])
    if len(valid) > 1:
        works = [_work(sheet.verdicts.get(judging.key(task.id, r.answer)), f) for r, f in valid]
        return _two(plain, works, run)
    record, file = valid[0]
    verdict = sheet.verdicts.get(judging.key(task.id, record.answer))
    if sheet.failure or verdict is None or verdict.status == FAILED:
        what = sheet.failure or (verdict.text if verdict else "нет решения")
        run.remarks.append(Remark(remarks.COURSE, what, file, code, task.id))
        text = "Оценить ответ не получилось: ошибка в самом курсе."
        return replace(plain, status=FAILED, points=None, text=text, file=file)
    return replace(
        plain,
        status=verdict.status,
        points=verdict.points,
        text=verdict.text,
        mistake=verdict.mistake,
        shown=verdict.shown,
        answer=record.answer,
        file=file,
    )


def _text(plain: Mark, found, run: Run) -> Mark:
    if not found:
        return plain
    if len(found) > 1:
        return _two(plain, [{"file": f, "shown": t, "points": None} for t, f in found], run)
    text, file = found[0]
    said = "Этот ответ читает преподаватель."
    return replace(plain, status=TO_READ, points=None, text=said, shown=text, file=file)


def _work(verdict: judging.Verdict | None, file: str) -> dict[str, Any]:
    """One of several works, for the instructor to choose from."""
    if verdict is None:
        return {"file": file, "shown": "", "points": None}
    return {"file": file, "shown": verdict.shown, "points": verdict.points}


def _two(plain: Mark, works: list[dict[str, Any]], run: Run) -> Mark:
    files = " и ".join(work["file"] for work in works[:5])
    run.remarks.append(Remark(remarks.TWO, files, code=plain.code, task=plain.task))
    text = "Пришли две работы с разными ответами: преподаватель решит, какую оценить."
    last = works[-1]["file"]
    return replace(
        plain, status=TWO, points=None, text=text, answer={"works": works[:5]}, file=last
    )


# Whose answer it is -------------------------------------------------------------------------


def alike(answers: Mapping[str, Mapping], sheets: Mapping[str, Sheet]) -> list[Remark]:
    """Whose numbers are the truths of another company, on three or more tasks.

    Numbers that are the truth of many companies at once say nothing and are left out.
    """
    tasks = {task.id: task for task in units.all_tasks()}
    holders: dict[tuple[str, str], list[str]] = defaultdict(list)
    for code, sheet in sheets.items():
        for task, digits in sheet.truths.items():
            if digits:
                holders[task, digits].append(code)
    few = max(ENOUGH, len(sheets) // COMMON)
    holders = {key: codes for key, codes in holders.items() if len(codes) <= few}
    found = []
    for code in sorted(answers):
        shared: dict[str, list[str]] = defaultdict(list)
        for task, given in answers[code].items():
            for digits in {digits_of(tasks[task].kind, r.answer) for r, _ in given}:
                if digits and digits != sheets[code].truths.get(task):
                    for other in holders.get((task, digits), ()):
                        shared[other].append(task)
        for other in sorted(shared):
            if len(set(shared[other])) >= ENOUGH:
                detail = f"{other} ({', '.join(sorted(set(shared[other])))})"
                found.append(Remark(remarks.ALIKE, detail, code=code))
    return found
