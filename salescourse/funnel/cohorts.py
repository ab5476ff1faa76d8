"""Conversion by cohorts and by stages."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salescourse.funnel.leads import PAID, cohorts_of, share, table
from salescourse.measures import Months, captioned, last_mature_month, working
from salescourse.schema import STAGES

if TYPE_CHECKING:
    from salescourse.company import Company


@working(
    pandas=(
        "rows = funnel.reached(company)\n"
        'rows = rows[rows["month"].isin(months)]\n'
        '100 * (rows["reached"] == 4).mean()'
    ),
    excel="=СЧЁТЕСЛИМН(месяц; …; дошёл; 4) / СЧЁТЕСЛИМН(месяц; …)",
)
def conversion(company: Company, months: Months | None = None) -> float:
    """Какая доля лидов этих месяцев хоть когда-нибудь оплатила, %.

    Parameters
    ----------
    months : месяцы создания, обычно `measures.mature(company, 6)`;
        без них — все, вместе с незрелыми

    Examples
    --------
    >>> company = Company.load("demo")
    >>> 0 < conversion(company, measures.mature(company, 6)) < 100
    True

    Метод: конверсия когорты, DOMAIN §2.2.
    """
    stage = cohorts_of(company, months)["reached"].to_numpy()
    return share(int((stage == PAID).sum()), len(stage))


@working(
    pandas=(
        "rows = funnel.reached(company)\n"
        'rows = rows[rows["month"].isin(months)]\n'
        'count = pd.Series({этап: (rows["reached"] >= n).sum() for n, этап in enumerate(этапы)})\n'
        "100 * count / count.shift()"
    ),
    excel="=СЧЁТЕСЛИ(дошёл; «>=2») / СЧЁТЕСЛИ(дошёл; «>=1») — и так по каждому этапу.",
)
def stages(company: Company, months: Months | None = None) -> pd.DataFrame:
    """Сколько лидов дошло до каждого этапа и какая доля от предыдущего.

    Дошёл — хоть раз вошёл на этап или на более поздний, по истории этапов.

    Parameters
    ----------
    months : месяцы создания; без них — все, вместе с незрелыми

    Returns
    -------
    Строка — этап. reached — сколько лидов дошло; conversion — доля от дошедших до
    предыдущего этапа, %; у первого этапа её нет.

    Examples
    --------
    >>> list(stages(Company.load("demo")).columns)
    ['reached', 'conversion']

    Метод: «хоть раз дошёл», DOMAIN §2.2, M16.
    """
    counts = counts_of(cohorts_of(company, months)["reached"].to_numpy())
    steps = [float("nan"), *(share(b, a) for a, b in pairwise(counts))]
    rows = pd.DataFrame(
        {"reached": counts, "conversion": steps}, index=pd.Index(STAGES, name="Этап")
    )
    captions = {"reached": "Дошло лидов", "conversion": "От предыдущего этапа"}
    return captioned(rows, captions, conversion="%")


def counts_of(stage: np.ndarray) -> np.ndarray:
    """How many got to each stage or further."""
    return np.bincount(stage, minlength=len(STAGES))[::-1].cumsum()[::-1]


@working(
    pandas=(
        "rows = funnel.reached(company)\n"
        'leads = rows.groupby("month").size()\n'
        'ratio = 100 * rows.groupby("paid_month").size() / leads\n'
        'cohort = 100 * rows[rows["reached"] == 4].groupby("month").size() / leads'
    ),
    excel=(
        "Две сводные: оплаты по месяцу оплаты и лиды по месяцу создания — их отношение; "
        "и доля дошедших до оплаты по месяцу создания."
    ),
)
def by_month(company: Company) -> pd.DataFrame:
    """Два расчёта рядом: оплаты месяца к лидам того же месяца и конверсия когорты.

    Returns
    -------
    Строка — месяц. leads — лидов создано; ratio — оплат в этом месяце к лидам этого месяца, %;
    cohort — доля лидов этого месяца, оплативших к дате выгрузки, %; open — доля ещё открытых, %;
    mature — зрелый ли месяц.

    Examples
    --------
    >>> bool(by_month(Company.load("demo"))["mature"].iloc[-1])
    False

    Метод: DOMAIN §1 п. 4 и §2.2.
    """
    rows = table(company)
    months = np.unique(rows["month"].to_numpy())
    place = np.searchsorted(months, rows["month"].to_numpy())
    stage, status = rows["reached"].to_numpy(), rows["status"]
    n = len(months)
    leads = np.bincount(place, minlength=n)
    paid_month = rows["paid_month"].to_numpy()
    paid = paid_month[~np.isnat(paid_month)]
    known = paid[np.isin(paid, months)]
    payments = np.bincount(np.searchsorted(months, known), minlength=n)
    out = pd.DataFrame(
        {
            "leads": leads,
            "ratio": 100 * payments / leads,
            "cohort": 100 * np.bincount(place[stage == PAID], minlength=n) / leads,
            "open": 100 * np.bincount(place[(status == "открыта").to_numpy()], minlength=n) / leads,
            "mature": months <= last_mature_month(company).to_datetime64(),
        },
        index=pd.DatetimeIndex(months, name="month"),
    )
    captions = {
        "month": "Месяц",
        "leads": "Лидов",
        "ratio": "Оплаты месяца / лиды месяца",
        "cohort": "Конверсия когорты",
        "open": "Ещё открыто",
        "mature": "Зрелый",
    }
    return captioned(out, captions, ratio="%", cohort="%", open="%")


@working(
    pandas=(
        "rows = funnel.reached(company)\n"
        'rows = rows[rows["month"].isin(months)]\n'
        'rows["standing"].value_counts()   # где стоит сейчас\n'
        'rows["reached"].value_counts()    # до чего дошла'
    ),
    excel="Сводная по «Этап сейчас» и рядом сводная по самому дальнему этапу.",
)
def reached_against_current(company: Company, months: Months | None = None) -> pd.DataFrame:
    """Сколько сделок стоит на этапе сейчас и сколько хоть раз до него дошло.

    Parameters
    ----------
    months : месяцы создания; без них — все

    Returns
    -------
    Строка — этап, последняя — «Отложено». current — стоит сейчас, вместе с потерянными,
    которые на нём остались; reached — дошло хоть раз; у стоянки этого числа нет.

    Examples
    --------
    >>> reached_against_current(Company.load("demo")).index[-1]
    'Отложено'
    """
    rows = cohorts_of(company, months)
    now = rows["standing"].value_counts()
    names = [*STAGES, "Отложено"]
    counts = [*counts_of(rows["reached"].to_numpy()), pd.NA]
    out = pd.DataFrame(
        {
            "current": [int(now.get(name, 0)) for name in names],
            "reached": pd.array(counts, dtype="Int64"),
        },
        index=pd.Index(names, name="Этап"),
    )
    return captioned(out, {"current": "Стоит сейчас", "reached": "Дошло хоть раз"})
