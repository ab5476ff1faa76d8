"""Figures along the calendar: leads, the same-month ratio against cohorts, open deals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salescourse import funnel as model
from salescourse import measures
from salescourse.charts.picture import (
    ACCENT,
    GREY,
    INK,
    MUTED,
    Canvas,
    Picture,
    month_axis,
    percent_axis,
    shows,
    subtitle,
)
from salescourse.text import NBSP, month_name, percent

FADED = "#e7a98c"  # the accent of what is not final yet

if TYPE_CHECKING:
    from salescourse.company import Company


def leads(company: Company) -> Picture:
    """Сколько лидов пришло в каждом месяце."""
    counts = model.reached(company).groupby("month").size()
    low = int(counts.argmin())
    quiet, mean = counts.index[low], counts.mean()
    title = (
        f"Меньше всего лидов — {month_name(quiet)}: {counts.iloc[low]}, в{NBSP}среднем {mean:.0f}"
    )
    canvas = Canvas(title, height=4.4)
    with canvas as ax:
        colours = [ACCENT if i == low else GREY for i in range(len(counts))]
        ax.bar(range(len(counts)), counts.to_numpy(), color=colours, width=0.75)
        ax.annotate(f"{counts.iloc[low]}", (low, counts.iloc[low]), (0, 4), ha="center",
                    textcoords="offset points", color=ACCENT, fontweight="bold")  # fmt: skip
        ax.set_ylabel("лидов в месяц")
        month_axis(ax, list(counts.index))
    return canvas.picture(counts.rename("лидов").to_frame())


@shows(model.by_month)
def same_month(company: Company) -> Picture:
    """Две линии: оплаты месяца к лидам того же месяца и конверсия когорты, дожитой до конца.

    Первые месяцы пропущены: оплат по лидам, пришедшим до начала данных, в них нет.
    """
    rows = model.by_month(company)
    known = rows.index >= rows.index[0] + pd.Timedelta(days=measures.cycle(company)[1])
    rows = rows[known]
    last = int(rows["mature"].to_numpy().nonzero()[0][-1])
    ratio, cohort = rows["ratio"].to_numpy(), rows["cohort"].to_numpy()
    settled = cohort[: last + 1]
    top = int((ratio[: last + 1] - settled).argmax())  # where the short cut misleads most
    title = (
        f"{month_name(rows.index[top]).capitalize()}: оплаты к{NBSP}лидам месяца дают "
        f"{percent(ratio[top])}, а{NBSP}из{NBSP}самих этих лидов заплатили {percent(cohort[top])}"
    )
    canvas = Canvas(title)
    with canvas as ax:
        x = range(len(rows))
        ax.plot(x, ratio, color=ACCENT, lw=3)
        ax.plot(x[: last + 1], settled, color=INK, lw=2.5)
        ax.plot(x[last:], cohort[last:], color=GREY, lw=2, ls=":")
        ax.plot([top, top], [ratio[top], cohort[top]], "o", color=ACCENT, ms=9)
        side = -1 if top > len(rows) / 2 else 1
        ax.annotate("оплаты месяца / лиды месяца", (top, ratio[top]), (12 * side, -2),
                    color=ACCENT, ha="left" if side > 0 else "right", textcoords="offset points",
                    fontweight="bold")  # fmt: skip
        low = min(ratio[2:9].min(), cohort[2:9].min())
        ax.text(2, low * 0.93, "когорта: лиды месяца, доведённые до конца", color=INK,
                va="top", fontweight="bold")  # fmt: skip
        ax.annotate("рано судить", (len(rows) - 1, cohort[-1]), (0, -6), color=MUTED,
                    ha="right", va="top", textcoords="offset points")  # fmt: skip
        ax.set_ylim(0, ratio.max() * 1.12)
        percent_axis(ax.yaxis)
        month_axis(ax, list(rows.index))
    return canvas.picture(rows)


@shows(model.by_month)
def cohorts(company: Company) -> Picture:
    """Что стало с лидами каждого месяца: какая доля оплачена и какая ещё открыта."""
    rows = model.by_month(company)
    mature = rows["mature"].to_numpy()
    paid, standing = rows["cohort"].to_numpy(), rows["open"].to_numpy()
    title = (
        f"Последний месяц судить рано: {percent(standing[-1], 0)} его сделок ещё открыты, "
        f"в{NBSP}зрелых — не больше {percent(standing[mature].max(), 0)}"
    )
    canvas = Canvas(title, height=6.0, nrows=2, sharex=True, height_ratios=(3, 2))
    with canvas as (above, below):
        x, edge = range(len(rows)), int(mature.sum()) - 0.5
        above.bar(x, paid, color=[ACCENT if m else FADED for m in mature], width=0.75)
        below.bar(x, standing, color=[GREY if m else INK for m in mature], width=0.75)
        subtitle(above, "оплачено, доля лидов месяца")
        subtitle(below, "ещё открыто, доля лидов месяца")
        for ax in (above, below):
            ax.axvline(edge, color=MUTED, ls="--", lw=1)
            ax.set_ylim(0, ax.get_ylim()[1] * 1.12)
            percent_axis(ax.yaxis)
        top = above.get_ylim()[1]
        above.text(edge - 0.2, top, "зрелые", ha="right", va="top", color=MUTED)
        above.text(edge + 0.2, top, "рано судить", ha="left", va="top", color=MUTED)
        above.set_xlim(-0.6, max(len(rows) - 0.4, edge + 4))
        month_axis(below, list(rows.index))
    return canvas.picture(rows)
