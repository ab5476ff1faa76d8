"""Columns and tables that are not there, and what a pandas condition wants."""

from __future__ import annotations

import re
from types import ModuleType
from typing import Any

import pandas as pd

from salescourse import funnel, measures, pricing, schema
from salescourse.company import Company
from salescourse.errors import closest
from salescourse.slips.letters import in_latin
from salescourse.slips.trouble import Trouble
from salescourse.text import clean

SHOWN = 8  # names to list


def of_table(trouble: Trouble) -> str | None:
    """Which column or table was meant."""
    error = trouble.error
    if trouble.helper() is not None:
        return None  # it broke inside the course: the student's columns are not to blame
    if isinstance(error, KeyError):
        return _no_key(trouble)
    if isinstance(error, NameError):  # of a query in quotes
        return _no_key(trouble, next(iter(re.findall(r"'(.+)'", trouble.message)), ""))
    if isinstance(error, AttributeError):
        return _no_attribute(error.name, error.obj, trouble)
    if isinstance(error, ValueError) and "truth value of a" in trouble.message:
        return (
            "Условия по столбцам соединяют знаками & (и) и | (или), а каждое берут в скобки: "
            '(leads["source"] == "сайт") & (leads["owner_id"] == 3).'
        )
    return None


def _no_key(trouble: Trouble, name: str | None = None) -> str:
    key = name or (trouble.error.args[0] if trouble.error.args else "")
    if type(key) is tuple:
        return 'Несколько столбцов берут в двойных скобках: leads[["source", "owner_id"]].'
    typed = _typed(key)
    for frame in trouble.frames():
        owner = next((frame.f_locals.get(n) for n in ("self", "obj", "frame")), None)
        if type(owner) is pd.DataFrame and not _by_row(trouble):
            return _no_column(typed, owner)
    if _by_row(trouble):
        return f"Строки «{typed}» в таблице нет. Сверьте, как она называется, глазами: show(…)."
    return f"Названия «{typed}» здесь нет. Проверьте, нет ли опечатки и лишних пробелов."


def _typed(key: Any) -> str:
    """The name that was asked for; pandas wraps a list of them into a sentence."""
    text = key if isinstance(key, str) else str(key) if isinstance(key, int | float) else ""
    found = re.search(r"\['([^']*)'", text)
    return clean(found[1] if found else text, 40)


def _by_row(trouble: Trouble) -> bool:
    """`df.loc[row]`: the missing name is a row's, not a column's."""
    return any(
        frame.f_code.co_name in ("_getitem_axis", "_get_label") and frame.f_locals.get("axis") == 0
        for frame in trouble.frames()
    )


def _no_column(typed: str, frame: pd.DataFrame) -> str:
    names = [str(c) for c in frame.columns]
    told = _captions(names, frame)
    captions = {**{caption: name for name, caption in told.items()}, **{n: n for n in names}}
    meant = in_latin(typed, set(names)) or captions.get(closest(typed, captions) or "")
    if meant:
        return f"Столбца «{typed}» в таблице нет. Возможно, вы имели в виду {_told(meant, told)}."
    return f"Столбца «{typed}» в таблице нет. Есть: {_some(names, told)}."


def _captions(names: list[str], frame: pd.DataFrame) -> dict[str, str]:
    """Russian captions of columns: those the frame is shown with, else the schema's."""
    table = max(schema.TABLES, key=lambda t: len(set(names) & set(t.captions)))
    own = frame.attrs.get("captions")
    known = {**table.captions, **(own if type(own) is dict else {})}
    return {name: str(known[name]) for name in names if name in known}


def _told(name: str, captions: dict[str, str]) -> str:
    caption = captions.get(name, name)
    return f"{name} («{clean(caption, 40)}»)" if caption != name else name


def _some(names: list[str], captions: dict[str, str]) -> str:
    more = "…" if len(names) > SHOWN else ""
    return clean(", ".join(_told(name, captions) for name in names[:SHOWN]), 600) + more


def _no_attribute(name: Any, owner: Any, trouble: Trouble) -> str | None:
    """The nearest name of a company, a table or a module of the course."""
    if not isinstance(name, str):
        return None
    if owner is None:
        return "Здесь пусто: помощник ничего не вернул, или его результат не положили в имя."
    typed = clean(name, 40)
    if type(owner) is Company:
        tables = {t.caption: t.name for t in schema.TABLES} | {n: n for n in schema.BY_NAME}
        tables |= {n: n for n in ("asof", "code", "name", "city")}
        meant = in_latin(name, set(tables)) or tables.get(closest(name, tables) or "")
        ask = f"Возможно, вы имели в виду company.{meant}. " if meant else ""
        return f"Таблицы «{typed}» у компании нет. {ask}Есть: {', '.join(schema.BY_NAME)}."
    if type(owner) in (pd.DataFrame, pd.Series):
        if hasattr(Company, name) or name in schema.BY_NAME:
            return f"«{typed}» есть у компании, а вы спросили у таблицы: company.{typed}."
        names = owner.columns if type(owner) is pd.DataFrame else []
        for place in (funnel, pricing, measures):
            if name in dir(place):
                short = place.__name__.rpartition(".")[2]
                return f"{typed} — помощник, а не свойство таблицы: {short}.{typed}(company)."
        alike = closest(name, (n for n in dir(owner) if not n.startswith("_")), cutoff=0.75)
        if alike and not closest(name, map(str, names)):
            return f"У таблицы нет «{typed}». Возможно, вы имели в виду .{alike}."
        return _no_column(typed, owner) if len(names) else f"У столбца нет «{typed}»."
    if type(owner) is ModuleType and owner.__name__.startswith("salescourse"):
        short = owner.__name__.rpartition(".")[2]
        inside = [n for n in dir(owner) if not n.startswith("_")]
        meant = in_latin(name, set(inside)) or closest(name, inside)
        told = f" Возможно, вы имели в виду {short}.{meant}." if meant else ""
        return f"В {short} нет «{typed}».{told}"
    return None
