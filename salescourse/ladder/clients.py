"""Whose gross profit comes by itself, and who brings new clients."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salescourse.errors import StudentError
from salescourse.measures import Months, captioned, working
from salescourse.motivation.history import passing_orders, rows, the_months
from salescourse.motivation.people import labels

if TYPE_CHECKING:
    from salescourse.company import Company

YEAR = 12
PASSES = 60.0  # per cent of GP that only passes through: from here on a seller lives on his base
FEW = 0.5  # of the median number of new clients: fewer than that is «не приводит»


def sources(company: Company, months: Months) -> pd.DataFrame:
    """By seller's id: GP of paid orders, its share that passed through, new clients."""
    key = ("ladder.sources", tuple(the_months(months)))
    return company.memo(key, lambda: _make(company, months))


def _make(company: Company, months: Months) -> pd.DataFrame:
    orders, wanted = company.orders, the_months(months)
    month = orders["paid_at"].to_numpy().astype("datetime64[M]").astype("datetime64[s]")
    inside = np.isin(month, wanted)
    if not inside.any():
        raise StudentError("За эти месяцы оплаченных заказов в данных нет.")
    gp = orders["gp"].to_numpy(dtype=float)
    table = pd.DataFrame(
        {
            "employee_id": orders["owner_id"].to_numpy(),
            "gp": gp,
            "passed": gp * passing_orders(company),
            "new": ~orders["is_repeat"].to_numpy(dtype=bool),
        }
    )[inside]
    sums = table.groupby("employee_id").sum()
    there = rows(company)
    there = there[np.isin(there["month"].to_numpy(), wanted)]
    sums = sums.reindex(np.unique(there["employee_id"].to_numpy())).fillna(0)
    share = np.divide(100 * sums["passed"], sums["gp"].where(sums["gp"] > 0))
    return pd.DataFrame(
        {
            "gp": sums["gp"],
            "pass_through": share,
            "new": sums["new"].astype(int),
            "months": there.groupby("employee_id").size(),
        }
    )


@working(
    pandas=(
        "orders = company.orders[company.orders['paid_at'].between(начало, конец)]\n"
        "# проходной: повторный, не «от продавца», и клиенту 14 дней никто не звонил\n"
        "gp = orders.groupby('owner_id')['gp'].sum()\n"
        "orders[проходной].groupby('owner_id')['gp'].sum() / gp\n"
        "orders[~orders['is_repeat']].groupby('owner_id').size()"
    ),
    excel=(
        "К заказам — столбец «проходной»; СУММЕСЛИМН ВП по продавцу с ним и без; "
        "новые — СЧЁТЕСЛИМН по «Повторный = нет»."
    ),
)
def base_and_new(company: Company, months: Months) -> pd.DataFrame:
    """Кто живёт на базе, которую ему дали, а кто приводит новых клиентов.

    Проходной заказ: повторный, клиент обратился сам, и за 14 дней до этого продавец ему не
    звонил, с ним не встречался и КП не слал. Новый клиент — первый заказ, оплаченный в эти месяцы.

    Parameters
    ----------
    months : месяцы, обычно `motivation.full_months(company, 12)`

    Returns
    -------
    Строка — продавец. gp — ВП по оплатам, ₽; pass_through — какая её часть проходная, %;
    new — новых клиентов; months — сколько из этих месяцев он работал.

    Raises
    ------
    StudentError
        За эти месяцы заказов нет.

    Examples
    --------
    >>> company = Company.load("demo")
    >>> rows = base_and_new(company, motivation.full_months(company, 12))
    >>> bool(rows["pass_through"].between(0, 100).all())
    True

    Метод: DOMAIN, M13 и M46.
    """
    out = sources(company, months).copy()
    out.index = pd.Index(labels(company, out.index), name="who")
    captions = {
        "who": "Продавец",
        "gp": "ВП",
        "pass_through": "Проходная часть ВП",
        "new": "Новых клиентов",
        "months": "Месяцев",
    }
    return captioned(out, captions, gp="₽", pass_through="%")
