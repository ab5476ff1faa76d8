"""Figures about what comes in and what is given up: leads by source, reasons of loss."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from salescourse import funnel as model
from salescourse.charts.picture import Canvas, Picture, bars, shows, subtitle
from salescourse.text import NBSP, number, percent, roubles, short

if TYPE_CHECKING:
    import pandas as pd

    from salescourse.company import Company

    Months = Sequence[pd.Timestamp] | None

NOBODY = "не указан"  # a source that nobody can buy more of
VAGUE = ("другое", "не указана", "не отвечает")  # reasons that say nothing one could act on


@shows(model.lead_quality)
def lead_quality(company: Company, months: Months = None) -> Picture:
    """Сколько ВП приносит один лид каждого источника и сколько таких лидов.

    months — какие когорты брать.
    """
    rows = model.lead_quality(company, months).sort_values("gp_per_lead", ascending=False)
    known = rows.drop(index=NOBODY, errors="ignore")
    many, dear = known["leads"].idxmax(), known["gp_per_lead"].idxmax()
    if many == dear:
        title = (
            f"«{dear.capitalize()}» — и{NBSP}больше всего лидов, и{NBSP}больше всего ВП на{NBSP}лид"
        )
    else:
        times = rows["gp_per_lead"][dear] / max(rows["gp_per_lead"][many], 1.0)
        title = (
            f"Больше всего лидов дают «{many}», но{NBSP}лид источника «{dear}» "
            f"приносит в{NBSP}{short(times)}{NBSP}раза больше ВП"
        )
    canvas = Canvas(title, height=4.4)
    with canvas as ax:
        labels = [
            f"{roubles(row.gp_per_lead)} — лидов {number(row.leads)}, "
            f"квалифицировано {percent(row.qualified, 0)}"
            for row in rows.itertuples()
        ]
        bars(ax, list(rows.index), rows["gp_per_lead"].tolist(), labels,
             accent=rows.index.get_loc(dear))  # fmt: skip
        subtitle(ax, "ВП первых покупок на один лид")
    return canvas.picture(rows)


@shows(model.loss_reasons)
def loss_reasons(company: Company, months: Months = None) -> Picture:
    """Почему проиграли, со слов самих продавцов.

    months — какие когорты брать.
    """
    rows = model.loss_reasons(company, months)
    vague = rows["share"][[reason for reason in VAGUE if reason in rows.index]].sum()
    title = (
        f"В{NBSP}{percent(vague, 0)} отказов причины по{NBSP}сути нет; "
        f"чаще всего пишут «{rows.index[0]}»"
    )
    canvas = Canvas(title, height=1.7 + 0.42 * len(rows))
    with canvas as ax:
        labels = [
            f"{percent(s, 0)}, {number(n)}"
            for s, n in zip(rows["share"], rows["deals"], strict=True)
        ]
        bars(ax, list(rows.index), rows["share"].tolist(), labels, accent=0)
        subtitle(ax, "доля потерянных сделок, причину пишет продавец")
    return canvas.picture(rows)
