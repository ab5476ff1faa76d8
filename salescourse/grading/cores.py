"""All cores of this machine as an executor."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from typing import Any

from salescourse.errors import StudentError

FEW = 12  # jobs that are done before new processes have imported pandas


class Cores:
    """`map` over processes; a few jobs are done here."""

    def __init__(self, workers: int | None = None):
        self.workers = workers or os.cpu_count() or 1

    def map(self, work: Callable, jobs: Sequence[Any]) -> Iterator[Any]:
        if len(jobs) <= FEW or self.workers < 2:
            yield from map(work, jobs)
            return
        # Fresh processes: a fork would share the gradebook's open file.
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(self.workers, spawn, initializer=_leave_with_parent) as pool:
            try:
                yield from pool.map(work, jobs)
            except BrokenProcessPool as error:
                raise StudentError(
                    "Проверка прервалась: процессу не хватило памяти или его остановили. "
                    "Запустите её ещё раз, сделанное сохранено."
                ) from error
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise


def _leave_with_parent() -> None:
    """A worker whose parent was killed would wait for ever."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
