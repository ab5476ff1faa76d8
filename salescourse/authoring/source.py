"""Reading a py:percent source: cells, the words after `# %%`, solution markers.

A source is what an author writes. What may stand after `# %%`:

    # %% slide [markdown]       prose between triple quotes; starts a slide
    # %% hidden                 code folded away in JupyterLab
    # %% ask funnel-3 [markdown]  exercise only: the unit's question, this prose under its heading
    # %% task funnel-3          exercise only: the answer's stub and the check line
    # %% tags=["nbval-ignore-output"]

Inside a code cell of an exercise the reference solution stands between
`# решение` and `# конец решения`. Between `ask` and `task` stand the cells to work
in; without `ask` the question comes right above the answer. A line `#: x = ...` there is what the
student gets in its place; without one the student gets nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

OPEN, CLOSE, STAND_IN = "# решение", "# конец решения", "#:"
SLIDES = ("slide", "subslide", "fragment", "skip", "notes")
WORDS = (*SLIDES, "hidden")
NAMING = ("ask", "task")  # words that a task's id follows

_CELL = re.compile(r"^# %%")
# anything that was meant to be a marker but is not spelt as one
_NEARLY = re.compile(r"^\s*#+\s*(конец\s+)?решени[еяй]\b[\s.:…-]*$", re.IGNORECASE)


class BuildError(Exception):
    """A source that can't be built; the message names the file and the line."""


@dataclass(frozen=True)
class Cell:
    """One cell of a source."""

    kind: str  # "markdown" or "code"
    text: str
    where: str  # «02_funnel.py:17»
    words: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    task: str | None = None
    asks: str | None = None
    title: str = ""

    @property
    def slide(self) -> str | None:
        return next((word for word in self.words if word in SLIDES), None)

    @property
    def given(self) -> str:
        """What the student gets: the text without the solution."""
        return "\n".join(line for line, side in _sides(self.text) if side != "solution").strip("\n")

    @property
    def solved(self) -> str:
        """The text with the solution and without the student's stand-in."""
        return "\n".join(line for line, side in _sides(self.text) if side != "stand-in").strip("\n")

    @property
    def solution(self) -> str:
        return "\n".join(line for line, side in _sides(self.text) if side == "solution").strip("\n")


def _sides(text: str):
    """Each line of a cell with its side: given, solution or stand-in."""
    inside = False
    for line in text.splitlines():
        word = line.strip()
        if word == OPEN:
            inside = True
        elif word == CLOSE:
            inside = False
        elif inside and word.startswith(STAND_IN):
            indent = line[: len(line) - len(line.lstrip())]
            yield indent + word.removeprefix(STAND_IN).removeprefix(" "), "stand-in"
        else:
            yield line, "solution" if inside else "given"


def check_markers(text: str, name: str) -> None:
    """Refuse an unclosed, nested, stray or misspelt solution marker."""
    opened: int | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        where, word = f"{name}:{number}", line.strip()
        if opened and _CELL.match(line):
            raise BuildError(f"{name}:{opened}: у «{OPEN}» нет пары «{CLOSE}» до конца ячейки")
        if word == OPEN:
            if opened:
                raise BuildError(
                    f"{where}: «{OPEN}» внутри другого решения, открытого в строке {opened}"
                )
            opened = number
        elif word == CLOSE:
            if not opened:
                raise BuildError(f"{where}: «{CLOSE}» без «{OPEN}» выше")
            opened = None
        elif _NEARLY.match(line):
            raise BuildError(
                f"{where}: «{word}» похоже на метку, но записано иначе; "
                f"нужно ровно «{OPEN}» или «{CLOSE}»"
            )
        elif word.startswith(STAND_IN) and not opened:
            raise BuildError(f"{where}: «{STAND_IN}» стоит вне решения")
    if opened:
        raise BuildError(f"{name}:{opened}: у «{OPEN}» нет пары «{CLOSE}» до конца файла")


def parse(text: str, name: str) -> list[Cell]:
    """Cells of a source text; `name` is used in messages only."""
    import jupytext

    text = text.replace("\r\n", "\n")
    check_markers(text, name)
    lines = [n for n, line in enumerate(text.splitlines(), start=1) if _CELL.match(line)]
    notebook = jupytext.reads(text, fmt="py:percent")
    if len(lines) != len(notebook.cells):
        raise BuildError(f"{name}:1: до первой ячейки «# %%» не должно быть ничего")
    return [_cell(cell, f"{name}:{line}") for cell, line in zip(notebook.cells, lines, strict=True)]


def read(path: Path) -> list[Cell]:
    return parse(path.read_text(encoding="utf-8"), path.name)


def _cell(raw, where: str) -> Cell:
    title = raw.metadata.get("title", "")
    words = title.split()
    named: dict[str, str] = {}
    if words and words[0] in NAMING:
        if len(words) < 2:
            raise BuildError(
                f"{where}: после «{words[0]}» нужен номер задания, например {words[0]} funnel-3"
            )
        named, words = {words[0]: words[1]}, words[2:]
    unknown = [word for word in words if word not in WORDS]
    if unknown:
        raise BuildError(
            f"{where}: незнакомое слово «{unknown[0]}» после «# %%»; "
            f"известны: {', '.join((*NAMING, *WORDS))}"
        )
    if raw.cell_type == "markdown" and OPEN in raw.source:
        raise BuildError(f"{where}: решение стоит в текстовой ячейке, а должно в ячейке с кодом")
    if "ask" in named and raw.cell_type != "markdown":
        raise BuildError(f"{where}: после «ask {named['ask']}» допишите [markdown]")
    return Cell(
        kind=raw.cell_type,
        text=raw.source,
        where=where,
        words=tuple(words),
        tags=tuple(raw.metadata.get("tags", ())),
        task=named.get("task"),
        asks=named.get("ask"),
        title=title,
    )
