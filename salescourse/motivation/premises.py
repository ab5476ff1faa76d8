"""What people do under a scheme: every assumption by name, with its source."""

from __future__ import annotations

from dataclasses import dataclass, fields

import pandas as pd

from salescourse.measures import captioned, working

COURSE = "допущение курса"  # DOMAIN, E4.7 and M38
STUDY = "порядок величины — Oyer, QJE 1998; число — допущение курса"
MARKET = "обзор текучки продавцов ropsales.ru; число — допущение курса"


@dataclass(frozen=True)
class Assumptions:
    """Допущения о людях. Другое число: `Assumptions(discount=0.02)`."""

    effort_slope: float = 0.25
    effort_rate: float = 0.0545
    effort_least: float = 0.90
    effort_most: float = 1.15
    discount: float = 0.04
    far: float = 0.70
    far_effort: float = 0.10
    near: float = 0.10
    moved: float = 0.15
    last_days: float = 7 / 30
    quit_junior: float = 0.035
    quit_middle: float = 0.020
    quit_senior: float = 0.012
    quit_slope: float = 2.0
    ramp_first: float = 0.40
    ramp_second: float = 0.70
    ramp_third: float = 0.90
    replacement: float = 250_000


MEANING: dict[str, tuple[str, str]] = {
    "effort_slope": ("На сколько усилие растёт, когда ставка вдвое выше обычной", COURSE),
    "effort_rate": (
        "Обычная ставка с ВП, при которой усилие обычное",
        "предел 10 %, который держится с 80 % плана, и 40 на 60",
    ),
    "effort_least": ("Меньше усилие не бывает", COURSE),
    "effort_most": ("Больше усилие не бывает", COURSE),
    "discount": ("На сколько растёт скидка, когда бонус с выручки", COURSE),
    "far": ("Ниже этой доли обрыва руки опускаются", STUDY),
    "far_effort": ("Сколько усилия тогда теряем", STUDY),
    "near": ("Насколько близко к обрыву сделки двигают", STUDY),
    "moved": ("Какую долю сделок последней недели двигают", STUDY),
    "last_days": ("Последняя неделя в месяце", "7 дней из 30"),
    "quit_junior": ("Уходит менеджеров в месяц при рыночном доходе", COURSE),
    "quit_middle": ("Уходит специалистов в месяц", COURSE),
    "quit_senior": ("Уходит ведущих в месяц", COURSE),
    "quit_slope": ("Насколько уход зависит от дохода к рынку", COURSE),
    "ramp_first": ("Новичок в первый месяц, от нормы места", COURSE),
    "ramp_second": ("Во второй", COURSE),
    "ramp_third": ("В третий", COURSE),
    "replacement": ("Найти и обучить замену, ₽", MARKET),
}


@working(
    pandas="motivation.assumptions()  # готовая таблица",
    excel="Перепишите на отдельный лист и меняйте по одному: так видно, на чём держится вывод.",
)
def assumptions(assume: Assumptions | None = None) -> pd.DataFrame:
    """На каких допущениях держится год с поведением людей.

    Parameters
    ----------
    assume : свои допущения; без них — курса

    Returns
    -------
    Строка — допущение: value — число, caption — что значит, source — откуда.

    Examples
    --------
    >>> float(assumptions().loc["discount", "value"])
    0.04
    """
    assume = assume or Assumptions()
    rows = pd.DataFrame(
        [(getattr(assume, f.name), *MEANING[f.name]) for f in fields(Assumptions)],
        columns=["value", "caption", "source"],
        index=pd.Index([f.name for f in fields(Assumptions)], name="name"),
    )
    captions = {"name": "Имя", "value": "Число", "caption": "Что значит", "source": "Откуда"}
    return captioned(rows, captions, value="доля")
