"""Who may talk to the page: this machine's browser that was opened with our key, and nobody else.

The page listens on loopback, but any site open in the same browser can send requests there,
and on a shared machine so can other users. So every request names us as its host, carries the
cookie that only our own address gives, and whatever changes something comes from our own page.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response

COOKIE = "salescourse-key"
HOSTS = ("127.0.0.1", "localhost")
MOST_BODY = 600_000_000  # bytes of one upload
STRICT = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with «no-referrer» forms would come from origin «null»
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
ELSEWHERE = "Откройте страницу по адресу из окна, где она запущена: в нём есть ключ."
STRANGE = "Этот запрос пришёл не с нашей страницы."
LARGE = "Слишком много данных за один раз. Загрузите работы частями."


class Keys:
    """The secrets of one run."""

    def __init__(self) -> None:
        self.door = secrets.token_urlsafe(24)
        self.form = secrets.token_urlsafe(24)
        self.names = secrets.token_bytes(32)


class Guard:
    """ASGI middleware around the page."""

    def __init__(self, app: Callable[..., Awaitable], keys: Keys, most: int = MOST_BODY):
        self.app, self.keys, self.most = app, keys, most

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http":
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, _sealed(send))
            return
        seen = 0

        async def counted():
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self.most:
                raise HTTPException(413)
            return message

        await self.app(scope, counted, _sealed(send))

    def _refusal(self, scope) -> Response | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "").rpartition(":")[0] or headers.get("host", "")
        if host not in HOSTS or len(headers.getlist("host")) != 1:
            return _said(STRANGE, 421)
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("key", [""])[0]
        if scope["method"] == "GET" and asked and hmac.compare_digest(
            asked.encode(), self.keys.door.encode()
        ):  # fmt: skip
            answer = RedirectResponse("/", 303)
            answer.set_cookie(COOKIE, self.keys.door, httponly=True, samesite="strict")
            return answer
        given = cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
        if not hmac.compare_digest(given.encode(), self.keys.door.encode()):
            return _said(ELSEWHERE, 403)
        if scope["method"] in ("GET", "HEAD"):
            return None
        if scope["method"] != "POST":
            return _said(STRANGE, 405)
        ours = f"http://{headers['host']}"
        site = headers.get("sec-fetch-site", "same-origin")
        if headers.get("origin") != ours or site != "same-origin":
            return _said(STRANGE, 403)
        if headers.get("content-length", "0").isdecimal() is False or (
            int(headers.get("content-length", "0")[:15]) > self.most
        ):
            return _said(LARGE, 413)
        return None


def _said(text: str, status: int) -> Response:
    return PlainTextResponse(text, status)


def _sealed(send):
    """Every answer carries the strict headers, unless it has its own policy."""

    async def sending(message) -> None:
        if message["type"] == "http.response.start":
            there = {name.lower() for name, _ in message["headers"]}
            extra = [
                (name.lower().encode(), value.encode())
                for name, value in STRICT.items()
                if name.lower().encode() not in there
            ]
            message = {**message, "headers": [*message["headers"], *extra]}
        await send(message)

    return sending
