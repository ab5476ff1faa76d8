"""The gradebook: one SQLite file with marks, what a person changed by hand, and the history.

Every student is written in a transaction of their own, so a run that is cut off at any
moment leaves whole students only, and the next run writes the rest. A mark is written only
if it differs, a mark set by hand is never touched, and the old value goes to the history in
the same transaction.
"""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
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

HAND, AUTOMATIC = "вручную", "автопроверка"


class Gradebook:
    """Opened with `Gradebook(path)`, closed with `close()` or by `with`."""

    def __init__(self, path: Path, *, by: str = ""):
        self.sa = library("sqlalchemy")
        self.path, self.by = Path(path), by or _user()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.meta, self.marks, self.history, self.students, self.sheets = tables(self.sa)
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
        with self._writing() as db:
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
    def _writing(self) -> Iterator[Any]:
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
        made = self._upsert(self.students, ("code",))
        with self._writing() as db:
            db.execute(made, rows)

    def record(self, marks: Iterable[Mark]) -> list[Remark]:
        """Write marks that differ from what is there, student by student."""
        by_code: dict[str, list[Mark]] = {}
        for mark in marks:
            by_code.setdefault(mark.code, []).append(mark)
        told: list[Remark] = []
        for code, mine in by_code.items():
            with self._writing() as db:
                found = db.execute(self.sa.select(self.marks).where(self.marks.c.code == code))
                there = {row.task: row for row in found}
                for mark in mine:
                    told += self._put(db, mark, there.get(mark.task))
        return told

    def _put(self, db, mark: Mark, old) -> list[Remark]:
        new = {name: getattr(mark, name) for name in FIELDS}
        new["answer"] = json.dumps(mark.answer, ensure_ascii=False)
        if old is None:
            db.execute(self.marks.insert().values(code=mark.code, task=mark.task, **new))
            self._note(db, mark.code, mark.task, AUTOMATIC, "", _said(mark.status, mark.points))
            return []
        kept = old.status not in (NO_ANSWER, *WAITING)
        if mark.status == NO_ANSWER or (mark.status in WAITING and kept):
            return []
        if all(getattr(old, name) == value for name, value in new.items() if name != "file"):
            return []
        here = (self.marks.c.code == mark.code) & (self.marks.c.task == mark.task)
        db.execute(self.marks.update().where(here).values(**new))
        before, after = _said(old.status, old.points), _said(mark.status, mark.points)
        if old.answer != new["answer"] or old.shown != new["shown"]:
            before, after = f"{before}; {old.shown}", f"{after}; {mark.shown}"
        self._note(db, mark.code, mark.task, AUTOMATIC, before, after)
        if old.hand_points is None:
            return []
        return [Remark(remarks.CHANGED, "", mark.file, mark.code, mark.task)]

    def set_by_hand(
        self, code: str, task: str, points: float | None, *, comment: str = "", by: str = ""
    ) -> None:
        """A person's mark; None takes it back. Raises `StudentError` if there is no such task."""
        here = (self.marks.c.code == code) & (self.marks.c.task == task)
        with self._writing() as db:
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
            self._note(db, code, task, HAND, *shown, by=who)

    def keep(self, sheet: Sheet, course: str) -> None:
        """Keep what is known of a company, so that its next grading is quick."""
        values = {"code": sheet.code, "edition": sheet.edition, "course": course}
        with self._writing() as db:
            db.execute(
                self._upsert(self.sheets, ("code", "edition")),
                [{**values, "content": sheet.line()}],
            )

    def _upsert(self, table, keys: tuple[str, ...]):
        insert = library("sqlalchemy.dialects.sqlite").insert(table)
        values = {c.name: insert.excluded[c.name] for c in table.columns if c.name not in keys}
        return insert.on_conflict_do_update(index_elements=list(keys), set_=values)

    def _note(self, db, code, task, what, old, new, by: str = "") -> None:
        at = datetime.now().astimezone().isoformat(timespec="seconds")
        values = {"code": code, "task": task, "what": what, "old": old, "new": new}
        db.execute(self.history.insert().values(**values, by=by or self.by, at=at))

    # Reading ---------------------------------------------------------------------------------

    def rows(self) -> list[Row]:
        """Everything marked so far, by code and task."""
        order = (self.marks.c.code, self.marks.c.task)
        return [row_of(found) for found in self._read(self.sa.select(self.marks).order_by(*order))]

    def answered(self) -> set[tuple[str, str]]:
        """(code, task) that some run has found an answer to."""
        marks = self.marks.c
        query = self.sa.select(marks.code, marks.task).where(marks.status != NO_ANSWER)
        return {(code, task) for code, task in self._read(query)}

    def people(self) -> dict[str, Any]:
        """The roster as this gradebook knows it, by code."""
        from salescourse.grading.roster import Person

        found = self._read(self.sa.select(self.students))
        return {r.code: Person(r.name, r.email, r.team, r.code) for r in found}

    def kept(self, course: str, edition: int) -> dict[str, Sheet]:
        """Sheets of this very course."""
        sheets = self.sheets.c
        query = self.sa.select(sheets.code, sheets.content).where(
            sheets.course == course, sheets.edition == edition
        )
        return {code: Sheet.from_line(content) for code, content in self._read(query)}

    def last_change(self) -> int:
        """The number of the newest line of the history; 0 if there is none."""
        return self._read(self.sa.select(self.sa.func.max(self.history.c.id)))[0][0] or 0

    def changes(self) -> list[Change]:
        """The history, oldest first."""
        found = self._read(self.sa.select(self.history).order_by(self.history.c.id))
        return [Change(r.code, r.task, r.what, r.old, r.new, r.by, r.at) for r in found]

    def _read(self, query) -> list:
        try:
            with self.engine.connect() as db:
                return list(db.execute(query))
        except self.sa.exc.SQLAlchemyError as error:
            raise StudentError(
                f"Не смог прочитать журнал оценок {self.path}: файл испорчен или занят."
            ) from error


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
