"""Whose clients go to whom, so that nobody has more than one seller can look after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salescourse.errors import StudentError
from salescourse.measures import captioned, month_end, working
from salescourse.motivation.history import full_months
from salescourse.motivation.seats import MONTHS, seats

if TYPE_CHECKING:
    from salescourse.company import Company

ACTIVE_DAYS = 90  # a client who ordered within them is active [A]
NORM = 60  # clients a seller can look after: DOMAIN, M10


@working(
    pandas=(
        "since = company.asof - pd.Timedelta(days=90)\n"
        "active = company.orders[company.orders['ordered_at'] >= since]\n"
        "company.clients[company.clients['client_id'].isin(active['client_id'])]"
        ".groupby('owner_id').size()\n"
        "# у кого больше 60 — самые мелкие сверх нормы отдаём тому, у кого свободнее всех"
    ),
    excel="СЧЁТЕСЛИ активных клиентов по продавцам; сверх 60 — по одному самому свободному.",
)
def clients_split(company: Company, norm: int = NORM) -> pd.DataFrame:
    """Каких клиентов кому передать, чтобы ни у кого не было больше нормы.

    Активный клиент заказывал за последние 90 дней. Самых крупных продавец оставляет себе.

    Parameters
    ----------
    norm : сколько клиентов ведёт один продавец

    Returns
    -------
    Строка — клиент, которого передаём. was и to — от кого и к кому (номера сотрудников;
    в to пусто, если свободных мест ни у кого нет); gp — его ВП в месяц, ₽.

    Raises
    ------
    StudentError
        Норма — не целое число от 1.

    Examples
    --------
    >>> rows = clients_split(Company.load("demo"))
    >>> bool((rows["was"] != rows["to"]).all())
    True

    Метод: DOMAIN, M10 и M38.
    """
    if type(norm) is not int or norm < 1:
        raise StudentError(f"Норма — целое число клиентов, например 60, а не «{norm}».")
    active, here = active_clients(company), seats(company).ids
    count = active.groupby("owner_id").size().reindex(here, fill_value=0)
    room = (norm - count).clip(lower=0)
    given = active[active["owner_id"].isin(here)].sort_values(
        ["gp", "client_id"], ascending=[False, True]
    )
    place = given.groupby("owner_id").cumcount()
    given = given[(place >= norm).to_numpy()]
    to: list[int | None] = []
    for _ in range(len(given)):  # one at a time: each goes to whoever is freest by then
        freest = room.idxmax()
        free = bool(room[freest] > 0)
        to.append(int(freest) if free else None)
        room[freest] -= int(free)
    out = pd.DataFrame(
        {
            "client_id": given["client_id"].to_numpy(),
            "was": given["owner_id"].to_numpy(),
            "to": pd.array(to, dtype="Int64"),
            "gp": given["gp"].to_numpy(),
        }
    )
    captions = {"client_id": "Клиент", "was": "От кого", "to": "Кому", "gp": "ВП в месяц"}
    return captioned(out, captions, gp="₽")


def active_clients(company: Company) -> pd.DataFrame:
    """Active clients with their owner and monthly gross profit of the last twelve months."""

    def make() -> pd.DataFrame:
        orders, months = company.orders, full_months(company, MONTHS)
        recent = orders["ordered_at"] >= company.asof - pd.Timedelta(days=ACTIVE_DAYS)
        ids = np.unique(orders.loc[recent, "client_id"].to_numpy())
        year = orders[orders["paid_at"].between(months[0], month_end(months[-1]))]
        gp = year.groupby("client_id")["gp"].sum() / MONTHS
        rows = company.clients[company.clients["client_id"].isin(ids)]
        rows = rows[["client_id", "owner_id"]].reset_index(drop=True)
        return rows.assign(gp=rows["client_id"].map(gp).fillna(0.0).astype(float))

    return company.memo("motivation.active", make)


def moved_gp(company: Company, norm: int) -> tuple[np.ndarray, int]:
    """Monthly gross profit that each seat gains by the split, and clients left over."""
    ids, split = seats(company).ids, clients_split(company, norm)
    gain = np.zeros(len(ids))
    placed = split[split["to"].notna()]
    to = np.searchsorted(ids, placed["to"].to_numpy(dtype=np.int64))
    was = np.searchsorted(ids, placed["was"].to_numpy(dtype=np.int64))
    np.add.at(gain, to, placed["gp"].to_numpy())
    np.add.at(gain, was, -placed["gp"].to_numpy())
    return gain, int(split["to"].isna().sum())
