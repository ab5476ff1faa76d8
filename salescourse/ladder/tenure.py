"""How long sellers stay: Kaplan–Meier with those still employed as censored (scipy)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from salescourse.errors import StudentError
from salescourse.measures import captioned, working

if TYPE_CHECKING:
    from salescourse.company import Company

DAYS = 365.25 / 12
SELLER = "МОП-универсал"


class Curve(NamedTuple):
    """Share still there after each moment at which somebody left or was last seen."""

    months: np.ndarray
    share: np.ndarray

    def after(self, months: float) -> float:
        """Share who stay longer than so many months; NaN beyond the longest seen."""
        if not len(self.months) or months > self.months[-1]:
            return np.nan
        place = np.searchsorted(self.months, months, side="right") - 1
        return float(self.share[place]) if place >= 0 else 1.0

    @property
    def median(self) -> float:
        """Months by which half has left; inf if fewer than half ever do."""
        gone = np.flatnonzero(self.share <= 0.5)
        return float(self.months[gone[0]]) if len(gone) else np.inf


def curve(left: np.ndarray, still: np.ndarray) -> Curve:
    """Kaplan–Meier of the months of those who left, and of those still here."""
    from scipy import stats

    if not len(left) and not len(still):
        raise StudentError("Ни одного продавца: срок работы считать не на ком.")
    if not len(left):
        return Curve(np.unique(still), np.ones(len(np.unique(still))))
    sample = stats.CensoredData(uncensored=left, right=still)
    found = stats.ecdf(sample).sf
    return Curve(np.asarray(found.quantiles, dtype=float), np.asarray(found.probabilities))


def spans(company: Company) -> tuple[np.ndarray, np.ndarray]:
    """Months worked by sellers who left, and so far by those still here."""
    staff = company.employees
    staff = staff[(staff["role"] == SELLER) & staff["hired_on"].notna()]
    end = staff["left_on"].fillna(company.asof.normalize())
    months = (end - staff["hired_on"]).dt.days.to_numpy() / DAYS
    gone = staff["left_on"].notna().to_numpy()
    return months[gone], months[~gone]


def stay(company: Company) -> Curve:
    """The curve of this company's sellers, made once."""
    return company.memo("ladder.stay", lambda: curve(*spans(company)))


@working(
    pandas=(
        "from scipy import stats\n"
        "sample = stats.CensoredData(uncensored=ушли, right=работают)\n"
        "stats.ecdf(sample).sf.evaluate([6, 12, 24, 36])"
    ),
    excel=(
        "По срокам по возрастанию: доля оставшихся × (1 − ушло / работало к этому сроку); "
        "работающие выбывают из знаменателя, но не считаются ушедшими."
    ),
)
def tenure(company: Company, marks: tuple[float, ...] = (6, 12, 24, 36)) -> pd.DataFrame:
    """Какая доля продавцов дорабатывает до полугода, года, двух, трёх.

    Оценка Каплана — Мейера: кто ещё работает, тот не «ушёл сегодня», его срок мы знаем
    только снизу. Среднее по ушедшим — другое число: в нём нет тех, кто остался.

    Parameters
    ----------
    marks : через сколько месяцев смотреть

    Returns
    -------
    Строка — срок. share — доля продавцов, которые работают дольше, %; left — сколько ушло к
    этому сроку; пусто — так долго ещё никто не работал.

    Examples
    --------
    >>> list(tenure(Company.load("demo")).columns)
    ['share', 'left']

    Метод: DOMAIN, M49; Kaplan, Meier, JASA 1958; расчёт — scipy.stats.ecdf.
    """
    gone, _ = spans(company)
    found = stay(company)
    out = pd.DataFrame(
        {
            "share": [100 * found.after(m) for m in marks],
            "left": [int((gone <= m).sum()) for m in marks],
        },
        index=pd.Index([f"{m:g} мес.".replace(".", ",", 0) for m in marks], name="span"),
    )
    captions = {"span": "Срок", "share": "Работают дольше", "left": "Ушло к этому сроку"}
    return captioned(out, captions, share="%")


def leavers_mean(company: Company) -> float:
    """Mean months of those who left: the usual wrong answer to «how long do they stay»."""
    gone, _ = spans(company)
    return float(gone.mean()) if len(gone) else np.nan
