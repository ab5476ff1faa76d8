"""Tasks 1 to 3: conversion by mature cohorts, a month that only seems good, the stages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salescourse import funnel, measures
from salescourse.answers import Absolute, Choice, Number, Parts, Table
from salescourse.funnel import TRANSITIONS
from salescourse.funnel.cohorts import counts_of
from salescourse.funnel.reached import PAID, codes, cohorts_of, share, table
from salescourse.schema import STAGES
from salescourse.tasks import Mistake, Task
from salescourse.text import month_name, number, percent, plural
from salescourse.units.funnel.period import CLEAN, EVER, PERIOD, calendar, everything, period

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


# funnel-3 -------------------------------------------------------------------------------------


def stage_conversions(company: Company) -> dict[str, float]:
    """Of those who ever reached a stage, how many ever reached the next one, %."""
    return _steps(_counts(company, period(company)))


def _steps(counts: np.ndarray) -> dict[str, float]:
    pairs = zip(counts[1:], counts[:-1], strict=True)
    return dict(zip(TRANSITIONS, (share(int(b), int(a)) for b, a in pairs), strict=True))


def _counts(company: Company, months: list[pd.Timestamp]) -> np.ndarray:
    return counts_of(cohorts_of(company, months)["reached"].to_numpy())


def _standing(company: Company) -> np.ndarray:
    """How many deals stand on each of the main stages now."""
    rows = cohorts_of(company, period(company))
    place = codes(rows["standing"], STAGES)
    return np.bincount(place[place >= 0], minlength=len(STAGES))


def _current(company: Company) -> dict[str, float] | None:
    counts = _standing(company)
    return _steps(counts) if counts[:-1].all() else None


def _last(company: Company) -> dict[str, float]:
    return _steps(_standing(company)[::-1].cumsum()[::-1])


def _recorded(company: Company) -> dict[str, float] | None:
    """Only the entries that somebody recorded: a stage jumped over counts as not reached."""
    history = company.stage_history
    chosen = np.isin(history["deal_id"], cohorts_of(company, period(company))["deal_id"])
    place = codes(history["stage"], STAGES)
    entries = np.unique(np.stack([history["deal_id"], place])[:, chosen & (place >= 0)], axis=1)
    counts = np.bincount(entries[1], minlength=len(STAGES))
    return _steps(counts) if counts[:-1].all() else None


def _young(company: Company) -> dict[str, float]:
    return _steps(_counts(company, calendar(company, len(period(company)))))


def _of_all(company: Company) -> dict[str, float]:
    counts = _counts(company, period(company))
    return dict(zip(TRANSITIONS, (100 * counts[1:] / counts[0]).tolist(), strict=True))


def _inverted(company: Company) -> dict[str, float]:
    return {name: 100 - value for name, value in stage_conversions(company).items()}


def _explain_stages(company: Company) -> str:
    counts = [number(n) for n in _counts(company, period(company))]
    return f"Дошло по этапам: {', '.join(counts)}."


STAGE_TABLE = Task(
    id="funnel-3",
    title="Конверсия по этапам",
    question=(
        f"Постройте воронку всей фирмы за последние **{PERIOD} зрелых месяцев**: какая доля "
        "дошедших до этапа доходит до следующего? Четыре числа, по одному на переход.\n\n"
        f"{EVER}\n\n{CLEAN}\n\nОтвет в процентах, до десятых; засчитываем ± 0,4 п.п."
    ),
    kind=Table(TRANSITIONS, Number("%", Absolute(0.4))),
    truth=stage_conversions,
    estimator=f"дошедшие до следующего этапа / дошедшие до этапа, {PERIOD} зрелых месяцев",
    mistakes=(
        Mistake(
            "current",
            _current,
            "Похоже, вы поделили сделки, которые стоят на этапах сейчас. Кто ушёл дальше, на "
            "прежнем этапе уже не виден. Считайте всех, кто хоть раз до него дошёл.",
        ),
        Mistake(
            "of-all",
            _of_all,
            "Похоже, вы поделили каждый этап на все лиды. Делите на дошедших до предыдущего "
            "этапа: так видно, где именно теряют.",
        ),
        Mistake(
            "immature",
            _young,
            f"Похоже, вы взяли последние {PERIOD} месяцев вместе с незрелыми. Там сделки ещё идут, "
            "и поздние этапы выглядят хуже, чем есть. Возьмите зрелые.",
        ),
        Mistake(
            "lost",
            _inverted,
            "Похоже, это доля потерь на каждом переходе. Спрашивают, сколько переходит дальше.",
        ),
        Mistake(
            "last-stage",
            _last,
            "Похоже, вы судите по этапу, на котором сделка стоит сейчас. После отката или "
            "стоянки в «Отложено» он ниже того, до чего она дошла. Возьмите историю этапов.",
        ),
        Mistake(
            "recorded",
            _recorded,
            "Похоже, вы посчитали только записанные входы на этап. Кто перескочил через этап, тот "
            "его прошёл: считайте всех, кто дошёл до этого этапа или дальше.",
            gated=False,
        ),
        Mistake(
            "all-months",
            lambda company: _steps(_counts(company, everything(company))),
            f"Похоже, вы взяли все месяцы. Нужны последние {PERIOD} зрелых.",
            gated=False,
        ),
    ),
    hints=(
        "До каждого этапа дошли все, кто дошёл и до более поздних.",
        "Посчитайте дошедших до каждого этапа и поделите каждое число на предыдущее.",
        f"funnel.stages(company, measures.___(company, {PERIOD}))",
    ),
    points=3,
    source="DOMAIN, M16; IDENTIFIABILITY §4, E2.3",
    explain=_explain_stages,
)

TASKS = (CONVERSION, MONTH, STAGE_TABLE)
