"""The command itself: which commands there are, and how any failure is told."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Annotated

import typer

from salescourse.cli import author, instructor, marking, student
from salescourse.cli.russian import Command, Group, WrongUsage, explain, is_usage_error
from salescourse.errors import StudentError

app = typer.Typer(
    cls=Group,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def salescourse(
    debug: Annotated[
        bool, typer.Option("--debug", help="При сбое показать подробности для разработчика.")
    ] = False,
) -> None:
    """Курс для руководителя отдела продаж: уроки, задания и учебная компания из кода.

    Начните с «salescourse start»: откроется тетрадь в браузере.
    """


STUDENT, INSTRUCTOR, AUTHOR = "Студенту", "Преподавателю", "Автору"
for panel, name, function in (
    (STUDENT, "start", student.start),
    (STUDENT, "doctor", student.doctor),
    (INSTRUCTOR, "code", instructor.code),
    (INSTRUCTOR, "company", instructor.company),
    (INSTRUCTOR, "roster", marking.roster),
    (INSTRUCTOR, "grade", marking.grade),
    (INSTRUCTOR, "review", marking.review),
    (INSTRUCTOR, "export", marking.export),
    (AUTHOR, "build", author.build),
    (AUTHOR, "verify", author.verify),
):
    app.command(name, cls=Command, rich_help_panel=panel)(function)


def main(prog: str = "salescourse", args: list[str] | None = None) -> None:
    """Run the command and leave with its exit code."""
    sys.exit(run(sys.argv[1:] if args is None else args, prog))


def run(args: list[str], prog: str = "salescourse") -> int:
    """Run the command; 0 done, 1 could not, 2 not understood, 130 stopped by hand."""
    _speak_utf8()
    debug = "--debug" in args or bool(os.environ.get("CI"))
    args = [arg for arg in args if arg != "--debug"]
    try:
        command = typer.main.get_command(app)
        result = command.main(args or ["--help"], prog_name=prog, standalone_mode=False)
        code = result if isinstance(result, int) else 0
        return _stopped() if code == 130 else code
    except WrongUsage as error:
        return _failed(f"{error}\nСправка: {_help_of(args, prog)}", 2)
    except StudentError as error:
        return _failed(str(error), 1)
    except (typer.Abort, KeyboardInterrupt):
        return _stopped()
    except BrokenPipeError:  # `salescourse code -n 100 | head`
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
        return 0
    except Exception as error:
        if is_usage_error(error):
            return _failed(f"{explain(error)}\nСправка: {_help_of(args, prog)}", 2)
        if debug:
            raise
        return _failed(_report(), 1)


def _speak_utf8() -> None:
    """Russian letters and «₽» whatever the console's own code page is."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _failed(message: str, code: int) -> int:
    typer.echo(f"Ошибка: {message}", err=True)
    return code


def _stopped() -> int:
    typer.echo("Остановлено.", err=True)
    return 130


def _help_of(args: list[str], prog: str) -> str:
    known = [info.name for info in app.registered_commands]
    command = next((arg for arg in args if not arg.startswith("-")), None)
    return " ".join([prog, command, "--help"] if command in known else [prog, "--help"])


def _report() -> str:
    """Put the details of an unforeseen failure where they can be sent from."""
    try:
        path = Path(tempfile.gettempdir()) / "salescourse-сбой.txt"
        path.write_text(traceback.format_exc(), encoding="utf-8")
        where = f"Подробности записаны в файл {path}: пришлите его разработчикам."
    except OSError:
        where = "Повторите с --debug, чтобы увидеть подробности."
    return f"что-то пошло не так, и это наша вина, не ваша. {where}"
