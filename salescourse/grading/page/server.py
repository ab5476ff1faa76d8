"""Bring the page up on this machine and take it down in good order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from salescourse.errors import StudentError
from salescourse.grading import roster
from salescourse.grading.cores import Cores
from salescourse.grading.gradebook import Gradebook
from salescourse.grading.needs import library

HOST = "127.0.0.1"


def serve(
    gradebook: Path,
    *,
    listed: Path | None,
    port: int,
    opened: Callable[[str], None],
) -> None:
    """Serve until Ctrl+C. `opened` is called with the page's address when it is up."""
    for name in ("starlette", "jinja2", "python_multipart"):
        library(name)
    uvicorn = library("uvicorn")
    from salescourse.grading.page.app import application
    from salescourse.grading.page.guard import Keys

    people = roster.load(listed) if listed else []
    keys = Keys()
    with Gradebook(gradebook) as book:
        book.enroll(people)
        app = application(book, keys, Cores)

        class Server(uvicorn.Server):
            async def startup(self, *args, **how) -> None:
                await super().startup(*args, **how)
                opened(f"http://{HOST}:{port}/?key={keys.door}")

        config = uvicorn.Config(
            app, host=HOST, port=port, log_level="error", access_log=False,
            server_header=False, lifespan="off", ws="none", timeout_graceful_shutdown=5,
        )  # fmt: skip
        try:
            Server(config).run()
        except KeyboardInterrupt:
            pass
        except SystemExit as error:  # uvicorn's way to say that the port can't be had
            raise StudentError(f"Не смог занять порт {port}. Укажите другой: --port.") from error
