"""Which activity of a month comes before money: correlation inside a seller, with a lag."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salescourse.errors import StudentError
from salescourse.measures import captioned, month_end, working
from salescourse.motivation.history import FULL, rows
from salescourse.text import clean

if TYPE_CHECKING:
    from salescourse.company import Company

AHEAD = 2  # months whose mean GP an indicator should announce: DOMAIN, M48
YEAR = 12  # months that a seller must have worked to be looked at
HOUR = 1.0
LEADS_FROM = 0.30  # within-seller correlation from which an indicator leads: IDENTIFIABILITY §4
INDICATORS: dict[str, str] = {
    "quotes": "КП отправлено",
    "meetings": "встречи с клиентами",
    "talks": "разговоры с клиентами",
    "cold": "недозвоны",
    "named": "доля КП с названной ценой",
    "fast": "доля лидов с контактом за час",
    "paid": "оплаченные продажи",
}
SHARES = ("named", "fast")  # per cent; the others are counts a month
RESULTS = ("paid",)  # what happened already: never a leading indicator
TARGETS = {"new": "ВП новых продаж", "all": "вся ВП"}


@dataclass(frozen=True)
class Panel:
    """Sellers × months: every indicator, and the gross profit it may announce."""

    ids: np.ndarray
    months: np.ndarray
    values: dict[str, np.ndarray]
    targets: dict[str, np.ndarray]
    whole: np.ndarray  # whether the seller worked the month


def panel(company: Company) -> Panel:
    """The table behind every correlation, made once."""
    return company.memo("ladder.panel", lambda: _panel(company))


def _panel(company: Company) -> Panel:
    pay = rows(company)
    months = np.unique(pay["month"].to_numpy())
    months = months[[month_end(pd.Timestamp(m)) <= company.asof for m in months]]
    size = pay.groupby("employee_id").size()
    ids = size.index[size >= min(YEAR, len(months))].to_numpy()
    days = pay.set_index(["employee_id", "month"])["worked"].unstack()
    whole = days.reindex(index=ids, columns=months).to_numpy() >= FULL
    log, deals, leads, orders = company.activities, company.deals, company.leads, company.orders

    def monthly(owner: pd.Series, when: pd.Series, weight=None) -> np.ndarray:
        return _count(owner.to_numpy(), when.to_numpy(), weight, ids, months)

    def ratio(owner: pd.Series, when: pd.Series, true: np.ndarray) -> np.ndarray:
        n = monthly(owner, when)
        part = monthly(owner, when, true.astype(float))
        return np.divide(100 * part, n, out=np.full(n.shape, np.nan), where=n > 0)

    kind = log["type"].array.codes
    code = {name: i for i, name in enumerate(log["type"].cat.categories)}
    client = log["client_id"].notna().to_numpy()
    outgoing = kind == code["исходящий звонок"]
    which = {
        "quotes": kind == code["КП"],
        "meetings": (kind == code["встреча"]) & client,
        "talks": outgoing & client,
        "cold": outgoing & (log["result"] == "недозвон").to_numpy(),
    }
    values = {n: monthly(log["employee_id"][k], log["at"][k]) for n, k in which.items()}
    told = deals[deals["price_named"].notna().to_numpy()]
    values["named"] = ratio(
        told["owner_id"], told["created_at"], told["price_named"].to_numpy(dtype=bool)
    )
    met = leads[leads["first_contact_at"].notna().to_numpy() & leads["mark"].isna().to_numpy()]
    wait = (met["first_contact_at"] - met["created_at"]).dt.total_seconds().to_numpy() / 3600
    values["fast"] = ratio(met["owner_id"], met["created_at"], wait < HOUR)
    sold = orders[orders["deal_id"].notna().to_numpy() & orders["paid_at"].notna().to_numpy()]
    values["paid"] = monthly(sold["owner_id"], sold["paid_at"])
    known = orders[orders["paid_at"].notna().to_numpy()]
    targets = {
        "new": monthly(sold["owner_id"], sold["paid_at"], sold["gp"].to_numpy(dtype=float)),
        "all": monthly(known["owner_id"], known["paid_at"], known["gp"].to_numpy(dtype=float)),
    }
    return Panel(ids, months, {name: values[name] for name in INDICATORS}, targets, whole)


def _count(owner, when, weight, ids, months) -> np.ndarray:
    """Sellers × months: how many, or the sum of `weight`."""
    month = when.astype("datetime64[M]").astype(np.int64)
    first = months.astype("datetime64[M]").astype(np.int64)
    place = np.searchsorted(ids, owner)
    place[place == len(ids)] = 0
    column = month - first[0] if len(first) else month
    inside = (ids[place] == owner) & (column >= 0) & (column < len(first)) if len(ids) else []
    cell = place[inside] * len(first) + column[inside]
    own = None if weight is None else weight[inside]
    total = np.bincount(cell, own, len(ids) * len(first))
    return total.reshape(len(ids), len(first)).astype(float)


def pair(company: Company, name: str, ahead: int, target: str) -> tuple[np.ndarray, np.ndarray]:
    """An indicator and the GP it is set against: of the same month, or the next ones' mean."""
    table = panel(company)
    x, y = (np.where(table.whole, v, np.nan) for v in (table.values[name], table.targets[target]))
    if not ahead:
        return x, y
    n = x.shape[1] - ahead
    after = sum(y[:, k : k + n] for k in range(1, ahead + 1)) / ahead
    return x[:, :n], after


