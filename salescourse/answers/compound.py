"""Answers of several values: a table, and named parts of different kinds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from salescourse.answers.choice import words
from salescourse.answers.kind import WHOLE, Kind, NotUnderstood, share
from salescourse.answers.number import Number, joined
from salescourse.answers.raw import shown, simplify, untouched
from salescourse.errors import nearest

if TYPE_CHECKING:
    from salescourse.company import Company

UNCLEAR = "Не понял ответ"
MOST = 0.5  # a known mistake must explain more than this share of a table's cells


def stub_of(names: tuple[str, ...]) -> str:
    """A dict to fill in."""
    return "{\n" + "".join(f'    "{name}": ...,\n' for name in names) + "}"


def by_name(plain: dict, names: tuple[str, ...], what: str) -> dict[str, Any]:
    """Values under the names we know, however their names were typed."""
    known = {words(name): name for name in names}
    surnames = [words(name.split()[0]) for name in names]
    known |= {s: n for s, n in zip(surnames, names, strict=True) if surnames.count(s) == 1}
    out: dict[str, Any] = dict.fromkeys(names, ...)
    for typed, value in plain.items():
        name = known.get(words(typed)) if type(typed) is str else None
        if name is None:
            raise NotUnderstood(
                f"Не знаю {what} {shown(typed)}. Нужны: {', '.join(names)}."
                f"{nearest(typed, names) if type(typed) is str else ''}"
            )
        out[name] = value
    return out


def or_nothing(kind: Kind, plain: Any, name: str, company: Company) -> Any:
    """A part's value, None if it was left as it stood; its name goes before the complaint."""
    if untouched(plain):
        return None
    try:
        return kind.parse(plain, company)
    except NotUnderstood as error:
        raise NotUnderstood(_under(name, str(error))) from None


def _under(name: str, said: str) -> str:
    """The complaint with the part's name in it: «Не понял ответ, доля: «много». …»."""
    rest = said.removeprefix(UNCLEAR)
    if rest == said:
        return f"{UNCLEAR}, {name}: {said[:1].lower()}{said[1:]}"
    return f"{UNCLEAR}, {name}{rest}" if rest[:1] in ",:" else f"{UNCLEAR}, {name}:{rest}"


@dataclass(frozen=True)
class Table(Kind):
    """A number for each row; an empty cell is None. The truth is a dict by row."""

    rows: tuple[str, ...] | Callable[[Company], tuple[str, ...]]
    cell: Number

    @property
    def lists(self) -> bool:
        return callable(self.rows)

    def of(self, company: Company) -> tuple[str, ...]:
        return tuple(self.rows(company) if callable(self.rows) else self.rows)

    @property
    def stub(self) -> str:
        return "..." if callable(self.rows) else stub_of(self.rows)

    def stub_for(self, company: Company) -> str:
        return stub_of(self.of(company))

    def parse(self, raw: Any, company: Company) -> dict[str, float | None]:
        rows, plain = self.of(company), simplify(raw)
        if type(plain) in (list, tuple) and len(plain) == len(rows):
            plain = dict(zip(rows, plain, strict=True))
        if not isinstance(plain, dict):
            asked = self.expects(company).rstrip(".")  # «Иванова А. П.» may stand last
            raise NotUnderstood(f"Не понял ответ: {shown(plain)}. Нужна {asked}.")
        cells = by_name(plain, rows, "строку")
        return {row: or_nothing(self.cell, cells[row], row, company) for row in rows}

    def expects(self, company: Company | None = None) -> str:
        rows = self.of(company) if company is not None or not callable(self.rows) else ()
        named = f": {', '.join(rows)}" if rows else ""
        return f"таблица в фигурных скобках, по числу на строку{named}"

    def score(self, value, truth, company) -> dict[str, float]:
        return {
            row: 0.0 if cell is None else self.cell.score(cell, truth[row], company)[WHOLE]
            for row, cell in value.items()
        }

    def weights(self, company) -> dict[str, float]:
        return dict.fromkeys(self.of(company), 1.0)

    def distance(self, value, other, truth, company) -> float | None:
        scores = self.score(value, truth, company)
        gaps = {r: self._gap(value[r], other.get(r), company) for r in value}
        wrong = [r for r, s in scores.items() if s < 1 and value[r] is not None]
        alike = [r for r, gap in gaps.items() if gap <= 1]
        explained = [r for r in wrong if r in alike]
        if len(alike) <= MOST * len(value) or (wrong and len(explained) <= MOST * len(wrong)):
            return None
        return sum(min(gap, 2.0) for gap in gaps.values()) / len(gaps)

    def _gap(self, value, other, company) -> float:
        if value is None or other is None:
            return 2.0
        return self.cell.gap(value, other, other, company)

    def separation(self, wrong, truth, company) -> float:
        cells = ((row, cell) for row, cell in wrong.items() if cell is not None)
        return max((self.cell.separation(c, truth[r], company) for r, c in cells), default=0.0)

    def doubt(self, value, plausible, company) -> str | None:
        """Asks only if every cell filled looks like a share: one that does not is an answer."""
        asked = []
        for row, cell in value.items():
            if cell is not None:
                known = [p[row] for p in plausible if p.get(row) is not None]
                asked.append((row, self.cell.doubt(cell, known, company)))
        if not asked or not all(question for _, question in asked):
            return None
        return f"{asked[0][0]}: {asked[0][1]}"

    def missing(self, value) -> list[str]:
        return [row for row, cell in value.items() if cell is None]

    def show(self, value, company) -> str:
        filled = {row: cell for row, cell in value.items() if cell is not None}
        return "; ".join(f"{row} — {self.cell.show(cell)}" for row, cell in filled.items())

    def describe(self, company: Company) -> str:
        return f"```python\nanswer = {self.stub_for(company)}\n```" if callable(self.rows) else ""

    def to_json(self, value) -> dict:
        return {r: None if cell is None else self.cell.to_json(cell) for r, cell in value.items()}


