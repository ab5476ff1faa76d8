"""Names that are not there: cells not run, misspelt helpers, forgotten quotes."""

from __future__ import annotations

import builtins
import re

import salescourse
from salescourse import schema
from salescourse.errors import closest
from salescourse.slips.letters import blame, in_latin, is_russian
from salescourse.slips.trouble import Trouble
from salescourse.text import clean

OTHER_WORDS = {"true": "True", "false": "False", "none": "None", "null": "None"}
OTHER_WORDS |= {"да": "True", "нет": "False"}
VALUES = {"quote", "sale", "gp", "revenue", "gp_paid", "gp_shipped", "revenue_paid"}
IMPORTS = {"pd": "import pandas as pd", "np": "import numpy as np"}
IMPORTS |= {"plt": "import matplotlib.pyplot as plt"}


def of_name(trouble: Trouble) -> str | None:
    """What a name that Python does not know was meant to be."""
    error = trouble.error
    if isinstance(error, ModuleNotFoundError):
        return _library(error)
    if isinstance(error, ImportError) and "salescourse" in (error.name or ""):
        return "Такого имени в курсе нет. Первая ячейка пишется так: from salescourse import *"
    if not isinstance(error, NameError) or type(error).__name__ == "UndefinedVariableError":
        return None
    name = getattr(error, "name", None) or next(iter(re.findall(r"'(\w+)'", trouble.message)), "")
    return _unknown(name, trouble) if isinstance(name, str) and name else None


def _unknown(name: str, trouble: Trouble) -> str:
    shown = clean(name, 40)
    if name == "company":
        return "Компании ещё нет: запустите ячейку выше, где company = my_company()."
    if name in salescourse.__all__:
        return (
            f"«{name}» появится, когда вы запустите ячейку с from salescourse import * "
            "(в заданиях она под заголовком «Ваша фирма»)."
        )
    if name.casefold() in OTHER_WORDS:
        return f"Вместо {shown} напишите {OTHER_WORDS[name.casefold()]}."
    if name in IMPORTS:
        return f"Имя {name} ещё не задано. Добавьте строку выше: {IMPORTS[name]}"
    own = [n for n in trouble.names if isinstance(n, str) and not n.startswith("_")]
    known = [*salescourse.__all__, *own, *dir(builtins), "company"]
    if meant := in_latin(name, set(known)):
        return blame(name, meant)
    if is_russian(name):
        return f'Если {shown} — это текст или буква варианта, возьмите в кавычки: "{shown}".'
    value = _as_value(name, trouble.bare)
    if value and name in _columns():
        return _quotes(shown)
    if not _called(name, trouble.bare):  # nobody types «quit» for a value
        known = [*salescourse.__all__, *own, "company"]
    if meant := closest(name, (n for n in known if n != name), cutoff=0.7):
        return (
            f"Имени «{shown}» нет. Возможно, вы имели в виду {meant}. "
            "Если имя задаётся в ячейке выше, запустите её."
        )
    if value:
        return _quotes(shown)
    return f"Имени «{shown}» ещё нет. Если оно задаётся в ячейке выше, запустите сначала её."


def _quotes(shown: str) -> str:
    return (
        f'Если {shown} — это значение или столбец, возьмите в кавычки: "{shown}". '
        "Если имя задаётся в ячейке выше, запустите её."
    )


def _as_value(name: str, bare: str) -> bool:
    """Whether a bare name stands where helpers and tables take a text: `per=quote`, `[gp]`."""
    word = re.escape(name)
    place = rf"(?:[(,]\s*\w+\s*=\s*{word}\s*[,)])|(?:\[\s*{word}\s*\])|(?:\w\(\s*{word}\s*\))"
    return bool(re.search(place, bare))


def _called(name: str, bare: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(name)}\s*\(", bare))


def _columns() -> set[str]:
    """Values of helpers' settings, and columns of all tables."""
    return VALUES | {name for table in schema.TABLES for name in table.captions}


def _library(error: ModuleNotFoundError) -> str:
    name = clean(error.name or "", 40)
    if meant := closest(name, ("salescourse", "pandas", "numpy", "matplotlib")):
        if meant != name:
            return f"Библиотеки «{name}» нет. Возможно, вы имели в виду {meant}."
        return f"Библиотека {name} не установлена. Запустите в ячейке: %pip install {name}"
    return f"Библиотеки «{name}» здесь нет. Заданиям курса она не нужна."
