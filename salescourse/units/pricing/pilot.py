"""Tasks 4 and 5: what the pilot brought a quote, how sure it is, and what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from salescourse.answers import Choice, Interval, Number, Parts, Relative
from salescourse.pricing import trial
from salescourse.tasks import Mistake, Task
from salescourse.text import number, plural, roubles

if TYPE_CHECKING:
    from salescourse.company import Company

ONE, THREE, RANGE = "одна", "три", "интервал"
GO, GO_ON, STOP = "внедрять", "продлить", "закрыть"
VERDICTS = (
    (GO, "Внедрять: показывать три цены всем"),
    (GO_ON, "Продлить: данных для решения мало"),
    (STOP, "Закрыть: вернуться к одной цене"),
)
SAID = (  # as the question has them
    (GO, "внедряем внедрить внедрим"),
    (GO_ON, "продлеваем продлевать продлим"),
    (STOP, "закрываем закрывать закроем"),
)
NARROW = 1.0  # standard errors, of those who take the error itself for the interval


def found(company: Company, per: str = "quote", of: str = "gp") -> dict[int, np.ndarray]:
    """Money of each row of the two arms."""
    return company.memo(("pricing-4", per, of), lambda: trial.arms(company, per, of))


def interval(company: Company, per: str = "quote", of: str = "gp") -> trial.Interval:
    """Three prices less one."""
    arms = found(company, per, of)
    return trial.between(arms[1], arms[3])


def per_quote(company: Company) -> dict[str, Any]:
    """Gross profit a quote of each arm, and the interval of their difference, ₽."""
    return _answer(company, "quote", "gp")


def _answer(company: Company, per: str, of: str) -> dict[str, Any]:
    arms, ends = found(company, per, of), interval(company, per, of)
    return {
        ONE: float(arms[1].mean()),
        THREE: float(arms[3].mean()),
        RANGE: (ends.low, ends.high),
    }


def _means(company: Company, per: str, of: str) -> dict[str, Any]:
    whole = _answer(company, per, of)
    return {ONE: whole[ONE], THREE: whole[THREE]}


def _turned(company: Company) -> dict[str, Any]:
    ends = interval(company)
    return {RANGE: (-ends.high, -ends.low)}


def _one_error(company: Company) -> dict[str, Any]:
    ends = interval(company)
    half = NARROW * (ends.high - ends.low) / 2 / trial.SURE
    return {RANGE: (ends.difference - half, ends.difference + half)}


def _of_three_alone(company: Company) -> dict[str, Any]:
    money = found(company)[3]
    half = trial.SURE * float(money.std(ddof=1)) / len(money) ** 0.5
    return {RANGE: (float(money.mean()) - half, float(money.mean()) + half)}


def _spread(company: Company) -> dict[str, Any]:
    arms, ends = found(company), interval(company)
    half = trial.SURE * float(np.sqrt(sum(a.var(ddof=1) for a in arms.values())))
    return {RANGE: (ends.difference - half, ends.difference + half)}


def _explain(company: Company) -> str:
    sold = found(company, "sale")
    quotes = {arm: len(rows) for arm, rows in found(company).items()}
    one, three = (100 * len(sold[arm]) / quotes[arm] for arm in (1, 3))
    return (
        f"Купили {number(one, 1)} и {number(three, 1)} из ста; разница "
        f"{roubles(interval(company).difference)} на каждое КП."
    )


PILOT = Task(
    id="pricing-4",
    title="Что дал пилот",
    question=(
        "Десять месяцев в КП действующим клиентам по жребию стояла одна цена или три (метка "
        "«пилот»). Сколько **валовой прибыли на одно КП** принесла каждая ветка и в каких "
        "пределах лежит разница?\n\n"
        "- **одна** и **три** — ВП на одно КП, в рублях, ± 2 %. Делим на **все КП** ветки, с "
        "отказами и ещё открытыми;\n"
        "- **интервал** — 95-процентный интервал разницы «три минус одна», в рублях: "
        "разница ± 1,96 стандартной ошибки. Бутстреп тоже годится."
    ),
    kind=Parts(
        {
            ONE: (Number("₽", Relative(0.02)), 1),
            THREE: (Number("₽", Relative(0.02)), 1),
            RANGE: (Interval("₽"), 2),
        }
    ),
    truth=per_quote,
    estimator="средние по всем КП ветки, отказ — ноль; Δ ± 1,96·√(s₁²/n₁ + s₀²/n₀)",
    mistakes=(
        Mistake(
            "per-sale",
            lambda company: _means(company, "sale", "gp"),
            "Похоже, вы поделили на проданные. Но КП пишут всем, и отказ тоже чего-то стоит: "
            "делите на все КП ветки, у отказа ноль.",
        ),
        Mistake(
            "revenue",
            lambda company: _means(company, "quote", "revenue"),
            "Похоже, это выручка. Дорогой вариант приносит больше выручки и тогда, когда на нём "
            "ничего не зарабатывают. Возьмите валовую прибыль.",
        ),
        Mistake(
            "swapped",
            lambda company: {ONE: per_quote(company)[THREE], THREE: per_quote(company)[ONE]},
            "Числа похожи на верные, но стоят не на своих местах: одна цена и три перепутаны.",
            gated=False,
        ),
        Mistake(
            "turned",
            _turned,
            "Похоже, вы вычли наоборот: одна минус три. Нужно три минус одна.",
            gated=False,
        ),
        Mistake(
            "one-error",
            _one_error,
            "Похоже, вы отложили одну стандартную ошибку. Это примерно две трети случаев; для 95 "
            "из ста нужно 1,96.",
        ),
        Mistake(
            "of-three",
            _of_three_alone,
            "Похоже, это интервал для самих трёх цен. Нужен интервал разницы между ветками: в ней "
            "разброс обеих.",
        ),
        Mistake(
            "spread",
            _spread,
            "Похоже, вы взяли разброс отдельных КП. Среднее по тысяче КП колеблется куда меньше: "
            "поделите дисперсию каждой ветки на число её КП.",
        ),
        Mistake(
            "interval-per-sale",
            lambda company: {RANGE: _answer(company, "sale", "gp")[RANGE]},
            "Похоже, интервал посчитан на продажу. Пересчитайте на все КП.",
        ),
        Mistake(
            "interval-revenue",
            lambda company: {RANGE: _answer(company, "quote", "revenue")[RANGE]},
            "Похоже, это интервал для выручки. Решают по валовой прибыли.",
        ),
    ),
    hints=(
        "Решение — что показывать в каждом КП. Значит, и деньги считаем на каждое КП.",
        "Отказ — это ноль, а не пропуск. Разница средних ± 1,96 её ошибки; ошибку складывают из "
        "разброса обеих веток.",
        'pricing.pilot_interval(company, per="___", of="___")',
    ),
    points=4,
    source="DOMAIN, M32; IDENTIFIABILITY §6",
    explain=_explain,
)


def verdict(company: Company) -> str:
    """Where the interval lies: above zero, across it, below it."""
    return trial.conclusion(interval(company))


def _unless_true(company: Company, key: str) -> str | None:
    return None if key == verdict(company) else key


def _by_sign(company: Company) -> str | None:
    return _unless_true(company, GO if interval(company).difference > 0 else STOP)


def _by_sales(company: Company) -> str | None:
    """More bought, or fewer: the share of quotes sold and not the money."""
    sold = found(company, "sale")
    quotes = {arm: len(rows) for arm, rows in found(company).items()}
    more = len(sold[3]) / quotes[3] > len(sold[1]) / quotes[1]
    return _unless_true(company, GO if more else STOP)


def _per_sale(company: Company) -> str | None:
    return _unless_true(company, trial.conclusion(interval(company, "sale", "gp")))


def _too_careful(company: Company) -> str | None:
    """«More data never hurts» where the interval has already told."""
    return _unless_true(company, GO_ON)


def _explain_verdict(company: Company) -> str:
    ends = interval(company)
    n = sum(map(len, found(company).values()))
    where = {
        GO: "весь выше нуля: даже худший край в плюсе",
        GO_ON: "накрывает ноль: может быть и плюс, и минус",
        STOP: "весь ниже нуля: даже лучший край в минусе",
    }[verdict(company)]
    return (
        f"Интервал от {roubles(ends.low)} до {roubles(ends.high)} на КП, за ним {number(n)}"
        f"{chr(160)}{plural(n, 'КП', 'КП', 'КП')}, {where}."
    )


DECISION = Task(
    id="pricing-5",
    title="Вывод по пилоту",
    question=(
        "Что решаем по пилоту? Правило договорено до начала: смотрим на 95-процентный интервал "
        "**ВП на одно КП** из pricing-4.\n\n"
        "- весь выше нуля — внедряем;\n"
        "- накрывает ноль — продлеваем: ещё не знаем;\n"
        "- весь ниже нуля — закрываем."
    ),
    kind=Choice(VERDICTS, SAID),
    truth=verdict,
    estimator="положение интервала относительно нуля",
    mistakes=(
        Mistake(
            "sign",
            _by_sign,
            "Вы смотрите на знак разницы, а она могла выйти такой случайно. Накрывает ли интервал "
            "ноль?",
        ),
        Mistake(
            "sales",
            _by_sales,
            "Похоже, вы судите по доле купивших. Покупать могут чаще, но дешёвый вариант. Решают "
            "по ВП на КП и её интервалу.",
        ),
        Mistake(
            "per-sale",
            _per_sale,
            "Если делить на продажи — так. Но прайс получил и тот, кто не купил: делят на все КП. "
            "Посмотрите ещё раз, по какую сторону от нуля лежит интервал из pricing-4.",
        ),
        Mistake(
            "early",
            lambda company: _unless_true(company, GO),
            "Чтобы внедрять, интервал должен быть выше нуля весь. Посмотрите на его нижний край.",
        ),
        Mistake(
            "hasty",
            lambda company: _unless_true(company, STOP),
            "Чтобы закрывать, интервал должен быть ниже нуля весь. Посмотрите на его верхний край.",
        ),
        Mistake(
            "careful",
            _too_careful,
            "Интервал уже весь по одну сторону от нуля. Ещё данные вывода не изменят, а каждый "
            "месяц ожидания стоит денег.",
        ),
    ),
    hints=(
        "Разница на бумаге есть всегда. Спросите, могла ли она быть нулём.",
        "Посмотрите на оба края интервала из pricing-4.",
        'charts.pilot(company, per="___")',
    ),
    points=3,
    source="DOMAIN, M32; IDENTIFIABILITY §6",
    explain=_explain_verdict,
)

TASKS = (PILOT, DECISION)
