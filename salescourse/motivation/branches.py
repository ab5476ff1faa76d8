"""«Продавцы зарабатывают как топ-менеджеры»: which of the two cases it is (DOMAIN, M37)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from salescourse import funnel, measures
from salescourse.errors import StudentError
from salescourse.measures import Months, captioned, month_end, working
from salescourse.motivation.history import (
    FULL,
    chosen,
    full_months,
    market_income,
    payroll_cap,
)
from salescourse.motivation.people import labels
from salescourse.motivation.rules import YEAR, margin_of
from salescourse.motivation.share import payroll_share
from salescourse.motivation.target import Target, plan_for
from salescourse.text import percent, roubles

if TYPE_CHECKING:
    from salescourse.company import Company

OVER = 1.1  # the share is «well above» the cap from here: IDENTIFIABILITY, E4.1
ABOVE_MARKET = 100  # per cent: mean income of full months against the market of the own grade
STRETCH = 1.5  # of what funnel and base give today [A]: more leads, lists and conversion
NO_SELLER = "Нет такого продавца в зарплате за 12 месяцев."


class Branch(NamedTuple):
    """Which case, and what speaks for it."""

    branch: int
    share: float
    cap: float
    market: float
    sentence: str


class Equal(NamedTuple):
    """The plan at which the new scheme pays what the seller has now."""

    employee_id: int
    income: float
    gp: float
    best: float
    to_best: float
    capacity: float
    to_capacity: float
    reachable: bool
    sentence: str


def concept(company: Company, cap: float | None = None) -> Target:
    """The new scheme in outline: the market's income, 40 to 60, the cap held from 80 %."""
    cap = payroll_cap(company) if cap is None else cap
    return plan_for(market_income(company), cap, margin_of(company))


@working(
    pandas=(
        "rows = rows[rows['worked'] >= 0.6]\n"
        "rows.groupby('employee_id')['total'].mean() / рынок_его_ступени"
    ),
    excel="Строка на продавца: средний доход полных месяцев, медиана рынка его ступени, отношение.",
)
def incomes(company: Company, months: Months | None) -> pd.DataFrame:
    """Сколько получает каждый продавец и сколько это от рынка его города и ступени.

    Среднее по полным месяцам: отработано не меньше 60 % рабочих дней.

    Parameters
    ----------
    months : месяцы, обычно `motivation.full_months(company, 12)`; `None` — все

    Returns
    -------
    Строка — продавец. grade — ступень; income — доход в месяц, ₽; market — медиана рынка, ₽;
    to_market — доход к рынку, %.

    Raises
    ------
    StudentError
        За эти месяцы зарплаты в данных нет.

    Examples
    --------
    >>> company = Company.load("demo")
    >>> len(incomes(company, motivation.full_months(company, 12)))
    10

    Метод: DOMAIN, M37, шаг C; M47.
    """
    rows = chosen(company, months)
    rows = rows[rows["worked"].to_numpy() >= FULL]
    income = rows.groupby("employee_id")["total"].mean()
    grades = company.employees.set_index("employee_id")["grade"].astype(object)
    own = grades.reindex(income.index)
    market = np.array([market_income(company, grade) for grade in own])
    out = pd.DataFrame(
        {
            "grade": own.to_numpy(),
            "income": income.to_numpy(),
            "market": market,
            "to_market": 100 * income.to_numpy() / market,
        },
        index=pd.Index(labels(company, income.index), name="who"),
    )
    captions = {
        "who": "Продавец",
        "grade": "Ступень",
        "income": "Доход в месяц",
        "market": "Рынок ступени",
        "to_market": "Доход к рынку",
    }
    return captioned(out, captions, income="₽", market="₽", to_market="%")


