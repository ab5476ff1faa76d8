"""Errors a student can act on: what was given, what is expected, what to do next."""

from __future__ import annotations

from collections.abc import Iterable


class StudentError(Exception):
    """Russian message: what was given, what is expected, what to do."""


def closest(word: str, options: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The option most like the word; None if nothing is alike."""
    from difflib import get_close_matches  # needed only where something was mistyped

    known = {str(option).casefold(): str(option) for option in options}
    found = get_close_matches(word[:100].casefold(), known, n=1, cutoff=cutoff)
    return known[found[0]] if found else None


def nearest(word: str, options: Iterable[str]) -> str:
    """A sentence to put after a message: « Возможно, вы имели в виду «КП».» or nothing."""
    found = closest(word, options)
    return f" Возможно, вы имели в виду «{found}»." if found else ""
