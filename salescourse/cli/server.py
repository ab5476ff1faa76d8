"""Options of the commands that serve a page: `start` and `review`."""

from __future__ import annotations

from typing import Annotated

import typer

from salescourse.cli.russian import whole

Port = Annotated[
    int | None,
    typer.Option(
        "--port",
        metavar="ПОРТ",
        parser=whole("--port", 1024, 65535),
        help="Порт. Обычно 8888, а если занят — ближайший свободный.",
    ),
]
NoBrowser = Annotated[
    bool, typer.Option("--no-browser", help="Не открывать браузер, только напечатать адрес.")
]
