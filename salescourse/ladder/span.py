"""How many people one head can lead: the way up is as wide as that (DOMAIN, M43)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salescourse.errors import StudentError
from salescourse.ladder.typed import amount
from salescourse.measures import captioned, working
from salescourse.text import number

if TYPE_CHECKING:
    from salescourse.company import Company

PER_PERSON = 0.75 + 1.0 + 0.5  # hours a week: one-to-one, coaching, help with deals
OWN = 4.0 + 4.0  # meetings and reports
WEEK, HOURS = 40.0, 168  # a working week, and all of it
CALM, MOST = 5, 10  # direct reports


def hours(reports: int, own_sales: float = 0.0) -> float:
    """Hours a week that a head needs for so many direct reports."""
    return reports * PER_PERSON + OWN + own_sales


def advice(reports: int) -> str:
    """What the number of direct reports asks for."""
    if reports > MOST:
        return "делить сейчас: два руководителя групп"
    return "назначить старшего" if reports > CALM else "одного руководителя хватает"


@working(
    pandas="company.employees[company.employees['left_on'].isna()].groupby('manager_id').size()",
    excel="=СЧЁТЕСЛИМН(руководитель; номер; ушёл; «»)",
)
def span(company: Company, own_sales: float) -> pd.DataFrame:
    """Сколько у руководителя прямых подчинённых и хватает ли ему недели.

    На человека в неделю — 2,25 часа: беседа 0,75, обучение и прослушка 1, помощь в сделках 0,5.
    Ещё 4 часа совещаний и 4 часа отчётов. Считаем только прямых подчинённых.

    Parameters
    ----------
    own_sales : сколько часов в неделю руководитель продаёт сам

    Returns
    -------
    Строка — руководитель. reports — прямых подчинённых; hours — часов в неделю; spare —
    сколько остаётся от сорока; advice — что делать.

    Raises
    ------
    StudentError
        Часы — не число от 0.

    Examples
    --------
    >>> int(span(Company.load("demo"), 0)["reports"].max())
    13

    Метод: DOMAIN, M43.
    """
    own_sales = amount(own_sales, "own_sales")
    if own_sales > HOURS:
        raise StudentError(f"Часов в неделю — от 0 до {HOURS}, а не «{number(own_sales)}».")
    staff = company.employees[company.employees["left_on"].isna()]
    count = staff[staff["manager_id"].notna()].groupby("manager_id").size()
    fio = company.employees.set_index("employee_id")["fio"]
    out = pd.DataFrame(
        {
            "reports": count.to_numpy(),
            "hours": [hours(int(n), own_sales) for n in count],
            "spare": [WEEK - hours(int(n), own_sales) for n in count],
            "advice": [advice(int(n)) for n in count],
        },
        index=pd.Index([str(fio.get(int(i), i)) for i in count.index], name="head"),
    )
    captions = {
        "head": "Руководитель",
        "reports": "Прямых подчинённых",
        "hours": "Часов в неделю",
        "spare": "Остаётся из 40",
        "advice": "Что делать",
    }
    return captioned(out, captions, hours="ч", spare="ч")
