"""Twelve months under a scheme when people answer to it: DOMAIN, E4.7.

Common random numbers: the same code gives the same luck to every plan, so that two plans
differ by what they do, and the same code and plan give the same year on every machine.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salescourse.errors import StudentError, nearest
from salescourse.measures import captioned, working
from salescourse.motivation.plan import STEP, PayPlan, as_plan
from salescourse.motivation.premises import Assumptions
from salescourse.motivation.rules import margin_of
from salescourse.motivation.seats import MONTHS, Seats, seats
from salescourse.simulation.streams import Streams, exp
from salescourse.text import clean, money, percent, plural, roubles

if TYPE_CHECKING:
    from salescourse.company import Company

EFFECTS: dict[str, str] = {
    "effort": "усилие по ставке",
    "discount": "скидки ради выручки",
    "cliff": "обрыв: опускают руки и двигают сделки",
    "quit": "уходят, когда платят ниже рынка",
    "ramp": "замена входит три месяца",
}
JUNIOR = 0  # the rung of whoever is hired


@dataclass(frozen=True)
class Year:
    """A year under a scheme. `months` holds it month by month."""

    months: pd.DataFrame
    baseline: float
    gp: float
    payroll: float
    leavers: int
    moved: float
    replacement: float

    @property
    def gp_change(self) -> float:
        """На сколько ВП года отличается от года без поведения, %."""
        return 100 * (self.gp / self.baseline - 1)

    @property
    def share(self) -> float:
        """Доля ФОТ в ВП, %."""
        return 100 * self.payroll / self.gp

    @property
    def sentence(self) -> str:
        """То же словами."""
        left = f"{plural(self.leavers, 'уходит', 'уходят', 'уходят')} {self.leavers}"
        return (
            f"ВП года — {percent(self.gp_change, sign=True)} к году без поведения, ФОТ забирает "
            f"{percent(self.share)} ВП, {left}; сдвинуто между месяцами {money(self.moved)} ВП, "
            f"замены — {money(self.replacement)}."
        )

    def _lines(self) -> list[tuple[str, ...]]:
        rows = self.months.itertuples()
        return [
            ("Месяц", "ВП", "ФОТ", "ФОТ в ВП", "Ушло", "Сдвинуто ВП"),
            *(
                (str(r.Index), roubles(r.gp), roubles(r.payroll), percent(r.share),
                 str(r.leavers), roubles(r.moved))
                for r in rows
            ),
        ]  # fmt: skip

    def __repr__(self) -> str:
        return "\n".join([self.sentence, *(" · ".join(line) for line in self._lines())])

    def _repr_html_(self) -> str:
        cell = "text-align:right;padding:2px 10px"
        head, *body = (
            "".join(f'<{tag} style="{cell}">{escape(text)}</{tag}>' for text in line)
            for line, tag in zip(self._lines(), ("th", *["td"] * len(self.months)), strict=True)
        )
        rows = "".join(f"<tr>{line}</tr>" for line in body)
        return (
            f"<p><b>{escape(self.sentence)}</b></p>"
            f'<div style="overflow-x:auto"><table style="border-collapse:collapse"><thead>'
            f"<tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        )


@dataclass(frozen=True)
class Reaction:
    """How everybody answers one plan: effort and expected income by seat, and its cliff."""

    effort: np.ndarray
    income: np.ndarray
    cliff: float | None


def luck(company: Company, n: int) -> np.ndarray:
    """Uniforms, months × seats, of the company alone: no plan changes them."""
    key = company.code or company.name or "без кода"
    draws = Streams(key, company.edition).uniform("motivation/quit", MONTHS * n)
    return draws.reshape(MONTHS, n)


def chosen_effects(effects: Iterable[str]) -> frozenset[str]:
    given = [effects] if isinstance(effects, str) else list(effects)
    for name in given:
        if name not in EFFECTS:
            text = clean(str(name), 40)
            raise StudentError(
                f"Нет эффекта «{text}». Есть {', '.join(EFFECTS)}.{nearest(text, EFFECTS)}"
            )
    return frozenset(given)


def reaction(
    plan: PayPlan, here: Seats, effects: frozenset[str], assume: Assumptions, margin: float
) -> Reaction:
    """Effort from the rate that the next rouble of one's own gross profit earns."""
    usual = here.gp.mean(0) / here.worked.mean(0)
    passing = here.pass_through.mean(0) / here.worked.mean(0)
    turnover = here.revenue.mean(0) / here.worked.mean(0)
    more = STEP * plan.plan_gp

    def month(gp: np.ndarray) -> np.ndarray:
        revenue = turnover + (gp - usual) / margin
        return plan.pay(gp, pass_through=passing, revenue=revenue).total

    effort = np.ones(len(here.ids))
    if "effort" in effects:
        marginal = (month(usual + more) - month(usual)) / more
        wish = 1 + assume.effort_slope * (marginal / assume.effort_rate - 1)
        effort = np.clip(wish, assume.effort_least, assume.effort_most)
    cliff = plan.cliff(margin) if "cliff" in effects else None
    if cliff is not None:
        effort = effort * np.where(
            usual / plan.plan_gp < assume.far * cliff, 1 - assume.far_effort, 1.0
        )
    return Reaction(effort, here.pay(plan).total.mean(0), cliff)


