"""The eight checks of a scheme, each with a sentence: DOMAIN, M36."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from salescourse.errors import StudentError
from salescourse.measures import captioned, working
from salescourse.motivation.history import (
    FULL,
    RAMP_DAYS,
    chosen,
    full_months,
    market_income,
    payroll_cap,
    recomputed,
)
from salescourse.motivation.legal import minimum_wage
from salescourse.motivation.plan import CLIFF, GP_SHIPPED, PayPlan, as_plan
from salescourse.motivation.target import BASE_SHARE
from salescourse.text import NBSP, money, number, percent, plural, points, roubles

if TYPE_CHECKING:
    from salescourse.company import Company

BAND = (0.8, 1.5)  # attainment over which the cap is held
MIX_WITHIN = 0.02
REACH = (0.5, 0.7)  # share of sellers who reach the plan
MARKET = (0.9, 1.15)  # income at plan against the market
HEAD = 1.5  # the best paid seller against the head of sales
WEIGHTS = (1, 1, 1, 1, 1, 1, 0.5, 0.5)  # points of the eight: DOMAIN, E4.5
YEAR = 12
ENOUGH = 3  # full months that a seller needs to be counted
ROUNDING = 5e-5  # of a fraction: what a rounded base or rate may cost


class Check(NamedTuple):
    """One check: does the scheme pass, what is measured, what is allowed, in words."""

    name: str
    passed: bool
    value: float
    sentence: str


def margin_of(company: Company) -> float:
    """Gross profit in revenue over the last twelve full months, a ratio of sums."""

    def make() -> float:
        rows = chosen(company, full_months(company, YEAR))
        return float(rows["gp"].sum() / rows["revenue"].sum())

    return company.memo("motivation.margin", make)


def typical(company: Company, column: str = "gp") -> pd.Series:
    """Median gross profit of a full month, by seller, newcomers left out."""

    def make() -> pd.Series:
        rows = chosen(company, full_months(company, YEAR))
        rows = rows[rows["worked"].to_numpy() >= FULL]
        hired = company.employees.set_index("employee_id")["hired_on"]
        tenure = (company.asof - rows["employee_id"].map(hired)).dt.days
        rows = rows[~(tenure <= RAMP_DAYS).to_numpy()]
        months = rows.groupby("employee_id")[column]
        return months.median()[months.size() >= ENOUGH]

    return company.memo(("motivation.typical", column), make)


def head_income(company: Company) -> float:
    """Salary of the head of sales, ₽ a month."""

    def make() -> float:
        staff = company.employees
        head = staff[(staff["role"] == "РОП") & staff["left_on"].isna()]["base_salary"]
        if not len(head):
            raise StudentError("В таблице сотрудников нет РОПа: сравнить не с кем.")
        return float(head.max())

    return company.memo("motivation.head", make)


@working(
    pandas="x = np.arange(0.8, 1.51, 0.01)\nplan.curve(x)  # и семь сравнений с пределами",
    excel="Лист со строками 60, 80, 100, 120 и 150 % плана и восемь ячеек ЕСЛИ под ним.",
)
def checks(company: Company, plan: PayPlan, cap: float | None = None) -> pd.DataFrame:
    """Восемь проверок схемы на вашей компании, каждая со словами.

    Дальше везде: только продавцы, до налога, без взносов; история — 12 последних полных месяцев.
    1. Оплата в ВП не выше предела на любом выполнении от 80 до 150 % плана.
    2. Доля оклада при 100 % плана — 40 ± 2 %.
    3. Оплата нигде не падает и не прыгает больше чем на четверть за 1 % плана.
    4. Оклад не ниже МРОТ с районным коэффициентом.
    5. План выполняют 50–70 % продавцов: сравниваем медиану ВП полных месяцев, без новичков.
    6. Доход при 100 % плана — 0,9–1,15 рынка.
    7. Лучший продавец получал бы меньше полутора доходов РОПа.
    8. Весь ФОТ на истории — не выше предела.

    Parameters
    ----------
    plan : схема
    cap : предел ФОТ в ВП, доля; без него — предел вашей компании

    Returns
    -------
    Строка — проверка, от 1 до 8. name — о чём; passed — прошла ли; value — что получилось;
    sentence — что это значит.

    Examples
    --------
    >>> plan = motivation.PayPlan(base=32_000, rate=0.0545, plan_gp=880_000)
    >>> list(checks(Company.load("demo"), plan).columns)
    ['name', 'passed', 'value', 'sentence']

    Метод: DOMAIN, M36.
    """
    rows = pd.DataFrame(
        all_checks(company, as_plan(plan), cap), index=pd.Index(list(range(1, 9)), name="number")
    )
    captions = {
        "number": "№",
        "name": "Проверка",
        "passed": "Прошла",
        "value": "Сколько",
        "sentence": "Что это значит",
    }
    return captioned(rows, captions)


def all_checks(company: Company, plan: PayPlan, cap: float | None = None) -> tuple[Check, ...]:
    """The eight of them, in order."""
    cap = payroll_cap(company) if cap is None else cap
    if not 0 < cap <= 1:
        raise StudentError(f"Предел пишем долей от 0 до 1: 0.10, а не {cap}.")
    margin = margin_of(company)
    past = recomputed(company, plan, full_months(company, YEAR))
    return (
        _share(plan, cap, margin),
        _mix(plan, margin),
        _smooth(plan, margin),
        _minimum(company, plan),
        _reach(company, plan),
        _market(company, plan, margin),
        _head(company, past),
        _department(past, cap),
    )


def _share(plan: PayPlan, cap: float, margin: float) -> Check:
    x = np.arange(round(100 * BAND[0]), round(100 * BAND[1]) + 1) / 100
    share = plan.at(x, margin).total / (x * plan.plan_gp)
    worst = int(np.argmax(share))
    value, passed = float(share[worst]), bool(share[worst] <= cap + ROUNDING)
    most = f"На {number(100 * x[worst])}{NBSP}% плана оплата забирает {percent(100 * value)} ВП"
    if passed:
        text = f"{most}: предел {percent(100 * cap)} держится от 80 до 150{NBSP}%."
    else:
        text = f"{most}, предел {percent(100 * cap)}. Снизьте оклад или ставку либо поднимите план."
    return Check("Предел на 80–150\u00a0% плана", passed, 100 * value, text)


def _mix(plan: PayPlan, margin: float) -> Check:
    pay = plan.at(1.0, margin)
    value = pay.base / pay.total if pay.total else np.nan
    passed = bool(abs(value - BASE_SHARE) <= MIX_WITHIN + 1e-9)
    text = (
        f"При 100{NBSP}% плана оклад — {percent(100 * value)} дохода, "
        f"нужно {number(100 * BASE_SHARE)}{NBSP}± {points(100 * MIX_WITHIN, 0)}"
    )
    if not passed and value == value:
        text += (
            ": снизьте оклад или поднимите ставку"
            if value > BASE_SHARE
            else (": поднимите оклад или снизьте ставку")
        )
    text = text if text.endswith(".") else f"{text}."
    return Check("Оклад и бонус 40 на 60 при плане", passed, 100 * value, text)


def _smooth(plan: PayPlan, margin: float) -> Check:
    x = np.arange(151) / 100
    falls = bool((np.diff(plan.at(x, margin).total) < -1e-6).any())
    place, part = plan.steepest(margin)
    passed = not falls and part <= CLIFF + 1e-9
    where = f"на {number(100 * place)}{NBSP}% плана"
    if falls:
        text = "Продал больше, а получил меньше: оплата где-то падает."
    elif passed:
        text = f"Обрывов нет: самый крутой шаг — {where}, плюс {percent(100 * part)} за 1{NBSP}%."
    else:
        jump = "с нуля" if np.isinf(part) else f"на {percent(100 * part, 0)}"
        text = f"Обрыв {where}: оплата прыгает {jump}. "
        text += (
            "Уберите порог: сделки пойдут через месяц."
            if plan.threshold > 0
            else "Порога нет, мал оклад: доход держится на одном бонусе. Поднимите оклад."
        )
    return Check("Без обрывов", passed, 100 * part, text)


def _minimum(company: Company, plan: PayPlan) -> Check:
    least = minimum_wage(company.asof.year, company.city)
    passed = plan.base >= least
    text = (
        f"Оклад {roubles(plan.base)}, МРОТ {company.asof.year} года "
        f"с районным коэффициентом — {roubles(least)}"
    )
    text += "." if passed else ": поднимите оклад."
    return Check("Оклад не ниже МРОТ", bool(passed), plan.base, text)


def _reach(company: Company, plan: PayPlan) -> Check:
    column = "gp_shipped" if plan.bonus_base == GP_SHIPPED else "gp"
    usual = typical(company, column)
    n, there = len(usual), int((usual >= plan.plan_gp).sum())
    value = there / n if n else np.nan
    passed = bool(n and REACH[0] <= value <= REACH[1])
    text = (
        f"План {money(plan.plan_gp)} в обычный месяц "
        f"{plural(there, 'выполняет', 'выполняют', 'выполняют')} {there} из {n}"
    )
    if passed:
        text += "."
    elif value > REACH[1]:
        text += ": он лёгкий, бонус станет вторым окладом."
    else:
        text += ": для большинства он недостижим, стараться перестанут."
    return Check("План по силам 50–70\u00a0% продавцов", passed, 100 * value, text)


def _market(company: Company, plan: PayPlan, margin: float) -> Check:
    market = market_income(company)
    pay = plan.at(1.0, margin).total
    value = pay / market
    passed = bool(MARKET[0] - 1e-9 <= value <= MARKET[1] + 1e-9)
    text = f"При 100{NBSP}% плана — {money(pay)}, рынок в городе {company.city} — {money(market)}"
    if passed:
        text += "."
    else:
        text += ": уйдут к соседям." if value < MARKET[0] else ": переплачиваете."
    return Check("Доход при плане — 0,9–1,15 рынка", passed, value, text)


def _head(company: Company, past: pd.DataFrame) -> Check:
    mean = past.groupby("employee_id")["total"].mean()
    best, head = float(mean.max()), head_income(company)
    passed = best < HEAD * head
    text = f"Лучший продавец получал бы {money(best)} в месяц, РОП — {money(head)}"
    text += "." if passed else ": продавцу незачем становиться руководителем."
    return Check("Лучший продавец — меньше 1,5 РОПа", bool(passed), best / head, text)


def _department(past: pd.DataFrame, cap: float) -> Check:
    value = past["total"].sum() / past["gp"].sum()
    before = past["before"].sum() / past["gp"].sum()
    passed = bool(value <= cap + ROUNDING)
    text = (
        f"За 12 месяцев по этой схеме ФОТ взял бы {percent(100 * value)} ВП, "
        f"на деле взял {percent(100 * before)}; предел {percent(100 * cap)}"
    )
    text += "." if passed else ": снизьте ставку, в том числе за проходные заявки."
    return Check("ФОТ отдела на истории", passed, 100 * value, text)


@working(
    pandas=(
        "rows = company.payroll[company.payroll['month'].isin(months)]\n"
        "rows['bonus_paid'].sum() / rows['fact_revenue'].sum()  # ставка с выручки"
    ),
    excel="Ставка = СУММ(бонус) / СУММ(выручка); оклад — МЕДИАНА окладов; план — СРЗНАЧ планов.",
)
def current(company: Company) -> PayPlan:
    """Нынешняя схема одной строкой: оклад и процент с выручки.

    Оклад — медиана окладов продавцов, план — средний план по ВП за последние 12 полных месяцев.

    Examples
    --------
    >>> current(Company.load("demo")).on_revenue
    True
    """
    rows = chosen(company, full_months(company, YEAR))
    staff = company.employees.set_index("employee_id")["base_salary"]
    return PayPlan(
        base=float(staff.reindex(rows["employee_id"].unique()).median()),
        rate=round(float(rows["bonus_paid"].sum() / rows["revenue"].sum()), 4),
        plan_gp=float(rows["plan_gp"].mean()),
        bonus_base="revenue_paid",
    )
