"""Figures about pay: the share over attainment, the mix, the curve, people before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salescourse import motivation as model
from salescourse.charts.picture import (
    ACCENT,
    GREY,
    INK,
    MUTED,
    PALE,
    Canvas,
    Picture,
    percent_axis,
    shows,
    subtitle,
)
from salescourse.errors import StudentError
from salescourse.motivation import PayPlan
from salescourse.motivation.plan import LIMITS, as_plan
from salescourse.motivation.rules import BAND
from salescourse.text import NBSP, date, money, number, percent, plural

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from salescourse.company import Company

    Months = Sequence[pd.Timestamp] | None

ATTAINMENTS = np.arange(50, 151) / 100
SHOWN = (0.5, 0.6, 0.8, 1.0, 1.2, 1.5)  # attainments of the tables under the figures


def _attainment_axis(ax: Axes) -> None:
    ax.set_xlim(50, 150)
    ax.set_xticks([50, 60, 80, 100, 120, 140])
    ax.set_xlabel("выполнение плана по ВП")
    percent_axis(ax.xaxis)


def _inside(axis) -> None:
    """No tick beyond the ends of the axis: its label would stand outside the figure."""
    low, high = axis.get_view_interval()
    axis.set_ticks([tick for tick in axis.get_ticklocs() if low <= tick <= high])


def _thousands(axis) -> None:
    from matplotlib.ticker import FuncFormatter

    _inside(axis)
    axis.set_major_formatter(FuncFormatter(lambda v, _: f"{number(v / 1000)}{NBSP}тыс."))


@shows(PayPlan.curve)
def pay_share(plan: PayPlan, cap: float, margin: float | None = None) -> Picture:
    """Какую долю ВП забирает оплата продавца при разном выполнении плана.

    plan — схема; cap — предел, доля: 0.10; margin — маржа, нужна схеме с выручки.

    Пример: charts.pay_share(motivation.PayPlan(32_000, 0.0545, 880_000), cap=0.10)
    """
    if not 0 < cap <= 1:
        raise StudentError(f"Предел пишем долей от 0 до 1: 0.10, а не {cap}.")
    plan = as_plan(plan)
    share = plan.curve(ATTAINMENTS, margin)["share"].to_numpy()
    limit = 100 * cap
    inside = (BAND[0] <= ATTAINMENTS) & (BAND[1] >= ATTAINMENTS)
    held = ATTAINMENTS[share <= limit + 5e-3]
    if (share[inside] <= limit + 5e-3).all():
        low = percent(100 * held.min(), 0)
        title = f"Предел {percent(limit, 0)} держится с{NBSP}{low} плана; ниже оклад уже дорог"
    else:
        worst = int(np.argmax(np.where(inside, share, -1)))
        title = (
            f"Предел {percent(limit, 0)} пробит: на{NBSP}{percent(100 * ATTAINMENTS[worst], 0)} "
            f"плана оплата забирает {percent(share[worst])} ВП"
        )
    canvas = Canvas(title, height=4.6)
    with canvas as ax:
        x = 100 * ATTAINMENTS
        ax.axvspan(100 * BAND[0], 100 * BAND[1], color=PALE, alpha=0.5, lw=0)
        ax.plot(x, share, color=ACCENT, lw=3)
        ax.axhline(limit, color=INK, lw=1.5, ls="--")
        ax.text(149.5, limit, "предел", ha="right", va="bottom", color=INK)
        ax.text(81, 0.3, "здесь проверяем", color=MUTED, va="bottom")
        ax.set_ylim(0, max(share.max(), limit) * 1.12)
        ax.set_ylabel("оплата, доля ВП")
        _inside(ax.yaxis)
        percent_axis(ax.yaxis)
        _attainment_axis(ax)
    return canvas.picture(_percents(plan.curve(SHOWN, margin)))


def _percents(rows: pd.DataFrame) -> pd.DataFrame:
    """The curve's table with attainment in per cent, as people say it."""
    out = rows.copy()
    out.index = pd.Index([percent(x, 0) for x in rows.index], name="attainment")
    out.attrs = {**rows.attrs, "captions": {**rows.attrs["captions"], "attainment": "Выполнение"}}
    return out


@shows(model.mix_at)
def pay_mix(plan: PayPlan, margin: float | None = None) -> Picture:
    """Сколько в доходе оклада и сколько бонуса при разном выполнении плана.

    plan — схема; margin — маржа, нужна схеме с выручки.
    """
    rows = as_plan(plan).curve(SHOWN, margin)
    at_plan, weak = rows["mix"][100.0], rows["mix"][50.0]
    title = (
        f"При 100{NBSP}% плана оклад — {percent(at_plan, 0)} дохода, при половине плана — уже "
        f"{percent(weak, 0)}"
    )
    canvas = Canvas(title, height=4.2)
    with canvas as ax:
        x, usual = range(len(rows)), rows.index.get_loc(100.0)
        base, bonus = rows["base"].to_numpy(), rows["bonus"].to_numpy()
        ax.bar(x, base, color=GREY, width=0.7)
        ax.bar(x, bonus, bottom=base, color=ACCENT, width=0.7)
        for i, part in enumerate(rows["mix"]):
            name = "оклад\n" if i == usual else ""
            ax.text(i, base[i] / 2, name + percent(part, 0), ha="center", va="center", color=INK)
        ax.text(usual, base[usual] + bonus[usual] / 2, "бонус", ha="center", va="center",
                color="white", fontweight="bold")  # fmt: skip
        ax.set_xticks(list(x), [percent(a, 0) for a in rows.index])
        ax.set_xlabel("выполнение плана по ВП")
        ax.set_ylabel("доход за месяц, ₽")
        _thousands(ax.yaxis)
    return canvas.picture(_percents(rows))


