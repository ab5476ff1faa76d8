"""Figures along the calendar: leads, the same-month ratio against cohorts, open deals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salescourse import funnel as model
from salescourse.charts.picture import (
    ACCENT,
    GREY,
    INK,
    MUTED,
    PALE,
    Canvas,
    Picture,
    month_axis,
    percent_axis,
)
from salescourse.text import month_name, number, percent

if TYPE_CHECKING:
    from salescourse.company import Company


def leads(company: Company) -> Picture:
    """Сколько лидов пришло в каждом месяце."""
    counts = model.reached(company).groupby("month").size()
    low = int(counts.argmin())
    quiet, mean = counts.index[low], counts.mean()
    title = f"Меньше всего лидов — {month_name(quiet)}: {counts.iloc[low]}, обычно около {mean:.0f}"
    canvas = Canvas(title, height=4.6)
    with canvas as ax:
        colours = [ACCENT if i == low else GREY for i in range(len(counts))]
        ax.bar(range(len(counts)), counts.to_numpy(), color=colours, width=0.75)
        ax.set_ylabel("лидов в месяц")
        month_axis(ax, list(counts.index))
    return canvas.picture(counts.rename("лидов").to_frame())


def same_month(company: Company) -> Picture:
    """Две линии: оплаты месяца к лидам того же месяца и конверсия когорты, дожитой до конца."""
    rows = model.by_month(company)
    last = int(rows["mature"].to_numpy().nonzero()[0][-1])
    ratio, cohort = rows["ratio"].to_numpy(), rows["cohort"].to_numpy()
    title = (
        f"Оплаты к лидам того же месяца скачут от {number(ratio.min(), 0)} "
        f"до {percent(ratio.max(), 0)}, а когорты — от {number(cohort[: last + 1].min(), 0)} "
        f"до {percent(cohort[: last + 1].max(), 0)}"
    )
    canvas = Canvas(title)
    with canvas as ax:
        x = range(len(rows))
        ax.plot(x, ratio, color=ACCENT, lw=3)
        ax.plot(x[: last + 1], cohort[: last + 1], color=INK, lw=2.5)
        ax.plot(x[last:], cohort[last:], color=GREY, lw=2, ls=":")
        top = int(ratio.argmax())
        ax.annotate("оплаты месяца / лиды месяца", (top, ratio[top]), (8, 6), color=ACCENT,
                    textcoords="offset points", fontweight="bold")  # fmt: skip
        low = int(cohort[: last + 1].argmin())
        ax.annotate("когорта", (low, cohort[low]), (0, -20), color=INK, ha="center",
                    textcoords="offset points", fontweight="bold")  # fmt: skip
        ax.annotate("ещё не дозрели", (len(rows) - 1, cohort[-1]), (0, -4), color=MUTED, ha="right",
                    va="top", textcoords="offset points")  # fmt: skip
        ax.set_ylim(0, ratio.max() * 1.15)
        percent_axis(ax.yaxis)
        month_axis(ax, list(rows.index))
    return canvas.picture(rows)


def cohorts(company: Company) -> Picture:
    """Что стало с лидами каждого месяца: оплачены или ещё открыты."""
    rows = model.by_month(company)
    young = int((~rows["mature"]).sum())
    open_share = rows["open"].to_numpy()[-young:] if young else rows["open"].to_numpy()
    title = (
        f"Последние месяцы судить рано: открыто от {number(open_share.min(), 0)} "
        f"до {percent(open_share.max(), 0)} сделок"
    )
    canvas = Canvas(title)
    with canvas as ax:
        x, paid = range(len(rows)), rows["cohort"].to_numpy()
        colours = [ACCENT if mature else "#e7a98c" for mature in rows["mature"]]
        ax.bar(x, paid, color=colours, width=0.75)
        ax.bar(x, rows["open"].to_numpy(), bottom=paid, color=PALE, width=0.75)
        ax.axvline(len(rows) - young - 0.5, color=MUTED, ls="--", lw=1)
        top = (paid + rows["open"].to_numpy()).max()
        ax.text(len(rows) - young - 0.7, top, "зрелые", ha="right", va="top", color=MUTED)
        ax.text(len(rows) - young - 0.3, top, "рано судить", ha="left", va="top", color=MUTED)
        ax.text(0.2, paid[0] / 2, "оплачены", color="white", rotation=90, ha="center", va="center")
        ax.set_ylabel("доля лидов месяца")
        percent_axis(ax.yaxis)
        month_axis(ax, list(rows.index))
    return canvas.picture(rows)
