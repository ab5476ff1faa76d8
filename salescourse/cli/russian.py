"""Typer speaks English; here its help and its errors are said in Russian."""

from __future__ import annotations

import inspect
import re
import shutil
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

from typer.core import TyperCommand, TyperGroup

from salescourse.errors import StudentError, nearest
from salescourse.text import clean, number, parse_number

HELP = "Показать эту справку."
USAGE = "Использование"


class WrongUsage(StudentError):
    """The command line was not understood (exit code 2)."""


# Help ---------------------------------------------------------------------------------------


class Command(TyperCommand):
    """A command whose help is in Russian."""

    def get_help(self, ctx: Any) -> str:
        return _page(ctx, self, _usage(ctx, self), _parameters(ctx, self))


class Group(TyperGroup):
    """The command itself: its commands stand by who needs them."""

    def get_help(self, ctx: Any) -> str:
        usage = f"{USAGE}: {ctx.command_path} КОМАНДА [ПАРАМЕТРЫ]"
        panels: dict[str, list[tuple[str, str]]] = {}
        for name, command in self.commands.items():
            if not command.hidden:
                summary = inspect.cleandoc(command.help or "").splitlines()[0]
                panels.setdefault(command.rich_help_panel, []).append((name, summary))
        return _page(ctx, self, usage, [*panels.items(), *_parameters(ctx, self)])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            names = ", ".join(self.commands)
            raise WrongUsage(
                f"Нет команды «{clean(args[0])}».{nearest(args[0], self.commands)} Есть: {names}."
            )
        return super().resolve_command(ctx, args)


def _page(ctx: Any, command: Any, usage: str, sections: list) -> str:
    width = min(shutil.get_terminal_size().columns, 100)
    parts = [usage]
    parts += [_wrapped(p, width) for p in inspect.cleandoc(command.help or "").split("\n\n")]
    for title, rows in sections:
        parts.append("\n".join([f"{title}:", *_rows(rows, width)]))
    if command.epilog:
        parts.append(inspect.cleandoc(command.epilog))
    return "\n\n".join(part for part in parts if part)


def _usage(ctx: Any, command: Any) -> str:
    arguments = [p for p in command.get_params(ctx) if p.param_type_name == "argument"]
    words = [p.metavar if p.required else f"[{p.metavar}]" for p in arguments]
    words += [
        _option(p) for p in command.get_params(ctx) if p.required and p.param_type_name == "option"
    ]
    return " ".join([f"{USAGE}: {ctx.command_path}", *words, "[ПАРАМЕТРЫ]"])


def _parameters(ctx: Any, command: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    arguments, options = [], []
    for param in command.get_params(ctx):
        if getattr(param, "hidden", False):
            continue
        if param.param_type_name == "argument":
            arguments.append((param.metavar, param.help or ""))
        else:
            options.append((_option(param), HELP if "--help" in param.opts else param.help))
    return [(t, rows) for t, rows in (("Что указать", arguments), ("Параметры", options)) if rows]


def _option(param: Any) -> str:
    names = ", ".join(sorted(param.opts, key=len))
    return names if param.is_flag or not param.metavar else f"{names} {param.metavar}"


def _rows(rows: list[tuple[str, str]], width: int) -> Iterator[str]:
    indent = min(max(len(name) for name, _ in rows), 24) + 4
    for name, text in rows:
        head = f"  {name}".ljust(indent)
        lines = textwrap.wrap(text, max(width - indent, 30)) or [""]
        if len(head) > indent:
            yield head
            head = " " * indent
        yield (head + lines[0]).rstrip()
        yield from (" " * indent + line for line in lines[1:])


def _wrapped(text: str, width: int) -> str:
    return textwrap.fill(" ".join(text.split()), width)


# Values -------------------------------------------------------------------------------------


def whole(option: str, least: int, most: int) -> Callable[[Any], int]:
    """A parser for Typer: a whole number as people type it, «1 000 000» included."""

    def parse(text: Any) -> int:
        typed = parse_number(str(text))
        value = None if typed is None or typed.unit else typed.value
        if value is None or value != int(value) or not least <= value <= most:
            raise WrongUsage(
                f"Не понял {option} «{clean(str(text))}»: "
                f"нужно целое число от {number(least)} до {number(most)}."
            )
        return int(value)

    return parse


def one_of(option: str, options: tuple[str, ...]) -> Callable[[Any], str]:
    """A parser for Typer: one of a few words, in any case."""

    def parse(text: Any) -> str:
        word = str(text).strip().casefold()
        if word not in options:
            raise WrongUsage(
                f"Не понял {option} «{clean(str(text))}»: есть {', '.join(options)}."
                f"{nearest(word, options)}"
            )
        return word

    return parse


# Errors -------------------------------------------------------------------------------------


def is_usage_error(error: BaseException) -> bool:
    """Typer's own complaint about the command line (its classes move between versions)."""
    return hasattr(error, "format_message") and hasattr(error, "exit_code")


def explain(error: Any) -> str:
    """Typer's complaint in Russian, with what to type instead."""
    kind, param = type(error).__name__, getattr(error, "param", None)
    if kind == "NoSuchOption":
        return f"Нет параметра {clean(error.option_name)}.{_similar(error)}"
    if kind == "MissingParameter" and param is not None:
        what = _option(param) if param.param_type_name == "option" else param.metavar
        return f"Не указано: {what}. {param.help or ''}".strip()
    if kind == "BadOptionUsage":
        name = clean(error.option_name)
        if "does not take" in error.message:
            return f"Параметр {name} пишется без значения."
        return f"После {name} нужно значение."
    if found := re.search(r"unexpected extra argument\S* \((.*)\)", error.message, re.S):
        return (
            f"Лишнее в команде: «{clean(found[1])}». Если в имени есть пробел, возьмите в кавычки."
        )
    if param is not None:
        what = _option(param) if param.param_type_name == "option" else param.metavar
        return f"Не понял значение: {what}. {param.help or ''}".strip()
    return "Не понял команду."


def _similar(error: Any) -> str:
    known = (
        [o for p in error.ctx.command.get_params(error.ctx) for o in p.opts] if error.ctx else []
    )
    return nearest(error.option_name, known)
