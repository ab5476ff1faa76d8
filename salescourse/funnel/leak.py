"""Where the funnel leaks and what it costs: every stage of every seller and campaign.

A cell is a transition at one seller or one campaign. Its reference is the conversion that
all others have on the cell's own mix of sources; what is lost is counted to payment and in
gross profit (DOMAIN M16, IDENTIFIABILITY E2.4 and E2.5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salescourse.errors import StudentError, nearest
from salescourse.funnel.people import names, person
from salescourse.funnel.reached import PAID, TRANSITIONS, as_months, codes, cohorts_of, table
from salescourse.measures import Months, captioned, working
from salescourse.schema import STAGES

if TYPE_CHECKING:
    from salescourse.company import Company

ENOUGH, SURE = 50, 2.5  # leads and standard errors below which a cell proves nothing: DOMAIN, M16
BY = {"owner_id": "продавцам", "campaign": "кампаниям"}
CAPTIONS = {
    "transition": "Переход",
    "who": "Где",
    "n": "Дошло",
    "conversion": "Переходит",
    "reference": "У остальных",
    "gap": "Разрыв",
    "z": "Разрыв в ошибках",
    "lost": "Теряем ВП в месяц",
}
UNITS = {"conversion": "%", "reference": "%", "gap": "п.п.", "lost": "₽"}
LINE = """
rows = funnel.reached(company)
rows = rows[rows["month"].isin(months) & (rows["reached"] >= номер_этапа)]
rows["passed"] = rows["reached"] > номер_этапа
own, rest = rows[rows["owner_id"] == кто], rows[rows["owner_id"] != кто]
usual = rest.groupby("source", observed=True)["passed"].mean()
gap = own["source"].map(usual).astype(float).mean() - own["passed"].mean()
"""


@working(
    pandas=LINE,
    excel=(
        "Сводная: источник в строки, продавец в столбцы, доля перешедших в значения. "
        "Конверсию остальных по источникам взвесьте лидами самого продавца: СУММПРОИЗВ."
    ),
)
def stage(company: Company, stage: str, by: str, months: Months | None) -> pd.DataFrame:
    """Один переход: как он проходит у каждого продавца или кампании и как у остальных.

    «У остальных» — конверсия всех, кроме него самого, на его составе источников.
    Кампанию сравниваем с другой кампанией того же источника.

    Parameters
    ----------
    stage : этап, на который переходят («КП»), или переход целиком («Квалификация → КП»)
    by : `"owner_id"` — по продавцам, `"campaign"` — по кампаниям
    months : месяцы создания, обычно зрелые; `None` — все

    Returns
    -------
    Строка — продавец или кампания. n — сколько дошло до начала перехода; conversion — какая
    доля перешла, %; reference — сколько перешло бы, как у остальных, %; gap — разрыв, п.п.;
    z — разрыв в стандартных ошибках, от 2,5 — вряд ли случайность; lost — сколько ВП
    теряем в зрелый месяц, ₽ (минус — выигрываем).

    Raises
    ------
    StudentError
        Нет такого этапа или разреза.

    Examples
    --------
    >>> company = Company.load("demo")
    >>> months = measures.mature(company, 12)
    >>> list(stage(company, "КП", by="owner_id", months=months).columns)[:3]
    ['n', 'conversion', 'reference']

    Метод: прямая стандартизация по источнику, DOMAIN, M16.
    """
    rows = cells(company, by, months)
    rows = rows[rows["transition"] == transition(stage)]
    out = rows.set_index("who").drop(columns=["transition", "key"])
    return captioned(out, CAPTIONS, **UNITS)


@working(
    pandas=LINE
    + "lost = len(own) * gap * дальше_до_оплаты * средняя_ВП / len(months)  # по источникам",
    excel=(
        "Четыре множителя по каждой клетке: дошло × разрыв × доля оплат среди прошедших × "
        "средняя ВП; поделить на число месяцев."
    ),
)
def leaks(company: Company, by: str, months: Months | None) -> pd.DataFrame:
    """Карта потерь: каждый переход у каждого продавца или кампании, в рублях ВП в месяц.

    Потеря = дошло × (конверсия остальных на тех же источниках, без него самого − его
    конверсия) × доля оплат среди прошедших (по источникам, по всей компании) × средняя ВП
    оплаченной сделки по компании / число месяцев.

    Parameters
    ----------
    by : `"owner_id"` — по продавцам, `"campaign"` — по кампаниям
    months : месяцы создания, обычно зрелые; `None` — все

    Returns
    -------
    Строка — клетка: transition, who, key (номер сотрудника или кампания) и столбцы, как у
    `stage`. Клетка с n < 50 или z < 2,5 ничего не доказывает.

    Raises
    ------
    StudentError
        Нет такого разреза.

    Examples
    --------
    >>> company = Company.load("demo")
    >>> rows = leaks(company, by="campaign", months=measures.mature(company, 12))
    >>> set(rows["transition"]) == set(TRANSITIONS)
    True

    Метод: DOMAIN, M16.
    """
    return captioned(cells(company, by, months).copy(), CAPTIONS, **UNITS)


@working(
    pandas=(
        'row = funnel.stage(company, "КП", "owner_id", months).loc["Иванова\u00a0А.\u00a0П."]\n'
        'new = rows["gp"].sum() / len(months)   # ВП новых клиентов в месяц\n'
        '100 * row["lost"] / new'
    ),
    excel="Потеря в месяц / ВП первых покупок в месяц; и она же на ВП клиента за первый год.",
)
def in_money(company: Company, stage: str, who: object, months: Months | None) -> pd.DataFrame:
    """Много это или мало: потеря в одной клетке рядом с деньгами новых клиентов.

    Parameters
    ----------
    stage : этап, на который переходят, или переход целиком
    who : продавец (фамилия или номер) или кампания
    months : месяцы создания, обычно зрелые; `None` — все

    Returns
    -------
    Одна строка. lost — потеря ВП в месяц, ₽; new — ВП новых клиентов в месяц, ₽ (первые
    покупки лидов этих месяцев); share — потеря от ВП новых клиентов, %; clients — сколько
    клиентов в месяц не дошло; year — ВП клиента за первые 12 месяцев, ₽ (оплаченные заказы
    тех, кто пришёл по заявке больше года назад); lost_year — чего стоит месяц потерь за
    первые 12 месяцев этих клиентов, ₽.

    Examples
    --------
    >>> company = Company.load("demo")
    >>> who = company.leads["owner_id"].iloc[0]
    >>> len(in_money(company, "КП", who, measures.mature(company, 12)))
    1
    """
    by, key = place(company, who)
    cell = one_cell(company, transition(stage), by, key, months)
    lost = float(cell["lost"])
    new = float(cohorts_of(company, months)["gp"].sum()) / month_count(company, months)
    clients = lost / mean_gp(company)
    year = first_year_gp(company)
    out = pd.DataFrame(
        {
            "lost": [lost],
            "new": [new],
            "share": [100 * lost / new if new else float("nan")],
            "clients": [clients],
            "year": [year],
            "lost_year": [clients * year],
        },
        index=pd.Index([f"{cell['transition']}, {cell['who']}"], name="Где"),
    )
    captions = {
        "lost": "Теряем ВП в месяц",
        "new": "ВП новых клиентов в месяц",
        "share": "Доля от неё",
        "clients": "Клиентов в месяц не дошло",
        "year": "ВП клиента за первые 12 месяцев",
        "lost_year": "Потеря за их первые 12 месяцев",
    }
    money = dict.fromkeys(("lost", "new", "year", "lost_year"), "₽")
    return captioned(out, captions, share="%", **money)


# The cells ------------------------------------------------------------------------------------


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


def place(company: Company, who: object) -> tuple[str, object]:
    campaigns = [str(k) for k in table(company)["campaign"].dropna().unique()]
    if isinstance(who, str):
        known = {k.casefold(): k for k in campaigns}
        if who.strip().casefold() in known:
            return "campaign", known[who.strip().casefold()]
    return "owner_id", person(company, who)
