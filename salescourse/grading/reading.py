"""Written answers, read by people: one at a time, by rubric lines, some of them twice."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from salescourse import units
from salescourse.errors import StudentError
from salescourse.grading import results
from salescourse.grading.marking import TO_READ
from salescourse.tasks import Task
from salescourse.text import clean, short

if TYPE_CHECKING:
    from salescourse.grading.gradebook import Gradebook
    from salescourse.grading.ledger import Row

FIRST, SECOND = 1, 2
TWICE = "вторая проверка"
RANGE = re.compile(r"(\d+(?:,\d+)?)\s?[–-]\s?(\d+(?:,\d+)?)")  # «0–0,5» in a line of the rubric
STEPS = (0.0, 0.5, 1.0)  # of a rubric line: none, half, whole
FINE = (0.0, 0.25, 0.5, 0.75, 1.0)  # where the rubric is one line
MOST_COMMENT, MOST_PHRASE, SHOWN = 4000, 400, 30


@dataclass(frozen=True)
class Line:
    """One line of a rubric and the points that may be given for it."""

    text: str
    levels: tuple[float, ...]

    @property
    def most(self) -> float:
        return self.levels[-1]


@dataclass(frozen=True)
class Work:
    """A written answer without its author; `turn` says whether it is read once more."""

    token: str
    task: str
    text: str
    turn: int


@dataclass(frozen=True)
class Reading:
    """What one reader gave, line by line."""

    code: str
    task: str
    turn: int
    by: str
    points: tuple[float, ...]
    comment: str
    shown: str


@dataclass(frozen=True)
class Agreement:
    """How two readers agree: `exact` and `kappa` over rubric lines, `gap` in points of a work."""

    works: int
    exact: float
    kappa: float
    gap: float


def written_tasks() -> list[Task]:
    return [task for task in units.all_tasks() if task.by_hand]


def lines_of(task: Task) -> list[Line]:
    """The rubric's lines with their points; they add up to what the task is worth."""
    rubric = task.kind.rubric
    texts = [rubric] if isinstance(rubric, str) else list(rubric)
    named = [RANGE.search(text) for text in texts]
    most = [float(found[2].replace(",", ".")) if found else 0.0 for found in named]
    if not all(most) or abs(sum(most) - task.points) > 1e-9:
        most = [task.points / len(texts)] * len(texts)
    steps = FINE if len(texts) == 1 else STEPS
    return [
        Line(text, tuple(round(m * s, 4) for s in steps))
        for text, m in zip(texts, most, strict=True)
    ]


