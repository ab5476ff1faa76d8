"""Who goes up: the norms of the next rung held quarter after quarter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salescourse.errors import StudentError
from salescourse.ladder.months import counted, usual
from salescourse.ladder.rungs import Ladder, given
from salescourse.measures import captioned, working
from salescourse.motivation.history import FULL, full_months
from salescourse.motivation.people import labels
from salescourse.schema import GRADES

if TYPE_CHECKING:
    from salescourse.company import Company

QUARTER = 3  # full months in a row, counted back from the last one
ENOUGH = 2  # of them that a seller must have worked whole
NOW, NEXT, EARLY, TOP = "сейчас", "через квартал", "рано", "верхняя ступень"


def by_quarter(company: Company, last: int) -> list[pd.DataFrame]:
    """Typical month of each of the last quarters by id, the latest first; too short ones NaN."""
    return company.memo(("ladder.quarters", last), lambda: _quarters(company, last))


def _quarters(company: Company, last: int) -> list[pd.DataFrame]:
    ids = usual(company).index
    months = full_months(company, QUARTER * last)
    made = []
    for k in range(last):
        own = months[len(months) - QUARTER * (k + 1) : len(months) - QUARTER * k]
        groups = counted(company, own, FULL).groupby("employee_id")[["turnover", "gp"]]
        made.append(groups.median()[groups.size() >= ENOUGH].reindex(ids))
    return made


@working(
    pandas=(
        "last, before = months[-3:], months[-6:-3]\n"
        "ladder.typical(company, last, 0.6, 'median')\n"
        "ladder.typical(company, before, 0.6, 'median')"
    ),
    excel="МЕДИАНА трёх последних полных месяцев и рядом — трёх до них, строка на продавца.",
)
def quarters(company: Company, last: int) -> pd.DataFrame:
    """Обычный месяц каждого из последних кварталов: оборот и ВП.

    Квартал здесь — три полных месяца подряд, считая назад от последнего полного. У кого в
    квартале меньше двух отработанных месяцев, у того за него пусто.

    Parameters
    ----------
    last : сколько кварталов

    Returns
    -------
    Строка — продавец. grade — ступень сейчас; turnover_1 и gp_1 — последний квартал,
    turnover_2 и gp_2 — предыдущий и так далее, ₽ в месяц.

    Raises
    ------
    StudentError
        `last` — не целое число от 1, или столько месяцев в данных нет.

    Examples
    --------
    >>> list(quarters(Company.load("demo"), 2).columns)
    ['grade', 'turnover_1', 'gp_1', 'turnover_2', 'gp_2']

    Метод: DOMAIN, M46.
    """
    if type(last) is not int or last < 1:
        raise StudentError(f"Сколько кварталов? Нужно целое число, например 2, а не «{last}».")
    tables = by_quarter(company, last)
    ids = tables[0].index
    made = {"grade": _grades(company, ids)}
    captions = {"who": "Продавец", "grade": "Ступень"}
    for k, table in enumerate(tables, 1):
        when = "последний квартал" if k == 1 else f"{k - 1} кв. назад"
        for column, word in (("turnover", "Оборот"), ("gp", "ВП")):
            made[f"{column}_{k}"] = table[column].to_numpy()
            captions[f"{column}_{k}"] = f"{word}, {when}"
    out = pd.DataFrame(made, index=pd.Index(labels(company, ids), name="who"))
    return captioned(out, captions, **{name: "₽" for name in made if name != "grade"})


def _grades(company: Company, ids: pd.Index) -> np.ndarray:
    grade = company.employees.set_index("employee_id")["grade"]
    return grade.reindex(ids).astype(object).to_numpy()


def verdicts(company: Company, rungs: Ladder) -> pd.Series:
    """«сейчас», «через квартал» or «рано» for each placed seller, by id."""
    tables = by_quarter(company, rungs.quarters)
    ids = tables[0].index
    out = []
    for who, grade in zip(ids, _grades(company, ids), strict=True):
        here = GRADES.index(grade) if grade in GRADES else 0
        if here == len(rungs.rungs) - 1:
            out.append(TOP)
            continue
        above = rungs.rungs[here + 1]
        held = [
            bool(t.loc[who, "turnover"] >= above.turnover and t.loc[who, "gp"] >= above.gp)
            for t in tables
        ]
        out.append(NOW if all(held) else NEXT if all(held[:-1]) and held[:-1] else EARLY)
    return pd.Series(out, index=ids)


@working(
    pandas=(
        "rows = ladder.quarters(company, 2)\n"
        "last = (rows['turnover_1'] >= оборот) & (rows['gp_1'] >= ВП)\n"
        "before = (rows['turnover_2'] >= оборот) & (rows['gp_2'] >= ВП)\n"
        "rows[last & before], rows[last & ~before]"
    ),
    excel="=ЕСЛИ(И(последний>=норма; предыдущий>=норма); «сейчас»; ЕСЛИ(последний>=норма; …))",
)
def promotion(company: Company, rungs: Ladder) -> pd.DataFrame:
    """Кого поднимаем сейчас, кого — через квартал, если удержит.

    Сравниваем с нормами ступени над той, на которой человек числится.

    Parameters
    ----------
    rungs : лестница

    Returns
    -------
    Строка — продавец. grade — ступень сейчас; verdict — «сейчас»: держит нормы следующей
    столько кварталов подряд, сколько велит лестница; «через квартал»: не хватает последнего;
    «рано» — остальные.

    Examples
    --------
    >>> company = Company.load("demo")
    >>> "verdict" in promotion(company, ladder.draft(company))
    True

    Метод: DOMAIN, M46.
    """
    found = verdicts(company, given(rungs))
    out = pd.DataFrame(
        {"grade": _grades(company, found.index), "verdict": found.to_numpy()},
        index=pd.Index(labels(company, found.index), name="who"),
    )
    return captioned(out, {"who": "Продавец", "grade": "Ступень", "verdict": "Поднимаем"})
