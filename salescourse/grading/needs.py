"""Libraries of the `grade` extra, imported when first needed."""

from __future__ import annotations

import importlib
from types import ModuleType

from salescourse.errors import StudentError


def library(name: str) -> ModuleType:
    """The library, or a Russian error that says how to install it."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise StudentError(
            f"Для проверки работ не хватает библиотеки {name.partition('.')[0]}. "
            'Установите её: pip install "salescourse[grade]".'
        ) from error