@shows(PayPlan.curve)
def pay_curve(plans: PayPlan | Mapping[str, PayPlan], margin: float | None = None) -> Picture:
    """Сколько получает продавец при разном выполнении плана: где обрыв, где ускорение.

    plans — схема или несколько под именами: `{"порог": ..., "без порога": ...}`; margin —
    маржа, нужна схеме с выручки.
    """
    many = isinstance(plans, Mapping) and not plans.keys() & LIMITS.keys()
    try:
        named = {k: as_plan(p) for k, p in (plans if many else {"доход": plans}).items()}
    except StudentError:
        named = {}
    if not named:
        raise StudentError('Дайте схему или схемы под именами: {"порог": схема}.')
    cliffs = {name: place for name, p in named.items() if (place := p.cliff(margin)) is not None}
    if cliffs:
        name, place = next(iter(cliffs.items()))
        before, after = (named[name].at(place - step, margin).total for step in (0.01, 0))
        title = (
            f"Обрыв на{NBSP}{percent(100 * place, 0)} плана: за один процент доход прыгает "
            f"с{NBSP}{money(before)} до{NBSP}{money(after)}"
        )
    else:
        first = next(iter(named.values()))
        title = (
            f"Обрывов нет: при 80{NBSP}% плана — {money(first.at(0.8, margin).total)}, при плане — "
            f"{money(first.at(1.0, margin).total)}, при 120{NBSP}% — "
            f"{money(first.at(1.2, margin).total)}"
        )
    accent = next(iter(cliffs), next(iter(named)))
    canvas = Canvas(title, height=4.8)
    with canvas as ax:
        for name, plan in named.items():
            y = plan.at(ATTAINMENTS, margin).total
            colour = ACCENT if name == accent else GREY
            ax.plot(100 * ATTAINMENTS, y, color=colour, lw=3)
            if len(named) > 1:  # the lines part on the left; a rising one leaves its label below
                shade = ACCENT if name == accent else MUTED
                place = (6, -6, "top") if y[10] > 1.01 * y[2] else (0, 6, "bottom")
                ax.annotate(name, (52, y[2]), place[:2], textcoords="offset points", va=place[2],
                            color=shade, fontweight="bold")  # fmt: skip
        ax.set_ylim(0, ax.get_ylim()[1] * 1.08)
        ax.set_ylabel("доход за месяц, ₽")
        _thousands(ax.yaxis)
        _attainment_axis(ax)
    rows = pd.DataFrame(
        {name: plan.at(np.array(SHOWN), margin).total for name, plan in named.items()},
        index=pd.Index([percent(100 * x, 0) for x in SHOWN], name="Выполнение"),
    )
    rows.attrs = {"units": dict.fromkeys(named, "₽")}
    return canvas.picture(rows)


@shows(model.pay_history)
def pay_change(company: Company, plan: PayPlan, months: Months = None) -> Picture:
    """Сколько каждый получает сейчас и сколько получал бы по новой схеме за те же месяцы.

    plan — новая схема; months — месяцы, обычно двенадцать последних полных; без них — все.
    """
    rows = before_and_after(company, plan, months)
    loses = int((rows["after"] < rows["before"]).sum())
    first, last = rows.iloc[-1], rows.index[-1]
    title = (
        f"Теряют {loses} из{NBSP}{len(rows)}; больше всех — {last}: "
        f"с{NBSP}{money(first['before'])} до{NBSP}{money(first['after'])}"
        if loses
        else f"По новой схеме не теряет никто из{NBSP}{len(rows)}"
    )
    canvas = Canvas(title, height=1.9 + 0.42 * len(rows))
    with canvas as ax:
        for y, (now, then) in enumerate(zip(rows["before"], rows["after"], strict=True)):
            colour = ACCENT if then < now else MUTED
            ax.plot([now, then], [y, y], color=colour, lw=2, zorder=1)
            ax.plot(now, y, "o", color=GREY, ms=10)
            ax.plot(then, y, "o", color=colour, ms=10)
        ax.set_yticks(range(len(rows)), list(rows.index))
        ax.invert_yaxis()
        ax.set_xlim(0, rows[["before", "after"]].to_numpy().max() * 1.08)
        ax.set_xlabel("средний доход за месяц, ₽; серая точка — сейчас, цветная — по новой схеме")
        _thousands(ax.xaxis)
        ax.tick_params(axis="y", length=0, labelcolor=INK)
    return canvas.picture(rows)


