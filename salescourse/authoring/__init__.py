"""From readable sources to the notebooks that students and CI meet.

`notebooks/src/NN_slug.py` becomes an executed lesson; `exercises/src/NN_slug.py`
becomes the student's notebook (stubs, no outputs) and the solved one (executed).
"""

from __future__ import annotations

from salescourse.authoring.datasets import build_datasets
from salescourse.authoring.notebooks import build
from salescourse.authoring.reference import reference_answers
from salescourse.authoring.source import BuildError

__all__ = ["BuildError", "build", "build_datasets", "reference_answers"]
