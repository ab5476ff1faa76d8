"""Quotes of all kinds in one table, and who names the price aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salescourse.errors import StudentError
from salescourse.funnel.leads import as_months, share
from salescourse.funnel.people import names
from salescourse.measures import Months, captioned, working
from salescourse.pricing.typed import number_typed

if TYPE_CHECKING:
    from salescourse.company import Company


def quotes(company: Company) -> pd.DataFrame:
    """Every quote, to leads and to the client base; never hand it out without a copy.

    The seller is whoever the lead was given to; of a base quote, whoever runs the deal.
    Quotes of marked leads (duplicates, tests) are left out.
    """
    return company.memo("pricing.quotes", lambda: _make(company))


def _make(company: Company) -> pd.DataFrame:
    deals = company.deals[company.deals["amount"].notna().to_numpy()]
    leads = company.leads
    lead = deals["lead_id"].to_numpy(dtype=np.int64, na_value=-1)
    row = pd.Index(leads["lead_id"].to_numpy()).get_indexer(lead)  # −1: a quote to the base
    owner = np.append(leads["owner_id"].to_numpy(), 0)[row]
    owner = np.where(row < 0, deals["owner_id"].to_numpy(), owner)
    marked = np.append(leads["mark"].notna().to_numpy(), False)[row]
    out = deals.assign(owner_id=owner)[~marked]
    created = out["created_at"].to_numpy().astype("datetime64[M]")
    return out.assign(month=created.astype("datetime64[s]"))


def quotes_of(company: Company, months: Months | None) -> pd.DataFrame:
    """Quotes created in these months; all of them for None."""
    rows = quotes(company)
    if months is None:
        return rows
    return rows[np.isin(rows["month"].to_numpy(), as_months(months))]


def labels_of(company: Company, owners: np.ndarray) -> dict[int, str]:
    """Short names of the sellers of these rows, by id."""
    known = names(company)
    return {int(i): known.get(int(i), f"Сотрудник {int(i)}") for i in sorted(set(owners.tolist()))}


def filled(company: Company, months: Months | None = None) -> pd.DataFrame:
    """Quotes where it is filled in whether the price was named: seller, amount, `said`."""
    rows = quotes_of(company, months)
    rows = rows[rows["price_named"].notna().to_numpy()]
    return pd.DataFrame(
        {
            "owner_id": rows["owner_id"].to_numpy(),
            "status": rows["status"].to_numpy(),
            "amount": rows["amount"].to_numpy(dtype=np.float64),
            "said": rows["price_named"].to_numpy(dtype=bool),
        }
    )


def by_owner(rows: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """How often each seller (index, in order of ids) names a price up to and above a threshold."""
    ids, place = np.unique(rows["owner_id"].to_numpy(), return_inverse=True)
    cell = place * 2 + (rows["amount"].to_numpy() > threshold)
    n = np.bincount(cell, minlength=2 * len(ids))
    k = np.bincount(cell[rows["said"].to_numpy()], minlength=2 * len(ids))
    percent = np.array([share(int(a), int(b)) for a, b in zip(k, n, strict=True)])
    return pd.DataFrame(
        {
            "below": percent[::2],
            "above": percent[1::2],
            "gap": percent[::2] - percent[1::2],
            "n_below": n[::2],
            "n_above": n[1::2],
        },
        index=ids,
    )


@working(
    pandas=(
        'quotes = company.deals[company.deals["price_named"].notna()]\n'
        'dear = quotes["amount"] > threshold\n'
        '100 * quotes["price_named"].astype(float)'
        '.groupby([quotes["owner_id"], dear]).mean().unstack()'
    ),
    excel=(
        "Сводная по сделкам, где «Цена названа» заполнена: продавец в строки, «Бюджет больше "
        "порога» в столбцы, в значениях доля «да»."
    ),
)
def naming(company: Company, threshold: float, months: Months | None = None) -> pd.DataFrame:
    """Как часто продавец называет цену вслух: до порога и выше порога.

    Берём все КП, по заявкам и действующим клиентам, где поле «Цена названа» заполнено.
    Сумма — до скидки. Помеченных дублей и тестовых нет.

    Parameters
    ----------
    threshold : порог суммы, ₽; ровно столько — ещё «до порога»
    months : месяцы создания КП; без них — все

    Returns
    -------
    Строка — продавец. below и above — доля КП с названной ценой до порога и выше, %;
    n_below и n_above — сколько таких КП; gap — на сколько реже называет дорогую цену, п.п.
    В `attrs`: `named` и `silent` — доля оплаченных среди закрытых КП выше порога, где цену
    назвали и где нет, %; это ещё не действие самой цены: безнадёжным её часто и не называют.
    `threshold` — порог, ₽.

    Raises
    ------
    StudentError
        Порог — не число больше нуля.

    Examples
    --------
    >>> rows = naming(Company.load("demo"), 50_000)
    >>> bool((rows["gap"] > 20).any())
    True

    Метод: DOMAIN, M30.
    """
    limit = number_typed(threshold, "₽")
    if limit is None or not limit > 0:
        raise StudentError(
            f"Порог — сумма в рублях, например 50_000, а не «{str(threshold)[:40]}»."
        )
    rows = filled(company, months)
    said, dear = rows["said"].to_numpy(), rows["amount"].to_numpy() > limit
    found = by_owner(rows, limit)
    labels = labels_of(company, found.index.to_numpy())
    out = found.set_axis(pd.Index(list(labels.values()), name="Продавец"))
    captions = {
        "below": "Назвали: до порога",
        "above": "Назвали: выше порога",
        "gap": "Разница",
        "n_below": "КП до порога",
        "n_above": "КП выше порога",
    }
    out = captioned(out, captions, below="%", above="%", gap="п.п.")
    closed = (rows["status"] != "открыта").to_numpy() & dear
    paid = (rows["status"] == "оплачена").to_numpy()
    out.attrs["threshold"] = limit
    for key, which in (("named", said), ("silent", ~said)):
        chosen = closed & which
        out.attrs[key] = share(int((chosen & paid).sum()), int(chosen.sum()))
    return out
