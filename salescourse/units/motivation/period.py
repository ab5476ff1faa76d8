"""What the tasks of this unit agree on: whose pay, before tax, over which months."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salescourse.motivation.history import chosen, full_months

if TYPE_CHECKING:
    from salescourse.company import Company

YEAR = 12
AGREED = (
    "Считаем только продавцов, до налога и без взносов, за **12 последних полных месяцев**; "
    "ВП — по оплатам."
)


def year(company: Company) -> list[pd.Timestamp]:
    """The last twelve full months, or as many as there are."""
    known = np.unique(company.payroll["month"].to_numpy())
    return full_months(company, min(YEAR, max(1, len(known))))


def person_months(company: Company) -> pd.DataFrame:
    """Person-months of that year: look, don't touch."""
    return chosen(company, year(company))


def of_company(company: Company, n: int) -> int:
    """A number below `n` that belongs to the company's payroll, the same on every machine."""
    return int(person_months(company)["total"].sum()) // 1000 % n
