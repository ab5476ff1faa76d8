"""HTML cards and tables with a plain-text twin: what `show()` puts under a cell.

Plain deterministic HTML without a stylesheet: colours come from JupyterLab's own
variables, so both its themes work, and every colour has a fallback for Colab and
for a viewer of saved notebooks.
"""

from __future__ import annotations

from html import escape
from numbers import Real
from typing import TYPE_CHECKING, Any

from salescourse import schema
from salescourse.output import show_bundle
from salescourse.text import NBSP, date, month_name, number, percent, plural, roubles, short

if TYPE_CHECKING:
    import pandas as pd

    from salescourse.company import Company

ROWS = 10  # of a long table, unless the student asks for more
WIDE = 4  # columns of a single row from which it stands upright
COUNTED = {"count": "Сколько", "size": "Сколько", "sum": "Сумма", "mean": "В среднем"}  # by pandas
MONTHLY = ("month", "paid_month")  # columns that hold the first day of a month

INK = "color:var(--jp-ui-font-color1,inherit)"
MUTED = "color:var(--jp-ui-font-color2,inherit)"
LINE = "var(--jp-border-color2,#bdbdbd)"
ACCENT = "var(--jp-brand-color1,#1565c0)"
CARD = (
    f"border:1px solid {LINE};border-left:4px solid {ACCENT};border-radius:4px;"
    f"padding:10px 16px;margin:4px 0;max-width:46em;line-height:1.5;{INK}"
)


def card(title: str, rows: list[tuple[str, str]], note: str = "") -> tuple[str, str]:
    """A card of captioned facts: (html, plain text)."""
    cells = "".join(
        f'<tr style="background:none"><td style="text-align:left;padding:1px 18px 1px 0;{MUTED}">'
        f'{escape(caption)}</td><td style="text-align:left;padding:1px 0">{escape(value)}</td></tr>'
        for caption, value in rows
    )
    below = f'<div style="margin-top:6px;{MUTED}">{escape(note)}</div>' if note else ""
    html = (
        f'<div style="{CARD}"><div style="font-size:1.15em;font-weight:600">{escape(title)}</div>'
        f'<table style="border:none;margin:6px 0 0;{INK}">{cells}</table>{below}</div>'
    )
    lines = [title, *(f"{caption}: {value}" for caption, value in rows), *([note] if note else [])]
    return html, "\n".join(lines)


def company_card(company: Company) -> tuple[str, str]:
    """Who the company is: name, city, people, what its tables hold: (html, plain text)."""
    people, leads = company.employees, company.leads
    sellers = int((people["role"].eq("МОП-универсал") & people["left_on"].isna()).sum())
    first = leads["created_at"].min()
    facts = [
        ("Город", company.city),
        ("Продавцы", f"{sellers}{NBSP}{plural(sellers, 'человек', 'человека', 'человек')}"),
        ("Данные", f"с{NBSP}{date(first)} по{NBSP}{date(company.asof)}"),
        ("Лиды", number(len(leads))),
        ("Сделки", number(len(company.deals))),
        ("Заказы", number(len(company.orders))),
    ]
    if company.code:
        facts.append(("Код", company.code))
    return card(company.name, facts)


def show(data: Any, rows: int = ROWS, title: str = "") -> None:
    """Показывает таблицу с русскими подписями, карточку компании, рисунок, число или текст.

    data — таблица или столбец, компания, рисунок, число или строка (понимает разметку Markdown).
    rows — сколько строк длинной таблицы показать; title — подпись над таблицей.

    Пример: show(company.leads, rows=5)
    """
    from salescourse.company import Company

    if data is None:
        empty = "Показывать нечего: значение пустое. Запустите ячейку, где оно задаётся."
        return show_bundle({"text/plain": empty})
    if isinstance(data, Company):
        html, text = company_card(data)
        return show_bundle({"text/html": html, "text/plain": text})
    if isinstance(data, str):
        return show_bundle({"text/markdown": data, "text/plain": data.replace("**", "")})
    if isinstance(data, Real) and not isinstance(data, bool):
        return show_bundle(
            {"text/plain": f"{title}: {short(data, 2)}" if title else short(data, 2)}
        )
    if hasattr(data, "to_frame") and getattr(data, "ndim", 0) == 1:
        data = data.to_frame(name=data.name if data.name is not None else "значение")
    if hasattr(data, "columns"):
        html, text = table(data, rows=rows, title=title)
        return show_bundle({"text/html": html, "text/plain": text})
    from IPython.display import display

    return display(data)


# Tables ------------------------------------------------------------------------------------


def table(data: pd.DataFrame, rows: int = ROWS, title: str = "") -> tuple[str, str]:
    """A DataFrame as (html, plain text): Russian captions, units, no pandas look.

    A single row of many columns stands upright, a line a column.
    """
    shown = data.head(rows)
    index = _index_columns(shown)
    headers = [name for name, _ in index] + [caption(c, data) for c in data.columns]
    columns = [cells for _, cells in index] + [
        format_column(shown[c], unit_of(c, data)) for c in data.columns
    ]
    left = [True] * len(index) + [not _is_number(shown[c]) for c in data.columns]
    if len(data) == 1 and len(data.columns) > WIDE:
        values = [cells[0] for cells in columns]
        body = [[h, v] for h, v in zip(headers, values, strict=True)][len(index) :]
        title = title or ". ".join(values[: len(index)])
        own = data.attrs.get("note", "")
        return _html_table(None, body, [True, False], title, own), _plain_table(
            None, body, [True, False], title, own
        )
    body = [list(row) for row in zip(*columns, strict=True)]
    rest = len(data) - len(shown)
    note = f"…и{NBSP}ещё {number(rest)}{NBSP}{plural(rest, 'строка', 'строки', 'строк')}"
    note = " ".join(filter(None, (note if rest else "", data.attrs.get("note", ""))))
    return (
        _html_table(headers, body, left, title, note),
        _plain_table(headers, body, left, title, note),
    )


