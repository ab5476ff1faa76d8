"""Курс руководителя отдела продаж: `from salescourse import *` в первой ячейке тетради."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

__version__ = "0.1.0"

_HOME = {  # where each name a student types lives
    "my_company": "session",
    "check": "session",
    "question": "session",
    "hint": "session",
    "progress": "session",
    "submit": "session",
    "how": "session",
    "show": "cards",
    "Company": "company",
}
_MODULES = ("funnel", "pricing", "motivation", "ladder", "measures", "charts", "widgets")

__all__ = [*_HOME, *_MODULES]


class _Later(ModuleType):  # a star import asks for every module: each is read at its first use
    __doc__ = property(lambda self: import_module(self.__name__).__doc__)

    def __getattr__(self, name: str):
        return getattr(import_module(self.__name__), name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(import_module(self.__name__), name, value)

    def __delattr__(self, name: str) -> None:
        delattr(import_module(self.__name__), name)

    def __dir__(self) -> list[str]:
        return dir(import_module(self.__name__))


def __getattr__(name: str):
    """A name on first use; with the first command, errors begin to speak Russian."""
    if name in _MODULES:
        return _Later(f"{__name__}.{name}")
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    if name == "check":
        import_module(f"{__name__}.rescue").install()
    else:
        globals()[name] = found  # `check` stays lazy: a new shell needs its own handler
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
