"""How fast the funnel earns, and which lever does most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from salescourse.errors import StudentError
from salescourse.funnel.cells import month_count
from salescourse.funnel.leads import PAID, QUALIFIED, cohorts_of, share
from salescourse.measures import Months, working

if TYPE_CHECKING:
    from salescourse.company import Company


@working(
    pandas="opps * win / 100 * gp / cycle",
    excel="=лиды * доля_оплат * ВП_с_оплаты / цикл",
)
def velocity(opps: float, win: float, gp: float, cycle: float) -> float:
    """Сколько ВП новых клиентов воронка приносит в день, ₽.

    Parameters
    ----------
    opps : квалифицированных лидов в месяц
    win : какая доля из них оплачивает, %
    gp : ВП с одной оплаты, ₽
    cycle : сколько дней идёт сделка

    Raises
    ------
    StudentError
        Цикл не больше нуля.

    Examples
    --------
    >>> velocity(opps=200, win=20, gp=15_000, cycle=30)
    20000.0

    Метод: скорость воронки, DOMAIN, M18. Формула годится для сравнения рычагов; рубли в день
    верны, когда лидов за один цикл приходит столько же, сколько за месяц.
    """
    if not cycle > 0:
        raise StudentError(f"Цикл должен быть больше нуля дней, а не {cycle}.")
    return opps * win / 100 * gp / cycle


@working(
    pandas=(
        "rows = funnel.reached(company)\n"
        'rows = rows[rows["month"].isin(months)]\n'
        'qualified, paid = (rows["reached"] >= 1).sum(), (rows["reached"] == 4).sum()\n'
        'qualified / len(months), 100 * paid / qualified, rows["gp"].mean(), '
        'rows["cycle_days"].median()'
    ),
    excel="СЧЁТЕСЛИ по этапам, СРЗНАЧ ВП оплаченных, МЕДИАНА цикла.",
)
def velocity_levers(company: Company, months: Months | None = None) -> dict[str, float]:
    """Четыре рычага скорости воронки по лидам этих месяцев.

    Parameters
    ----------
    months : месяцы создания, обычно зрелые; без них — все

    Returns
    -------
    opps — квалифицированных лидов в месяц; win — какая их доля оплатила, %;
    gp — средняя ВП оплаты, ₽; cycle — медиана цикла, дни.

    Raises
    ------
    StudentError
        Среди этих лидов никто не оплатил.

    Examples
    --------
    >>> sorted(velocity_levers(Company.load("demo")))
    ['cycle', 'gp', 'opps', 'win']

    Метод: DOMAIN, M18.
    """
    rows = cohorts_of(company, months)
    stage = rows["reached"].to_numpy()
    qualified, paid = int((stage >= QUALIFIED).sum()), int((stage == PAID).sum())
    if not paid or rows["gp"].isna().all():
        raise StudentError("Среди лидов этих месяцев никто не оплатил: рычаги посчитать не на чем.")
    return {
        "opps": qualified / month_count(company, months),
        "win": share(paid, qualified),
        "gp": float(np.nanmean(rows["gp"])),
        "cycle": float(np.nanmedian(rows["cycle_days"])),
    }
