"""What every figure of the course has: one accent colour, a title that concludes, its numbers.

No figure touches matplotlib's global settings or pyplot: drawing happens inside
`rc_context` on a bare `Figure`, and matplotlib is imported only when one is drawn.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ACCENT, GREY, PALE, INK, MUTED = "#c2410c", "#9aa3ad", "#dde2e7", "#1f2933", "#52606d"

STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 13,
    "text.color": INK,
    "axes.labelcolor": MUTED,
    "axes.edgecolor": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "figure.facecolor": "white",
    "axes.facecolor": "white",
}
WIDTH, DPI, TITLE_CHARS = 10.5, 100, 70
LETTER = 0.0135  # a letter's width as a share of the axes: keeps labels of bars inside


@dataclass
class Picture:
    """A figure with its conclusion and its numbers, for the eye, a screen reader and a text viewer.

    `.title` is the conclusion, `.numbers` the table behind the figure, `.figure` the figure itself.
    """

    figure: Figure
    title: str
    numbers: pd.DataFrame = field(repr=False)

    def png(self) -> bytes:
        import matplotlib

        buffer = io.BytesIO()
        with matplotlib.rc_context(STYLE):
            # without the writer's version in the file the same figure is the same bytes
            self.figure.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
        return buffer.getvalue()

    def _ipython_display_(self) -> None:
        from IPython.display import display

        html, text = self._table()
        display(
            {"image/png": self.png(), "text/plain": repr(self)},
            raw=True,
            metadata={"image/png": {"alt": self.title}},
        )
        # the conclusion again for those who don't see the figure; JupyterLab gives it no alt text
        fold = (
            f'<details><summary aria-label="{escape(self.title)}. Числа рисунка">'
            f"Числа рисунка</summary>{html}</details>"
        )
        display({"text/html": fold, "text/plain": text}, raw=True)

    def __repr__(self) -> str:
        return f"Рисунок. {self.title}"

    def __str__(self) -> str:
        return f"{self.title}\n{self._table()[1]}"

    def _table(self) -> tuple[str, str]:
        from salescourse.cards import table

        return table(self.numbers, rows=len(self.numbers))


class Canvas:
    """`with Canvas(title) as ax: ...` draws in the course's style; then `.picture(numbers)`."""

    def __init__(self, title: str, height: float = 5.0, **subplots: Any) -> None:
        self.title, self.height, self.subplots = title, height, subplots

    def __enter__(self) -> Any:
        import matplotlib
        from matplotlib.figure import Figure

        self._context = matplotlib.rc_context(STYLE)
        self._context.__enter__()
        self.figure = Figure(figsize=(WIDTH, self.height), layout="constrained")
        self.figure.get_layout_engine().set(w_pad=0.12, h_pad=0.08)
        lines = textwrap.fill(self.title, TITLE_CHARS, break_long_words=False)
        self.figure.suptitle(lines, x=0.01, ha="left", fontsize=16, fontweight="bold")
        return self.figure.subplots(**self.subplots)

    def __exit__(self, *error: object) -> None:
        self._context.__exit__(*error)

    def picture(self, numbers: pd.DataFrame) -> Picture:
        return Picture(self.figure, self.title, numbers)


def shows(helper: Callable) -> Callable[[Callable], Callable]:
    """A figure of what a helper reckons has the helper's working: `how` tells both alike."""

    def of(figure: Callable) -> Callable:
        if (working := getattr(helper, "working", None)) is not None:
            figure.working = working
        return figure

    return of


def bars(ax: Axes, names: list[str], values: list[float], labels: list[str], accent: int | None):
    """Horizontal bars from zero, in the given order from the top, each with its own label."""
    colours = [ACCENT if i == accent else GREY for i in range(len(names))]
    drawn = ax.barh(range(len(names)), values, color=colours, height=0.7)
    ax.set_yticks(range(len(names)), names)
    ax.invert_yaxis()
    ax.set_xlim(
        0, max(v / (1 - LETTER * len(t)) for v, t in zip(values, labels, strict=True)) + 1e-9
    )
    ax.bar_label(drawn, labels, padding=6)
    ax.xaxis.set_visible(False)
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="y", length=0, labelcolor=INK)
    if accent is not None:
        ax.get_yticklabels()[accent].set_color(ACCENT)
        ax.get_yticklabels()[accent].set_fontweight("bold")


def subtitle(ax: Axes, text: str) -> None:
    """What is measured, in small print above the axes."""
    ax.set_title(text, loc="left", fontsize=12, color=MUTED)


def percent_axis(axis) -> None:
    """Ticks «5 %» with a decimal comma where needed."""
    from matplotlib.ticker import FuncFormatter

    axis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}".replace(".", ",") + "\u00a0%"))


def month_axis(ax: Axes, months: list) -> None:
    """The first month of each quarter by name, the year under January."""
    from salescourse.text import month_short

    ticks = [i for i, month in enumerate(months) if month.month % 3 == 1]
    ax.set_xticks(ticks, [month_short(months[i]) for i in ticks])
