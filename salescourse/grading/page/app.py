"""The page's addresses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from salescourse.errors import StudentError
from salescourse.grading.gradebook import Gradebook
from salescourse.grading.page.base import HERE
from salescourse.grading.page.guard import Guard, Keys
from salescourse.grading.page.marks import Marks
from salescourse.grading.page.room import Room


def application(
    book: Gradebook, keys: Keys, executor: Callable[[], Any] = lambda: None, **limits: int
) -> Guard:
    """The page as an ASGI application. `executor()` gives what companies are made with."""
    marks, room = Marks(book, keys, executor), Room(book, keys)
    routes = [
        Route("/", marks.home),
        Route("/files", marks.files, methods=["POST"]),
        Route("/progress", marks.progress),
        Route("/roster", marks.roster, methods=["POST"]),
        Route("/report", marks.report),
        Route("/student/{code}", marks.student),
        Route("/student/{code}/feedback", marks.feedback),
        Route("/student/{code}/choose", marks.choose, methods=["POST"]),
        Route("/student/{code}/{task}", marks.mark, methods=["POST"]),
        Route("/download/{name}", marks.download),
        Route("/read", room.read),
        Route("/reader", room.reader, methods=["POST"]),
        Route("/read/{task}", room.next_work),
        Route("/read/{task}/{token}", room.save_work, methods=["POST"]),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]
    kinds: list = [StudentError, HTTPException, Exception]
    app = Starlette(routes=routes, exception_handlers=dict.fromkeys(kinds, marks.failed))
    return Guard(app, keys, **limits)
