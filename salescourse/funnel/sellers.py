"""Sellers side by side: by source, on an equal mix, and the pair that the mix turns over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salescourse.errors import StudentError
from salescourse.funnel.leads import PAID, cohorts_of, share
from salescourse.funnel.people import names, person
from salescourse.measures import Months, captioned, mature_months, working

if TYPE_CHECKING:
    from salescourse.company import Company

ALL = "все лиды"
ENOUGH = 100  # leads that a seller of the pair must have had
APART = 1.0  # p.p. between the two after standardising, and between raw and standardised


@working(
    pandas=(
        "rows = funnel.reached(company)\n"
        'rows = rows[rows["month"].isin(months)]\n'
        'rows["paid"] = rows["reached"] == 4\n'
        '100 * rows.pivot_table(index="source", columns="owner_id", values="paid", observed=True)'
    ),
    excel="Сводная: источник в строки, продавец в столбцы, среднее по «оплачено» в значения.",
)
def by_source(
    company: Company, owners: Sequence[object], months: Months | None = None
) -> pd.DataFrame:
    """Конверсия лид → оплата выбранных продавцов: по всем лидам и внутри каждого источника.

    Parameters
    ----------
    owners : продавцы, фамилии или номера
    months : месяцы создания; без них — все

    Returns
    -------
    Строка — источник, первая — «все лиды». Столбцы двухэтажные: `conversion` (%) и `leads`
    по номеру сотрудника. Источников, которых нет ни у кого из них, в таблице нет.

    Examples
    --------
    >>> company = Company.load("demo")
    >>> by_source(company, funnel.simpson_pair(company)).index[0]
    'все лиды'

    Метод: DOMAIN, M19.
    """
    chosen = [person(company, who) for who in owners]
    if not chosen:
        raise StudentError("Назовите хотя бы одного продавца.")
    rows = cohorts_of(company, months)
    sources = list(rows["source"].cat.categories)
    blocks: dict[tuple[str, int], list[float]] = {}
    for who in chosen:
        own = rows["owner_id"].to_numpy() == who
        code = rows["source"].array.codes[own].astype(np.int64)
        paid = rows["reached"].to_numpy()[own] == PAID
        n = np.bincount(code, minlength=len(sources))
        k = np.bincount(code[paid], minlength=len(sources))
        cells = [(k.sum(), n.sum()), *zip(k, n, strict=True)]
        blocks["conversion", who] = [share(int(a), int(b)) for a, b in cells]
        blocks["leads", who] = [int(b) for _, b in cells]
    out = pd.DataFrame(blocks, index=pd.Index([ALL, *sources], name="Источник"))
    out = out[["conversion", "leads"]]
    out = out[out["leads"].sum(axis=1) > 0]
    labels = names(company)
    captions = {"conversion": "конверсия", "leads": "лидов"} | {i: labels[i] for i in chosen}
    return captioned(out, captions, conversion="%")


@working(
    pandas=(
        "rows = funnel.reached(company)\n"
        'rows = rows[rows["month"].isin(months)]\n'
        'weights = rows["source"].value_counts(normalize=True)\n'
        'inside = (rows["reached"] == 4).groupby([rows["owner_id"], rows["source"]],'
        " observed=True).mean().unstack()\n"
        "100 * (inside * weights).sum(axis=1)"
    ),
    excel="Конверсия продавца по источникам × доля источника во всей компании: СУММПРОИЗВ.",
)
def standardised(company: Company, months: Months | None = None) -> pd.DataFrame:
    """Какой была бы конверсия каждого продавца при одинаковом составе лидов, как у фирмы.

    Внутри каждого источника — конверсия самого продавца, веса источников — всей компании.
    «Не указан» — такой же источник. Источник, по которому у продавца лидов не было, из его
    весов исключаем.

    Parameters
    ----------
    months : месяцы создания; без них — все

    Returns
    -------
    Строка — продавец. owner_id — номер; leads — лидов; raw — конверсия как есть, %;
    standardised — при равном составе, %.

    Examples
    --------
    >>> list(standardised(Company.load("demo")).columns)
    ['owner_id', 'leads', 'raw', 'standardised']

    Метод: прямая стандартизация, DOMAIN, M19.
    """
    rows = cohorts_of(company, months)
    labels = names(company)
    keys = list(labels)
    source = rows["source"].array.codes.astype(np.int64)
    width = len(rows["source"].cat.categories)
    cell = np.searchsorted(keys, rows["owner_id"].to_numpy()) * width + source
    size = len(keys) * width
    n = np.bincount(cell, minlength=size).reshape(-1, width)
    paid = rows["reached"].to_numpy() == PAID
    k = np.bincount(cell[paid], minlength=size).reshape(-1, width)
    known = n > 0
    weight = np.where(known, n.sum(0), 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        inside = np.where(known, k / np.maximum(n, 1), 0.0)
        equal = 100 * (inside * weight).sum(1) / weight.sum(1)
        raw = 100 * k.sum(1) / n.sum(1)
    out = pd.DataFrame(
        {"owner_id": keys, "leads": n.sum(1), "raw": raw, "standardised": equal},
        index=pd.Index([labels[key] for key in keys], name="Продавец"),
    )
    captions = {
        "owner_id": "Номер",
        "leads": "Лидов",
        "raw": "Конверсия как есть",
        "standardised": "При равном составе лидов",
    }
    return captioned(out[out["leads"] > 0], captions, raw="%", standardised="%")


@working(
    pandas=(
        "rows = funnel.standardised(company, months)\n"
        "# двое, у кого порядок по raw и по standardised противоположный"
    ),
    excel="Два ранга рядом: по конверсии как есть и при равном составе; ищем, где они спорят.",
)
def simpson_pair(company: Company, months: Months | None = None) -> tuple[int, int]:
    """Двое, кого состав лидов меняет местами; по порядку номеров.

    У одного выше конверсия по всем лидам, у другого — при равном составе. Из таких пар
    берём ту, где впереди по всем лидам самый сильный с виду.

    Parameters
    ----------
    months : месяцы создания; без них — все зрелые

    Raises
    ------
    StudentError
        Такой пары в компании нет.

    Examples
    --------
    >>> len(simpson_pair(Company.load("demo")))
    2
    """
    pair = reversal(company, months)
    if pair is None:
        raise StudentError("В этой компании состав лидов никого не меняет местами.")
    return tuple(sorted(pair))


def reversal(company: Company, months: Months | None = None) -> tuple[int, int] | None:
    """(best by raw conversion, really better of the two), or None.

    Among sellers with `ENOUGH` leads: the first is the one of best raw conversion that has
    somebody below it by raw and above it by `APART` standardised; the second is the one of
    lowest raw conversion among those.
    """
    rows = standardised(company, mature_months(company) if months is None else months)
    rows = rows[rows["leads"] >= ENOUGH].sort_values("raw", ascending=False)
    rows = rows[(rows["raw"] - rows["standardised"]).abs() >= APART]
    key = rows["owner_id"].to_numpy()
    raw, equal = rows["raw"].to_numpy(), rows["standardised"].to_numpy()
    for i in range(len(key)):
        behind = [j for j in range(i + 1, len(key)) if equal[j] - equal[i] >= APART]
        if behind and raw[i] - raw[behind[-1]] >= APART:
            return int(key[i]), int(key[behind[-1]])
    return None