def before_and_after(company: Company, plan: PayPlan, months: Months = None) -> pd.DataFrame:
    """Mean monthly pay of each seller, paid and by the scheme; who loses most stands last."""
    from salescourse.motivation.people import labels

    rows = model.pay_history(company, plan, months)
    mean = rows.groupby("employee_id")[["before", "total"]].mean()
    out = mean.rename(columns={"total": "after"})
    out["change"] = 100 * (out["after"] / out["before"] - 1)
    out.index = pd.Index(labels(company, out.index), name="who")
    out = out.iloc[np.argsort(-(out["after"] - out["before"]).to_numpy(), kind="stable")]
    captions = {"who": "Продавец", "before": "Сейчас", "after": "Станет", "change": "Разница"}
    out.attrs = {
        "captions": captions,
        "units": {"before": "₽", "after": "₽", "change": "%"},
    }
    return out


@shows(model.one_by_one)
def pay_people(company: Company, plan: PayPlan) -> Picture:
    """Что делает с ВП года каждый эффект поведения в отдельности и все вместе.

    plan — схема. Допущения — `motivation.assumptions()`.
    """
    rows = model.one_by_one(company, plan).drop("ничего")
    change, all_of_them = rows["gp_change"], rows.iloc[-1]
    left = int(all_of_them["leavers"])
    title = (
        f"С поведением людей ВП года — {percent(change.iloc[-1], sign=True)}, "
        f"ФОТ — {percent(all_of_them['share'])} ВП, "
        f"{plural(left, 'уходит', 'уходят', 'уходят')} {left}"
    )
    canvas = Canvas(title, height=1.9 + 0.5 * len(rows))
    with canvas as ax:
        reach = max(1.0, float(change.abs().max()))
        for y, value in enumerate(change):
            last = y == len(change) - 1
            ax.barh(y, value, color=ACCENT if last else GREY, height=0.65)
            side = -1 if value < 0 else 1
            ax.annotate(percent(value, sign=True) if abs(value) >= 0.05 else "0", (value, y),
                        (6 * side, 0), textcoords="offset points", va="center",
                        ha="right" if side < 0 else "left",
                        color=ACCENT if last else INK)  # fmt: skip
        ax.axvline(0, color=MUTED, lw=1)
        ax.set_xlim(-1.35 * reach, 1.35 * reach)
        ax.set_yticks(range(len(rows)), list(rows.index))
        ax.invert_yaxis()
        ax.xaxis.set_visible(False)
        ax.spines["bottom"].set_visible(False)
        ax.spines["left"].set_visible(False)
        ax.tick_params(axis="y", length=0, labelcolor=INK)
        subtitle(ax, "ВП года к году без поведения")
    return canvas.picture(rows)


@shows(model.transition)
def pay_move(company: Company, plan: PayPlan, notice: object) -> Picture:
    """Кто и с какого дня переходит на новую схему.

    plan — новая схема; notice — день, когда вручите уведомления: `"2026-10-01"`.
    """
    from matplotlib.dates import date2num

    rows = model.transition(company, plan, notice)
    rows = rows.sort_values("new_from", kind="stable")
    rows.attrs.pop("note", None)  # the lesson and the table itself say it
    told, last = rows["told"].iloc[0], rows["new_from"].max()
    late = int((rows["new_from"] == last).sum())
    title = (
        f"Говорим {date(told)}, последние {late} {plural(late, 'человек', 'человека', 'человек')} "
        f"— на новой схеме с{NBSP}{date(last)}"
    )
    canvas = Canvas(title, height=1.9 + 0.42 * len(rows))
    with canvas as ax:
        start = date2num(told)
        for y, row in enumerate(rows.itertuples()):
            day, is_last = date2num(row.new_from), row.new_from == last
            colour = ACCENT if is_last else GREY
            ax.plot([start, day], [y, y], color=PALE, lw=6, solid_capstyle="butt", zorder=1)
            ax.plot(day, y, "o", color=colour, ms=10)
            change = percent(row.change, 0, sign=True)
            ax.annotate(f"{date(row.new_from)}, {change}", (day, y), (9, 0), va="center",
                        textcoords="offset points", color=ACCENT if is_last else INK,
                        fontsize=12)  # fmt: skip
        ax.axvline(start, color=INK, lw=1.5)
        ax.set_yticks(range(len(rows)), list(rows.index))
        ax.invert_yaxis()
        ax.set_xlim(start - 2, date2num(last) + 45)
        ax.xaxis.set_visible(False)
        ax.spines["bottom"].set_visible(False)
        ax.tick_params(axis="y", length=0, labelcolor=INK)
        subtitle(ax, "черта — день уведомления, точка — с какого дня новая схема и что с доходом")
    return canvas.picture(rows.drop(columns=["talk_first"]))
