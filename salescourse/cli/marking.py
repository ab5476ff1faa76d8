"""Commands that give out codes to a class and grade its work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from salescourse.cli.bar import bar
from salescourse.cli.russian import one_of
from salescourse.cli.server import NoBrowser, Port
from salescourse.errors import StudentError
from salescourse.text import NBSP, plural

SHOWN = 12  # notes printed; the rest are in the files


def roster(
    students: Annotated[
        Path,
        typer.Option("--students", metavar="ФАЙЛ", help="Список группы: книга Excel или csv."),
    ],
    out: Annotated[
        Path,
        typer.Option("--out", metavar="ФАЙЛ", help="Куда записать коды, например «roster.csv»."),
    ],
) -> None:
    """Выдать каждому студенту группы его код компании.

    В списке нужен столбец «ФИО» или столбцы «Фамилия» и «Имя»; «Почта» и «Группа» по желанию.
    Опоздавших допишите в список и запустите ещё раз: у остальных коды не изменятся. Имена
    никуда не отправляются, они остаются в ваших файлах.
    """
    from salescourse.grading import roster as rosters

    listing = rosters.read(students)
    for note in listing.notes[:SHOWN]:
        typer.echo(note)
    if (rest := len(listing.notes) - SHOWN) > 0:
        typer.echo(f"…и ещё {rest}.")
    if not listing.people:
        raise StudentError(f"В файле {students.name} нет ни одного студента.")
    issued = rosters.load(out) if out.exists() else []
    with bar() as step:
        people = rosters.enroll(
            listing.people, issued, progress=lambda done: step("Выдаю коды", done, None)
        )
    try:
        rosters.write(people, out)
    except OSError as error:
        raise StudentError(
            f"Не смог записать {out}: {error.strerror or error}. "
            "Закройте файл, если он открыт в Excel, или укажите другой: --out."
        ) from error
    fresh = len({p.code for p in people} - {p.code for p in issued})
    typer.echo(f"В списке {_students(len(people))}, новых кодов: {fresh}. Файл: {out.resolve()}")


def grade(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="РАБОТЫ...", help="Папки, тетради, архивы zip, файлы ответов."),
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="ПАПКА", help="Куда записать оценки и отзывы.")
    ],
    listed: Annotated[
        Path | None,
        typer.Option(
            "--roster", metavar="ФАЙЛ", help="Кому какой код выдан; пишет команда «roster»."
        ),
    ] = None,
    gradebook: Annotated[
        Path | None,
        typer.Option(
            "--gradebook",
            metavar="ФАЙЛ",
            help="Журнал оценок. Обычно «Журнал оценок.db» в папке --out.",
        ),
    ] = None,
    again: Annotated[
        bool,
        typer.Option(
            "--resubmission",
            help="Это пересдача: новые ответы заменят прежние. Без этого прежние остаются.",
        ),
    ] = False,
) -> None:
    """Проверить работы группы: оценки, причины, книга Excel и отзыв каждому.

    Чужой код не выполняется: читаются только записанные ответы. Можно запускать сколько угодно
    раз: ничего не удвоится, а оценки, поставленные вручную, не изменятся.
    """
    from salescourse.grading import grade as grading
    from salescourse.grading import report
    from salescourse.grading.cores import Cores

    with bar() as step:
        done = grading.grade(
            paths,
            out,
            listed=listed,
            gradebook=gradebook,
            again=again,
            executor=Cores(),
            progress=step,
        )
    if not done.files:
        raise StudentError("В этих папках нет ни одного файла. Проверьте путь к работам.")
    files = f"{done.files}{NBSP}{plural(done.files, 'файл', 'файла', 'файлов')}"
    typer.echo(f"Прочитано: {files}. Работы сдали: {_students(done.works)}.")
    typer.echo(f"В журнале {_students(done.students)}, изменений: {done.changed}.")
    for what, n in report.counts(done.remarks):
        typer.echo(f"  {what}: {n}")
    typer.echo(f"Что с этим делать — в файле «{grading.REPORT}». Папка: {out.resolve()}")


def review(
    gradebook: Annotated[
        Path,
        typer.Option(
            "--gradebook", metavar="ФАЙЛ", help="Журнал оценок; если его нет, будет создан."
        ),
    ],
    listed: Annotated[
        Path | None,
        typer.Option(
            "--roster", metavar="ФАЙЛ", help="Кому какой код выдан; можно загрузить и на странице."
        ),
    ] = None,
    port: Port = None,
    no_browser: NoBrowser = False,
) -> None:
    """Открыть страницу проверки: загрузить работы, увидеть оценки, прочитать письменные ответы.

    Страница видна только на этом компьютере и работает без интернета. Остановить — Ctrl+C
    в этом окне.
    """
    from salescourse import shell
    from salescourse.grading.page import server

    def opened(address: str) -> None:
        typer.echo(f"Откройте в браузере: {address}\n\nОстановить: Ctrl+C в этом окне.")
        if not no_browser and not shell.open_browser(address):
            typer.echo("Браузер сам не открылся: скопируйте адрес в него.")

    server.serve(gradebook, listed=listed, port=shell.free_port(port), opened=opened)
    typer.echo("Страница закрыта. Всё, что проверено, сохранено в журнале.")


def export(
    target: Annotated[
        str,
        typer.Argument(
            metavar="КУДА",
            parser=one_of("куда", ("nbgrader",)),
            help="Пока одно: nbgrader.",
        ),
    ],
    course: Annotated[
        Path, typer.Option("--course", metavar="ПАПКА", help="Папка курса в nbgrader.")
    ],
    unit: Annotated[
        str | None,
        typer.Option("--unit", metavar="РАЗДЕЛ", help="Только этот раздел, а не все."),
    ] = None,
    gradebook: Annotated[
        Path | None,
        typer.Option(
            "--gradebook", metavar="ФАЙЛ", help="Записать туда же оценки из этого журнала."
        ),
    ] = None,
) -> None:
    """Выпустить задания для nbgrader, а с --gradebook — записать в его журнал оценки.

    Баллы и комментарии, поставленные в nbgrader руками, не изменятся. Настройки лягут рядом,
    ваш файл настроек не переписывается.
    """
    from salescourse import units
    from salescourse.grading.bridge import marks, release

    if gradebook is None:
        slugs = [units.find_unit(unit)] if unit else [s for s in units.UNITS if units.tasks_of(s)]
        for path in release.release(course, slugs):
            typer.echo(f"Студентам: {path}")
        if not release.settle(course):
            typer.echo(f"Добавьте в {course / release.THEIRS} строку: {release.SUB}")
        return
    from salescourse.grading.gradebook import Gradebook

    if not gradebook.is_file():
        raise StudentError(f"Не нашёл журнал {gradebook}. Его пишет команда «grade».")
    wanted = units.find_unit(unit) if unit else None
    with Gradebook(gradebook) as book:
        rows = [r for r in book.rows() if wanted in (None, r.mark.task.rpartition("-")[0])]
        done = marks.write(course, rows, book.people())
    typer.echo(f"Записано оценок: {done.marks}, это {_students(done.students)}.")


def _students(n: int) -> str:
    return f"{n}{NBSP}{plural(n, 'студент', 'студента', 'студентов')}"
