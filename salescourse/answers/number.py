"""A number with a unit and a tolerance; an interval of two."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from salescourse.answers.kind import WHOLE, Absolute, Kind, NotUnderstood, Relative, Tolerance
from salescourse.answers.raw import Strange, shown, simplify, single
from salescourse.text import NBSP, number, parse_number, roubles, short

if TYPE_CHECKING:
    from salescourse.company import Company

IN_UNITS = {
    "%": "число в процентах, например 8.5",
    "п.п.": "число в процентных пунктах, например 2.5",
    "₽": "число в рублях, например 1250000",
    "шт.": "целое число, например 120",
    "дн.": "число дней, например 30",
}
SAME = ({"%", "п.п."},)  # units that a person does not tell apart when typing


EXACTLY = Absolute(0)


class Read(float):
    """A number, with how it was typed: its unit if there was one, and what was understood."""

    unit = ""
    scaled = False
    note = ""


def joined(plain: Any) -> Any:
    """`check(task, 8,5)` gives Python two whole numbers: they are 8.5."""
    if type(plain) is not tuple or len(plain) != 2 or not all(type(p) is int for p in plain):
        return plain
    whole, rest = plain
    if rest < 0 or abs(whole) > 10**15 or rest > 10**15:
        return plain
    value = Read(f"{whole}.{rest}")
    value.note = f"Прочитал «{whole},{rest}» как {short(value, 12)}."
    return value


@dataclass(frozen=True)
class Number(Kind):
    """One number; `fraction_trap` asks back about 0.085 where 8.5 % may be meant."""

    unit: str = ""
    tolerance: Tolerance = EXACTLY
    fraction_trap: bool = True
    digits: int | None = None

    def parse(self, raw: Any, company: Company) -> Read:
        if type(raw) is Read:
            return raw
        plain = single(joined(simplify(raw)))
        if type(plain) is Read:
            return plain
        if type(plain) in (int, float):
            return Read(plain)
        if type(plain) is not str:
            raise NotUnderstood(self._refuse(plain))
        typed = parse_number(plain)
        if typed is None:
            raise NotUnderstood(self._refuse(plain))
        if typed.unit and not self._fits(typed.unit):
            raise NotUnderstood(
                f"Вы ответили {shown(plain)}, а ответ нужен в других единицах: {self.expects()}."
            )
        value = Read(typed.value)
        value.unit, value.scaled = typed.unit, typed.scaled
        return value

    def _fits(self, unit: str) -> bool:
        return unit == self.unit or any({unit, self.unit} <= same for same in SAME)

    def _refuse(self, plain: Any) -> str:
        if type(plain) in (list, tuple, dict) and len(plain):
            given = f"Вы передали несколько значений ({len(plain)})"
        elif type(plain) is Strange:
            given = f"Вместо числа передано: {plain.what}"
        else:
            given = f"Не понял ответ {shown(plain)}"
        return f"{given}. Нужно {self.expects()}."

    def expects(self, company: Company | None = None) -> str:
        return IN_UNITS.get(self.unit) or ("число" + (f" ({self.unit})" if self.unit else ""))

    def close(self, a: float, b: float, company: Company | None = None, times: float = 1) -> bool:
        return self.gap(a, b, b, company) <= times

    def gap(self, a: float, b: float, truth: float, company: Company | None = None) -> float:
        """|a − b| in tolerances around the truth; floating dust is forgiven."""
        width = self.tolerance.width(float(truth), company)
        dust = 1e-9 * max(1.0, abs(float(b)))
        gap = max(abs(float(a) - float(b)) - dust, 0.0) / max(width, dust)
        return gap if gap == gap else math.inf  # a NaN is near nothing

    def score(self, value: float, truth: float, company: Company) -> dict[str, float]:
        return {WHOLE: float(self.close(value, truth, company))}

    def distance(self, value, other, truth, company) -> float | None:
        # A mistake's own size sets the width of a relative tolerance, as it does for the truth.
        gap = self.gap(value, other, other, company)
        return gap if gap <= 1 else None

    def separation(self, wrong, truth, company) -> float:
        return self.gap(wrong, truth, truth, company)

    def doubt(self, value: float, plausible: list, company: Company) -> str | None:
        if not self.fraction_trap or value == 0 or getattr(value, "unit", ""):
            return None
        sizes = [abs(float(p)) for p in plausible]
        if self.unit == "%" and abs(value) <= 1 and all(s > 1 for s in sizes):
            return (
                f"Вы ответили {short(value, 6)}: это доля или проценты? Ответ нужен в процентах. "
                f"Если вы считали долю, напишите {_code(100 * value)}; если и правда "
                f'{short(value, 6)}{NBSP}%, напишите "{short(value, 6)} %".'
            )
        thousand = self.unit == "₽" and not getattr(value, "scaled", False)
        small = abs(value) < 1000 and all(s >= max(500, 20 * abs(value)) for s in sizes)
        if thousand and small:
            return (
                f"Вы ответили {short(value, 6)}: это рубли или тысячи? Ответ нужен в рублях. "
                f"Если это тысячи, напишите {_code(1000 * value)}; если рубли — "
                f'"{short(value, 6)} ₽".'
            )
        return None

    def note(self, value: Any) -> str:
        return getattr(value, "note", "")

    def show(self, value: float, company: Company | None = None) -> str:
        if self.unit == "₽":
            return roubles(value)
        digits = self.digits
        if digits is None:
            fine = self.tolerance.amount if isinstance(self.tolerance, Absolute) else 0.1
            digits = 1 if fine > 0 else 0
        text = number(value, digits)
        return f"{text}{NBSP}{self.unit}" if self.unit else text

    def to_json(self, value: float) -> float | int | str:
        unit = getattr(value, "unit", "") or (getattr(value, "scaled", False) and self.unit)
        if unit and abs(value) < 1000:  # what was typed beside the number settled a doubt
            return f"{float(value)!r} {unit}"
        return int(value) if value == math.floor(value) and abs(value) < 2**53 else float(value)


def _code(value: float) -> str:
    """A number as Python wants it."""
    return f"{value:.10g}"


_END = r"[+\-\u2212\u2013]?\s*\d[^;…–—-]*?"
_ENDS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?i:от)\s+(.+?)\s+(?i:до)\s+(.+)",
        r"([^;]+);([^;]+)",
        r"([^…]+?)\s*(?:…|\.{2,3})\s*([^…]+)",
        r"(.+?)\s+(?i:до)\s+(.+)",
        r"([^,]+(?:,\d+)?),\s+(.+)",
        # A dash between two numbers; «-179 -50», a space on one side only, has a minus there.
        rf"({_END})\s+[–—-]\s+([+\-\u2212\u2013]?\s*\d.*)",
        rf"({_END}(?<!\s))[–—-]([+\-\u2212]?\d.*)",
    )
)


def _two_ends(text: str) -> list[str] | None:
    """«от −179 до 1 053 ₽», «−179; 1053», «-179, 1053», «−179…1053», «5–9 %» as two texts."""
    line = text.strip().strip("()[]«»").strip()
    for pattern in _ENDS:
        found = pattern.fullmatch(line) if len(line) <= 100 else None
        if found and all(map(parse_number, found.groups())):
            return [end.strip() for end in found.groups()]
    return None


@dataclass(frozen=True)
class Interval(Kind):
    """Two ends; each is right within 0.15 of the true interval's half-width."""

    unit: str = ""
    share: float = 0.15
    ends = ("от", "до")
    stub = '{\n    "от": ...,\n    "до": ...,\n}'

    def parse(self, raw: Any, company: Company) -> tuple[float, float]:
        plain = simplify(raw)
        if isinstance(plain, dict) and set(plain) == set(self.ends):
            plain = [plain[end] for end in self.ends]
        if type(plain) is str:
            plain = _two_ends(plain) or plain
        if type(plain) not in (list, tuple) or len(plain) != 2:
            raise NotUnderstood(self._refuse(plain))
        cell = self._cell
        low, high = (cell.parse(end, company) for end in plain)
        if low.scaled != high.scaled:  # «1,2–3,4 млн»: thousands of what?
            raise NotUnderstood("Напишите обе границы целиком, числами без «тыс.» и «млн».")
        if low > high:
            raise NotUnderstood("Нижняя граница больше верхней. Поменяйте их местами.")
        return low, high

    @property
    def _cell(self) -> Number:
        return Number(self.unit, Relative(0))

    def _refuse(self, plain: Any) -> str:
        several = type(plain) in (list, tuple) and len(plain) in (3, 4)
        if several and all(type(part) is int for part in plain):
            return (
                f"Чисел {len(plain)}, а границ две. Дробную часть в Python отделяет точка: "
                "(-179.4, 1052.6), запятая стоит только между границами."
            )
        return f"Не понял ответ {shown(plain)}. Нужно {self.expects()}."

    def expects(self, company: Company | None = None) -> str:
        return f"две границы, например {'(-200, 1100)' if self.unit == '₽' else '(1.2, 3.4)'}"

    def score(self, value, truth, company) -> dict[str, float]:
        return dict(
            zip(self.ends, (float(g <= 1) for g in self._gaps(value, truth, truth)), strict=True)
        )

    def _gaps(self, value, other, truth) -> list[float]:
        kind = Number(self.unit, Absolute(self.share * abs(truth[1] - truth[0]) / 2))
        return [kind.gap(v, o, o) for v, o in zip(value, other, strict=True)]

    def weights(self, company) -> dict[str, float]:
        return dict.fromkeys(self.ends, 1.0)

    def distance(self, value, other, truth, company) -> float | None:
        worst = max(self._gaps(value, other, truth))
        return worst if worst <= 1 else None

    def separation(self, wrong, truth, company) -> float:
        return max(self._gaps(wrong, truth, truth))

    def doubt(self, value, plausible, company) -> str | None:
        asked = [
            self._cell.doubt(end, [p[i] for p in plausible], company) for i, end in enumerate(value)
        ]
        return f"{self.ends[0]}: {asked[0]}" if all(asked) else None

    def show(self, value, company) -> str:
        kind = Number(self.unit, Absolute(0.1))
        return f"от {kind.show(value[0])} до {kind.show(value[1])}"

    def to_json(self, value) -> list:
        return [self._cell.to_json(end) for end in value]
