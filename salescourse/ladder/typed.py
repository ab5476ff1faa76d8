"""Numbers as a head of sales types them: «1,2 млн», «50 000 ₽», «60 %»."""

from __future__ import annotations

from numbers import Real
from typing import Any

from salescourse.errors import StudentError
from salescourse.text import clean, parse_number


def amount(value: Any, name: str) -> float:
    """A finite number from zero, given as a number or typed with its unit."""
    found = _number(value)
    if found is None or not 0 <= found < 1e12:
        raise StudentError(f"«{name}»: не понял число «{clean(str(value), 40)}».")
    return found


def share(value: Any, refusal: str) -> float:
    """A share from 0 to 1; «60 %» is one too. `refusal` is a sentence with a place for the value.

    A plain 60 is refused: it may be a slip as well as per cent.
    """
    typed = parse_number(value) if isinstance(value, str) else None
    found = _number(value)
    if found is not None and typed is not None and typed.unit == "%":
        found /= 100
    if found is None or not 0 <= found <= 1:
        raise StudentError(refusal.format(clean(str(value), 40)))
    return found


def _number(value: Any) -> float | None:
    if isinstance(value, str):
        typed = parse_number(value)
        return None if typed is None else typed.value
    plain = isinstance(value, Real) and not isinstance(value, bool) and value == value
    return float(value) if plain else None
