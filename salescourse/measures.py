"""What several topics measure alike: clean leads, the cycle, mature months.

Nothing here prints or plots; tables in, numbers and tables out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np
import pandas as pd

from salescourse.errors import StudentError

if TYPE_CHECKING:
    from salescourse.company import Company

__all__ = [
    "Months",
    "clean_leads",
    "cycle",
    "cycle_days",
    "last_mature_month",
    "mature",
]

F = TypeVar("F", bound=Callable)
Months = Sequence[pd.Timestamp]
LONG = 0.90  # nine paid deals of ten are no longer than this quantile: the course's «mature»


class Working(NamedTuple):
    """How a helper comes to its result: the pandas way and the Excel way, both Russian."""

    pandas: str
    excel: str


def working(*, pandas: str, excel: str) -> Callable[[F], F]:
    """Give a helper its working; `how(helper)` shows it."""

    def tell(helper: F) -> F:
        helper.working = Working(pandas.strip(), excel.strip())
        return helper

    return tell


def captioned(frame: pd.DataFrame, captions: Mapping[Any, str], **units: str) -> pd.DataFrame:
    """The frame with the Russian captions and units that tables and exports show."""
    frame.attrs = {"captions": dict(captions), "units": units}
    return frame


# Leads and months -----------------------------------------------------------------------------


@working(
    pandas='company.leads[company.leads["mark"].isna()]',
    excel="Фильтр по столбцу «Пометка»: только пустые.",
)
def clean_leads(company: Company) -> pd.DataFrame:
    """Заявки, которые считаем: без помеченных дублей и тестовых.

    Returns
    -------
    Таблица заявок с теми же столбцами; строк меньше на число помеченных.

    Examples
    --------
    >>> bool(clean_leads(Company.load("demo"))["mark"].isna().all())
    True
    """
    return company.leads[company.leads["mark"].isna()].copy()


def cycle_days(company: Company) -> np.ndarray:
    """Days from creation to payment of every paid deal that came from a clean lead."""

    def make() -> np.ndarray:
        deals, leads = company.deals, company.leads
        clean = leads["lead_id"].to_numpy()[leads["mark"].isna().to_numpy()]
        paid = deals[deals["status"].eq("оплачена") & deals["lead_id"].notna()]
        paid = paid[np.isin(paid["lead_id"].to_numpy(dtype=np.int64), clean)]
        days = (paid["closed_at"] - paid["created_at"]).dt.total_seconds().to_numpy() / 86_400
        return days[~np.isnan(days)]

    return company.memo("measures.cycle_days", make)


@working(
    pandas=(
        'paid = company.deals[company.deals["status"].eq("оплачена") & '
        'company.deals["lead_id"].notna()]\n'
        'days = (paid["closed_at"] - paid["created_at"]).dt.total_seconds() / 86400\n'
        "days.median(), days.quantile(0.9)"
    ),
    excel=(
        "Столбец «Закрыта минус Создана» по оплаченным сделкам, где есть номер заявки; "
        "МЕДИАНА и ПРОЦЕНТИЛЬ.ВКЛ с 0,9."
    ),
)
def cycle(company: Company) -> tuple[float, float]:
    """Сколько дней проходит от создания сделки до оплаты: половина сделок и девять из десяти.

    Берём оплаченные сделки из заявок, без дублей и тестовых, за всё время.

    Returns
    -------
    (медиана, 90-й процентиль), дни.

    Raises
    ------
    StudentError
        Оплаченных сделок из заявок нет.

    Examples
    --------
    >>> typical, long = cycle(Company.load("demo"))
    >>> typical < long
    True

    Метод: DOMAIN §2.2; зрелость по 90-му процентилю — DOMAIN, M16.
    """
    days = cycle_days(company)
    if not len(days):
        raise StudentError("В компании нет оплаченных сделок из заявок: цикл посчитать не на чем.")
    return float(np.median(days)), float(np.quantile(days, LONG))


@working(
    pandas=(
        "median, long = measures.cycle(company)\n"
        "end = (company.asof - pd.Timedelta(days=long)).normalize()\n"
        "# последний месяц, который кончился не позже этого дня"
    ),
    excel="Дата выгрузки минус 90-й процентиль цикла; последний месяц, который кончился раньше.",
)
def last_mature_month(company: Company) -> pd.Timestamp:
    """Последний зрелый месяц: от его конца до выгрузки прошло не меньше длинного цикла.

    Длинный цикл — 90-й процентиль (см. `cycle`): девять оплат из десяти уже случились.

    Returns
    -------
    Первое число месяца.

    Examples
    --------
    >>> last_mature_month(Company.load("demo")).day
    1
    """

    def make() -> pd.Timestamp:
        long = cycle(company)[1]
        first = company.asof.normalize().replace(day=1)
        while (company.asof.normalize() - month_end(first)).days < long:
            first = (first - pd.Timedelta(days=1)).replace(day=1)
        return first

    return company.memo("measures.last_mature_month", make)


def month_end(month: pd.Timestamp) -> pd.Timestamp:
    """The last day of a month."""
    return month + pd.offsets.MonthEnd(0)


@working(
    pandas=(
        "last = measures.last_mature_month(company)\npd.date_range(end=last, periods=6, freq='MS')"
    ),
    excel="Список первых чисел месяцев, который кончается последним зрелым.",
)
def mature(company: Company, last: int) -> list[pd.Timestamp]:
    """Последние зрелые месяцы, от раннего к позднему.

    Parameters
    ----------
    last : сколько месяцев взять

    Raises
    ------
    StudentError
        `last` — не целое число от 1; или зрелых месяцев меньше, чем просят.

    Examples
    --------
    >>> len(mature(Company.load("demo"), 6))
    6
    """
    known = mature_months(company)
    if type(last) is not int or last < 1:
        raise StudentError(f"Сколько месяцев взять? Нужно целое число, например 6, а не «{last}».")
    if last > len(known):
        raise StudentError(f"Просите {last} зрелых месяцев, а в данных их {len(known)}.")
    return known[-last:]


def mature_months(company: Company) -> list[pd.Timestamp]:
    """Every mature month from the first lead on."""

    def make() -> list[pd.Timestamp]:
        created = company.leads["created_at"].min()
        if pd.isna(created):
            return []
        first = created.normalize().replace(day=1)
        return list(pd.date_range(first, last_mature_month(company), freq="MS"))

    return list(company.memo("measures.mature_months", make))
