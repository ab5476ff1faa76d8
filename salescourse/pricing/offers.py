"""What a student asks of the simulator: the product, its sales at given prices, the conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salescourse.measures import captioned, working
from salescourse.pricing.choice import BETTER, asked, chosen, outcome
from salescourse.pricing.guard import CONDITIONS, keeps
from salescourse.pricing.market import market
from salescourse.pricing.search import find_single
from salescourse.pricing.typed import switched
from salescourse.schema import OPTIONS

if TYPE_CHECKING:
    from salescourse.company import Company


@working(
    pandas=(
        'quotes = company.deals[company.deals["tag"] == "пилот"]\n'
        'quotes.groupby("option_chosen", observed=True)["cost"].mean()   # себестоимость\n'
        'one = quotes[quotes["n_options"] == 1]\n'
        '(one["amount"] * (1 - one["discount_pct"] / 100)).mean()   # цена сейчас'
    ),
    excel="Фильтр по тегу «пилот»; сводная: вариант в строки, средняя себестоимость в значения.",
)
def product(company: Company) -> pd.DataFrame:
    """Карточка товара: сколько стоит сейчас, во что обходится каждый вариант, как шёл пилот.

    Всё из КП пилота этой фирмы. Цены — средние после скидки; цена «сейчас» округлена до тысячи
    рублей, себестоимость — до ста.

    Returns
    -------
    Строка — одна цена (её показывают сейчас) и три варианта. price — цена, ₽; cost —
    себестоимость, ₽; share — доля всех КП, где это купили, %.

    Raises
    ------
    StudentError
        Пилота в данных нет.

    Examples
    --------
    >>> rows = product(Company.load("demo"))
    >>> bool(rows["cost"].iloc[1:].is_monotonic_increasing)
    True

    Метод: DOMAIN, M31, M32.
    """
    card = market(company)
    bought = chosen((card.now,), card.clients)[0]
    out = pd.DataFrame(
        {
            "price": [card.now, *card.piloted],
            "cost": [card.costs[BETTER], *card.costs],
            "share": [100 * bought, *(100 * share for share in card.sold)],
        },
        index=pd.Index(["одна цена (сейчас)", *OPTIONS], name="Вариант"),
    )
    captions = {"price": "Цена в пилоте", "cost": "Себестоимость", "share": "Купили, доля КП"}
    return captioned(out, captions, price="₽", cost="₽", share="%")


@working(
    pandas=(
        "# доля купивших каждый вариант, среднее по клиентам с разным вкусом:\n"
        "u = качество - чувствительность * цена / единица_цены   # и надбавка за эффект середины\n"
        "e = np.exp(u / 0.35)\n"
        "buys = 1 / (1 + np.exp(0.35 - 0.35 * np.log(e.sum())))\n"
        "доля = buys * e / e.sum()\n"
        "(доля * (цена - себестоимость)).sum()   # ВП на одно КП"
    ),
    excel=(
        "Столбец полезности, EXP(полезность/0,35), доля варианта — его EXP к сумме, умноженный "
        "на долю купивших; СУММПРОИЗВ долей и «цена минус себестоимость»."
    ),
)
def simulate(company: Company, *prices: float, middle: bool = False) -> pd.DataFrame:
    """Что купят клиенты этой фирмы, если показать им такие цены, и сколько ВП даст одно КП.

    Клиенты настроены по пилоту: при его ценах покупают столько же и то же.

    Parameters
    ----------
    prices : одна цена (средний вариант) или три: хороший, лучше, самый лучший; ₽
    middle : включить эффект середины, каким он вышел в пилоте; без него три варианта
        различаются только ценой и качеством

    Returns
    -------
    Строка — вариант, затем «не купили» и «всего». price, cost, unit_gp — цена, себестоимость
    и ВП с продажи, ₽; share — доля всех КП, %; sold — доля продаж, %; gp — вклад в ВП
    одного КП, ₽ (в строке «всего» — ВП на КП).

    Raises
    ------
    StudentError
        Цен не одна и не три, или это не числа в рублях; пилота в данных нет.

    Examples
    --------
    >>> company = Company.load("demo")
    >>> rows = simulate(company, 60_000, 70_000, 100_000)
    >>> list(rows.index)
    ['хороший', 'лучше', 'самый лучший', 'не купили', 'всего']

    Метод: вложенный логит, DOMAIN, M32; средний вариант чаще берут — Simonson 1989, это
    склонность, а не закон.
    """
    card = market(company)
    return outcome(asked(prices, "цены"), card.costs, card.demand(switched(middle)))


@working(
    pandas=(
        'pricing.constraints(company, 60_000, 70_000, 100_000)["holds"].all()\n'
        "# не всё выполнено — эти цены не годятся, какой бы ни была ВП на КП"
    ),
    excel="По ячейке на условие, рядом граница и ЕСЛИ; в «Поиске решения» это ограничения.",
)
def constraints(company: Company, *prices: float, middle: bool = False) -> pd.DataFrame:
    """Каким условиям отвечают эти цены и каким нет.

    Parameters
    ----------
    prices : три цены или одна, ₽
    middle : включить эффект середины, каким он вышел в пилоте

    Returns
    -------
    Строка — условие. value — сколько вышло, least и most — границы (прочерк — границы нет),
    unit — в чём, holds — выполнено ли.

    Raises
    ------
    StudentError
        Цен не одна и не три, или это не числа в рублях; пилота в данных нет.

    Examples
    --------
    >>> rows = constraints(Company.load("demo"), 100_000, 125_000, 170_000)
    >>> bool(rows.loc["Купивших от всех КП", "holds"])
    False

    Метод: DOMAIN, M32; рамки шага цен — Mohammed, HBR, 2018.
    """
    card = market(company)
    demand = card.demand(switched(middle))
    found = keeps(asked(prices, "цены"), card.costs, demand, card.guard)
    rows = []
    for key, (value, low, high, holds) in found.items():
        caption, factor, unit = CONDITIONS[key]
        most = factor * high if np.isfinite(high) else np.nan
        rows.append((caption, factor * value, factor * low, most, unit, holds))
    columns = ["condition", "value", "least", "most", "unit", "holds"]
    out = pd.DataFrame(rows, columns=columns).set_index("condition").rename_axis("Условие")
    captions = {
        "value": "Вышло",
        "least": "Не меньше",
        "most": "Не больше",
        "unit": "Единица",
        "holds": "Выполнено",
    }
    return captioned(out, captions)


@working(
    pandas=(
        "prices = range(60_000, 200_000, 1_000)\n"
        'gp = {p: pricing.simulate(company, p).loc["всего", "gp"] for p in prices}\n'
        "# только те, где покупателей не меньше, чем сейчас, минус 2 п.п.\n"
        "max(gp, key=gp.get)"
    ),
    excel="Столбец цен с шагом 1000, рядом доля купивших и ВП на КП; МАКСЕСЛИ по ВП.",
)
def best_single(company: Company) -> pd.DataFrame:
    """Лучшая одна цена: с ней, а не с нынешней, сравнивают три.

    Эффекта середины тут нет: вариант один.

    Returns
    -------
    Таблица как у `simulate`. Покупателей не меньше, чем сейчас, минус 2 п.п.

    Raises
    ------
    StudentError
        Пилота в данных нет.

    Examples
    --------
    >>> company = Company.load("demo")
    >>> now = product(company)["price"].iloc[0]
    >>> bool(best_single(company).loc["лучше", "price"] > now)
    True

    Метод: перебор цен через 1000 ₽, IDENTIFIABILITY §6.
    """
    card = market(company)
    price, _ = find_single(card.costs, card.clients, card.guard)
    return outcome((price,), card.costs, card.clients)
