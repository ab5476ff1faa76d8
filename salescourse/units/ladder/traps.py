"""Tasks 2 and 3: whom turnover flatters, and who grew on clients that others had won."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from salescourse.answers import Person
from salescourse.answers.person import NOBODY
from salescourse.ladder.clients import FEW, PASSES, YEAR, sources
from salescourse.ladder.months import usual
from salescourse.ladder.wall import exact
from salescourse.motivation.history import full_months
from salescourse.tasks import Mistake, Task
from salescourse.text import number, percent, plural
from salescourse.units.ladder.people import USUAL, candidates, label

if TYPE_CHECKING:
    from salescourse.company import Company

RANKS = (2, 3, 4)  # after which by turnover the top rung may be cut
BELOW = 0.95  # of the GP that this turnover brings at the median margin
ROUND = 10_000
CLEAR = 0.012  # nobody lies nearer to a norm
THIN = 0.80  # of the median margin: whoever sells below it sells by discount


class Norms(NamedTuple):
    """The top rung as the question gives it."""

    turnover: float
    gp: float
    flips: tuple[int, ...]  # turnover of the rung, GP not
    near: float


# ladder-2 -------------------------------------------------------------------------------------


def norms(company: Company) -> Norms:
    """The cut after the second, third or fourth by turnover that tells most clearly."""

    def make() -> Norms:
        table = usual(company)
        found = [_cut(table, rank) for rank in RANKS if rank < len(table)]
        clear = [cut for cut in found if cut.near >= CLEAR and len(cut.flips) <= 1]
        # one person first: where there is a discounter, some cut shows him
        return max(clear or found, key=lambda cut: (len(cut.flips) == 1, cut.near))

    return company.memo("ladder-2.norms", make)


def _cut(table: pd.DataFrame, rank: int) -> Norms:
    ranked = np.sort(table["turnover"].to_numpy())[::-1]
    turnover = float(np.rint(np.sqrt(ranked[rank - 1] * ranked[rank]) / ROUND) * ROUND)
    margin = float((table["gp"] / table["turnover"]).median())
    gp = float(np.rint(BELOW * margin * turnover / ROUND) * ROUND)
    flips = table.index[(table["turnover"] >= turnover) & (table["gp"] < gp)]
    near = min((table["turnover"] / turnover - 1).abs().min(), (table["gp"] / gp - 1).abs().min())
    return Norms(turnover, gp, tuple(int(i) for i in flips), float(near))


def discounter(company: Company) -> int:
    """Who has the top rung's turnover and not its GP; `NOBODY` if there is no such person."""
    flips = norms(company).flips
    return flips[0] if flips else NOBODY


def _unless(company: Company, who: object, truth: int) -> int | None:
    return None if int(who) == truth else int(who)


def _largest(company: Company) -> int | None:
    return _unless(company, usual(company)["turnover"].idxmax(), discounter(company))


def _least_gp(company: Company) -> int | None:
    return _unless(company, usual(company)["gp"].idxmin(), discounter(company))


def _thinnest(company: Company) -> int | None:
    table = usual(company)
    return _unless(company, (table["gp"] / table["turnover"]).idxmin(), discounter(company))


def _just_below(company: Company) -> int | None:
    """The largest by turnover of those below the norm: close, and not it."""
    table = usual(company)
    rest = table[table["turnover"] < norms(company).turnover]
    return _unless(company, rest["turnover"].idxmax(), discounter(company)) if len(rest) else None


def _norms_shown(company: Company) -> str:
    cut = norms(company)
    return f"Ведущий: оборот от **{exact(cut.turnover)}**, ВП от **{exact(cut.gp)}** в месяц."


def _explain_discounter(company: Company) -> str:
    table, who = usual(company), discounter(company)
    margin = 100 * table["gp"] / table["turnover"]
    usual_margin = percent(float(margin.median()))
    if who == NOBODY:
        return (
            f"Маржа у всех рядом, обычно {usual_margin}: кто держит оборот ведущего, держит и ВП. "
            "Так тоже бывает, и тогда виноватого не ищут."
        )
    return (
        f"Маржа {percent(float(margin[who]))} против обычных {usual_margin}: оборот куплен скидкой."
    )


