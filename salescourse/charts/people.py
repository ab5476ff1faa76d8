"""Figures about who and why: the mix of sources, first contact, the price, abandoned deals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from salescourse import funnel as model
from salescourse.charts.picture import (
    ACCENT,
    GREY,
    MUTED,
    Canvas,
    Picture,
    bars,
    percent_axis,
    shows,
    subtitle,
)
from salescourse.text import NBSP, money, number, percent

if TYPE_CHECKING:
    import pandas as pd

    from salescourse.company import Company

    Months = Sequence[pd.Timestamp] | None

ALL = "все лиды"


@shows(model.by_source)
def simpson(company: Company, first: object, second: object, months: Months = None) -> Picture:
    """Конверсия двух продавцов: по всем лидам и внутри каждого источника.

    first, second — продавцы (фамилия или номер); months — какие когорты брать.

    Пример: charts.simpson(company, 105, 106, months=measures.mature(company, 18))
    """
    pair = model.person(company, first), model.person(company, second)
    rows = model.by_source(company, pair, months)
    total, inside = rows.loc[ALL, "conversion"], rows.drop(ALL)["conversion"]
    raw, other = sorted(pair, key=lambda who: -total[who])  # who leads on all leads, who doesn't
    ahead = int((inside[other] > inside[raw]).sum())
    title = f"По всем лидам впереди {model.name(company, raw)}"
    turned = ahead * 2 > len(inside)
    if turned:
        title += (
            f", а{NBSP}внутри источников чаще {model.name(company, other)}: "
            f"в{NBSP}{ahead} из{NBSP}{len(inside)}"
        )
    winner = other if turned else raw
    canvas = Canvas(title, height=5.2)
    with canvas as ax:
        for j, who in enumerate(pair):
            _pair_bars(ax, rows["conversion"][who].tolist(), j, who == winner)
            ax.text(0.3 * j, 1.03, model.name(company, who), transform=ax.transAxes,
                    color=ACCENT if who == winner else MUTED, fontweight="bold")  # fmt: skip
        lots = rows["leads"]
        a, b = pair
        ax.set_xticks(
            range(len(rows)),
            [f"{s}\n{number(lots[a][s])} и {number(lots[b][s])}" for s in rows.index],
            fontsize=12,
        )
        ax.set_xlabel(
            "под источником — сколько лидов у первого и у второго", fontsize=12, loc="left"
        )
        ax.axvline(0.5, color=MUTED, lw=1, ls=":")
        ax.set_ylabel("конверсия в оплату")
        percent_axis(ax.yaxis)
    return canvas.picture(rows)


def _pair_bars(ax, values: list[float], place: int, accent: bool) -> None:
    x = [i + (place - 0.5) * 0.4 for i in range(len(values))]
    drawn = ax.bar(x, values, 0.38, color=ACCENT if accent else GREY)
    ax.bar_label(drawn, [number(v, 1) for v in values], padding=3, fontsize=12)


@shows(model.speed)
def speed(company: Company, months: Months = None) -> Picture:
    """Доля квалифицированных лидов по тому, как скоро с ними связались.

    months — какие когорты брать.
    """
    rows = model.speed(company, months)
    fast, slow = rows["conversion"].iloc[0], rows["conversion"].iloc[-1]
    title = (
        f"Связались за первый час — до квалификации доходит {percent(fast, 0)}, "
        f"позже чем через сутки — {percent(slow, 0)}"
    )
    canvas = Canvas(title, height=4.0)
    with canvas as ax:
        labels = [
            f"{percent(c)} из {number(n)}"
            for c, n in zip(rows["conversion"], rows["leads"], strict=True)
        ]
        bars(ax, list(rows.index), rows["conversion"].tolist(), labels, accent=len(rows) - 1)
        subtitle(ax, "доля лидов, дошедших до квалификации, по времени до первого контакта")
    return canvas.picture(rows)


@shows(model.zombies)
def zombies(company: Company) -> Picture:
    """Открытые сделки без действий больше 30 дней: у кого и какая доля."""
    rows = model.zombies(company).sort_values("share", ascending=False)
    total = 100 * rows["zombies"].sum() / rows["open"].sum()
    title = (
        f"Брошены {percent(total, 0)} открытых сделок, на{NBSP}{money(rows['amount'].sum())}; "
        f"самая большая доля — {rows.index[0]}"
    )
    canvas = Canvas(title, height=1.7 + 0.36 * len(rows))
    with canvas as ax:
        labels = [
            f"{percent(s, 0)}, {z} из {n}"
            for s, z, n in zip(rows["share"], rows["zombies"], rows["open"], strict=True)
        ]
        bars(ax, list(rows.index), rows["share"].tolist(), labels, accent=0)
        subtitle(ax, "доля открытых сделок без действий больше 30 дней")
    return canvas.picture(rows)


@shows(model.price_named)
def price_named(company: Company, months: Months = None) -> Picture:
    """Кто как часто называет цену и что с КП без названной цены.

    months — какие когорты брать.
    """
    rows = model.price_named(company, months)
    named, silent = rows.attrs["named"], rows.attrs["silent"]
    rows = rows.sort_values("share")
    title = (
        f"С названной ценой до переговоров доходит {percent(named, 0)} КП, без неё "
        f"{percent(silent, 0)}; реже всех называет {rows.index[0]}"
    )
    canvas = Canvas(title, height=1.7 + 0.36 * len(rows))
    with canvas as ax:
        labels = [
            f"{percent(s, 0)} из {number(n)} КП"
            for s, n in zip(rows["share"], rows["quotes"], strict=True)
        ]
        bars(ax, list(rows.index), rows["share"].tolist(), labels, accent=0)
        subtitle(ax, "доля КП, где цену назвали вслух")
    return canvas.picture(rows)
