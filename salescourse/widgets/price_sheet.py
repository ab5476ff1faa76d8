"""Three prices side by side: who buys what, what a quote brings, which conditions hold.

A saved notebook keeps the static twin only: widgets show nothing in a viewer.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from salescourse.cards import ACCENT, INK, LINE, MUTED, format_number
from salescourse.errors import StudentError, nearest
from salescourse.pricing.choice import chosen, gp_per_quote
from salescourse.pricing.guard import CONDITIONS, keeps
from salescourse.pricing.market import PRICE_STEP, Market, market
from salescourse.pricing.search import find_single
from salescourse.pricing.typed import switched
from salescourse.schema import OPTIONS
from salescourse.text import NBSP, clean, parse_number, percent, roubles

if TYPE_CHECKING:
    from salescourse.company import Company

STEP = 500  # ₽ of the sliders
ENDS = (0.4, 2.5)  # of today's price
THOUSANDS = 1_000  # a price below it was typed in thousands
HEAD = ("Вариант", "Цена", "Себестоимость", "ВП с продажи", "Купят, доля КП")
HOLDS = {True: ("✓", "выполнено"), False: ("✗", "нарушено")}
REFUSED = "не купят"


class PriceSheet:
    """Прайс из трёх цен: кто что купит, сколько ВП даст одно КП, выполнены ли условия."""

    def __init__(self, card: Market, value: Mapping[str, float], middle: bool = False) -> None:
        self.card = card
        self.middle = middle
        self._start = dict(value)
        self._prices = dict(value)
        self._rival = find_single(card.costs, card.clients, card.guard)
        self._view: Any = None

    @property
    def value(self) -> dict[str, float]:
        """Три цены в рублях, как их выставили: это и есть ответ для check."""
        return dict(self._prices)

    @property
    def gp(self) -> float:
        """ВП на одно КП при этих ценах, ₽."""
        return gp_per_quote(self._row(), self.card.costs, self.card.demand(self.middle))

    @property
    def buyers(self) -> float:
        """Сколько клиентов купит хоть что-то, % всех КП."""
        return 100 * float(sum(self.shares()))

    @property
    def holds(self) -> bool:
        """Выполнены ли все условия."""
        return all(condition.holds for condition in self._kept().values())

    def shares(self) -> list[float]:
        """Доля КП, которая купит каждый вариант."""
        return [float(s) for s in chosen(self._row(), self.card.demand(self.middle))]

    def _row(self) -> tuple[float, ...]:
        return tuple(self._prices[name] for name in OPTIONS)

    def _kept(self) -> dict:
        return keeps(self._row(), self.card.costs, self.card.demand(self.middle), self.card.guard)

    def sentence(self) -> str:
        price, rival = self._rival
        ahead = self.gp / rival - 1
        broken = sum(not c.holds for c in self._kept().values())
        state = "все условия выполнены" if not broken else f"нарушено условий: {broken}"
        return (
            f"ВП на одно КП — {roubles(self.gp)}; у лучшей одной цены, {roubles(price)}, — "
            f"{roubles(rival)} ({percent(100 * ahead, sign=True)}). Покупают "
            f"{percent(self.buyers)} КП; {state}."
        )

    def effect(self) -> str:
        return "как в пилоте" if self.middle else "выключен"

    # What is seen --------------------------------------------------------------------------

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        bundle = dict(self._widget()._repr_mimebundle_())
        return {**bundle, "text/html": self.html(), "text/plain": self.text()}

    def rows(self) -> list[tuple[str, str, str, str, str]]:
        """Each option: price, cost, gross profit a sale, share of quotes; then the refusals."""
        table = [
            (name, roubles(price), roubles(cost), roubles(price - cost), percent(100 * share))
            for name, price, cost, share in zip(
                OPTIONS, self._row(), self.card.costs, self.shares(), strict=True
            )
        ]
        return [*table, (REFUSED, "—", "—", "—", percent(100 - self.buyers))]

    def conditions(self) -> list[tuple[str, str, str, str, bool]]:
        """Each condition: icon and word, what is asked, its figure, limits and whether it holds."""
        found = []
        for key, (figure, low, high, holds) in self._kept().items():
            caption, factor, unit = CONDITIONS[key]
            limits = f"от{NBSP}{_shown(factor * low, unit)}"
            if high < float("inf"):
                limits += f" до{NBSP}{_shown(factor * high, unit)}"
            icon, word = HOLDS[holds]
            found.append((f"{icon} {word}", caption, _shown(factor * figure, unit), limits, holds))
        return found

    def html(self) -> str:
        return (
            f'<div style="{INK}">{self._headline()}{self._table()}{self._conditions()}'
            f'<div style="{MUTED}">Эффект середины: {self.effect()}.</div></div>'
        )

    def _headline(self) -> str:
        return f'<div style="font-size:1.1em;{INK}"><b>{escape(self.sentence())}</b></div>'

    def _table(self) -> str:
        body = "".join(_line([escape(cell) for cell in row]) for row in self.rows())
        return _framed(_line([escape(t) for t in HEAD], "th") + body)

    def _bars(self) -> str:
        """The same shares as bars, the longest across the whole box, for the live view."""
        shares = [*(100 * share for share in self.shares()), 100 - self.buyers]
        lines = []
        for name, share in zip((*OPTIONS, REFUSED), shares, strict=True):
            colour, width = LINE if name == REFUSED else ACCENT, 100 * share / max(shares)
            bar = (
                f'<div style="background:{colour};height:1.1em;width:{width:.1f}%;'
                'min-width:2px;display:inline-block;vertical-align:middle"></div>'
            )
            box = f'<div style="width:22em;display:inline-block">{bar}</div>'
            lines.append(_line([escape(name), box, escape(percent(share))]))
        return _framed("".join(lines))

    def _conditions(self) -> str:
        body = "".join(
            _line([f"<b>{escape(m)}</b>" if not holds else escape(m), *map(escape, rest)])
            for m, *rest, holds in self.conditions()
        )
        head = ("Условие", "Что проверяем", "Вышло", "Нужно")
        return _framed(_line([escape(t) for t in head], "th") + body)

    def text(self) -> str:
        lines = [self.sentence(), f"Эффект середины: {self.effect()}."]
        lines += [" · ".join(row) for row in (HEAD, *self.rows())]
        lines += [
            f"{m}: {what} — {got}, нужно {need}" for m, what, got, need, _ in self.conditions()
        ]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return self.sentence()

    def _widget(self) -> Any:
        """The sliders, made once; moving one changes `.value` and all that depends on it."""
        if self._view is not None:
            return self._view
        import ipywidgets as w

        headline, bars, conditions = w.HTML(), w.HTML(), w.HTML()
        sliders, lines = {}, {}
        for name in OPTIONS:
            low, high = _ends(self.card, self._prices[name])
            sliders[name] = w.FloatSlider(
                value=self._prices[name],
                min=low,
                max=high,
                step=STEP,
                description=name,
                readout=False,  # it would write thousands with a comma: the line beside tells
                style={"description_width": "8em"},
                layout=w.Layout(width="34em", max_width="100%"),
            )
            lines[name] = w.HTML()
        switch = w.Checkbox(
            value=self.middle,
            description="Эффект середины, как в пилоте",
            indent=False,
            layout=w.Layout(width="22em"),
        )
        reset = w.Button(description="Вернуть начальные цены", layout=w.Layout(width="16em"))

        def draw() -> None:
            headline.value, bars.value = self._headline(), self._bars()
            conditions.value = self._conditions()
            for name, cost in zip(OPTIONS, self.card.costs, strict=True):
                left = roubles(self._prices[name] - cost)
                lines[name].value = (
                    f'<b style="{INK}">{roubles(self._prices[name])}</b>'
                    f'<span style="{MUTED}">&emsp;себестоимость {roubles(cost)}, '
                    f"ВП с продажи {left}</span>"
                )

        def move(name: str, price: float) -> None:
            self._prices[name] = float(price)
            draw()

        def turn(on: bool) -> None:
            self.middle = bool(on)
            draw()

        for name, slider in sliders.items():
            slider.observe(lambda event, name=name: move(name, event["new"]), names="value")
        switch.observe(lambda event: turn(event["new"]), names="value")
        reset.on_click(
            lambda _: [s.set_trait("value", self._start[name]) for name, s in sliders.items()]
        )
        draw()
        self._view = w.VBox(
            [
                headline,
                *(w.HBox([sliders[name], lines[name]]) for name in OPTIONS),
                w.HBox([switch, reset]),
                bars,
                conditions,
            ]
        )
        return self._view


def _ends(card: Market, price: float) -> tuple[float, float]:
    low, high = (STEP * round(end * card.now / STEP) for end in ENDS)
    return min(low, price), max(high, price)


def _shown(value: float, unit: str) -> str:
    return percent(value) if unit == "%" else format_number(round(value), unit)


def _line(cells: list[str], tag: str = "td") -> str:
    edge = f";border-bottom:1px solid {LINE}" if tag == "th" else ""
    style = f"text-align:left;padding:2px 18px 2px 0{edge}"
    return "<tr>" + "".join(f'<{tag} style="{style}">{c}</{tag}>' for c in cells) + "</tr>"


def _framed(lines: str) -> str:
    return f'<table style="border-collapse:collapse;margin:6px 0;{INK}">{lines}</table>'


def price_sheet(
    company: Company, value: Mapping[str, float] | None = None, middle: bool = False
) -> PriceSheet:
    """Симулятор прайса: три цены, кто что купит, сколько ВП даст одно КП.

    Клиенты настроены по пилоту этой фирмы; соперник — лучшая одна цена. Сначала стоят цены
    пилота.

    company — компания; value — три цены, если ползунки двигать не хочется; middle — включить
    эффект середины, каким он вышел в пилоте.

    Пример: price_sheet(company, value={"лучше": 80_000})

    Метод: вложенный логит, DOMAIN, M32.
    """
    card = market(company)
    start = {
        name: float(PRICE_STEP * round(p / PRICE_STEP))
        for name, p in zip(OPTIONS, card.piloted, strict=True)
    }
    given = {name: _price(name, price) for name, price in dict(value or {}).items()}
    return PriceSheet(card, start | given, switched(middle))


def _price(name: Any, price: Any) -> float:
    """A price in roubles, as the slider could have set it."""
    if name not in OPTIONS:
        listed, hint = ", ".join(f"«{n}»" for n in OPTIONS), nearest(str(name), OPTIONS)
        raise StudentError(f"Нет варианта «{clean(str(name))}». Есть: {listed}.{hint}")
    typed = parse_number(str(price))
    if typed is None or not typed.value > 0:
        raise StudentError(
            f"Не понял цену «{clean(str(price))}» варианта «{name}». Нужны рубли, например 80_000."
        )
    if typed.value < THOUSANDS:
        raise StudentError(
            f"Цена варианта «{name}» нужна в рублях, а не в тысячах: вместо {typed.value:g} "
            f"напишите {1000 * typed.value:.0f}."
        )
    return float(typed.value)
