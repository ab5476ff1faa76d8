"""The ladder as it hangs on the wall: a table of rungs for people, not for the accountant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salescourse.ladder.leading import SHARES
from salescourse.ladder.rungs import KEYS, Ladder, given
from salescourse.measures import captioned, working
from salescourse.text import NBSP, money, number

if TYPE_CHECKING:
    from collections.abc import Sequence


def exact(value: float) -> str:
    """«1,05 млн ₽»: a norm to its last ten thousand, so that people can be held to it."""
    if value < 1e6:
        return f"{number(value / 1e3)}{NBSP}тыс.{NBSP}₽"
    shown = number(value / 1e6, 2).removesuffix("0").removesuffix(",0")
    return f"{shown}{NBSP}млн{NBSP}₽"


def threshold(indicator: str, value: float) -> str:
    """«КП отправлено — от 30 в месяц»."""
    unit = f"{NBSP}%" if KEYS[indicator] in SHARES else " в месяц"
    return f"{indicator} — от {number(value)}{unit}"


@working(
    pandas="pd.DataFrame({ступень: строки for ступень in ступени}, index=пункты)",
    excel="Таблица «пункты × три ступени», одна страница, альбомный лист.",
)
def wall(rungs: Ladder, competences: Sequence[Sequence[str]] | None = None) -> pd.DataFrame:
    """Лестница для стены: что надо, что за это, что уметь — по ступеням.

    Parameters
    ----------
    rungs : лестница
    competences : свои компетенции, по списку строк на ступень; без них — из лестницы

    Returns
    -------
    Столбец — ступень, строка — пункт; в ячейках готовый текст.

    Examples
    --------
    >>> company = Company.load("demo")
    >>> list(wall(ladder.draft(company)).columns)
    ['менеджер', 'специалист', 'ведущий']
    """
    rungs = given(rungs)
    lines = competences or [rung.competences for rung in rungs.rungs]
    made = {}
    for name, rung, own in zip(rungs.names, rungs.rungs, lines, strict=True):
        made[name] = [
            f"от {exact(rung.turnover)} в месяц",
            f"от {exact(rung.gp)} в месяц",
            f"{money(rung.income)}: оклад {money(rung.base)} и бонус {money(rung.bonus)}",
            "; ".join(threshold(k, v) for k, v in rung.indicators.items()) or "не заданы",
            "; ".join(own) or "не заданы",
            "сюда берут" if name == rungs.names[0] else _how_long(rungs.quarters),
        ]
    index = pd.Index(
        [
            "Оборот",
            "Валовая прибыль",
            "Доход при норме, до налога",
            "Опережающие показатели",
            "Что умеет",
            "Как сюда попасть",
        ],
        name="what",
    )
    return captioned(pd.DataFrame(made, index=index), {"what": "Пункт"})


def _how_long(quarters: int) -> str:
    words = {1: "один квартал", 2: "два квартала подряд", 3: "три квартала подряд"}
    return f"{words.get(quarters, f'{quarters} кв. подряд')} держать оборот и ВП этой ступени"
