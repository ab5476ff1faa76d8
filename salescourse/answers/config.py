"""A simulator's config, and free text that a person reads."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from salescourse.answers.compound import by_name, or_nothing, stub_of
from salescourse.answers.kind import WHOLE, Kind, NotUnderstood, share
from salescourse.answers.number import Number, Read
from salescourse.answers.raw import refused, simplify
from salescourse.errors import StudentError
from salescourse.text import NBSP, number, short

if TYPE_CHECKING:
    from salescourse.company import Company

Settings = dict[str, Any]


@dataclass(frozen=True)
class Fraction(Number):
    """A part of one: 0.0545, or «5,45 %» as in Excel."""

    unit: str = "%"
    fraction_trap: bool = False

    def parse(self, raw: Any, company: Company) -> Read:
        value = super().parse(raw, company)
        if value.unit != "%":
            return value
        part = Read(value / 100)
        part.note = f"Прочитал {short(value, 6)}{NBSP}% как {short(value / 100, 6)}."
        return part

    def expects(self, company: Company | None = None) -> str:
        return 'доля, например 0.0545 или "5,45 %"'

    def show(self, value: float, company: Company | None = None) -> str:
        return short(value, 6)

    def to_json(self, value: float) -> float:
        return float(value)


@dataclass(frozen=True)
class Config(Kind):
    """Named settings of a simulator; `marks(value, truth, company)` gives 0 to 1.

    `optional` fields may be left out and are then what they are there. `faults` names in
    sentences what is wrong with settings. `refuse` raises `StudentError` on impossible ones.
    """

    fields: Mapping[str, Kind]
    marks: Callable[[Settings, Any, Company], float]
    optional: Mapping[str, Any] = field(default_factory=dict)
    faults: Callable[[Settings, Company], Sequence[str]] | None = None
    refuse: Callable[[Settings], Any] | None = None

    @property
    def needed(self) -> tuple[str, ...]:
        return tuple(name for name in self.fields if name not in self.optional)

    @property
    def stub(self) -> str:
        return stub_of(self.needed)

    def parse(self, raw: Any, company: Company) -> Settings:
        plain, names = simplify(raw), tuple(self.fields)
        if type(plain) in (list, tuple) and len(plain) == len(self.needed):
            plain = dict(zip(self.needed, plain, strict=True))
        if not isinstance(plain, dict):
            raise NotUnderstood(f"{refused(plain)}. Нужно {self.expects(company)}.")
        given = by_name(plain, names, "настройку")
        value = {n: or_nothing(self.fields[n], given[n], n, company) for n in names}
        if empty := [n for n in self.needed if value[n] is None]:
            raise NotUnderstood(f"Не заполнено: {', '.join(empty)}.")
        value = {n: self.optional[n] if v is None else v for n, v in value.items()}
        if self.refuse:
            try:
                self.refuse(value)
            except StudentError as error:
                raise NotUnderstood(str(error)) from None
        return value

    def expects(self, company: Company | None = None) -> str:
        return f"значение на каждую настройку, в этом порядке: {', '.join(self.needed)}"

    def score(self, value, truth, company) -> dict[str, float]:
        return {WHOLE: min(1.0, max(0.0, float(self.marks(value, truth, company))))}

    def remark(self, value, truth, company) -> str:
        return f"настройки дают {number(100 * share(self, value, truth, company))}{NBSP}% баллов"

    def advice(self, value, truth, company) -> str:
        return " ".join(self.faults(value, company)) if self.faults else ""

    def doubt(self, value, plausible, company) -> str | None:
        for name, kind in self.fields.items():
            known = [p[name] for p in plausible if name in _settings(p)]
            if asked := kind.doubt(value[name], known, company):
                return f"{name}: {asked}"
        return None

    def distance(self, value, other, truth, company) -> float | None:
        """`other` may hold only the settings that the mistake touches."""
        right = _settings(truth)
        gaps = [self.fields[n].distance(value[n], other[n], right.get(n), company) for n in other]
        return max(gaps) if gaps and None not in gaps else None

    def separation(self, wrong, truth, company) -> float:
        full = share(self, {**_settings(truth), **wrong}, truth, company) >= 1 - 1e-9
        return 0.0 if full else math.inf

    def note(self, value) -> str:
        notes = (kind.note(value[name]) for name, kind in self.fields.items())
        return " ".join(note for note in notes if note)

    def show(self, value, company) -> str:
        told = {n: v for n, v in value.items() if n in self.needed or v != self.optional[n]}
        return "; ".join(f"{n} — {self.fields[n].show(v, company)}" for n, v in told.items())

    def to_json(self, value) -> dict:
        return {n: kind.to_json(value[n]) for n, kind in self.fields.items()}


def _settings(truth: Any) -> Settings:
    """The truth as settings; some tasks hold a bound there instead."""
    return truth if isinstance(truth, dict) else {}


@dataclass(frozen=True)
class Group(Kind):
    """Named numbers of one thing; those in `optional` may be left out."""

    fields: Mapping[str, Number]
    optional: frozenset[str] = frozenset()

    @property
    def stub(self) -> str:
        return stub_of(tuple(n for n in self.fields if n not in self.optional))

    def parse(self, raw: Any, company: Company) -> dict[str, float]:
        plain, names = simplify(raw), tuple(self.fields)
        if not isinstance(plain, dict):
            raise NotUnderstood(f"{refused(plain)}. Нужно {self.expects(company)}.")
        given = by_name(plain, names, "настройку")
        value = {n: or_nothing(self.fields[n], given[n], n, company) for n in names}
        if empty := [n for n in names if value[n] is None and n not in self.optional]:
            raise NotUnderstood(f"не заполнено: {', '.join(empty)}.")
        return {n: v for n, v in value.items() if v is not None}

    def expects(self, company: Company | None = None) -> str:
        needed = [n for n in self.fields if n not in self.optional]
        return f"число на каждую настройку: {', '.join(needed)}"

    def score(self, value, truth, company) -> dict[str, float]:
        same = self.distance(value, truth, truth, company) is not None
        return {WHOLE: float(same)}

    def distance(self, value, other, truth, company) -> float | None:
        if set(value) != set(other):
            return None
        gaps = [self.fields[n].gap(value[n], other[n], other[n], company) for n in other]
        return max(gaps) if gaps and max(gaps) <= 1 else None

    def show(self, value, company) -> str:
        return ", ".join(f"{n} {self.fields[n].show(v)}" for n, v in value.items())

    def to_json(self, value) -> dict:
        return {n: self.fields[n].to_json(v) for n, v in value.items()}


@dataclass(frozen=True)
class Text(Kind):
    """Free text in a marked Markdown cell, read by a person along the rubric."""

    rubric: tuple[str, ...] | str

    def parse(self, raw: Any, company: Company) -> str:
        raise NotUnderstood(
            "Этот ответ читает преподаватель. Напишите его в ячейке «Мой ответ» "
            "под этим заданием и сохраните тетрадь (Ctrl + S); check здесь не нужен."
        )

    def expects(self, company: Company | None = None) -> str:
        return "текст в ячейке «Мой ответ»"
