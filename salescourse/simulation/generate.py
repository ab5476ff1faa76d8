"""A company from a code: draws the cast, simulates, dirties, lays out the tables.

`numbers(code)` returns plain arrays: categories as codes, dates as days and moments as
seconds from 1970, −1 (or NEVER for times) where a field is empty. Labels are not among
them: `names.labels` adds them when a table is first looked at.
"""

from __future__ import annotations

import ctypes
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from salescourse import schema
from salescourse.simulation import activities, calendar, cast, dirt, effort, leads, orders, people
from salescourse.simulation.leads import DAY, END, NEVER
from salescourse.simulation.orders import uniform_of
from salescourse.simulation.people import FIRST_SELLER, Columns
from salescourse.simulation.profile import ASOF, BITS, BOOKS_FROM, LEADS_FROM, WHOLESALE, Profile
from salescourse.simulation.streams import Streams, order_of

OPEN, WON, LOST = range(3)
LARGE = 5  # scale from which memory is worth a thought
FIRST_PAYMENT = int(BOOKS_FROM.astype(np.int64))  # orders paid earlier are in nobody's books


@dataclass(frozen=True)
class Numbers:
    """The arrays of every table, and what was planted."""

    code: str
    tables: dict[str, Columns]
    cast: cast.Cast
    streams: Streams


