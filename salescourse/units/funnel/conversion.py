"""Tasks 1 and 2: conversion by mature cohorts, and a month that only seems good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salescourse import funnel, measures
from salescourse.answers import Absolute, Choice, Number, Parts
from salescourse.funnel.leads import PAID, cohorts_of, share, table
from salescourse.tasks import Mistake, Task
from salescourse.text import month_name, number, percent, plural
from salescourse.units.funnel.period import CLEAN, calendar

if TYPE_CHECKING:
    from salescourse.company import Company

COUNTS = {3: "три", 4: "четыре", 5: "пять", 6: "шесть"}
APART = 0.6  # p.p. between the conversion of mature and of last calendar months: two tolerances
WARM_UP = 3  # first months of the data, whose payments come from leads that are not in it
HIGH, USUAL, JUMP = 1.12, 1.20, 1.0  # E2.2: ratio to its median, cohort to the pooled, p.p. apart


# funnel-1 -------------------------------------------------------------------------------------


def months_asked(company: Company) -> int:
    """How many mature months task 1 asks for: the most from which the young ones differ."""

    def make() -> int:
        known = measures.mature_months(company)
        for last in (6, 5, 4):
            young = funnel.conversion(company, calendar(company, last))
            if abs(young - funnel.conversion(company, known[-last:])) >= APART:
                return last
        return 3

    return company.memo("funnel-1.months", make)


def _asked(company: Company) -> list[pd.Timestamp]:
    return measures.mature_months(company)[-months_asked(company) :]


def cohort_conversion(company: Company) -> float:
    """Leads of the months asked that ever paid, as a share of these leads, %."""
    return funnel.conversion(company, _asked(company))


def _immature(company: Company) -> float:
    return funnel.conversion(company, calendar(company, months_asked(company)))


def _same_month(company: Company) -> float:
    months = np.array(_asked(company), dtype="datetime64[s]")
    rows = table(company)
    paid = np.isin(rows["paid_month"].to_numpy(), months).sum()
    return share(int(paid), int(np.isin(rows["month"].to_numpy(), months).sum()))


def _of_qualified(company: Company) -> float:
    stage = cohorts_of(company, _asked(company))["reached"].to_numpy()
    return share(int((stage == PAID).sum()), int((stage > 0).sum()))


def _explain_conversion(company: Company) -> str:
    rows = cohorts_of(company, _asked(company))
    paid = int((rows["reached"] == PAID).sum())
    last = months_asked(company)
    return (
        f"{COUNTS[last].capitalize()} {plural(last, 'зрелый', 'зрелых', 'зрелых')} "
        f"{plural(last, 'месяц', 'месяца', 'месяцев')}, {number(len(rows))} "
        f"{plural(len(rows), 'лид', 'лида', 'лидов')}, {number(paid)} "
        f"{plural(paid, 'оплата', 'оплаты', 'оплат')}."
    )


CONVERSION = Task(
    id="funnel-1",
    title="Конверсия лид → оплата",
    question=(
        "Какая доля лидов доходит до оплаты? Возьмите последние **зрелые** месяцы (сколько — "
        f"сказано ниже) и посмотрите, сколько из их лидов хоть когда-нибудь оплатили.\n\n{CLEAN}"
        "\n\nОтвет в процентах, до десятых; засчитываем ± 0,3 п.п."
    ),
    kind=Number("%", Absolute(0.3)),
    truth=cohort_conversion,
    estimator="когда-либо оплатившие / все лиды последних k зрелых месяцев, k из details",
    mistakes=(
        Mistake(
            "immature",
            _immature,
            "Похоже, вы взяли последние месяцы вместе с незрелыми. Сделки там ещё открыты: они не "
            "потеряны, просто не решились. Отступите до последнего зрелого месяца.",
        ),
        Mistake(
            "of-qualified",
            _of_qualified,
            "Похоже, вы поделили оплаты на квалифицированных. Вопрос про все лиды: деньги на "
            "рекламу потрачены и на тех, кого отсеяли.",
        ),
        Mistake(
            "same-month",
            _same_month,
            "Похоже, вы поделили оплаты этих месяцев на лиды этих же месяцев. Платят в основном "
            "те, кто пришёл раньше. Возьмите лиды этих месяцев и доведите до конца именно их.",
            gated=False,
        ),
        Mistake(
            "all-months",
            lambda company: funnel.conversion(company, None),
            "Похоже, вы взяли все месяцы подряд. В начале — давно прошедшее, в конце — незрелые. "
            "Нужны только последние зрелые.",
            gated=False,
        ),
    ),
    hints=(
        "Числитель и знаменатель — одни и те же люди: лиды, созданные в этих месяцах.",
        "Сначала список последних зрелых месяцев, потом доля их лидов, дошедших до оплаты.",
        "funnel.conversion(company, measures.mature(company, ___))",
    ),
    points=3,
    source="DOMAIN §2.2; IDENTIFIABILITY §4, E2.1",
    details=lambda company: (
        f"Возьмите **{COUNTS[months_asked(company)]}** "
        f"{plural(months_asked(company), 'последний', 'последних', 'последних')} "
        f"{plural(months_asked(company), 'зрелый', 'зрелых', 'зрелых')} "
        f"{plural(months_asked(company), 'месяц', 'месяца', 'месяцев')}."
    ),
    explain=_explain_conversion,
)


# funnel-2 -------------------------------------------------------------------------------------


def months_known(company: Company) -> pd.DataFrame:
    """Mature months whose payments mostly come from leads in the data."""
    rows = company.memo("funnel-2.by_month", lambda: funnel.by_month(company))
    rows = rows[rows["mature"].to_numpy()]
    return rows.iloc[WARM_UP:] if len(rows) > WARM_UP else rows


def month_asked(company: Company) -> pd.Timestamp:
    """The month that seems best: payments to leads of the month furthest above its cohort.

    Only months whose ratio stands out and whose own cohort is ordinary: see `HIGH`, `USUAL`.
    """

    def make() -> pd.Timestamp:
        rows = months_known(company)
        striking = rows["ratio"] >= HIGH * rows["ratio"].median()
        ordinary = rows["cohort"] <= USUAL * pooled(company)
        rows = rows[striking & ordinary] if (striking & ordinary).any() else rows
        return (rows["ratio"] - rows["cohort"]).idxmax()

    return company.memo("funnel-2.month", make)


def pooled(company: Company) -> float:
    """Conversion of all mature months together, %."""
    return company.memo(
        "funnel-2.pooled",
        lambda: funnel.conversion(company, measures.mature_months(company)),
    )


def month_verdict(company: Company) -> dict[str, object]:
    """Whether the month sold better, and the conversion of its own cohort, %."""
    cohort = float(months_known(company)["cohort"][month_asked(company)])
    return {
        "вывод": "mirage" if cohort <= USUAL * pooled(company) else "better",
        "когорта": cohort,
    }


def _ratio(company: Company) -> float:
    return float(months_known(company)["ratio"][month_asked(company)])


def _month_details(company: Company) -> str:
    rows, month = months_known(company), month_asked(company)
    usual = float(rows["ratio"].median())
    return (
        f"Месяц — **{month_name(month)}**. Лидов в нём {number(rows['leads'][month])}, оплат к "
        f"лидам того же месяца {percent(rows['ratio'][month])}; в обычный месяц — "
        f"{percent(usual)}."
    )


def _explain_month(company: Company) -> str:
    rows, month = months_known(company), month_asked(company)
    quiet = float(rows["leads"].median())
    return (
        f"Лидов в этот месяц {number(rows['leads'][month])} против обычных {number(quiet)}, а "
        f"платили пришедшие раньше. Вся фирма за зрелые месяцы — {percent(pooled(company))}."
    )


MONTH = Task(
    id="funnel-2",
    title="Месяц, когда «конверсия» подскочила",
    question=(
        "В одном месяце отношение «оплаты месяца / лиды месяца» заметно выше обычного. Какой это "
        "месяц и какое отношение, сказано ниже. Отдел стал лучше продавать?\n\n"
        "- **вывод** — один из вариантов ниже;\n"
        "- **когорта** — какая доля лидов **этого** месяца в итоге оплатила, в процентах, "
        f"± 0,3 п.п.\n\n{CLEAN}"
    ),
    kind=Parts(
        {
            "вывод": (
                Choice(
                    (
                        ("better", "Отдел стал продавать лучше"),
                        ("quality", "Пришли лиды лучше обычных"),
                        (
                            "mirage",
                            "Рост мнимый: платят по лидам прошлых месяцев, а делим на лиды этого",
                        ),
                        ("unknown", "Судить рано: сделки этого месяца ещё открыты"),
                    )
                ),
                1,
            ),
            "когорта": (Number("%", Absolute(0.3)), 1),
        }
    ),
    truth=month_verdict,
    estimator="конверсия когорты месяца; рост мнимый, если она не выше 1,2 общей по зрелым",
    mistakes=(
        Mistake(
            "ratio",
            lambda company: {"когорта": _ratio(company)},
            "Это оплаты месяца к лидам того же месяца — то самое отношение, которое подскочило. "
            "Нужна доля лидов этого месяца, оплативших когда угодно.",
        ),
        Mistake(
            "better",
            lambda company: _verdict(company, "better"),
            "Сравните с конверсией когорты: из лидов этого месяца оплатили не больше обычного. "
            "Премировать не за что.",
        ),
        Mistake(
            "quality",
            lambda company: _verdict(company, "quality"),
            "Будь лиды лучше, их доля оплат была бы выше обычной. Посмотрите на когорту месяца.",
        ),
        Mistake(
            "unknown",
            lambda company: _verdict(company, "unknown"),
            "Месяц зрелый: посмотрите в by_month столбцы «Ещё открыто» и «Зрелый». Судить можно.",
        ),
        Mistake(
            "pooled",
            lambda company: {"когорта": pooled(company)},
            "Похоже, это конверсия всех зрелых месяцев вместе. Нужна когорта одного месяца.",
            gated=False,
        ),
    ),
    hints=(
        "Спросите, кто эти люди: те, кто заплатил в этом месяце, и те, кто в нём пришёл.",
        "Найдите строку месяца в таблице по месяцам и сравните два столбца.",
        "funnel.by_month(company).loc[___]",
    ),
    points=2,
    source="DOMAIN §1 п. 4; IDENTIFIABILITY §4, E2.2",
    details=_month_details,
    explain=_explain_month,
)


def _verdict(company: Company, key: str) -> dict | None:
    return None if month_verdict(company)["вывод"] == key else {"вывод": key}


TASKS = (CONVERSION, MONTH)
