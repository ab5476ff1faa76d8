"""One grading at a time, in a thread of its own, so that the page can tell how far it is."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from salescourse.errors import StudentError
from salescourse.grading import grade
from salescourse.grading.collect import uploaded
from salescourse.grading.grade import Summary
from salescourse.grading.gradebook import Gradebook

OURS = "Что-то пошло не так, и это наша вина, не ваша. Работы проверены не все: загрузите их снова."


class Batch:
    """Uploaded files: what they were called, and where they lie until they are read.

    They are gone when they are read, and when the program is closed before that.
    """

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="salescourse-", ignore_cleanup_errors=True)
        self.files: list[tuple[str, Path]] = []

    def add(self, name: str, file: Any) -> None:
        """Keep a file under a name of our own: theirs is only shown."""
        path = Path(self.folder.name) / f"{len(self.files):06d}"
        with path.open("wb") as out:
            shutil.copyfileobj(file, out, 1 << 20)
        self.files.append((name, path))

    def drop(self) -> None:
        self.folder.cleanup()


class Job:
    """The grading that runs now, or the last one."""

    def __init__(self, book: Gradebook, executor: Callable[[], Any]):
        self.book, self.executor = book, executor
        self.lock = threading.Lock()
        self.thread: threading.Thread | None = None
        self.caption, self.done, self.total = "", 0, None
        self.summary: Summary | None = None
        self.error = ""

    @property
    def running(self) -> bool:
        return self.thread is not None and self.thread.is_alive()

    def start(self, batch: Batch, *, again: bool) -> None:
        """Raises `StudentError` if a grading is under way."""
        with self.lock:
            if self.running:
                batch.drop()
                raise StudentError("Ещё проверяются прежние работы. Дождитесь конца и повторите.")
            self.caption, self.done, self.total = "Начинаю", 0, None
            self.summary, self.error = None, ""
            self.thread = threading.Thread(target=self._run, args=(batch, again), daemon=True)
            self.thread.start()

    def _run(self, batch: Batch, again: bool) -> None:
        try:
            self.summary = grade.enter(
                uploaded(batch.files),
                self.book,
                again=again,
                executor=self.executor(),
                progress=self._step,
            )
        except StudentError as error:
            self.error = str(error)
        except Exception as error:
            self.error = f"{OURS} ({type(error).__name__})"
        finally:
            batch.drop()

    def _step(self, caption: str, done: int, total: int | None) -> None:
        self.caption, self.done, self.total = caption, done, total
