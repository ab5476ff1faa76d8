"""Task 3: what share goes on from each stage to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salescourse.answers import Absolute, Number, Table
from salescourse.funnel import TRANSITIONS
from salescourse.funnel.cohorts import counts_of
from salescourse.funnel.leads import codes, cohorts_of, share
from salescourse.schema import STAGES
from salescourse.tasks import Mistake, Task
from salescourse.text import number
from salescourse.units.funnel.period import CLEAN, EVER, PERIOD, calendar, everything, period

if TYPE_CHECKING:
    from salescourse.company import Company


def stage_conversions(company: Company) -> dict[str, float]:
    """Of those who ever reached a stage, how many ever reached the next one, %."""
    return _steps(_counts(company, period(company)))


def _steps(counts: np.ndarray) -> dict[str, float]:
    pairs = zip(counts[1:], counts[:-1], strict=True)
    return dict(zip(TRANSITIONS, (share(int(b), int(a)) for b, a in pairs), strict=True))


def _counts(company: Company, months: list[pd.Timestamp]) -> np.ndarray:
    return counts_of(cohorts_of(company, months)["reached"].to_numpy())


def _standing(company: Company) -> np.ndarray:
    """How many deals stand on each of the main stages now."""
    rows = cohorts_of(company, period(company))
    place = codes(rows["standing"], STAGES)
    return np.bincount(place[place >= 0], minlength=len(STAGES))


def _current(company: Company) -> dict[str, float] | None:
    counts = _standing(company)
    return _steps(counts) if counts[:-1].all() else None


def _last(company: Company) -> dict[str, float]:
    return _steps(_standing(company)[::-1].cumsum()[::-1])


def _recorded(company: Company) -> dict[str, float] | None:
    """Only the entries that somebody recorded: a stage jumped over counts as not reached."""
    history = company.stage_history
    chosen = np.isin(history["deal_id"], cohorts_of(company, period(company))["deal_id"])
    place = codes(history["stage"], STAGES)
    entries = np.unique(np.stack([history["deal_id"], place])[:, chosen & (place >= 0)], axis=1)
    counts = np.bincount(entries[1], minlength=len(STAGES))
    return _steps(counts) if counts[:-1].all() else None


def _young(company: Company) -> dict[str, float]:
    return _steps(_counts(company, calendar(company, len(period(company)))))


def _of_all(company: Company) -> dict[str, float]:
    counts = _counts(company, period(company))
    return dict(zip(TRANSITIONS, (100 * counts[1:] / counts[0]).tolist(), strict=True))


def _inverted(company: Company) -> dict[str, float]:
    return {name: 100 - value for name, value in stage_conversions(company).items()}


def _explain_stages(company: Company) -> str:
    counts = [number(n) for n in _counts(company, period(company))]
    return f"Дошло по этапам: {', '.join(counts)}."


STAGE_TABLE = Task(
    id="funnel-3",
    title="Конверсия по этапам",
    question=(
        f"Постройте воронку всей фирмы за последние **{PERIOD} зрелых месяцев**: какая доля "
        "дошедших до этапа доходит до следующего? Четыре числа, по одному на переход.\n\n"
        f"{EVER}\n\n{CLEAN}\n\nОтвет в процентах, до десятых; засчитываем ± 0,4 п.п."
    ),
    kind=Table(TRANSITIONS, Number("%", Absolute(0.4))),
    truth=stage_conversions,
    estimator=f"дошедшие до следующего этапа / дошедшие до этапа, {PERIOD} зрелых месяцев",
    mistakes=(
        Mistake(
            "current",
            _current,
            "Похоже, вы поделили сделки, которые стоят на этапах сейчас. Кто ушёл дальше, на "
            "прежнем этапе уже не виден. Считайте всех, кто хоть раз до него дошёл.",
        ),
        Mistake(
            "of-all",
            _of_all,
            "Похоже, вы поделили каждый этап на все лиды. Делите на дошедших до предыдущего "
            "этапа: так видно, где именно теряют.",
        ),
        Mistake(
            "immature",
            _young,
            f"Похоже, вы взяли последние {PERIOD} месяцев вместе с незрелыми. Там сделки ещё идут, "
            "и поздние этапы выглядят хуже, чем есть. Возьмите зрелые.",
        ),
        Mistake(
            "lost",
            _inverted,
            "Похоже, это доля потерь на каждом переходе. Спрашивают, сколько переходит дальше.",
        ),
        Mistake(
            "last-stage",
            _last,
            "Похоже, вы судите по этапу, на котором сделка стоит сейчас. После отката или "
            "стоянки в «Отложено» он ниже того, до чего она дошла. Возьмите историю этапов.",
        ),
        Mistake(
            "recorded",
            _recorded,
            "Похоже, вы посчитали только записанные входы на этап. Кто перескочил через этап, тот "
            "его прошёл: считайте всех, кто дошёл до этого этапа или дальше.",
        ),
        Mistake(
            "all-months",
            lambda company: _steps(_counts(company, everything(company))),
            f"Похоже, вы взяли все месяцы. Нужны последние {PERIOD} зрелых.",
            gated=False,
        ),
    ),
    hints=(
        "До каждого этапа дошли все, кто дошёл и до более поздних.",
        "Посчитайте дошедших до каждого этапа и поделите каждое число на предыдущее.",
        f"funnel.stages(company, measures.___(company, {PERIOD}))",
    ),
    points=3,
    source="DOMAIN, M16; IDENTIFIABILITY §4, E2.3",
    explain=_explain_stages,
)

TASKS = (STAGE_TABLE,)
