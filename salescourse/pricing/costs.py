"""From price to gross profit: what a price is made of and what each offer earns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salescourse.errors import StudentError
from salescourse.measures import captioned, working
from salescourse.pricing.choice import COSTS, as_costs, asked
from salescourse.pricing.quotes import quotes
from salescourse.schema import OPTIONS

if TYPE_CHECKING:
    from salescourse.company import Company

# What each offer costs us, ₽: assumed here, adds up to COSTS.
COST_ITEMS: dict[str, tuple[int, int, int]] = {
    "закупка": (47_000, 59_500, 86_000),
    "доставка": (3_000, 3_500, 5_000),
    "наладка и обучение": (0, 3_500, 8_000),
    "гарантия и сервис": (2_000, 3_500, 9_000),
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
def cost_items() -> pd.DataFrame:
    """Из чего складывается себестоимость каждого из трёх вариантов учебного товара.

    Returns
    -------
    Строка — статья, последняя — «всего»; столбец — вариант, ₽.

    Examples
    --------
    >>> int(cost_items().loc["всего", "лучше"])
    70000

    Метод: карта состава цены, DOMAIN, M31; цифры учебные.
    """
    out = pd.DataFrame.from_dict(COST_ITEMS, orient="index", columns=list(OPTIONS))
    out.loc["всего"] = out.sum()
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
def unit_profit(*prices: float, costs: Sequence[float] = COSTS) -> pd.DataFrame:
    """Сколько валовой прибыли приносит одна продажа каждого варианта при этих ценах.

    Parameters
    ----------
    prices : цены трёх вариантов, ₽
    costs : себестоимость трёх вариантов, ₽

    Returns
    -------
    Строка — вариант. price, cost, gp — цена, себестоимость, ВП с продажи, ₽;
    margin — ВП к цене, %; markup — ВП к себестоимости, %.

    Raises
    ------
    StudentError
        Цен или себестоимостей не три, или это не рубли.

    Examples
    --------
    >>> rows = unit_profit(65_000, 90_000, 140_000)
    >>> rows["gp"].tolist()
    [13000.0, 20000.0, 32000.0]

    Метод: DOMAIN, M31; маржа и наценка — §2.2.
    """
    price = np.array(asked(prices, "цены", (3,)))
    cost = np.array(as_costs(costs))
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
        'sold.groupby("option_chosen", observed=True)["gp"].agg(["size", "mean"])'
    ),
    excel="Сводная по сделкам с заполненным «Выбранным вариантом»: сколько и среднее ВП.",
)
def options_sold(company: Company) -> pd.DataFrame:
    """Какие из трёх вариантов покупали и сколько заработали на одной продаже каждого.

    Оплаченные сделки, где в КП было три варианта.

    Returns
    -------
    Строка — вариант. sold — продаж; share — доля продаж, %; price и cost — средняя цена после
    скидки и себестоимость, ₽; gp — ВП с продажи, ₽; margin — маржа (сумма к сумме), %.

    Raises
    ------
    StudentError
        Сделок с тремя вариантами в данных нет.

    Examples
    --------
    >>> rows = options_sold(Company.load("demo"))
    >>> bool(rows["gp"].is_monotonic_increasing)
    True

    Метод: DOMAIN, M31.
    """
    rows = quotes(company)
    rows = rows[
        rows["option_chosen"].notna().to_numpy() & (rows["status"] == "оплачена").to_numpy()
    ]
    if rows.empty:
        raise StudentError("Продаж с выбранным вариантом в данных нет.")
    option = rows["option_chosen"].astype(str).to_numpy()
    cost = rows["cost"].to_numpy(dtype=np.float64, na_value=0.0)
    gp = rows["gp"].to_numpy(dtype=np.float64, na_value=0.0)
    rate = np.nan_to_num(rows["discount_pct"].to_numpy(dtype=np.float64))
    revenue = rows["amount"].to_numpy(dtype=np.float64) * (1.0 - rate / 100.0)
    place = np.array([OPTIONS.index(name) for name in option])
    n = np.bincount(place, minlength=3)
    sums = {k: np.bincount(place, v, 3) for k, v in (("r", revenue), ("c", cost), ("g", gp))}
    with np.errstate(invalid="ignore", divide="ignore"):
        out = pd.DataFrame(
            {
                "sold": n,
                "share": 100.0 * n / n.sum(),
                "price": sums["r"] / n,
                "cost": sums["c"] / n,
                "gp": sums["g"] / n,
                "margin": 100.0 * sums["g"] / sums["r"],
            },
            index=pd.Index(OPTIONS, name="Вариант"),
        )
    captions = {**MONEY, "sold": "Продаж", "share": "Доля продаж", "price": "Цена после скидки"}
    return captioned(out, captions, share="%", **UNITS)


def discount_rate(value: object) -> float:
    """A discount in per cent."""
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 <= value < 100:
        raise StudentError(f"Скидка нужна в процентах от 0 до 100, а не «{str(value)[:40]}».")
    return float(value)
