"""Tasks 6 and 7: three prices in the simulator, and what the effect of the middle changes."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from salescourse.answers import Choice, Config, Number, Relative
from salescourse.pricing.choice import BEST, chosen, gp_per_quote
from salescourse.pricing.guard import Kept, broken, keeps
from salescourse.pricing.market import PRICE_STEP, market
from salescourse.pricing.search import find_single, find_triple
from salescourse.schema import OPTIONS
from salescourse.tasks import Mistake, Task
from salescourse.text import NBSP, number, percent, roubles

if TYPE_CHECKING:
    from salescourse.company import Company

WHOLE_WAY = 0.98  # of the way from the best one price to the best three: the optimum is flat
SANE = 10  # times today's price; beyond it somebody's finger slipped
Prices = tuple[float, float, float]


# Reference prices -----------------------------------------------------------------------------


def best_three(company: Company) -> tuple[Prices, float] | None:
    """The three prices with the greatest gross profit a quote, without the middle's effect."""
    card = market(company)
    return company.memo(
        "pricing-6.best", lambda: find_triple(card.costs, card.demand(False), card.guard)
    )


def best_one(company: Company) -> tuple[float, float]:
    """The best one price under the same guard: what three prices must beat."""
    card = market(company)
    return company.memo(
        "pricing-6.single", lambda: find_single(card.costs, card.clients, card.guard)
    )


def brings(company: Company, prices: Prices, middle: bool = False) -> float:
    """Gross profit a quote at these prices, ₽."""
    card = market(company)
    return gp_per_quote(prices, card.costs, card.demand(middle))


def kept(company: Company, prices: Prices, middle: bool = False) -> dict[str, Kept]:
    """Every condition on these prices."""
    card = market(company)
    return keeps(prices, card.costs, card.demand(middle), card.guard)


def as_config(prices: Prices) -> dict[str, float]:
    return dict(zip(OPTIONS, map(float, prices), strict=True))


def _prices(value: dict[str, float]) -> Prices:
    return tuple(float(value[name]) for name in OPTIONS)


# Task 6 ---------------------------------------------------------------------------------------


def three_prices(company: Company) -> dict[str, float]:
    """The best three; the best one price thrice where no three are allowed (never issued)."""
    found = best_three(company)
    return as_config(found[0] if found else (best_one(company)[0],) * 3)


def marks(value: dict[str, float], truth: dict[str, float], company: Company) -> float:
    """How far from the best one price to the best three; nothing if a condition fails."""
    found, prices = best_three(company), _prices(value)
    if found is None:
        return float(value == truth)
    if not _sane(company, prices) or not all(c.holds for c in kept(company, prices).values()):
        return 0.0
    return way(company, prices) / WHOLE_WAY


def way(company: Company, prices: Prices) -> float:
    """What part of the way from the best one price to the best three, by gross profit a quote."""
    one, most = best_one(company)[1], best_three(company)[1]
    return (brings(company, prices) - one) / (most - one)


def _sane(company: Company, prices: Prices) -> bool:
    return all(0 < price <= SANE * market(company).now for price in prices)


def faults(value: dict[str, float], company: Company) -> list[str]:
    """A sentence on each condition that fails, and on what the prices bring."""
    prices = _prices(value)
    if not _sane(company, prices):
        return [f"Цены нужны от рубля до {roubles(SANE * market(company).now)}: нет ли опечатки?"]
    card = market(company)
    said = broken(prices, card.costs, card.demand(False), card.guard)
    (one, rival), gp = best_one(company), brings(company, prices)
    if said:
        return said
    if gp <= rival:
        return [
            f"Условия выполнены, но три цены дают {roubles(gp)} ВП на КП, а лучшая одна цена, "
            f"{roubles(one)}, — {roubles(rival)}. Сравнивать надо с ней."
        ]
    return [
        f"Условия выполнены, ВП на КП {roubles(gp)} против {roubles(rival)} у лучшей одной цены. "
        "Двигайте цены по одной, по тысяче. Упёрлись в условие — двигайте две цены сразу: одну "
        "вверх, другую вниз."
    ]


class _Prices(Config):
    """Three prices, with a remark in the words of the question."""

    def remark(self, value, truth, company) -> str:
        told = math.floor(100 * way(company, _prices(value)))
        return f"пройдено {told}{NBSP}% пути, нужно {number(100 * WHOLE_WAY)}"


