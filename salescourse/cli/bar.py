"""A progress bar for a terminal; nothing where the output is kept in a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def bar() -> Iterator[Callable[[str, int, int | None], None]]:
    """A function to call with the caption, what is done, and of how many (None: unknown)."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as shown:
        tasks: dict[str, object] = {}

        def step(caption: str, done: int, total: int | None) -> None:
            if caption not in tasks:
                tasks[caption] = shown.add_task(caption, total=total)
            shown.update(tasks[caption], completed=done, total=total)

        yield step
