"""The units in course order; each module is imported when its tasks are first asked for."""

from __future__ import annotations

import importlib
import re
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING

from salescourse.errors import StudentError, nearest
from salescourse.text import clean

if TYPE_CHECKING:
    from salescourse.tasks import Gate, Task

UNITS = ("start", "funnel", "pricing", "motivation", "ladder")
TITLES = {
    "start": "Запуск и словарь",
    "funnel": "Воронка",
    "pricing": "Цена",
    "motivation": "Мотивация",
    "ladder": "Карьерная лестница",
}


@cache
def _module(slug: str) -> ModuleType | None:
    """A unit's module; None while nobody has written it."""
    name = f"{__name__}.{slug}"
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        return None


def tasks_of(slug: str) -> tuple[Task, ...]:
    """The tasks of a unit, in the order they are asked."""
    return tuple(getattr(_module(slug), "TASKS", ()))


def gates_of(slug: str) -> tuple[Gate, ...]:
    """What a company must show for this unit to be taught on it."""
    return tuple(getattr(_module(slug), "GATES", ()))


def variant_of(slug: str) -> str:
    """The planted fact (`Company.facts`) by which `verify` groups this unit's companies."""
    return getattr(_module(slug), "VARIANT", "leak")


def all_tasks() -> tuple[Task, ...]:
    """Every task of the course."""
    return tuple(task for slug in UNITS for task in tasks_of(slug))


def find(task_id: object) -> Task:
    """The task of this id, however it was typed: «funnel-3», «Funnel 3», «funnel—3».

    Raises `StudentError` that names the nearest id.
    """
    known = {task.id: task for task in all_tasks()}
    if not isinstance(task_id, str):
        example = next(iter(known), "funnel-1")
        raise StudentError(f'Первым пишут номер задания в кавычках, например "{example}".')
    typed = str.__str__(task_id)
    if typed in known:
        return known[typed]
    plain = re.sub(r"[\s_\u2010-\u2015\u2212-]+", "-", typed[:100].strip().casefold())
    plain = re.sub(r"(?<=[a-z])-?0*(?=[0-9])", "-", plain)
    if plain in known:
        return known[plain]
    if not plain:
        raise StudentError(
            f'Впишите номер задания в кавычках, например "{next(iter(known), "funnel-1")}".'
        )
    if own := [name for name in known if name.startswith(f"{plain}-")]:
        raise StudentError(f"Допишите номер задания. В разделе {plain}: {', '.join(own)}.")
    raise StudentError(
        f"Нет задания «{clean(typed, 40)}».{nearest(plain, known)} "
        "Номер задания стоит в заголовке вопроса."
    )


def find_unit(name: object) -> str:
    """The slug of a unit typed as «funnel», «02_funnel», «Воронка»."""
    if isinstance(name, str):
        plain = re.sub(r"^[0-9]+[_ -]*", "", name[:100].strip().casefold()).removesuffix(".ipynb")
        for slug in UNITS:
            if plain in (slug, TITLES[slug].casefold()):
                return slug
    shown = clean(name, 40) if isinstance(name, str) else "такого"
    hint = nearest(name, UNITS) if isinstance(name, str) else ""
    raise StudentError(f"Нет раздела «{shown}». Есть: {', '.join(UNITS)}.{hint}")
