"""One of several options, or several of them: by letter or by words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from salescourse.answers.kind import WHOLE, Kind, NotUnderstood
from salescourse.answers.raw import refused, simplify, single
from salescourse.errors import nearest
from salescourse.text import NBSP, clean, plural

if TYPE_CHECKING:
    from salescourse.company import Company

LETTERS = "абвгдежзиклмнопрст"
LATIN = "abcdefghijklmnopqr"
LOOKS = str.maketrans("abcehkmoptxyABCEHKMOPTXY", "авсенкмортхуАВСЕНКМОРТХУ")
LOOKS_LIKE = {"a": "а", "B": "в", "c": "с", "e": "е", "E": "е", "A": "а", "C": "с"}
Options = tuple[tuple[str, str], ...]


def words(text: str) -> str:
    """Text for comparing: lower case, ё as е, only words."""
    return " ".join(re.findall(r"[\w%]+", text.casefold().replace("ё", "е")))


@dataclass(frozen=True)
class Choice(Kind):
    """One option of (key, label) pairs; the truth and the value are keys.

    `also` are (key, words) pairs: what else of an option's words people type.
    """

    options: Options | Callable[[Company], Options]
    also: Options = ()
    lists: ClassVar[bool] = True
    need: ClassVar[str] = "Нужна"

    def of(self, company: Company) -> Options:
        options = tuple(self.options(company) if callable(self.options) else self.options)
        if any(len(key) == 1 and key.isalpha() for key, _ in options):
            raise ValueError("an option's key of one letter can't be told from a letter typed")
        return options

    def parse(self, raw: Any, company: Company) -> str:
        return self.pick(single(simplify(raw)), company)

    def pick(self, plain: Any, company: Company) -> str:
        options = self.of(company)
        if type(plain) is int:  # «Ветвь 1» typed as 1
            plain = str(plain)
        if type(plain) is bool and (found := self._yes_or_no(plain, options)):
            return found
        if type(plain) is not str:
            raise NotUnderstood(f"{refused(plain)}. {self.need} {self.expects(company)}.")
        if plain in dict(options):  # as records hold it
            return plain
        bare = plain.strip().strip(" .)(«»\"'").strip()
        if (found := self._letter(bare, options)) or (found := self._words(bare, options)):
            return found
        labels = [label for _, label in options]
        raise NotUnderstood(
            f"{refused(plain)}. {self.need} {self.expects(company)}."
            f"{nearest(plain, labels) if len(plain) > 2 else ''}"
        )

    def _yes_or_no(self, plain: bool, options: Options) -> str | None:
        """True and False where the options are «Да, …» and «Нет, …»."""
        firsts = [words(label).partition(" ")[0] for _, label in options]
        if firsts.count("да") != 1 or firsts.count("нет") != 1:
            return None
        return options[firsts.index("да" if plain else "нет")][0]

    def _letter(self, bare: str, options: Options) -> str | None:
        known = LETTERS[: len(options)]
        if len(bare) != 1:
            return None
        if bare.lower() in known:
            return options[known.index(bare.lower())][0]
        meant = {LOOKS_LIKE.get(bare, "")} | (
            {LETTERS[LATIN.index(bare.lower())]} if bare.lower() in LATIN else set()
        )
        meant &= set(known)
        if len(meant) > 1:
            both = " или ".join(f"«{letter}»" for letter in sorted(meant))
            raise NotUnderstood(
                f"Латинская «{bare}» — это {both}? Наберите букву в русской раскладке."
            )
        return options[known.index(meant.pop())][0] if meant else None

    def _words(self, bare: str, options: Options) -> str | None:
        typed = words(bare)
        if not typed:
            return None
        for key, label in options:
            if typed in (words(label), words(key)) or words(bare.translate(LOOKS)) == words(label):
                return key
        more = dict(self.also)
        found = [k for k, label in options if _part_of(typed, words(f"{label} {more.get(k, '')}"))]
        if len(found) > 1:
            raise NotUnderstood(
                f"«{clean(bare, 40)}» подходит к {len(found)} вариантам. Напишите букву варианта."
            )
        return found[0] if found else None

    def expects(self, company: Company | None = None) -> str:
        fixed = not callable(self.options)
        options = self.of(company) if company is not None or fixed else ()
        letters = ", ".join(LETTERS[: len(options)]) if options else "а, б, в…"
        return f"буква варианта в кавычках ({letters})"

    def describe(self, company: Company) -> str:
        """The options by letter, as Markdown."""
        return "\n".join(
            f"- **{letter})** {label}"
            for letter, (_, label) in zip(LETTERS, self.of(company), strict=False)
        )

    def score(self, value, truth, company) -> dict[str, float]:
        return {WHOLE: float(value == truth)}

    def show(self, value, company) -> str:
        for letter, (key, label) in zip(LETTERS, self.of(company), strict=False):
            if key == value:
                return f"{letter}) {label}"
        return str(value)


def _part_of(typed: str, label: str) -> bool:
    """Every typed word begins a word of the label, whatever its ending: «цену» in «Цена…»."""

    def alike(a: str, b: str) -> bool:
        stem = max(3, len(a) - 2)
        return a == b if len(a) <= 3 else b.startswith(a[:stem])

    return all(any(alike(t, w) for w in label.split()) for t in typed.split())


@dataclass(frozen=True)
class Choices(Choice):
    """Several options; the truth and the value are tuples of keys in the options' order."""

    need: ClassVar[str] = "Нужны"

    def parse(self, raw: Any, company: Company) -> tuple[str, ...]:
        plain = simplify(raw)
        if type(plain) is str:
            plain = self._split(plain, company)
        if type(plain) not in (list, tuple) or not plain:
            raise NotUnderstood(f"{refused(plain)}. {self.need} {self.expects(company)}.")
        chosen = {self.pick(item, company) for item in plain}
        return tuple(key for key, _ in self.of(company) if key in chosen)

    def _split(self, text: str, company: Company) -> list[str]:
        if any(words(text) == words(label) for _, label in self.of(company)):
            return [text]
        parts = [p for p in re.split(r"[,;\n]|\sи\s", text) if p.strip()]
        letters = "".join(parts).replace(" ", "").replace(")", "")
        known = set(LETTERS[: len(self.of(company))]) | set(LATIN)
        if 0 < len(letters) <= len(self.of(company)) and set(letters.lower()) <= known:
            return list(letters)
        return parts

    def expects(self, company: Company | None = None) -> str:
        return super().expects(company).replace("буква варианта", "буквы вариантов")

    def score(self, value, truth, company) -> dict[str, float]:
        true, chosen = set(truth), set(value)
        if not true:
            return {WHOLE: float(not chosen)}
        return {WHOLE: max(0, len(true & chosen) - len(chosen - true)) / len(true)}

    def remark(self, value, truth, company) -> str:
        right, extra = len(set(value) & set(truth)), len(set(value) - set(truth))
        noun = plural(len(set(truth)), "варианта", "вариантов", "вариантов")
        some = f"отмечено {right} из{NBSP}{len(set(truth))} верных {noun}"
        return f"{some}, лишних — {extra}" if extra else some

    def distance(self, value, other, truth, company) -> float | None:
        return 0.0 if set(value) == set(other) else None

    def show(self, value, company) -> str:
        show = super().show
        return "; ".join(show(key, company) for key in value)

    def to_json(self, value) -> list[str]:
        return list(value)
