"""What every kind of answer has: reading it, scoring it, writing it down."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from salescourse.company import Company

WHOLE = ""  # the name of the only part of an answer that has no parts


class NotUnderstood(Exception):
    """The answer can't be read; the message says in Russian what to type."""


@dataclass(frozen=True)
class Absolute:
    """Right if no further from the truth than `amount`, in the answer's own unit."""

    amount: float

    def width(self, truth: float, company: Company | None = None) -> float:
        return self.amount


@dataclass(frozen=True)
class Relative:
    """Right if no further from the truth than this share of it."""

    share: float

    def width(self, truth: float, company: Company | None = None) -> float:
        return abs(truth) * self.share


@dataclass(frozen=True)
class HalfWidth:
    """An interval's end: within 0.15 of the interval's half-width, any accepted method passes."""

    half_width: Callable[[Company], float]
    share: float = 0.15

    def width(self, truth: float, company: Company | None = None) -> float:
        return abs(self.half_width(company)) * self.share


Tolerance = Absolute | Relative | HalfWidth


class Kind:
    """One way to answer. `parse` takes any object; everything else takes what `parse` returned."""

    stub = "..."
    lists = False  # whether `describe` has options or rows that the student must see

    def parse(self, raw: Any, company: Company) -> Any:
        """The answer's value. Raises `NotUnderstood`; stubs are the caller's business."""
        raise NotImplementedError

    def score(self, value: Any, truth: Any, company: Company) -> dict[str, float]:
        """Share from 0 to 1 by part; one part named "" if there are none."""
        raise NotImplementedError

    def weights(self, company: Company) -> Mapping[str, float]:
        """How much each part of `score` counts."""
        return {WHOLE: 1.0}

    def distance(self, value: Any, other: Any, truth: Any, company: Company) -> float | None:
        """How far from a known wrong value, in tolerances; None if it is not that value."""
        return 0.0 if value == other else None

    def separation(self, wrong: Any, truth: Any, company: Company) -> float:
        """How many tolerances a known wrong value lies from the truth; inf for another option."""
        return 0.0 if share(self, wrong, truth, company) >= 1 else math.inf

    def remark(self, value: Any, truth: Any, company: Company) -> str:
        """What of a partly right answer is right, and what is not."""
        scores = self.score(value, truth, company)
        empty = self.missing(value)
        groups = (
            ("верно", [p for p, s in scores.items() if s >= 1]),
            ("верно не полностью", [p for p, s in scores.items() if 0 < s < 1]),
            ("пока нет", [p for p, s in scores.items() if s <= 0 and p not in empty]),
            ("не заполнено", empty),
        )
        return "; ".join(f"{word} — {', '.join(names)}" for word, names in groups if any(names))

    def advice(self, value: Any, truth: Any, company: Company) -> str:
        """What about this very answer stands in the way of full marks; "" if it can't be told."""
        return ""

    def doubt(self, value: Any, plausible: list, company: Company) -> str | None:
        """What to ask back where guessing the unit would be needed."""
        return None

    def note(self, value: Any) -> str:
        """A sentence on how the answer was read, where that is not plain."""
        return ""

    def show(self, value: Any, company: Company) -> str:
        """The value in Russian."""
        return str(value)

    def expects(self, company: Company | None = None) -> str:
        """What to type, for messages: «число в процентах, например 8.5»."""
        raise NotImplementedError

    def describe(self, company: Company) -> str:
        """Markdown of the options or rows of this company; "" if there is nothing to list."""
        return ""

    def stub_for(self, company: Company) -> str:
        """The stub with this company's own rows."""
        return self.stub

    def to_json(self, value: Any) -> Any:
        """Plain JSON that `parse` reads back."""
        return value

    def from_json(self, data: Any) -> Any:
        """What to give to `evaluate` for an answer from a record."""
        return data

    def missing(self, value: Any) -> list[str]:
        """Names of parts left unanswered."""
        return []


def share(kind: Kind, value: Any, truth: Any, company: Company) -> float:
    """One number from 0 to 1 of an answer with or without parts."""
    scores, weights = kind.score(value, truth, company), kind.weights(company)
    total = sum(scores[part] * weights[part] for part in scores)
    return total / (sum(weights.values()) or 1)
