"""A seller's ordinary month: turnover and gross profit, by shipping, whole months only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salescourse.errors import StudentError, nearest
from salescourse.ladder.typed import share
from salescourse.measures import Months, captioned, working
from salescourse.motivation.history import FULL, RAMP_DAYS, full_months, rows, the_months
from salescourse.motivation.people import labels
from salescourse.text import clean

if TYPE_CHECKING:
    from salescourse.company import Company

LAST = 6  # full months of a typical month: DOMAIN, M46
ENOUGH = 3  # months that a typical month needs
HOW = {"median": "медиана", "mean": "среднее", "max": "лучший месяц"}


def book(company: Company) -> pd.DataFrame:
    """A row a person-month on the payroll: turnover, GP, days worked, ramp. Never hand it out."""
    return company.memo("ladder.book", lambda: _make(company))


def _make(company: Company) -> pd.DataFrame:
    paid = rows(company)
    orders = company.orders
    known = orders["shipped_at"].notna().to_numpy()
    month = _month(orders["shipped_at"].to_numpy()[known])
    sums = orders.loc[known, ["revenue", "gp"]].groupby([orders["owner_id"][known], month]).sum()
    keys = pd.MultiIndex.from_frame(paid[["employee_id", "month"]])
    shipped = sums.reindex(keys).fillna(0).to_numpy(dtype=float)
    hired = company.employees.set_index("employee_id")["hired_on"]
    since = paid["month"] - paid["employee_id"].map(hired)
    return pd.DataFrame(
        {
            "employee_id": paid["employee_id"].to_numpy(),
            "month": paid["month"].to_numpy(),
            "turnover": shipped[:, 0],
            "gp": shipped[:, 1],
            "worked": paid["worked"].to_numpy(),
            "ramp": (since.dt.days < RAMP_DAYS).to_numpy(),
        }
    )


def _month(days: np.ndarray) -> np.ndarray:
    return days.astype("datetime64[M]").astype("datetime64[s]")


def counted(company: Company, months: Months | Sequence, worked: float = FULL) -> pd.DataFrame:
    """Person-months after the ramp in which the seller worked at least this share."""
    table = book(company)
    wanted = the_months(months)
    if wanted is not None:
        table = table[np.isin(table["month"].to_numpy(), wanted)]
    if not len(table):
        raise StudentError("За эти месяцы зарплаты в данных нет.")
    return table[(table["worked"].to_numpy() >= worked) & ~table["ramp"].to_numpy()]


def usual(company: Company, months: Months | None = None) -> pd.DataFrame:
    """Typical turnover and GP by seller's id: median of six, whole months, after the ramp."""
    months = full_months(company, LAST) if months is None else months
    return company.memo(("ladder.usual", tuple(months)), lambda: _usual(company, months, FULL))


def _usual(company: Company, months: Months, worked: float, how: str = "median") -> pd.DataFrame:
    table = counted(company, months, worked)
    groups = table.groupby("employee_id")[["turnover", "gp"]]
    size = groups.size()
    out = groups.agg(how)[size >= min(ENOUGH, len(months))]
    out["margin"] = np.where(out["turnover"] > 0, 100 * out["gp"] / out["turnover"], np.nan)
    out["months"] = size
    return out


@working(
    pandas=(
        "orders = company.orders\n"
        "month = orders['shipped_at'].dt.to_period('M')\n"
        "book = orders.groupby(['owner_id', month])[['revenue', 'gp']].sum()\n"
        "# оставить полные месяцы после ввода, затем по продавцам .median()"
    ),
    excel=(
        "Сводная: продавцы в строки, месяцы отгрузки в столбцы, суммы выручки и ВП; "
        "неполные месяцы сотрите, рядом МЕДИАНА."
    ),
)
def typical(company: Company, months: Months, worked: float, how: str) -> pd.DataFrame:
    """Какой месяц для продавца обычный: оборот и ВП по отгрузке.

    Первые четыре месяца после приёма — ввод, их не считаем никогда. Тех, у кого осталось
    меньше трёх месяцев, в таблице нет.

    Parameters
    ----------
    months : месяцы, обычно `motivation.full_months(company, 6)`
    worked : какую долю месяца надо отработать, чтобы он считался полным: от 0 до 1
    how : `"median"` — медиана, `"mean"` — среднее, `"max"` — лучший месяц

    Returns
    -------
    Строка — продавец. turnover и gp — оборот и ВП обычного месяца, ₽; margin — ВП в обороте,
    %; months — сколько месяцев посчитано.

    Raises
    ------
    StudentError
        Не тот способ, доля не от 0 до 1 или месяцев в данных нет.

    Examples
    --------
    >>> company = Company.load("demo")
    >>> rows = typical(company, motivation.full_months(company, 6), 0.6, "median")
    >>> list(rows.columns)
    ['turnover', 'gp', 'margin', 'months']

    Метод: DOMAIN, M46.
    """
    how = {caption: key for key, caption in HOW.items()}.get(how, how)
    if how not in HOW:
        given = clean(str(how), 40)
        raise StudentError(f"Нет способа «{given}». Есть {', '.join(HOW)}.{nearest(given, HOW)}")
    out = _usual(company, list(the_months(months)), fraction(worked), how)
    out.index = pd.Index(labels(company, out.index), name="who")
    captions = {
        "who": "Продавец",
        "turnover": "Оборот",
        "gp": "ВП",
        "margin": "ВП в обороте",
        "months": "Месяцев",
    }
    return captioned(out, captions, turnover="₽", gp="₽", margin="%")


def fraction(worked: float) -> float:
    """A share of a month as a student gives it."""
    return share(worked, "Долю месяца пишем от 0 до 1, например 0.6, а не «{}».")


def placed(company: Company) -> dict[int, str]:
    """Those with a typical month, by id: whom the ladder is about."""

    def make() -> dict[int, str]:
        ids = [int(i) for i in usual(company).index]
        return dict(zip(ids, labels(company, ids), strict=True))

    return company.memo("ladder.placed", make)