DISCOUNTER = Task(
    id="ladder-2",
    title="Ведущий по обороту, но не по ВП",
    question=(
        "Нормы верхней ступени названы ниже. Кто в обычный месяц держит её **оборот**, но не "
        f"держит **ВП**? Если таких нет — «никто».\n\n{USUAL}"
    ),
    kind=Person(candidates, nobody=True),
    truth=discounter,
    estimator="оборот обычного месяца не ниже нормы, ВП ниже нормы; нормы названы в вопросе",
    mistakes=(
        Mistake(
            "largest",
            _largest,
            "Оборот у этого продавца и правда самый большой, но и ВП на месте. Ищите того, у кого "
            "оборот выше нормы, а ВП ниже.",
        ),
        Mistake(
            "thinnest",
            _thinnest,
            "Маржа здесь самая низкая, но или норма ВП выполнена, или до нормы оборота далеко. "
            "Сравните с обеими нормами.",
        ),
        Mistake(
            "just-below",
            _just_below,
            "До нормы оборота этот продавец не дотягивает: сверьте обычный месяц с вопросом.",
        ),
        Mistake(
            "least-gp",
            _least_gp,
            "ВП здесь меньше всех, но и оборот тоже: на верхнюю ступень этот продавец не просится.",
        ),
        Mistake(
            "nobody",
            lambda company: None if discounter(company) == NOBODY else NOBODY,
            "Есть один такой. Поставьте рядом обычный оборот, обычную ВП и их отношение.",
        ),
    ),
    hints=(
        "Посмотрите не на оборот, а на то, что от него остаётся.",
        "Отберите тех, чей обычный оборот не ниже нормы, и сравните их ВП с нормой ВП.",
        'people[(people["turnover"] >= ___) & (people["gp"] < ___)]',
    ),
    points=2,
    source="DOMAIN, M46; IDENTIFIABILITY §4, E7.2",
    details=_norms_shown,
    explain=_explain_discounter,
)


# ladder-3 -------------------------------------------------------------------------------------


def base(company: Company) -> pd.DataFrame:
    """Pass-through share and new clients of those on the ladder, last twelve full months."""
    table = sources(company, full_months(company, YEAR))
    return table.reindex(list(candidates(company)))


def few(company: Company) -> float:
    """Half the median number of new clients: at most so many is «почти не приводит»."""
    return FEW * float(base(company)["new"].median())


def inherited(company: Company) -> tuple[int, ...]:
    """Who lives on pass-through orders and brings hardly anybody."""
    table = base(company)
    lives = (table["pass_through"] >= PASSES) & (table["new"] <= few(company))
    return tuple(int(i) for i in table.index[lives])


def heir(company: Company) -> int:
    """The one of them; `NOBODY` if there is none."""
    found = inherited(company)
    return found[0] if found else NOBODY


def _also_passes(company: Company) -> int | None:
    """Lives on pass-through orders too, but brings new clients."""
    table = base(company)
    rest = table[(table["pass_through"] >= PASSES) & (table["new"] > few(company))]
    return int(rest["pass_through"].idxmax()) if len(rest) else None


def _brings_few(company: Company) -> int | None:
    table = base(company)
    rest = table[table["pass_through"] < PASSES]
    return int(rest["new"].idxmin()) if len(rest) else None


def _explain_heir(company: Company) -> str:
    table, who = base(company), heir(company)
    middle = number(float(table["new"].median()))
    if who == NOBODY:
        other = _also_passes(company)
        if other is None:
            return f"Ни у кого проходного нет больше {number(PASSES)}\u00a0%."
        new = int(table["new"][other])
        return (
            f"База кормит не одного, но новых приводят все: у продавца {label(company, other)} "
            f"проходного {percent(table['pass_through'][other], 0)}, а новых — {new} "
            f"при обычных {middle}."
        )
    new = int(table["new"][who])
    return (
        f"Проходного {percent(table['pass_through'][who], 0)} ВП, за год {new} "
        f"{plural(new, 'новый клиент', 'новых клиента', 'новых клиентов')} при обычных {middle}."
    )


HEIR = Task(
    id="ladder-3",
    title="Кто вырос на чужой базе",
    question=(
        "Кто держит ВП на клиентах, которых ему передали, а новых почти не приводит?\n\n"
        "Договоримся: за 12 последних полных месяцев проходных заказов у него **не меньше "
        "60\u00a0%** ВП, а новых клиентов **не больше половины** обычного (медианы продавцов из "
        "списка). Если таких нет — «никто».\n\n"
        "Проходной заказ — повторный, клиент обратился сам, и за 14 дней до этого продавец ему не "
        "звонил, не встречался и КП не слал. Новый клиент — первый заказ, оплаченный в эти месяцы. "
        "ВП по оплатам."
    ),
    kind=Person(candidates, nobody=True),
    truth=heir,
    estimator="проходная доля ВП ≥ 60 % и новых ≤ половины медианы, 12 полных месяцев, по оплатам",
    mistakes=(
        Mistake(
            "also-passes",
            _also_passes,
            "Проходного здесь много, но и новых клиентов не меньше, чем у других. Второе условие "
            "не выполнено: это сильный приёмщик, а не наследник.",
        ),
        Mistake(
            "brings-few",
            _brings_few,
            "Новых здесь мало, но ВП заработана, а не пришла сама: проходного меньше 60\u00a0%. "
            "Нужны оба условия.",
        ),
        Mistake(
            "nobody",
            lambda company: None if heir(company) == NOBODY else NOBODY,
            "Один такой есть. Поставьте рядом проходную часть ВП и число новых клиентов за год.",
        ),
    ),
    hints=(
        "База кормит того, кому её дали. Спросите, кого он привёл сам.",
        "Два столбца за 12 месяцев: проходная часть ВП и новые клиенты; нужны оба условия.",
        'base[(base["pass_through"] >= ___) & (base["new"] <= ___)]',
    ),
    points=2,
    source="DOMAIN, M13, M46; IDENTIFIABILITY §4, E7.3",
    explain=_explain_heir,
)

TASKS = (DISCOUNTER, HEIR)
