"""Which months the tasks speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salescourse import measures

if TYPE_CHECKING:
    from salescourse.company import Company

PERIOD = 18  # mature months in tasks 3 to 7: the planted leak is found in every code [V]
CLEAN = (
    "Лид — одна заявка: помеченные дубли и тестовые не считаем, остаётся первая заявка. "
    "Пустой источник — отдельная группа «не указан»."
)
EVER = (
    "Дошла до этапа — хоть раз на него вошла, по истории этапов: поздний этап значит, что "
    "ранние пройдены, откат ничего не отменяет, «Отложено» — не этап."
)


def period(company: Company) -> list[pd.Timestamp]:
    """The last `PERIOD` mature months, or as many as there are."""
    return measures.mature_months(company)[-PERIOD:]


def calendar(company: Company, last: int) -> list[pd.Timestamp]:
    """The last calendar months, mature or not, the month of the snapshot among them."""
    now = company.asof.normalize().replace(day=1)
    return list(pd.date_range(end=now, periods=last, freq="MS"))


def everything(company: Company) -> list[pd.Timestamp]:
    """Every month from the first lead to the snapshot."""
    first = measures.mature_months(company)[0]
    return list(pd.date_range(first, company.asof.normalize().replace(day=1), freq="MS"))
