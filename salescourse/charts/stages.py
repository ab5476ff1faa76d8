"""Figures of the funnel itself: the whole of it, one transition side by side, losses in money."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from salescourse import funnel as model
from salescourse.charts.picture import (
    ACCENT,
    GREY,
    INK,
    MUTED,
    Canvas,
    Picture,
    bars,
    shows,
    subtitle,
)
from salescourse.funnel.leads import TRANSITIONS
from salescourse.funnel.leak import ENOUGH, SURE, transition
from salescourse.text import NBSP, money, number, percent, short

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from salescourse.company import Company

    Months = Sequence[pd.Timestamp] | None

WARM = "#f0a987"  # the dearest cells but one: dark ink still reads on it
CLEAR = 1.4  # times the next cell from which one leak stands out: IDENTIFIABILITY, E2.4
PETTY = 10  # times beyond which nobody wants the ratio


@shows(model.stages)
def funnel(company: Company, months: Months = None) -> Picture:
    """Сколько лидов дошло до каждого этапа и какая доля переходит дальше.

    months — какие когорты брать; без них — все, вместе с незрелыми.

    Пример: charts.funnel(company, months=measures.mature(company, 6))
    """
    rows = model.stages(company, months)
    counts, steps = rows["reached"].to_numpy(), rows["conversion"].to_numpy()
    title = f"Из 100 лидов до оплаты доходят {short(100 * counts[-1] / counts[0])}"
    if months is None:
        title += " — считая месяцы, где сделки ещё открыты"
    canvas = Canvas(title, height=4.6)
    with canvas as ax:
        share = [100 * c / counts[0] for c in counts]
        labels = [number(counts[0]) + f"{NBSP}лидов"] + [
            f"{number(c)}    дошло {percent(step)} от предыдущего этапа"
            for c, step in zip(counts[1:], steps[1:], strict=True)
        ]
        bars(ax, list(rows.index), share, labels, accent=len(rows) - 1)
    return canvas.picture(rows)


@shows(model.stage)
def stage(company: Company, stage: str, by: str, months: Months) -> Picture:
    """Один переход у каждого продавца или кампании и у остальных на таких же лидах.

    stage — этап, на который переходят («КП»); by — "owner_id" (по продавцам)
    или "campaign" (по кампаниям); months — какие когорты брать.

    Пример: charts.stage(company, "КП", by="owner_id", months=measures.mature(company, 12))
    """
    rows = model.stage(company, stage, by, months)
    rows = rows[rows["n"] > 0].sort_values("gap", ascending=False)
    title, accent = _stage_title(transition(stage), rows, by)
    canvas = Canvas(title, height=1.9 + 0.4 * len(rows))
    with canvas as ax:
        own, usual = rows["conversion"].tolist(), rows["reference"].tolist()
        edge = max([*own, *usual]) * 1.02
        bars(ax, list(rows.index), own, [""] * len(rows), accent=accent)
        for i, reference in enumerate(usual):
            ax.plot([reference] * 2, [i - 0.44, i + 0.44], color=INK, lw=3, solid_capstyle="butt")
            ax.text(edge, i, f"{percent(own[i], 0)} из{NBSP}{number(rows['n'].iloc[i])}",
                    va="center", color=ACCENT if i == accent else MUTED)  # fmt: skip
        ax.set_xlim(0, edge * 1.22)
        others = "остальные на таких же лидах" if by == "owner_id" else "соседняя кампания"
        subtitle(ax, f"полоса — доля перешедших, чёрная метка — {others}")
    return canvas.picture(rows.drop(columns="lost"))


def _stage_title(where: str, rows: pd.DataFrame, by: str) -> tuple[str, int | None]:
    proven = rows[(rows["n"] >= ENOUGH) & (rows["z"] >= SURE)]
    if proven.empty:
        return f"{where}: разница между всеми — в{NBSP}пределах случайной", None
    who, worst = proven.index[0], proven.iloc[0]
    owner = by == "owner_id"
    others = "у остальных на таких же лидах" if owner else "в соседней кампании"
    title = (
        f"{where}: {who if owner else f'«{who}»'} — {percent(worst['conversion'], 0)}, "
        f"{others} {percent(worst['reference'], 0)}"
    )
    return title, rows.index.get_loc(who)


@shows(model.leaks)
def leaks(company: Company, by: str, months: Months) -> Picture:
    """Карта потерь: сколько ВП в месяц стоит каждый переход у каждого продавца или кампании.

    by — "owner_id" (по продавцам) или "campaign" (по кампаниям); months — какие когорты брать.

    Пример: charts.leaks(company, by="owner_id", months=measures.mature(company, 12))
    """
    rows = model.leaks(company, by, months)
    order = rows.groupby("who")["lost"].max().sort_values(ascending=False).index
    rows["sure"] = (rows["n"] >= ENOUGH) & (rows["z"] >= SURE)
    lost, sure = (
        rows.pivot(index="who", columns="transition", values=values).loc[order, list(TRANSITIONS)]
        for values in ("lost", "sure")
    )
    title, dearest = _leak_title(rows)
    canvas = Canvas(title, height=2.1 + 0.42 * len(lost))
    with canvas as ax:
        _map(ax, lost, sure.to_numpy(dtype=bool), dearest)
    captions = {"who": "Продавец" if by == "owner_id" else "Кампания"}
    lost.attrs = {"captions": captions, "units": dict.fromkeys(lost.columns, "₽")}
    return canvas.picture(lost)


def _leak_title(rows: pd.DataFrame) -> tuple[str, tuple[str, str] | None]:
    """The conclusion, and the cell it speaks of."""
    known = rows[rows["n"] >= ENOUGH].sort_values("lost", ascending=False)
    proven = known[known["sure"] & (known["lost"] > 0)]
    if proven.empty:
        return f"Явной утечки нет: каждая клетка — в{NBSP}пределах случайной разницы", None
    first, rest = proven.iloc[0], known.drop(index=proven.index[0])
    cell = first["who"], first["transition"]
    who = f"«{first['who']}»" if isinstance(first["key"], str) else first["who"]
    where = f"{who}, {first['transition']}: {money(first['lost'])} ВП в{NBSP}месяц"
    second = rest["lost"].max()
    if not second > first["lost"] / PETTY:
        return f"Дороже всего {where}, остальное рядом с{NBSP}этим мелочь", cell
    times = first["lost"] / second
    if times >= CLEAR:
        title = f"Дороже всего {where}, в{NBSP}{short(times)}{NBSP}раза больше следующей клетки"
        return title, cell
    return f"Одной главной утечки нет; из{NBSP}доказанных дороже всех {where}", cell


def _map(ax: Axes, lost: pd.DataFrame, sure, dearest: tuple[str, str] | None) -> None:
    """A heat map: the dearer the cell, the darker; bold where it is beyond chance."""
    import numpy as np
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.patches import Rectangle

    colours = LinearSegmentedColormap.from_list("lost", ["#ffffff", WARM])
    values = lost.to_numpy()
    ax.imshow(values, cmap=colours, vmin=0, vmax=max(float(np.nanmax(values)), 1.0), aspect="auto")
    place = None
    if dearest:
        place = lost.index.get_loc(dearest[0]), lost.columns.get_loc(dearest[1])
        ax.add_patch(Rectangle((place[1] - 0.5, place[0] - 0.5), 1, 1, color=ACCENT))
    for (i, j), value in np.ndenumerate(values):
        ax.text(j, i, number(value / 1000, 1), ha="center", va="center",
                color="white" if (i, j) == place else INK if value > 0 else MUTED,
                fontweight="bold" if sure[i, j] else "normal")  # fmt: skip
    ax.set_xticks(range(lost.shape[1]), [c.replace(" → ", " →\n") for c in lost.columns])
    ax.set_yticks(range(lost.shape[0]), list(lost.index))
    ax.xaxis.tick_top()
    ax.tick_params(length=0, labelcolor=INK)
    ax.spines[:].set_visible(False)
    ax.set_xticks(np.arange(0.5, lost.shape[1] - 1), minor=True)
    ax.set_yticks(np.arange(0.5, lost.shape[0] - 1), minor=True)
    ax.grid(which="minor", color=GREY, lw=0.5)
    ax.tick_params(which="minor", length=0)
    note = "ВП, тыс. ₽ в месяц; минус — лучше остальных, жирное — больше случайного"
    ax.set_xlabel(note, fontsize=12, loc="left", labelpad=8)
