"""A simulator's config, and free text that a person reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from salescourse.answers.compound import by_name, or_nothing, stub_of
from salescourse.answers.kind import WHOLE, Kind, NotUnderstood, share
from salescourse.answers.number import Number
from salescourse.answers.raw import shown, simplify
from salescourse.text import NBSP, number

if TYPE_CHECKING:
    from salescourse.company import Company


@dataclass(frozen=True)
class Config(Kind):
    """Named settings of a simulator; `marks(value, truth, company)` gives 0 to 1.

    `tell(value, company)` has a sentence on each condition that the settings fail.
    """

    fields: Mapping[str, Number]
    marks: Callable[[dict[str, float], Any, Company], float]
    tell: Callable[[dict[str, float], Company], list[str]] | None = None

    @property
    def stub(self) -> str:
        return stub_of(tuple(self.fields))

    def parse(self, raw: Any, company: Company) -> dict[str, float]:
        plain, names = simplify(raw), tuple(self.fields)
        if type(plain) in (list, tuple) and len(plain) == len(names):
            plain = dict(zip(names, plain, strict=True))
        if not isinstance(plain, dict):
            raise NotUnderstood(f"Не понял ответ {shown(plain)}. Нужно {self.expects(company)}.")
        given = by_name(plain, names, "настройку")
        value = {n: or_nothing(self.fields[n], given[n], n, company) for n in names}
        if empty := [n for n in names if value[n] is None]:
            raise NotUnderstood(f"Не заполнено: {', '.join(empty)}.")
        return value

    def expects(self, company: Company | None = None) -> str:
        return f"число на каждую настройку, в этом порядке: {', '.join(self.fields)}"

    def score(self, value, truth, company) -> dict[str, float]:
        return {WHOLE: min(1.0, max(0.0, float(self.marks(value, truth, company))))}

    def remark(self, value, truth, company) -> str:
        return f"настройки дают {number(100 * share(self, value, truth, company))}{NBSP}% баллов"

    def advice(self, value, truth, company) -> str:
        return " ".join(self.tell(value, company)) if self.tell else ""

    def doubt(self, value, plausible, company) -> str | None:
        for name, kind in self.fields.items():
            known = [p[name] for p in plausible if isinstance(p, dict) and name in p]
            if known and (asked := kind.doubt(value[name], known, company)):
                return f"{name}: {asked}"
        return None

    def distance(self, value, other, truth, company) -> float | None:
        gaps = [self.fields[n].gap(value[n], other[n], other[n], company) for n in other]
        return max(gaps) if gaps and max(gaps) <= 1 else None

    def show(self, value, company) -> str:
        return "; ".join(f"{n} — {kind.show(value[n])}" for n, kind in self.fields.items())

    def to_json(self, value) -> dict:
        return {n: kind.to_json(value[n]) for n, kind in self.fields.items()}


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
