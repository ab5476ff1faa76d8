"""Where a student works: their folder, the company code kept in it, and whether anybody learns.

A build, CI or an author's run is no student: it keeps no code and no journal, and it
sees tracebacks as they are.
"""

from __future__ import annotations

import os
from pathlib import Path

from salescourse.codes import BadCode, normalise

HIDDEN = ".salescourse"
CODE_FILE = "code.txt"
OFF = ("", "0", "false", "no", "off")


def flag(name: str) -> bool:
    """Whether an environment variable is set to anything but «no»."""
    return os.environ.get(name, "").strip().lower() not in OFF


def in_build() -> bool:
    """True in CI and while notebooks are built."""
    return flag("SALESCOURSE_BUILD") or flag("CI")


def on_exam() -> bool:
    """Whether `salescourse start --exam` started this kernel."""
    return flag("SALESCOURSE_EXAM")


def keeps_journal() -> bool:
    """Whether answers and the code may be written to the student's folder."""
    if flag("NBGRADER_EXECUTION"):  # an instructor's machine marks: no journal of theirs counts
        return False
    return not in_build() and os.environ.get("SALESCOURSE_JOURNAL", "1").strip().lower() not in OFF


def student_folder(start: Path | None = None) -> Path:
    """The nearest folder upwards that holds `.salescourse/`; the current one if none does."""
    try:
        here = (start or Path.cwd()).absolute()
    except OSError:
        return Path(os.devnull)  # deleted under the kernel: a place that keeps nothing
    return next((f for f in (here, *here.parents) if (f / HIDDEN).is_dir()), here)


def save_code(folder: Path, code: str) -> Path:
    """Keep the company's code in the student's folder. Raises `BadCode`, `OSError`."""
    from salescourse.storage import replacing  # with it comes pandas: a kernel starts without

    path = folder / HIDDEN / CODE_FILE
    with replacing(path) as temporary:
        temporary.write_text(normalise(code) + "\n", encoding="utf-8", newline="\n")
    return path


def find_code(folder: Path) -> str | None:
    """The code kept in this folder; None if there is none or it can't be read."""
    try:
        with (folder / HIDDEN / CODE_FILE).open(encoding="utf-8-sig") as file:
            return normalise(file.read(100).strip())
    except (OSError, UnicodeDecodeError, BadCode):
        return None
