"""Task 6: who sells better when both get the same leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from salescourse import funnel
from salescourse.answers import Absolute, Number, Parts, Person
from salescourse.funnel.people import sellers
from salescourse.funnel.sellers import ALL, reversal
from salescourse.tasks import Mistake, Task
from salescourse.text import percent
from salescourse.units.funnel.period import CLEAN, PERIOD, period

if TYPE_CHECKING:
    from salescourse.company import Company

FIRST, SECOND = "первый", "второй"


def pair(company: Company) -> tuple[int, int]:
    """The two sellers of the question, in the order of their numbers.

    The pair whose order the mix of sources turns over; where there is none (such a code is
    not issued), the best and the worst by raw conversion.
    """

    def make() -> tuple[int, int]:
        found = reversal(company, period(company))
        if found is None:
            rows = funnel.standardised(company, period(company)).sort_values("raw")
            found = rows["owner_id"].iloc[-1], rows["owner_id"].iloc[0]
        first, second = sorted(int(i) for i in found)
        return first, second

    return company.memo("funnel-6.pair", make)


def _values(company: Company, column: str) -> tuple[float, float]:
    rows = company.memo(
        "funnel-6.standardised", lambda: funnel.standardised(company, period(company))
    ).set_index("owner_id")
    first, second = (float(rows.loc[i, column]) for i in pair(company))
    return first, second


def on_equal_mix(company: Company) -> dict[str, Any]:
    """Who of the two is better on the company's mix of sources, and both conversions, %."""
    first, second = _values(company, "standardised")
    return {"кто лучше": _better(company, first, second), FIRST: first, SECOND: second}


def _better(company: Company, first: float, second: float) -> int:
    return pair(company)[0 if first >= second else 1]


def _raw(company: Company) -> dict[str, Any]:
    first, second = _values(company, "raw")
    return {FIRST: first, SECOND: second}


def _raw_winner(company: Company) -> dict[str, Any] | None:
    winner = _better(company, *_values(company, "raw"))
    return None if winner == on_equal_mix(company)["кто лучше"] else {"кто лучше": winner}


def _swapped(company: Company) -> dict[str, Any]:
    first, second = _values(company, "standardised")
    return {FIRST: second, SECOND: first}


def _mean_of_sources(company: Company) -> dict[str, Any]:
    rows = funnel.by_source(company, pair(company), period(company)).drop(ALL)["conversion"]
    first, second = (float(np.nanmean(rows[i])) for i in pair(company))
    return {FIRST: first, SECOND: second}


def _details(company: Company) -> str:
    first, second = (funnel.name(company, i) for i in pair(company))
    one, two = (percent(v) for v in _values(company, "raw"))
    return (
        f"**Первый** — {first} (по всем лидам {one}), **второй** — {second} (по всем лидам {two})."
    )


def _explain(company: Company) -> str:
    one, two = (percent(v) for v in _values(company, "raw"))
    first, second = (funnel.name(company, i) for i in pair(company))
    return (
        f"По всем лидам было наоборот: {first} — {one}, {second} — {two}. Разницу делал состав "
        "источников, а не продавец."
    )


EQUAL_MIX = Task(
    id="funnel-6",
    title="Кто продаёт лучше",
    question=(
        "Двух продавцов сравнивают по конверсии лид → оплата. Кто они, сказано ниже. Кто из них "
        "продаёт лучше **при равном составе источников** — таком, как у всей фирмы за последние "
        f"**{PERIOD} зрелых месяцев**?\n\n"
        "Внутри каждого источника возьмите конверсию самого продавца, веса источников — доли в "
        "лидах всей фирмы.\n\n"
        "- **кто лучше** — фамилия или номер;\n"
        "- **первый** и **второй** — их конверсии при равном составе, в процентах, ± 0,5 п.п.\n\n"
        f"{CLEAN}"
    ),
    kind=Parts(
        {
            "кто лучше": (
                Person(lambda company: {i: sellers(company)[i] for i in pair(company)}),
                2,
            ),
            FIRST: (Number("%", Absolute(0.5)), 1),
            SECOND: (Number("%", Absolute(0.5)), 1),
        }
    ),
    truth=on_equal_mix,
    estimator=f"прямая стандартизация по источнику, веса — вся фирма, {PERIOD} зрелых месяцев",
    mistakes=(
        Mistake(
            "raw",
            _raw,
            "Это конверсии по всем лидам, какие каждому достались. Одному наливают рекомендации, "
            "другому холод. Пересчитайте на общий состав источников.",
        ),
        Mistake(
            "swapped",
            _swapped,
            "Числа верные, но стоят не у тех. Кто первый, а кто второй, сказано в вопросе.",
        ),
        Mistake(
            "raw-winner",
            _raw_winner,
            "По всем лидам — да. Но сравните их отдельно внутри каждого источника: там впереди "
            "другой.",
        ),
        Mistake(
            "mean-of-sources",
            _mean_of_sources,
            "Похоже, вы взяли простое среднее по источникам. Веса разные: у редкого источника и "
            "вес мал. Возьмите доли источников в лидах всей фирмы.",
            gated=False,
        ),
    ),
    hints=(
        "Спросите, какой была бы конверсия каждого, если бы лиды им делили поровну.",
        "Сначала конверсия внутри источника, потом — веса источников по всей фирме.",
        "funnel.standardised(company, measures.mature(company, ___))",
    ),
    points=4,
    source="DOMAIN, M19; IDENTIFIABILITY §4, E2.6",
    details=_details,
    explain=_explain,
)

TASKS = (EQUAL_MIX,)