class Readings:
    """The readers' side of a gradebook. `key` makes names of works that tell nothing."""

    def __init__(self, book: Gradebook, key: bytes):
        self.book, self.key = book, key
        self.table, self.bank = (book.meta.tables[name] for name in ("readings", "phrases"))

    # Which works ------------------------------------------------------------------------------

    def waiting(self, task: str, reader: str, share: float) -> list[Work]:
        """Works for this reader: those nobody has read, then the share that is read twice.

        The order tells nothing of their authors. A text that was changed is read anew.
        """
        done = self.readings(task)
        first, second = [], []
        for row in self._rows(task):
            code, text = row.mark.code, row.mark.shown
            token = self.token(code, task)
            one, two = done.get((code, FIRST)), done.get((code, SECOND))
            if one is None or one.shown != text:
                if row.hand is None or one is not None:
                    first.append(Work(token, task, text, FIRST))
            elif two is None and one.by != reader and self.twice(code, task, share):
                second.append(Work(token, task, text, SECOND))
        return sorted(first, key=lambda w: w.token) + sorted(second, key=lambda w: w.token)

    def twice(self, code: str, task: str, share: float) -> bool:
        """Whether a work is among those read twice; the same for everyone and for ever."""
        drawn = int.from_bytes(hashlib.sha256(f"{task} {code}".encode()).digest()[:4], "big")
        return drawn / 2**32 < share

    def token(self, code: str, task: str) -> str:
        name = f"{task} {code}".encode()
        return hmac.new(self.key, name, "sha256").hexdigest()[:20]

    def _rows(self, task: str) -> list[Row]:
        return [r for r in self.book.rows() if r.mark.task == task and r.mark.status == TO_READ]

    def counts(self, task: str) -> tuple[int, int]:
        """How many are read, of how many."""
        done, rows = self.readings(task), self._rows(task)
        read = 0
        for row in rows:
            one = done.get((row.mark.code, FIRST))
            read += row.hand is not None and (one is None or one.shown == row.mark.shown)
        return read, len(rows)

    # Reading ----------------------------------------------------------------------------------

    def save(
        self, work: Work, given: Sequence[int], *, comment: str, phrases: Sequence[str], by: str
    ) -> str:
        """Keep a reading: `given` are the levels of the rubric's lines. Returns whose work it was.

        The first reading is the mark. The second one changes no mark: it only tells how far two
        readers agree.
        """
        task = units.find(work.task)
        lines = lines_of(task)
        if len(given) != len(lines) or any(
            not 0 <= level < len(line.levels) for level, line in zip(given, lines, strict=False)
        ):
            raise StudentError("Поставьте баллы по каждой строке рубрики.")
        points = [line.levels[level] for level, line in zip(given, lines, strict=True)]
        code = self._whose(work)
        own = comment.strip()[:MOST_COMMENT]
        whole = "\n".join([*phrases, *([own] if own else [])])[:MOST_COMMENT]
        if work.turn == FIRST:
            total = round(sum(points), 4)
            self.book.set_by_hand(code, work.task, total, comment=whole, by=by)
        self._keep(work, code, points, whole, by)
        self._remember(work.task, [*phrases, *own.splitlines()])
        return code

    def _whose(self, work: Work) -> str:
        for row in self._rows(work.task):
            if hmac.compare_digest(self.token(row.mark.code, work.task), work.token):
                if row.mark.shown != work.text:
                    break
                return row.mark.code
        raise StudentError("Этой работы уже нет или её текст изменился. Откройте следующую.")

    def _keep(self, work: Work, code: str, points: list[float], comment: str, by: str) -> None:
        at = datetime.now().astimezone().isoformat(timespec="seconds")
        row = {"code": code, "task": work.task, "turn": work.turn, "by": by, "comment": comment}
        row |= {"points": json.dumps(points), "shown": work.text, "at": at}
        with self.book.writing() as db:
            db.execute(self.book.upsert(self.table, ("code", "task", "turn")), [row])
            if work.turn == SECOND:
                said = f"{short(sum(points), 2)} {comment}".strip()
                self.book.note(db, code, work.task, TWICE, "", said, by=by)

    def readings(self, task: str) -> dict[tuple[str, int], Reading]:
        """What was read so far, by code and turn."""
        sa, t = self.book.sa, self.table.c
        found = self.book.read(sa.select(self.table).where(t.task == task))
        return {
            (r.code, r.turn): Reading(
                r.code, r.task, r.turn, r.by, tuple(json.loads(r.points)), r.comment, r.shown
            )
            for r in found
        }

    # The bank of comments ---------------------------------------------------------------------

    def phrases(self, task: str) -> list[str]:
        """Comments given to this task before, the commonest first."""
        sa, b = self.book.sa, self.bank.c
        query = sa.select(b.text).where(b.task == task).order_by(b.used.desc(), b.text)
        return [r.text for r in self.book.read(query.limit(SHOWN))]

    def _remember(self, task: str, texts: Sequence[str]) -> None:
        kept = list(dict.fromkeys(t for t in (clean(x, MOST_PHRASE) for x in texts) if t))
        if not kept:
            return
        insert = self.book.insert(self.bank)
        again = insert.on_conflict_do_update(
            index_elements=["task", "text"], set_={"used": self.bank.c.used + 1}
        )
        with self.book.writing() as db:
            db.execute(again, [{"task": task, "text": text, "used": 1} for text in kept])

    # Agreement --------------------------------------------------------------------------------

    def pairs(self, task: str) -> list[tuple[Reading, Reading]]:
        """Works read twice, the text being the same both times."""
        done = self.readings(task)
        both = [(r, done.get((code, SECOND))) for (code, turn), r in done.items() if turn == FIRST]
        return [(a, b) for a, b in both if b is not None and a.shown == b.shown]

    def agreement(self, task: str) -> Agreement | None:
        """None while nothing was read twice."""
        pairs = self.pairs(task)
        if not pairs:
            return None
        lines = lines_of(units.find(task))
        levels = [
            (line.levels.index(a), line.levels.index(b))
            for one, two in pairs
            for line, a, b in zip(lines, one.points, two.points, strict=False)
            if a in line.levels and b in line.levels
        ]
        exact = sum(a == b for a, b in levels) / max(len(levels), 1)
        gap = sum(abs(sum(a.points) - sum(b.points)) for a, b in pairs) / len(pairs)
        return Agreement(len(pairs), exact, weighted_kappa(levels), gap)


def weighted_kappa(pairs: Sequence[tuple[int, int]]) -> float:
    """Cohen's kappa with quadratic weights; NaN where one reader always gave the same.

    Cohen J. (1968). Weighted kappa. Psychological Bulletin 70(4), 213–220.
    """
    n = len(pairs)
    if not n:
        return float("nan")
    seen = sum((a - b) ** 2 for a, b in pairs) / n
    chance = sum((a - b) ** 2 for a, _ in pairs for _, b in pairs) / n**2
    return 1 - seen / chance if chance > 1e-12 else float("nan")


def title_of(task: str) -> str:
    return f"{task} · {results.title_of(task)}"


def plain(text: str) -> str:
    """A rubric's line without Markdown."""
    return re.sub(r"\*\*|`", "", text)


def as_levels(values: Sequence[Any]) -> list[int]:
    """Levels as a form sends them. Raises `StudentError`."""
    try:
        return [int(str(value)[:3]) for value in values]
    except ValueError:
        raise StudentError("Поставьте баллы по каждой строке рубрики.") from None
