"""Commands for an instructor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from salescourse.cli.russian import one_of, whole
from salescourse.errors import StudentError
from salescourse.text import number

if TYPE_CHECKING:
    from salescourse.company import Company

FORMATS = ("parquet", "csv", "xlsx")


def code(
    n: Annotated[
        int,
        typer.Option(
            "-n", metavar="СКОЛЬКО", parser=whole("-n", 1, 10_000), help="Сколько кодов, обычно 1."
        ),
    ] = 1,
) -> None:
    """Выдать коды компаний, по одному в строке.

    Каждая компания проверена: всё заложенное в ней можно найти, а известные ошибки
    дают заметно другой ответ.
    """
    from salescourse.soundness import issue_codes

    for issued in issue_codes(n):
        typer.echo(issued)


def company(
    code: Annotated[str, typer.Argument(metavar="КОД", help="Код компании: ROP-7F3A-K.")],
    out: Annotated[Path, typer.Option("--out", metavar="ПАПКА", help="Куда записать таблицы.")],
    deals: Annotated[
        int | None,
        typer.Option(
            "--deals",
            metavar="СКОЛЬКО",
            parser=whole("--deals", 1_000, 20_000_000),
            help="Сколько примерно сделок, если нужна компания больше или меньше учебной.",
        ),
    ] = None,
    format: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="ФОРМАТ",
            parser=one_of("--format", FORMATS),
            help="parquet, csv (для русского Excel) или xlsx (одна книга). Обычно parquet.",
        ),
    ] = "parquet",
) -> None:
    """Записать таблицы компании в папку.

    Один и тот же код всегда даёт одни и те же таблицы: сверить можно по хешу содержания.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeElapsedColumn as Elapsed

    from salescourse import schema

    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description:<28}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        Elapsed(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with bar:
        task = bar.add_task("Создаю компанию", total=len(schema.TABLES) + 1)
        made = _generate(code, deals)
        _refuse_another(out, made.code)
        advance = bar.advance

        def step(caption: str) -> None:
            advance(task)
            bar.update(task, description=caption)

        try:
            made.save(out, format, progress=step)
        except OSError as error:
            raise StudentError(
                f"Не смог записать в папку {out}: {error.strerror or error}. "
                "Укажите другую папку: --out."
            ) from error
    _summary(made, out)


def _generate(code: str, deals: int | None) -> Company:
    from salescourse.company import Company

    ordinary = Company.generate(code)
    if deals is None:
        return ordinary
    return Company.generate(code, scale=deals / len(ordinary.deals))


def _refuse_another(folder: Path, code: str | None) -> None:
    """Two companies in one folder would be neither."""
    from salescourse import storage

    if (folder / storage.MANIFEST).is_file():
        other = storage.read_manifest(folder).get("code")
        if other != code:
            raise StudentError(
                f"В папке {folder} уже лежит компания {other}. Укажите другую папку: --out."
            )


def _summary(made: Company, folder: Path) -> None:
    from salescourse import schema

    width = max(len(table.caption) for table in schema.TABLES)
    typer.echo(f"{made.name}, {made.city}. Код {made.code}, данные на {made.asof:%d.%m.%Y}.")
    for table in schema.TABLES:
        rows = number(len(made.tables[table.name]))
        typer.echo(f"  {table.caption:<{width}}  {rows:>12}")
    typer.echo(f"Хеш содержания: {made.content_hash()}")
    typer.echo(f"Папка: {folder.resolve()}")
