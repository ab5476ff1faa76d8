"""The pilot of one price against three: gross profit a quote, and how sure it is.

The quotes were given one price or three by lot, so the arms compare like with like.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from salescourse.errors import StudentError, nearest
from salescourse.measures import captioned, working
from salescourse.text import clean

if TYPE_CHECKING:
    from salescourse.company import Company

ARMS = {1: "одна цена", 3: "три цены"}
PER = {"quote": "на каждое КП", "sale": "на каждую продажу"}
OF = {"gp": "валовая прибыль", "revenue": "выручка после скидки"}
SAID = {  # what people type instead of the keys
    "кп": "quote",
    "на кп": "quote",
    "на каждое кп": "quote",
    "продажа": "sale",
    "продажу": "sale",
    "на продажу": "sale",
    "на каждую продажу": "sale",
    "вп": "gp",
    "валовая прибыль": "gp",
    "выручка": "revenue",
}
SURE = 1.96  # normal quantile of a 95 % interval
MONEY = {"gp": "ВП", "revenue": "Выручка"}
PRICES = ("price_good", "price_better", "price_best")


class Interval(NamedTuple):
    """A difference of two means with its 95 % interval."""

    difference: float
    low: float
    high: float
    z: float


def between(one: np.ndarray, three: np.ndarray) -> Interval:
    """Mean of `three` less mean of `one`, in closed form (Welch, normal quantile)."""
    difference = float(three.mean() - one.mean())
    error = float(np.sqrt(sum(a.var(ddof=1) / len(a) for a in (one, three))))
    half = SURE * error
    z = difference / error if error else float("nan")
    return Interval(difference, difference - half, difference + half, z)


def conclusion(interval: Interval) -> str:
    """What the interval says to do: «внедрять», «продлить» or «закрыть»."""
    if interval.low > 0:
        return "внедрять"
    return "закрыть" if interval.high < 0 else "продлить"


def arms(company: Company, per: str = "quote", of: str = "gp") -> dict[int, np.ndarray]:
    """Money of every row of each arm, ₽: of every quote, unsold ones zero, or of every sale."""
    per, of = what_to_divide(per, of)
    rows = table(company)
    n = rows["n_options"].to_numpy()
    paid = rows["paid"].to_numpy()
    money = rows[of].to_numpy()
    chosen = paid if per == "sale" else np.ones(len(rows), dtype=bool)
    found = {arm: money[chosen & (n == arm)] for arm in ARMS}
    short = next((arm for arm, values in found.items() if len(values) < 2), None)
    if short is not None:
        raise StudentError(f"В пилоте слишком мало КП, где {ARMS[short]}: сравнить не с чем.")
    return found


def what_to_divide(per: str, of: str) -> tuple[str, str]:
    """`per` and `of` as keys, also where they were typed in Russian."""
    found = []
    for value, known, what in ((per, PER, "на что делить"), (of, OF, "что считать")):
        typed = SAID.get(value.strip().casefold(), value) if isinstance(value, str) else ""
        if typed not in known:
            listed = ", ".join(f'"{key}" — {text}' for key, text in known.items())
            shown = "..." if value is ... else clean(str(value), 40)
            hint = nearest(shown, known)
            raise StudentError(f"Не понял, {what}: «{shown}». Есть {listed}.{hint}")
        found.append(typed)
    return tuple(found)


def table(company: Company) -> pd.DataFrame:
    """A row a quote of the pilot: number of prices, whether it was paid, money (0 if not).

    And the prices after discount, what was bought and what it cost.
    """

    def make() -> pd.DataFrame:
        deals = company.deals[company.deals["tag"].eq("пилот").to_numpy()]
        deals = deals[deals["n_options"].notna().to_numpy()]
        paid = (deals["status"] == "оплачена").to_numpy()

        def money(column: str) -> np.ndarray:
            return deals[column].to_numpy(dtype=np.float64, na_value=0.0)

        kept = 1.0 - np.nan_to_num(money("discount_pct")) / 100.0
        revenue = money("amount") * kept
        return pd.DataFrame(
            {
                "n_options": deals["n_options"].to_numpy(dtype=np.int64),
                "paid": paid,
                "gp": np.where(paid, money("gp"), 0.0),
                "revenue": np.where(paid, revenue, 0.0),
                "price": revenue,
                "cost": money("cost"),
                "option": deals["option_chosen"].to_numpy(),
                **{column: money(column) * kept for column in PRICES},
            }
        )

    return company.memo("pricing.pilot", make)


@working(
    pandas=(
        'quotes = company.deals[company.deals["tag"] == "пилот"]\n'
        'quotes["gp"].fillna(0).groupby(quotes["n_options"]).mean()'
    ),
    excel=(
        "Фильтр по тегу «пилот»; СУММЕСЛИ по ВП для одного и для трёх вариантов, делить на "
        "СЧЁТЕСЛИ всех таких КП, включая отказы."
    ),
)
def pilot(company: Company, per: str, of: str = "gp") -> pd.DataFrame:
    """Что принесли КП пилота с одной ценой и с тремя.

    Отказ и ещё открытое КП денег не принесли: у них ноль.

    Parameters
    ----------
    per : на что делить: `"quote"` — на каждое КП, `"sale"` — на каждую продажу
    of : что считать: `"gp"` — валовую прибыль, `"revenue"` — выручку после скидки

    Returns
    -------
    Строка — ветка пилота. quotes — КП; sold — продано; win — доля проданных, %;
    mean — деньги на то, на что делим, ₽; deviation — стандартное отклонение, ₽.

    Raises
    ------
    StudentError
        Нет такого знаменателя или показателя; пилота в данных нет.

    Examples
    --------
    >>> rows = pilot(Company.load("demo"), per="quote")
    >>> list(rows.index)
    ['одна цена', 'три цены']

    Метод: DOMAIN, M32.
    """
    per, of = what_to_divide(per, of)
    found = arms(company, per, of)
    rows = table(company)
    n, paid = rows["n_options"].to_numpy(), rows["paid"].to_numpy()
    quotes = [int((n == arm).sum()) for arm in ARMS]
    sold = [int(paid[n == arm].sum()) for arm in ARMS]
    out = pd.DataFrame(
        {
            "quotes": quotes,
            "sold": sold,
            "win": [100.0 * a / b for a, b in zip(sold, quotes, strict=True)],
            "mean": [float(found[arm].mean()) for arm in ARMS],
            "deviation": [float(found[arm].std(ddof=1)) for arm in ARMS],
        },
        index=pd.Index(list(ARMS.values()), name="В КП"),
    )
    over = "КП" if per == "quote" else "продажу"
    captions = {
        "quotes": "КП",
        "sold": "Продано",
        "win": "Доля продаж",
        "mean": f"{MONEY[of]} на {over}",
        "deviation": "Разброс",
    }
    return captioned(out, captions, win="%", mean="₽", deviation="₽")


@working(
    pandas=(
        'gp = quotes["gp"].fillna(0)\n'
        'one, three = gp[quotes["n_options"] == 1], gp[quotes["n_options"] == 3]\n'
        "difference = three.mean() - one.mean()\n"
        "half = 1.96 * (one.var() / len(one) + three.var() / len(three)) ** 0.5\n"
        "difference - half, difference + half"
    ),
    excel=(
        "Разница двух СРЗНАЧ; половина интервала — 1,96 × КОРЕНЬ(ДИСП.В(первых)/их число + "
        "ДИСП.В(вторых)/их число)."
    ),
)
def pilot_interval(company: Company, per: str, of: str = "gp") -> pd.DataFrame:
    """На сколько три цены выгоднее одной и в каких пределах эта разница может лежать.

    Parameters
    ----------
    per, of : как у `pilot`

    Returns
    -------
    Одна строка. difference — три цены минус одна, ₽; low и high — края 95-процентного
    интервала, ₽; z — разница в её стандартных ошибках.

    Raises
    ------
    StudentError
        Как у `pilot`.

    Examples
    --------
    >>> row = pilot_interval(Company.load("demo"), per="quote").iloc[0]
    >>> bool(row["low"] < row["difference"] < row["high"])
    True

    Метод: Δ ± 1,96·√(s₁²/n₁ + s₀²/n₀), IDENTIFIABILITY §6; от повторных выборок
    (бутстрепа) края отличаются на сотые доли половины интервала.
    """
    found = arms(company, per, of)
    interval = between(found[1], found[3])
    out = pd.DataFrame([interval], index=pd.Index(["три цены минус одна"], name="Разница"))
    captions = {"difference": "Разница", "low": "От", "high": "До", "z": "В ошибках"}
    return captioned(out, captions, difference="₽", low="₽", high="₽")
