"""What every test stands on."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import pytest

mpl.use("agg")


@pytest.fixture(autouse=True)
def nobodys_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither CI's nor the developer's own settings decide what a test sees."""
    names = ("CI", "SALESCOURSE_BUILD", "SALESCOURSE_CODE", "SALESCOURSE_JOURNAL")
    for name in (*names, "SALESCOURSE_EXAM"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def student_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder as students have it: Cyrillic letters and a space in its name."""
    folder = tmp_path / "Мои документы"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder
