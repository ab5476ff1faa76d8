"""Task 7: a year under a scheme when people answer to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from salescourse import motivation
from salescourse.answers import Absolute, Choice, Number, Parts
from salescourse.motivation import PayPlan
from salescourse.motivation.behaviour import EFFECTS, Year
from salescourse.tasks import Mistake, Task
from salescourse.text import NBSP, money, number, percent, plural
from salescourse.units.motivation.formulas import target
from salescourse.units.motivation.period import of_company

if TYPE_CHECKING:
    from collections.abc import Callable

    from salescourse.company import Company

CHANGE, VERDICT = "ВП", "вывод"
LEAST, MOST_LEAVE = -2.0, 2  # change of the year's gross profit, %; leavers: DOMAIN, E4.7
APART, CLEAR = 0.8, 0.2  # how far from the limits of gross profit and share, p.p.
WITHIN = 0.3
VERDICTS = (
    ("launch", "Вводить можно: все три условия выдержаны"),
    ("profit", f"Нельзя: ВП за год падает больше чем на 2{NBSP}%"),
    ("share", "Нельзя: ФОТ забирает больше предела"),
    ("leavers", "Нельзя: уходит больше двух человек"),
)

# Schemes that a meeting could bring, from the income and the plan of task 3.
OFFERS: tuple[Callable[[float, float, float], PayPlan], ...] = (
    lambda m, k, p: PayPlan(_r(0.6 * m), _part(0.9 * k), p),  # the market and a half
    lambda m, k, p: PayPlan(_r(0.4 * m), _part(0.6 * k), p, cap_attainment=1.0),
    lambda m, k, p: PayPlan(_r(0.4 * m), _part(0.6 * k), p, accel_mult=1.5),
    lambda m, k, p: PayPlan(_r(0.4 * m), _part(0.6 * k), p, threshold=1.0),
    lambda m, k, p: PayPlan(_r(0.5 * m), _part(0.75 * k), p),
    lambda m, k, p: PayPlan(_r(0.6 * m), _part(0.4 * k), p),
    lambda m, k, p: PayPlan(_r(0.3 * m), _part(0.7 * k), p),
)


def _r(roubles: float) -> float:
    return float(round(roubles, -2))


def _part(rate: float) -> float:
    return round(rate, 4)


def failed(company: Company, year: Year) -> list[str]:
    """Which of the three conditions the year breaks."""
    cap = 100 * motivation.payroll_cap(company)
    broken = {
        "profit": year.gp_change < LEAST,
        "share": year.share > cap,
        "leavers": year.leavers > MOST_LEAVE,
    }
    return [name for name, is_broken in broken.items() if is_broken]


def clear(company: Company, year: Year) -> bool:
    """Not more than one condition is broken, and none is near its limit; something changes."""
    cap = 100 * motivation.payroll_cap(company)
    return (
        len(failed(company, year)) <= 1
        and abs(year.gp_change - LEAST) >= APART
        and abs(year.share - cap) >= CLEAR
        and abs(year.gp_change) >= 2 * WITHIN
    )


def offer(company: Company) -> PayPlan:
    """The scheme of the question: the first clear one, from a place that is the company's own."""

    def make() -> PayPlan:
        new = target(company)
        first = of_company(company, len(OFFERS))
        made = [
            OFFERS[(first + i) % len(OFFERS)](new.base / 0.4, new.k0, float(round(new.plan_gp, -3)))
            for i in range(len(OFFERS))
        ]
        return next((p for p in made if clear(company, motivation.behave(company, p))), made[0])

    return company.memo("motivation-7.offer", make)


def the_year(company: Company, effects: tuple[str, ...] = tuple(EFFECTS)) -> Year:
    """The year under the offer with these effects."""
    return company.memo(
        ("motivation-7.year", effects),
        lambda: motivation.behave(company, offer(company), effects),
    )


def outcome(company: Company) -> dict[str, Any]:
    """Change of the year's gross profit, %, and what to do with the scheme."""
    year = the_year(company)
    return {CHANGE: year.gp_change, VERDICT: (*failed(company, year), "launch")[0]}


def _other(key: str):
    def wrong(company: Company) -> dict[str, Any] | None:
        return None if outcome(company)[VERDICT] == key else {VERDICT: key}

    return wrong


def _without(*names: str):
    kept = tuple(name for name in EFFECTS if name not in names)
    return lambda company: {CHANGE: the_year(company, kept).gp_change}


