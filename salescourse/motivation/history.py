"""The department's own months: gross profit, pass-through, days worked; recomputed by a plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salescourse.errors import StudentError
from salescourse.measures import Months, captioned, month_end, working
from salescourse.motivation.plan import GP_SHIPPED, REVENUE, PayPlan, as_plan
from salescourse.simulation.profile import PROFILES
from salescourse.text import clean

if TYPE_CHECKING:
    from salescourse.company import Company

WINDOW = 14  # days without a selling activity before a pass-through order: DOMAIN, M13
SELLING = ("исходящий звонок", "встреча", "КП")
FULL = 0.60  # a month with a smaller share of days worked is not a full one: DOMAIN, M46
RAMP_DAYS = 120  # a newcomer until then: DOMAIN, M46
SPECIALIST = "специалист"
PROFILE = "wholesale"  # the one kind of company there is


@working(
    pandas="0.10  # решает собственник: опт 10 %, услуги около 20 %, ИТ около 25 %",
    excel="Одна ячейка с пределом; от неё считайте всё остальное.",
)
def payroll_cap(company: Company) -> float:
    """Предел ФОТ продавцов в ВП, который держит компания, доля.

    Это решение самой компании, а не закон: у опта с маржей 20 % он один, у ИТ другой.

    Examples
    --------
    >>> payroll_cap(Company.load("demo"))
    0.1

    Метод: DOMAIN §1, решение 1.
    """
    return PROFILES[PROFILE].payroll_cap


@working(
    pandas=(
        "rows = company.market_salary\n"
        "rows[(rows['city'] == company.city) & (rows['grade'] == 'специалист')]['median']"
    ),
    excel="На листе «Рынок зарплат» фильтр по городу и ступени, столбец «Медиана».",
)
def market_income(company: Company, grade: str = SPECIALIST) -> float:
    """Сколько платит рынок вашего города продавцу этой ступени, ₽ в месяц до налога.

    Медиана всего дохода, оклад вместе с бонусом.

    Parameters
    ----------
    grade : «менеджер», «специалист» или «ведущий»

    Raises
    ------
    StudentError
        В обзоре нет такого города или ступени.

    Examples
    --------
    >>> market_income(Company.load("demo"), "ведущий") > market_income(Company.load("demo"))
    True

    Метод: DOMAIN, M47.
    """

    def make() -> float:
        rows = company.market_salary
        own = rows[(rows["city"] == company.city) & (rows["grade"] == grade)]
        if not len(own):
            given = clean(str(grade), 40)
            raise StudentError(f"В обзоре зарплат нет города «{company.city}» для «{given}».")
        return float(own["median"].iloc[0])

    return company.memo(("motivation.market", company.city, str(grade)), make)


@working(
    pandas="sorted(company.payroll['month'].unique())[-12:]",
    excel="Последние двенадцать первых чисел месяца на листе «Зарплата», без неполного.",
)
def full_months(company: Company, last: int) -> list[pd.Timestamp]:
    """Последние полные месяцы, за которые есть зарплата, от раннего к позднему.

    Parameters
    ----------
    last : сколько месяцев взять

    Raises
    ------
    StudentError
        `last` — не целое число от 1; или полных месяцев меньше, чем просят.

    Examples
    --------
    >>> len(full_months(Company.load("demo"), 12))
    12
    """
    known = company.memo("motivation.full_months", lambda: _full_months(company))
    if type(last) is not int or last < 1:
        raise StudentError(f"Сколько месяцев взять? Нужно целое число, например 12, а не «{last}».")
    if last > len(known):
        raise StudentError(f"Просите {last} полных месяцев, а в данных их {len(known)}.")
    return known[-last:]


def _full_months(company: Company) -> list[pd.Timestamp]:
    known = [pd.Timestamp(m) for m in np.unique(company.payroll["month"].to_numpy())]
    return [m for m in known if month_end(m) <= company.asof]


def the_months(months: Months | str | None) -> np.ndarray | None:
    """Months as a student gave them, as first days; None stands for all."""
    if months is None:
        return None
    given = [months] if isinstance(months, str | pd.Timestamp) else months
    try:
        known = pd.to_datetime(list(given)).to_numpy()
    except (TypeError, ValueError):
        known = np.array([])
    if not len(known) or np.isnat(known.astype("datetime64[s]")).any():
        raise StudentError(
            "Не понял месяцы. Дайте список, например motivation.full_months(company, 12)."
        )
    return known.astype("datetime64[M]").astype("datetime64[s]")


def passing_orders(company: Company) -> np.ndarray:
    """Whether each order only passed through: repeat, inbound, and nobody had called.

    M13's «within ±20 % of the client's median» is left out, as in the identifiability study:
    season and top-ups move amounts by more, and half of what passed through would be lost.
    """

    def make() -> np.ndarray:
        orders, log = company.orders, company.activities
        repeat = orders["is_repeat"].to_numpy(dtype=bool)
        inbound = (orders["channel_in"] != "от продавца").to_numpy()
        log = log[log["type"].isin(SELLING).to_numpy() & log["client_id"].notna().to_numpy()]
        day = log["at"].to_numpy().astype("datetime64[D]").astype(np.int64)
        client = log["client_id"].to_numpy(dtype=np.int64)
        touched = np.sort(client * 100_000 + day)  # days from 1970 need five digits until 2243
        ordered = orders["ordered_at"].to_numpy().astype("datetime64[D]").astype(np.int64)
        key = orders["client_id"].to_numpy(dtype=np.int64) * 100_000 + ordered
        place = np.searchsorted(touched, key, side="right") - 1
        before = touched[place] if len(touched) else np.full(len(key), -1)
        called = (place >= 0) & (key - before <= WINDOW) if len(touched) else before >= 0
        return repeat & inbound & ~called

    return company.memo("motivation.passing", make)


def rows(company: Company) -> pd.DataFrame:
    """The shared table itself, a person-month a row: never hand it out."""
    return company.memo("motivation.history", lambda: _make(company))


def _make(company: Company) -> pd.DataFrame:
    pay = company.payroll.sort_values(["employee_id", "month"], ignore_index=True)
    pay = pay[(pay["month"] + pd.offsets.MonthEnd(0)).to_numpy() <= company.asof.to_datetime64()]
    pay = pay.reset_index(drop=True)
    orders = company.orders
    passing = passing_orders(company)
    gp = orders["gp"].to_numpy(dtype=float)
    keys = pd.MultiIndex.from_frame(pay[["employee_id", "month"]])
    fresh = ~orders["is_repeat"].to_numpy(dtype=bool)
    days = pay["days_worked"].to_numpy(dtype=float)
    # somebody always works the whole month, so the most days are all there were
    most = pay.groupby("month")["days_worked"].transform("max").to_numpy(dtype=float)
    return pd.DataFrame(
        {
            "employee_id": pay["employee_id"].to_numpy(),
            "month": pay["month"].to_numpy().astype("datetime64[s]"),
            "gp": pay["fact_gp"].to_numpy(dtype=float),
            "gp_shipped": _by_month(orders, "shipped_at", gp, keys),
            "pass_through": _by_month(orders, "paid_at", gp * passing, keys),
            "pass_shipped": _by_month(orders, "shipped_at", gp * passing, keys),
            "revenue": pay["fact_revenue"].to_numpy(dtype=float),
            "new_clients": _by_month(orders, "paid_at", fresh.astype(float), keys),
            "worked": np.divide(days, most, out=np.zeros_like(days), where=most > 0),
            "base_paid": pay["base_paid"].to_numpy(dtype=float),
            "bonus_paid": pay["bonus_paid"].to_numpy(dtype=float),
            "total": pay["total"].to_numpy(dtype=float),
            "plan_gp": pay["plan_gp"].to_numpy(dtype=float),
        }
    )


def _by_month(orders: pd.DataFrame, date: str, values: np.ndarray, keys: pd.MultiIndex):
    known = orders[date].notna().to_numpy()
    month = orders[date].to_numpy()[known].astype("datetime64[M]").astype("datetime64[s]")
    owner = orders["owner_id"].to_numpy()[known]
    sums = pd.Series(values[known]).groupby([owner, month]).sum()
    return sums.reindex(keys).fillna(0.0).to_numpy()


def chosen(company: Company, months: Months | Sequence | None) -> pd.DataFrame:
    """Person-months of these months; StudentError if there are none."""
    table, wanted = rows(company), the_months(months)
    if wanted is not None:
        table = table[np.isin(table["month"].to_numpy(), wanted)]
    if not len(table):
        raise StudentError("За эти месяцы зарплаты в данных нет.")
    return table


def recomputed(company: Company, plan: PayPlan, months: Months | None = None) -> pd.DataFrame:
    """Like `pay_history`, without captions: for reckoning."""
    table = chosen(company, months)
    shipped = plan.bonus_base == GP_SHIPPED
    gp = table["gp_shipped" if shipped else "gp"].to_numpy()
    worked = table["worked"].to_numpy()
    pay = plan.pay(
        gp,
        pass_through=table["pass_shipped" if shipped else "pass_through"].to_numpy(),
        revenue=table["revenue"].to_numpy() if plan.bonus_base == REVENUE else None,
        worked=worked,
        new_clients=table["new_clients"].to_numpy(),
    )
    norm = plan.plan_gp * worked
    return pd.DataFrame(
        {
            "employee_id": table["employee_id"].to_numpy(),
            "month": table["month"].to_numpy(),
            "gp": gp,
            "attainment": 100 * np.divide(gp, norm, out=np.zeros_like(gp), where=norm > 0),
            "base": pay.base,
            "bonus": pay.bonus,
            "total": pay.total,
            "before": table["total"].to_numpy(),
        }
    )


@working(
    pandas=(
        "rows = company.payroll[company.payroll['month'].isin(months)]\n"
        "pay = plan.pay(rows['fact_gp'], worked=rows['days_worked'] / рабочих_дней)\n"
        "rows.assign(total=pay.total)"
    ),
    excel="Формулу бонуса протяните вниз по листу «Зарплата», рядом с тем, что начислено.",
)
def pay_history(company: Company, plan: PayPlan, months: Months | None = None) -> pd.DataFrame:
    """Сколько люди получили бы по этой схеме за те же месяцы, и сколько получили на деле.

    Оклад и план делим на отработанную долю месяца. Проходные заявки: повторный заказ сам
    пришёл, а за 14 дней до него клиенту никто не звонил и ничего не предлагал.

    Parameters
    ----------
    plan : схема
    months : месяцы, обычно `motivation.full_months(company, 12)`; без них — все

    Returns
    -------
    Строка — человек и месяц. gp — ВП, ₽; attainment — выполнение плана схемы, %; base, bonus,
    total — оплата по схеме, ₽; before — сколько начислено на деле, ₽.

    Raises
    ------
    StudentError
        За эти месяцы зарплаты в данных нет.

    Examples
    --------
    >>> company = Company.load("demo")
    >>> plan = motivation.PayPlan(base=32_000, rate=0.0545, plan_gp=880_000)
    >>> bool((pay_history(company, plan)["total"] > 0).all())
    True
    """
    out = recomputed(company, as_plan(plan), months)
    captions = {
        "employee_id": "Сотрудник",
        "month": "Месяц",
        "gp": "ВП",
        "attainment": "Выполнение",
        "base": "Оклад",
        "bonus": "Бонус",
        "total": "По схеме",
        "before": "Начислено",
    }
    units = dict.fromkeys(("gp", "base", "bonus", "total", "before"), "₽")
    return captioned(out, captions, attainment="%", **units)