def within(x: np.ndarray, y: np.ndarray) -> float:
    """Correlation of a seller's better and worse months, all sellers together; NaN if none."""
    known = np.isfinite(x) & np.isfinite(y)
    x, y = np.where(known, x, np.nan), np.where(known, y, np.nan)
    count = np.maximum(known.sum(1, keepdims=True), 1)
    x = x - np.nansum(x, 1, keepdims=True) / count
    y = y - np.nansum(y, 1, keepdims=True) / count
    size = np.sqrt(np.nansum(x**2) * np.nansum(y**2))
    return float(np.nansum(x * y) / size) if size > 0 else np.nan


def between(x: np.ndarray, y: np.ndarray) -> float:
    """Correlation of sellers' averages: who does more and who sells more."""
    known = np.isfinite(x).any(1) & np.isfinite(y).any(1)
    if known.sum() < 3:
        return np.nan
    a, b = np.nanmean(x[known], 1), np.nanmean(y[known], 1)
    return float(np.corrcoef(a, b)[0, 1]) if a.std() > 0 and b.std() > 0 else np.nan


def correlation(
    company: Company, name: str, ahead: int = AHEAD, inside: bool = True, target: str = "new"
) -> float:
    """How one indicator goes with gross profit; see `leading`."""
    key = ("ladder.r", name, ahead, inside, target)
    find = within if inside else between
    return company.memo(key, lambda: find(*pair(company, name, ahead, target)))


def correlations(
    company: Company, ahead: int = AHEAD, inside: bool = True, target: str = "new"
) -> dict[str, float]:
    """The correlation of every indicator, by its key."""
    return {n: correlation(company, n, ahead, inside, target) for n in INDICATORS}


def proven(company: Company) -> list[str]:
    """Indicators that lead: activities, not results, whose correlation is high enough."""
    found = correlations(company)
    return [n for n, r in found.items() if n not in RESULTS and r >= LEADS_FROM]


@working(
    pandas=(
        "x = показатель.sub(показатель.mean(axis=1), axis=0)  # продавец × месяц\n"
        "y = (вп.shift(-1, axis=1) + вп.shift(-2, axis=1)) / 2\n"
        "y = y.sub(y.mean(axis=1), axis=0)\n"
        "(x * y).sum().sum() / ((x**2).sum().sum() * (y**2).sum().sum()) ** 0.5"
    ),
    excel=(
        "Две таблицы «продавец × месяц»; из каждой строки вычтите её СРЗНАЧ; "
        "сдвиньте ВП на месяц и на два; КОРРЕЛ по всем ячейкам сразу."
    ),
)
def leading(company: Company, ahead: int, inside: bool, target: str) -> pd.DataFrame:
    """Какой показатель идёт впереди денег: корреляция с валовой прибылью.

    Берём продавцов, которые отработали хотя бы 12 месяцев, и только их полные месяцы. ВП по
    оплатам. Встречи и разговоры — с теми, кто уже клиент; недозвоны — исходящие без разговора.

    Parameters
    ----------
    ahead : 0 — тот же месяц; 2 — средняя ВП двух следующих месяцев
    inside : `True` — месяцы продавца против его же среднего; `False` — продавцы между собой
    target : `"new"` — ВП новых продаж (первые заказы и заказы по КП), `"all"` — вся ВП

    Returns
    -------
    Строка — показатель. r — корреляция от −1 до 1: около нуля — не связан.

    Raises
    ------
    StudentError
        Не понял, на сколько месяцев вперёд или с какой ВП сравнивать.

    Examples
    --------
    >>> rows = leading(Company.load("demo"), 2, True, "new")
    >>> bool(rows["r"].abs().le(1).all())
    True

    Метод: DOMAIN, M48.
    """
    if type(ahead) is not int or not 0 <= ahead <= 6:
        raise StudentError(f"На сколько месяцев вперёд? Целое число от 0 до 6, а не «{ahead}».")
    if target not in TARGETS:
        raise StudentError(f"С какой ВП сравнить? Есть {', '.join(TARGETS)}.")
    if not isinstance(inside, bool | np.bool_):
        raise StudentError(f"inside — True или False без кавычек, а не «{clean(str(inside), 40)}».")
    found = correlations(company, ahead, bool(inside), target)
    out = pd.DataFrame(
        {"r": np.round(list(found.values()), 2)},
        index=pd.Index([INDICATORS[n] for n in found], name="indicator"),
    )
    return captioned(out, {"indicator": "Показатель", "r": "Связь с ВП, r"}, r="доля")


def levels(company: Company, last: int) -> pd.DataFrame:
    """Mean of each indicator over a seller's last months, by seller's id; shares in per cent."""
    return company.memo(("ladder.levels", last), lambda: _levels(company, last))


def _levels(company: Company, last: int) -> pd.DataFrame:
    table = panel(company)
    made = {}
    for name, value in table.values.items():
        recent = np.where(table.whole, value, np.nan)[:, -last:]
        known = np.isfinite(recent)
        count = known.sum(1)
        total = np.where(known, recent, 0).sum(1)
        made[name] = np.divide(total, count, out=np.zeros(len(total)), where=count > 0)
    return pd.DataFrame(made, index=table.ids)
