"""From price to gross profit: what a price is made of and what each offer earns."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salescourse.errors import StudentError
from salescourse.measures import captioned, working
from salescourse.pricing.choice import asked
from salescourse.pricing.market import COST_STEP, market
from salescourse.pricing.quotes import quotes
from salescourse.pricing.typed import number_typed
from salescourse.schema import OPTIONS

if TYPE_CHECKING:
    from salescourse.company import Company

# How the cost of each offer is made up, per mille of it: assumed here. The first item takes
# what is left of rounding.
COST_ITEMS: dict[str, tuple[int, int, int]] = {
    "закупка": (904, 850, 796),
    "доставка": (58, 50, 46),
    "наладка и обучение": (0, 50, 74),
    "гарантия и сервис": (38, 50, 84),
}
MONEY = {
    "price": "Цена",
    "cost": "Себестоимость",
    "gp": "ВП с продажи",
    "margin": "Маржа",
    "markup": "Наценка",
}
UNITS = {"price": "₽", "cost": "₽", "gp": "₽", "margin": "%", "markup": "%"}


@working(
    pandas="costs.loc['всего'] = costs.sum()   # costs: статьи строками, варианты столбцами",
    excel="Статьи строками, варианты столбцами, внизу СУММ.",
)
def cost_items(company: Company) -> pd.DataFrame:
    """Из чего складывается себестоимость каждого из трёх вариантов.

    Себестоимость — из карточки товара, `product`; как она делится на статьи, принято в курсе.

    Returns
    -------
    Строка — статья, последняя — «всего»; столбец — вариант, ₽.

    Raises
    ------
    StudentError
        Пилота в данных нет.

    Examples
    --------
    >>> rows = cost_items(Company.load("demo"))
    >>> list(rows.index[[0, -1]])
    ['закупка', 'всего']

    Метод: карта состава цены, DOMAIN, M31; доли статей учебные.
    """
    total = np.array(market(company).costs)
    parts = np.array(list(COST_ITEMS.values())) * total / 1000.0
    parts = COST_STEP * np.rint(parts / COST_STEP)
    parts[0] = total - parts[1:].sum(axis=0)
    out = pd.DataFrame(parts, index=list(COST_ITEMS), columns=list(OPTIONS))
    out.loc["всего"] = total
    out.index.name = "Статья"
    captions = {option: option.capitalize() for option in OPTIONS}
    return captioned(out, captions, **dict.fromkeys(OPTIONS, "₽"))


@working(
    pandas=(
        "left = price * (1 - discount / 100) - pd.Series(costs).cumsum()\n"
        "left.iloc[-1]   # валовая прибыль"
    ),
    excel="Цена, ниже минус скидка и минус каждая статья; рядом остаток нарастающим итогом.",
)
def waterfall(price: float, costs: Mapping[str, float], discount: float = 0) -> pd.DataFrame:
    """Как цена тает до валовой прибыли: скидка, статьи себестоимости, остаток.

    Parameters
    ----------
    price : цена до скидки, ₽
    costs : статьи себестоимости, «название: сумма», ₽
    discount : скидка, % от цены

    Returns
    -------
    Строка — шаг. amount — сколько прибавил или отнял, ₽; left — сколько осталось, ₽;
    share — доля шага в цене до скидки, %.

    Raises
    ------
    StudentError
        Цена, скидка или статьи — не то, что нужно.

    Examples
    --------
    >>> rows = waterfall(100_000, {"закупка": 70_000, "доставка": 5_000}, discount=10)
    >>> float(rows.loc["валовая прибыль", "amount"])
    15000.0

    Метод: DOMAIN, M31.
    """
    (price,) = asked((price,), "цены", (1,))
    off = price * discount_rate(discount) / 100.0
    if not isinstance(costs, Mapping | pd.Series) or not len(costs):
        raise StudentError('Статьи нужны с названиями, например {"закупка": 70_000}.')
    for item, value in costs.items():
        if isinstance(value, bool) or not isinstance(value, Real) or not 0 <= value < np.inf:
            raise StudentError(f"Статья «{str(item)[:40]}»: нужна сумма в рублях, от нуля.")
    steps = [("цена", price), *([("скидка", -off)] if off else [])]
    steps += [(str(item), -float(value)) for item, value in costs.items()]
    amount = np.array([value for _, value in steps])
    left = amount.cumsum()
    amount, left = np.append(amount, left[-1]), np.append(left, left[-1])
    out = pd.DataFrame(
        {"amount": amount, "left": left, "share": 100.0 * amount / price},
        index=pd.Index([*(step for step, _ in steps), "валовая прибыль"], name="Шаг"),
    )
    captions = {"amount": "Сумма", "left": "Осталось", "share": "От цены"}
    return captioned(out, captions, amount="₽", left="₽", share="%")


@working(
    pandas=(
        "gp = price - cost\n100 * gp / price   # маржа\n100 * gp / cost    # наценка: другое число"
    ),
    excel="Цена минус себестоимость; маржа — к цене, наценка — к себестоимости.",
)
def unit_profit(company: Company, *prices: float) -> pd.DataFrame:
    """Сколько валовой прибыли приносит одна продажа каждого варианта при этих ценах.

    Себестоимость — из карточки товара, `product`.

    Parameters
    ----------
    prices : цены трёх вариантов, ₽

    Returns
    -------
    Строка — вариант. price, cost, gp — цена, себестоимость, ВП с продажи, ₽;
    margin — ВП к цене, %; markup — ВП к себестоимости, %.

    Raises
    ------
    StudentError
        Цен не три, или это не рубли; пилота в данных нет.

    Examples
    --------
    >>> rows = unit_profit(Company.load("demo"), 60_000, 80_000, 120_000)
    >>> bool((rows["markup"] > rows["margin"]).all())
    True

    Метод: DOMAIN, M31; маржа и наценка — §2.2.
    """
    price = np.array(asked(prices, "цены", (3,)))
    cost = np.array(market(company).costs)
    gp = price - cost
    out = pd.DataFrame(
        {
            "price": price,
            "cost": cost,
            "gp": gp,
            "margin": 100.0 * gp / price,
            "markup": 100.0 * gp / cost,
        },
        index=pd.Index(OPTIONS, name="Вариант"),
    )
    return captioned(out, MONEY, **UNITS)


@working(
    pandas=(
        'sold = company.deals[company.deals["option_chosen"].notna()]\n'
        'given = sold["amount"] * sold["discount_pct"] / 100\n'
        'sold.assign(given=given).groupby("option_chosen", observed=True)'
        '[["amount", "given", "cost"]].mean()'
    ),
    excel=(
        "Столбец «скидка в рублях»; сводная по сделкам с заполненным «Выбранным вариантом»: "
        "среднее бюджета, скидки и себестоимости."
    ),
)
def options_sold(company: Company) -> pd.DataFrame:
    """Какие из трёх вариантов покупали, по какой цене, с какой скидкой и во что они обошлись.

    Оплаченные сделки, где в КП было три варианта; всё в среднем на одну продажу.

    Returns
    -------
    Строка — вариант. sold — продаж; share — доля продаж, %; price — цена до скидки, ₽;
    given — скидка, ₽; cost — себестоимость, ₽.

    Raises
    ------
    StudentError
        Сделок с тремя вариантами в данных нет.

    Examples
    --------
    >>> rows = options_sold(Company.load("demo"))
    >>> rows["sold"].idxmax()
    'лучше'

    Метод: DOMAIN, M31.
    """
    rows = quotes(company)
    rows = rows[
        rows["option_chosen"].notna().to_numpy() & (rows["status"] == "оплачена").to_numpy()
    ]
    if rows.empty:
        raise StudentError("Продаж с выбранным вариантом в данных нет.")
    place = np.array([OPTIONS.index(name) for name in rows["option_chosen"].astype(str)])
    amount = rows["amount"].to_numpy(dtype=np.float64)
    rate = np.nan_to_num(rows["discount_pct"].to_numpy(dtype=np.float64))
    cost = rows["cost"].to_numpy(dtype=np.float64, na_value=0.0)
    n = np.bincount(place, minlength=3)
    with np.errstate(invalid="ignore", divide="ignore"):
        price, given, cost = (
            np.bincount(place, values, 3) / n for values in (amount, amount * rate / 100.0, cost)
        )
    out = pd.DataFrame(
        {"sold": n, "share": 100.0 * n / n.sum(), "price": price, "given": given, "cost": cost},
        index=pd.Index(OPTIONS, name="Вариант"),
    )
    captions = {
        "sold": "Продаж",
        "share": "Доля продаж",
        "price": "Цена до скидки",
        "given": "Скидка",
        "cost": "Себестоимость",
    }
    return captioned(out, captions, share="%", price="₽", given="₽", cost="₽")


def discount_rate(value: object) -> float:
    """A discount in per cent."""
    rate = number_typed(value, "%")
    if rate is None or not 0 <= rate < 100:
        raise StudentError(f"Скидка нужна в процентах от 0 до 100, а не «{str(value)[:40]}».")
    return rate
