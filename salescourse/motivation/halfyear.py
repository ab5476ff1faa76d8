"""Half a year of the move, month by month: who is on which scheme, and what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salescourse.measures import captioned, working
from salescourse.motivation.behaviour import (
    JUNIOR,
    chosen_effects,
    discounted,
    hazard,
    luck,
    ramp,
    reaction,
)
from salescourse.motivation.clients import NORM, moved_gp
from salescourse.motivation.history import full_months
from salescourse.motivation.moving import new_terms, next_first, the_day, transition
from salescourse.motivation.plan import PayPlan, as_plan
from salescourse.motivation.premises import Assumptions
from salescourse.motivation.rules import margin_of
from salescourse.motivation.seats import MONTHS, seats

if TYPE_CHECKING:
    from salescourse.company import Company

HALF_YEAR = 6


@working(
    pandas="# шесть месяцев: до своей даты человек на старой схеме, после — на новой",
    excel="Лист на месяц: у каждого своя схема по дате перехода; уход — по жребию.",
)
def six_months(
    company: Company,
    plan: PayPlan,
    notice: object,
    norm: int = NORM,
    effects: tuple[str, ...] = ("effort", "discount", "quit", "ramp"),
    assume: Assumptions | None = None,
) -> pd.DataFrame:
    """Полгода перехода: ВП, ФОТ, кто ушёл и сколько клиентов осталось без продавца.

    Месяцы повторяют те же месяцы прошлого года. До своей даты человек работает и получает по
    старой схеме, после — по новой. ВП переданных клиентов уходит вместе с ними, когда вступает
    в силу новая схема. Кто ушёл, того со следующего месяца заменяет новичок, сразу на новой
    схеме; клиенты ушедшего на месяц достаются коллегам, пока у тех меньше нормы. Сдвигов
    между месяцами здесь нет, они в `motivation.behave`.

    Parameters
    ----------
    plan : новая схема
    notice : день уведомления
    norm : сколько клиентов ведёт один продавец
    effects, assume : как в `motivation.behave`

    Returns
    -------
    Строка — месяц, начиная со следующего за уведомлением. on_new — сколько человек на новой
    схеме; gp, payroll — ₽; share — ФОТ в ВП, %; leavers — ушло; no_owner — клиентов без
    продавца.

    Raises
    ------
    StudentError
        Дата не понята, раньше даты выгрузки, или нет такого эффекта.

    Examples
    --------
    >>> plan = motivation.PayPlan(base=32_000, rate=0.0545, plan_gp=880_000)
    >>> len(six_months(Company.load("demo"), plan, "2026-10-01"))
    6

    Метод: DOMAIN, M38.
    """
    on, assume, plan = chosen_effects(effects), assume or Assumptions(), as_plan(plan)
    people = transition(company, plan, notice, norm)
    first = next_first(the_day(notice) + pd.Timedelta(days=1))
    months = pd.date_range(first, periods=HALF_YEAR, freq="MS")
    past = {m.month: i for i, m in enumerate(full_months(company, MONTHS))}
    here, n = seats(company, plan), len(people)
    cheaper = discounted(here, plan, on, assume)
    react = reaction(plan, cheaper, on, assume, margin_of(company))
    old_pay = _old_pay(company)
    gain, leftover = moved_gp(company, norm)
    split_from = new_terms(the_day(notice))
    clients = (people["clients"] - people["hands_over"] + people["receives"]).to_numpy()
    starts = people["new_from"].to_numpy()
    rung, months_in, hired = here.rung.copy(), np.full(n, -1), np.zeros(n, dtype=bool)
    draws, homeless, lines = luck(company, n), 0, []
    for i, month in enumerate(months):
        row = past[month.month]
        new = (starts <= month.to_datetime64()) | hired
        usual = np.where(new, cheaper.gp[row], here.gp[row])
        own = usual + (gain if month >= split_from else 0.0)
        gp = np.maximum(own, 0) * np.where(new, react.effort, 1.0) * ramp(months_in, on, assume)
        factor = np.divide(gp, usual, out=np.ones(n), where=usual > 0)
        pay = plan.pay(
            gp,
            pass_through=here.pass_through[row] * factor,
            revenue=np.where(new, cheaper.revenue[row], here.revenue[row]) * factor,
            worked=here.worked[row],
            new_clients=here.new_clients[row] * factor,
        ).total
        pay = np.where(new, pay, old_pay[0][row] + old_pay[1][row] * factor)
        without = homeless + (leftover if month >= split_from else 0)
        months_in = np.where(months_in >= 0, months_in + 1, months_in)
        gone = np.zeros(n, dtype=bool)
        if "quit" in on:
            income = np.where(new, react.income, people["before"].to_numpy())
            gone = draws[i] < hazard(income, here, rung, assume)
            rung, months_in = np.where(gone, JUNIOR, rung), np.where(gone, 0, months_in)
            hired = hired | gone
        room = np.maximum(norm - clients[~gone], 0).sum()
        homeless = max(0, int(clients[gone].sum() - room))
        lines.append((int(new.sum()), gp.sum(), pay.sum(), int(gone.sum()), without))
    out = pd.DataFrame(
        lines,
        columns=["on_new", "gp", "payroll", "leavers", "no_owner"],
        index=pd.DatetimeIndex(months, name="month"),
    )
    out["share"] = 100 * out["payroll"] / out["gp"]
    captions = {
        "month": "Месяц",
        "on_new": "На новой схеме",
        "gp": "ВП",
        "payroll": "ФОТ",
        "leavers": "Ушло",
        "no_owner": "Клиентов без продавца",
        "share": "ФОТ в ВП",
    }
    return captioned(out, captions, gp="₽", payroll="₽", share="%")


def _old_pay(company: Company) -> tuple[np.ndarray, np.ndarray]:
    """Base and bonus as they were paid, months × seats; a newcomer's missing months are usual."""
    ids, months = seats(company).ids, full_months(company, MONTHS)
    pay = company.payroll[company.payroll["month"].isin(months)]
    grids = []
    for column in ("base_paid", "bonus_paid"):
        grid = pay.pivot(index="month", columns="employee_id", values=column)
        grid = grid.reindex(index=months, columns=ids)
        grids.append(grid.fillna(grid.mean()).to_numpy(dtype=float))
    return grids[0], grids[1]
