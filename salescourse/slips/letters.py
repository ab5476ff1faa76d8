"""Letters of the wrong alphabet: look-alikes, and words typed on the other keyboard."""

from __future__ import annotations

import keyword
import re
from collections.abc import Container

LOOKS = str.maketrans("АВСЕНКМОРТХУаеорсухкмтвні", "ABCEHKMOPTXYaeopcyxkmtbhi")
KEYS = str.maketrans(
    "йцукенгшщзхъфывапролджэячсмитьбюЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ",
    "qwertyuiop[]asdfghjkl;'zxcvbnm,.QWERTYUIOP[]ASDFGHJKL;'ZXCVBNM,.",
)
_RUSSIAN, _LATIN = re.compile(r"[а-яёіА-ЯЁІ]"), re.compile(r"[a-zA-Z]")


def is_russian(word: str) -> bool:
    return bool(_RUSSIAN.search(word))


def in_latin(word: str, known: Container[str]) -> str | None:
    """The known name a word with Russian letters was meant to be."""
    if not is_russian(word):
        return None
    return next((w for w in (word.translate(LOOKS), word.translate(KEYS)) if w in known), None)


def blame(word: str, meant: str) -> str:
    """A sentence on the Russian letters of a word."""
    letters = list(dict.fromkeys(_RUSSIAN.findall(word)))
    if len(letters) == len(set(word)) and word.translate(KEYS) == meant:
        return f"«{word}» набрано на русской раскладке: должно быть {meant}."
    which = ", ".join(f"«{letter}»" for letter in letters)
    noun = "русская буква" if len(letters) == 1 else "русские буквы"
    return f"В имени «{word}» {noun} {which}. Наберите на английской раскладке: {meant}."


def mixed_word(bare: str) -> str | None:
    """A sentence on the first word of a line that mixes alphabets or hides a keyword."""
    for word in re.findall(r"[^\W\d]\w*", bare):
        meant = word.translate(LOOKS)
        if is_russian(word) and (_LATIN.search(word) or meant in keyword.kwlist):
            return blame(word, meant)
    return None
