"""Non-breaking spaces where Russian typography wants them, so that authors needn't type them."""

from __future__ import annotations

import re

NBSP = "\u00a0"
_UNITS = (
    r"₽|%|п\.п\.|дн\.|дня|дней|день|ч|час[а-я]*|мин[а-я]*|шт\.|тыс\.|млн|месяц[а-я]*|балл[а-я]*"
)
_RULES = (
    (re.compile(r"(?<!\n) (?=[—–] )"), NBSP),
    (re.compile(rf"(?<=\d) (?=(?:{_UNITS})(?![а-яё]))"), NBSP),
    (re.compile(r"(?<=\d) (?=\d{3}(?!\d))"), NBSP),
    (re.compile(r"(?<=№) (?=\d)"), NBSP),
    (re.compile(r"(?<=[\s(«][ВвКкСсОоУуИиАаЯя]) (?=\S)"), NBSP),
    (re.compile(r"(?<=^[ВвКкСсОоУуИиАаЯя]) (?=\S)", re.MULTILINE), NBSP),
    (re.compile(r"(?<=\S) (?=(?:ли|же|бы)\b)"), NBSP),
)
# code, links, HTML tags and formulas stay as typed
_VERBATIM = re.compile(r"(```.*?```|`[^`]*`|\]\([^)]*\)|<[^>]*>|\$[^$]*\$)", re.DOTALL)


def nbsp(markdown: str) -> str:
    """Markdown with ordinary spaces replaced by non-breaking ones where a line must not break."""
    parts = _VERBATIM.split(markdown)
    for i in range(0, len(parts), 2):
        for pattern, space in _RULES:
            parts[i] = pattern.sub(space, parts[i])
    return "".join(parts)