def hazard(income: np.ndarray, here: Seats, rung: np.ndarray, assume: Assumptions) -> np.ndarray:
    """Monthly probability of leaving by seat."""
    usual = np.array([assume.quit_junior, assume.quit_middle, assume.quit_senior])[rung]
    return np.minimum(usual * exp(-assume.quit_slope * (income / here.market[rung] - 1)), 1.0)


def ramp(months_in: np.ndarray, effects: frozenset[str], assume: Assumptions) -> np.ndarray:
    """What part of the seat's norm is sold; 0 is a newcomer's first month, −1 an old hand."""
    steps = np.array([assume.ramp_first, assume.ramp_second, assume.ramp_third, 1.0])
    if "ramp" not in effects:
        return np.ones(len(months_in))
    return np.where(months_in < 0, 1.0, steps[np.clip(months_in, 0, 3)])


def discounted(here: Seats, plan: PayPlan, effects: frozenset[str], assume: Assumptions) -> Seats:
    """The same sales with the price given away that a bonus on revenue makes cheap to give."""
    if not (plan.on_revenue and "discount" in effects):
        return here
    gp = here.gp - assume.discount * here.revenue
    kept = np.divide(gp, here.gp, out=np.ones_like(gp), where=here.gp > 0).clip(0)
    return replace(
        here,
        gp=gp,
        pass_through=here.pass_through * kept,
        revenue=here.revenue * (1 - assume.discount),
    )


def shift(
    gp: np.ndarray, norm: np.ndarray, cliff: float, following: np.ndarray, assume: Assumptions
) -> np.ndarray:
    """₽ of gross profit that come from the next month (plus) or wait for it (minus)."""
    edge = cliff * norm
    x = np.divide(gp, edge, out=np.zeros_like(gp), where=edge > 0)
    week = assume.moved * assume.last_days
    short, past = (x >= 1 - assume.near) & (x < 1), (x >= 1) & (x <= 1 + assume.near)
    pulled = np.where(short, week * np.maximum(following, 0), 0.0)
    kept = np.where(past, np.minimum(week * gp, gp - edge), 0.0)
    return pulled - kept