def _triple(company: Company, costs=None, **guard: Any) -> dict[str, float] | None:
    card = market(company)
    found = find_triple(
        costs or card.costs,
        card.demand(False),
        replace(card.guard, **guard) if guard else card.guard,
    )
    return as_config(found[0]) if found else None


def _below_cost(company: Company) -> dict[str, float]:
    card = market(company)
    dear = card.costs[BEST] - PRICE_STEP
    return as_config((0.85 * card.now, card.now, dear))


def _piloted(company: Company) -> dict[str, float]:
    return as_config(tuple(PRICE_STEP * round(p / PRICE_STEP) for p in market(company).piloted))


def _costs_for_prices(company: Company) -> dict[str, float]:
    return as_config(market(company).costs)


def _card(company: Company) -> str:
    card = market(company)
    costs = ", ".join(f"«{n}» — {roubles(c)}" for n, c in zip(OPTIONS, card.costs, strict=True))
    buyers = percent(100 * float(chosen((card.now,), card.clients)[0]))
    return (
        f"Сейчас в КП одна цена, **{roubles(card.now)}**, по ней покупают **{buyers}** КП. "
        f"Себестоимость: {costs}."
    )


def _explain_three(company: Company) -> str:
    price, rival = best_one(company)
    most = best_three(company)[1]
    return (
        f"Лучшая одна цена, {roubles(price)}, даёт {roubles(rival)} ВП на КП; лучшие три — "
        f"{roubles(most)}, {percent(100 * (most / rival - 1), 0, sign=True)}. Вершина пологая: "
        "рядом с ней тысяча рублей меняет ВП на КП совсем немного, но может нарушить условие."
    )


THREE = Task(
    id="pricing-6",
    title="Три цены",
    question=(
        "Поставьте три цены в симуляторе: побольше **ВП на одно КП**, и чтобы держались все "
        "условия. Эффект середины **выключен**: сначала цены должны работать без него.\n\n"
        "- покупателей не меньше, чем сейчас, минус **2 п.п.**;\n"
        "- ни один вариант не дешевле своей себестоимости;\n"
        "- каждый вариант берут хотя бы в **5 %** продаж;\n"
        "- на среднем зарабатываем не меньше, чем на младшем;\n"
        "- младший дешевле среднего на **5–25 %**, старший дороже на **5–50 %**.\n\n"
        "Соперник — **лучшая одна цена** при том же условии о покупателях. Баллы — какую часть "
        "пути от неё до лучших трёх вы прошли; с 98 % пути засчитываем целиком. Условие нарушено — "
        "баллов нет. Ответ — `simulator.value` или три цены в рублях."
    ),
    kind=_Prices({name: Number("₽", Relative(0.01)) for name in OPTIONS}, marks, faults=faults),
    truth=three_prices,
    estimator=(
        "вложенный логит по пилоту, эффект середины ноль; (m − m₀)/(m* − m₀), m₀ — лучшая одна "
        "цена, m* — лучшие три, под одними условиями"
    ),
    mistakes=(
        Mistake(
            "no-guard",
            partial(_triple, drop=1.0),
            "Похоже, вы искали наибольшую ВП и забыли о покупателях. На бумаге выгодно, а клиенты "
            "уходят к соседу и за остальным.",
        ),
        Mistake(
            "revenue",
            lambda company: _triple(company, costs=(0.0, 0.0, 0.0)),
            "Похоже, вы искали наибольшую выручку. Себестоимость у вариантов разная: смотрите на "
            "ВП на КП.",
        ),
        Mistake(
            "piloted",
            _piloted,
            "Это цены пилота. Они только начало: посмотрите, где варианты стоят слишком далеко "
            "друг от друга.",
        ),
        Mistake(
            "below-cost",
            _below_cost,
            "Средний самый популярный, а ВП упала: старший дешевле своей себестоимости, и каждая "
            "такая продажа — доплата клиенту.",
        ),
        Mistake(
            "costs",
            _costs_for_prices,
            "Похоже, это себестоимость. Продавать по ней — работать бесплатно.",
        ),
    ),
    hints=(
        "Три варианта дают поднять и средний: часть тех, кому стало дорого, возьмёт младший.",
        "Начните с лучшей одной цены в середине и поднимайте её, пока хватает покупателей; потом "
        "крайние по одному. Упёрлись в условие — двигайте две цены сразу: одну вверх, другую "
        "вниз.",
        'widgets.price_sheet(company, value={"хороший": ___, "лучше": ___, "самый лучший": ___})',
    ),
    points=6,
    source="DOMAIN, M32; IDENTIFIABILITY §6",
    details=_card,
    explain=_explain_three,
)