def _details(company: Company) -> str:
    plan = offer(company)
    extra = [
        ("accel_mult", plan.accel_mult, 1.0),
        ("threshold", plan.threshold, 0.0),
        ("cap_attainment", plan.cap_attainment, float("inf")),
    ]
    more = "".join(f", {name}={value:g}" for name, value, usual in extra if value != usual)
    return (
        "Схема, которую принесли на совещание:\n\n"
        f"```python\nplan = motivation.PayPlan(base={plan.base:.0f}, rate={plan.rate:g}, "
        f"plan_gp={plan.plan_gp:.0f}{more})\n```\n\n"
        f"Предел ФОТ — {number(100 * motivation.payroll_cap(company))}{NBSP}% ВП."
    )


def _explain(company: Company) -> str:
    year = the_year(company)
    left = f"{plural(year.leavers, 'уходит', 'уходят', 'уходят')} {year.leavers}"
    return (
        f"ФОТ забирает {percent(year.share)} ВП, {left}, замены обойдутся в "
        f"{money(year.replacement)}, между месяцами сдвинуто {money(year.moved)} ВП."
    )


BEHAVIOUR = Task(
    id="motivation-7",
    title="Та же схема, но с людьми",
    question=(
        "На совещание принесли схему (ниже). На бумаге она считается, но люди на неё ответят: "
        "будут стараться больше или меньше, придержат сделки, кто-то уйдёт. Проиграйте год со "
        "**всеми** эффектами и допущениями курса (`motivation.assumptions()`).\n\n"
        f"- **{CHANGE}** — на сколько процентов ВП года отличается от года без поведения; "
        "падение — со знаком минус; ±\u00a00,3;\n"
        f"- **{VERDICT}** — один из вариантов. Условий три: ВП падает не больше чем на 2 %, ФОТ — "
        "не выше предела, уходят не больше двух.\n\n"
        "Только продавцы, до налога и без взносов; следующий год повторяет 12 последних полных "
        "месяцев, ВП — по оплатам. Случайность одна на фирму, поэтому год всегда один и тот же."
    ),
    kind=Parts({CHANGE: (Number("%", Absolute(WITHIN)), 1), VERDICT: (Choice(VERDICTS), 2)}),
    truth=outcome,
    estimator="motivation.behave со всеми эффектами; условия: ВП ≥ −2 %, ФОТ ≤ K, ушло ≤ 2",
    mistakes=(
        Mistake(
            "nothing-changes",
            lambda company: {CHANGE: 0.0},
            "Ноль бывает, когда эффекты выключены. Включите все.",
        ),
        Mistake(
            "sign",
            lambda company: {CHANGE: -outcome(company)[CHANGE]},
            "Размер верный, знак — нет. Падение пишите с минусом.",
        ),
        Mistake(
            "as-factor",
            lambda company: {CHANGE: 100 + outcome(company)[CHANGE]},
            "Похоже, это новая ВП в процентах от прежней. Спрашивают разницу: вычтите 100.",
        ),
        Mistake(
            "no-ramp",
            _without("ramp"),
            "Похоже, место ушедшего у вас сразу продаёт по-прежнему. Включите уход и разгон: "
            "новичок первые три месяца делает 40, 70 и 90 % нормы.",
            gated=False,
        ),
        Mistake(
            "launch",
            _other("launch"),
            "Проверьте все три условия: ВП, долю ФОТ и уходы. Одно из них схема не держит.",
        ),
        Mistake(
            "profit",
            _other("profit"),
            f"ВП года падает меньше чем на 2{NBSP}% или растёт. Посмотрите на два других условия.",
        ),
        Mistake(
            "share",
            _other("share"),
            "ФОТ в этом году — под пределом. Посмотрите на ВП и на уходы.",
        ),
        Mistake(
            "leavers",
            _other("leavers"),
            "Уходит не больше двух. Посмотрите на ВП и на долю ФОТ.",
        ),
    ),
    hints=(
        "Схема меняет людей, а люди — ВП. Одной арифметики мало.",
        "Соберите схему из вопроса, проиграйте год и сравните три числа с условиями.",
        "motivation.behave(company, ___)",
    ),
    points=3,
    source="DOMAIN §4, E4.7: допущения о поведении",
    details=_details,
    explain=_explain,
)

TASKS = (BEHAVIOUR,)
