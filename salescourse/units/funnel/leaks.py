"""Tasks 4 and 5: the one leak worth mending, and what it costs a month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from salescourse import funnel
from salescourse.answers import Choice, NotUnderstood, Number, Parts, Person, Relative
from salescourse.answers.raw import simplify, single
from salescourse.funnel import TRANSITIONS
from salescourse.funnel.leak import ENOUGH, SURE, cells, mean_gp, month_count
from salescourse.funnel.people import names, sellers
from salescourse.funnel.reached import PAID, cohorts_of, table
from salescourse.tasks import Mistake, Task
from salescourse.text import number, percent, points, roubles
from salescourse.units.funnel.period import CLEAN, EVER, PERIOD, period

if TYPE_CHECKING:
    from salescourse.company import Company

Values = dict[str, Any]


# The leak -------------------------------------------------------------------------------------


def all_cells(company: Company) -> pd.DataFrame:
    """Every cell of both maps over the period, with the map it is from."""

    def make() -> pd.DataFrame:
        maps = [
            cells(company, by, period(company)).assign(by=by) for by in ("owner_id", "campaign")
        ]
        out = pd.concat(maps, ignore_index=True)
        return out.assign(key=out["key"].astype(object))

    return company.memo("funnel.all_cells", make)


def leak_cell(company: Company) -> pd.Series:
    """The dearest cell among those that `ENOUGH` leads and `SURE` errors prove."""

    def make() -> pd.Series:
        rows = all_cells(company)
        proven = rows[(rows["n"] >= ENOUGH) & (rows["z"] >= SURE)]
        rows = proven if len(proven) else rows[rows["n"] > 0]
        return rows.loc[rows["lost"].idxmax()]

    return company.memo("funnel.leak_cell", make)


def place_options(company: Company) -> tuple[tuple[str, str], ...]:
    """Sellers by surname, then campaigns: (key, label)."""
    rows = all_cells(company)
    active = set(rows["key"])
    people = {i: f"{label}, номер {i}" for i, label in names(company).items() if i in active}
    campaigns = sorted(str(k) for k in active if isinstance(k, str))
    by_name = sorted(people.items(), key=lambda item: item[1])
    return (*((str(i), label) for i, label in by_name), *((c, f"«{c}»") for c in campaigns))


@dataclass(frozen=True)
class Place(Choice):
    """A seller or a campaign: by letter, surname, employee's number or the campaign's name."""

    def parse(self, raw: Any, company: Company) -> str:
        plain = single(simplify(raw))
        try:
            return str(Person(sellers).parse(plain, company))
        except NotUnderstood:
            return self.pick(plain, company)

    def expects(self, company: Company | None = None) -> str:
        return 'продавец или кампания в кавычках, например "Иванова"'


def main_leak(company: Company) -> Values:
    """The transition and the seller or campaign of the dearest proven cell."""
    cell = leak_cell(company)
    return {"переход": cell["transition"], "где": str(cell["key"])}


# funnel-4: ways to blame the wrong place ------------------------------------------------------


def _wrong_places(company: Company) -> dict[str, Values]:
    """Where each mistake points; one that points where an earlier or the truth does is left out."""

    def make() -> dict[str, Values]:
        truth, known = main_leak(company), {}
        for name, find in PLACES.items():
            value = find(company)
            differs = any(truth[part] != v for part, v in value.items())
            if differs and value not in known.values():
                known[name] = value
        return known

    return company.memo("funnel-4.wrong", make)


def _lowest_stage(company: Company) -> Values:
    rows = funnel.stages(company, period(company))["conversion"]
    return {"переход": TRANSITIONS[int(rows.to_numpy()[1:].argmin())]}


def _second_dearest(company: Company) -> Values:
    cell = runner_up(company)
    return {"переход": cell["transition"], "где": str(cell["key"])}


def _lowest_here(company: Company, by: str) -> Values:
    rows = all_cells(company)
    rows = rows[(rows["transition"] == leak_cell(company)["transition"]) & (rows["by"] == by)]
    rows = rows[rows["n"] >= ENOUGH]
    return {"где": str(rows.loc[rows["conversion"].idxmin(), "key"])}


def _worst_overall(company: Company) -> Values:
    rows = funnel.standardised(company, period(company))
    rows = rows[rows["leads"] >= ENOUGH]
    return {"где": str(rows.loc[rows["raw"].idxmin(), "owner_id"])}


PLACES = {
    "runner-up": _second_dearest,
    "lowest-stage": _lowest_stage,
    "lowest-seller": lambda company: _lowest_here(company, "owner_id"),
    "lowest-campaign": lambda company: _lowest_here(company, "campaign"),
    "worst-overall": _worst_overall,
}


def _place_mistake(name: str, hint: str) -> Mistake:
    return Mistake(name, lambda company: _wrong_places(company).get(name), hint)


def _explain_leak(company: Company) -> str:
    cell, second = leak_cell(company), runner_up(company)["lost"]
    return (
        f"Дошло {number(cell['n'])}, переходит {percent(cell['conversion'])}, у остальных на таких "
        f"же лидах {percent(cell['reference'])}; {roubles(cell['lost'])} ВП в месяц. Следующая по "
        f"цене клетка — {roubles(second)}."
    )


def runner_up(company: Company) -> pd.Series:
    """The dearest other cell with `ENOUGH` leads."""

    def make() -> pd.Series:
        rows = all_cells(company).drop(index=leak_cell(company).name)
        return rows.loc[rows.loc[rows["n"] >= ENOUGH, "lost"].idxmax()]

    return company.memo("funnel.runner_up", make)


LEAK = Task(
    id="funnel-4",
    title="Главная утечка",
    question=(
        "Где главная утечка: на каком переходе и у кого — у продавца или в рекламной кампании? "
        f"Период — последние **{PERIOD} зрелых месяцев**.\n\n"
        "Главная — та, что дороже всех стоит в ВП за месяц. Клетку «переход × продавец» "
        "сравнивайте с остальными продавцами **без него самого** и на таких же источниках, "
        "клетку «переход × кампания» — с другой кампанией того же источника. "
        "Клетки, где дошло меньше "
        f"{ENOUGH} или разрыв меньше {str(SURE).replace('.', ',')} стандартной ошибки, ничего не "
        f"доказывают.\n\n{EVER} Продавец — тот, кому заявку дали.\n\n"
        "- **переход** — один из вариантов ниже;\n"
        "- **где** — фамилия, номер или кампания."
    ),
    kind=Parts(
        {
            "переход": (Choice(tuple((t, t) for t in TRANSITIONS)), 2),
            "где": (Place(place_options), 3),
        }
    ),
    truth=main_leak,
    estimator=(
        f"клетка с наибольшей потерей ВП за {PERIOD} зрелых месяцев среди n ≥ {ENOUGH} и z ≥ {SURE}"
    ),
    mistakes=(
        _place_mistake(
            "runner-up",
            "Эта клетка стоит дорого, но она вторая. Есть дороже: посмотрите обе карты, по "
            "продавцам и по кампаниям, и возьмите самую тёмную из доказанных.",
        ),
        _place_mistake(
            "lowest-stage",
            "Это самый узкий переход фирмы, но узкий он по природе: холодные лиды так отсеиваются "
            "у всех. Ищите не где ниже, а где хуже, чем у остальных на таких же лидах.",
        ),
        _place_mistake(
            "lowest-seller",
            "У этого продавца на этом переходе самая низкая конверсия, но посмотрите, какие лиды "
            "ему дают. На таких же источниках остальные проходят не лучше.",
        ),
        _place_mistake(
            "lowest-campaign",
            "Эта кампания ниже всех, потому что таков её источник. Сравните её с другой кампанией "
            "того же источника.",
        ),
        _place_mistake(
            "worst-overall",
            "По всем лидам этот продавец последний, но виноват состав: ему наливают холод. "
            "Сравнивайте внутри перехода и на таких же источниках.",
        ),
    ),
    hints=(
        "Низкая конверсия — свойство этапа. Утечка — хуже, чем должно быть, и дорого.",
        "Постройте карту потерь дважды: по продавцам и по кампаниям. Возьмите самую дорогую "
        "клетку из доказанных.",
        'funnel.leaks(company, by="___", months=measures.mature(company, 18))',
    ),
    points=5,
    source="DOMAIN, M16; IDENTIFIABILITY §4, E2.4",
    explain=_explain_leak,
)


# funnel-5 -------------------------------------------------------------------------------------


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

TASKS = (LEAK, PRICE)
