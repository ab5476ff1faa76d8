"""The reading room: written answers one at a time, without names until they are marked."""

from __future__ import annotations

import math
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from salescourse.errors import StudentError
from salescourse.grading import results
from salescourse.grading.gradebook import Gradebook
from salescourse.grading.page.base import READER, SHARE, Base, reader_of, share_of
from salescourse.grading.page.guard import Keys
from salescourse.grading.reading import (
    FIRST,
    Agreement,
    Readings,
    as_levels,
    lines_of,
    plain,
    written_tasks,
)
from salescourse.text import NBSP, clean, percent, plural, short

SHARES = (0, 10, 20, 30, 50, 100)  # per cent of works that are read twice


class Room(Base):
    """The part where people read."""

    def __init__(self, book: Gradebook, keys: Keys):
        super().__init__(book, keys)
        self.readings = Readings(book, keys.names)

    async def read(self, request: Request) -> Response:
        return await run_in_threadpool(self._read, request)

    def _read(self, request: Request) -> Response:
        me, share = reader_of(request), share_of(request)
        tasks = []
        for task in written_tasks():
            read, total = self.readings.counts(task.id)
            wait = self.readings.waiting(task.id, me, share / 100)
            second = sum(work.turn != FIRST for work in wait)
            agreed = self.readings.agreement(task.id)
            said = agreed and _agreed(agreed)
            tasks.append((task, read, total, len(wait) - second, second, said))
        return self.shown(request, "read.html", tasks=tasks, share=share, shares=SHARES)

    async def reader(self, request: Request) -> Response:
        """Who reads, and what share is read twice."""
        form = await self.form(request)
        name = clean(str(form.get("name", "")), 60)
        if not name:
            raise StudentError("Напишите, как вас зовут: имя стоит в истории оценок.")
        share = str(form.get("share", "0"))
        answer = RedirectResponse("/read", 303)
        for key, value in ((READER, quote(name)), (SHARE, share if share.isdecimal() else "0")):
            answer.set_cookie(key, value, httponly=True, samesite="strict", max_age=90 * 86400)
        return answer

    async def next_work(self, request: Request) -> Response:
        return await run_in_threadpool(self._next_work, request)

    def _next_work(self, request: Request) -> Response:
        task = self._written(request)
        if not reader_of(request):
            return RedirectResponse("/read", 303)
        wait = self.readings.waiting(task.id, reader_of(request), share_of(request) / 100)
        if not wait:
            return RedirectResponse("/read", 303)
        skip = request.query_params.get("after", "")
        later = [work.token for work in wait].index(skip) + 1 if _among(skip, wait) else 0
        work = wait[later % len(wait)]
        return self.shown(
            request,
            "work.html",
            task=task,
            work=work,
            left=len(wait),
            second=work.turn != FIRST,
            lines=[(plain(line.text), line.levels) for line in lines_of(task)],
            phrases=self.readings.phrases(task.id),
            before=clean(request.query_params.get("before", ""), 120),
        )

    async def save_work(self, request: Request) -> Response:
        form = await self.form(request)
        task = self._written(request)
        name = await run_in_threadpool(self._save, request, task, form)
        return RedirectResponse(f"/read/{task.id}?before={quote(name)}", 303)

    def _save(self, request: Request, task, form) -> str:
        me = reader_of(request)
        wait = self.readings.waiting(task.id, me, share_of(request) / 100)
        work = next((w for w in wait if w.token == request.path_params["token"]), None)
        if work is None or not me:
            raise StudentError("Эту работу уже оценили. Откройте следующую.")
        known = self.readings.phrases(task.id)
        chosen = [text for text in form.getlist("phrase") if text in known]
        given = as_levels([form.get(f"line{i}", "") for i in range(len(lines_of(task)))])
        comment = str(form.get("comment", ""))
        code = self.readings.save(work, given, comment=comment, phrases=chosen, by=me)
        people = self.book.people()
        return people[code].name if code in people else code

    def _written(self, request: Request):
        task = results.task_of(request.path_params["task"])
        if task is None or not task.by_hand:
            raise HTTPException(404)
        return task


def _among(token: str, works) -> bool:
    return any(work.token == token for work in works)


def _agreed(a: Agreement) -> str:
    kappa = "не считается" if math.isnan(a.kappa) else short(a.kappa, 2).replace("-", "−")
    works = f"{a.works}{NBSP}{plural(a.works, 'работа', 'работы', 'работ')}"
    return (
        f"Прочитаны дважды: {works}. Одинаковых оценок по строкам рубрики: "
        f"{percent(100 * a.exact, 0)}, взвешенная каппа Коэна {kappa}, средняя разница в баллах "
        f"{short(a.gap, 2)}."
    )
