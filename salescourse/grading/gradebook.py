"""The gradebook: one SQLite file with marks, what a person changed by hand, and the history.

Students are written whole, a few at a time in one transaction, so a run that is cut off at
any moment leaves whole students only, and the next run writes the rest. A mark is written
only if it differs, and the old value goes to the history in the same transaction. A mark set
by hand is never touched, nor is an answer replaced by a different one unless the instructor
says that it was handed in again.
"""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from salescourse.errors import StudentError
from salescourse.grading import remarks
from salescourse.grading.judging import Sheet
from salescourse.grading.ledger import FIELDS, STAMP, VERSION, Change, Row, row_of, tables
from salescourse.grading.marking import NO_ANSWER, WAITING, Mark
from salescourse.grading.needs import library
from salescourse.grading.remarks import Remark
from salescourse.text import NBSP, short

AT_ONCE = 100  # students written in one transaction: a disk takes a moment for each
HAND, AUTOMATIC = "вручную", "автопроверка"


class Gradebook:
    """Opened with `Gradebook(path)`, closed with `close()` or by `with`."""

    def __init__(self, path: Path, *, by: str = ""):
        self.sa = library("sqlalchemy")
        self.path, self.by = Path(path), by or _user()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.meta = tables(self.sa)
        known = self.meta.tables
        self.marks, self.history, self.sheets = (
            known[name] for name in ("marks", "history", "sheets")
        )
        self.students, self.noted = known["students"], known["remarks"]
        self._unkept: list[dict[str, Any]] = []
        url = self.sa.URL.create("sqlite", database=str(self.path))
        self.engine = self.sa.create_engine(url, connect_args={"timeout": 30})
        self.sa.event.listen(self.engine, "connect", _whole_transactions)
        self.sa.event.listen(self.engine, "begin", _begin)
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        with self.writing() as db:
            ask = db.exec_driver_sql
            stamp, version = (
                ask(f"PRAGMA {name}").scalar() for name in ("application_id", "user_version")
            )
            empty = not ask("SELECT count(*) FROM sqlite_master").scalar()
            if not empty and (stamp != STAMP or version != VERSION):
                raise StudentError(
                    f"Файл {self.path.name} — не журнал оценок этого курса. "
                    "Укажите другой: --gradebook."
                )
            if empty:
                ask(f"PRAGMA application_id={STAMP}")
                ask(f"PRAGMA user_version={VERSION}")
                self.meta.create_all(db)

    def close(self) -> None:
        self.engine.dispose()

    def __enter__(self) -> Gradebook:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def writing(self) -> Iterator[Any]:
        try:
            with self.engine.begin() as db:
                yield db
        except self.sa.exc.SQLAlchemyError as error:
            raise StudentError(
                f"Не смог записать журнал оценок {self.path}: он испорчен, занят другой программой "
                "или в эту папку нельзя писать. Закройте его и запустите ещё раз."
            ) from error

    # Writing ---------------------------------------------------------------------------------

    def enroll(self, people: Iterable[Any]) -> None:
        """Put in or rename students of the roster; nobody is taken out."""
        rows = [{"code": p.code, "name": p.name, "email": p.email, "team": p.team} for p in people]
        if not rows:
            return
        made = self.upsert(self.students, ("code",))
        with self.writing() as db:
            db.execute(made, rows)

    def record(self, marks: Iterable[Mark], *, again: bool = False) -> list[Remark]:
        """Write marks that differ from what is there.

        `again` says that the works were handed in anew: only then a different answer takes
        the place of one that is already marked.
        """
        self.flush()
        by_code: dict[str, list[Mark]] = {}
        for mark in marks:
            by_code.setdefault(mark.code, []).append(mark)
        told: list[Remark] = []
        codes = list(by_code)
        for start in range(0, len(codes), AT_ONCE):
            some = codes[start : start + AT_ONCE]
            with self.writing() as db:
                found = db.execute(self.sa.select(self.marks).where(self.marks.c.code.in_(some)))
                there = {(row.code, row.task): row for row in found}
                for code in some:
                    told += self._student(db, by_code[code], there, again)
        return told

    def _student(self, db, mine: list[Mark], there: dict, again: bool) -> list[Remark]:
        told: list[Remark] = []
        differ = []
        for mark in mine:
            old = there.get((mark.code, mark.task))
            if old is not None and not again and _another(old, mark):
                differ.append((mark.task, old.file, mark.file))
            else:
                told += self._put(db, mark, old)
        if differ:
            tasks = ", ".join(task for task, _, _ in differ)
            files = " и ".join(dict.fromkeys(differ[0][1:]))
            told.append(Remark(remarks.AGAIN, tasks, files, mine[0].code))
        return told

    def _put(self, db, mark: Mark, old) -> list[Remark]:
        new = {name: getattr(mark, name) for name in FIELDS}
        new["answer"] = json.dumps(mark.answer, ensure_ascii=False)
        if old is None:
            db.execute(self.marks.insert().values(code=mark.code, task=mark.task, **new))
            self.note(db, mark.code, mark.task, AUTOMATIC, "", _said(mark.status, mark.points))
            return []
        if mark.status == NO_ANSWER or (mark.status in WAITING and _marked(old)):
            return []
        if all(getattr(old, name) == value for name, value in new.items() if name != "file"):
            return []
        here = (self.marks.c.code == mark.code) & (self.marks.c.task == mark.task)
        db.execute(self.marks.update().where(here).values(**new))
        before, after = _said(old.status, old.points), _said(mark.status, mark.points)
        if old.answer != new["answer"] or old.shown != new["shown"]:
            before, after = f"{before}; {old.shown}", f"{after}; {mark.shown}"
        self.note(db, mark.code, mark.task, AUTOMATIC, before, after)
        if old.hand_points is None:
            return []
        return [Remark(remarks.CHANGED, "", mark.file, mark.code, mark.task)]

    def set_by_hand(
        self, code: str, task: str, points: float | None, *, comment: str = "", by: str = ""
    ) -> None:
        """A person's mark; None takes it back. Raises `StudentError` if there is no such task."""
        here = (self.marks.c.code == code) & (self.marks.c.task == task)
        with self.writing() as db:
            old = db.execute(self.sa.select(self.marks).where(here)).first()
            if old is None:
                raise StudentError(f"В журнале нет задания {task} у кода {code}.")
            if points is not None and not 0 <= points <= old.most:
                raise StudentError(f"За {task} можно поставить от 0 до {short(old.most, 2)}.")
            who = by or self.by
            new = (points, comment, who if points is not None else "")
            if (old.hand_points, old.hand_comment, old.hand_by) == new:
                return
            values = dict(zip(("hand_points", "hand_comment", "hand_by"), new, strict=True))
            db.execute(self.marks.update().where(here).values(**values))
            shown = [
                "" if value is None else f"{short(value, 2)} {text}".strip()
                for value, text in ((old.hand_points, old.hand_comment), (points, comment))
            ]
            self.note(db, code, task, HAND, *shown, by=who)

    def keep(self, sheet: Sheet, course: str) -> None:
        """Keep what is known of a company, so that its next grading is quick."""
        values = {"code": sheet.code, "edition": sheet.edition, "course": course}
        self._unkept.append({**values, "content": sheet.line()})
        if len(self._unkept) >= AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Write the sheets that wait to be written together."""
        if self._unkept:
            with self.writing() as db:
                db.execute(self.upsert(self.sheets, ("code", "edition")), self._unkept)
            self._unkept = []

    def report(self, found: Iterable[Remark]) -> None:
        """Keep the remarks of the last grading in place of those before."""
        rows = [asdict(remark) for remark in dict.fromkeys(found)]
        if rows == [asdict(remark) for remark in self.remarks()]:
            return
        with self.writing() as db:
            db.execute(self.noted.delete())
            if rows:
                db.execute(self.noted.insert(), [{"id": i, **r} for i, r in enumerate(rows)])

    def insert(self, table):
        """SQLite's own insert, which can update instead."""
        return library("sqlalchemy.dialects.sqlite").insert(table)

    def upsert(self, table, keys: tuple[str, ...]):
        insert = self.insert(table)
        values = {c.name: insert.excluded[c.name] for c in table.columns if c.name not in keys}
        return insert.on_conflict_do_update(index_elements=list(keys), set_=values)

    def note(self, db, code, task, what, old, new, by: str = "") -> None:
        at = datetime.now().astimezone().isoformat(timespec="seconds")
        values = {"code": code, "task": task, "what": what, "old": old, "new": new}
        db.execute(self.history.insert().values(**values, by=by or self.by, at=at))

    # Reading ---------------------------------------------------------------------------------

    def rows(self) -> list[Row]:
        """Everything marked so far, by code and task."""
        order = (self.marks.c.code, self.marks.c.task)
        return [row_of(found) for found in self.read(self.sa.select(self.marks).order_by(*order))]

    def answered(self) -> set[tuple[str, str]]:
        """(code, task) that some run has found an answer to."""
        marks = self.marks.c
        query = self.sa.select(marks.code, marks.task).where(marks.status != NO_ANSWER)
        return {(code, task) for code, task in self.read(query)}

    def people(self) -> dict[str, Any]:
        """The roster as this gradebook knows it, by code."""
        from salescourse.grading.roster import Person

        found = self.read(self.sa.select(self.students))
        return {r.code: Person(r.name, r.email, r.team, r.code) for r in found}

    def kept(self, course: str, edition: int) -> dict[str, Sheet]:
        """Sheets of this very course."""
        sheets = self.sheets.c
        query = self.sa.select(sheets.code, sheets.content).where(
            sheets.course == course, sheets.edition == edition
        )
        return {code: Sheet.from_line(content) for code, content in self.read(query)}

    def remarks(self) -> list[Remark]:
        """What the last grading had to say."""
        found = self.read(self.sa.select(self.noted).order_by(self.noted.c.id))
        return [Remark(r.kind, r.detail, r.file, r.code, r.task) for r in found]

    def last_change(self) -> int:
        """The number of the newest line of the history; 0 if there is none."""
        return self.read(self.sa.select(self.sa.func.max(self.history.c.id)))[0][0] or 0

    def changes(self) -> list[Change]:
        """The history, oldest first."""
        found = self.read(self.sa.select(self.history).order_by(self.history.c.id))
        return [Change(r.code, r.task, r.what, r.old, r.new, r.by, r.at) for r in found]

    def read(self, query) -> list:
        try:
            with self.engine.connect() as db:
                return list(db.execute(query))
        except self.sa.exc.SQLAlchemyError as error:
            raise StudentError(
                f"Не смог прочитать журнал оценок {self.path}: файл испорчен или занят."
            ) from error


def _marked(old) -> bool:
    """Whether an answer stands there that a mark was given for, or that waits for a reader."""
    return old.status not in (NO_ANSWER, *WAITING)


def _another(old, mark: Mark) -> bool:
    """Whether a mark is for another answer than the one that is already marked."""
    if not _marked(old) or mark.status in (NO_ANSWER, *WAITING):
        return False
    if mark.answer is None and json.loads(old.answer) is None:  # a written answer
        return old.shown != mark.shown
    return json.loads(old.answer) != mark.answer


def _said(status: str, points: float | None) -> str:
    return status if points is None else f"{status}, {short(points, 2)}{NBSP}б."


def _whole_transactions(connection, _) -> None:
    """SQLite's driver would begin only at the first write; we begin ourselves."""
    connection.isolation_level = None
    connection.execute("PRAGMA synchronous=FULL")


def _begin(connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "преподаватель"
