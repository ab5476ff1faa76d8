"""The speed of the funnel: four levers and what each would change.

A saved notebook keeps the static twin only: widgets show nothing in a viewer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from salescourse import funnel
from salescourse.cards import INK, LINE, MUTED, format_number
from salescourse.errors import StudentError, nearest
from salescourse.text import MINUS, NBSP, clean, parse_number, percent, roubles

if TYPE_CHECKING:
    import pandas as pd

    from salescourse.company import Company

LEVERS = {
    "opps": "Квалифицировано в месяц",
    "win": "Доля оплат среди них",
    "gp": "ВП с одной оплаты",
    "cycle": "Цикл сделки",
}
UNITS = {"opps": "", "win": "%", "gp": "₽", "cycle": "дн."}
HEAD = ("Рычаг", "Сейчас", "Станет", f"Если улучшить на{NBSP}10{NBSP}% только его")
STEP, EDGE = 5, 50  # per cent: the sliders' step and their ends


class Velocity:
    """Скорость воронки: сколько ВП новых клиентов она приносит в день и что это изменит."""

    def __init__(self, start: Mapping[str, float], value: Mapping[str, float]) -> None:
        self.start = dict(start)
        self._change = dict.fromkeys(LEVERS, 0.0) | dict(value)
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
        return [
            (name, self._now(lever), self._then(lever), percent(self.alone(lever), sign=True))
            for lever, name in LEVERS.items()
        ]

    def _now(self, lever: str) -> str:
        return format_number(round(self.start[lever], 1), UNITS[lever])

    def _then(self, lever: str) -> str:
        return format_number(round(self._levers(self._change)[lever], 1), UNITS[lever])

    def alone(self, lever: str) -> float:
        """Growth, per cent, if this lever alone gets 10 per cent better."""
        better = dict.fromkeys(LEVERS, 0.0) | {lever: -10.0 if lever == "cycle" else 10.0}
        return (funnel.velocity(**self._levers(better)) / funnel.velocity(**self.start) - 1) * 100

    def html(self) -> str:
        cell = '<td style="text-align:left;padding:2px 18px 2px 0">{}</td>'
        body = "".join(
            "<tr>" + "".join(cell.format(escape(text)) for text in row) + "</tr>"
            for row in self.rows()
        )
        head = "".join(
            f'<th style="text-align:left;padding:2px 18px 2px 0;border-bottom:1px solid {LINE}">'
            f"{escape(text)}</th>"
            for text in HEAD
        )
        return (
            f'<div style="{INK}"><b>{escape(self.sentence())}</b>'
            f'<table style="border-collapse:collapse;margin:6px 0 0;{INK}">'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )

    def text(self) -> str:
        return "\n".join([self.sentence(), *(" · ".join(row) for row in (HEAD, *self.rows()))])

    def __repr__(self) -> str:
        return self.sentence()

    def _widget(self) -> Any:
        """The sliders, made once; moving one changes `.value` and every line that depends on it."""
        if self._view is not None:
            return self._view
        import ipywidgets as w

        result, sliders, lines = w.HTML(), {}, {}
        for lever, name in LEVERS.items():
            sliders[lever] = w.FloatSlider(
                value=self._change[lever],
                min=-EDGE,
                max=EDGE,
                step=STEP,
                description=name,
                readout_format=".0f",
                style={"description_width": "16em"},
                layout=w.Layout(width="38em", max_width="100%"),
            )
            lines[lever] = w.HTML()

        def draw() -> None:
            result.value = f'<div style="font-size:1.15em;{INK}"><b>{self.sentence()}</b></div>'
            for lever, line in lines.items():
                line.value = (
                    f'<span style="{MUTED}">%&emsp;{self._now(lever)} → {self._then(lever)}</span>'
                )

        def move(lever: str, change: float) -> None:
            self._change[lever] = float(change)
            draw()

        for lever, slider in sliders.items():
            slider.observe(lambda event, lever=lever: move(lever, event["new"]), names="value")
        reset = w.Button(description="Вернуть как сейчас", layout=w.Layout(width="14em"))
        reset.on_click(lambda _: [slider.set_trait("value", 0.0) for slider in sliders.values()])
        draw()
        self._view = w.VBox(
            [result, *(w.HBox([sliders[lever], lines[lever]]) for lever in LEVERS), reset]
        )
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
    changes = {lever: _change(lever, change) for lever, change in dict(value or {}).items()}
    return Velocity(funnel.velocity_levers(company, months), changes)


def _change(lever: str, change: Any) -> float:
    """A lever's change in per cent, as the slider could have set it."""
    if lever not in LEVERS:
        raise StudentError(
            f"Нет рычага «{lever}». Есть: {', '.join(LEVERS)}.{nearest(str(lever), tuple(LEVERS))}"
        )
    typed = parse_number(str(change))
    if typed is None or not -EDGE <= typed.value <= EDGE:
        raise StudentError(
            f"Не понял изменение «{clean(str(change))}» для рычага «{lever}». "
            f"Нужно число процентов от {MINUS}{EDGE} до {EDGE}, например {MINUS}10."
        )
    return typed.value