# Task 7 ---------------------------------------------------------------------------------------

KEEPS, FEWER, WORSE, NOTHING = "keeps", "fewer", "worse", "nothing"
CHANGES = (
    (KEEPS, "Три цены выгоднее лучшей одной, и все условия выполнены: цены можно не менять"),
    (FEWER, "Три цены выгоднее лучшей одной, но покупателей меньше допустимого: цены снижать"),
    (WORSE, "Три цены хуже лучшей одной: выгоднее вернуться к одной"),
    (NOTHING, "Ничего не меняется: цены и себестоимость те же"),
)


def _reference(company: Company) -> Prices:
    return _prices(three_prices(company))


def with_effect(company: Company) -> str:
    """What becomes of the best three once clients feel the middle as in the pilot."""
    return _compared(company, best_one(company)[1])


def _compared(company: Company, rival: float) -> str:
    prices = _reference(company)
    if brings(company, prices, True) < rival:
        return WORSE
    return KEEPS if all(c.holds for c in kept(company, prices, True).values()) else FEWER


def _other(company: Company, key: str) -> str | None:
    return None if key == with_effect(company) else key


def _against_now(company: Company) -> str | None:
    """Compared with today's price and not with the best one."""
    card = market(company)
    now = gp_per_quote((card.now,), card.costs, card.clients)
    return _other(company, _compared(company, now))


def _forgot_refusals(company: Company) -> str | None:
    """By gross profit a sale: those who did not buy are not in it."""
    return _other(company, KEEPS)


def _forgot_profit(company: Company) -> str | None:
    """By buyers alone."""
    return _other(company, FEWER)


def _explain_effect(company: Company) -> str:
    prices = _reference(company)
    off, on = brings(company, prices), brings(company, prices, True)
    buyers = kept(company, prices, True)["buyers"]
    sign = "прибавляет" if on > off else "отнимает"
    return (
        f"Лучшие три без эффекта дают {roubles(off)} ВП на КП, с ним {roubles(on)}; лучшая одна — "
        f"{roubles(best_one(company)[1])}. Покупают {percent(100 * buyers.value)} КП, нужно от "
        f"{percent(100 * buyers.low)}. В вашем пилоте соседство трёх цен {sign}: это не закон, "
        f"а{NBSP}свойство клиентов и прайса."
    )


MIDDLE = Task(
    id="pricing-7",
    title="Если есть эффект середины",
    question=(
        "Свои цены из pricing-6 вы поставили без эффекта середины. Теперь включите его в "
        "симуляторе **таким, каким его показал ваш пилот**, цены не трогайте. Что изменится?\n\n"
        "Берите цены, за которые в pricing-6 вышло верно или почти верно. Лучшая одна цена и "
        "условия — те же."
    ),
    kind=Choice(CHANGES),
    truth=with_effect,
    estimator="лучшие три без эффекта, пересчитанные с эффектом середины из пилота",
    mistakes=(
        Mistake(
            "nothing",
            lambda company: NOTHING,
            "Цены те же, а клиенты другие: переключатель меняет, сколько из них купит и что. "
            "Сравните доли до и после.",
        ),
        Mistake(
            "against-now",
            _against_now,
            "С нынешней ценой — так. Но её и саму можно было поднять: сравнивайте с лучшей одной "
            "ценой.",
        ),
        Mistake(
            "refusals",
            _forgot_refusals,
            "Похоже, вы смотрели только на тех, кто купил. Взгляните на долю не купивших и на "
            "ВП на КП.",
        ),
        Mistake(
            "profit",
            _forgot_profit,
            "Одной доли покупателей мало для вывода. Сравните ВП на КП с лучшей одной ценой и "
            "пройдите по всем условиям.",
        ),
        Mistake(
            "gave-up",
            lambda company: _other(company, WORSE),
            "Посмотрите на ВП на КП с включённым эффектом и на лучшую одну цену рядом: три всё ещё "
            "выше.",
        ),
    ),
    hints=(
        "Эффект середины бывает и обратным: три цены не всем помогают решиться.",
        "Три числа: ВП на КП против лучшей одной цены, доля купивших против допустимой, остальные "
        "условия.",
        "pricing.constraints(company, prices, middle=___)",
    ),
    points=2,
    source="DOMAIN, M32; IDENTIFIABILITY §6",
    explain=_explain_effect,
)

TASKS = (THREE, MIDDLE)
