"""Reference solutions run in this process on any company, for `salescourse verify`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

from salescourse.authoring import expand
from salescourse.authoring.notebooks import ROOT, slug_of
from salescourse.authoring.source import BuildError, read


class _Silent:
    """Stands in for what a solution shows: accepts any call and does nothing."""

    def __call__(self, *args, **kwargs):
        return self

    def __getattr__(self, name: str):
        if name.startswith("_"):
            raise AttributeError(name)
        return self


SETUP = (
    "google.colab",
    "from salescourse import",
)  # cells that prepare a notebook, not this process
SHOWN = ("charts", "show", "check", "question", "hint", "progress", "submit", "print")


def reference_answers(unit: str, company, *, root: Path = ROOT) -> dict[str, tuple]:
    """Answers that the exercise's solutions give on this company, by task id.

    Each is the tuple one would pass to `check` after the task's id. Text tasks
    have no answer to compute and are left out.
    """
    names = _names(company)
    answers: dict[str, tuple] = {}
    for task, where, code in _compiled(_source(unit, root)):
        names.pop("answer", None)
        try:
            exec(code, names)  # noqa: S102  our own sources
        except Exception as error:
            raise BuildError(f"{where}: решение не выполнилось: {error!r}") from error
        if task:
            answers[task] = _as_tuple(names["answer"])
    return answers


def _source(unit: str, root: Path) -> Path:
    for path in sorted((root / "exercises/src").glob("*.py")):
        if slug_of(path) == unit:
            return path
    raise BuildError(f"exercises/src: нет тетради для раздела {unit}")


@cache
def _compiled(path: Path) -> tuple[tuple[str | None, str, CodeType], ...]:
    tasks = expand.tasks_of(slug_of(path))
    out = []
    for cell in read(path):
        text = cell.solved
        if cell.kind != "code" or any(words in text for words in SETUP):
            continue
        if cell.task and (cell.task not in tasks or expand.is_text(tasks[cell.task])):
            continue
        out.append((cell.task, cell.where, compile(text, cell.where, "exec")))
    return tuple(out)


def _names(company) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec("from salescourse import *", names)  # noqa: S102
    silent = _Silent()
    names.update(dict.fromkeys(SHOWN, silent))
    names["my_company"] = lambda *_: company
    names["company"] = company
    return names


def _as_tuple(answer) -> tuple:
    return answer if isinstance(answer, tuple) else (answer,)
