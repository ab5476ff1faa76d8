"""Commands for a student."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from salescourse.cli.server import NoBrowser, Port


def start(
    unit: Annotated[
        str | None,
        typer.Argument(
            metavar="РАЗДЕЛ",
            help="Что открыть: номер, имя тетради или слово («2», «02_funnel», «воронка»). "
            "Без него откроется вводный урок.",
        ),
    ] = None,
    code: Annotated[
        str | None,
        typer.Option("--code", metavar="КОД", help="Код компании от преподавателя: ROP-7F3A-K."),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--dir", metavar="ПАПКА", help="Где работать. Обычно «Курс РОПа» в текущей папке."
        ),
    ] = None,
    exercise: Annotated[
        bool, typer.Option("--exercise", help="Открыть сразу задание, а не урок.")
    ] = False,
    no_browser: NoBrowser = False,
    port: Port = None,
    exam: Annotated[
        bool,
        typer.Option(
            "--exam", help="Зачёт: ответы записываются, а верны ли они, скажет преподаватель."
        ),
    ] = False,
    notebook: Annotated[
        bool, typer.Option("--notebook", help="Простой вид: одна тетрадь без боковых панелей.")
    ] = False,
) -> None:
    """Открыть курс: скопировать тетради в свою папку и запустить JupyterLab.

    Ваша работа не пропадёт: тетрадь, в которой вы что-то изменили, не перезаписывается.
    Остановить — Ctrl+C в этом окне.
    """
    from salescourse import shell

    shell.start(
        unit,
        code=code,
        folder=folder,
        exercise=exercise or exam,
        browser=not no_browser,
        port=port,
        plain=notebook,
        exam=exam,
        say=typer.echo,
    )


def doctor() -> None:
    """Проверить, всё ли готово к работе, и сказать, что исправить."""
    from salescourse.doctor import examine

    ill = 0
    for finding in examine():
        typer.secho(str(finding), fg=None if finding.ok else "red")
        ill += not finding.ok
    typer.echo(f"\nНужно исправить: {ill}." if ill else "\nВсё готово. Начать: salescourse start")
    if ill:
        raise typer.Exit(1)
