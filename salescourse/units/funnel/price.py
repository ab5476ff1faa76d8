"""Task 5: what the leak costs a month, in gross profit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from salescourse import funnel
from salescourse.answers import Number, Relative
from salescourse.funnel import TRANSITIONS
from salescourse.funnel.cells import mean_gp, month_count
from salescourse.funnel.leads import PAID, cohorts_of, table
from salescourse.tasks import Mistake, Task
from salescourse.text import number, percent, points, roubles
from salescourse.units.funnel.leaks import leak_cell, runner_up
from salescourse.units.funnel.period import CLEAN, PERIOD, period

if TYPE_CHECKING:
    from salescourse.company import Company


def lost_a_month(company: Company) -> float:
    """Lost gross profit of the main leak, ₽ per mature month."""
    return float(leak_cell(company)["lost"])


def _paying_at_once(company: Company) -> float | None:
    cell = leak_cell(company)
    if cell["transition"] == TRANSITIONS[-1]:  # nothing lies between it and the payment
        return None
    months = month_count(company, period(company))
    return float(cell["n"] * cell["gap"] / 100 * mean_gp(company) / months)


def _revenue(company: Company) -> float:
    rows = table(company)
    paid = rows["gp"].notna().to_numpy()
    amount = rows["amount"].to_numpy(dtype=float, na_value=np.nan)[paid]
    return lost_a_month(company) * float(np.nanmean(amount)) / mean_gp(company)


def _median_gp(company: Company) -> float:
    return lost_a_month(company) * float(np.nanmedian(table(company)["gp"])) / mean_gp(company)


def _with_owner(company: Company) -> float:
    """The reference that keeps the cell itself among those it is compared with."""
    cell = leak_cell(company)
    start = TRANSITIONS.index(cell["transition"])
    rows = cohorts_of(company, period(company))
    rows = rows[rows["reached"].to_numpy() >= start]
    if cell["by"] == "campaign":
        rows = rows[rows["campaign"].notna().to_numpy()]
    code = rows["source"].array.codes.astype(np.int64)
    passed = rows["reached"].to_numpy() > start
    own = rows[cell["by"]].to_numpy() == cell["key"]
    n, k, paid, n_own, k_own = (
        np.bincount(code[which], minlength=code.max() + 1)
        for which in (code >= 0, passed, rows["reached"].to_numpy() == PAID, own, own & passed)
    )
    onward = np.divide(paid, k, out=np.zeros(len(k)), where=k > 0)
    rate = np.divide(k, n, out=np.zeros(len(n)), where=n > 0)
    months = month_count(company, period(company))
    return float(((n_own * rate - k_own) * onward).sum() * mean_gp(company) / months)


def _explain_price(company: Company) -> str:
    cell = leak_cell(company)
    share = funnel.in_money(company, cell["transition"], cell["key"], period(company)).iloc[0]
    return (
        f"{number(cell['n'])} дошло × разрыв {points(cell['gap'])} × доля оплат дальше × средняя "
        f"ВП {roubles(mean_gp(company))} / {len(period(company))} мес. "
        f"Это {percent(share['share'])} ВП новых клиентов, а за их первые 12 месяцев — "
        f"{roubles(share['lost_year'])} с каждого месяца."
    )


PRICE = Task(
    id="funnel-5",
    title="Цена утечки",
    question=(
        "Сколько валовой прибыли в месяц стоит утечка из задания funnel-4?\n\n"
        f"Договоримся, как считать, за последние **{PERIOD} зрелых месяцев**:\n\n"
        "1. сравниваем с остальными **без него самого**, на его составе источников "
        "(кампанию — с другой кампанией того же источника);\n"
        "2. из недошедших заплатили бы не все: дальше — доля оплат среди прошедших этот переход, "
        "**по тому же источнику, по всей фирме**;\n"
        "3. одна оплата приносит **среднюю** ВП оплаченной сделки из заявок, по всей фирме и за "
        "всё время;\n"
        "4. считаем **ВП, а не выручку**;\n"
        f"5. делим на число зрелых месяцев: ответ — **за один месяц**.\n\n{CLEAN}\n\n"
        "Ответ в рублях; засчитываем ± 10 %."
    ),
    kind=Number("₽", Relative(0.10)),
    truth=lost_a_month,
    estimator=(
        "сумма по источникам: дошло × (конверсия остальных − своя) × доля оплат дальше × средняя "
        "ВП / число зрелых месяцев"
    ),
    mistakes=(
        Mistake(
            "no-downstream",
            _paying_at_once,
            "Похоже, вы посчитали, будто каждый, кто не перешёл, заплатил бы. Дальше тоже "
            "отсеиваются: умножьте на долю оплат среди прошедших этот переход.",
        ),
        Mistake(
            "revenue",
            _revenue,
            "Похоже, вы взяли выручку. Оборот не остаётся в фирме; возьмите валовую прибыль "
            "оплаченных сделок.",
        ),
        Mistake(
            "total",
            lambda company: lost_a_month(company) * month_count(company, period(company)),
            "Похоже, это потеря за все месяцы вместе. Поделите на их число.",
        ),
        Mistake(
            "year",
            lambda company: lost_a_month(company) * 12,
            "Похоже, это потеря за год. Спрашивают за один месяц.",
        ),
        Mistake(
            "with-owner",
            _with_owner,
            "Похоже, вы сравнили с фирмой вместе с самой утечкой: она тянет вниз и среднее. "
            "Уберите её из тех, с кем сравниваете.",
            gated=False,
        ),
        Mistake(
            "median-gp",
            _median_gp,
            "Похоже, вы взяли медианную ВП. Потеря — сумма по многим сделкам, крупным тоже, "
            "поэтому множитель — средняя.",
            gated=False,
        ),
        Mistake(
            "runner-up",
            lambda company: float(runner_up(company)["lost"]),
            "Похоже, вы посчитали другую клетку: она вторая по цене. Вернитесь к карте потерь.",
        ),
    ),
    hints=(
        "Потеря — это люди, которые могли заплатить, а не заплатили, в рублях ВП.",
        "Четыре множителя: дошло × разрыв × доля оплат дальше × средняя ВП. Потом — на месяцы.",
        'funnel.stage(company, "___", by="___", months=measures.mature(company, 18))',
    ),
    points=4,
    source="DOMAIN, M16; IDENTIFIABILITY §4, E2.5",
    explain=_explain_price,
)

TASKS = (PRICE,)
