"""Any object whatever, made into plain Python without running a line of the student's code.

Types are looked at through `type()` and read through the base class's own methods, so an
object that raises from `__eq__`, `__repr__`, `__iter__` or `__float__` is never asked.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

from salescourse.text import clean, short

DEPTH, SIZE, TEXT = 4, 500, 2000  # nesting, elements and letters that an answer may have
TOTAL = 5000  # elements at all depths: lists that hold one list many times grow without end
STUBS = ("", "...", "…")


@dataclass(frozen=True)
class Strange:
    """Something that can't be an answer; `what` names it in Russian."""

    what: str


class Labelled(dict):
    """Values under names from a pandas Series or table."""


def simplify(raw: Any) -> Any:
    """None, ..., bool, int, float, str, list, tuple, dict, `Labelled` or `Strange` of it."""
    return raw if type(raw) in (Labelled, Strange) else _Reading().read(raw, 0)


class _Reading:
    """One answer being read, with the number of elements it may still have."""

    def __init__(self) -> None:
        self.left = TOTAL

    def read(self, raw: Any, depth: int) -> Any:
        try:
            return self._read(raw, depth)
        except Exception:  # a broken object of a library: nothing of it may reach the student
            return Strange("что-то непонятное")

    def _read(self, raw: Any, depth: int) -> Any:
        kind = type(raw)
        self.left -= 1
        if raw is None or raw is ... or kind is bool or kind is Strange:
            return raw
        if depth > DEPTH or self.left < 0:
            return Strange("слишком много вложенных скобок")
        if issubclass(kind, int):
            number = int.__int__(raw)
            return number if number.bit_length() < 990 else Strange("слишком большое число")
        if issubclass(kind, float):
            return _finite(float.__float__(raw))
        if issubclass(kind, str):
            text = str.__str__(raw)
            return text if str.__len__(text) <= TEXT else Strange("слишком длинный текст")
        if issubclass(kind, dict):
            return self._pairs(dict.__len__(raw), dict.items(raw), depth)
        for base in (list, tuple, set, frozenset):
            if issubclass(kind, base):
                size, items = base.__len__(raw), base.__iter__(raw)
                return self._items(size, items, depth, tuple if base is tuple else list)
        if any(kind is view for view in (type({}.keys()), type({}.values()), range)):
            return self._items(len(raw), iter(raw), depth, list)
        return self._of_library(raw, kind, depth)

    def _of_library(self, raw: Any, kind: type, depth: int) -> Any:
        numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
        if numpy and issubclass(kind, numpy.floating):
            return _finite(numpy.generic.__float__(raw))
        if numpy and issubclass(kind, numpy.generic):
            return self._plain_only(numpy.generic.item(raw), depth)
        if numpy and issubclass(kind, numpy.ndarray):
            if numpy.ndarray.size.__get__(raw) > SIZE:
                return Strange("слишком длинный список")
            masked = "numpy.ma" in sys.modules and issubclass(kind, numpy.ma.MaskedArray)
            array = numpy.ma.MaskedArray if masked else numpy.ndarray
            return self.read(array.tolist(raw), depth)
        if pandas and (raw is pandas.NA or raw is pandas.NaT):
            return Strange("пустое значение")
        if pandas and (kind is pandas.Series or kind is pandas.DataFrame):
            return self._table(raw, pandas, depth)
        if pandas and issubclass(kind, pandas.Index):
            size, items = pandas.Index.__len__(raw), pandas.Index.__iter__(raw)
            return self._items(size, items, depth, list)
        for module, name in EXACT:
            if module in sys.modules and kind is getattr(sys.modules[module], name):
                return _finite(float(raw))
        return Strange(_named(kind))

    def _plain_only(self, value: Any, depth: int) -> Any:
        plain = type(value) in (bool, int, float, str)
        return self._read(value, depth) if plain else Strange("дата или другое не число")

    def _items(self, size: int, items: Any, depth: int, make: type) -> Any:
        if size > SIZE:
            return Strange("слишком длинный список")
        return make([self.read(item, depth + 1) for item in items])

    def _pairs(self, size: int, pairs: Any, depth: int) -> Any:
        if size > SIZE:
            return Strange("слишком длинная таблица")
        made = {self._key(key): self.read(value, depth + 1) for key, value in pairs}
        return made if len(made) == size else Strange("таблица с повторами в названиях строк")

    def _table(self, raw: Any, pandas: Any, depth: int) -> Any:
        if raw.shape[0] > SIZE:
            return Strange("слишком длинная таблица")
        if type(raw) is pandas.Series:
            return self._labelled(raw.index.tolist(), raw.tolist(), depth)
        if raw.shape[1] == 1:
            return self._table(raw.iloc[:, 0], pandas, depth)
        if raw.shape[1] == 2 and type(raw.index) is pandas.RangeIndex:
            return self._labelled(raw.iloc[:, 0].tolist(), raw.iloc[:, 1].tolist(), depth)
        return Strange('таблица из нескольких столбцов, а нужен один: rows["столбец"]')

    def _labelled(self, names: list, values: list, depth: int) -> Any:
        made = self._pairs(len(names), zip(names, values, strict=True), depth)
        return Labelled(made) if type(made) is dict else made

    def _key(self, key: Any) -> Any:
        plain = self.read(key, DEPTH)
        return plain if type(plain) in (str, int, float, bool) else Strange("непонятное название")


