"""Figures about who and why: the mix of sources, first contact, the price, abandoned deals."""

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
    percent_axis,
)
from salescourse.text import money, number, percent

if TYPE_CHECKING:
    import pandas as pd

    from salescourse.company import Company

ALL = "все лиды"


def simpson(
    company: Company, first: object, second: object, months: Sequence[pd.Timestamp] | None = None
) -> Picture:
    """Конверсия двух продавцов: по всем лидам и внутри каждого источника.

    first, second — продавцы (фамилия или номер); months — какие когорты брать.
    """
    a, b = model.person(company, first), model.person(company, second)
    rows = model.by_source(company, [a, b], months)
    names = [model.name(company, a), model.name(company, b)]
    total = rows.loc[ALL, "conversion"]
    inside = rows.drop(ALL)["conversion"]
    ahead = int((inside[a] > inside[b]).sum())
    winner, other = (0, 1) if total[a] >= total[b] else (1, 0)
    of_other = len(inside) - ahead if other else ahead
    title = f"По всем лидам впереди {names[winner]}"
    if of_other * 2 > len(inside):
        title += f", а внутри источников чаще {names[other]}: в {of_other} из {len(inside)}"
    canvas = Canvas(title)
    with canvas as ax:
        for j, (who, colour) in enumerate(((a, ACCENT), (b, GREY))):
            values = rows["conversion"][who].to_numpy()
            drawn = ax.bar(
                [i + (j - 0.5) * 0.38 for i in range(len(rows))], values, 0.36, color=colour
            )
            ax.bar_label(drawn, [number(v, 1) for v in values], padding=3, fontsize=12)
            ax.text(0.62 + j * 0.19, 0.97, names[j], color=(ACCENT, MUTED)[j], fontweight="bold",
                    transform=ax.transAxes, va="top")  # fmt: skip
        lots = rows["leads"]
        ax.set_xticks(
            range(len(rows)),
            [f"{s}\n{lots[a][s]} и {lots[b][s]} лидов" for s in rows.index],
            fontsize=11,
        )
        ax.axvline(0.5, color=MUTED, lw=1, ls=":")
        percent_axis(ax.yaxis)
    return canvas.picture(rows)


def speed(company: Company, months: Sequence[pd.Timestamp] | None = None) -> Picture:
    """Доля квалифицированных лидов по тому, как скоро с ними связались."""
    rows = model.speed(company, months)
    fast, slow = rows["conversion"].iloc[0], rows["conversion"].iloc[-1]
    title = (
        f"Связались {rows.index[0]} — квалифицируют {percent(fast, 0)}, "
        f"{rows.index[-1]} — {percent(slow, 0)}"
    )
    canvas = Canvas(title, height=4.2)
    with canvas as ax:
        labels = [
            f"{percent(c)} из {n}" for c, n in zip(rows["conversion"], rows["leads"], strict=True)
        ]
        bars(ax, list(rows.index), rows["conversion"].tolist(), labels, accent=0)
    return canvas.picture(rows)


def zombies(company: Company) -> Picture:
    """Открытые сделки без действий больше 30 дней: у кого и какая доля."""
    rows = model.zombies(company).sort_values("share", ascending=False)
    total = rows["zombies"].sum()
    title = (
        f"Без действий больше 30 дней стоит {percent(100 * total / rows['open'].sum(), 0)} "
        f"открытых сделок, на {money(rows['amount'].sum())}"
    )
    canvas = Canvas(title, height=5.2)
    with canvas as ax:
        labels = [f"{z} из {n}" for z, n in zip(rows["zombies"], rows["open"], strict=True)]
        bars(ax, list(rows.index), rows["share"].tolist(), labels, accent=0)
    return canvas.picture(rows)


def price_named(company: Company, months: Sequence[pd.Timestamp] | None = None) -> Picture:
    """Кто как часто называет цену и что с КП без названной цены."""
    rows = model.price_named(company, months).sort_values("share")
    named, silent = rows.attrs["named"], rows.attrs["silent"]
    title = (
        f"С названной ценой до переговоров доходит {percent(named, 0)} КП, "
        f"без неё — {percent(silent, 0)}"
    )
    canvas = Canvas(title, height=5.2)
    with canvas as ax:
        labels = [f"{percent(s, 0)} из {n} КП" for s, n in zip(rows["share"], rows["quotes"], strict=True)]  # fmt: skip
        bars(ax, list(rows.index), rows["share"].tolist(), labels, accent=0)
        ax.set_title("доля КП, где цену назвали вслух", loc="left", fontsize=12, color=INK)
    return canvas.picture(rows)