@working(
    pandas="share >= 1.1 * cap and market > 100",
    excel="=ЕСЛИ(И(доля>=1,1*предел; доход_к_рынку>100%); 1; 2)",
)
def branch(share: float, cap: float, market: float) -> Branch:
    """Какой это случай: платим лишнее (1) или дело не в оплате (2).

    Ветвь 1: доля ФОТ заметно выше предела (в 1,1 раза и больше) и платим выше рынка —
    менять схему. Ветвь 2: с долей или с рынком порядок — смотреть на конверсию, чек, приток
    новых клиентов и на то, продают люди или оформляют заявки.

    Parameters
    ----------
    share : доля ФОТ в ВП, %
    cap : предел, %
    market : средний доход продавцов к рынку своей ступени, %

    Returns
    -------
    branch — 1 или 2; share, cap, market — то, что дали; sentence — словами.

    Raises
    ------
    StudentError
        Дано не в процентах.

    Examples
    --------
    >>> branch(share=13.4, cap=10, market=168).branch
    1
    >>> branch(share=6.8, cap=10, market=87).branch
    2

    Метод: DOMAIN, M37, шаги A и C.
    """
    for what, value in (("Долю ФОТ", share), ("Предел", cap), ("Доход к рынку", market)):
        if not 1 < value < 1000:
            raise StudentError(f"{what} здесь пишем в процентах: 10, а не 0.10. Получено {value}.")
    over, above = share >= OVER * cap, market > ABOVE_MARKET
    size = f"ФОТ забирает {percent(share)} ВП при пределе {percent(cap)}"
    pay = f"доход — {percent(market, 0)} рынка"
    if over and above:
        text = f"{size}, {pay}: меняйте схему."
    elif over:
        text = f"{size}, но {pay}: лишнего не платите, не хватает ВП на человека."
    else:
        text = f"{size}, {pay}: со схемой порядок, ищите в воронке и в приёме заявок."
    return Branch(1 if over and above else 2, share, cap, market, text)


def branch_of(company: Company) -> Branch:
    """The case of a company: for truths and gates."""
    months = full_months(company, YEAR)
    market = float(incomes(company, months)["to_market"].mean())
    return branch(payroll_share(company, months), 100 * payroll_cap(company), market)


@working(
    pandas="(доход - оклад) / ставка",
    excel="=(доход - оклад) / ставка",
)
def equalising_gp(income: float, base: float, rate: float) -> float:
    """Сколько ВП в месяц нужно, чтобы по новой схеме получать прежний доход, ₽.

    Без ускорения: по нему считать нельзя, пока план не выполнен.

    Parameters
    ----------
    income : доход сейчас, ₽ в месяц
    base : новый оклад, ₽
    rate : новая ставка с ВП, доля

    Raises
    ------
    StudentError
        Ставка не больше нуля.

    Examples
    --------
    >>> round(equalising_gp(200_000, 32_000, 0.0545))
    3082569

    Метод: DOMAIN, M37.
    """
    if not 0 < rate <= 1:
        raise StudentError(f"Ставку пишем долей: 5,45 % — это 0.0545. Получено {rate}.")
    return max(0.0, income - base) / rate


def best_paid(company: Company) -> int:
    """Who earned most a month over the last twelve full months."""
    rows = chosen(company, full_months(company, YEAR))
    return int(rows.groupby("employee_id")["total"].mean().idxmax())


@working(
    pandas=(
        "rows = funnel.reached(company)\n"
        "лидов = (rows['owner_id'] == кто).sum() / месяцев\n"
        "лидов * funnel.conversion(company, зрелые) / 100 * средняя_ВП_оплаты + ВП_повторных"
    ),
    excel="=лиды_в_месяц * конверсия * ВП_с_оплаты + ВП_повторных_в_месяц",
)
def capacity(
    company: Company, who: object, leads: float = 1.0, conversion: float = 1.0, repeat: float = 1.0
) -> float:
    """Сколько ВП в месяц даст продавцу воронка вместе с его базой, ₽.

    Лиды в месяц × конверсия отдела в оплату × ВП с оплаты + ВП остальных его заказов.
    Лиды и заказы — за 12 последних полных месяцев, конверсия — по шести последним зрелым
    (или сколько их есть).

    Parameters
    ----------
    who : фамилия или номер
    leads, conversion, repeat : во сколько раз вырастут лиды, конверсия и повторные: «что если»

    Raises
    ------
    StudentError
        Такого продавца нет.

    Examples
    --------
    >>> company = Company.load("demo")
    >>> usual = capacity(company, best_paid(company))
    >>> capacity(company, best_paid(company), leads=1.2) >= usual
    True

    Метод: DOMAIN, M37: лиды × конверсия × чек × маржа + база.
    """
    number = funnel.person(company, who)
    months = full_months(company, YEAR)
    table = funnel.reached(company)
    mature = measures.mature(company, min(6, len(measures.mature_months(company))))
    rate = funnel.conversion(company, mature) / 100
    first = float(np.nan_to_num(table["gp"].mean()))
    own = table[table["owner_id"].eq(number) & table["month"].isin(months)]
    lead_gp = len(own) / len(months) * leads * rate * conversion * first
    return lead_gp + repeat * _other_gp(company, number, months)


