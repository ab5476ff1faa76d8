"""Source cells into notebook cells: lessons as they stand, task cells filled from the unit."""

from __future__ import annotations

import ast
import importlib
from typing import TYPE_CHECKING, Any

from salescourse.authoring.source import BuildError, Cell
from salescourse.authoring.typography import nbsp
from salescourse.text import NBSP, plural

if TYPE_CHECKING:
    from salescourse.tasks import Task

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
TEXT_MARK = "<!-- ответ: {} -->"  # Colab drops unknown metadata, so the mark is in the text too


def tasks_of(slug: str) -> dict[str, Task]:
    """The tasks of a unit by id; a unit without tasks is an empty dict."""
    name = f"salescourse.units.{slug}"
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        return {}
    return {task.id: task for task in module.TASKS}


def lesson(cells: list[Cell]) -> Any:
    """A lesson's notebook, not executed."""
    for cell in cells:
        if cell.task or cell.solution:
            raise BuildError(f"{cell.where}: заданиям и решениям место в exercises/src, не в уроке")
    return _notebook([_plain(cell, cell.text) for cell in cells])


def exercise(cells: list[Cell], slug: str, *, solved: bool, code: str | None = None) -> Any:
    """An exercise's notebook: the student's, or the solved one on the company of `code`."""
    tasks = tasks_of(slug)
    _match(cells, tasks, slug)
    asked = {cell.asks for cell in cells if cell.asks}
    out = []
    for cell in cells:
        if cell.asks:
            out += _question(cell, tasks[cell.asks])
        elif cell.task:
            task = tasks[cell.task]
            out += [] if cell.task in asked else _question(None, task)
            out += _answer(cell, task, solved=solved)
        else:
            text = cell.solved if solved else cell.given
            if solved and code and cell.kind == "code":
                text = text.replace("my_company()", f'my_company("{code}")')
            out.append(_plain(cell, text))
    notebook = _notebook(out)
    notebook.metadata["salescourse"] = {"unit": slug}
    return notebook


def _match(cells: list[Cell], tasks: dict[str, Task], slug: str) -> None:
    """Every task of the unit is answered once, in a cell below its question."""
    answered = [cell.task for cell in cells if cell.task]
    if missing := [task for task in tasks if task not in answered]:
        raise BuildError(f"{cells[0].where}: в тетради нет задания {missing[0]}")
    seen: set[tuple[str, str]] = set()
    for cell in cells:
        word, task = ("ask", cell.asks) if cell.asks else ("task", cell.task)
        if task is None:
            continue
        if task not in tasks:
            raise BuildError(f"{cell.where}: в разделе {slug} нет задания {task}")
        if (word, task) in seen:
            raise BuildError(f"{cell.where}: {word} {task} стоит дважды")
        if word == "ask" and ("task", task) in seen:
            raise BuildError(f"{cell.where}: вопрос {task} стоит ниже ответа")
        seen.add((word, task))


def _question(cell: Cell | None, task: Task) -> list:
    """Heading, what it is worth, the author's prose, the unit's question."""
    points = f"{task.points:g}{NBSP}{plural(task.points, 'балл', 'балла', 'баллов')}"
    prose = [cell.text.strip()] if cell and cell.text.strip() else []
    text = "\n\n".join(
        [f"## {task.title}", *prose, f"**{task.id}, {points}.** {task.question.strip()}"]
    )
    slide = (cell.slide if cell else None) or "slide"
    out = [_new("markdown", nbsp(text), slide)]
    if task.asks_of_company:
        out.append(_new("code", f'question("{task.id}")', None))
    return out


def _answer(cell: Cell, task: Task, *, solved: bool) -> list:
    if is_text(task):
        return _written_answer(cell, task, solved=solved)
    text = _with_check(cell, task, solved=solved)
    return [_new("code", text, cell.slide, tags=cell.tags)]


def _with_check(cell: Cell, task: Task, *, solved: bool) -> str:
    if solved:
        if not cell.solution:
            raise BuildError(f"{cell.where}: у задания {task.id} нет решения")
        if not _assigns_answer(cell.solved, cell.where):
            raise BuildError(f"{cell.where}: решение {task.id} должно положить ответ в answer")
        return f'{cell.solved}\n\ncheck("{task.id}", answer)'
    stub = task.kind.stub.strip()
    given = f"{cell.given}\n\n" if cell.given else ""
    if "\n" in stub or stub.startswith("{"):
        body = f'answer = {stub}\n\ncheck("{task.id}", answer)'
    else:
        body = f'check("{task.id}", {stub})'
    return (
        f'{given}{body}\n# hint("{task.id}")  # нужна подсказка — уберите решётку в начале строки'
    )


def _written_answer(cell: Cell, task: Task, *, solved: bool) -> list:
    """A Markdown cell to write in, after the rubric it will be marked by."""
    rubric = task.kind.rubric
    if not isinstance(rubric, str):
        rubric = "\n".join(f"- {line}" for line in rubric)
    text = "*Пишите здесь: двойной щелчок по ячейке, по окончании Shift + Enter.*"
    if solved:
        text = "\n".join(line.removeprefix("#").strip() for line in cell.solution.splitlines())
    answer = _new("markdown", f"{TEXT_MARK.format(task.id)}\n**Мой ответ**\n\n{nbsp(text)}", None)
    answer.metadata["tags"] = ["answer"]
    answer.metadata["salescourse"] = {"task": task.id}
    return [_new("markdown", nbsp(f"**Как это оценят**\n\n{rubric}"), None), answer]


def is_text(task: Task) -> bool:
    return type(task.kind).__name__ == "Text"


def _assigns_answer(text: str, where: str) -> bool:
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise BuildError(f"{where}: решение не разбирается: {error.msg}") from error
    return any(
        isinstance(node, ast.Name) and node.id == "answer" and isinstance(node.ctx, ast.Store)
        for node in ast.walk(tree)
    )


def _plain(cell: Cell, text: str):
    if cell.kind == "markdown":
        text = nbsp(text)
    new = _new(cell.kind, text, cell.slide, tags=cell.tags, hidden="hidden" in cell.words)
    if cell.title:
        new.metadata["title"] = cell.title  # jupytext needs it to sync a lesson back
    return new


def _new(kind: str, text: str, slide: str | None, *, tags=(), hidden: bool = False):
    from nbformat import v4

    make = v4.new_markdown_cell if kind == "markdown" else v4.new_code_cell
    metadata: dict[str, Any] = {}
    if slide:
        metadata["slideshow"] = {"slide_type": slide}
    if tags:
        metadata["tags"] = list(tags)
    if hidden:
        metadata["jupyter"] = {"source_hidden": True}
    return make(text, metadata=metadata)


def _notebook(cells: list):
    from nbformat import v4

    for position, cell in enumerate(cells, start=1):
        cell["id"] = f"c{position:02d}"
    return v4.new_notebook(cells=cells, metadata={**METADATA})
