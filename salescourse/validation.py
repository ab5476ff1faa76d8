"""Is a company consistent? Keys, references, dates in order, nothing after the as-of date, money.

The planted dirt (duplicates, skipped stages, rollbacks, empty fields) is no violation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from salescourse import schema
from salescourse.text import plural

if TYPE_CHECKING:
    from salescourse.company import Company


def problems(company: Company) -> list[str]:
    """Violations as Russian sentences; empty if there are none."""
    found: list[str] = []
    for check in (_keys, _references, _future, _order, _deals, _money):
        found += check(company)
    return found


def _say(table: str, what: str, bad: pd.Series) -> list[str]:
    n = int(bad.fillna(False).sum())
    if not n:
        return []
    rows = plural(n, "строка", "строки", "строк")
    return [f"{schema.BY_NAME[table].caption}: {what} — {n} {rows}"]


def _keys(company: Company) -> list[str]:
    found = []
    for table in schema.TABLES:
        frame = company.tables[table.name]
        found += _say(table.name, "повторяется ключ", frame.duplicated(list(table.key)))
        for column in table.columns:
            if not column.nullable:
                found += _say(table.name, f"пусто «{column.caption}»", frame[column.name].isna())
    return found


def _references(company: Company) -> list[str]:
    found = []
    for table in schema.TABLES:
        for column in table.columns:
            if not column.references:
                continue
            other, key = column.references.split(".")
            values = company.tables[table.name][column.name]
            lost = values.notna() & ~values.isin(company.tables[other][key])
            found += _say(table.name, f"«{column.caption}» ни на что не указывает", lost)
    return found


PLANNED = {"expected_close", "next_contact_on"}  # dates that may lie ahead


def _future(company: Company) -> list[str]:
    end = company.asof + pd.Timedelta(days=1)
    found = []
    for table in schema.TABLES:
        if table.name == "calendar":
            continue
        for column in table.columns:
            if column.dtype in (schema.DATE, schema.MOMENT) and column.name not in PLANNED:
                late = company.tables[table.name][column.name] >= end
                found += _say(table.name, f"«{column.caption}» позже даты выгрузки", late)
    return found


IN_ORDER = (
    ("employees", "hired_on", "left_on"),
    ("leads", "created_at", "first_contact_at"),
    ("deals", "created_at", "closed_at"),
    ("deals", "created_at", "price_named_at"),
    ("stage_history", "entered_at", "left_at"),
    ("orders", "ordered_at", "shipped_at"),
    ("orders", "ordered_at", "paid_at"),
)


def _order(company: Company) -> list[str]:
    found = []
    for table, first, then in IN_ORDER:
        frame = company.tables[table]
        caption = schema.BY_NAME[table].captions
        what = f"«{caption[then]}» раньше, чем «{caption[first]}»"
        found += _say(table, what, frame[then] < frame[first])
    return found


def _deals(company: Company) -> list[str]:
    """Status, stage history and orders tell the same story."""
    deals, orders = company.deals, company.orders
    won = deals.status == "оплачена"
    paid = company.stage_history[company.stage_history.stage == "Оплата"].deal_id
    found = _say(
        "deals", "оплачена, но этапа «Оплата» в истории нет", won & ~deals.deal_id.isin(paid)
    )
    found += _say(
        "deals",
        "открыта, но есть дата закрытия",
        (deals.status == "открыта") & deals.closed_at.notna(),
    )
    found += _say(
        "deals",
        "закрыта, но даты закрытия нет",
        (deals.status != "открыта") & deals.closed_at.isna(),
    )
    found += _say("deals", "нет истории этапов", ~deals.deal_id.isin(company.stage_history.deal_id))
    books = orders.paid_at.min()
    late = won & (deals.closed_at >= books + pd.Timedelta(days=1))
    found += _say("deals", "оплачена, но заказа нет", late & ~deals.deal_id.isin(orders.deal_id))
    joined = orders.merge(deals[["deal_id", "gp"]], on="deal_id", suffixes=("", "_deal"))
    found += _say("orders", "ВП не сходится со сделкой", joined.gp != joined.gp_deal)
    leads = company.leads.merge(
        deals[["lead_id"]].dropna(), on="lead_id", how="left", indicator=True
    )
    return found + _say("leads", "нет сделки", leads["_merge"] == "left_only")


def _money(company: Company) -> list[str]:
    """Paid orders ↔ base of the bonus ↔ profit and loss."""
    orders, payroll, pnl = company.orders, company.payroll, company.pnl
    found = _say(
        "orders",
        "ВП не равна выручке минус себестоимость",
        orders.revenue - orders.cogs != orders.gp,
    )
    found += _say("orders", "выручка не больше нуля", orders.revenue <= 0)
    found += _say(
        "payroll",
        "«Всего» не равно окладу с бонусом",
        payroll.base_paid + payroll.bonus_paid != payroll.total,
    )
    found += _say(
        "pnl", "ВП не равна выручке минус себестоимость", pnl.revenue - pnl.cogs != pnl.gp
    )
    month = orders.paid_at.dt.to_period("M").dt.to_timestamp().rename("month")
    sums = orders.groupby(["owner_id", month])[["revenue", "gp"]].sum()
    keys = pd.MultiIndex.from_frame(payroll[["employee_id", "month"]])
    own = sums.reindex(keys).fillna(0)
    found += _say(
        "payroll",
        "выручка не сходится с оплатами",
        pd.Series(own.revenue.to_numpy() != payroll.fact_revenue),
    )
    found += _say(
        "payroll", "ВП не сходится с оплатами", pd.Series(own.gp.to_numpy() != payroll.fact_gp)
    )
    total = payroll.groupby("month")[["fact_revenue", "fact_gp", "total"]].sum().reindex(pnl.month)
    found += _say(
        "pnl",
        "выручка не сходится с базой бонусов",
        pd.Series(total.fact_revenue.to_numpy() != pnl.revenue.to_numpy()),
    )
    found += _say(
        "pnl",
        "ФОТ не сходится с начисленным",
        pd.Series(total.total.to_numpy() != pnl.payroll_mop.to_numpy()),
    )
    return found
