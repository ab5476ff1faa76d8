"""Small drawings of a scheme as SVG: they take their colours from the page, light or dark."""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Callable, Sequence
from html import escape
from typing import NamedTuple

from salescourse.text import NBSP, number

WIDE, HIGH = 520, 250  # of one panel, in its own units
LEFT, RIGHT, TOP, BOTTOM = 62, 56, 26, 34  # on the right stands the name of the limit
LINE, POINT = "#d9480f", "#868e96"  # at least 3:1 on white and on JupyterLab's dark ground
TEXT = "fill:currentColor;font-size:12px"
FAINT = "stroke:currentColor;stroke-opacity:.18"


class Dot(NamedTuple):
    """One seller: attainment in per cent, two heights, a name."""

    x: float
    before: float
    after: float
    name: str


class Panel(NamedTuple):
    """A line over attainment, with sellers before and after, and a limit."""

    title: str
    x: Sequence[float]
    y: Sequence[float]
    dots: Sequence[Dot]
    label: Callable[[float], str]
    limit: float | None = None


def svg(panels: Sequence[Panel]) -> str:
    """The panels side by side, one below the other where the page is narrow."""
    drawn = "".join(_panel(panel) for panel in panels)
    return f'<div style="display:flex;flex-wrap:wrap;gap:8px 18px">{drawn}</div>'


def pictures(panels: Sequence[Panel]) -> str:
    """The same as images on a ground of their own, for a saved notebook.

    A viewer that trusts nobody takes a drawing's lines away and leaves its words in a heap;
    of an image it takes the address away, and the words that stand for it stay.
    """
    drawn = "".join(
        f'<img alt="{escape(_in_words(panel))}" width="{WIDE}" height="{HIGH}" '
        f'style="max-width:100%;height:auto" src="data:image/svg+xml;base64,'
        f'{b64encode(_alone(panel).encode()).decode()}">'
        for panel in panels
    )
    return f'<div style="display:flex;flex-wrap:wrap;gap:8px 18px">{drawn}</div>'


def _alone(panel: Panel) -> str:
    """The drawing as a file: on white, since it can't ask the page for its colours."""
    ground = f'<rect width="{WIDE}" height="{HIGH}" style="fill:#fff"/>'
    drawn = _panel(panel)
    opened = drawn.replace(
        "<svg ", '<svg xmlns="http://www.w3.org/2000/svg" color="#212529" '
        'font-family="sans-serif" ', 1
    )  # fmt: skip
    return opened.replace(">", f">{ground}", 1)


def _in_words(panel: Panel) -> str:
    """What the line says: its two ends and its limit."""
    x, y = list(panel.x), list(panel.y)
    ends = f"{panel.label(y[0])} на {number(x[0])}{NBSP}% плана, "
    ends += f"{panel.label(y[-1])} на {number(x[-1])}{NBSP}%"
    limit = f"; предел {panel.label(panel.limit)}" if panel.limit else ""
    return f"{panel.title}: {ends}{limit}"


def _panel(panel: Panel) -> str:
    low, high = _edges(panel)
    heights = [*panel.y, *(h for d in panel.dots for h in (d.before, d.after)), panel.limit or 0]
    # one far dot must not press all the others to the ground
    step = _round_up(min(max(heights), 2.2 * max(*panel.y, panel.limit or 0)) / 4)
    top = 4 * step

    def at(x: float) -> float:
        return LEFT + (min(max(x, low), high) - low) / (high - low) * (WIDE - LEFT - RIGHT)

    def up(y: float) -> float:
        return HIGH - BOTTOM - min(max(y, 0.0), top) / top * (HIGH - TOP - BOTTOM)

    parts = [_text(LEFT, 14, panel.title, "font-weight:600")]
    for y in (step * i for i in range(5)):
        parts.append(f'<line x1="{LEFT}" x2="{WIDE - RIGHT}" y1="{up(y):.1f}" y2="{up(y):.1f}" '
                     f'style="{FAINT}"/>')  # fmt: skip
        parts.append(_text(LEFT - 6, up(y) + 4, panel.label(y), "text-anchor:end"))
    for x in range(int(low // 50 + 1) * 50, int(high) + 1, 50):
        parts.append(_text(at(x), HIGH - BOTTOM + 16, f"{x}{NBSP}%", "text-anchor:middle"))
        parts.append(f'<line x1="{at(x):.1f}" x2="{at(x):.1f}" y1="{TOP}" y2="{HIGH - BOTTOM}" '
                     f'style="{FAINT}"/>')  # fmt: skip
    if panel.limit:
        y = up(panel.limit)
        parts.append(f'<line x1="{LEFT}" x2="{WIDE - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" '
                     'style="stroke:currentColor;stroke-dasharray:5 4"/>')  # fmt: skip
        parts.append(_text(WIDE - RIGHT + 6, y + 4, "предел", "text-anchor:start"))
    points = " ".join(f"{at(x):.1f},{up(y):.1f}" for x, y in zip(panel.x, panel.y, strict=True))
    parts.append(f'<polyline points="{points}" style="fill:none;stroke:{LINE};stroke-width:3"/>')
    for dot in panel.dots:
        x, y, to = at(dot.x), up(dot.before), up(dot.after)
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y:.1f}" y2="{to:.1f}" '
                     f'style="stroke:{POINT}"/>')  # fmt: skip
        parts.append(_circle(x, y, f"fill:none;stroke:{POINT};stroke-width:2",
                             f"{dot.name}: сейчас {panel.label(dot.before)}"))  # fmt: skip
        parts.append(_circle(x, to, f"fill:{LINE}", f"{dot.name}: станет {panel.label(dot.after)}"))
    return (
        f'<svg viewBox="0 0 {WIDE} {HIGH}" width="{WIDE}" height="{HIGH}" role="img" '
        f'aria-label="{escape(panel.title)}" style="max-width:100%">{"".join(parts)}</svg>'
    )


def _edges(panel: Panel) -> tuple[float, float]:
    """Both ends of the axis: the line, and sellers not too far from it."""
    far = [dot.x for dot in panel.dots] or [min(panel.x)]
    return max(0.0, min(*panel.x, min(far) - 4)), min(260.0, max(*panel.x, max(far) + 4))


def _circle(x: float, y: float, style: str, says: str) -> str:
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" style="{style}">'
        f"<title>{escape(says)}</title></circle>"
    )


def _round_up(value: float) -> float:
    """The next of 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8 × 10ⁿ: a step that reads well on an axis."""
    power = 10.0 ** math.floor(math.log10(value)) if value > 0 else 1.0
    return next(
        n * power for n in (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if n * power >= value - 1e-9
    )


def _text(x: float, y: float, text: str, more: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" style="{TEXT};{more}">{escape(text)}</text>'


def thousands(value: float) -> str:
    """«80 тыс.» for an axis and a tooltip."""
    return f"{number(value / 1000)}{NBSP}тыс."