def numbers(
    code: str, *, scale: float = 1.0, leak: bool = True, profile: Profile = WHOLESALE
) -> Numbers:
    """Simulate the company of a code.

    `scale` multiplies leads, clients and quotes; `leak=False` gives the same company with
    the main leak mended, from the same random bits.
    """
    streams = Streams(code, BITS)
    parts = cast.draw(profile, streams)
    if not leak:
        parts = cast.without_leak(parts)
    funnel = leads.simulate(profile, parts, streams, scale)
    base = orders.clients(profile, parts, streams, funnel, scale)
    work = effort.draw(profile, parts, streams)
    offers = orders.quotes(profile, parts, streams, base, work, scale)
    book = orders.orders(profile, parts, streams, funnel, base, offers)
    _give_back(scale)

    double, test = dirt.copies(profile, streams, funnel)
    tables, ids = _crm(profile, parts, streams, funnel, offers, base, double, test)
    _give_back(scale)
    tables["orders"] = _orders(book, ids["deal"])
    tables["clients"] = _clients(base, parts)
    tables["employees"] = people.employees(profile, parts, streams)
    months = calendar.months_between(LEADS_FROM, ASOF)
    by_month = np.bincount(
        (funnel.created // DAY).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
        - int(months[0].astype(np.int64)),
        minlength=len(months),
    )
    payroll, plans, pnl = people.pay(profile, parts, book, by_month)
    tables.update(payroll=payroll, plans=plans, pnl=pnl)
    tables["market_salary"] = people.market(profile)
    tables["calendar"] = people.production_calendar()
    _give_back(scale)
    log = activities.simulate(profile, parts, streams, work, funnel, offers, book, scale)
    tables["activities"] = _with_ids(log, ids)
    del log, funnel, base, offers, book
    _give_back(scale)
    return Numbers(code, tables, parts, streams)


def _give_back(scale: float) -> None:
    """Return freed arrays to the system: glibc keeps them, and a large company takes twice."""
    if scale >= LARGE:
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


def _crm(profile, parts, streams, funnel, offers, base, double, test):
    """Leads, deals and stage history, and the maps from row numbers to ids."""
    n, m, extra = len(funnel.created), len(offers.created), len(double) + len(test)
    copied = np.concatenate([double, test])
    delay = 1800 + (streams.uniform("dirt/delay", extra) * 2 * DAY).astype(np.int64)
    created = np.concatenate([funnel.created, funnel.created[copied] + delay])
    order = order_of(created)
    lead_id = np.empty(n + extra, dtype=np.int64)
    lead_id[order] = np.arange(1, n + extra + 1)

    steps = dirt.history(profile, funnel, offers, created[n:])
    all_created = np.concatenate([funnel.created, offers.created, created[n:]])
    deal_order = order_of(all_created)
    deal_id = np.empty(len(all_created), dtype=np.int64)
    deal_id[deal_order] = np.arange(1, len(all_created) + 1)

    reached = (funnel.entered < END).sum(0)
    leads_table = _leads(profile, streams, funnel, copied, len(double), created, lead_id, reached)
    leads_table = _sorted("leads", leads_table, order)
    deals_table = _deals(
        profile, parts, streams, funnel, offers, base, steps, reached, lead_id, created[n:]
    )
    deals_table["deal_id"] = deal_id
    deals_table = _sorted("deals", deals_table, deal_order)

    lead_of_deal = np.concatenate([np.arange(n), np.full(m, -1), n + np.arange(extra)])
    owner = np.concatenate([funnel.owner, offers.owner, funnel.owner[copied]])
    ids_of_rows = deal_id[steps.deal]
    sequence = order_of(ids_of_rows)
    closed = np.empty(len(all_created), dtype=np.int64)
    closed[deal_order] = deals_table["closed_at"]
    left = np.where(steps.left == NEVER, closed[steps.deal], steps.left)
    left = np.where((steps.stage == 4) & (steps.left == NEVER), NEVER, left)
    history = {
        "deal_id": ids_of_rows,
        "stage": steps.stage,
        "entered_at": steps.entered,
        "left_at": left,
        "moved_by": owner[steps.deal].astype(np.int16) + FIRST_SELLER,
    }
    history = _sorted("stage_history", history, sequence)
    tables = {"leads": leads_table, "deals": deals_table, "stage_history": history}
    return tables, {"lead": lead_id, "deal": deal_id, "lead_of_deal": lead_of_deal}


NARROW = {schema.INT: np.int32, schema.CATEGORY: np.int8, schema.FLAG: np.int8}


def _sorted(table: str, columns: Columns, order: np.ndarray) -> Columns:
    """The rows in `order`, each column in the narrowest dtype its kind allows."""
    made = {}
    for column in schema.BY_NAME[table].columns:
        values = columns.pop(column.name)
        made[column.name] = values.astype(NARROW.get(column.dtype, values.dtype), copy=False)[order]
    return made


def _leads(profile, streams, funnel, copied, n_double, created, lead_id, reached):
    n, extra = len(funnel.created), len(copied)
    u = uniform_of(funnel.raw, 70)
    source = np.where(u < profile.no_source, len(schema.SOURCES) - 1, funnel.source)
    campaign = np.where(funnel.campaign >= 0, funnel.source * 2 + funnel.campaign, -1)
    campaign = np.where(u < profile.no_source, -1, campaign)
    qualified = (reached >= 1).astype(np.int64)
    dropped = (reached == 0) & (funnel.lost < END)
    reason = (uniform_of(funnel.raw, 71) * len(schema.DISQUAL_REASONS)).astype(np.int64)
    mark = np.full(n + extra, -1)
    mark[n : n + n_double] = dirt.DUPLICATE
    mark[n + n_double :] = dirt.TEST
    original = np.full(n + extra, -1)
    original[n : n + n_double] = lead_id[copied[:n_double]]
    both = np.concatenate
    return {
        "lead_id": lead_id,
        "created_at": created,
        "source": both([source, source[copied]]),
        "campaign": both([campaign, campaign[copied]]),
        "first_contact_at": both(
            [np.where(funnel.contact < END, funnel.contact, NEVER), np.full(extra, NEVER)]
        ),
        "owner_id": both([funnel.owner, funnel.owner[copied]]).astype(np.int64) + FIRST_SELLER,
        "is_qualified": both([qualified, np.zeros(extra, dtype=np.int64)]),
        "disqual_reason": both([np.where(dropped, reason, -1), np.full(extra, -1)]),
        "mark": mark,
        "duplicate_of": original,
    }


def _deals(
    profile, parts, streams, funnel, offers, base, steps, reached, lead_id, created_of_copies
):
    """Columns of lead deals, then quotes, then duplicates and tests."""
    n, m, extra = len(funnel.created), len(offers.created), len(created_of_copies)
    total = n + m + extra
    raw = np.concatenate(
        [funnel.raw, streams.raw("deals/quotes", m), streams.raw("deals/x", extra)]
    )
    won = np.zeros(total, dtype=bool)
    won[:n] = reached == 4
    won[n : n + m] = offers.won & (offers.closed < END)
    created = np.concatenate([funnel.created, offers.created, created_of_copies])
    closed = np.full(total, NEVER)
    closed[:n] = np.where(
        reached == 4, funnel.entered[3], np.where(funnel.stage == 4, NEVER, funnel.lost)
    )
    closed[n : n + m] = offers.closed
    closed[n + m :] = created[n + m :] + 3 * DAY
    closed = np.where(closed < END, closed, NEVER)
    lost = (closed != NEVER) & ~won

    def column(of_leads, of_quotes, empty=-1):
        filler = np.full(extra, empty, dtype=np.result_type(of_quotes, type(empty)))
        return np.concatenate([of_leads, of_quotes, filler])

    owner = np.concatenate([funnel.owner, offers.owner, np.zeros(extra, dtype=np.int8)])
    owner = owner.astype(np.int64)
    moved = (uniform_of(raw, 80) < profile.owner_change) & ~won  # a paid deal stays its seller's
    now = np.where(moved, (owner + 1 + (uniform_of(raw, 81) * 9).astype(np.int64)) % 10, owner)
    now = np.where(now == parts.seller("newcomer"), owner, now)  # got nothing old

    quoted = reached >= 2
    list_amount = column(np.where(quoted, funnel.amount, -1), offers.amount)
    discount = column(np.where(quoted, funnel.discount, -1.0), offers.discount, -1.0)
    revenue = np.rint(list_amount * (100.0 - discount) / 100.0).astype(np.int64)
    gp = np.where(won, column(funnel.gp, offers.gp), -1)
    client_of_lead = np.full(n, -1)
    rows = base.lead[base.n_old :]
    client_of_lead[rows] = np.arange(base.n_old, len(base.owner)) + 1
    client_of_lead = np.where(reached == 4, client_of_lead, -1)

    at = np.where(quoted, np.minimum(funnel.entered[1] + 1200, END - 1), NEVER)
    named = column(np.where(quoted, funnel.named, -1), offers.named.astype(np.int64))
    unknown = (named >= 0) & (uniform_of(raw, 82) < profile.unnamed_unknown)
    named = np.where(unknown, -1, named)
    named_at = column(at, offers.created + 1200, NEVER)
    named_at = np.where(named == 1, named_at, NEVER)
    three = column(np.zeros(n, dtype=bool), offers.three, False)
    options = np.where(three, 3, np.where(list_amount >= 0, 1, -1))
    price = np.full((total, 3), -1)
    price[n : n + m][offers.three] = offers.prices[offers.three]
    lines = (uniform_of(raw, 83) * len(schema.PRODUCT_LINES)).astype(np.int64)
    reason = np.where(lost, _loss_reason(uniform_of(raw, 84), named), -1)
    reason = np.where(lost & (uniform_of(raw, 85) < 0.92), reason, -1)
    open_quoted = (closed == NEVER) & (list_amount >= 0)
    promise = _promise(funnel, created, raw, open_quoted, n)
    forecast = np.where(open_quoted, (uniform_of(raw, 87) < 0.55).astype(np.int64), -1)
    tag = np.full(total, -1)
    tag[n : n + m] = np.where(offers.pilot, 0, -1)
    return {
        "deal_id": np.zeros(total, dtype=np.int64),
        "lead_id": np.concatenate([lead_id[:n], np.full(m, -1), lead_id[n:]]),
        "client_id": column(client_of_lead, offers.client + 1),
        "owner_id": now + FIRST_SELLER,
        "created_at": created,
        "closed_at": closed,
        "status": np.where(won, WON, np.where(lost, LOST, OPEN)),
        "stage": steps.final,
        "amount": list_amount,
        "cost": np.where(won, revenue - gp, -1),
        "gp": gp,
        "discount_pct": np.where(discount >= 0, discount, np.nan),
        "product_line": np.where(uniform_of(raw, 88) < 0.75, lines, -1),
        "is_first_purchase": column(np.ones(n, dtype=np.int64), np.zeros(m, dtype=np.int64), 1),
        "loss_reason": reason,
        "n_options": options,
        "price_good": price[:, 0],
        "price_better": price[:, 1],
        "price_best": price[:, 2],
        "option_chosen": column(np.full(n, -1), np.where(offers.closed < END, offers.chosen, -1)),
        "price_named": named,
        "price_named_at": named_at,
        "expected_close": promise,
        "seller_forecast": forecast,
        "tag": tag,
    }


def _loss_reason(u, named):
    """«Дорого» more often where the price was named; a third is «другое»."""
    expensive = np.where(named == 1, 0.34, 0.12)
    edges = np.cumsum([0.15, 0.12, 0.08])
    rest = np.where(u < expensive, 0, 4)
    for i, (low, high) in enumerate(zip((0.0, *edges[:-1]), edges, strict=True)):
        rest = np.where((u >= expensive + low) & (u < expensive + high), i + 1, rest)
    return rest


def _promise(funnel, created, raw, open_quoted, n):
    """The payment date a seller has put down: forgotten in the past for zombies."""
    ahead = 5 + (uniform_of(raw, 86) * 50).astype(np.int64)
    last = END // DAY - 1
    day = last + ahead
    entered = np.where(funnel.entered[2] < END, funnel.entered[2], funnel.created) // DAY
    day[:n] = np.where(funnel.zombie, entered + 14, day[:n])
    return np.where(open_quoted, day, NEVER)


def _with_ids(table: Columns, ids) -> Columns:
    """Row numbers of leads, deals and clients become ids."""
    lead, deal, client = table["lead_id"], table["deal_id"], table["client_id"]
    table["lead_id"] = np.where(lead >= 0, ids["lead"][lead], -1).astype(np.int32)
    table["deal_id"] = np.where(deal >= 0, ids["deal"][deal], -1).astype(np.int32)
    table["client_id"] = np.where(client >= 0, client + 1, -1)
    return table


def _orders(book, deal_id) -> Columns:
    keep = np.flatnonzero((book.paid >= FIRST_PAYMENT) & (book.ordered < END // DAY))
    u = uniform_of((book.ordered * 7919 + book.basket).astype(np.uint64), 90)
    columns = {
        "order_id": np.zeros(len(u), dtype=np.int32),
        "client_id": book.client + 1,
        "owner_id": book.owner.astype(np.int16) + FIRST_SELLER,
        "deal_id": np.where(book.deal >= 0, deal_id[book.deal], -1),
        "ordered_at": book.ordered,
        "shipped_at": book.shipped,
        "paid_at": book.paid,
        "channel_in": np.where(book.passes, (u * 3).astype(np.int8), np.int8(3)),
        "revenue": book.revenue,
        "cogs": book.revenue - book.gp,
        "gp": book.gp,
        "is_repeat": book.repeat,
        "basket_hash": book.basket,
    }
    made = _sorted("orders", columns, keep)
    return {**made, "order_id": np.arange(1, len(keep) + 1, dtype=np.int32)}


def _clients(base, parts) -> Columns:
    n = len(base.owner)
    u = [uniform_of(base.raw, 100 + k) for k in range(9)]
    owner = base.owner.astype(np.int64) + FIRST_SELLER
    city = schema.CITIES.index(parts.city)
    abroad = (u[0] * len(schema.CITIES)).astype(np.int64)
    last = END // DAY - 1
    inherited = np.arange(n) < base.n_old

    def filled(values, u, share):
        return np.where(u < share, values, -1)

    return {
        "client_id": np.arange(1, n + 1),
        "segment": filled((u[1] * len(schema.SEGMENTS)).astype(np.int64), u[2], 0.82),
        "city": np.where(u[3] < 0.6, city, abroad),
        "owner_id": owner,
        "hunter_id": np.where(inherited, -1, owner),
        "farmer_id": np.full(n, -1),
        "handed_over_at": np.full(n, NEVER),
        "first_order_at": base.since,
        "contact_position": filled((u[4] * 4).astype(np.int64), u[5], 0.55),
        "product_interest": filled((u[6] * 3).astype(np.int64), u[7], 0.48),
        "purchase_cycle_days": filled(np.rint(base.interval / 5).astype(np.int64) * 5, u[8], 0.12),
        "agreements": filled((u[2] * 3).astype(np.int64), u[6], 0.40),
        "next_contact_on": np.where(
            u[7] < 0.2, calendar.next_workday(last + 1 + (u[1] * 20).astype(np.int64)), NEVER
        ),
        "consent_pd": (u[5] < 0.7).astype(np.int64),
    }
