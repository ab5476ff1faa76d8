"""How far each lead got: the one table that every view of the funnel is made from."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salescourse.errors import StudentError
from salescourse.measures import Months, captioned, working
from salescourse.schema import STAGES

if TYPE_CHECKING:
    from salescourse.company import Company

TRANSITIONS = tuple(f"{a} → {b}" for a, b in pairwise(STAGES))
QUALIFIED, PAID = 1, len(STAGES) - 1
SILENCE = 30  # days without an activity after which an open deal is a zombie: DOMAIN, M22
NO_MONTHS = (
    "Не понял месяцы. Дайте список, например measures.mature(company, 6) "
    'или ["2026-03", "2026-04"].'
)
CAPTIONS = {
    "month": "Месяц",
    "lag_hours": "Часов до контакта",
    "zombie": "Зомби",
    "reached": "Дошёл до этапа",
    "paid_month": "Месяц оплаты",
    "cycle_days": "Цикл",
    "standing": "Этап сейчас",
}


@working(
    pandas=(
        'leads = company.leads[company.leads["mark"].isna()]\n'
        "history = company.stage_history[company.stage_history['stage'] != 'Отложено']\n"
        "number = {этап: номер for номер, этап in enumerate(этапы)}\n"
        "furthest = history.assign(n=history['stage'].map(number).astype(int))"
        ".groupby('deal_id')['n'].max()\n"
        "deals = company.deals.merge(leads, on='lead_id', suffixes=('_deal', ''))\n"
        "deals['reached'] = deals['deal_id'].map(furthest)"
    ),
    excel=(
        "В «Истории этапов» номер этапа в отдельный столбец, МАКСЕСЛИ по номеру сделки; "
        "затем ВПР в «Сделки», а оттуда в «Заявки» без пометок."
    ),
)
def reached(company: Company) -> pd.DataFrame:
    """До чего дошла каждая заявка: одна строка — один лид.

    Помеченных дублей и тестовых нет. Этап — самый дальний, на который сделка хоть раз вошла,
    по истории этапов: поздний этап значит, что ранние пройдены; откат ничего не отменяет;
    «Отложено» — не этап. Продавец — кому заявку дали при создании.

    Returns
    -------
    lead_id, deal_id : номера заявки и её сделки
    source, campaign, owner_id : источник, кампания, продавец
    month : первое число месяца создания
    reached : номер этапа от 0 («Новая заявка») до 4 («Оплата»)
    status, standing : статус и этап на дату выгрузки
    lag_hours : часов до первого контакта
    price_named : названа ли цена; пусто, если поле не заполнили
    amount, gp : бюджет и ВП, ₽; ВП только у оплаченных
    cycle_days : дней от создания до оплаты, у оплаченных
    paid_month : месяц оплаты
    zombie : открыта, а действий нет больше 30 дней

    Examples
    --------
    >>> rows = reached(Company.load("demo"))
    >>> int(rows["reached"].max())
    4

    Метод: DOMAIN §2.2, M16, M22.
    """
    return captioned(table(company).copy(), CAPTIONS, cycle_days="дн.", lag_hours="ч")


def table(company: Company) -> pd.DataFrame:
    """The shared table itself: never hand it out, `reached` gives a copy."""
    return company.memo("funnel.reached", lambda: _make(company))


def _make(company: Company) -> pd.DataFrame:
    leads = company.leads[company.leads["mark"].isna().to_numpy()]
    deals = company.deals[company.deals["lead_id"].notna().to_numpy()]
    lead_id = leads["lead_id"].to_numpy()
    row = _rows(lead_id, deals["lead_id"].to_numpy(dtype=np.int64))
    if (row < 0).any():
        leads, lead_id, row = leads[row >= 0], lead_id[row >= 0], row[row >= 0]
    deals = deals.iloc[row]
    deal_id = deals["deal_id"].to_numpy()
    created = leads["created_at"].to_numpy().astype("datetime64[s]")
    closed = deals["closed_at"].to_numpy().astype("datetime64[s]")
    status = deals["status"].astype("category")
    paid, standing = (status == "оплачена").to_numpy(), (status == "открыта").to_numpy()
    deal_created = deals["created_at"].to_numpy().astype("datetime64[s]")
    days = (closed - deal_created).astype(np.float64) / 86_400
    days[~paid | np.isnat(closed)] = np.nan
    contact = leads["first_contact_at"].to_numpy().astype("datetime64[s]")
    hours = (contact - created).astype(np.float64) / 3600
    hours[np.isnat(contact)] = np.nan
    return pd.DataFrame(
        {
            "lead_id": lead_id,
            "deal_id": deal_id,
            "source": leads["source"].array,
            "campaign": leads["campaign"].array,
            "owner_id": leads["owner_id"].to_numpy(),
            "month": _month(created),
            "reached": _furthest(company, deal_id),
            "status": status.array,
            "standing": deals["stage"].array,
            "lag_hours": hours,
            "price_named": deals["price_named"].array,
            "amount": deals["amount"].array,
            "gp": np.where(paid, deals["gp"].to_numpy(dtype=np.float64, na_value=np.nan), np.nan),
            "cycle_days": days,
            "paid_month": np.where(paid, _month(closed), np.datetime64("NaT", "s")),
            "zombie": standing & _silent(company, lead_id, deal_id, deal_created),
        }
    )


def _month(moments: np.ndarray) -> np.ndarray:
    return moments.astype("datetime64[M]").astype("datetime64[s]")


def _rows(wanted: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """Row of each wanted key among the keys, −1 where there is none."""
    if not len(keys):
        return np.full(len(wanted), -1)
    order = np.argsort(keys, kind="stable")
    place = np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)
    return np.where(keys[order][place] == wanted, order[place], -1)


def codes(values: pd.Series, order: Sequence[str]) -> np.ndarray:
    """Place of each value in `order`; −1 where it is none of them."""
    kinds = values.astype("category").array
    places = {name: i for i, name in enumerate(order)}
    lookup = np.array([*(places.get(name, -1) for name in kinds.categories), -1], dtype=np.int8)
    return lookup[kinds.codes]


def _furthest(company: Company, deal_id: np.ndarray) -> np.ndarray:
    """Number of the furthest main stage each deal ever entered; 0 without a history."""
    history = company.stage_history
    code = codes(history["stage"], STAGES)
    top = np.zeros(int(max(deal_id.max(initial=0), history["deal_id"].max() or 0)) + 1, np.int8)
    main = code > 0
    np.maximum.at(top, history["deal_id"].to_numpy()[main], code[main])
    return top[deal_id]


def _silent(company: Company, lead_id, deal_id, created) -> np.ndarray:
    """No activity for more than `SILENCE` days before the snapshot, nor created since."""
    acts = company.activities
    recent = acts["at"].to_numpy() >= (company.asof.normalize() - pd.Timedelta(days=SILENCE))
    recent_acts = acts[recent]
    spoken = np.isin(deal_id, recent_acts["deal_id"].dropna().to_numpy(dtype=np.int64))
    spoken |= np.isin(lead_id, recent_acts["lead_id"].dropna().to_numpy(dtype=np.int64))
    young = created >= (company.asof.normalize() - pd.Timedelta(days=SILENCE)).to_datetime64()
    return ~spoken & ~young


# Choosing rows --------------------------------------------------------------------------------


def cohorts_of(company: Company, months: Months | None) -> pd.DataFrame:
    """Leads created in these months; all of them for None. Never hand it out without a copy."""
    rows = table(company)
    if months is None:
        return rows
    chosen = as_months(months)

    def make() -> pd.DataFrame:
        return rows[np.isin(rows["month"].to_numpy(), chosen)]

    return company.memo(("funnel.cohorts", chosen.tobytes()), make)


def as_months(months: Months) -> np.ndarray:
    """First days of the months a student chose, however they wrote them."""
    if isinstance(months, str | pd.Timestamp):
        months = [months]
    try:
        stamps = pd.DatetimeIndex(list(months))
    except (TypeError, ValueError, OverflowError) as error:
        raise StudentError(NO_MONTHS) from error
    if stamps.hasnans:
        raise StudentError(NO_MONTHS)
    if not len(stamps):
        raise StudentError("Список месяцев пуст. Дайте хотя бы один.")
    return _month(stamps.to_numpy())


def share(part: float, whole: float) -> float:
    """Per cent; NaN of nothing."""
    return 100.0 * part / whole if whole else float("nan")
