"""Task 4: the one leak worth mending."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from salescourse import funnel
from salescourse.answers import Choice, NotUnderstood, Parts, Person
from salescourse.answers.raw import simplify, single
from salescourse.funnel import TRANSITIONS
from salescourse.funnel.cells import cells
from salescourse.funnel.leak import ENOUGH, SURE
from salescourse.funnel.people import names, sellers
from salescourse.tasks import Mistake, Task
from salescourse.text import number, percent, roubles
from salescourse.units.funnel.period import EVER, PERIOD, period

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
        return 'фамилия продавца или кампания в кавычках, например "Иванова"'


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

TASKS = (LEAK,)
