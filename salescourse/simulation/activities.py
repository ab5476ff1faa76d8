"""What sellers did: calls, meetings, letters and quotes sent."""

from __future__ import annotations

import numpy as np

from salescourse.simulation import calendar
from salescourse.simulation.cast import SELLERS, Cast
from salescourse.simulation.effort import Effort
from salescourse.simulation.leads import DAY, END, Leads, availability
from salescourse.simulation.orders import Orders, Quotes, uniform_of
from salescourse.simulation.people import FIRST_SELLER, Columns, code_of
from salescourse.simulation.profile import ASOF, BOOKS_FROM, Profile
from salescourse.simulation.streams import Streams, exp, normal, order_of, pick

COLD_CALLS = 80  # calls of a seller a month that reach nobody we know [A]
COLD_SIGMA = 0.55  # ln, month to month; independent of sales: the false leading indicator [A]


NARROW = {  # dtypes that hold any company; the rest are moments
    "type": np.int8,
    "result": np.int8,
    "employee_id": np.int16,
    "duration_sec": np.int16,
    "lead_id": np.int32,
    "deal_id": np.int32,
    "client_id": np.int32,
}


class _Log:
    """Collects batches of activities; −1 stands for «not filled in»."""

    def __init__(self):
        self.parts: list[Columns] = []

    def add(self, kind, result, owner, at, seconds, lead=None, deal=None, client=None):
        columns = {
            "type": code_of("activities", "type", kind),
            "employee_id": owner.astype(np.int16) + FIRST_SELLER,
            "lead_id": -1 if lead is None else lead,
            "deal_id": -1 if deal is None else deal,
            "client_id": -1 if client is None else client,
            "duration_sec": seconds,
            "result": code_of("activities", "result", result),
        }
        known = at < END
        made = {
            name: np.broadcast_to(np.asarray(values, dtype=NARROW[name]), at.shape)[known]
            for name, values in columns.items()
        }
        self.parts.append({"at": at[known], **made})

    def table(self) -> Columns:
        at = np.concatenate([part.pop("at") for part in self.parts])
        order = order_of(at)
        made = {"activity_id": np.arange(1, len(order) + 1, dtype=np.int32), "at": at[order]}
        for name in NARROW:
            made[name] = np.concatenate([part.pop(name) for part in self.parts])[order]
        return made


def talk(u: np.ndarray) -> np.ndarray:
    """Seconds of a real conversation: one to ten minutes."""
    return (60 + u * 540).astype(np.int64)


def simulate(
    profile: Profile,
    cast: Cast,
    streams: Streams,
    work: Effort,
    leads: Leads,
    offers: Quotes,
    book: Orders,
    scale: float,
) -> Columns:
    """All activities; lead, deal and client columns hold row numbers, not ids."""
    log = _Log()
    months = calendar.months_between(BOOKS_FROM, ASOF)
    _on_leads(log, leads)
    _on_quotes(log, streams, offers, len(leads.created))
    usual = profile.quotes_per_month * scale * cast.values("quotes") * availability(months, cast)
    _meetings_and_talks(log, profile, streams, work, usual, offers, len(leads.created))
    _on_orders(log, streams, book)
    z = pick(normal(), streams.uniform("activities/cold", len(months) * SELLERS))
    counts = np.rint(COLD_CALLS * exp(COLD_SIGMA * z)).astype(np.int64)
    month = np.repeat(np.repeat(months, SELLERS), counts).astype("datetime64[D]").astype(np.int64)
    owner = np.repeat(np.tile(np.arange(SELLERS), len(months)), counts)
    u = streams.uniform("activities/cold_at", len(owner))
    v = uniform_of((u * 2.0**53).astype(np.uint64), 1)
    at = (month + (u * 28).astype(np.int64)) * DAY + ((9 + 9 * v) * 3600).astype(np.int64)
    working = (owner != cast.seller("newcomer")) | (month >= month.max() - 70)
    log.add(
        "исходящий звонок",
        "недозвон",
        owner[working],
        at[working],
        (v * 25).astype(np.int64)[working],
    )
    return log.table()


