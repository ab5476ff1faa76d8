"""Source cells into notebook cells: lessons as they stand, task cells filled from the unit."""

from __future__ import annotations

import ast
import importlib
from typing import TYPE_CHECKING, Any

from salescourse.authoring.source import BuildError, Cell
from salescourse.authoring.typography import nbsp
from salescourse.text import plural

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
    asked = [cell.task for cell in cells if cell.task]
    if missing := [task for task in tasks if task not in asked]:
        raise BuildError(f"{cells[0].where}: в тетради нет задания {missing[0]}")
    out = []
    for cell in cells:
        if cell.task is None:
            text = cell.solved if solved else cell.given
            if solved and code and cell.kind == "code":
                text = text.replace("my_company()", f'my_company("{code}")')
            out.append(_plain(cell, text))
            continue
        if cell.task not in tasks:
            raise BuildError(f"{cell.where}: в разделе {slug} нет задания {cell.task}")
        if asked.count(cell.task) > 1:
            raise BuildError(f"{cell.where}: задание {cell.task} стоит дважды")
        out += _task(cell, tasks[cell.task], solved=solved)
    notebook = _notebook(out)
    notebook.metadata["salescourse"] = {"unit": slug}
    return notebook


def _task(cell: Cell, task: Task, *, solved: bool) -> list:
    points = f"{task.points:g}"
    heading = f"## {task.id} · {task.title}"
    worth = f"*{points} {plural(task.points, 'балл', 'балла', 'баллов')}*"
    out = [_new("markdown", nbsp(f"{heading}\n\n{worth}\n\n{task.question.strip()}"), "slide")]
    if task.details:
        out.append(_new("code", f'question("{task.id}")', None))
    if is_text(task):
        return [*out, *_written_answer(cell, task, solved=solved)]
    text = _with_check(cell, task, solved=solved)
    out.append(_new("code", text, cell.slide, tags=cell.tags))
    return out


def _with_check(cell: Cell, task: Task, *, solved: bool) -> str:
    if solved:
        if not cell.solution:
            raise BuildError(f"{cell.where}: у задания {task.id} нет решения")
        if not _assigns_answer(cell.solved, cell.where):
            raise BuildError(f"{cell.where}: решение {task.id} должно положить ответ в answer")
        answer = "*answer" if _several(task) else "answer"
        return f'{cell.solved}\n\ncheck("{task.id}", {answer})'
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


def _several(task: Task) -> bool:
    return type(task.kind).__name__ == "Parts"


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
