"""Why it leaks: four suspects, each with its own slice and a way to make it equal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salescourse.errors import StudentError, nearest
from salescourse.funnel.cells import one_cell, standard
from salescourse.funnel.leads import TRANSITIONS, cohorts_of, share, table
from salescourse.funnel.leak import place, transition
from salescourse.funnel.people import names
from salescourse.measures import Months, captioned, working
from salescourse.schema import STAGES

if TYPE_CHECKING:
    from salescourse.company import Company

EDGES = (1.0, 4.0, 24.0)  # hours
BUCKETS = ("до 1 ч", "1–4 ч", "4–24 ч", "больше суток")
QUOTE = STAGES.index("КП")
SUSPECTS = {
    "lag_hours": "скорость первого контакта",
    "price_named": "названа ли цена",
    "zombie": "брошенные сделки",
    "campaign": "кампания",
}
FEW = 5  # a stratum where others have fewer leads is judged without its source


@working(
    pandas=(
        "rows = funnel.reached(company)\n"
        'bucket = pd.cut(rows["lag_hours"], [0, 1, 4, 24, 1e9])\n'
        '100 * (rows["reached"] >= 1).groupby(bucket).mean()'
    ),
    excel="Столбец «часов до контакта», группировка в сводной; доля дошедших до квалификации.",
)
def speed(company: Company, months: Months | None = None) -> pd.DataFrame:
    """Какая доля лидов дошла до квалификации в зависимости от времени до первого контакта.

    Лиды, с которыми ещё не связались, не считаем.

    Parameters
    ----------
    months : месяцы создания; без них — все

    Returns
    -------
    Строка — сколько прошло до контакта. leads — лидов; conversion — до квалификации, %.

    Examples
    --------
    >>> list(speed(Company.load("demo")).index)
    ['до 1 ч', '1–4 ч', '4–24 ч', 'больше суток']

    Метод: DOMAIN, M20.
    """
    rows = cohorts_of(company, months)
    bucket = buckets(rows)
    n = np.bincount(bucket[bucket >= 0], minlength=len(BUCKETS))
    good = (bucket >= 0) & (rows["reached"].to_numpy() >= 1)
    k = np.bincount(bucket[good], minlength=len(BUCKETS))
    out = pd.DataFrame(
        {"leads": n, "conversion": [share(int(a), int(b)) for a, b in zip(k, n, strict=True)]},
        index=pd.Index(BUCKETS, name="До первого контакта"),
    )
    captions = {"leads": "Лидов", "conversion": "До квалификации"}
    return captioned(out, captions, conversion="%")


@working(
    pandas=(
        "rows = funnel.reached(company)\n"
        'quotes = rows[(rows["reached"] >= 2) & rows["price_named"].notna()]\n'
        '100 * quotes.groupby("owner_id")["price_named"].mean()'
    ),
    excel="Сводная по дошедшим до КП: продавец в строки, доля «да» в столбце «Цена названа».",
)
def price_named(company: Company, months: Months | None = None) -> pd.DataFrame:
    """Как часто продавец называет цену вслух, среди лидов, дошедших до КП.

    Считаем только сделки, где поле заполнено.

    Parameters
    ----------
    months : месяцы создания; без них — все

    Returns
    -------
    Строка — продавец. quotes — КП с заполненным полем; share — цена названа, %.
    В `attrs` таблицы: `named` и `silent` — доля КП, дошедших до переговоров, с названной
    ценой и без неё, %.

    Examples
    --------
    >>> rows = price_named(Company.load("demo"))
    >>> rows.attrs["named"] > rows.attrs["silent"]
    True

    Метод: DOMAIN, M30.
    """
    rows = cohorts_of(company, months)
    rows = rows[(rows["reached"].to_numpy() >= QUOTE) & rows["price_named"].notna().to_numpy()]
    said = rows["price_named"].to_numpy(dtype=bool)
    further = rows["reached"].to_numpy() > QUOTE
    labels = names(company)
    keys = list(labels)
    who = np.searchsorted(keys, rows["owner_id"].to_numpy())
    n = np.bincount(who, minlength=len(keys))
    k = np.bincount(who[said], minlength=len(keys))
    out = pd.DataFrame(
        {"share": [share(int(a), int(b)) for a, b in zip(k, n, strict=True)], "quotes": n},
        index=pd.Index([labels[key] for key in keys], name="Продавец"),
    )
    out = captioned(out[n > 0], {"share": "Цену назвали", "quotes": "КП"}, share="%")
    out.attrs["named"] = share(int((said & further).sum()), int(said.sum()))
    out.attrs["silent"] = share(int((~said & further).sum()), int((~said).sum()))
    return out


@working(
    pandas=(
        "rows = funnel.reached(company)\n"
        'open_ = rows[rows["status"] == "открыта"]\n'
        '100 * open_.groupby("owner_id")["zombie"].mean()'
    ),
    excel=(
        "По открытым сделкам МАКСЕСЛИ даты действия; больше 30 дней до выгрузки — зомби; "
        "сводная по продавцам."
    ),
)
def zombies(company: Company) -> pd.DataFrame:
    """Открытые сделки из заявок, по которым больше 30 дней нет ни одного действия.

    Returns
    -------
    Строка — продавец. zombies — таких сделок; open — всего открытых; share — их доля, %;
    amount — сумма бюджетов, ₽ (у сделок без КП бюджета нет).

    Examples
    --------
    >>> list(zombies(Company.load("demo")).columns)
    ['zombies', 'open', 'share', 'amount']

    Метод: DOMAIN, M22.
    """
    rows = table(company)
    rows = rows[(rows["status"] == "открыта").to_numpy()]
    labels = names(company)
    keys = list(labels)
    who = np.searchsorted(keys, rows["owner_id"].to_numpy())
    dead = rows["zombie"].to_numpy()
    n = np.bincount(who, minlength=len(keys))
    k = np.bincount(who[dead], minlength=len(keys))
    amount = rows["amount"].to_numpy(dtype=np.float64, na_value=0.0)
    out = pd.DataFrame(
        {
            "zombies": k,
            "open": n,
            "share": [share(int(a), int(b)) for a, b in zip(k, n, strict=True)],
            "amount": np.bincount(who[dead], amount[dead], minlength=len(keys)),
        },
        index=pd.Index([labels[key] for key in keys], name="Продавец"),
    )
    captions = {"zombies": "Зомби", "open": "Открыто", "share": "Доля", "amount": "На сумму"}
    return captioned(out[n > 0], captions, share="%", amount="₽")


@working(
    pandas=(
        "rows = funnel.reached(company)   # только дошедшие до начала перехода\n"
        'rows["passed"] = rows["reached"] > номер_этапа\n'
        'usual = rest.groupby(["source", признак], observed=True)["passed"].mean()\n'
        "# и взвесить составом самого продавца: по источнику и по признаку сразу"
    ),
    excel="Та же сводная, что для утечки, но в строках источник и признак вместе.",
)
def equalised(
    company: Company, stage: str, who: object, suspect: str, months: Months | None
) -> pd.DataFrame:
    """Что останется от разрыва, если уравнять утечку и остальных по подозрительному признаку.

    Если разрыв почти исчез, причина найдена; если остался, ищите дальше.

    Parameters
    ----------
    stage : этап, на который переходят, или переход целиком
    who : продавец или кампания
    suspect : что уравнять: `"lag_hours"` — время до первого контакта, `"price_named"` —
        названа ли цена, `"zombie"` — без брошенных сделок, `"campaign"` — кампания
    months : месяцы создания, обычно зрелые; `None` — все

    Returns
    -------
    Одна строка. gap — разрыв с остальными на тех же источниках, п.п.; left — сколько от него
    осталось; explained — какую долю разрыва объяснил признак, %. Для кампании признак
    `"campaign"` проверяем иначе: держится ли разрыв у одних и тех же продавцов.

    Raises
    ------
    StudentError
        Нет такого этапа, продавца или признака.

    Examples
    --------
    >>> company = Company.load("demo")
    >>> who = company.leads["owner_id"].iloc[0]
    >>> months = measures.mature(company, 12)
    >>> list(equalised(company, "КП", who, "lag_hours", months).columns)
    ['gap', 'left', 'explained']

    Метод: объяснённая доля 1 − остаток/разрыв, IDENTIFIABILITY E2.7.
    """
    if suspect not in SUSPECTS:
        listed = ", ".join(f'"{key}" — {value}' for key, value in SUSPECTS.items())
        hint = nearest(str(suspect), SUSPECTS)
        raise StudentError(f"Нет признака «{str(suspect)[:40]}». Есть {listed}.{hint}")
    by, key = place(company, who)
    gap, left = gaps(company, transition(stage), by, key, suspect, months)
    out = pd.DataFrame(
        {"gap": [gap], "left": [left], "explained": [100 * (1 - left / gap) if gap else np.nan]},
        index=pd.Index([SUSPECTS[suspect]], name="Уравняли"),
    )
    captions = {"gap": "Разрыв", "left": "Осталось", "explained": "Объяснено"}
    return captioned(out, captions, gap="п.п.", left="п.п.", explained="%")


def gaps(company: Company, title: str, by: str, key: object, suspect: str, months) -> tuple:
    """The gap of a cell on equal sources, and what is left on an equal suspect too, p.p."""
    gap = float(one_cell(company, title, by, key, months)["gap"])
    start = TRANSITIONS.index(title)
    if suspect == "price_named" and start < QUOTE:  # nobody has a price to name before the quote
        return gap, gap
    leads = cohorts_of(company, months)
    stage = leads["reached"].to_numpy()
    chosen = stage >= start
    if by == "campaign":
        chosen &= _siblings(leads, key)
    if suspect == "zombie":
        chosen &= ~(leads["zombie"].to_numpy() & (stage == start))
    own, passed = (leads[by] == key).to_numpy()[chosen], stage[chosen] > start
    source = leads["source"].array.codes.astype(np.int64)[chosen]
    if suspect == "campaign" and by == "campaign":
        return gap, gap - _gap(own, passed, source, _strata(leads, "owner_id")[chosen])
    return gap, _gap(own, passed, source, _strata(leads, suspect)[chosen])


def _gap(own: np.ndarray, passed: np.ndarray, source: np.ndarray, stratum: np.ndarray) -> float:
    """Others' conversion on the cell's own mix of source × stratum less its own, p.p."""
    width = int(stratum.max(initial=0)) + 1
    cell = source * width + stratum
    size = int(cell.max(initial=0)) + 1
    n_own, n_rest = (np.bincount(cell[w], minlength=size) for w in (own, ~own))
    k_own, k_rest = (np.bincount(cell[w & passed], minlength=size) for w in (own, ~own))
    thin = n_rest < FEW  # too few to know the rate in this source: take the stratum's own
    if thin.any():
        level = np.arange(size) % width
        n_all = np.bincount(level, n_rest, minlength=width)[level]
        k_all = np.bincount(level, k_rest, minlength=width)[level]
        n_rest, k_rest = np.where(thin, n_all, n_rest), np.where(thin, k_all, k_rest)
    counts = np.stack([n_own, n_rest]).astype(float), np.stack([k_own, k_rest]).astype(float)
    expected = standard(*counts)[0][0].sum()
    total = n_own.sum()
    return 100 * float(expected - k_own.sum()) / total if total else float("nan")


def _siblings(leads: pd.DataFrame, campaign: object) -> np.ndarray:
    """Leads of any campaign of the same source as this one."""
    named = leads["campaign"].notna().to_numpy()
    codes = leads["source"].array.codes
    ours = codes[(leads["campaign"] == campaign).to_numpy()]
    return named & np.isin(codes, ours)


def _strata(leads: pd.DataFrame, suspect: str) -> np.ndarray:
    """Number of each lead's group by the suspect, from zero."""
    if suspect == "lag_hours":
        return buckets(leads) + 1
    if suspect == "price_named":
        return leads["price_named"].to_numpy(dtype=np.int64, na_value=-1) + 1
    if suspect == "owner_id":
        return leads["owner_id"].to_numpy() - leads["owner_id"].min()
    if suspect == "zombie":
        return np.zeros(len(leads), dtype=np.int64)
    return leads["campaign"].array.codes.astype(np.int64) + 1


def buckets(rows: pd.DataFrame) -> np.ndarray:
    """Number of the bucket of `BUCKETS` of each lead; −1 without a contact."""
    hours = rows["lag_hours"].to_numpy()
    place = np.searchsorted(EDGES, hours, side="left")
    return np.where(np.isnan(hours), -1, place)
