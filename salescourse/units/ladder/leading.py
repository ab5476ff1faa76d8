"""Task 6: which indicator runs ahead of money, proved inside sellers and with a lag."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from salescourse.answers import Absolute, Choice, Number, Parts
from salescourse.ladder.leading import AHEAD, INDICATORS, RESULTS, correlation, correlations
from salescourse.tasks import Mistake, Task
from salescourse.text import number

if TYPE_CHECKING:
    from salescourse.company import Company

WITHIN = 0.07
LOOK = {
    "quotes": "КП шлют многие, но здесь за их числом деньги не приходят",
    "meetings": "Встречи видны начальнику, но здесь ВП за ними не растёт",
    "talks": "Разговоры занимают день, но здесь ВП следующих месяцев с ними не связана",
    "cold": "Набрать номер — ещё не поговорить: с деньгами недозвоны не связаны",
    "named": "Названная цена помогает отдельному КП, но месяцы продавца она не различает",
    "fast": "Скорость важна для новых лидов, а ВП новых продаж делает в основном база",
}


def activities(company: Company, ahead: int = AHEAD) -> dict[str, float]:
    """Correlations of everything that is not itself a result."""
    return {n: r for n, r in correlations(company, ahead).items() if n not in RESULTS}


def leader(company: Company) -> str:
    """The activity that runs ahead most."""
    found = activities(company)
    return max(found, key=lambda n: found[n] if found[n] == found[n] else -2.0)


def leading(company: Company) -> dict[str, Any]:
    """The indicator and its within-seller correlation with GP of the next two months."""
    name = leader(company)
    return {"показатель": name, "r": correlation(company, name)}


def _r(**how):
    return lambda company: {"r": correlation(company, leader(company), **how)}


def _not(key: str):
    return lambda company: None if leader(company) == key else {"показатель": key}


def _explain(company: Company) -> str:
    name = leader(company)
    rest = {n: r for n, r in activities(company).items() if n != name and r == r}
    second = max(rest, key=rest.get)
    return (
        f"Впереди денег идёт: {INDICATORS[name]}. Ближайший из прочих, {INDICATORS[second]}, — "
        f"всего {number(rest[second], 2)}."
    )


LEADING = Task(
    id="ladder-6",
    title="Что идёт впереди денег",
    question=(
        "Какое действие продавца в месяце опережает **ВП новых продаж** (первые заказы и заказы по "
        "КП) **двух следующих месяцев**, и насколько тесно?\n\n"
        "Считаем так: из каждого месяца продавца вычитаем его же среднее — и у показателя, и у ВП; "
        "ВП берём среднюю за два следующих месяца, по оплатам; корреляция по всем продавцам и "
        "месяцам сразу. Продавцы — кто работает от 12 месяцев; месяцы — полные, от 60\u00a0% дней, "
        "все три.\n\n"
        "- **показатель** — один из вариантов;\n"
        "- **r** — его корреляция, до сотых, ± 0,07."
    ),
    kind=Parts(
        {
            "показатель": (
                Choice(
                    tuple(
                        (n, caption[0].upper() + caption[1:]) for n, caption in INDICATORS.items()
                    )
                ),
                2,
            ),
            "r": (Number("", Absolute(WITHIN), digits=2), 1),
        }
    ),
    truth=leading,
    estimator="внутрипродавцовая корреляция с ВП новых продаж, среднее двух следующих месяцев",
    mistakes=(
        Mistake(
            "same-month",
            _r(ahead=0),
            "Похоже, вы взяли тот же месяц. Опережать — значит быть раньше: сдвиньте ВП на два "
            "следующих месяца.",
        ),
        Mistake(
            "all-gp",
            _r(target="all"),
            "Похоже, вы взяли всю ВП. В ней повторные заказы, которые идут сами; нужны новые "
            "продажи.",
        ),
        Mistake(
            "between",
            _r(inside=False),
            "Похоже, вы сравнили продавцов между собой. Кто больше делает, тот часто и опытнее, и "
            "база у него больше. Сравните месяцы одного и того же человека.",
            gated=False,
        ),
        Mistake(
            "lagging",
            _not("paid"),
            "Оплаты — это уже деньги: они говорят, что было. Опережающий показатель продавец может "
            "поднять сам, сегодня.",
        ),
        *(
            Mistake(f"not-{key}", _not(key), f"{text}. Сдвиньте ВП и сравните все показатели.")
            for key, text in LOOK.items()
        ),
    ),
    hints=(
        "Что меняется у человека раньше, чем деньги?",
        "Вычтите у каждого его среднее, ВП возьмите за два следующих месяца, только новые продажи.",
        'ladder.leading(company, ___, ___, "___")["r"].drop("оплаченные продажи").idxmax()',
    ),
    points=3,
    source="DOMAIN, M48; IDENTIFIABILITY §4, E7.6",
    explain=_explain,
)

TASKS = (LEADING,)
