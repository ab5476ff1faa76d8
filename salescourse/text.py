"""Russian words and numbers: how we print them and how people type them."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date as Day  # noqa: N812

NBSP = "\u00a0"
MINUS = "\u2212"
MONTHS = (
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
)

# Printing -----------------------------------------------------------------------------------


def number(value: float, digits: int = 0, *, sign: bool = False) -> str:
    """«1 250 000» or «−7,4»: a decimal comma, thousands apart, never «−0»."""
    value = float(value)
    if not math.isfinite(value):
        return "—"
    body = f"{abs(value):,.{digits}f}".replace(",", NBSP).replace(".", ",")
    if not body.strip("0," + NBSP):
        return body
    return (MINUS if value < 0 else "+" if sign else "") + body


def short(value: float, digits: int = 1) -> str:
    """A number with at most `digits` decimals and no idle zeros: «8,5», «8»."""
    body = number(value, digits)
    return body.rstrip("0").rstrip(",") if "," in body else body


def roubles(value: float) -> str:
    """«1 250 000 ₽»."""
    return f"{number(value)}{NBSP}₽"


def money(value: float) -> str:
    """Roubles as they are said: «1,2 млн ₽», «250 тыс. ₽», «900 ₽»."""
    size = abs(value)
    for unit, name in ((1e9, "млрд"), (1e6, "млн"), (1e3, "тыс.")):
        # 999 960 is «1 млн», not «1000 тыс.»
        if size >= unit * (0.99995 if unit > 1e3 else 0.9995):
            digits = 1 if size < unit * (10 if unit == 1e3 else 100) else 0
            return f"{short(value / unit, digits)}{NBSP}{name}{NBSP}₽"
    return roubles(value)


def percent(value: float, digits: int = 1, *, sign: bool = False) -> str:
    """«7,4 %»; the value is already in per cent."""
    return f"{number(value, digits, sign=sign)}{NBSP}%"


def points(value: float, digits: int = 1) -> str:
    """«0,5 п.п.»: a difference of two percentages."""
    return f"{number(value, digits)}{NBSP}п.п."


def plural(n: float, one: str, few: str, many: str) -> str:
    """The form of a noun after `n`: 1 лид, 2 лида, 5 лидов, 1,5 лида."""
    if n != int(n):
        return few
    tail = abs(int(n)) % 100
    if 11 <= tail <= 14:
        return many
    return {1: one, 2: few, 3: few, 4: few}.get(tail % 10, many)


def month_name(day: Day) -> str:
    """«март 2026»."""
    return f"{MONTHS[day.month - 1]}{NBSP}{day.year}"


def month_short(day: Day) -> str:
    """«мар» for an axis; the year stands under January."""
    name = MONTHS[day.month - 1][:3]
    return f"{name}\n{day.year}" if day.month == 1 else name


def date(day: Day) -> str:
    """«28.09.2026»."""
    return f"{day.day:02d}.{day.month:02d}.{day.year}"


def clean(text: str, limit: int = 60) -> str:
    """One printable line of what somebody typed: no control signs, no escapes, not too long."""
    line = "".join(c if c.isprintable() else " " for c in text[: 4 * limit])
    line = " ".join(line.split())
    return line if len(line) <= limit and len(text) <= 4 * limit else line[: limit - 1] + "…"


# Reading ------------------------------------------------------------------------------------

SCALES = {"тыс": 1e3, "тысяч": 1e3, "к": 1e3, "k": 1e3, "т": 1e3, "млн": 1e6, "миллион": 1e6}
SCALES |= {"млрд": 1e9, "миллиард": 1e9}
_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u200a\u202f\u2060\ufeff'’_]+")
_UNITS = {
    "%": r"%|проц(?:ент\w*|\.)?",
    "п.п.": r"п\.? ?п\.?|процентн\w+ пункт\w*",
    "₽": r"₽|руб(?:\.|л\w+)?|р\.?|rub",
    "шт.": r"шт(?:\.|ук\w?)?",
    "дн.": r"дн(?:\.|ей|я)?|день|сут(?:\.|ок|ки)?",
    "ч": r"ч(?:\.|ас\w*)?",
    "мес.": r"мес(?:\.|яц\w*)?",
    "чел.": r"чел(?:\.|овек\w?)?",
}
_SCALE = r"тыс(?:\.|яч\w?)?|к|k|т\.?(?= ?р)|млн\.?|миллион\w*|млрд\.?|миллиард\w*"
_NUMBER = re.compile(
    r"(?P<sign>[+-]?) ?(?P<body>[0-9][0-9 .,]*|[.,][0-9]+)(?:e(?P<power>[+-]?[0-9]{1,3}))?"
    rf" ?(?P<scale>{_SCALE})? ?(?P<unit>.*)"
)
_BODY = (
    re.compile(r"(?P<whole>[0-9]+|[0-9]{1,3}(?: [0-9]{3})+)(?:[.,](?P<rest>[0-9]*))?"),
    re.compile(r"(?P<whole>)[.,](?P<rest>[0-9]+)"),
    re.compile(r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3}){2,})(?:\.(?P<rest>[0-9]*))?"),
    re.compile(r"(?P<whole>[0-9]{1,3}(?:\.[0-9]{3}){2,})(?:,(?P<rest>[0-9]*))?"),
    re.compile(r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+)\.(?P<rest>[0-9]+)"),
    re.compile(r"(?P<whole>[0-9]{1,3}(?:\.[0-9]{3})+),(?P<rest>[0-9]+)"),
)


class Typed(NamedTuple):
    """A number read from text, with the unit and the scale typed beside it ("" if none)."""

    value: float
    unit: str
    scaled: bool


def parse_number(text: str) -> Typed | None:
    """Read a number as a person types it: «8,5 %», «1 250 000 ₽», «1,2 млн», «−3».

    None if the text is anything else. «1,250» is one and a quarter, as in Excel.
    """
    if len(text) > 200:
        return None
    line = _SPACES.sub(" ", text.strip()).strip().lower()
    line = re.sub(r"[\u2212\u2010-\u2015]", "-", line)
    found = _NUMBER.fullmatch(line)
    if not found or len(line) > 60:
        return None
    unit = _unit(found["unit"])
    value = _body(found["body"].strip(), found["power"] or "0")
    if unit is None or value is None:
        return None
    scale = found["scale"] or ""
    value *= next((s for word, s in SCALES.items() if scale and scale.startswith(word)), 1.0)
    value = -value if found["sign"] == "-" else value
    return Typed(value, unit, bool(scale)) if math.isfinite(value) else None


def _body(body: str, power: str) -> float | None:
    for pattern in _BODY:
        if found := pattern.fullmatch(body):
            whole = re.sub(r"[ .,]", "", found["whole"]) or "0"
            return float(f"{whole}.{found['rest'] or '0'}e{power}")
    return None


def _unit(text: str) -> str | None:
    if not (text := text.strip().rstrip(";")):
        return ""
    for unit, pattern in _UNITS.items():
        if re.fullmatch(pattern, text):
            return unit
    return None
