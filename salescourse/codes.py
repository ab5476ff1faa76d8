"""Company codes: «ROP-7F3A-K», four signs that are easy to read and a check letter.

The four signs are a number in base 23. The check letter catches any single wrong
sign and any swap of two neighbours (weights are distinct modulo the prime 23).
"""

from __future__ import annotations

import re

from salescourse.errors import StudentError
from salescourse.text import clean

SIGNS = "0123456789ABCEFHKMPRTXY"  # 23 signs; no letter that looks like a digit
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ"  # 23 letters; no I, L, O
COUNT = len(SIGNS) ** 4
WEIGHTS = (2, 3, 5, 7)
OFFSET = 6

# Cyrillic letters and Latin ones outside the alphabet, as people read them aloud or type them.
LOOKALIKES = str.maketrans("АВСЕКМНОРТХУЗІOILD", "ABCEKMH0PTXY31011D")


class BadCode(StudentError):
    """The code was not understood; the message says what to type."""


def _check_letter(signs: str) -> str:
    total = sum(w * SIGNS.index(s) for w, s in zip(WEIGHTS, signs, strict=True))
    return LETTERS[(total + OFFSET) % len(LETTERS)]


def from_number(number: int) -> str:
    """The code of a number from 0 to `COUNT` − 1."""
    if not 0 <= number < COUNT:
        raise ValueError(f"number must be in 0..{COUNT - 1}, got {number}")
    signs = ""
    for _ in range(4):
        number, digit = divmod(number, len(SIGNS))
        signs = SIGNS[digit] + signs
    return f"ROP-{signs}-{_check_letter(signs)}"


def normalise(text: object) -> str:
    """The canonical form of a code as a person typed it.

    Lower case, Cyrillic look-alikes, spaces for dashes and a missing or Cyrillic
    prefix are understood. Raises `BadCode` with a Russian message otherwise.
    """
    if not isinstance(text, str) or len(text) > 100:
        raise BadCode("Код компании — это строка вида ROP-7F3A-K. Наберите его в кавычках.")
    squeezed = re.sub(r"[\W_]+", "", text.upper().replace("Ё", "Е"))
    squeezed = re.sub(r"^(РОП|ROP|POП|РOП|POP|РОP|РOP|ПОР)(?=.{5}$)", "", squeezed)
    signs = squeezed.translate(LOOKALIKES)
    if len(signs) != 5:
        raise BadCode(
            f"Не понял код «{clean(text, 40)}»: после ROP должно быть четыре знака и буква, "
            "например ROP-7F3A-K. Скопируйте код целиком."
        )
    body, letter = signs[:4], signs[4]
    unknown = [s for s in body if s not in SIGNS]
    if unknown or letter not in LETTERS:
        raise BadCode(
            f"В коде «{clean(text, 40)}» есть знак, которого в кодах не бывает: "
            f"«{unknown[0] if unknown else letter}». Сверьте код с тем, что вам прислали."
        )
    if _check_letter(body) != letter:
        raise BadCode(
            f"В коде «{clean(text, 40)}» опечатка: последняя буква не сходится с остальными "
            "знаками. Сверьте код с тем, что вам прислали."
        )
    return f"ROP-{body}-{letter}"
