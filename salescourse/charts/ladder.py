"""Figures about the career ladder: people between turnover and gross profit, income, proof."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salescourse import ladder as model
from salescourse.charts.picture import (
    ACCENT,
    GREY,
    INK,
    MUTED,
    PALE,
    Canvas,
    Picture,
    bars,
    percent_axis,
    shows,
    subtitle,
)
from salescourse.ladder.leading import INDICATORS, LEADS_FROM, RESULTS, TARGETS
from salescourse.ladder.market import HIGH, LOW
from salescourse.ladder.months import typical
from salescourse.ladder.rungs import Ladder, given
from salescourse.ladder.tenure import curve, leavers_mean, spans, stay
from salescourse.ladder.typed import amount
from salescourse.ladder.wall import exact
from salescourse.measures import captioned
from salescourse.text import NBSP, money, number, percent, plural

if TYPE_CHECKING:
    from salescourse.company import Company

    Months = Sequence[pd.Timestamp]

MILLION = 1e6
ROOM = 0.045  # of the axis between two labels
TALL, LETTER, DOT = 0.042, 0.0098, 0.008  # of the axes: a name, its letter, half a point
PEOPLE = ("человек", "человека", "человек")


# Months ---------------------------------------------------------------------------------------


@shows(model.typical)
def best_month(company: Company, months: Months, worked: float) -> Picture:
    """Обычный месяц каждого продавца рядом с его лучшим месяцем, оборот.

    months — какие месяцы брать; worked — какую долю месяца надо отработать.

    Пример: charts.best_month(company, motivation.full_months(company, 6), 0.6)
    """
    usual = typical(company, months, worked, "median")["turnover"]
    best = typical(company, months, worked, "max")["turnover"]
    rows = pd.DataFrame({"usual": usual, "best": best}).sort_values("usual")
    rows["over"] = 100 * (rows["best"] / rows["usual"] - 1)
    far = rows["over"].idxmax()
    title = (
        f"Лучший месяц выше обычного в среднем на {percent(rows['over'].mean(), 0)}, дальше всех "
        f"{far}: на {percent(rows['over'][far], 0)}"
    )
    canvas = Canvas(title, height=1.8 + 0.4 * len(rows))
    with canvas as ax:
        y = np.arange(len(rows))
        usual, best = rows["usual"] / MILLION, rows["best"] / MILLION
        ax.hlines(y, usual, best, color=PALE, lw=5, zorder=1)
        ax.scatter(usual, y, s=90, color=INK, zorder=2)
        ax.scatter(best, y, s=60, color=ACCENT, zorder=2)
        ax.set_yticks(y, rows.index)
        ax.tick_params(axis="y", length=0, labelcolor=INK)
        ax.set_xlim(0, best.max() * 1.12)
        for i, (value, over) in enumerate(zip(best, rows["over"], strict=True)):
            ax.annotate(
                f"+{percent(over, 0)}", (value, i), (8, 0), textcoords="offset points", va="center"
            )
        subtitle(ax, "оборот в месяц: чёрная точка — обычный месяц, цветная — лучший")
        _plain_ticks(ax.xaxis)
        ax.set_xlabel("оборот, млн ₽ в месяц")
    captions = {"who": "Продавец", "usual": "Обычный", "best": "Лучший", "over": "Выше на"}
    rows.index.name = "who"
    return canvas.picture(captioned(rows, captions, usual="₽", best="₽", over="%"))


# People between turnover and gross profit -----------------------------------------------------


@shows(model.typical)
def turnover_and_gp(company: Company, months: Months, turnover: float, gp: float) -> Picture:
    """Продавцы по обороту и ВП обычного месяца и две нормы: кто держит одну и не держит другую.

    months — по каким месяцам; turnover и gp — нормы, ₽ в месяц.

    Пример: charts.turnover_and_gp(company, motivation.full_months(company, 6), 6e6, 1.2e6)
    """
    turnover, gp = amount(turnover, "turnover"), amount(gp, "gp")
    rows = typical(company, months, 0.6, "median")[["turnover", "gp"]]
    large, rich = rows["turnover"] >= turnover, rows["gp"] >= gp
    alone = list(rows.index[large & ~rich])
    title = f"Оборот от {exact(turnover)} держат {large.sum()} из {len(rows)}"
    title += f", а ВП от {exact(gp)} из них — {(large & rich).sum()}"
    if alone:
        word = "не держит" if len(alone) == 1 else "не держат"
        title += f"; {word} {', '.join(alone)}"
    canvas = Canvas(title, height=6.0)
    with canvas as ax:
        _points(ax, rows, [name in alone for name in rows.index])
        ax.axvline(turnover / MILLION, color=MUTED, lw=1.2, ls="--")
        ax.axhline(gp / MILLION, color=MUTED, lw=1.2, ls="--")
        subtitle(ax, "обычный месяц продавца; пунктир — нормы, наклонная — маржа отдела")
    return canvas.picture(rows)


@shows(model.placement)
def ladder(company: Company, rungs: Ladder) -> Picture:
    """Лестница на плоскости «оборот — ВП»: ступени и кто на какой стоит.

    rungs — лестница, например simulator.ladder.

    Пример: charts.ladder(company, ladder.draft(company))
    """
    rungs = given(rungs)
    rows = model.placement(company, rungs)
    counts = rows["rung"].value_counts().reindex(list(rungs.names), fill_value=0)
    moved = int((rows["now"] != rows["rung"]).sum())
    shown = ", ".join(f"{name} — {n}" for name, n in counts.items())
    title = f"По лестнице: {shown}; иначе, чем сейчас, стоят {moved} из {len(rows)}"
    canvas = Canvas(title, height=6.4)
    with canvas as ax:
        _points(ax, rows, list(rows["now"] != rows["rung"]))
        right, top = ax.get_xlim()[1], ax.get_ylim()[1]
        for i, (name, rung) in enumerate(zip(rungs.names, rungs.rungs, strict=True)):
            x, y = (rung.turnover / MILLION, rung.gp / MILLION) if i else (0.0, 0.0)
            ax.fill_between([x, right], y, top, color=PALE, alpha=0.35, lw=0, zorder=0)
            ax.annotate(
                name, (right, y), (8, 4), textcoords="offset points", color=MUTED,
                annotation_clip=False,
            )  # fmt: skip
        ax.set_xlim(0, right)
        ax.set_ylim(0, top)
        subtitle(ax, "обычный месяц продавца; цветом — кто стоит не там, где числится")
    return canvas.picture(rows)


def _points(ax, rows: pd.DataFrame, marked: list[bool]) -> None:
    """Sellers by turnover and GP, each with a name, and the department's margin as a line."""
    x, y = rows["turnover"] / MILLION, rows["gp"] / MILLION
    right, top = x.max() * 1.28, y.max() * 1.15
    margin = float((y / x).median())
    ax.plot([0, right], [0, right * margin], color=PALE, lw=2, zorder=1)
    ax.scatter(x, y, s=70, color=[ACCENT if m else INK for m in marked], zorder=3)
    ax.set_xlim(0, right)
    ax.set_ylim(0, top)
    last = {1: -np.inf, -1: -np.inf}
    side = sides(x.to_numpy() / right, y.to_numpy() / top)
    for k in np.argsort(y.to_numpy(), kind="stable"):  # labels from below, none on another
        way = int(side[k])
        place = max(y.iloc[k], last[way] + ROOM * top)
        last[way] = place
        ax.annotate(
            rows.index[k],
            (x.iloc[k], y.iloc[k]),
            (x.iloc[k] + way * 0.015 * right, place),
            va="center",
            ha="left" if way > 0 else "right",
            fontsize=11,
            color=ACCENT if marked[k] else INK,
        )
    ax.set_xlabel("оборот, млн ₽ в месяц")
    ax.set_ylabel("ВП, млн ₽ в месяц")
    _plain_ticks(ax.xaxis)
    _plain_ticks(ax.yaxis)


