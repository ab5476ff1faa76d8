"""Figures of the funnel itself: the whole of it, one stage by people, losses in money."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from salescourse import funnel as model
from salescourse.charts.picture import INK, Canvas, Picture, bars
from salescourse.text import NBSP, number, percent

if TYPE_CHECKING:
    import pandas as pd

    from salescourse.company import Company


def funnel(company: Company, months: Sequence[pd.Timestamp] | None = None) -> Picture:
    """Сколько лидов дошло до каждого этапа и какая доля переходит дальше.

    months — какие когорты брать; без них — все, вместе с незрелыми.
    """
    rows = model.stages(company, months)
    counts = rows["reached"].to_numpy()
    per_hundred = 100 * counts[-1] / counts[0]
    title = f"Из 100 лидов до оплаты доходят {number(per_hundred, 1)}"
    if months is None:
        title += " — считая месяцы, где сделки ещё открыты"
    canvas = Canvas(title, height=4.8)
    with canvas as ax:
        share = [100 * c / counts[0] for c in counts]
        labels = [f"{c:,}".replace(",", NBSP) for c in counts]
        bars(ax, list(rows.index), share, labels, accent=len(rows) - 1)
        for i, step in enumerate(rows["conversion"].to_numpy()[1:], start=1):
            ax.text(share[i] + 16, i, f"доходит {percent(step)}", va="center", color=INK)
    return canvas.picture(rows)
