"""Marks: works come in, a table and a student's page show them, files go out."""

from __future__ import annotations

import io
import math
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from salescourse.errors import StudentError
from salescourse.grading import feedback, grade, moodle, report, results, roster
from salescourse.grading.gradebook import Gradebook
from salescourse.grading.marking import TWO
from salescourse.grading.page.base import Base, reader_of
from salescourse.grading.page.guard import Keys
from salescourse.grading.page.job import Batch, Job
from salescourse.text import clean, parse_number

MOST_FILES = 5000
ZIPPED = f"{grade.PAGES}.zip"
ITS_OWN = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Marks(Base):
    """The part with the marks. `executor()` gives what companies are made with."""

    def __init__(self, book: Gradebook, keys: Keys, executor: Callable[[], Any]):
        super().__init__(book, keys)
        self.job = Job(book, executor)

    # Marks ------------------------------------------------------------------------------------

    async def home(self, request: Request) -> Response:
        return await run_in_threadpool(self._home, request)

    def _home(self, request: Request) -> Response:
        if self.job.running:
            return RedirectResponse("/progress", 303)
        rows = self.book.rows()
        standings = results.standings(rows, self.book.people())
        tasks = results.tasks_of(rows)
        noted = self.book.remarks()
        return self.shown(
            request,
            "home.html",
            standings=[(s, {row.mark.task: row for row in s.rows}) for s in standings],
            tasks=[(name, results.title_of(name)) for name in tasks],
            counts=report.counts(noted),
            enrolled=len(self.book.people()),
            summary=self.job.summary,
            error=self.job.error,
        )

    async def files(self, request: Request) -> Response:
        """Take the files and begin to grade them."""
        async with request.form(max_files=MOST_FILES, max_fields=20) as form:
            self.ours(form)
            sent = [f for f in form.getlist("files") if isinstance(f, UploadFile) and f.filename]
            if not sent:
                raise StudentError("Выберите хотя бы один файл.")
            batch = Batch()
            try:
                for file in sent:
                    await run_in_threadpool(batch.add, clean(file.filename, 300), file.file)
            except BaseException:
                batch.drop()
                raise
            self.job.start(batch, again=form.get("again") == "yes")
        return RedirectResponse("/progress", 303)

    async def progress(self, request: Request) -> Response:
        if not self.job.running:
            return RedirectResponse("/", 303)
        return self.shown(request, "progress.html", job=self.job)

    async def roster(self, request: Request) -> Response:
        """Take a roster with codes."""
        async with request.form(max_files=1, max_fields=5) as form:
            self.ours(form)
            file = form.get("roster")
            if not isinstance(file, UploadFile) or not file.filename:
                raise StudentError("Выберите файл с кодами: его пишет команда roster.")
            suffix = Path(file.filename).suffix.casefold()
            content = await file.read(roster.MOST_BYTES + 1)
        await run_in_threadpool(self._enroll, content, suffix)
        return RedirectResponse("/", 303)

    def _enroll(self, content: bytes, suffix: str) -> None:
        with tempfile.TemporaryDirectory(prefix="salescourse-") as folder:
            path = Path(folder) / f"список{suffix if suffix in ('.xlsx', '.xlsm') else '.csv'}"
            path.write_bytes(content)
            self.book.enroll(roster.load(path))

    async def report(self, request: Request) -> Response:
        return await run_in_threadpool(self._report, request)

    def _report(self, request: Request) -> Response:
        people = self.book.people()
        groups: dict[str, list] = {}
        for remark in self.book.remarks():
            groups.setdefault(remark.code, []).append(remark)

        def name(code: str) -> str:
            return people[code].name if code in people else code

        order = sorted(groups, key=lambda c: (not c, roster.plain(name(c)), c))
        return self.shown(
            request,
            "report.html",
            groups=[(code, name(code) or report.NOBODY, groups[code]) for code in order],
            quiet=report.QUIET,
        )

    # One student --------------------------------------------------------------------------------

    async def student(self, request: Request) -> Response:
        return await run_in_threadpool(self._student, request)

    def _student(self, request: Request) -> Response:
        standing = self._standing(request)
        noted = [r for r in self.book.remarks() if r.code == standing.person.code]
        changes = [c for c in self.book.changes() if c.code == standing.person.code]
        return self.shown(
            request,
            "student.html",
            s=standing,
            title=results.title_of,
            works=_works(standing.rows),
            noted=noted,
            changes=changes[-30:][::-1],
        )

    async def feedback(self, request: Request) -> Response:
        page = await run_in_threadpool(lambda: feedback.page(self._standing(request)))
        return HTMLResponse(page, headers={"Content-Security-Policy": ITS_OWN})

    async def mark(self, request: Request) -> Response:
        """A mark set by hand, or taken back."""
        form = await self.form(request)
        code, task = request.path_params["code"], request.path_params["task"]
        typed = str(form.get("points", "")).strip()
        points = None
        if typed:
            read = parse_number(typed)
            if read is None or read.unit or not math.isfinite(read.value):
                raise StudentError(f"Не понял баллы «{clean(typed)}»: нужно число, например 0,5.")
            points = read.value
        comment = str(form.get("comment", "")).strip()[:4000]
        by = reader_of(request)
        await run_in_threadpool(
            lambda: self.book.set_by_hand(code, task, points, comment=comment, by=by)
        )
        return RedirectResponse(f"/student/{quote(code)}#{quote(task)}", 303)

    async def choose(self, request: Request) -> Response:
        """Count one of several works that came with one code."""
        form = await self.form(request)
        file = str(form.get("file", ""))
        await run_in_threadpool(self._choose, request, file)
        return RedirectResponse(f"/student/{quote(request.path_params['code'])}", 303)

    def _choose(self, request: Request, file: str) -> None:
        standing = self._standing(request)
        for row in standing.rows:
            if row.mark.status == TWO:
                for work in _candidates(row):
                    if work["file"] == file and work["points"] is not None:
                        comment = f"Засчитана работа «{file}»."
                        self.book.set_by_hand(
                            row.mark.code,
                            row.mark.task,
                            float(work["points"]),
                            comment=comment,
                            by=reader_of(request),
                        )

    def _standing(self, request: Request) -> results.Standing:
        code = request.path_params["code"]
        mine = [row for row in self.book.rows() if row.mark.code == code]
        if not mine:
            raise HTTPException(404)
        return results.standings(mine, self.book.people())[0]

    # What is given out --------------------------------------------------------------------------

    async def download(self, request: Request) -> Response:
        makers = {grade.BOOK: (_workbook, EXCEL), grade.TABLE: (_moodle, "text/csv; charset=utf-8"),
                  ZIPPED: (_pages, "application/zip")}  # fmt: skip
        name = unquote(request.path_params["name"])
        if name not in makers:
            raise HTTPException(404)
        make, kind = makers[name]
        content = await run_in_threadpool(make, self.book)
        where = f"attachment; filename*=UTF-8''{quote(name)}"
        return Response(content, media_type=kind, headers={"Content-Disposition": where})