def sides(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Where each point's name goes: 1 to the right, −1 to the left of a neighbour's point.

    `x` and `y` are shares of the axes' lengths.
    """
    across = x[None, :] - x[:, None]
    near = (across > 0) & (across < 0.14) & (np.abs(y[None, :] - y[:, None]) < 0.03)
    return np.where(near.any(1), -1, 1)


def beside(at: np.ndarray, letters: list[int]) -> np.ndarray:
    """Left and low corner of each point's name: near its point, clear of points and names.

    `at` and the corners are shares of the axes' lengths.
    """
    made = np.zeros((len(at), 2))
    taken: list[tuple[float, float, float, float]] = []
    dots = [(x - DOT, y - 1.6 * DOT, x + DOT, y + 1.6 * DOT) for x, y in at]
    for k in np.lexsort((at[:, 0], at[:, 1])):
        (x, y), wide = at[k], LETTER * letters[k]
        others = [*taken, *(dot for i, dot in enumerate(dots) if i != k)]
        best = None
        for up in (0.0, 0.04, -0.04, 0.065, -0.065, 0.1, -0.1, 0.14):
            for left in (x + 0.012, x - wide - 0.012, x - wide / 2):
                if left == x - wide / 2 and abs(up) < 0.04:
                    continue
                box = (left, y + up - TALL / 2, left + wide, y + up + TALL / 2)
                over = sum(_overlap(box, other) for other in others)
                over += 1e-3 if _nearest(box, at) != k else 0.0
                over += max(0.0, -0.01 - box[0]) + max(0.0, -0.035 - box[1])
                if best is None or over < best[0] - 1e-9:
                    best = (over, box)
        taken.append(best[1])
        made[k] = best[1][:2]
    return made


def _nearest(box: tuple[float, ...], at: np.ndarray) -> int:
    """Whose point a reader would take the name for."""
    aside = np.maximum(np.maximum(box[0] - at[:, 0], at[:, 0] - box[2]), 0)
    above = np.maximum(np.maximum(box[1] - at[:, 1], at[:, 1] - box[3]), 0)
    return int(np.argmin(aside**2 + above**2))


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide * high if wide > 0 and high > 0 else 0.0


def _plain_ticks(axis) -> None:
    """Ticks with a decimal comma, none outside the axis."""
    from matplotlib.ticker import FuncFormatter

    low, high = axis.get_view_interval()
    axis.set_ticks([tick for tick in axis.get_ticklocs() if low <= tick <= high])
    marks = str.maketrans(".-", ",−")
    axis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}".translate(marks)))


@shows(model.base_and_new)
def base_and_new(company: Company, months: Months) -> Picture:
    """Проходная часть ВП и новые клиенты каждого продавца.

    months — по каким месяцам.

    Пример: charts.base_and_new(company, motivation.full_months(company, 12))
    """
    rows = model.base_and_new(company, months)
    lives = rows["pass_through"] >= 60
    new = rows.loc[lives, "new"]
    n = int(lives.sum())
    title = f"Больше 60{NBSP}% ВП приходит само у {n}{NBSP}из{NBSP}{len(rows)}"
    if n:
        middle = number(float(rows["new"].median()))
        found = " и ".join(number(v) for v in sorted(new)) if n < 4 else "разное"
        title += f"; новых клиентов у них {found}, обычно — {middle}"
    canvas = Canvas(title, height=5.6)
    with canvas as ax:
        marked = list(lives)
        ax.scatter(
            rows["new"], rows["pass_through"], s=70, color=[ACCENT if m else GREY for m in marked]
        )
        span = max(float(rows["new"].max()), 1.0) * 1.3
        ax.axhline(60, color=MUTED, lw=1.2, ls="--")
        ax.set_xlim(-0.02 * span, span)
        ax.set_ylim(-4, 105)
        at = np.column_stack([rows["new"] / span, rows["pass_through"] / 109])
        boxes = beside(at, [len(str(name)) for name in rows.index])
        for name, (left, low) in zip(rows.index, boxes, strict=True):
            ax.annotate(name, (left * span, (low + TALL / 2) * 109), va="center", fontsize=11)
        _plain_ticks(ax.xaxis)
        _plain_ticks(ax.yaxis)
        percent_axis(ax.yaxis)
        ax.set_xlabel("новых клиентов за эти месяцы")
        ax.set_ylabel("проходная часть ВП")
    return canvas.picture(rows)


# Income, indicators, tenure -------------------------------------------------------------------


@shows(model.compa)
def compa(company: Company, months: Months, city: str, pay: str, level: str) -> Picture:
    """Доход каждого продавца к рынку: кто ниже 0,9 и кто выше 1,1.

    months — по каким месяцам; city — чей рынок; pay — "total" или "base_paid"; level — "p25",
    "median" или "p75".

    Пример: charts.compa(company, motivation.full_months(company, 12), "Самара", "total", "median")
    """
    rows = model.compa(company, months, city, pay, level).sort_values("compa")
    low, high = int((rows["compa"] < LOW).sum()), int((rows["compa"] > HIGH).sum())
    title = (
        f"Ниже 0,9 рынка ({city}) — {low} {plural(low, *PEOPLE)}, выше 1,1 — "
        f"{high} {plural(high, *PEOPLE)} из {len(rows)}"
    )
    canvas = Canvas(title, height=1.9 + 0.38 * len(rows))
    with canvas as ax:
        labels = [
            f"{number(c, 2)} · {grade}, {money(i)}"
            for c, grade, i in zip(rows["compa"], rows["grade"], rows["income"], strict=True)
        ]
        bars(ax, list(rows.index), rows["compa"].tolist(), labels, accent=None)
        for bar, value in zip(ax.patches, rows["compa"], strict=True):
            bar.set_color(ACCENT if not LOW <= value <= HIGH else GREY)
        for edge in (LOW, HIGH):
            ax.axvline(edge, color=INK, lw=1.2, ls=":", zorder=1.5)
        for text in ax.texts:  # the lines run behind the words
            text.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1})
        subtitle(ax, "доход к рынку своей ступени; пунктир — 0,9 и 1,1, цветом — за ними")
    return canvas.picture(rows)


@shows(model.leading)
def leading(company: Company, ahead: int, inside: bool, target: str) -> Picture:
    """Связь каждого показателя с валовой прибылью.

    ahead — 0: тот же месяц, 2: два следующих; inside — внутри продавца (True) или между
    продавцами (False); target — "new" или "all".

    Пример: charts.leading(company, 2, True, "new")
    """
    rows = model.leading(company, ahead, inside, target).sort_values("r", ascending=False)
    late = {INDICATORS[key] for key in RESULTS}
    first = rows.index[0]
    when = f"ВП следующих {ahead} мес." if ahead else "ВП того же месяца"
    place = "внутри продавца" if inside else "между продавцами"
    title = f"Выше всего связь с {when}: {first}, r {number(rows['r'].iloc[0], 2)}"
    if first in late:
        title += ", но это уже результат"
    elif not ahead:
        title += ". Тот же месяц ничего не опережает"
    canvas = Canvas(title, height=2.0 + 0.42 * len(rows))
    with canvas as ax:
        y = np.arange(len(rows))
        ahead_of = [
            name not in late and value >= LEADS_FROM
            for name, value in zip(rows.index, rows["r"], strict=True)
        ]
        ax.barh(y, rows["r"], color=[ACCENT if a else GREY for a in ahead_of], height=0.68)
        for i, value in enumerate(rows["r"]):
            ax.annotate(
                number(value, 2),
                (max(value, 0), i),
                (6, 0),
                textcoords="offset points",
                va="center",
            )
        ax.set_yticks(y, rows.index)
        ax.invert_yaxis()
        ax.tick_params(axis="y", length=0, labelcolor=INK)
        ax.axvline(0, color=MUTED, lw=1)
        ax.axvline(LEADS_FROM, color=MUTED, lw=1, ls=":")
        ax.set_xlim(min(-0.3, float(np.nanmin(rows["r"])) - 0.1), 1.05)
        ax.set_xlabel(f"корреляция r, {place}; пунктир — 0,3")
        subtitle(ax, f"связь показателя месяца с {when}; взята {TARGETS[target]}")
        _plain_ticks(ax.xaxis)
    return canvas.picture(rows)


@shows(model.tenure)
def tenure(company: Company) -> Picture:
    """Сколько продавцы работают: доля тех, кто ещё здесь, по месяцам от приёма."""
    found, (gone, _) = stay(company), spans(company)
    mean, year = leavers_mean(company), 100 * found.after(12)
    title = f"Год дорабатывают {percent(year, 0)}"
    if len(gone):
        naive = 100 * curve(gone, np.array([])).after(12)
        naive = 0.0 if np.isnan(naive) else naive
        title += f"; если смотреть только на ушедших, вышло бы {percent(naive, 0)}"
    canvas = Canvas(title, height=4.8)
    with canvas as ax:
        x = np.concatenate([[0], found.months])
        share = 100 * np.concatenate([[1.0], found.share])
        ax.step(x, share, where="post", color=ACCENT, lw=2.5)
        ax.annotate("все, с работающими", (x[-1], share[-1]), (-4, 10),
                    textcoords="offset points", ha="right", color=ACCENT)  # fmt: skip
        if len(gone):
            only = curve(gone, np.array([]))
            ax.step(
                np.concatenate([[0], only.months]),
                100 * np.concatenate([[1.0], only.share]),
                where="post",
                color=GREY,
                lw=2,
            )
            ax.annotate(
                f"только ушедшие, в среднем {number(mean)} мес.",
                (only.months[len(only.months) // 2], 100 * only.share[len(only.months) // 2]),
                (10, 8),
                textcoords="offset points",
                color=MUTED,
            )
        ax.set_ylim(0, 104)
        ax.set_xlim(0, None)
        _plain_ticks(ax.xaxis)
        _plain_ticks(ax.yaxis)
        percent_axis(ax.yaxis)
        ax.set_xlabel("месяцев после приёма")
        ax.set_ylabel("ещё работают")
    return canvas.picture(model.tenure(company))


# The wall -------------------------------------------------------------------------------------


@shows(model.wall)
def wall(rungs: Ladder, competences: Sequence[Sequence[str]] | None = None) -> Picture:
    """Лестница для стены: три ступени, что на каждой надо, что за это и что уметь.

    rungs — лестница; competences — свои компетенции, по списку строк на ступень.

    Пример: charts.wall(ladder.draft(company))
    """
    import textwrap

    rungs = given(rungs)
    rows = model.wall(rungs, competences)
    low, high = rungs.rungs[0], rungs.rungs[-1]
    title = (
        f"Наша лестница: от {money(low.income)} до {money(high.income)} в месяц, "
        f"и каждая ступень держится на ВП"
    )
    canvas = Canvas(title, height=8.2)
    with canvas as ax:
        ax.set_axis_off()
        ax.set_xlim(0, 3)
        ax.set_ylim(0, 1)
        last = len(rungs.names) - 1
        for i, name in enumerate(rungs.names):
            top = 0.78 + 0.11 * i
            colour = ACCENT if i == last else GREY
            ax.fill_between([i + 0.02, i + 0.98], 0, top, color=PALE, alpha=0.5, lw=0)
            ax.plot([i + 0.02, i + 0.98], [top, top], color=colour, lw=5, solid_capstyle="butt")
            ax.text(i + 0.06, top - 0.03, name.capitalize(), va="top", fontsize=17,
                    fontweight="bold", color=INK)  # fmt: skip
            y = top - 0.10
            for what, text in rows[name].items():
                ax.text(i + 0.06, y, what, va="top", fontsize=10, color=MUTED)
                parts = [part.strip() for part in text.split(";") if part.strip()]
                dot = "• " if len(parts) > 1 else ""
                lines = "\n".join(
                    textwrap.fill(f"{dot}{part}", 33, subsequent_indent="   " if dot else "")
                    for part in parts
                )
                ax.text(i + 0.06, y - 0.026, lines, va="top", fontsize=11, linespacing=1.25)
                y -= 0.026 + 0.0285 * (lines.count("\n") + 1) + 0.016
    return canvas.picture(rows)
