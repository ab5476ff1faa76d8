"""The whole way: from paths that hold submissions to the gradebook and what is given out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from salescourse.company import EDITION
from salescourse.errors import StudentError
from salescourse.grading import feedback, judging, moodle, report, roster, workbook
from salescourse.grading.collect import ORDINARY, Limits, collect
from salescourse.grading.gradebook import Gradebook
from salescourse.grading.marking import mark
from salescourse.grading.reading import Readings, written_tasks
from salescourse.grading.remarks import Remark
from salescourse.grading.roster import Person
from salescourse.grading.submission import Submission

BOOK, REPORT, TABLE, PAGES = "Оценки.xlsx", "Отчёт.txt", "Moodle.csv", "Обратная связь"
GRADEBOOK = "Журнал оценок.db"
READING, COMPANIES, WRITING = "Читаю работы", "Проверяю", "Пишу отзывы"

Progress = Callable[[str, int, int | None], None]


@dataclass
class Summary:
    """What one run did."""

    files: int = 0
    works: int = 0  # students whose work was among the files
    students: int = 0  # in the gradebook
    remarks: list[Remark] = field(default_factory=list)
    changed: int = 0  # lines added to the history


def grade(
    paths: Iterable[Path],
    out: Path,
    *,
    listed: Path | None = None,
    gradebook: Path | None = None,
    by: str = "",
    again: bool = False,
    executor: Any = None,
    limits: Limits = ORDINARY,
    progress: Progress = lambda caption, done, total: None,
) -> Summary:
    """Grade everything under `paths` and write the results to `out`. Raises `StudentError`.

    `executor` is anything with the `map` of concurrent.futures. Whatever was graded before
    stays in the gradebook; running twice changes nothing. `again` says that the works were
    handed in anew, so that different answers replace those before.
    """
    people = {p.code: p for p in roster.load(listed)} if listed else None
    path = gradebook or out / GRADEBOOK
    try:
        own = [out, path, path.with_name(path.name + "-journal"), *([listed] if listed else [])]
        found = collect(paths, skip=own, limits=limits)
        with Gradebook(path, by=by) as book:
            summary = enter(found, book, people, again=again, executor=executor, progress=progress)
            give_out(book, out, progress)
            return summary
    except OSError as error:
        raise StudentError(
            f"Не смог записать {error.filename or out}: {error.strerror or error}. "
            "Закройте файл, если он открыт в Excel, или укажите другую папку: --out."
        ) from error


def enter(
    found: Iterable[Submission],
    book: Gradebook,
    people: dict[str, Person] | None = None,
    *,
    again: bool = False,
    executor: Any = None,
    progress: Progress = lambda caption, done, total: None,
) -> Summary:
    """Mark submissions into the gradebook. Without `people` its own roster holds, if it has one."""
    course = judging.course()
    if people:
        book.enroll(people.values())
    before = book.last_change()
    run = mark(
        _counted(found, progress),
        known=people or book.people() or None,
        answered=book.answered(),
        sheets=book.kept(course, EDITION),
        keep=lambda sheet: book.keep(sheet, course),
        executor=executor,
        progress=lambda done, total: progress(COMPANIES, done, total),
    )
    run.remarks += book.record(run.marks, again=again)
    book.report(run.remarks)
    students = len({row.mark.code for row in book.rows()})
    return Summary(run.files, len(run.codes), students, run.remarks, book.last_change() - before)


def write_book(book: Gradebook, path: Path) -> None:
    """Write the Excel workbook of everything the gradebook holds."""
    read = [r for task in written_tasks() for r in Readings(book, b"").readings(task.id).values()]
    rows, named = book.rows(), book.people()
    workbook.write(path, rows, named, book.remarks(), book.changes(), read)


def give_out(
    book: Gradebook, out: Path, progress: Progress = lambda caption, done, total: None
) -> None:
    """Write the workbook, Moodle's table, the report and a page of feedback a student."""
    named, rows, noted = book.people(), book.rows(), book.remarks()
    write_book(book, out / BOOK)
    moodle.write(out / TABLE, rows, named)
    report.write(out / REPORT, noted, named)
    students = len({row.mark.code for row in rows})
    for done, _ in enumerate(feedback.write_all(out / PAGES, rows, named), 1):
        progress(WRITING, done, students)


def _counted(found: Iterable[Submission], progress: Progress) -> Iterator[Submission]:
    for number, made in enumerate(found, 1):
        progress(READING, number, None)
        yield made
