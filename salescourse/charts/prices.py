"""Figures about price: who names it, what it is made of, discounts, the pilot, three offers."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from salescourse import pricing as model
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
from salescourse.pricing.costs import discount_rate
from salescourse.pricing.trial import conclusion, what_to_divide
from salescourse.schema import OPTIONS
from salescourse.text import NBSP, money, number, percent, plural, points, roubles

if TYPE_CHECKING:
    import pandas as pd

    from salescourse.company import Company

    Months = Sequence[pd.Timestamp] | None

GAP = 20  # p.p. by which a seller names dear prices less often: DOMAIN, M30
DEEPER, ENOUGH = 2, 20  # p.p. by which a month's end stands out, and deals in it
LINE, ROOM = 0.34, 0.16  # inches of a line of the price sheet and around a row
WRAP, PRINT, LARGE = 20, 13, 17  # letters in a cell of the price sheet; its print, the price's


@shows(model.naming)
def naming(company: Company, threshold: float, months: Months = None) -> Picture:
    """Как часто каждый продавец называет цену: до порога и выше порога.

    threshold — порог суммы, ₽; months — месяцы создания КП.

    Пример: charts.naming(company, 50_000)
    """
    rows = model.naming(company, threshold, months).sort_values("gap", ascending=False)
    afraid, limit = rows[rows["gap"] >= GAP], roubles(rows.attrs["threshold"])
    if len(afraid):
        title = (
            f"Дороже {limit} о цене часто "
            f"{_people(len(afraid), 'молчит', 'молчат')}: "
            f"называют в{NBSP}{_range(afraid['above'])} КП, а{NBSP}до порога — "
            f"в{NBSP}{_range(afraid['below'])}"
        )
    else:
        title = f"Выше {limit} цену называют почти так же часто, как ниже"
    canvas = Canvas(title, height=1.9 + 0.42 * len(rows))
    with canvas as ax:
        for y, (_, row) in enumerate(rows.iterrows()):
            colour = ACCENT if row["gap"] >= GAP else GREY
            ax.plot([row["above"], row["below"]], [y, y], color=colour, lw=3, zorder=1)
            ax.plot(row["below"], y, "o", color="white", mec=colour, mew=2, ms=10)
            ax.plot(row["above"], y, "o", color=colour, ms=11)
        labels = [f"{who}  ({number(n)} КП)" for who, n in rows["n_above"].items()]
        ax.set_yticks(range(len(rows)), labels)
        for label, gap in zip(ax.get_yticklabels(), rows["gap"], strict=True):
            label.set_color(ACCENT if gap >= GAP else INK)
        ax.invert_yaxis()
        ax.tick_params(axis="y", length=0)
        ax.set_xlim(0, 100)
        percent_axis(ax.xaxis)
        subtitle(ax, "доля КП с названной ценой: закрашено — выше порога, пусто — до порога")
    return canvas.picture(rows)


def _range(values: pd.Series) -> str:
    low, high = (f"{v:.0f}" for v in (values.min(), values.max()))
    return f"{low}{NBSP}%" if low == high else f"{low}–{high}{NBSP}%"


def _people(n: int, one: str, many: str) -> str:
    """«молчит 1 продавец», «молчат 3 продавца»."""
    verb, word = plural(n, one, many, many), plural(n, "продавец", "продавца", "продавцов")
    return f"{verb} {n}{NBSP}{word}"


@shows(model.waterfall)
def waterfall(price: float, costs: Mapping[str, float], discount: float = 0) -> Picture:
    """Как цена тает до валовой прибыли: скидка, статьи себестоимости, остаток.

    price — цена до скидки, ₽; costs — статьи, «название: сумма», ₽; discount — скидка, %.

    Пример: charts.waterfall(90_000, {"закупка": 60_000, "доставка": 5_000}, discount=5)
    """
    rows, discount = model.waterfall(price, costs, discount), discount_rate(discount)
    price = float(rows["amount"].iloc[0])
    left, last = float(rows["amount"].iloc[-1]), len(rows) - 1
    title = f"Из {roubles(price)} цены остаётся {roubles(left)} валовой прибыли"
    if discount:
        given, whole = -float(rows.loc["скидка", "amount"]), left - float(rows["amount"].iloc[1])
        part = f", {percent(100 * given / whole, 0)} прибыли без неё" if whole > 0 else ""
        title += f"; скидка {percent(discount, 0)} забрала {roubles(given)}{part}"
    canvas = Canvas(title, height=1.8 + 0.5 * len(rows))
    with canvas as ax:
        ends = rows["left"].to_numpy()
        starts = np.concatenate([[0.0], ends[:-1]])
        starts[last] = 0.0
        colours = [GREY if i == 0 else PALE for i in range(last)] + [ACCENT]
        if discount:
            colours[1] = ACCENT
        low, width = np.minimum(starts, ends), np.abs(ends - starts)
        ax.barh(range(len(rows)), width, left=low, color=colours, height=0.7)
        for y, value in enumerate(rows["amount"]):
            ax.annotate(roubles(value), (max(starts[y], ends[y]), y), (6, 0), va="center",
                        textcoords="offset points")  # fmt: skip
        ax.set_yticks(range(len(rows)), rows.index)
        ax.invert_yaxis()
        ax.set_xlim(min(0.0, 1.2 * low.min()), 1.2 * price)
        ax.xaxis.set_visible(False)
        ax.spines["bottom"].set_visible(False)
        ax.tick_params(axis="y", length=0, labelcolor=INK)
        subtitle(ax, "шаг за шагом от цены до валовой прибыли, ₽")
    return canvas.picture(rows)


@shows(model.discounts)
def discounts(company: Company, months: Months = None) -> Picture:
    """Скидка каждого продавца: в обычные дни и в последние три рабочих дня месяца.

    months — месяцы оплаты.

    Пример: charts.discounts(company)
    """
    rows = model.discounts(company, months)
    hasty = (rows["extra"] >= DEEPER) & (rows["n_late"] >= ENOUGH)
    rows = rows.assign(hasty=hasty).sort_values(["hasty", "extra"], ascending=False)
    hasty = rows.pop("hasty").to_numpy()
    if hasty.any():
        extra, cost = rows["extra"][hasty], rows["cost"][hasty].sum()
        title = (
            f"К концу месяца скидку {_people(int(hasty.sum()), 'углубляет', 'углубляют')}, "
            f"до{NBSP}"
            f"{points(extra.max())}; лишнее стоило {money(cost)} ВП"
        )
    else:
        top = rows["given"].idxmax()
        title = (
            f"К концу месяца скидку никто не углубляет; больше всех отдаёт {top}, "
            f"{money(rows['given'].max())}"
        )
    canvas = Canvas(title, height=1.9 + 0.5 * len(rows))
    with canvas as ax:
        y = np.arange(len(rows))
        colours = [ACCENT if h else GREY for h in hasty]
        ax.barh(y - 0.19, rows["usual"].fillna(0), 0.36, color=PALE)
        ax.barh(y + 0.19, rows["late"].fillna(0), 0.36, color=colours)
        for i, (usual, late) in enumerate(zip(rows["usual"], rows["late"], strict=True)):
            for value, shift in ((usual, -0.19), (late, 0.19)):
                ax.annotate(percent(value), (np.nan_to_num(value), i + shift), (5, 0),
                            va="center", textcoords="offset points", fontsize=11)  # fmt: skip
        ax.set_yticks(y, [f"{who} ({n})" for who, n in rows["n_late"].items()])
        ax.invert_yaxis()
        ax.set_xlim(0, 1.12 * float(np.nanmax(rows[["usual", "late"]].to_numpy())) + 1e-9)
        ax.xaxis.set_visible(False)
        ax.spines["bottom"].set_visible(False)
        ax.tick_params(axis="y", length=0, labelcolor=INK)
        subtitle(
            ax, "скидка: сверху — обычные дни, снизу — конец месяца (сделок в нём — в скобках)"
        )
    return canvas.picture(rows)


@shows(model.pilot_interval)
def pilot(company: Company, per: str, of: str = "gp") -> Picture:
    """Пилот: сколько принесла одна цена и три и где может лежать разница.

    per — на что делить: "quote" — на каждое КП, "sale" — на продажу; of — "gp" или "revenue".

    Пример: charts.pilot(company, per="quote")
    """
    per, of = what_to_divide(per, of)
    rows = model.pilot(company, per, of)
    ends = model.pilot_interval(company, per, of).iloc[0]
    base = "КП" if per == "quote" else "продажу"
    where = {
        "внедрять": "интервал весь выше нуля",
        "закрыть": "интервал весь ниже нуля",
        "продлить": "интервал накрывает ноль",
    }[conclusion(_interval(ends))]
    more = roubles(abs(ends["difference"]))
    side = "больше" if ends["difference"] >= 0 else "меньше"
    title = f"Три цены принесли на {base} на {more} {side}, {where}"
    canvas = Canvas(title, height=4.4, nrows=2, height_ratios=(3, 2))
    with canvas as (above, below):
        drawn = above.barh(range(2), rows["mean"], color=[GREY, ACCENT], height=0.6)
        labels = [f"{roubles(m)}, {number(n)} КП" for m, n in zip(rows["mean"], rows["quotes"],
                                                                   strict=True)]  # fmt: skip
        above.bar_label(drawn, labels, padding=6)
        above.set_yticks(range(2), rows.index)
        above.invert_yaxis()
        above.set_xlim(0, 1.45 * rows["mean"].max())
        above.xaxis.set_visible(False)
        above.spines["bottom"].set_visible(False)
        above.tick_params(axis="y", length=0, labelcolor=INK)
        what = "валовая прибыль" if of == "gp" else "выручка"
        subtitle(above, f"{what} на {base}, ₽")
        _interval_bar(below, ends)
    return canvas.picture(rows)


def _interval(ends: pd.Series):
    from salescourse.pricing.trial import Interval

    return Interval(*(float(ends[name]) for name in Interval._fields))


def _interval_bar(ax, ends: pd.Series) -> None:
    low, high, middle = ends["low"], ends["high"], ends["difference"]
    ax.axvline(0, color=MUTED, lw=1.5, ls="--")
    ax.plot([low, high], [0, 0], color=ACCENT, lw=6, solid_capstyle="butt")
    ax.plot(middle, 0, "o", color=ACCENT, ms=13)
    for value in (low, high):
        ax.annotate(roubles(value), (value, 0), (0, 14), ha="center", textcoords="offset points")
    span = max(high, 0) - min(low, 0)
    ax.set_xlim(min(low, 0) - 0.18 * span, max(high, 0) + 0.18 * span)
    ax.set_ylim(-0.6, 0.9)
    ax.yaxis.set_visible(False)
    ax.spines["left"].set_visible(False)
    ax.set_xticks([0], ["ноль"])
    subtitle(ax, "разница «три минус одна»: точка — какой вышла, полоса — где может лежать, 95 %")


@shows(model.simulate)
def shares(company: Company, *prices: float) -> Picture:
    """Что берут клиенты при этих ценах: без эффекта середины и с ним, каким он был в пилоте.

    prices — три цены, ₽.

    Пример: charts.shares(company, 55_000, 70_000, 100_000)
    """
    off, on = (model.simulate(company, *prices, middle=middle) for middle in (False, True))
    names = [*off.index[:-2], "не купили"]
    numbers = off.loc[names, ["price", "cost", "unit_gp", "share"]].assign(
        with_middle=on.loc[names, "share"]
    )
    numbers.attrs["captions"] = {**off.attrs["captions"], "with_middle": "С эффектом середины"}
    numbers.attrs["units"] = {**off.attrs["units"], "with_middle": "%"}
    bought, felt = (100 - float(t.loc["не купили", "share"]) for t in (off, on))
    gp, then = (float(t.loc["всего", "gp"]) for t in (off, on))
    title = (
        f"Покупают {percent(bought, 0)} КП, ВП на КП {roubles(gp)}; с{NBSP}эффектом середины — "
        f"{percent(felt, 0)} и {roubles(then)}"
    )
    canvas = Canvas(title, height=4.8)
    with canvas as ax:
        x = np.arange(len(names))
        pale = ax.bar(x - 0.2, numbers["share"], 0.38, color=GREY)
        bright = ax.bar(x + 0.2, numbers["with_middle"], 0.38, color=ACCENT)
        for bars, column in ((pale, "share"), (bright, "with_middle")):
            ax.bar_label(bars, [percent(v) for v in numbers[column]], padding=3, fontsize=12)
        labels = [
            f"{name}\n{roubles(price)}" if price == price else name
            for name, price in numbers["price"].items()
        ]
        ax.set_xticks(x, labels)
        ax.tick_params(axis="x", length=0, labelcolor=INK)
        ax.set_ylim(0, 1.12 * float(numbers[["share", "with_middle"]].to_numpy().max()))
        percent_axis(ax.yaxis)
        subtitle(ax, "доля всех КП: серое — без эффекта середины, яркое — с ним")
    return canvas.picture(numbers)


# The price sheet, fit to print -----------------------------------------------------------------


@shows(model.seller_sheet)
def price_sheet(
    *prices: float,
    company: Company | None = None,
    contents: Mapping[str, Sequence[str]] | None = None,
    title: str = "",
) -> Picture:
    """Прайс-лист из трёх вариантов для печати: для клиента или, с компанией, для продавца.

    prices — три цены, ₽; company — если передать, добавятся себестоимость, ВП и маржа: такой лист
    клиенту не показывают; contents — отличия, «чем: (младший, средний, старший)»; title —
    заголовок листа. На печать: `.figure.savefig("Прайс.pdf")`, выйдет лист A4.

    Пример: charts.price_sheet(60_000, 80_000, 120_000)
    """
    if company is None:
        sheet = model.client_sheet(*prices, contents=contents)
        title = title or f"Три варианта: от{NBSP}{roubles(sheet['price'].min())}"
        secret = []
    else:
        sheet = model.seller_sheet(company, *prices, contents=contents)
        secret = ["cost", "gp", "margin"]
        title = title or (
            f"Только для продавца: с продажи остаётся от{NBSP}{roubles(sheet['gp'].min())} "
            f"до{NBSP}{roubles(sheet['gp'].max())}"
        )
    differences = [c for c in sheet.columns if c not in ("price", *secret)]
    rows = [*differences, "price", *secret]
    captions = {"price": "Цена", "cost": "Себестоимость", "gp": "ВП с продажи", "margin": "Маржа"}
    cells = [[_cell(sheet.loc[o, row], row) for o in OPTIONS] for row in rows]
    lines = [max(text.count("\n") + 1 for text in line) for line in cells]
    height = 1.5 + LINE * sum(lines) + ROOM * len(lines) + (0.4 if secret else 0)
    canvas = Canvas(title, height=height)
    with canvas as ax:
        _sheet_table(ax, [captions.get(row, row) for row in rows], cells, lines, len(differences))
        if secret:
            subtitle(ax, "клиенту этот лист не показываем")
    return canvas.picture(sheet)


def _cell(value: object, row: str) -> str:
    if row == "margin":
        return percent(float(value))
    if row in ("price", "cost", "gp"):
        return roubles(float(value))
    return textwrap.fill(str(value), WRAP, break_long_words=True)


def _sheet_table(ax, names, cells, lines, bold: int) -> None:
    """A column an offer, a row a difference; the row `bold` is the price."""
    top = 0.0
    edges = [0.0]
    ax.set_xlim(0, 4.2)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.axis("off")
    for column, option in enumerate(OPTIONS):
        ax.text(1.25 + column, 0.55, option.capitalize(), fontweight="bold", fontsize=15,
                color=INK, va="center")  # fmt: skip
    for i, (name, line, count) in enumerate(zip(names, cells, lines, strict=True)):
        step = LINE * count + ROOM
        middle = top - step / 2
        if i == bold:
            ax.axhspan(top - step, top, color=PALE, zorder=0)
        ax.text(0.03, middle, name, color=MUTED, va="center", fontsize=PRINT)
        for column, text in enumerate(line):
            strong = {"fontweight": "bold", "color": ACCENT, "fontsize": LARGE}
            look = strong if i == bold else {"color": INK, "fontsize": PRINT}
            ax.text(1.25 + column, middle, text, va="center", **look)
        top -= step
        edges.append(top)
    ax.hlines(edges, 0, 4.2, color=PALE, lw=1)
    ax.set_ylim(top - 0.1, 1.0)
