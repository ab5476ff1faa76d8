"""What notebooks and tests run with: one company, no journal, a font cache made beforehand."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent
CACHE = ROOT / ".pytest_cache" / "matplotlib"

# Somebody's matplotlibrc must not change figures, nor an old kernel of theirs run notebooks.
os.environ["MPLCONFIGDIR"] = str(CACHE)
os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"
os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")  # or ipykernel warns on stderr


def kernel_environment() -> dict[str, str]:
    """What a build sets for kernels (salescourse.authoring), read without importing it."""
    manifest = json.loads((ROOT / "datasets/demo/manifest.json").read_text(encoding="utf-8"))
    return {
        "SALESCOURSE_BUILD": "1",
        "SALESCOURSE_CODE": manifest["code"],
        "PYTHONHASHSEED": "0",
    }


def pytest_configure(config: pytest.Config) -> None:
    """Look through the fonts once, before workers and kernels start."""
    if not hasattr(config, "workerinput") and not list(CACHE.glob("fontlist*.json")):
        CACHE.mkdir(parents=True, exist_ok=True)
        import matplotlib.font_manager  # noqa: F401


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item):
    """A notebook's kernel starts under the setup of its first cell."""
    if item.path.suffix != ".ipynb":
        return (yield)
    before = dict(os.environ)
    os.environ.update(kernel_environment())
    try:
        return (yield)
    finally:
        os.environ.clear()
        os.environ.update(before)
