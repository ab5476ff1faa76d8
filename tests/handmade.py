"""Companies of a dozen leads, written out by hand, so that tests can be worked out by hand."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from salescourse import schema
from salescourse.company import Company
from salescourse.frames import conform

STAGES = schema.STAGES
SELLERS = {1: "Иванова Анна Петровна", 2: "Петров Олег Ильич", 3: "Сидорова Вера Львовна"}


@dataclass(frozen=True)
class Lead:
    """A lead and its deal. `path` are the stages entered after the first, a day apart."""

    source: str
    owner: int
    created: str
    path: tuple[str, ...] = ()
    status: str = "потеряна"
    closed: str | None = None
    gp: int | None = None
    amount: int | None = None
    campaign: str | None = None
    hours: float | None = 1.0  # to the first contact
    named: bool | None = None
    mark: str | None = None
    touched: str | None = None  # the last call; only open deals need one
    reason: str | None = None
    owner_now: int | None = None
    client: int | None = None
    tag: str | None = None


@dataclass
class Tables:
    rows: dict[str, list[dict]] = field(default_factory=dict)

    def add(self, table: str, **row) -> None:
        self.rows.setdefault(table, []).append(row)

    def frame(self, table: schema.Table) -> pd.DataFrame:
        rows = self.rows.get(table.name, [])
        columns = {c.name: [row.get(c.name) for row in rows] for c in table.columns}
        frame = pd.DataFrame(columns)
        for column in table.columns:
            empty = {schema.FLAG: False, schema.INT: 0, schema.MONEY: 0}.get(column.dtype)
            if not column.nullable and empty is not None:
                frame[column.name] = [empty if v is None else v for v in columns[column.name]]
        return conform(table, frame)


def upto(stage: str) -> tuple[str, ...]:
    """Every stage after the first up to this one, in order."""
    return STAGES[1 : STAGES.index(stage) + 1]


def paid(source: str, owner: int, created: str, closed: str, gp: int, **other) -> Lead:
    """A lead that went all the way."""
    return Lead(source, owner, created, upto("Оплата"), "оплачена", closed, gp, **other)


def firm(leads: list[Lead], asof: str, orders: list[dict] = ()) -> Company:
    """A company of these leads. Lead ids count from 1, deal ids from 1001."""
    tables = Tables()
    for number, fio in SELLERS.items():
        tables.add("employees", employee_id=number, fio=fio, role="МОП-универсал")
    for i, lead in enumerate(leads, start=1):
        _add(tables, i, lead)
    for row in orders:
        tables.add("orders", is_repeat=False, **row)
    return Company({t.name: tables.frame(t) for t in schema.TABLES}, asof, name="Ручная")


def _add(tables: Tables, i: int, lead: Lead) -> None:
    created = pd.Timestamp(lead.created) + pd.Timedelta(hours=9)
    contact = None if lead.hours is None else created + pd.Timedelta(hours=lead.hours)
    main = [s for s in lead.path if s in STAGES]
    tables.add(
        "leads",
        lead_id=i,
        created_at=created,
        source=lead.source,
        campaign=lead.campaign,
        first_contact_at=contact,
        owner_id=lead.owner,
        is_qualified=bool(main),
        mark=lead.mark,
    )
    closed = lead.closed or (lead.created if lead.status == "потеряна" else None)
    tables.add(
        "deals",
        deal_id=1000 + i,
        lead_id=i,
        client_id=lead.client,
        owner_id=lead.owner_now or lead.owner,
        created_at=created,
        closed_at=None if closed is None else pd.Timestamp(closed) + pd.Timedelta(hours=9),
        status=lead.status,
        stage=(STAGES[0], *lead.path)[-1],
        amount=lead.amount,
        gp=lead.gp,
        price_named=lead.named,
        loss_reason=lead.reason,
        tag=lead.tag,
    )
    for day, stage in enumerate((STAGES[0], *lead.path)):
        entered = created + pd.Timedelta(days=day)
        row = {"deal_id": 1000 + i, "stage": stage, "entered_at": entered, "moved_by": lead.owner}
        tables.add("stage_history", **row)
    if lead.touched:
        tables.add(
            "activities",
            activity_id=i,
            type="исходящий звонок",
            employee_id=lead.owner,
            lead_id=i,
            deal_id=1000 + i,
            at=pd.Timestamp(lead.touched),
            result="разговор",
        )


def with_deals(leads: list[Lead], quotes: list[dict] = (), **tables: list[dict]) -> Company:
    """A company of leads, and of quotes to the client base written out as deals."""
    company = firm(leads, "2026-05-31")
    extra = Tables()
    for i, row in enumerate(quotes):
        row = {"created_at": pd.Timestamp("2026-01-12 10:00"), "stage": "КП", **row}
        extra.add("deals", deal_id=9000 + i, **row)
    for name, rows in tables.items():
        for row in rows:
            extra.add(name, **row)
    made = dict(company.tables)
    for table in schema.TABLES:
        if table.name in extra.rows:
            frames = [made[table.name], extra.frame(table)]
            made[table.name] = pd.concat([f for f in frames if len(f)], ignore_index=True)
    return Company(made, company.asof, name="Ручная")


SHOP = {"хороший": (65_000, 52_000), "лучше": (90_000, 70_000), "самый лучший": (140_000, 108_000)}


def shop(one: int = 4, three: tuple[int, int, int] = (2, 6, 2)) -> Company:
    """A pilot at the textbook's prices and costs: of 10 quotes with one price `one` were bought,
    of 20 with three prices `three` of each offer.
    """
    prices = dict(
        zip(("price_good", "price_better", "price_best"), (65_000, 90_000, 140_000), strict=True)
    )

    def quote(n: int, name: str | None, amount: int, cost: int | None) -> dict:
        return {
            "owner_id": 1,
            "tag": "пилот",
            "n_options": n,
            "status": "оплачена" if cost else "потеряна",
            "amount": amount,
            "discount_pct": 0.0,
            "cost": cost,
            "gp": amount - cost if cost else None,
            "option_chosen": name if n == 3 else None,
            **(prices if n == 3 else {}),
        }

    rows = [quote(1, None, 90_000, 70_000 if i < one else None) for i in range(10)]
    for (name, (price, cost)), n in zip(SHOP.items(), three, strict=True):
        rows += [quote(3, name, price, cost)] * n
    rows += [quote(3, None, 65_000, None)] * (20 - sum(three))
    return with_deals([Lead("сайт", 1, "2026-01-12")], rows)