def _on_leads(log: _Log, leads: Leads) -> None:
    n = len(leads.created)
    rows = np.arange(n)
    u = [uniform_of(leads.raw, 40 + k) for k in range(6)]
    log.add("исходящий звонок", "разговор", leads.owner, leads.contact, talk(u[0]), rows, rows)
    sent = np.flatnonzero(leads.stage >= 2)
    log.add("КП", "отправлено", leads.owner[sent], leads.entered[1, sent], 0 * sent, sent, sent)
    met = np.flatnonzero((leads.stage >= 3) & (u[1] < 0.5))
    moment = leads.entered[2, met] - 1800
    log.add("встреча", "проведена", leads.owner[met], moment, 30 * talk(u[2][met]) // 10, met, met)

    # between entries somebody calls; an open deal was touched within the last three weeks
    last = np.where(
        leads.stage > 0, leads.entered[np.maximum(leads.stage - 1, 0), rows], leads.contact
    )
    passed = np.where(leads.entered < END, leads.entered, -1).max(0)
    passed = np.maximum(passed, leads.contact)
    ends = np.where(leads.stage == 4, leads.entered[3], leads.lost)
    called = np.flatnonzero((leads.stage > 0) & ~leads.zombie & (ends < END))
    middle = (last[called] + leads.contact[called]) // 2
    log.add(
        "исходящий звонок",
        "разговор",
        leads.owner[called],
        middle,
        talk(u[3][called]),
        called,
        called,
    )
    alive = np.flatnonzero(~(leads.zombie & (last < END)) & (ends >= END) & (leads.contact < END))
    recent = np.maximum(passed[alive], END - 3600 - (u[4][alive] * 20 * DAY).astype(np.int64))
    log.add(
        "исходящий звонок", "разговор", leads.owner[alive], recent, talk(u[5][alive]), alive, alive
    )


def _on_quotes(log: _Log, streams: Streams, offers: Quotes, first_deal: int) -> None:
    rows = np.arange(len(offers.owner))
    deal = rows + first_deal
    u = streams.uniform("activities/quotes", len(rows))
    log.add("КП", "отправлено", offers.owner, offers.created, 0 * rows, None, deal, offers.client)
    heard = np.flatnonzero(offers.talks < END)
    log.add(
        "входящий звонок",
        "разговор",
        offers.owner[heard],
        offers.talks[heard],
        talk(u[heard]),
        None,
        deal[heard],
        offers.client[heard],
    )
    open_ = np.flatnonzero(offers.closed >= END)
    recent = np.maximum(offers.created[open_], END - 3600 - (u[open_] * 20 * DAY).astype(np.int64))
    log.add(
        "исходящий звонок", "разговор", offers.owner[open_], recent, talk(u[open_]), None,
        deal[open_], offers.client[open_],
    )  # fmt: skip


def _meetings_and_talks(log, profile, streams, work, usual, offers, first_deal) -> None:
    """Meetings and conversations about the month's quotes, as many as the seller had strength for.

    How many there are does not depend on how many quotes were sent.
    """
    for kind, key, per_quote, factor, within in (
        ("встреча", "meetings", profile.meetings_per_quote, work.meetings, 10),
        ("исходящий звонок", "talks", profile.talks_per_quote, work.talks, 5),
    ):
        row = _drawn(streams, f"activities/{key}", offers, usual * per_quote * factor)
        u = uniform_of(streams.raw(f"activities/{key}_at", len(row)), 1)
        v = uniform_of((u * 2.0**53).astype(np.uint64), 1)
        day = calendar.next_workday(offers.created[row] // DAY + 1 + (u * within).astype(np.int64))
        at = np.minimum(
            day * DAY + ((9 + 8 * v) * 3600).astype(np.int64), offers.closed[row] - 3600
        )
        result = "проведена" if kind == "встреча" else "разговор"
        seconds = talk(v) * (3 if kind == "встреча" else 1)
        log.add(kind, result, offers.owner[row], at, seconds, None, row + first_deal,
                offers.client[row])  # fmt: skip


def _drawn(streams: Streams, key: str, offers: Quotes, expected: np.ndarray) -> np.ndarray:
    """Rows of quotes, `expected[month, seller]` of each seller's month, all about equally often."""
    cell = offers.month * SELLERS + offers.owner
    size = np.bincount(cell, minlength=expected.size)
    order = np.argsort(cell, kind="stable")
    start = np.cumsum(size) - size
    wanted = np.where(size > 0, np.rint(expected.ravel()), 0).astype(np.int64)
    which = np.repeat(np.arange(expected.size), wanted)
    turn = np.arange(len(which)) - np.repeat(np.cumsum(wanted) - wanted, wanted)
    shift = (streams.uniform(key, expected.size) * np.maximum(size, 1)).astype(np.int64)
    step = (turn * size[which]) // np.maximum(wanted[which], 1)
    return order[start[which] + (shift[which] + step) % np.maximum(size[which], 1)]


def _on_orders(log: _Log, streams: Streams, book: Orders) -> None:
    """A repeat order was either asked for by the client or won by a call before it."""
    u = streams.uniform("activities/orders", len(book.client))
    v = uniform_of((u * 2.0**53).astype(np.uint64), 2)
    noon = book.ordered * DAY + ((9 + 8 * v) * 3600).astype(np.int64)
    asked = np.flatnonzero(book.passes)
    log.add(
        "входящий звонок",
        "разговор",
        book.owner[asked],
        noon[asked],
        talk(u[asked]),
        client=book.client[asked],
    )
    sold = np.flatnonzero(book.repeat & ~book.passes & (book.deal < 0))
    before = noon[sold] - ((1 + u[sold] * 11).astype(np.int64)) * DAY
    log.add(
        "исходящий звонок",
        "разговор",
        book.owner[sold],
        before,
        talk(v[sold]),
        client=book.client[sold],
    )
