"""`salescourse build`: write the notebooks, or say which of them are stale."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from salescourse.authoring import expand
from salescourse.authoring.source import BuildError, read

ROOT = Path(__file__).parents[2]  # sources live in a checkout only, never in the wheel
PNG = "image/png"
WIDGET = "application/vnd.jupyter.widget-view+json"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_ADDRESS = re.compile(r"\bat 0x[0-9a-f]{6,}")


def build(check: bool = False, *, root: Path = ROOT, only: Iterable[str] = ()) -> list[str]:
    """Write every notebook from its source, and return the paths that changed.

    With `check` nothing is written or executed: the list is of the notebooks that
    are missing, differ from their source, were not executed, were edited by hand,
    or have lost their source. `only` limits the work to some units («02_funnel»).
    """
    stale: list[str] = []
    expected: set[Path] = set()
    for path, notebook, executed in _notebooks(root, tuple(only)):
        expected.add(path)
        if check:
            if not _is_fresh(path, notebook, executed):
                stale.append(_name(path, root))
            continue
        if executed:
            run(notebook, path)
        if write(path, notebook):
            stale.append(_name(path, root))
    if not only:
        stale += [_name(path, root) for path in _committed(root) if path not in expected]
    return stale


def _notebooks(root: Path, only: tuple[str, ...]):
    """(path, notebook not executed, must it be executed) for every source."""
    for source in sorted((root / "notebooks/src").glob("*.py")):
        if not only or source.stem in only:
            yield root / f"notebooks/{source.stem}.ipynb", expand.lesson(read(source)), True
    for source in sorted((root / "exercises/src").glob("*.py")):
        if only and source.stem not in only:
            continue
        cells, slug = read(source), slug_of(source)
        student = expand.exercise(cells, slug, solved=False)
        solved = expand.exercise(cells, slug, solved=True, code=demo_code())
        forbid_leaks(cells, student)
        yield root / f"exercises/{source.stem}.ipynb", student, False
        yield root / f"tests/solved/{source.stem}.ipynb", solved, True


def slug_of(source: Path) -> str:
    """«02_funnel» → «funnel»."""
    return source.stem.partition("_")[2]


def demo_code() -> str:
    """The code of the demo company: the one on which solved notebooks are executed."""
    from salescourse.company import Company

    return Company.load("demo").code


def forbid_leaks(cells: list, student) -> None:
    """No line of a solution may stand in the student's notebook."""
    seen = {line.strip() for cell in student.cells for line in cell.source.splitlines()}
    for cell in cells:
        given = {line.strip() for line in cell.given.splitlines()}
        for line in cell.solution.splitlines():
            line = line.strip()
            if len(line) > 3 and line in seen and line not in given:
                raise BuildError(f"{cell.where}: строка решения видна студенту: {line}")


def run(notebook, path: Path) -> None:
    """Execute in place as a student's kernel would, with clean and repeatable outputs."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    path.parent.mkdir(parents=True, exist_ok=True)
    client = NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=["--log-level=ERROR"],  # or the kernel warns in English of its transport
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        client.execute(env={**os.environ, **build_environment()})
    except CellExecutionError as error:
        trace = _COLOUR.sub("", str(error))
        raise BuildError(f"{path.name}: ячейка не выполнилась\n{trace}") from None
    notebook.metadata = {
        key: value for key, value in notebook.metadata.items() if key in ("salescourse",)
    } | {**expand.METADATA}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            _clean(cell, path)
    stamp = notebook.metadata.setdefault("salescourse", {})
    stamp["outputs"] = outputs_digest(notebook)


def build_environment() -> dict[str, str]:
    """What a build and CI set for kernels: one company, no journal."""
    return {"SALESCOURSE_BUILD": "1", "SALESCOURSE_CODE": demo_code(), "PYTHONHASHSEED": "0"}


def _clean(cell, path: Path) -> None:
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stderr":
            raise BuildError(f"{path.name}, ячейка {cell.id}: лишний вывод stderr\n{output.text}")
        if output.output_type == "error":
            raise BuildError(f"{path.name}, ячейка {cell.id}: {output.ename}: {output.evalue}")
        output.pop("transient", None)
        if "data" in output:
            output.data.pop(WIDGET, None)  # an id of a widget that is no more
            alt = output.metadata.get(PNG, {}).get("alt")
            output.metadata = {PNG: {"alt": alt}} if alt else {}
        text = output.get("text") or output.get("data", {}).get("text/plain", "")
        if _ADDRESS.search(text):
            raise BuildError(f"{path.name}, ячейка {cell.id}: вывод меняется от запуска: {text}")
    cell.metadata.pop("execution", None)


def outputs_digest(notebook) -> str:
    """Sixteen hex digits of all outputs; figures count by their presence, not by their pixels."""
    outputs = [
        {k: "png" if k == PNG else v for k, v in out.get("data", {}).items()} or out.get("text", "")
        for cell in notebook.cells
        for out in cell.get("outputs", [])
    ]
    text = json.dumps(outputs, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _is_fresh(path: Path, expected, executed: bool) -> bool:
    import nbformat

    if not path.exists():
        return False
    try:
        found = nbformat.reads(path.read_text(encoding="utf-8"), as_version=nbformat.NO_CONVERT)
    # a broken notebook is stale: building writes it anew
    except (ValueError, KeyError, AttributeError, nbformat.ValidationError):
        return False
    code = [cell for cell in found.cells if cell.cell_type == "code"]
    counts = [cell.execution_count for cell in code]
    if executed:
        stamp = found.metadata.get("salescourse", {}).pop("outputs", None)
        if not found.metadata.get("salescourse", True):
            del found.metadata["salescourse"]
        if stamp != outputs_digest(found) or counts != list(range(1, len(code) + 1)):
            return False
    elif any(counts) or any(cell.outputs for cell in code):
        return False
    return _skeleton(found) == _skeleton(expected)


def _skeleton(notebook) -> dict[str, Any]:
    """What the source alone decides: cells without outputs, and metadata."""
    cells = [
        {k: v for k, v in cell.items() if k not in ("outputs", "execution_count")}
        for cell in notebook.cells
    ]
    minor = notebook.nbformat_minor
    whole = {"cells": cells, "metadata": notebook.metadata, "minor": minor}
    return json.loads(json.dumps(whole))


def write(path: Path, notebook) -> bool:
    """Write if the bytes differ; True when they did."""
    import nbformat

    nbformat.validate(notebook)
    text = nbformat.writes(notebook, indent=1, ensure_ascii=False).rstrip("\n") + "\n"
    if path.exists() and path.read_bytes() == text.encode():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return True


def _committed(root: Path) -> list[Path]:
    return [
        path
        for folder in ("notebooks", "exercises", "tests/solved")
        for path in sorted((root / folder).glob("*.ipynb"))
    ]


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