def caption(column: Any, data: pd.DataFrame) -> str:
    """The Russian caption of a column: the table's own, the schema's, or the name itself."""
    if isinstance(column, tuple):  # a pivot's heading: «конверсия, Иванова А. П.»
        return ", ".join(caption(level, data) for level in column if level != "")
    own = data.attrs.get("captions", {})
    if column in own:
        return own[column]
    if column in COUNTED:
        return COUNTED[column]
    found = _schema_column(column, data)
    return found.caption if found else str(column)


def unit_of(column: Any, data: pd.DataFrame) -> str:
    if isinstance(column, tuple):
        return next(filter(None, (unit_of(level, data) for level in column)), "")
    own = data.attrs.get("units", {})
    if column in own:
        return own[column]
    found = _schema_column(column, data)
    if found is None:
        return ""
    return {schema.MONEY: "₽", schema.PERCENT: "%"}.get(found.dtype, "")


def _schema_column(column: Any, data: pd.DataFrame) -> schema.Column | None:
    """The schema's column of this name, from the table that shares most columns with `data`."""
    names = set(map(str, data.columns))
    holders = [t for t in schema.TABLES if column in t.captions]
    if not holders:
        return None
    return max(holders, key=lambda t: len(names & set(t.captions)))[column]


def format_column(values: pd.Series, unit: str = "") -> list[str]:
    """Every value as a Russian reader expects it; empty is «—», a month goes by its name."""
    import pandas as pd
    from pandas.api import types

    if types.is_bool_dtype(values.dtype):
        words = {True: "да", False: "нет"}
        return ["—" if pd.isna(v) else words[bool(v)] for v in values]
    if types.is_datetime64_any_dtype(values.dtype):
        if values.name in MONTHLY:
            return ["—" if pd.isna(v) else month_name(v) for v in values]
        clock = (values.dropna() != values.dropna().dt.normalize()).any()
        return ["—" if pd.isna(v) else date(v) + (f" {v:%H:%M}" if clock else "") for v in values]
    if types.is_numeric_dtype(values.dtype):
        return ["—" if pd.isna(v) else format_number(v, unit) for v in values]
    return ["—" if pd.isna(v) else str(v) for v in values.astype(object)]


def format_number(value: float, unit: str = "") -> str:
    """A number with its unit: 1 250 000 ₽, 7,4 %, 3 шт."""
    if unit == "₽":
        return roubles(value)
    if unit == "%":
        return percent(value)
    if unit == "% до сотых":
        return percent(value, 2)
    if unit == "доля":  # small parts would vanish in one digit
        return short(value, 4)
    text = number(value, 0 if float(value).is_integer() else 1)
    return f"{text}{NBSP}{unit}" if unit else text


def _is_number(values: pd.Series) -> bool:
    from pandas.api import types

    return types.is_numeric_dtype(values.dtype) and not types.is_bool_dtype(values.dtype)


def _index_columns(data: pd.DataFrame) -> list[tuple[str, list[str]]]:
    """The index as columns; a plain row number says nothing and is left out."""
    import pandas as pd

    if isinstance(data.index, pd.RangeIndex) or (
        data.index.name is None and pd.api.types.is_integer_dtype(data.index.dtype)
    ):
        return []
    levels = [data.index.get_level_values(i) for i in range(data.index.nlevels)]
    return [
        ("" if level.name is None else caption(level.name, data), format_column(level.to_series()))
        for level in levels
    ]


def _html_table(headers, body, left, title, note="") -> str:
    side = ["text-align:left" if is_left else "text-align:right" for is_left in left]
    head = "".join(
        f'<th style="{s};padding:3px 10px;border-bottom:1px solid {LINE};font-weight:600;'
        f'vertical-align:bottom">{escape(h)}</th>'
        for h, s in zip(headers or (), side, strict=False)
    )
    lines = "".join(
        "<tr>"
        + "".join(
            f'<td style="{s};padding:2px 10px">{escape(c)}</td>'
            for c, s in zip(row, side, strict=True)
        )
        + "</tr>"
        for row in body
    )
    above = (
        f'<caption style="text-align:left;white-space:nowrap;{INK};font-weight:600">'
        f"{escape(title)}</caption>"
    )
    below = f'<div style="{MUTED};padding:2px 10px">{escape(note)}</div>' if note else ""
    return (
        f'<div style="overflow-x:auto"><table style="border-collapse:collapse;{INK}">'
        f"{above if title else ''}{f'<thead><tr>{head}</tr></thead>' if head else ''}"
        f"<tbody>{lines}</tbody></table>{below}</div>"
    )


def _plain_table(headers, body, left, title, note="") -> str:
    rows = [headers, *body] if headers else body
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]

    def line(cells):
        parts = (
            cell.ljust(width) if is_left else cell.rjust(width)
            for cell, width, is_left in zip(cells, widths, left, strict=True)
        )
        return "  ".join(parts).rstrip()

    return "\n".join([*([title] if title else []), *map(line, rows), *([note] if note else [])])
