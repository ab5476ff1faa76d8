"""An error in a cell, with what is known of where it happened."""

from __future__ import annotations

import linecache
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import Any

from salescourse.text import clean

_STRINGS = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_BRACKET = re.compile(r"(?P<name>\w*)[(\[{]|(?P<close>[)\]}])")
_COMMA = re.compile(r"(?<![\w.])\d+,\d+(?![\w.])")


@dataclass(frozen=True)
class Trouble:
    """The error, the student's names, and the traceback from their cell inwards."""

    error: BaseException
    names: Mapping[str, Any]
    traceback: TracebackType | None = None

    @property
    def message(self) -> str:
        """What Python says, one clean line; a hostile `__str__` says nothing."""
        try:
            return clean(str(self.error), 300)
        except Exception:
            return ""

    @property
    def where(self) -> tuple[int, str]:
        """Number and text of the student's line that broke; (0, "") if it is not known."""
        number, lines = self._cell
        if 0 < number <= len(lines):
            return number, lines[number - 1].rstrip("\r\n")
        if isinstance(self.error, SyntaxError) and number:
            return number, (self.error.text or "").rstrip("\r\n")
        return number, ""

    @property
    def _cell(self) -> tuple[int, list[str]]:
        """Number of the line that broke, and all lines of its cell."""
        error = self.error
        if isinstance(error, SyntaxError) and error.lineno:
            return error.lineno, linecache.getlines(error.filename or "")
        own = [step for step in _steps(self.traceback) if step[0].f_globals is self.names]
        if not own:
            return 0, []
        frame, number = own[-1]
        return number, linecache.getlines(frame.f_code.co_filename)

    @property
    def line(self) -> str:
        return self.where[1]

    @property
    def bare(self) -> str:
        """The line without what stands in straight quotes and after #."""
        return _bare(self.line)

    def takes_text(self, at: int) -> bool:
        """Whether quotes will do at this place of `bare`: in `check(…)` or in an answer."""
        number, lines = self._cell
        before = "\n".join([*map(_bare, lines[: max(number - 1, 0)]), self.bare[:at]])
        calls: list[str] = []
        for found in _BRACKET.finditer(before):
            if found["close"]:
                del calls[-1:]
            else:
                calls.append(found["name"])
        if named := [name for name in calls if name]:
            return named[-1] == "check"
        statement = (re.findall(r"(?m)^\w.*", before) or [""])[-1]
        return bool(re.match(r"answer\w*\s*=", statement))

    def frames(self) -> Iterator[FrameType]:
        """Frames from the innermost out."""
        return iter([frame for frame, _ in _steps(self.traceback)][::-1])

    def helper(self) -> FrameType | None:
        """The first frame inside the course's own code, if the student called into it."""
        return next((f for f in reversed(list(self.frames())) if _ours(f)), None)


def _bare(line: str) -> str:
    return _STRINGS.sub('""', line.rstrip("\r\n")).partition("#")[0]


def _steps(step: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    while step is not None:
        yield step.tb_frame, step.tb_lineno
        step = step.tb_next


def _ours(frame: FrameType) -> bool:
    """A function of the course; `company.lead` that finds no table is not one."""
    module = str(frame.f_globals.get("__name__", ""))
    return module.startswith("salescourse.") and not frame.f_code.co_name.startswith("__")


def decimal_comma(trouble: Trouble) -> str:
    """A sentence on the first decimal comma of the line; "" if there is none."""
    found = _COMMA.search(trouble.bare)
    if not found:
        return ""
    typed = found[0]
    quoted = f' или "{typed}"' if trouble.takes_text(found.start()) else ""
    point = typed.replace(",", ".")
    return f"Python ждёт в дробях точку: вместо {typed} напишите {point}{quoted}."
