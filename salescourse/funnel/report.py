"""What a CRM's own reports show: deals of a period, reasons of loss, leads by source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from salescourse.errors import StudentError, nearest
from salescourse.funnel.leads import PAID, QUALIFIED, as_months, cohorts_of
from salescourse.funnel.people import person
from salescourse.measures import Months, captioned, working

if TYPE_CHECKING:
    from salescourse.company import Company

STATUSES = ("открыта", "оплачена", "потеряна")


@working(
    pandas=(
        "deals = company.deals\n"
        'deals[deals["created_at"].between(начало, конец)]'
        '.groupby("status", observed=True)["amount"].agg(["size", "sum"])'
    ),
    excel="=СЧЁТЕСЛИМН(создана; «>=»&начало; создана; «<»&конец; статус; …) и СУММЕСЛИМН.",
)
def sales_analysis(
    company: Company, month: object, owner: object = None, tag: str | None = None
) -> pd.DataFrame:
    """Отчёт «Анализ продаж» за месяц: три способа понять слово «период».

    Все сделки воронки, и из заявок, и КП клиентам базы; статус — на дату выгрузки.

    Parameters
    ----------
    month : месяц, например `"2026-03"`
    owner : только этого продавца (кто ведёт сделку сейчас)
    tag : только с этим тегом: «пилот» или «акция»

    Returns
    -------
    Строки: по дате создания, по дате закрытия, в работе (стояла хоть день месяца).
    deals, amount — всего сделок и их бюджет, ₽; затем то же по статусам: открыта,
    оплачена, потеряна. У сделок без КП бюджета нет.

    Raises
    ------
    StudentError
        Не понял месяц, продавца или тег.

    Examples
    --------
    >>> list(sales_analysis(Company.load("demo"), "2026-03").index)
    ['по дате создания', 'по дате закрытия', 'в работе']

    Метод: DOMAIN, M15.
    """
    start = pd.Timestamp(as_months([month])[0])
    end = start + pd.DateOffset(months=1)
    deals = company.deals
    if owner is not None:
        deals = deals[deals["owner_id"] == person(company, owner)]
    if tag is not None:
        known = [str(t) for t in deals["tag"].astype("category").cat.categories]
        if tag not in known:
            raise StudentError(
                f"Нет тега «{str(tag)[:40]}». Есть {', '.join(known)}.{nearest(str(tag), known)}"
            )
        deals = deals[deals["tag"].eq(tag)]
    created, closed = deals["created_at"], deals["closed_at"]
    chosen = {
        "по дате создания": (created >= start) & (created < end),
        "по дате закрытия": (closed >= start) & (closed < end),
        "в работе": (created < end) & (closed.isna() | (closed >= start)),
    }
    rows = {name: _summary(deals[mask]) for name, mask in chosen.items()}
    out = pd.DataFrame.from_dict(rows, orient="index")
    out.index.name = "Период"
    captions = {"deals": "Сделок", "amount": "На сумму"}
    for status in STATUSES:
        captions |= {f"deals_{status}": status, f"amount_{status}": f"{status}, сумма"}
    money = {column: "₽" for column in out.columns if column.startswith("amount")}
    return captioned(out, captions, **money)


def _summary(deals: pd.DataFrame) -> dict[str, int]:
    out = {"deals": len(deals), "amount": int(deals["amount"].sum())}
    for status in STATUSES:
        some = deals[deals["status"].eq(status)]
        out[f"deals_{status}"] = len(some)
        out[f"amount_{status}"] = int(some["amount"].sum())
    return out


@working(
    pandas=(
        "deals = company.deals.merge(funnel.reached(company)[['deal_id', 'month']])\n"
        'deals["loss_reason"].value_counts(normalize=True) * 100'
    ),
    excel="Сводная по потерянным сделкам: причина в строки, количество и доля в значения.",
)
def loss_reasons(company: Company, months: Months | None = None) -> pd.DataFrame:
    """Почему проиграли, со слов продавца: от частых причин к редким.

    Потерянные сделки из заявок. Причину пишет тот, кто проиграл.

    Parameters
    ----------
    months : месяцы создания; без них — все

    Returns
    -------
    Строка — причина. deals — сделок; share — доля, %; running — доля нарастающим итогом, %;
    named — у какой доли цена была названа, среди сделок, где это поле заполнено, %.

    Examples
    --------
    >>> rows = loss_reasons(Company.load("demo"))
    >>> round(rows["running"].iloc[-1])
    100

    Метод: Парето, DOMAIN, M23.
    """
    rows = cohorts_of(company, months)
    rows = rows[(rows["status"] == "потеряна").to_numpy()]
    reasons = company.deals.set_index("deal_id")["loss_reason"]
    reason = reasons.reindex(rows["deal_id"].to_numpy()).astype(object).fillna("не указана")
    said = rows["price_named"].to_numpy(dtype=float, na_value=np.nan)
    grouped = pd.DataFrame({"reason": reason.to_numpy(), "said": said}).groupby("reason")["said"]
    out = grouped.agg(deals="size", named="mean").sort_values("deals", ascending=False)
    out.insert(1, "share", 100 * out["deals"] / max(1, len(rows)))
    out.insert(2, "running", out["share"].cumsum())
    out["named"] *= 100
    out.index.name = "Причина"
    captions = {
        "deals": "Сделок",
        "share": "Доля",
        "running": "Нарастающим",
        "named": "Из них цена названа",
    }
    return captioned(out, captions, share="%", running="%", named="%")


@working(
    pandas=(
        "rows = funnel.reached(company)\n"
        'rows.groupby("source", observed=True).agg(лидов=("lead_id", "size"), ВП=("gp", "sum"))'
    ),
    excel="Сводная: источник в строки; количество, доля дошедших и сумма ВП в значения.",
)
def lead_quality(company: Company, months: Months | None = None) -> pd.DataFrame:
    """Количество и качество лидов по источникам.

    Parameters
    ----------
    months : месяцы создания; без них — все

    Returns
    -------
    Строка — источник. leads — лидов; qualified — квалифицировано, %; won — оплат на
    100 лидов; gp — ВП первых покупок, ₽; gp_per_lead — ВП на один лид, ₽.

    Examples
    --------
    >>> "рекомендации" in lead_quality(Company.load("demo")).index
    True

    Метод: DOMAIN, M17.
    """
    rows = cohorts_of(company, months)
    stage = rows["reached"].to_numpy()
    frame = pd.DataFrame(
        {
            "source": rows["source"].astype(object),
            "leads": 1,
            "qualified": 100.0 * (stage >= QUALIFIED),
            "won": 100.0 * (stage == PAID),
            "gp": rows["gp"].fillna(0.0),
        }
    )
    grouped = frame.groupby("source")
    out = grouped.agg(
        leads=("leads", "sum"),
        qualified=("qualified", "mean"),
        won=("won", "mean"),
        gp=("gp", "sum"),
    )
    out["gp_per_lead"] = out["gp"] / out["leads"]
    out = out.sort_values("leads", ascending=False)
    out.index.name = "Источник"
    captions = {
        "leads": "Лидов",
        "qualified": "Квалифицировано",
        "won": "Оплат на 100 лидов",
        "gp": "ВП",
        "gp_per_lead": "ВП на лид",
    }
    return captioned(out, captions, qualified="%", gp="₽", gp_per_lead="₽")