def _other_gp(company: Company, number: int, months: list[pd.Timestamp]) -> float:
    """Monthly gross profit of a seller that did not come from a lead."""
    orders = company.orders
    own = orders[orders["owner_id"].eq(number) & orders["is_repeat"]]
    inside = own["paid_at"].between(months[0], month_end(months[-1]))
    return float(own.loc[inside, "gp"].sum()) / len(months)


@working(
    pandas=(
        "equal = (доход - оклад) / ставка\n"
        "best = rows['fact_gp'].max()\n"
        "equal / best, equal / ёмкость_воронки"
    ),
    excel="=(доход - оклад)/ставка; рядом МАКС(ВП) за 12 месяцев и лиды * конверсия * ВП + база.",
)
def equalising(company: Company, who: object, base: float, rate: float) -> Equal:
    """Какой план уравнивает доход продавца с нынешним и достижим ли он.

    Достижим — значит, такой месяц у него уже был за этот год и план не больше полутора
    ёмкостей воронки с базой (`capacity`): на полтора её поднимают лиды, базы и конверсия.

    Parameters
    ----------
    who : фамилия или номер
    base, rate : новые оклад, ₽, и ставка с ВП, доля: их даёт `motivation.plan_for`

    Returns
    -------
    income — доход сейчас, gp — уравнивающий план, best — лучший месяц, capacity — ёмкость,
    ₽ в месяц; to_best и to_capacity — план к ним; reachable — достижим ли; sentence — словами.

    Raises
    ------
    StudentError
        Такого продавца нет.

    Examples
    --------
    >>> company = Company.load("demo")
    >>> equalising(company, best_paid(company), base=32_000, rate=0.0545).gp > 0
    True

    Метод: DOMAIN, M37.
    """
    number = funnel.person(company, who)
    rows = chosen(company, full_months(company, YEAR))
    own = rows[rows["employee_id"].eq(number)]
    if not len(own):
        raise StudentError(NO_SELLER)
    income, best = float(own["total"].mean()), float(own["gp"].max())
    gp, room = equalising_gp(income, base, rate), capacity(company, number)
    reachable = bool(gp <= best and gp <= STRETCH * room)
    (name,) = labels(company, [number])
    text = (
        f"{name} получает {roubles(income)}; по новой схеме для этого нужно {roubles(gp)} "
        f"ВП в месяц. Лучший месяц года — {roubles(best)}, воронка с базой даёт {roubles(room)}: "
        f"{'достижимо' if reachable else 'недостижимо'}."
    )
    to_room = gp / room if room > 0 else np.inf
    return Equal(number, income, gp, best, gp / best, room, to_room, reachable, text)


@working(
    pandas="{who: motivation.equalising(company, who, base, rate) for who in продавцы}",
    excel="Строка на продавца: доход, (доход - оклад)/ставка, МАКС(ВП), их отношение.",
)
def equalising_table(company: Company, base: float, rate: float) -> pd.DataFrame:
    """Уравнивающий план каждого продавца: кому новая схема не по силам.

    Parameters
    ----------
    base, rate : новые оклад, ₽, и ставка с ВП, доля

    Returns
    -------
    Строка — продавец. income, gp, best, capacity — ₽ в месяц; to_best — план к лучшему месяцу;
    reachable — достижим ли.

    Examples
    --------
    >>> list(equalising_table(Company.load("demo"), 32_000, 0.0545).columns)[:2]
    ['income', 'gp']
    """
    ids = np.unique(chosen(company, full_months(company, YEAR))["employee_id"].to_numpy())
    found = [equalising(company, int(i), base, rate) for i in ids]
    keys = ("income", "gp", "best", "capacity", "to_best", "reachable")
    rows = pd.DataFrame(
        [{key: getattr(e, key) for key in keys} for e in found],
        index=pd.Index(labels(company, ids), name="who"),
    )
    captions = {
        "who": "Продавец",
        "income": "Доход сейчас",
        "gp": "Уравнивающий план ВП",
        "best": "Лучший месяц",
        "capacity": "Даёт воронка с базой",
        "to_best": "План к лучшему месяцу",
        "reachable": "Достижим",
    }
    roubles = dict.fromkeys(("income", "gp", "best", "capacity"), "₽")
    return captioned(rows, captions, **roubles)
