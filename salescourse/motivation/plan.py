"""`PayPlan`: one scheme of pay, and what it pays for a month or for a thousand of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from salescourse.errors import StudentError, nearest
from salescourse.measures import captioned, working
from salescourse.text import NBSP, clean, roubles, short

GP_PAID, GP_SHIPPED, REVENUE = "gp_paid", "gp_shipped", "revenue_paid"
BASES = {
    GP_PAID: "ВП оплаченных заказов",
    GP_SHIPPED: "ВП отгруженных заказов",
    REVENUE: "выручка оплаченных заказов",
}
LIMITS: dict[str, tuple[float, float]] = {  # what a field may be; outside it is a misprint
    "base": (0, 10_000_000),
    "rate": (0, 1),
    "plan_gp": (1, 10_000_000_000),
    "threshold": (0, 2),
    "accel_from": (0, 5),
    "accel_mult": (1, 5),
    "cap_attainment": (0, math.inf),
    "new_client_bonus": (0, 1_000_000),
    "passthrough_rate_mult": (0, 1),
    "quality_gate": (0, 1),
}
NAMES = {  # how each field is called in talk
    "base": "оклад",
    "rate": "ставка",
    "plan_gp": "план",
    "bonus_base": "бонус с",
    "threshold": "порог",
    "accel_from": "ускорение с",
    "accel_mult": "ускорение",
    "cap_attainment": "потолок",
    "new_client_bonus": "за нового клиента",
    "passthrough_rate_mult": "за проходные",
    "quality_gate": "без качества",
}
KNOWN_AS = {name: field for field, name in NAMES.items()} | {"план по ВП": "plan_gp"}
NEEDED = ("base", "rate", "plan_gp")
IN_ROUBLES = ("base", "plan_gp", "new_client_bonus")
HUNDREDTHS = "% до сотых"  # a unit: the cap is passed within a tenth of a per cent
OF_PLAN = ("threshold", "accel_from", "cap_attainment")
MOST_ATTAINED = 3.0  # plans: 90 typed for 90 per cent is far above it
CLIFF = 0.25  # of a month's pay for one per cent of plan: DOMAIN, M36, check 3
STEP = 0.01  # one per cent of plan


class Pay(NamedTuple):
    """Base and bonus of a month, ₽; arrays where arrays were given."""

    base: Any
    bonus: Any

    @property
    def total(self) -> Any:
        """Оклад и бонус вместе."""
        return self.base + self.bonus


@dataclass(frozen=True)
class PayPlan:
    """Схема оплаты продавца: те же поля, что в симуляторе и в ответе.

    Доли пишем долями: ставка 0.0545 — это 5,45 % с ВП.

    Parameters
    ----------
    base : оклад, ₽ в месяц
    rate : ставка бонуса, доля от базы бонуса
    plan_gp : план по ВП, ₽ в месяц
    bonus_base : с чего бонус: `"gp_paid"` — ВП оплаченных заказов, `"gp_shipped"` — ВП
        отгруженных, `"revenue_paid"` — выручка оплаченных
    threshold : порог; ниже такой доли плана бонуса нет, с порога — со всей суммы
    accel_from, accel_mult : с какой доли плана ставка растёт и во сколько раз; только на
        часть выше неё
    cap_attainment : потолок; за ВП выше такой доли плана бонуса нет
    new_client_bonus : за каждого нового клиента, ₽
    passthrough_rate_mult : доля ставки за проходные заявки; свою ВП кладём первой, проходную
        поверх неё
    quality_gate : на что умножить бонус, если условие по качеству не выполнено; 1 — условия нет

    Raises
    ------
    StudentError
        Поле не из схемы, пустое или не в разумных пределах.

    Examples
    --------
    >>> plan = PayPlan(base=32_000, rate=0.0545, plan_gp=880_000)
    >>> round(plan.pay(880_000).total)
    79960

    Метод: DOMAIN, M36 и M42.
    """

    base: float
    rate: float
    plan_gp: float
    bonus_base: str = GP_PAID
    threshold: float = 0.0
    accel_from: float = 1.0
    accel_mult: float = 1.0
    cap_attainment: float = math.inf
    new_client_bonus: float = 0.0
    passthrough_rate_mult: float = 1.0
    quality_gate: float = 1.0

    def __post_init__(self):
        if not isinstance(self.bonus_base, str) or self.bonus_base not in BASES:
            raise StudentError(wrong_base(self.bonus_base))
        for name, (low, high) in LIMITS.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float | np.number):
                given = clean(str(value), 40)
                raise StudentError(f"{_called(name)} — число, а дано «{given}».")
            if not low <= value <= high:
                raise StudentError(_beyond(name, float(value), low, high))
            object.__setattr__(self, name, float(value))

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> PayPlan:
        """Схема из словаря: из `.value` симулятора или набранного руками.

        Поля можно назвать и по-русски: оклад, ставка, план, порог, потолок.

        Raises
        ------
        StudentError
            Лишнее поле или нет обязательного: base, rate, plan_gp.

        Examples
        --------
        >>> PayPlan.of({"base": 32000, "rate": 0.0545, "plan_gp": 880000}).threshold
        0.0
        """
        config = in_english(config)
        known = [field.name for field in fields(cls)]
        for name in config:
            if name not in known:
                given = clean(str(name), 40)
                raise StudentError(f"В схеме нет поля «{given}».{_meant(given, known)}")
        if missing := [n for n in NEEDED if config.get(n) is None]:
            raise StudentError(_lacking(missing))
        return cls(**{name: value for name, value in config.items() if value is not None})

    @property
    def config(self) -> dict[str, Any]:
        """Поля схемы словарём, из него `PayPlan.of` делает её снова; нет потолка — нет поля."""
        known = asdict(self)
        if math.isinf(self.cap_attainment):  # a record holds plain numbers only
            del known["cap_attainment"]
        return known

    @property
    def on_revenue(self) -> bool:
        """Считается ли бонус с выручки."""
        return self.bonus_base == REVENUE

    @working(
        pandas=(
            "plan = план * отработано\n"
            "сверх = (gp.clip(upper=cap*plan) - accel_from*plan).clip(lower=0)\n"
            "зачёт = gp.clip(0, cap*plan) + (accel_mult - 1) * сверх\n"
            "бонус = rate * зачёт * (gp >= threshold*plan)"
        ),
        excel=(
            "=ЕСЛИ(ВП<порог*план; 0; ставка*(МИН(ВП; потолок*план) + "
            "(ускорение-1)*МАКС(0; МИН(ВП; потолок*план) - план)))"
        ),
    )
    def pay(
        self,
        gp: Any,
        *,
        pass_through: Any = 0.0,
        revenue: Any = None,
        worked: Any = 1.0,
        new_clients: Any = 0,
        quality: Any = True,
    ) -> Pay:
        """Сколько схема платит за месяц; вместо чисел можно дать столбцы одной длины.

        Parameters
        ----------
        gp : ВП месяца, ₽
        pass_through : сколько в ней проходных заявок, ₽
        revenue : выручка, ₽; нужна только схеме с выручки
        worked : какая доля месяца отработана; на неё делятся и оклад, и план
        new_clients : сколько новых клиентов оплатили впервые
        quality : выполнено ли условие по качеству

        Returns
        -------
        base, bonus и total — оклад, бонус и всё вместе, ₽.

        Raises
        ------
        StudentError
            Схема с выручки, а выручки нет.

        Examples
        --------
        >>> plan = PayPlan(32_000, 0.05, 800_000, accel_mult=2)
        >>> plan.pay(1_000_000).bonus  # 0.05 × (800 000 + 2 × 200 000)
        60000.0
        """
        gp, worked = np.asarray(gp, dtype=float), np.asarray(worked, dtype=float)
        total = np.maximum(gp, 0.0)
        passing = np.clip(np.asarray(pass_through, dtype=float), 0.0, total)
        plan = self.plan_gp * worked
        whole, own = self._credited(total, plan), self._credited(total - passing, plan)
        credited = own + self.passthrough_rate_mult * (whole - own)
        if self.on_revenue:
            if revenue is None:
                raise StudentError("Бонус этой схемы — с выручки: дайте revenue.")
            revenue = np.maximum(np.asarray(revenue, dtype=float), 0.0)
            # without profit there is nothing to credit in parts: revenue counts whole
            part = np.divide(credited, total, out=np.ones_like(credited), where=total > 0)
            credited = revenue * part
        reached = total >= self.threshold * plan * (1 - 1e-12)
        bonus = self.rate * credited * reached + self.new_client_bonus * np.asarray(new_clients)
        bonus = bonus * np.where(quality, 1.0, self.quality_gate) * (worked > 0)
        base = np.broadcast_to(self.base * worked, bonus.shape)
        if bonus.ndim == 0:
            return Pay(float(base), float(bonus))
        return Pay(base, bonus)

    def _credited(self, gp: np.ndarray, plan: np.ndarray) -> np.ndarray:
        """₽ of profit that count for the bonus: up to the ceiling, more above the plan."""
        if math.isfinite(self.cap_attainment):
            gp = np.minimum(gp, self.cap_attainment * plan)
        if self.accel_mult == 1:
            return gp
        return gp + (self.accel_mult - 1) * np.maximum(gp - self.accel_from * plan, 0.0)

    def at(self, attainment: Any, margin: float | None = None) -> Pay:
        """Pay of a full month at this attainment, without pass-through."""
        gp = np.asarray(attainment, dtype=float) * self.plan_gp
        if not self.on_revenue:
            return self.pay(gp)
        if not margin:
            raise StudentError("Бонус этой схемы — с выручки: дайте маржу, например 0.22.")
        return self.pay(gp, revenue=gp / margin)

    @working(
        pandas="ВП = выполнение * план\n100 * оплата(ВП) / ВП",
        excel="Строки — выполнение от 50 до 150 %, столбцы — ВП, оклад, бонус, их доля в ВП.",
    )
    def curve(self, attainments: Any, margin: float | None = None) -> pd.DataFrame:
        """Сколько получает продавец и сколько это от ВП при разном выполнении плана.

        Parameters
        ----------
        attainments : доли плана, например [0.6, 0.8, 1.0]
        margin : маржа; нужна только схеме с выручки

        Returns
        -------
        Строка — выполнение, %. gp — ВП, ₽; base, bonus, total — оплата, ₽; share — оплата в
        ВП, %; mix — оклад в оплате, %.

        Raises
        ------
        StudentError
            Выполнение дано в процентах, а не долей плана.

        Examples
        --------
        >>> PayPlan(32_000, 0.0545, 880_000).curve([0.8, 1.0])["share"].round(1).tolist()
        [10.0, 9.1]
        """
        x = _attainments(attainments)
        pay, gp = self.at(x, margin), x * self.plan_gp
        with np.errstate(divide="ignore", invalid="ignore"):
            rows = pd.DataFrame(
                {
                    "gp": gp,
                    "base": pay.base,
                    "bonus": pay.bonus,
                    "total": pay.total,
                    "share": 100 * pay.total / gp,
                    "mix": 100 * pay.base / pay.total,
                },
                index=pd.Index(np.round(100 * x, 6), name="attainment"),
            )
        captions = {
            "attainment": "Выполнение, %",
            "gp": "ВП",
            "base": "Оклад",
            "bonus": "Бонус",
            "total": "Всего",
            "share": "Оплата в ВП",
            "mix": "Оклад в оплате",
        }
        roubles = dict.fromkeys(("gp", "base", "bonus", "total"), "₽")
        return captioned(rows, captions, share=HUNDREDTHS, mix="%", **roubles)

    def steepest(self, margin: float | None = None, upto: float = 1.5) -> tuple[float, float]:
        """The sharpest rise of pay within one per cent of plan: (attainment, part of pay)."""
        x = np.arange(round(upto / STEP) + 1) * STEP
        total = self.at(x, margin).total
        rise = np.diff(total)
        part = np.divide(
            rise, total[:-1], out=np.where(rise > 0, np.inf, 0.0), where=total[:-1] > 0
        )
        # the first step of a scheme without a base is from nothing: no cliff
        if not self.base:
            part[0] = 0.0
        place = int(np.argmax(part))
        return float(x[place + 1]), float(part[place])

    def cliff(self, margin: float | None = None) -> float | None:
        """The attainment where pay jumps by more than a quarter; None if it nowhere does."""
        place, part = self.steepest(margin)
        return place if part > CLIFF else None


def _meant(name: str, known: list[str]) -> str:
    """«plan» begins `plan_gp`, «оклад» is called so; else the nearest of the names, or all."""
    found = in_english({name: 0})
    begun = [field for field in known if field in found or field.startswith(name.casefold())]
    if name.strip() and begun:
        return f" Возможно, вы имели в виду «{begun[0]}»."
    return nearest(name, known) or f" Есть {', '.join(known)}."


def _attainments(given: Any) -> np.ndarray:
    """Parts of the plan; per cent given for them is a slip worth a sentence."""
    try:
        x = np.atleast_1d(np.asarray(given, dtype=float))
    except (TypeError, ValueError):
        x = np.array([np.nan])
    odd = x[~((x >= 0) & (x <= MOST_ATTAINED))]
    if len(odd):
        value = f" Получено {short(odd[0], 2)}." if math.isfinite(odd[0]) else ""
        raise StudentError(f"Выполнение пишем долей: 90{NBSP}% плана — это 0.9.{value}")
    return x


def as_plan(given: Any) -> PayPlan:
    """A scheme given itself, as a simulator that holds it, or as the simulator's settings."""
    if isinstance(given, PayPlan):
        return given
    if isinstance(plan := getattr(given, "plan", None), PayPlan):
        return plan
    if isinstance(given, Mapping):
        return PayPlan.of(given)
    raise StudentError(
        "Дайте схему: simulator.plan или motivation.PayPlan(base=..., rate=..., plan_gp=...)."
    )


