"""Where lessons, exercises and the demo company lie: in a checkout or inside the wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from salescourse.errors import StudentError

PACKAGE = Path(__file__).parent
WHEEL = PACKAGE / "course"  # where the wheel carries them


@cache
def course_root() -> Path:
    """The folder that holds `notebooks/`, `exercises/` and `datasets/`."""
    for root in (WHEEL, PACKAGE.parent):
        if (root / "datasets" / "demo").is_dir():
            return root
    raise StudentError(
        "Не нашёл материалы курса рядом с пакетом. Переустановите его: "
        "pip install --force-reinstall salescourse"
    )