def _finite(number: float) -> Any:
    if number != number:
        return Strange("пустое значение (NaN)")
    return number if abs(number) < 1e290 else Strange("бесконечность")


EXACT = (("decimal", "Decimal"), ("fractions", "Fraction"))
NAMES = {
    "function": "функция без скобок в конце: нужен её результат",
    "method": "функция без скобок в конце: нужен её результат",
    "builtin_function_or_method": "функция без скобок в конце: нужен её результат",
    "type": "функция без скобок в конце: нужен её результат",
    "generator": "перебор, а не готовое значение",
    "module": "набор функций, а не их результат",
    "Company": "компания целиком",
    "complex": "комплексное число",
    "Timestamp": "дата",
    "datetime": "дата",
    "date": "дата",
    "Picture": "рисунок",
    "Figure": "рисунок",
    "PriceSheet": "симулятор целиком: допишите в конце .value",
    "Velocity": "симулятор целиком: допишите в конце .value",
    "PaySimulator": "симулятор целиком: допишите в конце .value",
    "PayPlan": "схема целиком: допишите в конце .config",
    "LadderEditor": "симулятор целиком: допишите в конце .value",
    "Ladder": "лестница целиком: допишите в конце .value",
}


def _named(kind: type) -> str:
    name = str.__str__(type.__dict__["__name__"].__get__(kind))  # past a hostile metaclass
    return NAMES.get(name) or f"объект {clean(name, 30)}"


def untouched(plain: Any) -> bool:
    """Nothing filled in: the stub as the exercise gives it."""
    if plain is None or plain is ...:
        return True
    if type(plain) is str:
        return plain.strip() in STUBS
    if type(plain) in (list, tuple):
        return all(untouched(item) for item in plain)
    if type(plain) in (dict, Labelled):
        return all(untouched(item) for item in plain.values())
    return False


def single(plain: Any) -> Any:
    """The only element of a one-element list or Series, else the same."""
    while type(plain) in (list, tuple, Labelled) and len(plain) == 1:
        plain = next(iter(plain.values() if type(plain) is Labelled else plain))
    return plain


def refused(plain: Any) -> str:
    """«Не понял ответ «восемь»», «Не понял ответ: таблица целиком»."""
    told = shown(plain)
    return f"Не понял ответ{' ' if told.startswith('«') else ': '}{told}"


def shown(plain: Any) -> str:
    """How to name the student's answer back to them."""
    if type(plain) is Strange:
        return plain.what
    if type(plain) is str:
        return f"«{clean(plain, 40)}»"
    if type(plain) is bool:
        return f"{plain} (это «{'да' if plain else 'нет'}», а не число)"
    if type(plain) in (int, float):
        return f"«{short(plain, 6)}»" if abs(plain) < 1e15 else "слишком большое число"
    if type(plain) in (list, tuple):
        return f"список из {len(plain)}" if plain else "пустой список"
    if type(plain) in (dict, Labelled):
        return "таблица" if plain else "пустая таблица"
    return "«...»"
