"""Task 2: how much more must be sold to make up for a discount."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salescourse import pricing
from salescourse.answers import Absolute, Number
from salescourse.tasks import Mistake, Task
from salescourse.text import number, percent

if TYPE_CHECKING:
    from salescourse.company import Company

DISCOUNT = 5  # %: DOMAIN, E3.2


def margin(company: Company) -> float:
    """The company's margin, %, to one decimal, as the question prints it."""
    return company.memo("pricing-2.margin", lambda: round(pricing.margin(company), 1))


def more_to_sell(company: Company) -> float:
    """By how many per cent more must be sold with the discount for the same gross profit."""
    own = margin(company)
    return 100 * DISCOUNT / (own - DISCOUNT) if own > DISCOUNT else 0.0


def _markup(company: Company) -> float:
    own = margin(company)
    markup = 100 * own / (100 - own)
    return 100 * DISCOUNT / (markup - DISCOUNT)


def _of_old_margin(company: Company) -> float:
    return 100 * DISCOUNT / margin(company)


def _revenue(company: Company) -> float:
    return 100 * DISCOUNT / (100 - DISCOUNT)


def _times(company: Company) -> float:
    return 100 + more_to_sell(company)


def _details(company: Company) -> str:
    return (
        f"Маржа вашей фирмы за последние двенадцать месяцев — **{percent(margin(company))}**: "
        "сумма ВП к сумме выручки."
    )


def _explain(company: Company) -> str:
    own = margin(company)
    return (
        f"Было {number(own, 1)} ₽ ВП со 100 ₽ цены, осталось {number(own - DISCOUNT, 1)}: "
        f"{DISCOUNT}{chr(160)}% цены — это {percent(100 * DISCOUNT / own, 0)} вашей прибыли."
    ).replace(" ₽", "\u00a0₽")


COVER = Task(
    id="pricing-2",
    title="Цена скидки",
    question=(
        f"Продавец просит скидку **{DISCOUNT} %** «чтобы закрыть сделку». На сколько процентов "
        "больше надо продать штук, чтобы валовая прибыль осталась прежней?\n\n"
        "Маржа вашей фирмы — в строке ниже. Себестоимость от скидки не меняется. Ответ в "
        "процентах, ± 1 п.п.: если продать надо в полтора раза больше, ответ 50."
    ),
    kind=Number("%", Absolute(1)),
    truth=more_to_sell,
    estimator="скидка / (маржа − скидка), всё в процентах от цены до скидки",
    mistakes=(
        Mistake(
            "markup",
            _markup,
            "Похоже, вместо маржи взята наценка. Наценка — к себестоимости, а скидку дают с цены: "
            "считайте от маржи.",
        ),
        Mistake(
            "old-margin",
            _of_old_margin,
            "Похоже, вы поделили скидку на прежнюю маржу. Это доля отданной прибыли. Чтобы её "
            "вернуть, продавать придётся с оставшейся маржи: делите на маржу минус скидку.",
        ),
        Mistake(
            "revenue",
            _revenue,
            "Похоже, вы вернули прежнюю выручку. А нужна прежняя валовая прибыль: из цены сначала "
            "уходит себестоимость.",
        ),
        Mistake(
            "discount",
            lambda company: float(DISCOUNT),
            f"Скидка {DISCOUNT} % цены — это не {DISCOUNT} % прибыли: себестоимость осталась "
            "прежней.",
        ),
        Mistake(
            "times",
            _times,
            "Похоже, это сколько продать всего, в процентах от прежнего. Спрашивают, на сколько "
            "больше: вычтите 100.",
        ),
    ),
    hints=(
        "Скидка вся уходит из валовой прибыли: возьмите 100 ₽ цены и посмотрите, сколько осталось.",
        "Прежняя ВП / ВП со скидкой − 1. Маржа, а не наценка.",
        "100 * discount / (margin - ___)",
    ),
    points=3,
    source="DOMAIN, M31; IDENTIFIABILITY §4, E3.2",
    details=_details,
    explain=_explain,
)

TASKS = (COVER,)
