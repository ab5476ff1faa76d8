"""Commands for an author of units."""

from __future__ import annotations

import secrets
from typing import Annotated

import typer

from salescourse.cli.bar import bar
from salescourse.cli.russian import whole
from salescourse.errors import StudentError

DEV = 'Установите инструменты автора: pip install -c constraints.txt -e ".[dev]".'


def build(
    check: Annotated[
        bool,
        typer.Option("--check", help="Ничего не писать, только сказать, что устарело."),
    ] = False,
) -> None:
    """Собрать тетради, учебную компанию и словарь данных из исходников.

    Уроки и ключи выполняются целиком, поэтому сборка занимает минуту-другую.
    """
    try:
        from salescourse import authoring

        if not _has("notebooks", "src"):
            raise StudentError(
                "Исходников тетрадей здесь нет: они лежат в репозитории курса, а не в пакете."
            )
        changed = [*authoring.build_datasets(check=check), *authoring.build(check=check)]
    except ImportError as error:
        raise StudentError(f"Не хватает библиотеки {error.name}. {DEV}") from error
    except Exception as error:
        if type(error).__name__ == "BuildError":
            raise StudentError(str(error)) from error
        raise
    word = "Устарело" if check else "Собрано"
    for path in changed:
        typer.echo(f"{word}: {path}")
    if not changed:
        typer.echo("Тетради и данные свежие.")
    elif check:
        typer.echo("Соберите заново: salescourse build", err=True)
        raise typer.Exit(1)


def verify(
    unit: Annotated[
        str | None,
        typer.Option("--unit", metavar="РАЗДЕЛ", help="Только один раздел, например «funnel»."),
    ] = None,
    codes: Annotated[
        int,
        typer.Option(
            "--codes",
            metavar="СКОЛЬКО",
            parser=whole("--codes", 1, 100_000),
            help="На скольких компаниях проверить, обычно 100.",
        ),
    ] = 100,
    seed: Annotated[
        int | None,
        typer.Option(
            "--seed",
            metavar="ЧИСЛО",
            parser=whole("--seed", 0, 2**32 - 1),
            help="Повторить прежнюю проверку на тех же кодах.",
        ),
    ] = None,
) -> None:
    """Проверить задания на случайных компаниях.

    Верный ответ должен получать все баллы, пустой — ни одного, каждая известная ошибка —
    свою подсказку, а эталонное решение — полный балл. Код возврата 1, если что-то не так.
    """
    from salescourse import units
    from salescourse.authoring import BuildError
    from salescourse.authoring.proof import prove

    slugs = units.UNITS if unit is None else (units.find_unit(unit),)
    seed = secrets.randbits(32) if seed is None else seed
    typer.echo(f"Случайные коды: --seed {seed}")
    try:
        with bar() as step:
            report = prove(
                slugs, codes, seed, progress=lambda done: step("Проверяю компании", done, codes)
            )
    except BuildError as error:
        raise StudentError(str(error)) from error
    typer.echo(report.table())
    if not report.ok:
        raise typer.Exit(1)


def _has(*parts: str) -> bool:
    from salescourse.authoring.notebooks import ROOT

    return ROOT.joinpath(*parts).exists()
