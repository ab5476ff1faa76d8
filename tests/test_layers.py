"""The floors of the package: a module imports only from floors below its own."""

from __future__ import annotations

from pathlib import Path

from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[1]


def test_modules_import_only_from_floors_below(monkeypatch, capfd):
    monkeypatch.chdir(ROOT)
    code = lint_imports(config_filename="pyproject.toml", no_cache=True, verbose=False)
    assert code == 0, capfd.readouterr().out
