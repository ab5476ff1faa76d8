"""An untouched exercise runs from top to bottom where a student keeps it."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from salescourse.company import Company

ROOT = Path(__file__).parents[1]
EXERCISES = sorted((ROOT / "exercises").glob("*.ipynb"))


@pytest.mark.parametrize("path", EXERCISES, ids=lambda path: path.stem)
def test_untouched_exercise_runs_without_an_error(path, student_folder):
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=300, resources={"metadata": {"path": str(student_folder)}}
    )
    client.execute(env={**os.environ, "SALESCOURSE_CODE": Company.load("demo").code})
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", [])]
    assert outputs
    assert [o.text for o in outputs if o.get("name") == "stderr"] == []
