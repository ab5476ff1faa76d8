"""A plan from the cap and the income: shares of pay and attainment, closed formulas."""

from __future__ import annotations

import math
from typing import NamedTuple

from salescourse.errors import StudentError
from salescourse.measures import working
from salescourse.text import percent, roubles

HOLDS_FROM = 0.8  # the share is held from this attainment on: DOMAIN §1, decision 2
BASE_SHARE = 0.40  # of income at plan: DOMAIN, M35


class Target(NamedTuple):
    """What a seller's plan and pay must be so that the cap holds."""

    k0: float
    base: float
    bonus: float
    rate: float
    plan_gp: float
    plan_turnover: float

    @property
    def sentence(self) -> str:
        """То же словами."""
        return (
            f"План — {roubles(self.plan_gp)} ВП, это {roubles(self.plan_turnover)} оборота в "
            f"месяц. Оклад — {roubles(self.base)}, ставка — {percent(100 * self.rate, 2)} ВП; при "
            f"плане оплата забирает {percent(100 * self.k0, 2)} ВП."
        )


def _fraction(name: str, value: float, zero: bool = False) -> float:
    low = value >= 0 if zero else value > 0
    if not (low and value <= 1):
        raise StudentError(
            f"{name} пишем долей от 0 до 1: 10 процентов — это 0.10. Получено {value}."
        )
    return float(value)


@working(
    pandas="cap / (base_share / holds_from + 1 - base_share)",
    excel="=предел / (доля_оклада / 0,8 + 1 - доля_оклада)",
)
def share_at_plan(
    cap: float, base_share: float = BASE_SHARE, holds_from: float = HOLDS_FROM
) -> float:
    """Какой должна быть доля оплаты в ВП при 100 % плана, чтобы предел держался и ниже плана.

    Оклад платят всегда, поэтому на слабом месяце доля растёт. Если при плане взять ровно
    предел, схема пробьёт его уже на 99 %.

    Parameters
    ----------
    cap : предел ФОТ в ВП, доля: 0.10 — это 10 %
    base_share : доля оклада в доходе при плане
    holds_from : с какого выполнения плана предел должен держаться

    Returns
    -------
    k0, доля.

    Raises
    ------
    StudentError
        Доля дана в процентах или не от 0 до 1.

    Examples
    --------
    >>> round(100 * share_at_plan(0.10, 0.40), 2)
    9.09

    Метод: DOMAIN, M36; §1, решение 2.
    """
    cap, base_share = _fraction("Предел", cap), _fraction("Долю оклада", base_share, zero=True)
    if not 0 < holds_from <= 1:
        raise StudentError(f"Выполнение пишем долей плана от 0 до 1: 0.8, получено {holds_from}.")
    return cap / (base_share / holds_from + 1 - base_share)


@working(
    pandas="k0 * (base_share / attainment + 1 - base_share)",
    excel="=k0 * (доля_оклада / выполнение + 1 - доля_оклада)",
)
def share_at(attainment: float, k0: float, base_share: float = BASE_SHARE) -> float:
    """Доля оплаты в ВП при таком выполнении плана: схема без порога и ускорения.

    Examples
    --------
    >>> [round(100 * share_at(x, 0.10, 0.40), 1) for x in (0.6, 0.8, 1.2)]
    [12.7, 11.0, 9.3]

    Метод: k(x) = k0·(b/x + 1 − b), DOMAIN §1, решение 2.
    """
    return k0 * (base_share / attainment + 1 - base_share)


@working(
    pandas="base_share / (base_share + (1 - base_share) * attainment)",
    excel="=доля_оклада / (доля_оклада + (1 - доля_оклада) * выполнение)",
)
def mix_at(attainment: float, base_share: float = BASE_SHARE) -> float:
    """Доля оклада в доходе при таком выполнении плана.

    40 на 60 бывает только при 100 %: на 67 % плана доля оклада — половина, и это не ошибка.

    Examples
    --------
    >>> round(mix_at(2 / 3, 0.40), 2)
    0.5

    Метод: DOMAIN §1, решение 3.
    """
    return base_share / (base_share + (1 - base_share) * attainment)


@working(
    pandas="base_share * k0 / (cap - (1 - base_share) * k0)",
    excel="=доля_оклада * k0 / (предел - (1 - доля_оклада) * k0)",
)
def breaks_at(cap: float, k0: float, base_share: float = BASE_SHARE) -> float:
    """При каком выполнении плана схема пробивает предел: ниже него ФОТ уже дороже.

    Returns
    -------
    Доля плана; бесконечность, если предел не держится ни при каком выполнении.

    Raises
    ------
    StudentError
        Доля дана в процентах или не от 0 до 1.

    Examples
    --------
    >>> round(breaks_at(0.10, share_at_plan(0.10, 0.40), 0.40), 3)
    0.8
    >>> breaks_at(0.10, 0.20, 0.40)
    inf

    Метод: DOMAIN, E4.4: корень k(x) = K.
    """
    cap, k0 = _fraction("Предел", cap), _fraction("Долю при плане", k0)
    room = cap - (1 - base_share) * k0
    return base_share * k0 / room if room > 0 else math.inf


@working(
    pandas=(
        "k0 = motivation.share_at_plan(cap, base_share)\n"
        "plan_gp = income / k0\nplan_turnover = plan_gp / margin\nrate = (1 - base_share) * k0"
    ),
    excel="План ВП = доход / k0; план по обороту = план ВП / маржа; ставка = (1 - доля_оклада)*k0",
)
def plan_for(
    income: float,
    cap: float,
    margin: float,
    base_share: float = BASE_SHARE,
    holds_from: float = HOLDS_FROM,
) -> Target:
    """Какой план нужен, чтобы человек получал такой доход, а ФОТ не пробивал предел.

    Parameters
    ----------
    income : доход при 100 % плана, ₽ в месяц до налога
    cap : предел ФОТ в ВП, доля
    margin : маржа, доля ВП в выручке; наценка сюда не годится
    base_share : доля оклада при плане
    holds_from : с какого выполнения плана предел держится

    Returns
    -------
    k0 — доля оплаты в ВП при плане; base и bonus — оклад и бонус, ₽; rate — ставка с ВП;
    plan_gp и plan_turnover — планы по ВП и обороту, ₽ в месяц.

    Raises
    ------
    StudentError
        Доход не больше нуля или доля не от 0 до 1.

    Examples
    --------
    >>> need = plan_for(80_000, cap=0.10, margin=0.22)
    >>> round(need.plan_gp), round(need.plan_turnover), round(need.rate, 4)
    (880000, 4000000, 0.0545)

    Метод: DOMAIN, M36.
    """
    if not 0 < income < math.inf:
        raise StudentError(f"Доход должен быть больше нуля рублей в месяц, а не {income}.")
    k0 = share_at_plan(cap, base_share, holds_from)
    gp = income / k0
    return Target(
        k0=k0,
        base=base_share * income,
        bonus=(1 - base_share) * income,
        rate=(1 - base_share) * k0,
        plan_gp=gp,
        plan_turnover=gp / _fraction("Маржу", margin),
    )
