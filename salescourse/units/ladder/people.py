"""Words and names that several questions of this unit share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salescourse.ladder.months import placed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from salescourse.company import Company

USUAL = (
    "**Обычный месяц** — медиана шести последних полных месяцев, оборот и ВП по отгрузке. "
    "Месяц полный, если продавец отработал в нём хотя бы 60 % рабочих дней. Первые четыре "
    "месяца после приёма — ввод, их не считаем; у кого полных меньше трёх, того в таблице нет."
).replace("60 %", "60\u00a0%")


def candidates(company: Company) -> Mapping[int, str]:
    """Full names of those with a typical month."""
    fio = company.employees.set_index("employee_id")["fio"]
    return {i: str(fio.get(i, name)) for i, name in placed(company).items()}


def rows(company: Company) -> tuple[str, ...]:
    """«Иванова А. П.» for each of them: rows of a table."""
    return tuple(placed(company).values())


def named(company: Company, values) -> dict[str, float]:
    """Values by id as values by name, in the order of the rows."""
    return {name: float(values[i]) for i, name in placed(company).items()}


def label(company: Company, who: int) -> str:
    """One of them by name."""
    return placed(company)[who]
