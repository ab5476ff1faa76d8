"""Income against the market: the same city, the same rung, gross with gross."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salescourse.errors import StudentError, nearest
from salescourse.ladder.typed import share
from salescourse.measures import Months, captioned, working
from salescourse.motivation.history import FULL, market_income, rows, the_months
from salescourse.motivation.people import labels
from salescourse.schema import GRADES
from salescourse.text import clean

if TYPE_CHECKING:
    from salescourse.company import Company

TAX = 0.13  # income tax of a resident up to 2.4 M₽ a year: ст. 224 НК РФ
LOW, HIGH = 0.9, 1.1  # below is underpaid, above is overpaid: DOMAIN, M47
PAY = {"total": "весь доход", "base_paid": "оклад"}
LEVELS = {"p25": "нижняя четверть", "median": "медиана", "p75": "верхняя четверть"}


def incomes(company: Company, months: Months, pay: str = "total") -> pd.Series:
    """Mean monthly pay before tax by seller's id, whole months after the ramp."""
    from salescourse.ladder.months import book

    paid, table = rows(company), book(company)  # the same rows in the same order
    keep = (table["worked"].to_numpy() >= FULL) & ~table["ramp"].to_numpy()
    keep &= paid["month"].isin(the_months(months)).to_numpy()
    if not keep.any():
        raise StudentError("За эти месяцы зарплаты в данных нет.")
    return paid[keep].groupby("employee_id")[pay].mean()


def market_of(company: Company, ids: pd.Index, city: str, level: str = "median") -> pd.Series:
    """What the market pays for each seller's own rung in a city, ₽ a month before tax."""
    table = company.market_salary
    table = table[table["city"] == city].set_index("grade")[level]
    grade = company.employees.set_index("employee_id")["grade"].reindex(ids).astype(object)
    return grade.map({name: float(table[name]) for name in table.index}).astype(float)


@working(
    pandas=(
        "income = company.payroll.groupby('employee_id')['total'].mean()\n"
        "market = company.market_salary.query('city == @city').set_index('grade')['median']\n"
        "income / company.employees.set_index('employee_id')['grade'].map(market)"
    ),
    excel="Доход за месяц делите на ВПР медианы рынка по городу и ступени.",
)
def compa(
    company: Company, months: Months, city: str, pay: str, level: str, tax: float = 0.0
) -> pd.DataFrame:
    """Во сколько раз доход продавца отличается от рынка его ступени.

    Считаем полные месяцы после ввода. Рынок в таблице — весь доход, до налога.

    Parameters
    ----------
    months : месяцы, обычно `motivation.full_months(company, 12)`
    city : чей рынок
    pay : `"total"` — весь доход, `"base_paid"` — только оклад
    level : с чем сравнить: `"p25"`, `"median"`, `"p75"`
    tax : какую долю удержать из дохода: 0 — до налога, 0.13 — на руки

    Returns
    -------
    Строка — продавец. grade — ступень сейчас; income и market — ₽ в месяц; compa — доход,
    делённый на рынок: ниже 0,9 — недоплата, выше 1,1 — переплата.

    Raises
    ------
    StudentError
        Нет города, вида дохода или уровня рынка.

    Examples
    --------
    >>> company = Company.load("demo")
    >>> year = motivation.full_months(company, 12)
    >>> rows = compa(company, year, company.city, "total", "median")
    >>> bool((rows["compa"] > 0).all())
    True

    Метод: DOMAIN, M47.
    """
    for what, given, known in (
        ("города", city, list(company.market_salary["city"].unique())),
        ("дохода", pay, PAY),
        ("уровня рынка", level, LEVELS),
    ):
        if given not in known:
            word = clean(str(given), 40)
            raise StudentError(
                f"Нет такого {what}: «{word}». Есть {', '.join(known)}.{nearest(word, list(known))}"
            )
    kept = 1 - share(tax, "Налог пишем долей от 0 до 1, например 0.13, а не «{}».")
    income = incomes(company, months, pay) * kept
    market = market_of(company, income.index, city, level)
    grade = company.employees.set_index("employee_id")["grade"].reindex(income.index)
    out = pd.DataFrame(
        {
            "grade": grade.astype(object).to_numpy(),
            "income": income.to_numpy(),
            "market": market.to_numpy(),
            "compa": (income / market).round(3).to_numpy(),
        },
        index=pd.Index(labels(company, income.index), name="who"),
    )
    captions = {
        "who": "Продавец",
        "grade": "Ступень",
        "income": "Доход в месяц",
        "market": "Рынок",
        "compa": "Доход к рынку",
    }
    return captioned(out, captions, income="₽", market="₽", compa="доля")


def verdict(compa: float) -> str:
    """«недоплата», «по рынку» or «переплата»."""
    return "недоплата" if compa < LOW else "переплата" if compa > HIGH else "по рынку"


def medians(company: Company) -> dict[str, float]:
    """Market income of each rung in the company's city."""
    return {grade: market_income(company, grade) for grade in GRADES}
