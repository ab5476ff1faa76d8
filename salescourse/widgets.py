"""Simulators: sliders over pure functions of floor 2, each with a static twin and a `.value`.

ipywidgets is imported when a simulator is shown, not before. A saved notebook keeps
the static twin only: widgets show nothing in a viewer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from salescourse import funnel
from salescourse.cards import LINE, MUTED, format_number
from salescourse.errors import StudentError, nearest
from salescourse.text import percent, roubles

if TYPE_CHECKING:
    import pandas as pd

    from salescourse.company import Company

LEVERS = {
    "opps": "Квалифицированных лидов в месяц",
    "win": "Доля оплаченных среди них",
    "gp": "ВП с одной оплаты",
    "cycle": "Цикл сделки",
}
UNITS = {"opps": "", "win": "%", "gp": "₽", "cycle": "дн."}
STEP, EDGE = 5, 50  # per cent: the sliders' step and their ends


class Velocity:
    """Скорость воронки: сколько ВП новых клиентов она приносит в день и что это изменит."""

    def __init__(self, start: Mapping[str, float], value: Mapping[str, float]) -> None:
        self.start = dict(start)
        self._change = {lever: 0.0 for lever in LEVERS} | dict(value)
        self._view: Any = None

    @property
    def value(self) -> dict[str, float]:
        """Изменение каждого рычага в процентах, как его выставили."""
        return dict(self._change)

    @property
    def per_day(self) -> float:
        """ВП в день при выставленных рычагах, ₽."""
        return funnel.velocity(**self._levers(self._change))

    @property
    def growth(self) -> float:
        """На сколько процентов быстрее, чем сейчас."""
        return (self.per_day / funnel.velocity(**self.start) - 1) * 100

    def _levers(self, change: Mapping[str, float]) -> dict[str, float]:
        return {lever: self.start[lever] * (1 + change[lever] / 100) for lever in LEVERS}

    def sentence(self) -> str:
        now = funnel.velocity(**self.start)
        if not any(self._change.values()):
            return f"Сейчас воронка приносит {roubles(now)} ВП в день."
        return (
            f"Было {roubles(now)} ВП в день, станет {roubles(self.per_day)}: "
            f"{percent(self.growth, sign=True)}."
        )

    # What is seen --------------------------------------------------------------------------

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        bundle = dict(self._widget()._repr_mimebundle_())
        return {**bundle, "text/html": self.html(), "text/plain": self.text()}

    def rows(self) -> list[tuple[str, str, str, str]]:
        """Lever, now, changed to, what 10 per cent on this lever alone gives."""
        changed = self._levers(self._change)
        return [
            (
                name,
                format_number(round(self.start[lever], 1), UNITS[lever]),
                format_number(round(changed[lever], 1), UNITS[lever]),
                percent(self.alone(lever), sign=True),
            )
            for lever, name in LEVERS.items()
        ]

    def alone(self, lever: str) -> float:
        """Growth, per cent, if this lever alone gets 10 per cent better."""
        better = {name: 0.0 for name in LEVERS} | {lever: -10.0 if lever == "cycle" else 10.0}
        return (funnel.velocity(**self._levers(better)) / funnel.velocity(**self.start) - 1) * 100

    def html(self) -> str:
        head = ("Рычаг", "Сейчас", "Станет", "10 % лучше по нему одному")
        cells = "".join(
            "<tr>" + "".join(f'<td style="padding:2px 12px 2px 0">{c}</td>' for c in row) + "</tr>"
            for row in self.rows()
        )
        heads = "".join(
            f'<th style="text-align:left;padding:2px 12px 2px 0;border-bottom:1px solid {LINE}">'
            f"{h}</th>"
            for h in head
        )
        return (
            f'<div style="color:var(--jp-ui-font-color1,inherit)"><b>{self.sentence()}</b>'
            f'<table style="text-align:left;margin-top:6px"><thead><tr>{heads}</tr></thead>'
            f"<tbody>{cells}</tbody></table></div>"
        )

    def text(self) -> str:
        return "\n".join([self.sentence(), *("  ".join(row) for row in self.rows())])

    def __repr__(self) -> str:
        return self.sentence()

    def _widget(self) -> Any:
        """The sliders, made once; moving one changes `.value` and the sentence above them."""
        if self._view is not None:
            return self._view
        import ipywidgets as w

        result = w.HTML(f'<b style="font-size:1.15em">{self.sentence()}</b>')
        lines = []
        for lever, name in LEVERS.items():
            label = w.HTML(
                f"{name}<br><span style='{MUTED}'>сейчас "
                f"{format_number(round(self.start[lever], 1), UNITS[lever])}</span>",
                layout=w.Layout(width="19em"),
            )
            slider = w.FloatSlider(
                value=self._change[lever], min=-EDGE, max=EDGE, step=STEP, readout_format="+.0f",
                layout=w.Layout(width="26em"),
            )  # fmt: skip

            def moved(change, lever=lever):
                self._change[lever] = change["new"]
                result.value = f'<b style="font-size:1.15em">{self.sentence()}</b>'

            slider.observe(moved, names="value")
            lines.append(w.HBox([label, slider, w.HTML("%")]))
        self._view = w.VBox([result, *lines])
        return self._view


def velocity_whatif(
    company: Company,
    months: Sequence[pd.Timestamp] | None = None,
    value: Mapping[str, float] | None = None,
) -> Velocity:
    """Скорость воронки и ползунки к ней: лиды, доля оплат, ВП с оплаты, цикл.

    company — компания; months — по каким месяцам считать (обычно зрелые);
    value — изменения рычагов в процентах, если ползунки двигать не хочется.

    Пример: velocity_whatif(company, months, value={"cycle": -10})

    Метод: скорость = лиды × доля оплат × ВП с оплаты / цикл (DOMAIN, M18).
    """
    value = dict(value or {})
    for lever in value:
        if lever not in LEVERS:
            raise StudentError(
                f"Нет рычага «{lever}». Есть: {', '.join(LEVERS)}.{nearest(lever, tuple(LEVERS))}"
            )
    return Velocity(funnel.velocity_levers(company, months), value)
