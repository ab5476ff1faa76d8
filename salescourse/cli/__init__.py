"""The `salescourse` command: every word of it, its help and its errors in Russian."""

from __future__ import annotations

from salescourse.cli.app import main

__all__ = ["main"]
