"""A ladder to edit: three rungs of inputs, sellers on the chart, eight checks as a list.

A saved notebook keeps the static twin only: widgets show nothing in a viewer.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from salescourse import ladder as model
from salescourse.cards import ACCENT, INK, LINE, MUTED
from salescourse.charts.ladder import sides
from salescourse.ladder.leading import INDICATORS
from salescourse.ladder.months import usual
from salescourse.ladder.rules import all_checks
from salescourse.ladder.rungs import NORMS, QUARTERS, Ladder, given, places
from salescourse.ladder.wall import exact, threshold
from salescourse.motivation.people import labels
from salescourse.schema import GRADES
from salescourse.text import NBSP, money, number, short

if TYPE_CHECKING:
    import pandas as pd

    from salescourse.company import Company

SLOTS = 2  # indicators a rung that the simulator has room for
THOUSAND = 1000
CAPTIONS = {name: f"{name[0].upper()}{name[1:]}, тыс.{NBSP}₽" for name in NORMS}
WIDTH, HEIGHT, EDGE = 560, 350, 46  # of the chart, in its own units
PASSED, FAILED = "прошла", "пока нет"
ICONS = {PASSED: "✓", FAILED: "✗"}


class LadderEditor:
    """Лестница под правку: нормы, доход и показатели трёх ступеней, кто где стоит и проверки."""

    def __init__(self, company: Company, value: Mapping[str, Any]) -> None:
        self.company = company
        self.ladder = Ladder.of(value)
        self._view: Any = None

    @property
    def value(self) -> dict[str, Any]:
        """Лестница словарём: то, что идёт в check."""
        return self.ladder.value

    @property
    def checks(self) -> list[tuple[str, str, str]]:
        """Название проверки, прошла ли, и что это значит."""
        return [
            (check.name, PASSED if check.passed else FAILED, check.sentence)
            for check in all_checks(self.company, self.ladder)
        ]

    def sentence(self) -> str:
        """Сколько проверок пройдено и кто где стоит."""
        checks = self.checks
        n = sum(word == PASSED for _, word, _ in checks)
        place = places(self.company, self.ladder)
        counts = np.bincount(place.to_numpy(), minlength=len(GRADES))
        shown = ", ".join(f"{name} — {k}" for name, k in zip(GRADES, counts, strict=True))
        return f"Проверок пройдено: {n} из {len(checks)}. Стоят: {shown}."

    # What is seen --------------------------------------------------------------------------

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        bundle = dict(self._widget()._repr_mimebundle_())
        return {**bundle, "text/html": self.html(), "text/plain": self.text()}

    def rows(self) -> list[tuple[str, ...]]:
        """The rungs as a table of words: caption, then a cell a rung."""
        rungs = self.ladder.rungs
        out = [
            ("Оборот от", *(exact(r.turnover) for r in rungs)),
            ("ВП от", *(exact(r.gp) for r in rungs)),
            ("Оклад", *(money(r.base) for r in rungs)),
            ("Бонус при норме", *(money(r.bonus) for r in rungs)),
        ]
        own = [[threshold(k, v) for k, v in r.indicators.items()] for r in rungs]
        for i in range(max((len(o) for o in own), default=0)):
            cells = (o[i] if i < len(o) else "нет" for o in own)
            out.append((f"Показатель {i + 1}", *cells))
        return [*out, (QUARTERS.capitalize(), number(self.ladder.quarters), "", "")]

    def people(self) -> list[tuple[str, str]]:
        """Each seller and the rung he stands on, the strong first."""
        rows = model.placement(self.company, self.ladder)
        return list(zip(rows.index, rows["rung"], strict=True))

    def html(self) -> str:
        table = _table(("", *(name.capitalize() for name in GRADES)), self.rows())
        where = "; ".join(f"{who} — {rung}" for who, rung in self.people())
        return (
            f'<div style="{INK}"><b>{escape(self.sentence())}</b>{table}'
            f'<div style="margin:6px 0;max-width:60em">{escape(where)}.</div>'
            f"{self._checks_html()}</div>"
        )

    def text(self) -> str:
        lines = [self.sentence(), " · ".join(("", *GRADES)).strip()]
        lines += [" · ".join(row).rstrip(" ·") for row in self.rows()]
        lines += [f"{who} — {rung}" for who, rung in self.people()]
        lines += [f"{ICONS[w]} {name}: {w}. {why}" for name, w, why in self.checks]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return self.sentence()

    def _checks_html(self) -> str:
        items = "".join(
            '<li style="margin:4px 0;list-style:none;line-height:1.35">'
            f"<b>{ICONS[word]} {escape(name)}: {word}.</b> "
            f'<span style="{MUTED if word == PASSED else INK}">{escape(why)}</span></li>'
            for name, word, why in self.checks
        )
        return f'<ul style="margin:6px 0;padding:0;max-width:60em;{INK}">{items}</ul>'

    def chart(self) -> str:
        """Sellers between turnover and gross profit, and the rungs under them, as SVG."""
        rows = usual(self.company)
        return drawing(
            rows["turnover"].to_numpy(),
            rows["gp"].to_numpy(),
            labels(self.company, rows.index),
            places(self.company, self.ladder),
            self.ladder,
            self.sentence(),
        )

    # The inputs ------------------------------------------------------------------------------

    def _widget(self) -> Any:
        """The inputs, made once; a change redraws the chart and the checks."""
        if self._view is not None:
            return self._view
        import ipywidgets as w

        result, chart, checks = w.HTML(), w.HTML(), w.HTML()
        cells: list[Any] = [w.HTML("")]
        cells += [w.HTML(f'<b style="{INK}">{name.capitalize()}</b>') for name in GRADES]
        numbers = {"layout": w.Layout(width="14.5em")}
        money_of = {"оборот": "turnover", "ВП": "gp", "оклад": "base", "бонус": "bonus"}
        norms: dict[tuple[str, str], Any] = {}
        for norm in NORMS:
            cells.append(w.HTML(f'<span style="{INK}">{CAPTIONS[norm]}</span>'))
            for name, rung in zip(GRADES, self.ladder.rungs, strict=True):
                start = getattr(rung, money_of[norm]) / THOUSAND
                norms[name, norm] = w.BoundedFloatText(
                    value=start,
                    min=0,
                    max=1e6,
                    step=10 if norm in NORMS[:2] else 1,
                    tooltip=f"{name}: {CAPTIONS[norm]}",
                    **numbers,
                )
                cells.append(norms[name, norm])
        options = [("— нет —", ""), *((c[0].upper() + c[1:], c) for c in INDICATORS.values())]
        picked: dict[tuple[str, int], tuple[Any, Any]] = {}
        for slot in range(SLOTS):
            given = [list(r.indicators.items())[slot : slot + 1] for r in self.ladder.rungs]
            row = [
                (w.Dropdown(options=options, value=g[0][0] if g else "", **numbers),
                 w.BoundedFloatText(value=g[0][1] if g else 0, min=0, max=1e6, step=1, **numbers))
                for g in given
            ]  # fmt: skip
            picked |= {(name, slot): pair for name, pair in zip(GRADES, row, strict=True)}
            for caption, k in ((f"Показатель {slot + 1}", 0), ("его порог, от", 1)):
                cells.append(w.HTML(f'<span style="{INK}">{caption}</span>'))
                cells += [pair[k] for pair in row]
        quarters = w.BoundedIntText(value=self.ladder.quarters, min=1, max=8, **numbers)
        cells += [w.HTML(f'<span style="{INK}">{QUARTERS.capitalize()}</span>'), quarters]

        def read() -> dict[str, Any]:
            made: dict[str, Any] = {}
            for name in GRADES:
                made[name] = {norm: norms[name, norm].value * THOUSAND for norm in NORMS}
                for slot in range(SLOTS):
                    which, least = picked[name, slot]
                    if which.value:
                        made[name][which.value] = least.value
            return made | {QUARTERS: quarters.value}

        def draw() -> None:
            result.value = f'<div style="font-size:1.1em;{INK}"><b>{self.sentence()}</b></div>'
            chart.value, checks.value = self.chart(), self._checks_html()

        def change(_: Any) -> None:
            self.ladder = Ladder.of(read())
            draw()

        inputs = [*norms.values(), *(part for pair in picked.values() for part in pair), quarters]
        for box in inputs:
            box.observe(change, names="value")
        draw()
        grid = w.GridBox(
            cells,
            layout=w.Layout(grid_template_columns="12em repeat(3, 15em)", grid_gap="0 4px"),
        )
        below = w.HBox([chart, checks], layout=w.Layout(flex_flow="row wrap"))
        checks.layout.max_width = "36em"
        self._view = w.VBox([result, grid, below])
        return self._view


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    cell = '<td style="text-align:left;padding:2px 18px 2px 0">{}</td>'
    body = "".join(
        "<tr>" + "".join(cell.format(escape(text)) for text in row) + "</tr>" for row in rows
    )
    top = "".join(
        f'<th style="text-align:left;padding:2px 18px 2px 0;border-bottom:1px solid {LINE}">'
        f"{escape(text)}</th>"
        for text in head
    )
    return (
        f'<table style="border-collapse:collapse;margin:6px 0;{INK}">'
        f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
    )


def drawing(
    turnover: np.ndarray,
    gp: np.ndarray,
    names: list[str],
    place: pd.Series,
    rungs: Ladder,
    said: str,
) -> str:
    """The chart in SVG, coloured by JupyterLab's own variables: both themes read it."""
    right, top = max(turnover.max(initial=1) * 1.35, 1), max(gp.max(initial=1) * 1.15, 1)

    def x(value: float) -> float:
        return round(EDGE + (WIDTH - EDGE - 10) * min(value / right, 1), 1)

    def y(value: float) -> float:
        return round(HEIGHT - EDGE - (HEIGHT - EDGE - 14) * min(value / top, 1), 1)

    ink, muted = "var(--jp-ui-font-color1,#222)", "var(--jp-ui-font-color2,#555)"
    parts = []
    for i, (name, rung) in enumerate(zip(rungs.names, rungs.rungs, strict=True)):
        left, low = (x(rung.turnover), y(rung.gp)) if i else (x(0), y(0))
        w, h = round(x(right) - left, 1), round(low - y(top), 1)
        parts.append(
            f'<rect x="{left}" y="{y(top)}" width="{w}" height="{h}" fill="{ACCENT}" '
            f'fill-opacity="0.08" stroke="{LINE}"/>'
            f'<text x="{left + 5}" y="{y(top) + 15 * (i + 1)}" fill="{muted}" '
            f'font-size="12">{escape(name)}</text>'
        )
    last = {1: np.inf, -1: np.inf}
    side = sides(turnover / right, gp / top)
    for k in np.argsort(gp, kind="stable"):
        cx, cy, way = x(turnover[k]), y(gp[k]), int(side[k])
        label = min(cy + 4, last[way] - 14)
        last[way] = label
        size = 4 + 1.5 * int(place.iloc[k])
        parts.append(
            f'<circle cx="{cx}" cy="{cy}" r="{size}" fill="{ACCENT}"/>'
            f'<text x="{round(cx + 10 * way, 1)}" y="{round(label, 1)}" fill="{ink}" '
            f'text-anchor="{"start" if way > 0 else "end"}" font-size="12">'
            f"{escape(names[k])}</text>"
        )
    for value in ticks(right):
        parts.append(
            f'<text x="{x(value)}" y="{HEIGHT - EDGE + 16}" text-anchor="middle" fill="{muted}" '
            f'font-size="11">{short(value / 1e6)}</text>'
        )
    for value in ticks(top):
        parts.append(
            f'<text x="{EDGE - 6}" y="{y(value) + 4}" text-anchor="end" fill="{muted}" '
            f'font-size="11">{short(value / 1e6)}</text>'
        )
    parts.append(
        f'<text x="{x(right / 2)}" y="{HEIGHT - 8}" text-anchor="middle" fill="{muted}" '
        f'font-size="12">оборот, млн ₽ в обычный месяц</text>'
        f'<text x="12" y="{y(top / 2)}" text-anchor="middle" fill="{muted}" font-size="12" '
        f'transform="rotate(-90 12 {y(top / 2)})">ВП, млн ₽</text>'
    )
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" role="img" '
        f'aria-label="{escape(said)}" style="max-width:100%">{"".join(parts)}</svg>'
    )


def ticks(most: float) -> np.ndarray:
    """Three to five round values along an axis."""
    power = 10.0 ** np.floor(np.log10(most / 4))
    step = power * next(m for m in (1, 2, 5, 10) if most / (m * power) <= 5.5)
    return np.arange(1, most / step) * step


def ladder(company: Company, value: Mapping[str, Any] | None = None) -> LadderEditor:
    """Лестница из трёх ступеней под правку: кто где встанет и какие проверки пройдены.

    company — компания; value — лестница словарём, если заполнять поля мышкой не хочется; без
    неё начинаем с черновика, который проверок не проходит. Нормы в полях — в тысячах рублей,
    в `.value` и в словаре — в рублях.

    Пример: simulator = widgets.ladder(company); simulator.value

    Метод: DOMAIN, M46.
    """
    start = model.draft(company) if value is None else given(value)
    return LadderEditor(company, start.value)
