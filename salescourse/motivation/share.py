"""What the pay of sellers takes of gross profit, and how much of it is the base."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salescourse.errors import StudentError, nearest
from salescourse.measures import Months, captioned, working
from salescourse.motivation.history import chosen
from salescourse.motivation.people import labels
from salescourse.text import clean

if TYPE_CHECKING:
    from salescourse.company import Company

CUTS = ("employee_id", "month")


@working(
    pandas=(
        "rows = company.payroll[company.payroll['month'].isin(months)]\n"
        "100 * rows['total'].sum() / rows['fact_gp'].sum()"
    ),
    excel="=СУММ(всего) / СУММ(ВП) по нужным месяцам; не СРЗНАЧ долей.",
)
def payroll_share(company: Company, months: Months | None) -> float:
    """Какую долю валовой прибыли забирает оплата продавцов, %.

    Сумма начисленного, делённая на сумму ВП. Среднее из долей людей или месяцев — другое
    число: в нём слабый месяц новичка весит столько же, сколько месяц лучшего продавца.
    Только продавцы, до налога, без взносов; ВП по оплатам.

    Parameters
    ----------
    months : месяцы, обычно `motivation.full_months(company, 12)`; `None` — все

    Raises
    ------
    StudentError
        За эти месяцы зарплаты или прибыли нет.

    Examples
    --------
    >>> company = Company.load("demo")
    >>> 0 < payroll_share(company, motivation.full_months(company, 12)) < 100
    True

    Метод: DOMAIN, M34.
    """
    rows = chosen(company, months)
    gp = rows["gp"].sum()
    if not gp > 0:
        raise StudentError("За эти месяцы валовой прибыли нет: делить не на что.")
    return float(100 * rows["total"].sum() / gp)


@working(
    pandas=(
        "rows = company.payroll[company.payroll['month'].isin(months)]\n"
        "sums = rows.groupby(by)[['total', 'fact_gp']].sum()\n"
        "100 * sums['total'] / sums['fact_gp']"
    ),
    excel="Сводная: люди или месяцы в строки, суммы «Всего» и «ВП» в значения, рядом их отношение.",
)
def payroll_shares(company: Company, by: str, months: Months | None) -> pd.DataFrame:
    """Доля оплаты в ВП по людям или по месяцам.

    Parameters
    ----------
    by : `"employee_id"` — по людям, `"month"` — по месяцам
    months : месяцы; `None` — все

    Returns
    -------
    Строка — человек или месяц. total — начислено, ₽; gp — ВП, ₽; share — доля, %;
    mix — доля оклада, %.

    Raises
    ------
    StudentError
        Нет такого разреза или месяцев.

    Examples
    --------
    >>> company = Company.load("demo")
    >>> len(payroll_shares(company, "month", motivation.full_months(company, 12)))
    12

    Метод: DOMAIN, M34.
    """
    if by not in CUTS:
        given = clean(str(by), 40)
        raise StudentError(f"Нет разреза «{given}». Есть {', '.join(CUTS)}.{nearest(given, CUTS)}")
    out = chosen(company, months).groupby(by)[["total", "base_paid", "gp"]].sum()
    positive = out["gp"] > 0
    out["share"] = np.where(positive, 100 * out["total"] / out["gp"].where(positive), np.nan)
    out["mix"] = 100 * out["base_paid"] / out["total"]
    out = out[["total", "gp", "share", "mix"]]
    if by == "employee_id":
        out.index = pd.Index(labels(company, out.index), name="who")
    captions = {
        "who": "Продавец",
        "month": "Месяц",
        "total": "Начислено",
        "gp": "ВП",
        "share": "Оплата в ВП",
        "mix": "Оклад в оплате",
    }
    return captioned(out, captions, total="₽", gp="₽", share="%", mix="%")


@working(
    pandas=(
        "rows = company.payroll[company.payroll['month'].isin(months)]\n"
        "100 * rows['base_paid'].sum() / rows['total'].sum()"
    ),
    excel="=СУММ(оклад) / СУММ(всего)",
)
def mix(company: Company, months: Months | None) -> float:
    """Какую долю дохода составил оклад на деле, %.

    Examples
    --------
    >>> company = Company.load("demo")
    >>> 0 < mix(company, motivation.full_months(company, 12)) < 100
    True

    Метод: DOMAIN, M35.
    """
    rows = chosen(company, months)
    return float(100 * rows["base_paid"].sum() / rows["total"].sum())


@working(
    pandas=(
        "rows = company.payroll.merge(company.plans, on=['employee_id', 'month'])\n"
        "rate = rows['bonus_paid'].sum() / rows['fact_revenue'].sum()\n"
        "base = rows['base_paid'].sum()\n"
        "100 * base / (base + rate * rows['plan_revenue'].sum())"
    ),
    excel="Ставка = СУММ(бонус)/СУММ(выручка); оклад / (оклад + ставка * СУММ(план по обороту)).",
)
def mix_at_plan(company: Company, months: Months | None) -> float:
    """Какую долю дохода составил бы оклад, если бы каждый сделал ровно 100 % плана, %.

    Ставка — бонусы, делённые на выручку тех же месяцев.

    Examples
    --------
    >>> company = Company.load("demo")
    >>> 0 < mix_at_plan(company, motivation.full_months(company, 12)) < 100
    True

    Метод: DOMAIN, M35.
    """
    rows = chosen(company, months)
    plans = company.plans
    keys = pd.MultiIndex.from_frame(rows[["employee_id", "month"]])
    planned = plans.set_index(["employee_id", "month"])["plan_revenue"].reindex(keys)
    revenue = rows["revenue"].sum()
    if planned.isna().any() or not revenue > 0:
        raise StudentError("За эти месяцы не у всех есть план или нет выручки.")
    base = rows["base_paid"].sum()
    at_plan = rows["bonus_paid"].sum() / revenue * planned.sum()
    return float(100 * base / (base + at_plan))


@working(
    pandas=(
        "rows = company.payroll[company.payroll['month'].isin(months)]\n"
        "100 * rows['fact_gp'].sum() / rows['fact_revenue'].sum()"
    ),
    excel="=СУММ(ВП) / СУММ(выручка)",
)
def margin(company: Company, months: Months | None) -> float:
    """Маржа компании: какая доля выручки остаётся валовой прибылью, %.

    Сумма ВП, делённая на сумму выручки; по оплатам. Наценка — другое число: ВП к себестоимости.

    Examples
    --------
    >>> company = Company.load("demo")
    >>> 15 < margin(company, motivation.full_months(company, 12)) < 25
    True
    """
    rows = chosen(company, months)
    if not rows["revenue"].sum() > 0:
        raise StudentError("За эти месяцы выручки нет: делить не на что.")
    return float(100 * rows["gp"].sum() / rows["revenue"].sum())
