"""The eight checks of a ladder, each with a sentence: DOMAIN, M46."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salescourse.errors import StudentError
from salescourse.ladder.leading import INDICATORS, RESULTS, SHARES, levels, proven
from salescourse.ladder.market import medians
from salescourse.ladder.months import LAST
from salescourse.ladder.rungs import KEYS, Ladder, given, places
from salescourse.ladder.typed import share
from salescourse.measures import captioned, working
from salescourse.motivation.history import payroll_cap
from salescourse.motivation.rules import Check, margin_of
from salescourse.motivation.target import BASE_SHARE
from salescourse.text import NBSP, money, number, percent, plural, points

if TYPE_CHECKING:
    from salescourse.company import Company

STEP = 1.10  # a norm against the one below: nearer ones an ordinary month jumps over [A]
AGREE = (0.85, 1.10)  # GP norm in turnover norm against the margin of the company [A]
MIX_WITHIN = 0.05
MARKET = (0.9, 1.15)  # income at the norm against the market: DOMAIN, M36
CROWD = 0.60  # of people on one rung
WITHIN = (0.40, 0.70)  # quantiles of people on the rung between which a threshold lies
ENOUGH = 2  # indicators a rung
IN_A_ROW, TOO_LONG = 2, 3  # quarters
ROUNDING = 5e-5


@working(
    pandas=(
        "income = base + bonus\n"
        "income / gp <= 0.10, abs(base / income - 0.40) <= 0.05  # и ещё шесть сравнений"
    ),
    excel="Лист с тремя ступенями и восемь ячеек ЕСЛИ под ними.",
)
def checks(company: Company, rungs: Ladder, cap: float | None = None) -> pd.DataFrame:
    """Восемь проверок лестницы на вашей компании, каждая со словами.

    1. Оборот, ВП и доход растут со ступени на ступень; норма ВП — хотя бы на 10 %; ВП и оборот
       говорят об одном: их отношение — от 0,85 до 1,10 маржи компании.
    2. Доход при норме — не больше предела от нормы ВП, на каждой ступени.
    3. Оклад — 40 ± 5 % дохода.
    4. Доход — 0,9–1,15 рынка своей ступени в своём городе.
    5. На каждой ступени кто-то есть, но не больше 60 % людей.
    6. На каждой ступени хотя бы два показателя, среди них нет результатов и есть опережающий.
    7. Каждый порог — между 40-м и 70-м процентилем людей этой ступени.
    8. Поднимают того, кто держит нормы два квартала подряд (три — тоже годится).

    Parameters
    ----------
    rungs : лестница
    cap : предел оплаты в ВП, доля; без него — предел вашей компании

    Returns
    -------
    Строка — проверка, от 1 до 8. name — о чём; passed — прошла ли; sentence — что это значит.

    Examples
    --------
    >>> company = Company.load("demo")
    >>> len(checks(company, ladder.draft(company)))
    8

    Метод: DOMAIN, M46.
    """
    rows = pd.DataFrame(
        all_checks(company, given(rungs), cap), index=pd.RangeIndex(1, 9, name="number")
    ).drop(columns="value")
    captions = {
        "number": "№",
        "name": "Проверка",
        "passed": "Прошла",
        "sentence": "Что это значит",
    }
    return captioned(rows, captions)


def all_checks(company: Company, rungs: Ladder, cap: float | None = None) -> tuple[Check, ...]:
    """The eight of them, in order."""
    refusal = "Предел пишем долей от 0 до 1: 0.10, а не «{}»."
    cap = payroll_cap(company) if cap is None else share(cap, refusal)
    if not cap:
        raise StudentError(refusal.format(cap))
    place = places(company, rungs)
    return (
        _steps(rungs, margin_of(company)),
        _cap(rungs, cap),
        _mix(rungs),
        _market(company, rungs),
        _people(rungs, place),
        _indicators(company, rungs),
        _thresholds(company, rungs, place),
        _in_a_row(rungs),
    )


def _check(name: str, troubles: list[str], fine: str, value: float = np.nan) -> Check:
    """Passed if there is no trouble; the sentence is the first of them."""
    return Check(name, not troubles, value, troubles[0] if troubles else fine)


def _steps(rungs: Ladder, margin: float) -> Check:
    troubles = []
    for (low, below), (high, above) in pairwise(zip(rungs.names, rungs.rungs, strict=True)):
        for word, name in (("норма оборота", "turnover"), ("норма ВП", "gp"), ("доход", "income")):
            if getattr(above, name) <= getattr(below, name):
                troubles.append(f"{high.capitalize()}: {word} не больше, чем у ступени «{low}».")
        if below.gp < above.gp < STEP * below.gp - 1e-6:
            step = percent(100 * (above.gp / below.gp - 1))
            troubles.append(
                f"Между ступенями «{low}» и «{high}» всего {step} "
                f"нормы ВП: обычный месяц скачет сильнее. Разведите хотя бы на{NBSP}10{NBSP}%."
            )
    for name, rung in zip(rungs.names, rungs.rungs, strict=True):
        own = rung.gp / rung.turnover if rung.turnover > 0 else np.inf
        if own < AGREE[0] * margin - 1e-9:
            troubles.append(
                f"{name.capitalize()}: {money(rung.gp)} ВП с {money(rung.turnover)} оборота — "
                f"{percent(100 * own)}, а маржа компании {percent(100 * margin)}. "
                "Пройдёт тот, кто продаёт со скидкой."
            )
        elif own > AGREE[1] * margin + 1e-9:
            troubles.append(
                f"{name.capitalize()}: на {money(rung.gp)} ВП при марже {percent(100 * margin)} "
                f"нужно {money(rung.gp / margin)} оборота, а норма {money(rung.turnover)}. "
                "Такая норма оборота ничего не значит."
            )
    fine = "Оборот, ВП и доход растут вместе, ступени не налезают друг на друга."
    return _check("Ступени растут и не расходятся", troubles, fine)


def _cap(rungs: Ladder, cap: float) -> Check:
    shares = [rung.income / rung.gp if rung.gp > 0 else np.inf for rung in rungs.rungs]
    worst = int(np.argmax(shares))
    value, name, rung = shares[worst], rungs.names[worst], rungs.rungs[worst]
    most = f"{name.capitalize()}: {money(rung.income)} дохода с {money(rung.gp)} ВП"
    troubles = []
    if value > cap + ROUNDING:
        troubles = [
            f"{most} — это {percent(100 * value)}, предел {percent(100 * cap)}. "
            f"При таком доходе норма ВП — от {money(rung.income / cap)}."
            if np.isfinite(value)
            else f"{name.capitalize()}: норма ВП не задана, доход платить не с чего."
        ]
    fine = f"Дороже всех {name}: {percent(100 * value)} нормы ВП, предел {percent(100 * cap)}."
    return _check("Предел на каждой ступени", troubles, fine, 100 * value)


def _mix(rungs: Ladder) -> Check:
    troubles = []
    for name, rung in zip(rungs.names, rungs.rungs, strict=True):
        share = rung.base / rung.income if rung.income else np.nan
        if not abs(share - BASE_SHARE) <= MIX_WITHIN + 1e-9:
            shown = percent(100 * share) if rung.income else "нет ни рубля"
            troubles.append(
                f"{name.capitalize()}: оклад — {shown} дохода, "
                f"нужно {number(100 * BASE_SHARE)}{NBSP}± {points(100 * MIX_WITHIN, 0)}"
            )
    fine = f"Оклад на каждой ступени — {number(100 * BASE_SHARE)}{NBSP}± {points(5, 0)} дохода."
    return _check("Оклад и бонус 40 на 60", troubles, fine)


def _market(company: Company, rungs: Ladder) -> Check:
    troubles = []
    for name, rung, market in zip(rungs.names, rungs.rungs, medians(company).values(), strict=True):
        ratio = rung.income / market
        if not MARKET[0] - 1e-9 <= ratio <= MARKET[1] + 1e-9:
            what = "уйдут к соседям" if ratio < MARKET[0] else "переплачиваете"
            troubles.append(
                f"{name.capitalize()}: доход {money(rung.income)}, рынок в городе "
                f"{company.city} — {money(market)}: {what}."
            )
    fine = "Доход каждой ступени — 0,9–1,15 рынка своего города."
    return _check("Доход по рынку", troubles, fine)


def _people(rungs: Ladder, place: pd.Series) -> Check:
    counts = np.bincount(place.to_numpy(), minlength=len(rungs.rungs))
    n = int(counts.sum())
    shown = ", ".join(f"{name} — {k}" for name, k in zip(rungs.names, counts, strict=True))
    troubles = [
        f"На ступени «{name}» никого: держать её в лестнице незачем. Сейчас {shown}."
        for name, k in zip(rungs.names, counts, strict=True)
        if not k
    ]
    most = int(np.argmax(counts))
    if counts[most] > CROWD * n + 1e-9:
        troubles.append(
            f"На ступени «{rungs.names[most]}» {counts[most]} из {n}: "
            f"это больше {number(100 * CROWD)}{NBSP}%, расти почти некуда. Сейчас {shown}."
        )
    return _check("Люди на ступенях", troubles, f"Стоят: {shown}.")


def _indicators(company: Company, rungs: Ladder) -> Check:
    ahead = {INDICATORS[key] for key in proven(company)}
    troubles = []
    for name, rung in zip(rungs.names, rungs.rungs, strict=True):
        own = list(rung.indicators)
        late = [k for k in own if KEYS[k] in RESULTS]
        if late:
            troubles.append(
                f"{name.capitalize()}: «{late[0]}» — это уже результат. "
                "Он говорит, что было, а не что будет."
            )
        elif len(own) < ENOUGH:
            word = plural(len(own), "показатель", "показателя", "показателей")
            troubles.append(
                f"{name.capitalize()}: {len(own)} {word}, нужно хотя бы {ENOUGH}: "
                "один легко нарисовать."
            )
        elif not ahead & set(own):
            troubles.append(
                f"{name.capitalize()}: ни один показатель не идёт впереди денег. "
                "Проверьте их связь с ВП следующих двух месяцев."
            )
    fine = f"Показателей хватает, и впереди денег идут: {', '.join(sorted(ahead))}."
    return _check("Показатели опережают", troubles, fine)


def bounds(company: Company, ids: pd.Index, indicator: str) -> tuple[float, float]:
    """Between which values a threshold may lie for these people, rounded outwards."""
    key = KEYS[indicator]
    values = levels(company, LAST)[key].reindex(ids).dropna()
    if not len(values):
        return np.nan, np.nan
    low, high = values.quantile(WITHIN[0]), values.quantile(WITHIN[1])
    return float(np.floor(low)), float(np.ceil(high))


def _thresholds(company: Company, rungs: Ladder, place: pd.Series) -> Check:
    troubles = []
    for i, (name, rung) in enumerate(zip(rungs.names, rungs.rungs, strict=True)):
        if not rung.indicators:
            troubles.append(f"{name.capitalize()}: порогов нет.")
        ids = place.index[place.to_numpy() == i]
        for indicator, threshold in rung.indicators.items():
            low, high = bounds(company, ids, indicator)
            if np.isnan(low):
                troubles.append(
                    f"{name.capitalize()}: «{indicator}» не с чем сравнить, на ступени никого."
                )
            elif not low <= threshold <= high:
                unit = f"{NBSP}%" if KEYS[indicator] in SHARES else " в месяц"
                word = "слишком легко" if threshold < low else "слишком трудно"
                troubles.append(
                    f"{name.capitalize()}: порог «{indicator}» — {number(threshold)}{unit}, "
                    f"{word}: у людей этой ступени {_span(low, high)}."
                )
    fine = "Каждый порог по силам примерно половине людей своей ступени."
    return _check("Пороги по силам", troubles, fine)


def _span(low: float, high: float) -> str:
    if low == high:
        return f"обычно {number(low)}"
    return f"посередине от {number(low)} до {number(high)}"


def _in_a_row(rungs: Ladder) -> Check:
    troubles = []
    if rungs.quarters < IN_A_ROW:
        troubles.append(
            "Одного хорошего квартала мало: в нём половина удачи. Ждите второго подряд."
        )
    if rungs.quarters > TOO_LONG:
        troubles.append("Год и больше сильный ждать не станет: его переманят раньше.")
    fine = f"Кварталов подряд — {rungs.quarters}: случай отсеян, ждать не год."
    return _check("Два квартала подряд", troubles, fine, rungs.quarters)
