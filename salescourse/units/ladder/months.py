"""Task 1: an ordinary month of every seller."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from salescourse.answers import Number, Parts, Relative, Table
from salescourse.ladder.months import ENOUGH, LAST, counted, usual
from salescourse.motivation.history import FULL, full_months
from salescourse.tasks import Mistake, Task
from salescourse.text import money, percent
from salescourse.units.ladder.people import USUAL, label, named, rows

if TYPE_CHECKING:
    import pandas as pd

    from salescourse.company import Company

CELL = Number("₽", Relative(0.01))


def ordinary_months(company: Company) -> dict[str, Any]:
    """Median turnover and GP of the last six whole months, by seller."""
    return _both(company, usual(company))


def _both(company: Company, table: pd.DataFrame) -> dict[str, Any]:
    return {"оборот": named(company, table["turnover"]), "ВП": named(company, table["gp"])}


def _of_months(company: Company, how: str, last: int = LAST, worked: float = FULL):
    groups = counted(company, full_months(company, last), worked).groupby("employee_id")
    return groups[["turnover", "gp"]].agg(how)


def _otherwise(how: str, last: int = LAST, worked: float = FULL):
    def wrong(company: Company) -> dict[str, Any] | None:
        table = _of_months(company, how, last, worked)
        known = usual(company).index
        return _both(company, table) if set(known) <= set(table.index) else None

    return wrong


def _last_month(company: Company) -> dict[str, Any] | None:
    return _otherwise("median", 1)(company)


def _explain(company: Company) -> str:
    table = usual(company)
    best = _of_months(company, "max")["turnover"]
    over = (best / table["turnover"] - 1).idxmax()
    top, middle = float(best[over]), float(table["turnover"][over])
    return (
        f"Дальше всех лучший месяц от обычного у продавца {label(company, int(over))}: "
        f"{money(top)} против {money(middle)}, на {percent(100 * (top / middle - 1), 0)} больше."
    )


ORDINARY = Task(
    id="ladder-1",
    title="Обычный месяц каждого",
    question=(
        "Каков обычный месячный оборот и обычная месячная ВП каждого продавца?\n\n"
        f"{USUAL}\n\n"
        "- **оборот** — таблица «продавец — рубли»;\n"
        '- **ВП** — такая же. Столбец помощника подходит целиком: `people["turnover"]` и '
        '`people["gp"]`.\n\n'
        "Засчитываем ± 1\u00a0%."
    ),
    kind=Parts({"оборот": (Table(rows, CELL), 1.5), "ВП": (Table(rows, CELL), 1.5)}),
    truth=ordinary_months,
    estimator="медиана шести последних полных месяцев (от 60 % дней, после ввода), по отгрузке",
    mistakes=(
        Mistake(
            "best-month",
            _otherwise("max"),
            "Похоже, вы взяли лучший месяц. Такой бывает у каждого, платить и поднимать за него "
            "нельзя: возьмите середину шести.",
        ),
        Mistake(
            "part-months",
            _otherwise("median", worked=0.0),
            "Похоже, вы посчитали и неполные месяцы. Кто три недели болел, тот не стал хуже "
            "продавать: оставьте месяцы, отработанные хотя бы на 60\u00a0%.",
        ),
        Mistake(
            "last-month",
            _last_month,
            "Похоже, это один последний месяц. Он бывает ярким или пустым: нужна медиана шести.",
            gated=False,
        ),
        Mistake(
            "sum",
            _otherwise("sum"),
            "Похоже, это сумма за все месяцы. Спрашивают один обычный месяц.",
        ),
        Mistake(
            "mean",
            _otherwise("mean"),
            "Похоже, это среднее. Один крупный заказ тянет его вверх: возьмите медиану.",
            gated=False,
        ),
        Mistake(
            "year",
            _otherwise("median", 12),
            "Похоже, вы взяли год. За год человек меняется; нужны шесть последних полных месяцев.",
            gated=False,
        ),
    ),
    hints=(
        "Обычный месяц — тот, который стоит посередине, а не тот, которым хвалятся.",
        f"Шесть последних полных месяцев, без ввода и без неполных, хотя бы {ENOUGH} на человека.",
        'last, worked, how = 6, ___, "___"; {"оборот": people["turnover"], "ВП": people["gp"]}',
    ),
    points=3,
    source="DOMAIN, M46; IDENTIFIABILITY §4, E7.1",
    explain=_explain,
)

TASKS = (ORDINARY,)
