"""What every part of the page has: templates, forms that are ours, failures in words."""

from __future__ import annotations

import hmac
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from salescourse.errors import StudentError
from salescourse.grading.gradebook import Gradebook
from salescourse.grading.page.guard import LARGE, Keys
from salescourse.text import clean, short

HERE = Path(__file__).parent
READER, SHARE = "salescourse-reader", "salescourse-share"  # cookies


class Base:
    """A part of the page over one gradebook."""

    def __init__(self, book: Gradebook, keys: Keys):
        self.book, self.keys = book, keys
        self.templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
        )
        self.templates.globals.update(form_key=keys.form, book=book.path.name)
        self.templates.filters.update(points=_points, address=lambda text: quote(text, safe=""))

    def shown(self, request: Request, name: str, status: int = 200, **values: Any) -> Response:
        values.setdefault("here", request.url.path)
        values["reader"] = reader_of(request)
        return HTMLResponse(self.templates.get_template(name).render(**values), status)

    # Forms and failures -------------------------------------------------------------------------

    async def form(self, request: Request):
        form = await request.form(max_files=0, max_fields=200, max_part_size=200_000)
        self.ours(form)
        return form

    def ours(self, form) -> None:
        given = form.get("key")
        if not isinstance(given, str) or not hmac.compare_digest(
            given.encode(), self.keys.form.encode()
        ):
            raise HTTPException(403)

    async def failed(self, request: Request, error: Exception) -> Response:
        if isinstance(error, StudentError):
            return self.shown(request, "failed.html", 400, text=str(error))
        status = error.status_code if isinstance(error, HTTPException) else 500
        text = {
            404: "Такой страницы нет.",
            403: "Форма устарела. Откройте страницу заново и повторите.",
            413: LARGE,
            500: "Что-то пошло не так, и это наша вина, не ваша. Сделанное сохранено.",
        }.get(status, "Не получилось прочитать запрос. Повторите.")
        return self.shown(request, "failed.html", status, text=text)


def reader_of(request: Request) -> str:
    """The name the reader gave; "" before."""
    return clean(unquote(request.cookies.get(READER, "")[:400]), 60)


def share_of(request: Request) -> int:
    """The share of works that are read twice, per cent."""
    given = request.cookies.get(SHARE, "0")
    return min(int(given[:3]), 100) if given.isdecimal() else 0


def _points(value: float | None) -> str:
    return "?" if value is None else short(value, 3)
