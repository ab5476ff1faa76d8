"""Every transition of every seller or campaign against all the others: counts, gaps, money.

A cell's reference is the conversion that all others have on the cell's own mix of sources;
what it loses is counted to payment, in gross profit (DOMAIN M16, IDENTIFIABILITY E2.5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salescourse.errors import StudentError, nearest
from salescourse.funnel.leads import PAID, TRANSITIONS, as_months, codes, cohorts_of, table
from salescourse.funnel.people import names
from salescourse.measures import Months
from salescourse.schema import STAGES

if TYPE_CHECKING:
    from salescourse.company import Company

ENOUGH, SURE = 50, 2.5  # leads and standard errors below which a cell proves nothing: DOMAIN, M16
BY = {"owner_id": "продавцам", "campaign": "кампаниям"}


def cells(company: Company, by: str, months: Months | None) -> pd.DataFrame:
    """All cells, remembered: never hand it out without a copy."""
    if by not in BY:
        listed = ", ".join(f'"{key}" — по {value}' for key, value in BY.items())
        if by == "source":
            raise StudentError(
                "По источникам сравнивать не с чем: разные источники и должны отличаться. "
                'Возьмите by="campaign": кампании одного источника сравнимы.'
            )
        raise StudentError(f"Нет разреза «{str(by)[:40]}». Есть {listed}.{nearest(str(by), BY)}")
    which = None if months is None else as_months(months).tobytes()
    return company.memo(("funnel.cells", by, which), lambda: _cells(company, by, months))


def one_cell(
    company: Company, title: str, by: str, key: object, months: Months | None
) -> pd.Series:
    """The cell of one transition at one seller or campaign."""
    rows = cells(company, by, months)
    rows = rows[(rows["transition"] == title).to_numpy() & (rows["key"] == key).to_numpy()]
    if rows.empty or not rows["n"].iloc[0]:
        raise StudentError("Здесь за эти месяцы никто не дошёл до начала перехода.")
    return rows.iloc[0]


def _cells(company: Company, by: str, months: Months | None) -> pd.DataFrame:
    rows = cohorts_of(company, months)
    source = rows["source"].array.codes.astype(np.int64)
    if by == "owner_id":
        labels = names(company)
        keys = list(labels)
        group = np.searchsorted(keys, rows["owner_id"].to_numpy())
    else:
        keys = sorted(str(k) for k in rows["campaign"].dropna().unique())
        labels = {k: k for k in keys}
        group = codes(rows["campaign"], keys).astype(np.int64)
    furthest = rows["reached"].to_numpy()
    value = mean_gp(company) / month_count(company, months)
    width = int(source.max(initial=0)) + 1
    parts: list[dict[str, np.ndarray]] = []
    for k in range(PAID):
        n, passed = (
            _count(group, source, furthest >= at, len(keys), width).astype(float)
            for at in (k, k + 1)
        )
        through = np.bincount(source[furthest > k], minlength=width)
        paid = np.bincount(source[furthest == PAID], minlength=width)
        onward = np.divide(paid, through, out=np.zeros(width), where=through > 0)
        parts.append(_compare(n, passed, onward, value, pool=by == "owner_id"))
    active = parts[0]["n"] > 0  # had a lead in these months
    known = [key for key, used in zip(keys, active, strict=True) if used]
    columns = {
        "transition": np.repeat(np.array(TRANSITIONS, dtype=object), len(known)),
        "who": [labels[key] for key in known] * PAID,
        "key": known * PAID,
    }
    for column in parts[0]:
        columns[column] = np.concatenate([part[column][active] for part in parts])
    return pd.DataFrame(columns)


def _count(group, source, chosen, height: int, width: int) -> np.ndarray:
    chosen = chosen & (group >= 0)
    flat = np.bincount(group[chosen] * width + source[chosen], minlength=height * width)
    return flat.reshape(height, width)


def _compare(n: np.ndarray, passed: np.ndarray, onward: np.ndarray, value: float, pool: bool):
    """Each row of (cell × source) counts against all the other rows on its own mix."""
    expected, variance = standard(n, passed, pool)
    total = n.sum(1)
    with np.errstate(invalid="ignore", divide="ignore"):
        conversion = 100 * passed.sum(1) / total
        reference = 100 * expected.sum(1) / total
        z = (expected.sum(1) - passed.sum(1)) / np.sqrt(variance.sum(1))
    return {
        "n": total.astype(np.int64),
        "conversion": conversion,
        "reference": reference,
        "gap": reference - conversion,
        "z": z,
        "lost": ((expected - passed) * onward).sum(1) * value,
    }


def standard(n: np.ndarray, passed: np.ndarray, pool: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """How many of each cell's leads would pass if they fared as everybody else's.

    Both arguments are cell × stratum counts. Returns the expected counts and the variance
    of (expected − passed). A stratum that nobody else has is judged by all the others where
    `pool`, else it can't be judged and is NaN.
    """
    others, theirs = n.sum(0) - n, passed.sum(0) - passed
    if pool:
        size, good = others.sum(1, keepdims=True), theirs.sum(1, keepdims=True)
        others, theirs = np.where(others > 0, [others, theirs], [size + 0 * n, good + 0 * n])
    rate = np.divide(theirs, others, out=np.full(n.shape, np.nan), where=others > 0)
    spread = rate * (1 - rate)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = n * spread + n * n * spread / others
    return np.where(n > 0, n * rate, 0.0), np.where(n > 0, variance, 0.0)


# What a cell is worth -------------------------------------------------------------------------


def mean_gp(company: Company) -> float:
    """Mean gross profit of the company's paid lead deals, ₽."""
    gp = table(company)["gp"].to_numpy()
    return float(np.nanmean(gp)) if (~np.isnan(gp)).any() else 0.0


def month_count(company: Company, months: Months | None) -> int:
    if months is None:
        return max(1, len(np.unique(table(company)["month"].to_numpy())))
    return len(np.unique(as_months(months)))


def first_year_gp(company: Company) -> float:
    """Mean GP of the first 12 months of a client won from a lead more than a year ago, ₽."""

    def make() -> float:
        deals, orders = company.deals, company.orders
        won = deals[deals["lead_id"].notna() & deals["status"].eq("оплачена")]
        won = won[won["client_id"].notna()].drop_duplicates("client_id")
        start = pd.Series(won["closed_at"].dt.normalize().to_numpy(), won["client_id"].astype(int))
        start = start[start <= company.asof - pd.DateOffset(years=1)]
        paid = orders[orders["paid_at"].notna() & orders["client_id"].isin(start.index)]
        since = paid["ordered_at"] - paid["client_id"].map(start)
        within = paid[since < pd.Timedelta(days=365)]
        return float(within["gp"].sum()) / len(start) if len(start) else float("nan")

    return company.memo("funnel.first_year_gp", make)


def transition(stage: object) -> str:
    """«КП» or «Квалификация → КП» as the transition's full name."""
    into = dict(zip(STAGES[1:], TRANSITIONS, strict=True))
    if isinstance(stage, str):
        text = " ".join(stage.split())
        for name, title in into.items():
            if text.casefold() in (name.casefold(), title.casefold()):
                return title
        hint = nearest(text, (*into, *TRANSITIONS))
        if text.casefold() == STAGES[0].casefold():
            hint = " На «Новую заявку» не переходят: с неё начинают."
    else:
        hint = ""
    raise StudentError(f"Нет этапа «{str(stage)[:40]}». Есть {', '.join(into)}.{hint}")
