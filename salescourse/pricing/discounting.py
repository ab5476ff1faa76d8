"""What a discount costs: in volume, by seller and by the day of the month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salescourse.errors import StudentError
from salescourse.funnel.leads import as_months, share
from salescourse.funnel.people import person
from salescourse.measures import Months, captioned, working
from salescourse.pricing.quotes import labels_of, quotes
from salescourse.pricing.typed import number_typed

if TYPE_CHECKING:
    from salescourse.company import Company

LAST_DAYS = 3  # working days at a month's end: DOMAIN, M33
FRACTION = 0.4  # a smaller per cent is a fraction typed by mistake
NO_CALENDAR = "В календаре компании нет рабочих дней: конец месяца отметить не по чему."


@working(
    pandas='last = company.pnl.sort_values("month").tail(12)\n100 * last["gp"].sum() / '
    'last["revenue"].sum()',
    excel="Сумма ВП за двенадцать месяцев на листе «Прибыли и убытки», делённая на сумму выручки.",
)
def margin(company: Company, months: Months | None = None) -> float:
    """Маржа компании: сколько копеек валовой прибыли в рубле выручки, %.

    Сумма на сумму, а не среднее месячных маржей; по оплатам, из «Прибылей и убытков».

    Parameters
    ----------
    months : какие месяцы взять; без них — последние двенадцать полных

    Raises
    ------
    StudentError
        В эти месяцы выручки не было.

    Examples
    --------
    >>> 15 < margin(Company.load("demo")) < 30
    True

    Метод: DOMAIN §2.2.
    """
    rows = company.pnl.sort_values("month")
    if months is None:
        rows = rows.tail(12)
    else:
        month = rows["month"].to_numpy().astype("datetime64[s]")
        rows = rows[np.isin(month, as_months(months))]
    revenue = float(rows["revenue"].sum())
    if not revenue > 0:
        raise StudentError("В эти месяцы выручки не было: маржу посчитать не от чего.")
    return 100.0 * float(rows["gp"].sum()) / revenue


@working(
    pandas="100 * discount / (margin - discount)",
    excel="=скидка/(маржа-скидка), обе в процентах от цены",
)
def volume_to_cover(discount: float, margin: float) -> float:
    """На сколько процентов больше надо продать, чтобы скидка не уменьшила валовую прибыль.

    Parameters
    ----------
    discount : скидка, % от цены
    margin : маржа до скидки, % от цены (не наценка)

    Returns
    -------
    Прибавка к числу продаж, %.

    Raises
    ------
    StudentError
        Скидка не меньше маржи: никакой объём её не вернёт. Или вместо процентов доли.

    Examples
    --------
    >>> volume_to_cover(10, 15)
    200.0

    Метод: δ/(m − δ), DOMAIN, M31.
    """
    discount, margin = _percents(discount, "скидка"), _percents(margin, "маржа")
    if discount >= margin:
        raise StudentError(
            f"Скидка {discount:g} % съедает всю маржу {margin:g} %: никакой объём её не вернёт."
        )
    return 100.0 * discount / (margin - discount)


def _percents(typed: object, what: str) -> float:
    """A percentage from 0 to 100, as a number or as «22 %»."""
    value = number_typed(typed, "%")
    if value is None or not 0 <= value < 100:
        raise StudentError(
            f"Не понял, какая {what}: нужны проценты от 0 до 100, а пришло «{str(typed)[:40]}»."
        )
    if 0 < value < FRACTION:
        raise StudentError(f"Нужны проценты, а не доли: вместо {value:g} напишите {100 * value:g}.")
    return value


@working(
    pandas=(
        'paid = company.deals[company.deals["status"].eq("оплачена")]\n'
        'given = paid["amount"] * paid["discount_pct"] / 100\n'
        "late = оплата пришла в последние три рабочих дня месяца\n"
        "given.groupby([paid['owner_id'], late]).sum() / "
        "paid['amount'].groupby([paid['owner_id'], late]).sum()"
    ),
    excel=(
        "Столбец «скидка в рублях»; в календаре отметить три последних рабочих дня месяца; "
        "сводная: сумма скидок к сумме бюджетов."
    ),
)
def discounts(company: Company, months: Months | None = None) -> pd.DataFrame:
    """Сколько скидки отдаёт каждый продавец: в конце месяца и в остальные дни.

    Оплаченные сделки; день — по оплате; конец месяца — последние три рабочих дня.
    Скидка — рубли к рублям, а не среднее процентов.

    Parameters
    ----------
    months : месяцы оплаты; без них — все

    Returns
    -------
    Строка — продавец. usual и late — скидка в обычные дни и в конце месяца, % от суммы;
    extra — на сколько глубже в конце, п.п.; n_usual и n_late — сколько сделок; given — всего
    отдано, ₽ (это прямо из валовой прибыли); cost — из них лишнее в конце месяца, ₽.

    Raises
    ------
    StudentError
        В календаре нет рабочих дней.

    Examples
    --------
    >>> list(discounts(Company.load("demo")).columns[:3])
    ['usual', 'late', 'extra']

    Метод: DOMAIN, M33; скидки к концу периода — Oyer 1998.
    """
    rows = _paid(company, months)
    owners = rows["owner_id"].to_numpy()
    labels = labels_of(company, owners)
    late = _is_late(company, rows["day"].to_numpy())
    cell = np.searchsorted(list(labels), owners) * 2 + late
    size = 2 * len(labels)
    amount = np.bincount(cell, rows["amount"].to_numpy(), minlength=size)
    given = np.bincount(cell, rows["given"].to_numpy(), minlength=size)
    n = np.bincount(cell, minlength=size)
    percent = np.array([share(a, b) for a, b in zip(given, amount, strict=True)])
    extra = percent[1::2] - percent[::2]
    out = pd.DataFrame(
        {
            "usual": percent[::2],
            "late": percent[1::2],
            "extra": extra,
            "n_usual": n[::2],
            "n_late": n[1::2],
            "given": given[::2] + given[1::2],
            "cost": extra * amount[1::2] / 100,
        },
        index=pd.Index(list(labels.values()), name="Продавец"),
    )
    captions = {
        "usual": "Скидка в обычные дни",
        "late": "В конце месяца",
        "extra": "Глубже на",
        "n_usual": "Сделок в обычные дни",
        "n_late": "Сделок в конце",
        "given": "Отдано всего",
        "cost": "Лишнее в конце",
    }
    return captioned(out, captions, usual="%", late="%", extra="п.п.", given="₽", cost="₽")


@working(
    pandas=(
        'paid = company.deals[company.deals["status"].eq("оплачена")]\n'
        'given = paid["amount"] * paid["discount_pct"] / 100\n'
        'day = paid["closed_at"].dt.day\n'
        '100 * given.groupby(day).sum() / paid["amount"].groupby(day).sum()'
    ),
    excel="Столбец ДЕНЬ(дата оплаты); сводная: сумма скидок к сумме бюджетов по дням.",
)
def discount_by_day(
    company: Company, who: object = None, months: Months | None = None
) -> pd.DataFrame:
    """Как скидка меняется по дням месяца: растёт ли она к концу.

    Parameters
    ----------
    who : продавец, фамилией или номером; без него — весь отдел
    months : месяцы оплаты; без них — все

    Returns
    -------
    Строка — день месяца. discount — скидка, % от суммы; deals — оплаченных сделок.

    Raises
    ------
    StudentError
        Такого продавца нет.

    Examples
    --------
    >>> rows = discount_by_day(Company.load("demo"))
    >>> bool(rows.index.isin(range(1, 32)).all())
    True

    Метод: DOMAIN, M33.
    """
    rows = _paid(company, months)
    if who is not None:
        rows = rows[(rows["owner_id"] == person(company, who)).to_numpy()]
    day = rows["day"].dt.day.to_numpy(dtype=np.int64)
    amount = np.bincount(day, rows["amount"].to_numpy(), minlength=32)
    given = np.bincount(day, rows["given"].to_numpy(), minlength=32)
    n = np.bincount(day, minlength=32)
    seen = np.flatnonzero(n)
    out = pd.DataFrame(
        {"discount": [share(given[d], amount[d]) for d in seen], "deals": n[seen]},
        index=pd.Index(seen, name="День месяца"),
    )
    return captioned(out, {"discount": "Скидка", "deals": "Сделок"}, discount="%")


# Rows -----------------------------------------------------------------------------------------


def _paid(company: Company, months: Months | None) -> pd.DataFrame:
    """Paid deals: seller, day of payment, amount before discount and discount, ₽."""
    rows = quotes(company)
    paid = (rows["status"] == "оплачена").to_numpy() & rows["discount_pct"].notna().to_numpy()
    rows = rows[paid & rows["closed_at"].notna().to_numpy()]
    amount = rows["amount"].to_numpy(dtype=np.float64)
    day = rows["closed_at"].to_numpy().astype("datetime64[D]").astype("datetime64[s]")
    out = pd.DataFrame(
        {
            "owner_id": rows["owner_id"].to_numpy(),
            "day": day,
            "amount": amount,
            "given": amount * rows["discount_pct"].to_numpy(dtype=np.float64) / 100.0,
        }
    )
    if months is None:
        return out
    paid_month = day.astype("datetime64[M]").astype("datetime64[s]")
    return out[np.isin(paid_month, as_months(months))]


def _is_late(company: Company, day: np.ndarray) -> np.ndarray:
    """Whether each day is one of the last three working days of its month, or after them."""
    calendar = company.calendar
    work = calendar["date"][calendar["is_workday"].to_numpy(dtype=bool)].sort_values()
    days = work.to_numpy().astype("datetime64[D]")
    if not len(days):
        raise StudentError(NO_CALENDAR)
    month = days.astype("datetime64[M]")
    from_end = np.searchsorted(month, month, side="right") - np.arange(len(days))
    starts = days[from_end == LAST_DAYS]  # one a month, in order
    place = np.searchsorted(starts.astype("datetime64[M]"), day.astype("datetime64[M]"))
    known = place < len(starts)
    start = starts[np.minimum(place, len(starts) - 1)]
    same = start.astype("datetime64[M]") == day.astype("datetime64[M]")
    return known & same & (day.astype("datetime64[D]") >= start)
