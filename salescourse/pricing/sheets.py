"""The price sheet of three offers, for the client and for the seller, and what discounts cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salescourse.errors import StudentError
from salescourse.measures import captioned, working
from salescourse.pricing.choice import asked
from salescourse.pricing.costs import MONEY, UNITS, discount_rate, unit_profit
from salescourse.pricing.market import market
from salescourse.schema import OPTIONS

if TYPE_CHECKING:
    from salescourse.company import Company

# What keeps clients from trading down, each step the same way (fences): DOMAIN, M32.
CONTENTS: dict[str, tuple[str, str, str]] = {
    "Комплектация": ("базовая", "расширенная", "полная, с расходниками на полгода"),
    "Доставка": ("до 10 рабочих дней", "до 5 рабочих дней", "на следующий день"),
    "Наладка": ("своими силами", "на месте", "на месте, с обучением двоих"),
    "Гарантия": ("12 месяцев", "24 месяца", "36 месяцев"),
    "Сервис": ("по телефону", "выезд за 3 дня", "выезд назавтра, подменный аппарат"),
}
DISCOUNTS = (3, 5, 10)  # per cent, asked for most often: assumed here


@working(
    pandas="pd.DataFrame(contents, index=варианты).assign(price=цены)",
    excel="Варианты столбцами, отличия строками, цена в последней строке. Без себестоимости.",
)
def client_sheet(
    *prices: float, contents: Mapping[str, Sequence[str]] | None = None
) -> pd.DataFrame:
    """Прайс-лист для клиента: что входит в каждый вариант и цена. Себестоимости и ВП в нём нет.

    Parameters
    ----------
    prices : цены трёх вариантов, ₽
    contents : отличия, «чем отличается: (младший, средний, старший)»; без них — учебные

    Returns
    -------
    Строка — вариант; столбец — отличие, последний столбец price — цена, ₽.

    Raises
    ------
    StudentError
        Цен не три, или у отличия не три значения.

    Examples
    --------
    >>> sheet = client_sheet(60_000, 80_000, 120_000)
    >>> "cost" in sheet.columns or "gp" in sheet.columns
    False

    Метод: DOMAIN, M32: 3–4 честных отличия, каждое растёт в одну сторону — Mohammed, HBR, 2018.
    """
    price = asked(prices, "цены", (3,))
    out = pd.DataFrame(_contents(contents), index=pd.Index(OPTIONS, name="Вариант"))
    return captioned(out.assign(price=price), {"price": MONEY["price"]}, price="₽")


@working(
    pandas=(
        'own = pricing.unit_profit(company, *цены)[["cost", "gp", "margin"]]\n'
        "pricing.client_sheet(*цены).join(own)"
    ),
    excel="Прайс-лист для клиента и ещё три столбца: себестоимость, ВП с продажи, маржа.",
)
def seller_sheet(
    company: Company, *prices: float, contents: Mapping[str, Sequence[str]] | None = None
) -> pd.DataFrame:
    """Прайс-лист для продавца: то же, что видит клиент, и сколько мы на этом зарабатываем.

    Parameters
    ----------
    prices : цены трёх вариантов, ₽
    contents : отличия, как у `client_sheet`

    Returns
    -------
    Строка — вариант. К прайс-листу клиента добавлены cost — себестоимость, ₽; gp — ВП
    с продажи, ₽; margin — маржа, %.

    Raises
    ------
    StudentError
        Как у `client_sheet` и `unit_profit`.

    Examples
    --------
    >>> sheet = seller_sheet(Company.load("demo"), 60_000, 80_000, 120_000)
    >>> bool((sheet["price"] - sheet["cost"] == sheet["gp"]).all())
    True

    Метод: DOMAIN, M31, M32.
    """
    money = unit_profit(company, *prices)[["cost", "gp", "margin"]]
    out = client_sheet(*prices, contents=contents).join(money)
    return captioned(out, MONEY, **UNITS)


@working(
    pandas=(
        "price = list_price * (1 - discount / 100)\n"
        "gp = price - cost\n"
        "100 * (list_price - cost) / gp - 100   # на сколько больше надо продать"
    ),
    excel="Строки — вариант и скидка; цена, ВП и «ВП без скидки / ВП со скидкой − 1».",
)
def discount_table(
    company: Company, *prices: float, discounts: Sequence[float] = DISCOUNTS
) -> pd.DataFrame:
    """Во что обходится скидка на каждый вариант: памятка продавцу.

    Parameters
    ----------
    prices : цены трёх вариантов, ₽
    discounts : скидки, %

    Returns
    -------
    Строка — вариант и скидка. price и gp — цена и ВП после скидки, ₽; lost — сколько ВП
    отдали, %; more — на сколько больше надо продать, % (прочерк: никаким объёмом не вернуть).

    Raises
    ------
    StudentError
        Цены или скидки — не то, что нужно; пилота в данных нет.

    Examples
    --------
    >>> rows = discount_table(Company.load("demo"), 60_000, 80_000, 120_000, discounts=[10])
    >>> bool((rows["more"] > 10).all())
    True

    Метод: DOMAIN, M31.
    """
    price = np.array(asked(prices, "цены", (3,)))
    cost = np.array(market(company).costs)
    if isinstance(discounts, str) or not hasattr(discounts, "__iter__"):
        discounts = [discounts]
    rates = np.array([discount_rate(d) for d in discounts])
    after = price[:, None] * (1.0 - rates / 100.0)
    whole = (price - cost)[:, None]
    gp = after - cost[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        more = np.where((gp > 0) & (whole > 0), 100.0 * (whole / gp - 1.0), np.nan)
        lost = np.where(whole > 0, 100.0 * (1.0 - gp / whole), np.nan)
    index = pd.MultiIndex.from_product([OPTIONS, rates], names=["Вариант", "Скидка, %"])
    out = pd.DataFrame(
        {"price": after.ravel(), "gp": gp.ravel(), "lost": lost.ravel(), "more": more.ravel()},
        index=index,
    )
    captions = {**MONEY, "lost": "Отдали ВП", "more": "Продать больше на"}
    return captioned(out, captions, lost="%", more="%", **UNITS)


def _contents(contents: Mapping[str, Sequence[str]] | None) -> dict[str, list[str]]:
    if contents is None:
        contents = CONTENTS
    if not isinstance(contents, Mapping) or not contents:
        raise StudentError(
            'Отличия нужны с названиями, например {"Гарантия": ["1 год", "2 года", "3 года"]}.'
        )
    for name, values in contents.items():
        if isinstance(values, str) or not hasattr(values, "__len__") or len(values) != 3:
            raise StudentError(f"У отличия «{str(name)[:40]}» нужно три значения, по вариантам.")
    return {str(name): [str(value) for value in values] for name, values in contents.items()}
