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
        error = self.error
        if isinstance(error, SyntaxError) and error.lineno:
            lines = linecache.getlines(error.filename or "")
            if error.lineno <= len(lines):
                return error.lineno, lines[error.lineno - 1].rstrip("\r\n")
            return error.lineno, (error.text or "").rstrip("\r\n")
        own = [step for step in _steps(self.traceback) if step[0].f_globals is self.names]
        if not own:
            return 0, ""
        frame, number = own[-1]
        return number, linecache.getline(frame.f_code.co_filename, number).rstrip("\r\n")

    @property
    def line(self) -> str:
        return self.where[1]

    @property
    def bare(self) -> str:
        """The line without what stands in straight quotes and after #."""
        return _STRINGS.sub('""', self.line).partition("#")[0]

    def frames(self) -> Iterator[FrameType]:
        """Frames from the innermost out."""
        return iter([frame for frame, _ in _steps(self.traceback)][::-1])

    def helper(self) -> FrameType | None:
        """The first frame inside the course's own code, if the student called into it."""
        return next((f for f in reversed(list(self.frames())) if _ours(f)), None)


def _steps(step: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    while step is not None:
        yield step.tb_frame, step.tb_lineno
        step = step.tb_next


def _ours(frame: FrameType) -> bool:
    """A function of the course; `company.lead` that finds no table is not one."""
    module = str(frame.f_globals.get("__name__", ""))
    return module.startswith("salescourse.") and not frame.f_code.co_name.startswith("__")


def decimal_comma(bare: str) -> str:
    """A sentence on the first decimal comma of a line; "" if there is none."""
    found = _COMMA.search(bare)
    if not found:
        return ""
    typed = found[0]
    point = typed.replace(",", ".")
    return f'Python ждёт в дробях точку: вместо {typed} напишите {point} или "{typed}".'