def _candidates(row) -> list[dict]:
    answer = row.mark.answer
    return answer["works"] if isinstance(answer, dict) and "works" in answer else []


def _works(rows) -> list[tuple[str, float, int]]:
    """The works of one code that disagree: their points, and in how many tasks."""
    made: dict[str, list[float]] = {}
    for row in rows:
        if row.mark.status == TWO:
            for work in _candidates(row):
                if work["points"] is not None:
                    made.setdefault(work["file"], []).append(float(work["points"]))
    return [(file, sum(points), len(points)) for file, points in made.items()]


def _workbook(book: Gradebook) -> bytes:
    return _made(grade.BOOK, lambda path: grade.write_book(book, path))


def _moodle(book: Gradebook) -> bytes:
    return _made(grade.TABLE, lambda path: moodle.write(path, book.rows(), book.people()))


def _pages(book: Gradebook) -> bytes:
    out = io.BytesIO()
    with (
        tempfile.TemporaryDirectory(prefix="salescourse-") as folder,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for path in feedback.write_all(Path(folder), book.rows(), book.people()):
            packed.write(path, path.name)
    return out.getvalue()


def _made(name: str, write: Callable[[Path], None]) -> bytes:
    with tempfile.TemporaryDirectory(prefix="salescourse-") as folder:
        path = Path(folder) / name
        write(path)
        return path.read_bytes()