@working(
    pandas=(
        "effort = (1 + 0.25 * (ставка_с_ВП / 0.0545 - 1)).clip(0.90, 1.15)\n"
        "hazard = {менеджер: .035, специалист: .020, ведущий: .012}[ступень]"
        " * exp(-2 * (доход / рынок - 1))\n"
        "# двенадцать месяцев подряд: ВП * усилие, сдвиг у обрыва, уход по жребию, замена"
    ),
    excel="Лист на месяц: ВП * усилие * разгон, оплата, уход при СЛЧИС() < вероятность.",
)
def behave(
    company: Company,
    plan: PayPlan,
    effects: Iterable[str] = tuple(EFFECTS),
    assume: Assumptions | None = None,
) -> Year:
    """Год по этой схеме, если люди ведут себя как люди.

    Следующие двенадцать месяцев повторяют последние двенадцать; у новичка недостающие
    месяцы — его же средний полный. Поверх этого включаем эффекты. Случайность одна на
    компанию: у одного кода и одной схемы год всегда один и тот же.

    Parameters
    ----------
    plan : схема
    effects : какие эффекты включить: "effort" — стараются, если рубль ВП стоит дороже;
        "discount" — раздают скидки, если бонус с выручки; "cliff" — у обрыва опускают руки и
        двигают сделки; "quit" — уходят, если платят ниже рынка; "ramp" — замена входит
        три месяца (без "quit" ничего не меняет)
    assume : свои допущения; без них — курса, см. `motivation.assumptions()`

    Returns
    -------
    months — по месяцам: gp, payroll, moved, ₽; share, %; leavers. gp_change — ВП года к году
    без поведения, %; share — доля ФОТ, %; leavers — сколько ушло; moved — сколько ВП сдвинули
    между месяцами, ₽; replacement — во что встали замены, ₽.

    Raises
    ------
    StudentError
        Нет такого эффекта.

    Examples
    --------
    >>> plan = motivation.PayPlan(base=32_000, rate=0.0545, plan_gp=880_000)
    >>> behave(Company.load("demo"), plan, effects=()).gp_change
    0.0

    Метод: DOMAIN, E4.7.
    """
    plan, effects = as_plan(plan), chosen_effects(effects)
    assume, margin = assume or Assumptions(), margin_of(company)
    start = seats(company, plan)
    here = discounted(start, plan, effects, assume)
    react = reaction(plan, here, effects, assume, margin)
    n = len(here.ids)
    draws, rung, months_in = luck(company, n), here.rung.copy(), np.full(n, -1)
    owed = np.zeros(n)  # gross profit that an earlier month left to this one or took from it
    lines = []
    for month in range(MONTHS):
        now = react.effort * ramp(months_in, effects, assume)
        gp = here.gp[month] * now + owed
        owed, moved = np.zeros(n), np.zeros(n)
        if react.cliff is not None and month + 1 < MONTHS:
            following = here.gp[month + 1] * now
            norm = plan.plan_gp * here.worked[month]
            moved = shift(gp, norm, react.cliff, following, assume)
            gp, owed = gp + moved, -moved
        factor = np.divide(gp, here.gp[month], out=np.ones(n), where=here.gp[month] != 0)
        pay = plan.pay(
            gp,
            pass_through=here.pass_through[month] * factor,
            revenue=here.revenue[month] * factor,
            worked=here.worked[month],
            new_clients=here.new_clients[month] * now,
        )
        months_in = np.where(months_in >= 0, months_in + 1, months_in)
        gone = np.zeros(n, dtype=bool)
        if "quit" in effects:
            gone = draws[month] < hazard(react.income, here, rung, assume)
            rung, months_in = np.where(gone, JUNIOR, rung), np.where(gone, 0, months_in)
        lines.append((gp.sum(), pay.total.sum(), int(gone.sum()), np.abs(moved).sum()))
    table = pd.DataFrame(
        lines,
        columns=["gp", "payroll", "leavers", "moved"],
        index=pd.Index(list(range(1, MONTHS + 1)), name="month"),
    )
    table["share"] = 100 * table["payroll"] / table["gp"]
    captions = {
        "month": "Месяц",
        "gp": "ВП",
        "payroll": "ФОТ",
        "leavers": "Ушло",
        "moved": "Сдвинуто ВП",
        "share": "ФОТ в ВП",
    }
    units = dict.fromkeys(("gp", "payroll", "moved"), "₽")
    leavers = int(table["leavers"].sum())
    return Year(
        months=captioned(table, captions, share="%", **units),
        baseline=float(start.gp.sum()),
        gp=float(table["gp"].sum()),
        payroll=float(table["payroll"].sum()),
        leavers=leavers,
        moved=float(table["moved"].sum()),
        replacement=leavers * assume.replacement,
    )


@working(
    pandas="{имя: motivation.behave(company, plan, [имя]) for имя in эффекты}",
    excel="Один и тот же лист, переключатели эффектов по очереди.",
)
def one_by_one(company: Company, plan: PayPlan, assume: Assumptions | None = None) -> pd.DataFrame:
    """Что делает с годом каждый эффект в отдельности и все вместе.

    Разгон замены показан вместе с уходом: без ухода ему нечего менять.

    Returns
    -------
    Строка — эффект. gp_change — ВП к году без поведения, %; share — доля ФОТ, %;
    leavers — ушло человек; moved и replacement — ₽.

    Examples
    --------
    >>> plan = motivation.PayPlan(base=32_000, rate=0.0545, plan_gp=880_000)
    >>> float(one_by_one(Company.load("demo"), plan).loc["ничего", "gp_change"])
    0.0
    """
    sets: dict[str, tuple[str, ...]] = {"ничего": ()}
    sets |= {EFFECTS[name]: (name,) for name in EFFECTS if name != "ramp"}
    sets |= {"уходят, и замена входит три месяца": ("quit", "ramp"), "всё вместе": tuple(EFFECTS)}
    keys = ("gp_change", "share", "leavers", "moved", "replacement")
    years = [behave(company, plan, effects, assume) for effects in sets.values()]
    rows = pd.DataFrame(
        [{key: getattr(year, key) for key in keys} for year in years],
        index=pd.Index(list(sets), name="effect"),
    )
    captions = {
        "effect": "Что включено",
        "gp_change": "ВП к году без поведения",
        "share": "ФОТ в ВП",
        "leavers": "Ушло",
        "moved": "Сдвинуто ВП",
        "replacement": "Замены",
    }
    return captioned(rows, captions, gp_change="%", share="%", moved="₽", replacement="₽")
