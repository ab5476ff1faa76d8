"""A person of the company, named in any unambiguous way."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from salescourse.answers.choice import LOOKS
from salescourse.answers.kind import WHOLE, Kind, NotUnderstood
from salescourse.answers.raw import shown, simplify, single
from salescourse.errors import nearest
from salescourse.text import NBSP, clean, plural

if TYPE_CHECKING:
    from salescourse.company import Company


def _names(text: str) -> list[str]:
    return re.findall(r"[а-яa-z-]+", text.translate(LOOKS).lower().replace("ё", "е"))


def short_name(fio: str) -> str:
    """«Иванова А. П.»."""
    surname, *rest = fio.split()
    return "\u00a0".join([surname, *(f"{name[0]}." for name in rest)])


NOBODY = 0  # no employee has this number
NONE = {"никто", "никого", "нет", "нет никого", "никого нет", "нет таких", "таких нет"}
NONE |= {"нет такого", "такого нет", "ни одного", "ни один"}


def says_nobody(plain: Any) -> bool:
    """Whether the answer is that there is no such person."""
    return plain == NOBODY if type(plain) is int else type(plain) is str and _plain(plain) in NONE


def _plain(text: str) -> str:
    return " ".join(_names(text))


@dataclass(frozen=True)
class Person(Kind):
    """An employee; the truth and the value are employee ids.

    With `nobody`, that there is no such person is an answer too: its value is `NOBODY`.
    """

    candidates: Callable[[Company], Mapping[int, str]]
    nobody: bool = False
    lists: ClassVar[bool] = True

    def parse(self, raw: Any, company: Company) -> int:
        plain = single(simplify(raw))
        if self.nobody and says_nobody(plain):
            return NOBODY
        people = {int(number): fio for number, fio in self.candidates(company).items()}
        if type(plain) is float and plain.is_integer():
            plain = int(plain)
        if type(plain) is str and re.fullmatch(r"\s*[0-9]{1,9}\s*", plain):
            plain = int(plain)
        if type(plain) is int and plain in people:
            return plain
        typed = _names(plain) if type(plain) is str else []
        found = [number for number, fio in people.items() if typed and _fits(typed, fio)]
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(f"{short_name(people[n])} (номер {n})" for n in found)
            raise NotUnderstood(
                f"«{clean(plain, 40)}» — таких несколько: {names}. "
                "Допишите инициалы или дайте номер сотрудника."
            )
        hint = self._nearest(plain, people) if type(plain) is str else ""
        raise NotUnderstood(
            f"Не нашёл сотрудника: {shown(plain)}. Нужна {self.expects(company)}.{hint}"
        )

    def _nearest(self, plain: str, people: Mapping[int, str]) -> str:
        surname = (_names(plain) or [""])[0]
        return nearest(surname, [fio.split()[0] for fio in people.values()])

    def expects(self, company: Company | None = None) -> str:
        none = '; если таких нет — "никто"' if self.nobody else ""
        return f'фамилия в кавычках, например "Иванова", или номер сотрудника{none}'

    def describe(self, company: Company) -> str:
        lines = [
            f"- {short_name(fio)}, номер {number}"
            for number, fio in self.candidates(company).items()
        ]
        return "\n".join([*lines, *(["- или «никто»"] if self.nobody else [])])

    def score(self, value, truth, company) -> dict[str, float]:
        return {WHOLE: float(value == int(truth))}

    def distance(self, value, other, truth, company) -> float | None:
        return 0.0 if value == int(other) else None

    def show(self, value, company) -> str:
        if value == NOBODY:
            return "никто"
        fio = self.candidates(company).get(value)
        return short_name(fio) if fio else str(value)

    def to_json(self, value) -> int:
        return int(value)


@dataclass(frozen=True)
class People(Person):
    """Any number of employees; the truth and the value are tuples of ids, () is «никого»."""

    nobody: bool = True

    def parse(self, raw: Any, company: Company) -> tuple[int, ...]:
        plain = simplify(raw)
        if says_nobody(single(plain)):
            return ()
        if type(plain) is str:
            plain = [part for part in re.split(r"[,;\n]|\sи\s", plain) if part.strip()]
        if type(plain) not in (list, tuple):
            plain = [plain]
        found = {super(People, self).parse(item, company) for item in plain}
        if NOBODY in found and len(found) > 1:
            raise NotUnderstood('Среди фамилий стоит "никто". Оставьте что-нибудь одно.')
        return tuple(sorted(found - {NOBODY}))

    def expects(self, company: Company | None = None) -> str:
        return 'фамилии или номера через запятую в кавычках; если таких нет — "никто"'

    def score(self, value, truth, company) -> dict[str, float]:
        true, named = set(truth), set(value)
        if not true:
            return {WHOLE: float(not named)}
        return {WHOLE: max(0, len(true & named) - len(named - true)) / len(true)}

    def remark(self, value, truth, company) -> str:
        right, extra = len(set(value) & set(truth)), len(set(value) - set(truth))
        noun = plural(len(set(truth)), "человека", "человек", "человек")
        some = f"названо {right} из{NBSP}{len(set(truth))} верных {noun}"
        return f"{some}, лишних — {extra}" if extra else some

    def distance(self, value, other, truth, company) -> float | None:
        return 0.0 if set(value) == set(other) else None

    def show(self, value, company) -> str:
        return ", ".join(super(People, self).show(i, company) for i in value) or "никто"

    def to_json(self, value) -> list[int] | int:
        return [int(i) for i in value] or NOBODY  # an empty list would read as nothing answered


def _fits(typed: list[str], fio: str) -> bool:
    """Each typed word is a name of theirs; an initial will do beside a whole name."""
    names = fio.lower().replace("ё", "е").split()
    left, whole = list(names), False
    for word in typed:
        match = next((n for n in left if n == word), None)
        whole = whole or match is not None
        if match is None and len(word) == 1:
            match = next((n for n in left[-2:] if n.startswith(word)), None)
        if match is None:
            return False
        left.remove(match)
    return whole