def in_english(config: Mapping[Any, Any]) -> dict[Any, Any]:
    """The same settings with the names of the fields: «оклад» is base."""
    known = {name.casefold(): field for name, field in KNOWN_AS.items()}

    def field(name: Any) -> Any:
        plain = " ".join(name.split()).casefold() if isinstance(name, str) else None
        return known.get(plain, name)

    return {field(name): value for name, value in config.items()}


def wrong_base(given: Any) -> str:
    """What may stand in `bonus_base`."""
    typed = clean(str(given), 40)
    words = ", ".join(f'"{key}" — {caption}' for key, caption in BASES.items())
    return f"bonus_base не бывает «{typed}». Напишите одно из слов: {words}.{nearest(typed, BASES)}"


def _called(name: str) -> str:
    return f"{name} ({NAMES[name]})"


def _lacking(names: list[str]) -> str:
    missing = ", ".join(map(_called, names))
    return f"В схеме не хватает: {missing}. Так: PayPlan(base=32000, rate=0.0545, plan_gp=880000)."


def _beyond(name: str, value: float, low: float, high: float) -> str:
    def shown(x: float) -> str:
        if not math.isfinite(x):
            return "бесконечность" if x > 0 else "не число"
        return roubles(x) if name in IN_ROUBLES else short(x, 4)

    room = f"от {shown(low)} до {shown(high)}" if math.isfinite(high) else f"не меньше {shown(low)}"
    text = f"{_called(name)}: {shown(value)} не годится, нужно {room}."
    if name == "rate":
        return f"{text} Ставку пишем долей: 5,45{NBSP}% — это 0.0545."
    if name in OF_PLAN:
        return f"{text} Пишем долей плана: 1 — это 100{NBSP}%."
    return text
