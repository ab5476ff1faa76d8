"""Names of those on the payroll."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salescourse.funnel.people import names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from salescourse.company import Company


def labels(company: Company, ids: Iterable[int]) -> list[str]:
    """«Иванова А. П.» for each id."""
    known = names(company)
    return [known.get(int(i), f"Сотрудник {int(i)}") for i in ids]
