"""Task 4: whom the company underpays and whom it overpays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salescourse.answers import Number, Relative, Table
from salescourse.ladder.clients import YEAR
from salescourse.ladder.market import HIGH, LOW, TAX, incomes, market_of
from salescourse.ladder.months import LAST
from salescourse.motivation.history import full_months, rows
from salescourse.motivation.history import market_income as income_of
from salescourse.tasks import Mistake, Task
from salescourse.text import number
from salescourse.units.ladder import people
from salescourse.units.ladder.people import label, named

if TYPE_CHECKING:
    from salescourse.company import Company

CAPITAL = "Москва"
WITHIN = 0.02


def by_id(company: Company) -> pd.Series:
    """Income to market of those on the ladder, by id."""

    def make() -> pd.Series:
        income = _income(company)
        return income / market_of(company, income.index, company.city)

    return company.memo("ladder-4.compa", make)


def _income(company: Company, pay: str = "total", last: int = YEAR) -> pd.Series:
    income = incomes(company, full_months(company, last), pay)
    return income.reindex(list(people.candidates(company)))


def compa(company: Company) -> dict[str, float]:
    """Mean monthly income before tax to the median of the same city and grade, by name."""
    return named(company, by_id(company))


def _against(
    city: str | None = None,
    level: str = "median",
    pay: str = "total",
    keep: float = 1,
    last: int = YEAR,
):
    def wrong(company: Company) -> dict[str, float] | None:
        income = _income(company, pay, last) * keep
        if income.isna().any():
            return None
        return named(
            company, income / market_of(company, income.index, city or company.city, level)
        )

    return wrong


def _one_grade(company: Company) -> dict[str, float]:
    return named(company, _income(company) / income_of(company))


def _all_months(company: Company) -> dict[str, float]:
    table = rows(company)
    table = table[table["month"].isin(full_months(company, YEAR))]
    income = table.groupby("employee_id")["total"].mean()
    return named(company, income / market_of(company, income.index, company.city))


def _explain(company: Company) -> str:
    found = by_id(company)
    low, high = found.idxmin(), found.idxmax()
    return (
        f"Сильнее всех недоплачиваем: {label(company, int(low))}, {number(found[low], 2)} рынка; "
        f"сильнее всех переплачиваем: {label(company, int(high))}, {number(found[high], 2)}. "
        f"По рынку — от {number(LOW, 1)} до {number(HIGH, 1)}."
    )


COMPA = Task(
    id="ladder-4",
    title="Доход против рынка",
    question=(
        "Кому недоплачиваем, а кому переплачиваем? Для каждого продавца поделите его средний "
        "доход в месяц на медиану рынка **его ступени в городе фирмы**.\n\n"
        "Доход — весь, оклад и бонус, **до налога**: рынок в таблице тоже до налога. Месяцы — "
        "полные из 12 последних: отработаны хотя бы на 60\u00a0%, без первых четырёх после приёма. "
        "Ступень — нынешняя, по таблице сотрудников.\n\n"
        "Ответ — таблица «продавец — отношение», например 0.95; столбец помощника подходит "
        'целиком: `income["compa"]`. Засчитываем ± 2\u00a0%.'
    ),
    kind=Table(people.rows, Number("", Relative(WITHIN), digits=2)),
    truth=compa,
    estimator="среднее начисленное за полные месяцы года / медиана рынка ступени и города",
    mistakes=(
        Mistake(
            "moscow",
            _against(CAPITAL),
            "Похоже, вы взяли рынок Москвы. Продавец выбирает из вакансий своего города: возьмите "
            "город фирмы.",
        ),
        Mistake(
            "net",
            _against(keep=1 - TAX),
            "Похоже, вы сравнили доход на руки с рынком до налога. Берите то и другое до налога.",
        ),
        Mistake(
            "base-only",
            _against(pay="base_paid"),
            "Похоже, вы взяли один оклад. Рынок в таблице — весь доход, с бонусом.",
        ),
        Mistake(
            "upper",
            _against(level="p75"),
            "Похоже, вы взяли верх вилки. «До 150 тысяч» в вакансии платят немногим: сравнивают с "
            "медианой.",
        ),
        Mistake(
            "as-given",
            _against(CAPITAL, "p75", "base_paid"),
            "Похоже, в ячейке всё как было: рынок Москвы, один оклад и верх вилки. Поправьте все "
            "три значения.",
        ),
        Mistake(
            "one-grade",
            _one_grade,
            "Похоже, вы всех сравнили со специалистом. У каждой ступени свой рынок.",
            gated=False,
        ),
        Mistake(
            "all-months",
            _all_months,
            "Похоже, вы взяли и неполные месяцы. За них платят меньше, а рынок — за полный месяц.",
            gated=False,
        ),
        Mistake(
            "last-month",
            _against(last=1),
            "Похоже, это доход одного последнего месяца. Бонус скачет: возьмите год.",
            gated=False,
        ),
        Mistake(
            "half-year",
            _against(last=LAST),
            "Похоже, вы взяли шесть месяцев. Доход сравнивают за год, за 12 полных месяцев.",
            gated=False,
        ),
    ),
    hints=(
        "Сравнивают подобное с подобным: тот же город, та же ступень, весь доход, до налога.",
        "Среднее начисленное за полные месяцы года — на медиану рынка по городу и ступени.",
        'ladder.compa(company, motivation.full_months(company, 12), company.city, "___", "___")',
    ),
    points=3,
    source="DOMAIN, M47; IDENTIFIABILITY §4, E7.4",
    explain=_explain,
)

TASKS = (COMPA,)
