"""A scheme of pay to be tried: its curve, what each seller would get, and the eight checks.

A saved notebook keeps the static twin only: widgets show nothing in a viewer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from salescourse import motivation
from salescourse.cards import INK, LINE, MUTED
from salescourse.errors import StudentError
from salescourse.motivation import PayPlan
from salescourse.motivation.history import recomputed
from salescourse.motivation.people import labels
from salescourse.motivation.plan import BASES
from salescourse.motivation.rules import all_checks, margin_of
from salescourse.text import number, parse_number, percent, plural, roubles
from salescourse.widgets.pay_picture import Dot, Panel, pictures, svg, thousands

if TYPE_CHECKING:
    import pandas as pd

    from salescourse.company import Company

NO_CEILING = 10.0  # of plan: as good as none, and a plain number
CURVE = np.arange(50, 151, 2) / 100
ROWS = (0.5, 0.8, 1.0, 1.2, 1.5)
YES, NO = "✓ прошла", "✗ нет"
TIGHT = f"line-height:1.4;{INK}"  # a widget's own lines stand far apart
CELL = "text-align:left;padding:2px 14px 2px 0;vertical-align:top"


class Setting(NamedTuple):
    """An input: caption with its unit, how many of them make one in the scheme, its step."""

    caption: str
    scale: float
    step: float
    high: float


SETTINGS: dict[str, Setting] = {
    "base": Setting("Оклад, ₽", 1, 500, 10_000_000),
    "rate": Setting("Ставка бонуса, %", 100, 0.05, 100),
    "plan_gp": Setting("План по ВП, ₽", 1, 10_000, 10_000_000_000),
    "threshold": Setting("Порог, % плана", 100, 5, 200),
    "accel_from": Setting("Ускорение с, % плана", 100, 5, 500),
    "accel_mult": Setting("Ускорение, раз", 1, 0.1, 5),
    "cap_attainment": Setting("Потолок (1000 — нет), %", 100, 10, 1000),
    "passthrough_rate_mult": Setting("За проходные, % ставки", 100, 10, 100),
    "new_client_bonus": Setting("За нового клиента, ₽", 1, 500, 1_000_000),
    "quality_gate": Setting("Без качества, % бонуса", 100, 5, 100),
}


class PaySimulator:
    """Схема оплаты, которую можно крутить: кривая, люди и восемь проверок."""

    def __init__(self, company: Company, plan: PayPlan) -> None:
        self.company = company
        self._plan = plan
        self._months = motivation.full_months(company, 12)
        self._view: Any = None

    @property
    def plan(self) -> PayPlan:
        """Выставленная схема."""
        return self._plan

    @property
    def value(self) -> dict[str, Any]:
        """Настройки схемы; идут прямо в check."""
        return {**self._plan.config, "cap_attainment": min(self._plan.cap_attainment, NO_CEILING)}

    def set(self, **changes: Any) -> PaySimulator:
        """Тот же симулятор с другими настройками: `simulator.set(base=35_000).value`."""
        return PaySimulator(self.company, PayPlan.of({**self.value, **changes}))

    def checks(self) -> pd.DataFrame:
        """Восемь проверок таблицей."""
        return motivation.checks(self.company, self._plan)

    def people(self) -> list[tuple[str, float, float, float]]:
        """Each seller: name, mean gross profit of a month, paid now, by the scheme, ₽."""
        rows = recomputed(self.company, self._plan, self._months)
        mean = rows.groupby("employee_id")[["gp", "before", "total"]].mean()
        names = labels(self.company, mean.index)
        return [
            (name, float(gp), float(before), float(after))
            for name, (gp, before, after) in zip(names, mean.to_numpy(), strict=True)
        ]

    def sentence(self) -> str:
        found = all_checks(self.company, self._plan)
        passed = sum(check.passed for check in found)
        word = plural(passed, "Проходит", "Проходят", "Проходят")
        return (
            f"{word} {passed} из {len(found)} проверок. ФОТ отдела по этой схеме — "
            f"{percent(found[-1].value)} ВП."
        )

    # What is seen --------------------------------------------------------------------------

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        bundle = dict(self._widget()._repr_mimebundle_())
        return {**bundle, "text/html": self.html(), "text/plain": self.text()}

    def html(self) -> str:
        return f'<div style="{TIGHT}">{self._settings_html()}{self._result_html(pictures)}</div>'

    def text(self) -> str:
        lines = [self.sentence(), *(": ".join(row) for row in self._settings())]
        for check in all_checks(self.company, self._plan):
            lines.append(f"{YES if check.passed else NO} · {check.name}. {check.sentence}")
        lines += [" · ".join(row) for row in (self.HEAD, *self._curve())]
        return "\n".join([*lines, *(" · ".join(row) for row in (self.WHO, *self._people()))])

    def __repr__(self) -> str:
        return self.sentence()

    HEAD = ("План", "ВП", "Доход", "Доля ВП", "Оклад в доходе")
    WHO = ("Продавец", "ВП в месяц", "План", "Сейчас", "По схеме")

    def _settings(self) -> list[tuple[str, str]]:
        value = self.value
        rows = [("Бонус с", BASES[value["bonus_base"]])]
        for name, setting in SETTINGS.items():
            shown = number(round(value[name] * setting.scale, 4), 2 if setting.step < 1 else 0)
            no_ceiling = name == "cap_attainment" and value[name] >= NO_CEILING
            rows.append((setting.caption, "без потолка" if no_ceiling else shown))
        return rows

    def _curve(self) -> list[tuple[str, ...]]:
        rows = self._plan.curve(ROWS, margin_of(self.company))
        return [
            (percent(100 * x, 0), roubles(r.gp), roubles(r.total), percent(r.share), percent(r.mix))
            for x, r in zip(ROWS, rows.itertuples(), strict=True)
        ]

    def _people(self) -> list[tuple[str, ...]]:
        plan = self._plan.plan_gp
        return [
            (name, roubles(gp), percent(100 * gp / plan, 0), roubles(before), roubles(after))
            for name, gp, before, after in self.people()
        ]

    def _panels(self) -> list[Panel]:
        rows = self._plan.curve(CURVE, margin_of(self.company))
        x, plan, people = 100 * CURVE, self._plan.plan_gp, self.people()
        pay = [Dot(100 * gp / plan, before, after, name) for name, gp, before, after in people]
        share = [
            Dot(100 * gp / plan, 100 * before / gp, 100 * after / gp, name)
            for name, gp, before, after in people
            if gp > 0
        ]
        cap = 100 * motivation.payroll_cap(self.company)
        return [
            Panel("Доход за месяц, ₽, по выполнению плана", x, rows["total"], pay, thousands),
            Panel("Оплата в ВП, %", x, rows["share"], share, lambda v: percent(v, 0), cap),
        ]

    def _settings_html(self) -> str:
        cells = "".join(
            f'<span style="display:inline-block;padding:0 18px 2px 0"><span style="{MUTED}">'
            f"{escape(caption)}:</span> {escape(shown)}</span>"
            for caption, shown in self._settings()
        )
        return f'<div style="margin-bottom:6px;max-width:68em">{cells}</div>'

    def _result_html(self, draw: Callable[[list[Panel]], str]) -> str:
        legend = (
            f'<div style="{MUTED}">Линия — схема. Точки — продавцы за год: пустая — сейчас, '
            "закрашенная — по этой схеме.</div>"
        )
        tables = _table(self.HEAD, self._curve()) + _table(self.WHO, self._people())
        return (
            f'<div style="font-size:1.1em"><b>{escape(self.sentence())}</b></div>'
            f"{self._checks_html()}{draw(self._panels())}{legend}"
            f"<details><summary>Числа: кривая и продавцы</summary>{tables}</details>"
        )

    def _checks_html(self) -> str:
        lines = "".join(
            f'<tr style="background:none"><td style="{CELL};white-space:nowrap'
            f'{"" if check.passed else ";font-weight:600"}">{i}. {YES if check.passed else NO}</td>'
            f'<td style="{CELL}">{escape(check.name)}</td>'
            f'<td style="{CELL}{f";{MUTED}" if check.passed else ""}">{escape(check.sentence)}</td>'
            "</tr>"
            for i, check in enumerate(all_checks(self.company, self._plan), start=1)
        )
        return f'<table style="border-collapse:collapse;margin:6px 0;{INK}">{lines}</table>'

    # Inputs --------------------------------------------------------------------------------

    def _widget(self) -> Any:
        """The inputs, made once; changing one changes `.value` and everything below it."""
        if self._view is not None:
            return self._view
        import ipywidgets as w

        result, start = w.HTML(), self.value
        wide = {"description_width": "15em"}
        inputs: dict[str, Any] = {}
        for name, setting in SETTINGS.items():
            inputs[name] = w.BoundedFloatText(
                value=round(start[name] * setting.scale, 6),
                min=0 if name not in ("plan_gp", "accel_mult") else 1,
                max=setting.high,
                step=setting.step,
                description=setting.caption,
                style=wide,
                layout=w.Layout(width="24em", max_width="100%"),
            )
        inputs["bonus_base"] = w.Dropdown(
            options=[(caption, key) for key, caption in BASES.items()],
            value=start["bonus_base"],
            description="Бонус с",
            style=wide,
            layout=w.Layout(width="36em", max_width="100%"),
        )

        def draw() -> None:
            result.value = f'<div style="{TIGHT}">{self._result_html(svg)}</div>'

        def change(name: str, shown: Any) -> None:
            scale = SETTINGS[name].scale if name in SETTINGS else None
            new = shown if scale is None else round(float(shown) / scale, 8)
            try:
                self._plan = PayPlan.of({**self.value, name: new})
            except StudentError as error:  # the words stand where the result was
                result.value = f'<div style="{INK}"><b>{escape(str(error))}</b></div>'
                return
            draw()

        for name, field in inputs.items():
            field.observe(lambda event, name=name: change(name, event["new"]), names="value")

        def back(_: Any) -> None:
            for name, field in inputs.items():
                scale = SETTINGS[name].scale if name in SETTINGS else None
                field.value = start[name] if scale is None else round(start[name] * scale, 6)

        reset = w.Button(description="Вернуть как было", layout=w.Layout(width="14em"))
        reset.on_click(back)
        draw()
        grid = w.GridBox(
            [inputs[name] for name in SETTINGS],
            layout=w.Layout(grid_template_columns="repeat(auto-fill, 25em)", max_width="54em"),
        )
        self._view = w.VBox([inputs["bonus_base"], grid, reset, result])
        return self._view


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    top = "".join(
        f'<th style="{CELL};border-bottom:1px solid {LINE}">{escape(name)}</th>' for name in head
    )
    body = "".join(
        "<tr>" + "".join(f'<td style="{CELL}">{escape(text)}</td>' for text in row) + "</tr>"
        for row in rows
    )
    return (
        f'<table style="border-collapse:collapse;margin:6px 0;{INK}"><thead><tr>{top}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def pay_plan(company: Company, value: Mapping[str, Any] | PayPlan | None = None) -> PaySimulator:
    """Симулятор схемы оплаты: меняете оклад, ставку, план — видите людей и восемь проверок.

    company — компания; value — с какой схемы начать: `.value` другого симулятора, словарь
    `{"base": ..., "rate": ..., "plan_gp": ...}` или `motivation.PayPlan`; без неё — нынешняя.

    Пример: pay_plan(company, value={"base": 32_000, "rate": "5,45 %", "plan_gp": 880_000}).value

    Метод: DOMAIN, M36.
    """
    if value is None:
        now = motivation.current(company).config
        return PaySimulator(company, PayPlan.of({**now, "plan_gp": round(now["plan_gp"], -3)}))
    if isinstance(value, PayPlan):
        return PaySimulator(company, value)
    if not isinstance(value, Mapping):
        raise StudentError(
            'Схему дают словарём: {"base": 32000, "rate": 0.0545, "plan_gp": 880000}, или .value '
            "другого симулятора."
        )
    return PaySimulator(company, PayPlan.of({str(k): _typed(v) for k, v in value.items()}))


def _typed(given: Any) -> Any:
    """A setting as it may be typed: 0.0545, «5,45 %», «32 000 ₽»."""
    typed = parse_number(given) if isinstance(given, str) else None
    if typed is None:
        return given
    return typed.value / 100 if typed.unit == "%" else typed.value
