"""Task 7: who goes up now, and who in a quarter if it holds."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from salescourse.answers import Parts, People
from salescourse.ladder.months import counted, usual
from salescourse.ladder.promotion import ENOUGH, QUARTER, by_quarter
from salescourse.ladder.wall import exact
from salescourse.motivation.history import FULL, full_months
from salescourse.schema import GRADES
from salescourse.tasks import Mistake, Task
from salescourse.text import money
from salescourse.units.ladder.people import candidates, label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from salescourse.company import Company

LOWEST = GRADES[0]
ROUND = 10_000
CLEAR = 0.02  # nobody's quarter lies nearer to a norm that is asked about
SLACK = 0.93  # of the turnover that the GP norm is worth at the median margin


class Cut(NamedTuple):
    """The second rung as the question gives it, and how far the nearest person is from it."""

    turnover: float
    gp: float
    near: float


def juniors(company: Company) -> tuple[int, ...]:
    """Those on the first rung by the table of employees."""
    grade = company.employees.set_index("employee_id")["grade"]
    return tuple(i for i in candidates(company) if grade.get(i) == LOWEST)


def halves(company: Company) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The last quarter and the one before it, of those on the first rung."""
    last, before = by_quarter(company, 2)
    own = list(juniors(company))
    return last.reindex(own), before.reindex(own)


def cut(company: Company) -> Cut:
    """The norm in the widest gap that sends somebody up now and somebody in a quarter.

    One of each, if there is such a gap: then nobody's name stands for another's.
    """

    def make() -> Cut:
        last, before = halves(company)
        values = np.sort(pd.concat([last["gp"], before["gp"]]).dropna().to_numpy())
        table = usual(company)
        margin = float((table["gp"] / table["turnover"]).median())
        best, rank = Cut(0.0, 0.0, 0.0), (False, 0.0)
        for low, high in pairwise(values):
            gp = float(np.rint(np.sqrt(low * high) / ROUND) * ROUND)
            turnover = float(np.rint(SLACK * gp / margin / ROUND) * ROUND)
            now, later = _split(last, before, turnover, gp)
            near = float(np.abs(values / gp - 1).min())
            own = len(now) == len(later) == 1 and near >= CLEAR, near
            if now and later and own > rank:
                best, rank = Cut(turnover, gp, near), own
        if not best.gp:  # such a code is not issued
            best = Cut(float(table["turnover"].median()), float(table["gp"].median()), 0.0)
        return best

    return company.memo("ladder-7.cut", make)


def _split(last, before, turnover: float, gp: float) -> tuple[tuple[int, ...], tuple[int, ...]]:
    held, had = (((t["turnover"] >= turnover) & (t["gp"] >= gp)).to_numpy() for t in (last, before))
    ids = last.index.to_numpy()
    return tuple(int(i) for i in ids[held & had]), tuple(int(i) for i in ids[held & ~had])


def moves(company: Company) -> dict[str, Any]:
    """Who held both norms two quarters in a row, and who only the last one."""
    asked = cut(company)
    now, later = _split(*halves(company), asked.turnover, asked.gp)
    return {"сейчас": now, "через квартал": later}


def _one_quarter(company: Company) -> dict[str, Any] | None:
    truth = moves(company)
    both = tuple(sorted(truth["сейчас"] + truth["через квартал"]))
    return {"сейчас": both, "через квартал": ()} if truth["через квартал"] else None


def _by(how: str):
    """Whoever reaches the norms by one number over six months."""

    def wrong(company: Company) -> dict[str, Any] | None:
        asked, truth = cut(company), moves(company)
        rows = counted(company, full_months(company, 2 * QUARTER), FULL)
        rows = rows[rows["employee_id"].isin(juniors(company))]
        table = rows.groupby("employee_id")[["turnover", "gp"]].agg(how)
        who = table.index[(table["turnover"] >= asked.turnover) & (table["gp"] >= asked.gp)]
        found = tuple(int(i) for i in who)
        return None if set(found) == set(truth["сейчас"]) else {"сейчас": found}

    return wrong


def _swapped(company: Company) -> dict[str, Any]:
    truth = moves(company)
    return {"сейчас": truth["через квартал"], "через квартал": truth["сейчас"]}


def _everybody(company: Company) -> dict[str, Any] | None:
    everybody = juniors(company)
    return None if set(everybody) == set(moves(company)["сейчас"]) else {"сейчас": everybody}


def _juniors(company: Company) -> Mapping[int, str]:
    known = candidates(company)
    return {i: known[i] for i in juniors(company)}


def _details(company: Company) -> str:
    asked = cut(company)
    return (
        f"Специалист: оборот от **{exact(asked.turnover)}**, ВП от **{exact(asked.gp)}** в месяц."
    )


def _explain(company: Company) -> str:
    last, before = halves(company)
    who = moves(company)["через квартал"][0]
    had = before["gp"].get(who)
    was = "того квартала у него ещё нет" if pd.isna(had) else f"до этого — {money(float(had))}"
    now = money(float(last["gp"][who]))
    return (
        f"{label(company, who)} в последнем квартале держит {now} ВП, {was}: "
        "ждём второго квартала и говорим об этом сегодня."
    )


PROMOTION = Task(
    id="ladder-7",
    title="Кого поднимаем",
    question=(
        "Норма второй ступени названа ниже. Кого из **менеджеров** поднимаем до специалиста "
        "сейчас, а кого — через квартал, если удержит?\n\n"
        "Правило — **два квартала подряд**. Квартал — три полных месяца подряд, считая назад от "
        "последнего полного; обычный месяц квартала — медиана отработанных хотя бы на 60\u00a0%, "
        f"по отгрузке. У кого таких меньше {ENOUGH}, того квартал не засчитан. «Через квартал» — "
        "последний квартал норму держит, предыдущий ещё нет.\n\n"
        "- **сейчас** и **через квартал** — фамилии через запятую; если таких нет — «никто»."
    ),
    kind=Parts({"сейчас": (People(_juniors), 1), "через квартал": (People(_juniors), 1)}),
    truth=moves,
    estimator="обе нормы в медиане последнего и предыдущего квартала; норма — из вопроса",
    mistakes=(
        Mistake(
            "one-quarter",
            _one_quarter,
            "Похоже, вам хватило одного хорошего квартала. Половина в нём — удача: поднимаем после "
            "двух подряд.",
        ),
        Mistake(
            "swapped",
            _swapped,
            "Похоже, вы переставили: сейчас поднимаем тех, кто держит норму уже два квартала.",
        ),
        Mistake(
            "everybody",
            _everybody,
            "Это все менеджеры. Сверьте каждого с нормой в обоих кварталах.",
        ),
        Mistake(
            "best-month",
            _by("max"),
            "Похоже, вы смотрели на лучший месяц. Норму держат кварталами.",
            gated=False,
        ),
        Mistake(
            "half-year",
            _by("median"),
            "Похоже, вы взяли медиану полугода. В ней слабый квартал прячется за сильным: нужны "
            "два подряд, каждый отдельно.",
            gated=False,
        ),
    ),
    hints=(
        "Ступень — это «так и работает», а не «один раз вышло».",
        "Медиана последнего квартала и медиана предыдущего: с нормой сравните обе.",
        'last = (quarters["turnover_1"] >= ___) & (quarters["gp_1"] >= ___); quarters[last]',
    ),
    points=2,
    source="DOMAIN, M46; IDENTIFIABILITY §4, E7.7",
    details=_details,
    explain=_explain,
)

TASKS = (PROMOTION,)
