"""Where the funnel leaks and what it costs: every stage of every seller and campaign.

A cell is a transition at one seller or one campaign. Its reference is the conversion that
all others have on the cell's own mix of sources; what is lost is counted to payment and in
gross profit (DOMAIN M16, IDENTIFIABILITY E2.4 and E2.5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salescourse.funnel.cells import (
    ENOUGH,
    SURE,
    cells,
    first_year_gp,
    mean_gp,
    month_count,
    one_cell,
    transition,
)
from salescourse.funnel.leads import cohorts_of, table
from salescourse.funnel.people import person
from salescourse.measures import Months, captioned, working

if TYPE_CHECKING:
    from salescourse.company import Company

__all__ = ["ENOUGH", "SURE", "in_money", "leaks", "place", "stage", "transition"]

CAPTIONS = {
    "transition": "Переход",
    "who": "Где",
    "n": "Дошло",
    "conversion": "Переходит",
    "reference": "У остальных",
    "gap": "Разрыв",
    "z": "Разрыв, ст. ошибок",
    "lost": "Теряем ВП в месяц",
}
UNITS = {"conversion": "%", "reference": "%", "gap": "п.п.", "lost": "₽"}
LINE = """
rows = funnel.reached(company)
rows = rows[rows["month"].isin(months) & (rows["reached"] >= номер_этапа)]
rows["passed"] = rows["reached"] > номер_этапа
own, rest = rows[rows["owner_id"] == кто], rows[rows["owner_id"] != кто]
usual = rest.groupby("source", observed=True)["passed"].mean()
gap = own["source"].map(usual).astype(float).mean() - own["passed"].mean()
"""


@working(
    pandas=LINE,
    excel=(
        "Сводная: источник в строки, продавец в столбцы, доля перешедших в значения. "
        "Конверсию остальных по источникам взвесьте лидами самого продавца: СУММПРОИЗВ."
    ),
)
def stage(company: Company, stage: str, by: str, months: Months | None) -> pd.DataFrame:
    """Один переход: как он проходит у каждого продавца или кампании и как у остальных.

    «У остальных» — конверсия всех, кроме него самого, на его составе источников.
    Кампанию сравниваем с другой кампанией того же источника.

    Parameters
    ----------
    stage : этап, на который переходят («КП»), или переход целиком («Квалификация → КП»)
    by : `"owner_id"` — по продавцам, `"campaign"` — по кампаниям
    months : месяцы создания, обычно зрелые; `None` — все

    Returns
    -------
    Строка — продавец или кампания. n — сколько дошло до начала перехода; conversion — какая
    доля перешла, %; reference — сколько перешло бы, как у остальных, %; gap — разрыв, п.п.;
    z — разрыв в стандартных ошибках, от 2,5 — вряд ли случайность; lost — сколько ВП
    теряем в зрелый месяц, ₽ (минус — выигрываем).

    Raises
    ------
    StudentError
        Нет такого этапа или разреза.

    Examples
    --------
    >>> company = Company.load("demo")
    >>> months = measures.mature(company, 12)
    >>> list(stage(company, "КП", by="owner_id", months=months).columns)[:3]
    ['n', 'conversion', 'reference']

    Метод: прямая стандартизация по источнику, DOMAIN, M16.
    """
    rows = cells(company, by, months)
    rows = rows[rows["transition"] == transition(stage)]
    out = rows.set_index("who").drop(columns=["transition", "key"])
    return captioned(out, CAPTIONS, **UNITS)


@working(
    pandas=LINE
    + "lost = len(own) * gap * дальше_до_оплаты * средняя_ВП / len(months)  # по источникам",
    excel=(
        "Четыре множителя по каждой клетке: дошло × разрыв × доля оплат среди прошедших × "
        "средняя ВП; поделить на число месяцев."
    ),
)
def leaks(company: Company, by: str, months: Months | None) -> pd.DataFrame:
    """Карта потерь: каждый переход у каждого продавца или кампании, в рублях ВП в месяц.

    Потеря = дошло × (конверсия остальных на тех же источниках, без него самого − его
    конверсия) × доля оплат среди прошедших (по источникам, по всей компании) × средняя ВП
    оплаченной сделки по компании / число месяцев.

    Parameters
    ----------
    by : `"owner_id"` — по продавцам, `"campaign"` — по кампаниям
    months : месяцы создания, обычно зрелые; `None` — все

    Returns
    -------
    Строка — клетка: transition, who, key (номер сотрудника или кампания) и столбцы, как у
    `stage`. Клетка с n < 50 или z < 2,5 ничего не доказывает.

    Raises
    ------
    StudentError
        Нет такого разреза.

    Examples
    --------
    >>> company = Company.load("demo")
    >>> rows = leaks(company, by="campaign", months=measures.mature(company, 12))
    >>> set(rows["transition"]) == set(funnel.TRANSITIONS)
    True

    Метод: DOMAIN, M16.
    """
    return captioned(cells(company, by, months).copy(), CAPTIONS, **UNITS)


@working(
    pandas=(
        'row = funnel.stage(company, "КП", "owner_id", months).loc["Иванова\u00a0А.\u00a0П."]\n'
        'new = rows["gp"].sum() / len(months)   # ВП новых клиентов в месяц\n'
        '100 * row["lost"] / new'
    ),
    excel="Потеря в месяц / ВП первых покупок в месяц; и она же на ВП клиента за первый год.",
)
def in_money(company: Company, stage: str, who: object, months: Months | None) -> pd.DataFrame:
    """Много это или мало: потеря в одной клетке рядом с деньгами новых клиентов.

    Parameters
    ----------
    stage : этап, на который переходят, или переход целиком
    who : продавец (фамилия или номер) или кампания
    months : месяцы создания, обычно зрелые; `None` — все

    Returns
    -------
    Одна строка. lost — потеря ВП в месяц, ₽; new — ВП новых клиентов в месяц, ₽ (первые
    покупки лидов этих месяцев); share — потеря от ВП новых клиентов, %; clients — сколько
    клиентов в месяц не дошло; year — ВП клиента за первые 12 месяцев, ₽ (оплаченные заказы
    тех, кто пришёл по заявке больше года назад); lost_year — чего стоит месяц потерь за
    первые 12 месяцев этих клиентов, ₽.

    Examples
    --------
    >>> company = Company.load("demo")
    >>> who = company.leads["owner_id"].iloc[0]
    >>> len(in_money(company, "КП", who, measures.mature(company, 12)))
    1
    """
    by, key = place(company, who)
    cell = one_cell(company, transition(stage), by, key, months)
    lost = float(cell["lost"])
    new = float(cohorts_of(company, months)["gp"].sum()) / month_count(company, months)
    clients = lost / mean_gp(company)
    year = first_year_gp(company)
    out = pd.DataFrame(
        {
            "lost": [lost],
            "new": [new],
            "share": [100 * lost / new if new else float("nan")],
            "clients": [clients],
            "year": [year],
            "lost_year": [clients * year],
        },
        index=pd.Index([f"{cell['transition']}, {cell['who']}"], name="Где"),
    )
    captions = {
        "lost": "Теряем ВП в месяц",
        "new": "ВП новых клиентов в месяц",
        "share": "Доля от неё",
        "clients": "Клиентов в месяц не дошло",
        "year": "ВП клиента за первые 12 месяцев",
        "lost_year": "Потеря за их первые 12 месяцев",
    }
    money = dict.fromkeys(("lost", "new", "year", "lost_year"), "₽")
    return captioned(out, captions, share="%", **money)


def place(company: Company, who: object) -> tuple[str, object]:
    campaigns = [str(k) for k in table(company)["campaign"].dropna().unique()]
    if isinstance(who, str):
        known = {k.casefold(): k for k in campaigns}
        if who.strip().casefold() in known:
            return "campaign", known[who.strip().casefold()]
    return "owner_id", person(company, who)
