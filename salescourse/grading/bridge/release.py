"""A unit's exercise as nbgrader's assignment: its source, its release, its gradebook's cells."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import sysconfig
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from salescourse import units
from salescourse.errors import StudentError
from salescourse.grading.bridge import cells
from salescourse.paths import course_root
from salescourse.storage import replacing
from salescourse.text import clean

TESTED = "0.9."  # the minor whose scoring and tables this was tested with
CALL = re.compile(r'^check\("([a-z0-9-]+)"', re.MULTILINE)
CONFIG, THEIRS = "salescourse_nbgrader.py", "nbgrader_config.py"
SUB = f'load_subconfig("{CONFIG}")'
SETTINGS = """# Written by `salescourse export nbgrader`; load it from nbgrader_config.py:
#     load_subconfig("salescourse_nbgrader.py")
c = get_config()

# Stubs stay as they are: nbgrader's own clearing would put English ones in their place.
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Recorded answers are marked, so they must not be cleared, and nobody's code is executed.
c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "salescourse.grading.bridge.autograde.RecordedAnswers",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "salescourse.grading.bridge.autograde.SaveReasons",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
"""


def require_nbgrader() -> None:
    """Raise `StudentError` unless nbgrader of the tested minor is there."""
    try:
        from nbgrader.nbgraderformat import SCHEMA_VERSION

        found = version("nbgrader")
    except (ImportError, PackageNotFoundError) as error:
        raise StudentError(
            'Не установлен nbgrader. Наберите: pip install "salescourse[nbgrader]".'
        ) from error
    if not found.startswith(TESTED) or SCHEMA_VERSION != cells.SCHEMA:
        raise StudentError(
            f"Установлен nbgrader {clean(found)}, а проверено с {TESTED}x. "
            'Наберите: pip install "salescourse[nbgrader]".'
        )
    if shutil.which("alembic") is None:  # nbgrader calls it by name, wherever Python was called
        scripts = sysconfig.get_path("scripts")
        os.environ["PATH"] = os.pathsep.join([scripts, os.environ.get("PATH", "")])


def require_known(gradebook: Path) -> None:
    """Refuse a gradebook of nbgrader whose tables we don't know. Raises `StudentError`."""
    if not gradebook.exists():
        return
    try:
        with sqlite3.connect(f"{gradebook.resolve().as_uri()}?mode=ro", uri=True) as db:
            versions = [v for (v,) in db.execute("SELECT version_num FROM alembic_version")]
    except sqlite3.Error as error:
        raise StudentError(f"Файл {gradebook} — не журнал nbgrader.") from error
    from nbgrader.api import get_alembic_version

    if versions != [get_alembic_version()]:
        shown = clean(", ".join(map(str, versions)) or "пусто", 60)
        raise StudentError(
            f"Журнал nbgrader незнакомой версии ({shown}). Обновите его: nbgrader db upgrade, "
            "или поставьте ту версию nbgrader, с которой проверено."
        )


def assignment(slug: str) -> tuple[str, Any]:
    """A unit's exercise with nbgrader's metadata: (name of the notebook, the notebook)."""
    import nbformat

    found = sorted((course_root() / "exercises").glob(f"[0-9][0-9]_{slug}.ipynb"))
    if not found:
        raise StudentError(f"У раздела {slug} нет тетради с заданиями.")
    return found[0].stem, described(nbformat.read(found[0], as_version=4), slug)


def described(notebook: Any, slug: str) -> Any:
    """A unit's notebook with nbgrader's metadata and a locked check below every answer."""
    tasks = {task.id: task for task in units.tasks_of(slug)}
    made = []
    for cell in notebook.cells:
        made.append(cell)
        if cell.cell_type == "code" and (called := CALL.search(cell.source)):
            task = tasks[called[1]]
            cell.metadata["nbgrader"] = cells.marked(
                cells.answer_id(task.id), "code", points=None, solution=True
            )
            made.append(_check(task))
        elif name := cell.metadata.get("salescourse", {}).get("task"):
            worth = float(tasks[name].points)
            cell.metadata["nbgrader"] = cells.marked(
                cells.answer_id(name), "markdown", points=worth, solution=True
            )
    notebook.cells = made
    return notebook


def _check(task) -> Any:
    import nbformat

    name = cells.check_id(task.id)
    made = nbformat.v4.new_code_cell(cells.CHECK.format(task=task.id), id=name)
    made.metadata["nbgrader"] = cells.marked(
        name, "code", points=float(task.points), solution=False
    )
    return made


def release(course: Path, slugs: list[str]) -> list[Path]:
    """Make assignments in nbgrader's course folder; the paths of what students get."""
    require_nbgrader()
    require_known(course / "gradebook.db")
    import nbformat
    from nbgrader.apps.api import NbGraderAPI

    settle(course)
    made = []
    for slug in slugs:
        name, notebook = assignment(slug)
        path = course / "source" / slug / f"{name}.ipynb"
        with replacing(path) as temporary:
            nbformat.write(notebook, temporary)
        made.append(course / "release" / slug / f"{name}.ipynb")
    api = NbGraderAPI(config=config(course))
    for slug in slugs:
        done = api.generate_assignment(slug, force=True)
        if not done["success"]:
            raise StudentError(
                f"nbgrader не принял задание {slug}: {_last(done)}. Если студенты его уже сдавали, "
                "прежнее задание остаётся в силе."
            )
    return made


def settle(course: Path) -> bool:
    """Put our settings beside the course; False if its own don't load them yet."""
    course.mkdir(parents=True, exist_ok=True)
    (course / CONFIG).write_text(SETTINGS, encoding="utf-8", newline="\n")
    theirs = course / THEIRS
    if not theirs.exists():
        text = f"c = get_config()\nc.CourseDirectory.root = {str(course.resolve())!r}\n{SUB}\n"
        theirs.write_text(text, encoding="utf-8", newline="\n")
    return CONFIG in theirs.read_text(encoding="utf-8", errors="replace")


def config(course: Path) -> Any:
    """The settings as nbgrader's commands would load them, of this course folder."""
    from traitlets.config import Config, PyFileConfigLoader

    loaded: Config = PyFileConfigLoader(CONFIG, str(course)).load_config()
    loaded.CourseDirectory.root = str(course.resolve())
    return loaded


def _last(done: dict) -> str:
    lines = [line for line in str(done.get("error") or done.get("log") or "").splitlines() if line]
    return clean(lines[-1], 200) if lines else "без объяснений"
