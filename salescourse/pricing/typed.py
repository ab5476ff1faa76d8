"""What a student types into a helper: a number with its unit in quotes, a switch."""

from __future__ import annotations

from numbers import Real

import numpy as np

from salescourse.errors import StudentError
from salescourse.text import clean, parse_number


def number_typed(value: object, unit: str) -> float | None:
    """50_000, "50 000 ₽" or "50 тыс."; None if it is no number or in another unit."""
    if isinstance(value, str):
        typed = parse_number(value)
        return typed.value if typed and typed.unit in ("", unit) else None
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
        return None
    return float(value)


def switched(value: object, what: str = "middle") -> bool:
    """True or False; `"False"` in quotes would turn on what it means to turn off."""
    if not isinstance(value, bool | np.bool_):
        shown = clean(f'"{value}"' if isinstance(value, str) else str(value), 40)
        raise StudentError(
            f"Не понял {what}={shown}: нужно True (включить) или False (выключить), без кавычек."
        )
    return bool(value)