def _listed(kind: Kind, company: Company) -> str:
    """A part's options or rows; a table's own stub would stand for the whole answer."""
    if isinstance(kind, Table) and kind.lists:
        return "\n".join(f"- {row}" for row in kind.of(company))
    return kind.describe(company)


class Parts(Kind):
    """Several named answers of different kinds, each with its points. Values are dicts."""

    def __init__(self, parts: Mapping[str, tuple[Kind, float]]):
        self.parts = dict(parts)

    @property
    def lists(self) -> bool:
        return any(kind.lists for kind, _ in self.parts.values())

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.parts)

    @property
    def stub(self) -> str:
        return stub_of(self.names)

    def parse(self, raw: Any, company: Company) -> dict[str, Any]:
        plain = simplify(raw)
        if type(plain) in (list, tuple):
            plain = self._in_order(plain)
        if not isinstance(plain, dict):
            raise NotUnderstood(f"Не понял ответ: {shown(plain)}. Нужно {self.expects(company)}.")
        given = by_name(plain, self.names, "часть ответа")
        return {
            name: or_nothing(kind, given[name], name, company)
            for name, (kind, _) in self.parts.items()
        }

    def _in_order(self, plain: list | tuple) -> dict | list | tuple:
        """By position; `"а", 7,9` is three values for two parts, and only one way to join them."""
        extra, kinds = len(plain) - len(self.parts), [kind for kind, _ in self.parts.values()]
        numbers = [i for i, kind in enumerate(kinds) if isinstance(kind, Number)]
        if not 0 <= extra <= len(numbers) or len(plain) > 20:
            return plain
        ways = []
        for split in combinations(numbers, extra):
            rest, way = list(plain), []
            for i in range(len(kinds)):
                pair = joined(tuple(rest[:2])) if i in split else rest[0]
                way.append(pair)
                del rest[: 2 if i in split else 1]
            if all(type(way[i]) is not tuple for i in split):
                ways.append(way)
        return dict(zip(self.names, ways[0], strict=True)) if len(ways) == 1 else plain

    def expects(self, company: Company | None = None) -> str:
        return f"значение на каждую часть через запятую: {', '.join(self.names)}"

    def score(self, value, truth, company) -> dict[str, float]:
        return {
            name: 0.0 if value[name] is None else share(kind, value[name], truth[name], company)
            for name, (kind, _) in self.parts.items()
        }

    def weights(self, company) -> dict[str, float]:
        return {name: points for name, (_, points) in self.parts.items()}

    def distance(self, value, other, truth, company) -> float | None:
        """`other` may hold only the parts that the mistake touches."""
        far = []
        for name, wrong in other.items():
            kind = self.parts[name][0]
            if wrong is None:
                continue
            if value[name] is None:
                return None
            gap = kind.distance(value[name], wrong, truth[name], company)
            if gap is None:
                return None
            far.append(gap)
        return max(far) if far else None

    def separation(self, wrong, truth, company) -> float:
        touched = ((name, part) for name, part in wrong.items() if part is not None)
        return max(
            (self.parts[n][0].separation(part, truth[n], company) for n, part in touched),
            default=0.0,
        )

    def doubt(self, value, plausible, company) -> str | None:
        for name, (kind, _) in self.parts.items():
            known = [p[name] for p in plausible if p.get(name) is not None]
            if value[name] is not None and (asked := kind.doubt(value[name], known, company)):
                return f"{name}: {asked}"
        return None

    def missing(self, value) -> list[str]:
        return [name for name, part in value.items() if part is None]

    def note(self, value) -> str:
        notes = (kind.note(value[name]) for name, (kind, _) in self.parts.items())
        return " ".join(note for note in notes if note)

    def remark(self, value, truth, company) -> str:
        """A part that is itself partly right says what is right in it."""
        inside = [
            f"{name} ({kind.remark(value[name], truth[name], company)})"
            for name, (kind, _) in self.parts.items()
            if value[name] is not None and 0 < share(kind, value[name], truth[name], company) < 1
        ]
        return ". ".join([super().remark(value, truth, company), *inside])

    def show(self, value, company) -> str:
        return "; ".join(
            f"{name} — {kind.show(value[name], company)}"
            for name, (kind, _) in self.parts.items()
            if value.get(name) is not None
        )

    def describe(self, company: Company) -> str:
        """What each part lists; parts that list the same are named together."""
        lists: dict[str, list[str]] = {}
        for name, (kind, _) in self.parts.items():
            lists.setdefault(_listed(kind, company), []).append(name)
        return "\n\n".join(
            f"**{', '.join(names)}**\n\n{lines}" for lines, names in lists.items() if lines
        )

    def to_json(self, value) -> dict:
        return {
            name: None if value[name] is None else kind.to_json(value[name])
            for name, (kind, _) in self.parts.items()
        }
