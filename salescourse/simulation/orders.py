"""Clients, their repeat orders, and quotes to them with the pilot of one and three offers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from salescourse.simulation import calendar
from salescourse.simulation.cast import NEWCOMER_FROM, PART_TIME_SHARES, SELLERS, SURGE_FROM, Cast
from salescourse.simulation.effort import Effort
from salescourse.simulation.leads import (
    DAY,
    NEVER,
    Leads,
    availability,
    round_price,
)
from salescourse.simulation.profile import ASOF, BOOKS_FROM, PILOT_FROM, PILOT_TO, Profile
from salescourse.simulation.streams import (
    Strata,
    Streams,
    exp,
    gamma,
    inverse_cdf,
    log,
    lognormal,
    normal,
    order_of,
    pick,
)

FIRST_DAY = int(BOOKS_FROM.astype(np.int64))
LAST_DAY = int(ASOF.astype(np.int64))
RUN_IN = 75  # days before the books: orders of that time are paid within them
YEAR = 365
CREDIT_DAYS = np.array([0, 0, 7, 14, 14, 30])
MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


@dataclass
class Clients:
    """A row a client; the first `n_old` bought before the books begin, the others from a lead."""

    owner: np.ndarray
    lead: np.ndarray  # row of the lead it came from, −1 for old clients
    since: np.ndarray  # day of the first order
    until: np.ndarray  # day after which it buys no more
    size: np.ndarray  # usual order, ₽
    interval: np.ndarray  # usual days between orders
    raw: np.ndarray
    n_old: int


@dataclass
class Orders:
    """A row an order; days from 1970, NEVER where it has not happened by the as-of date."""

    client: np.ndarray
    owner: np.ndarray
    deal: np.ndarray  # index of the deal (leads first, then quotes), −1 without
    ordered: np.ndarray
    shipped: np.ndarray
    paid: np.ndarray
    revenue: np.ndarray
    gp: np.ndarray
    repeat: np.ndarray
    passes: np.ndarray  # only passes through: the client asks, nobody sells
    basket: np.ndarray


@dataclass
class Quotes:
    """A row a quote to an existing client; times in seconds."""

    owner: np.ndarray
    month: np.ndarray  # of creation, counted from BOOKS_FROM
    client: np.ndarray
    created: np.ndarray
    talks: np.ndarray  # moment of negotiations, NEVER if it never got there
    closed: np.ndarray
    won: np.ndarray
    three: np.ndarray
    pilot: np.ndarray
    named: np.ndarray
    prices: np.ndarray  # n × 3
    chosen: np.ndarray  # option, −1 if nothing was bought
    amount: np.ndarray
    discount: np.ndarray
    gp: np.ndarray


def bits_of(raw: np.ndarray, salt: int) -> np.ndarray:
    """Fresh bits that belong to a row's own bits and to `salt` (splitmix64)."""
    with np.errstate(over="ignore"):
        z = raw + np.uint64(salt) * MIX[0]
        z = (z ^ (z >> np.uint64(30))) * MIX[1]
        z = (z ^ (z >> np.uint64(27))) * MIX[2]
        return z ^ (z >> np.uint64(31))


def uniform_of(raw: np.ndarray, salt: int) -> np.ndarray:
    """A uniform that belongs to a row's own bits and to `salt`."""
    return (bits_of(raw, salt) >> np.uint64(11)) * 2.0**-53


def clients(profile: Profile, cast: Cast, streams: Streams, leads: Leads, scale: float) -> Clients:
    """The inherited base and the buyers won from leads."""
    n_old = round(profile.clients * scale)
    head = np.array(
        [role.portfolio if role.clients is None else role.clients for role in cast.roles]
    )
    rank = streams.order("clients/owner", n_old)
    old_owner = inverse_cdf(head, (rank + 0.5) / n_old)
    won = np.flatnonzero((leads.stage == 4) & (leads.entered[3] < (LAST_DAY + 1) * DAY))
    owner = np.concatenate([old_owner, leads.owner[won]])
    raw = np.concatenate([streams.raw("clients/raw", n_old), leads.raw[won]])
    n = len(owner)

    cell = owner.astype(np.int64) * 2
    cell[n_old:] += 1
    strata = Strata(cell)
    sizes = lognormal(1.0, profile.client_sigma)
    sizes = sizes / (np.cumsum(sizes)[-1] / len(sizes))
    size = profile.order_mean * cast.income_scale * pick(sizes, strata.uniform(raw))

    often = strata.uniform(bits_of(raw, 1)) < profile.often
    v = strata.uniform(bits_of(raw, 2))
    interval = np.where(often, 14.0 + 31.0 * v, 75.0 + 25.0 * v)
    u = strata.uniform(bits_of(raw, 3))
    life = -log(1.0 - u) * (30.4 / -log(1.0 - profile.churn))

    since = np.empty(n, dtype=np.int64)
    since[:n_old] = FIRST_DAY - RUN_IN - 1 - (uniform_of(raw[:n_old], 4) * 1800).astype(np.int64)
    since[n_old:] = leads.entered[3][won] // DAY
    until = np.maximum(since, FIRST_DAY - RUN_IN) + life.astype(np.int64)
    gone = uniform_of(raw, 5) >= profile.returning
    gone[:n_old] = False
    until[gone] = since[gone]
    size[:n_old] *= _to_weight(profile, cast, old_owner, size, interval, until, scale)[old_owner]
    lead = np.concatenate([np.full(n_old, -1), won])
    return Clients(owner, lead, since, until, size, interval, raw, n_old)


def _to_weight(profile, cast, owner, size, interval, until, scale) -> np.ndarray:
    """A factor by seller that makes the last year's turnover of the base their `portfolio`."""
    n = len(owner)
    alive = np.clip(until[:n] - (LAST_DAY - YEAR), 0, YEAR) / YEAR
    monthly = np.bincount(owner, size[:n] / interval[:n] * 30.4 * alive, SELLERS)
    weight = cast.values("portfolio")
    target = weight / weight.sum() * profile.repeat_turnover * cast.income_scale * scale
    return target / np.maximum(monthly, 1.0)


def quotes(
    profile: Profile, cast: Cast, streams: Streams, base: Clients, work: Effort, scale: float
) -> Quotes:
    """Quotes to clients of the inherited base; in the pilot half of them hold three offers."""
    months = calendar.months_between(BOOKS_FROM, ASOF)
    share = availability(months, cast)
    first, after = calendar.first_days(months)
    last = np.minimum(after, LAST_DAY + 1)
    expected = profile.quotes_per_month * scale * cast.values("quotes") * work.quotes * share
    counts = (
        np.rint(expected * ((last - first) / (after - first))[:, None]).astype(np.int64).ravel()
    )
    cell = np.repeat(np.arange(len(counts)), counts)
    month, owner = cell // SELLERS, cell % SELLERS
    n = len(cell)

    day = first[month] + (streams.uniform("quotes/day", n) * (last - first)[month]).astype(np.int64)
    day = np.minimum(calendar.next_workday(day), last[month] - 1)
    created = day * DAY + ((9 + 8 * streams.uniform("quotes/time", n)) * 3600).astype(np.int64)
    order = order_of(created)
    owner, month, created, day = owner[order], month[order], created[order], day[order]

    pilot = (day >= int(PILOT_FROM.astype(np.int64))) & (day < int(PILOT_TO.astype(np.int64)))
    three = pilot & (Strata(owner * 2 + pilot).uniform(streams.raw("quotes/arm", n)) < 0.5)
    arm = owner * 3 + pilot + three
    win = np.where(three, profile.pilot_win[cast.pilot], profile.quote_win)
    win = win * cast.values("quote_win")[owner] * work.selling[month, owner]
    won = Strata(arm).uniform(streams.raw("quotes/win", n)) < win

    table = lognormal(profile.quote_amount * cast.income_scale, profile.quote_sigma)
    middle = pick(table, Strata(arm * 2 + won).uniform(streams.raw("quotes/amount", n)))
    prices = round_price(middle[:, None] * np.array(profile.option_prices))
    shares = np.array((0.32, 0.49, 0.19) if cast.pilot == "null" else profile.option_shares)
    taken = Strata(owner).uniform(streams.raw("quotes/option", n))
    option = np.where(three, inverse_cdf(shares, taken), 1)
    amount = np.take_along_axis(prices, option[:, None], axis=1)[:, 0]
    noise = pick(normal(), streams.uniform("quotes/margin", n))
    margin = np.array(profile.option_gp)[option] / np.array(profile.option_prices)[option]
    margin = margin * (1.0 + 0.12 * noise) + cast.values("margin")[owner]

    length = pick(_cycle(profile), streams.uniform("quotes/cycle", n))
    wait = pick(gamma(2.0, 14.0), streams.uniform("quotes/wait", n))
    days = np.where(won, length, 3.0 + wait)
    closing = calendar.next_workday((created + (days * DAY).astype(np.int64)) // DAY)
    closed = closing * DAY + ((10 + 7 * streams.uniform("quotes/hour", n)) * 3600).astype(np.int64)
    closed = np.maximum(closed, created + 7200)
    talks = created + ((closed - created) * 0.5).astype(np.int64)
    quiet = ~won & (streams.uniform("quotes/talks", n) < 0.45)
    discount = _discounts(profile, cast, streams, owner, closed)
    revenue = np.rint(amount * (100.0 - discount) / 100.0)
    gp = np.rint(revenue * np.clip(margin, 0.02, 0.6)).astype(np.int64)

    high = np.where(three, prices[:, 2], amount) > profile.price_threshold
    named = np.where(high, profile.named_above, profile.named_below)
    named[high & np.isin(owner, cast.fearful)] = profile.named_fear
    if cast.leak == "price":
        named[high & (owner == cast.seller("leak"))] = profile.named_leak
    said = Strata(owner * 2 + high).uniform(streams.raw("quotes/named", n)) < named
    return Quotes(
        owner=owner,
        month=month,
        client=_addressee(streams, base, owner, created // DAY),
        created=created,
        talks=np.where(quiet, NEVER, talks),
        closed=closed,
        won=won,
        three=three,
        pilot=pilot,
        named=said,
        prices=prices,
        chosen=np.where(won & three, option, -1),
        amount=amount,
        discount=discount,
        gp=gp,
    )


def _cycle(profile: Profile) -> np.ndarray:
    unit = gamma(profile.quote_shape, 1.0)
    half = len(unit) // 2
    return unit * (2.0 * profile.quote_median / (unit[half - 1] + unit[half]))


def _discounts(profile, cast, streams, owner, closed):
    """Discount in per cent, deeper in the last three working days at two sellers."""
    n = len(owner)
    steps = np.array([0.0, 3.0, 5.0, 7.0, 10.0, 15.0])
    discount = steps[streams.choose("quotes/discount", np.array(profile.discounts), n)]
    start = int(calendar.FIRST.astype(np.int64))
    days = calendar.days()
    month = days.astype("datetime64[M]").astype(np.int64)
    total = np.cumsum(calendar.is_workday())
    month_total = total[np.searchsorted(month, month, side="right") - 1]
    late = (month_total - total < 3)[np.clip(closed // DAY - start, 0, len(days) - 1)]
    hasty = np.isin(owner, [cast.seller("part_time"), cast.seller("simpson_B")])
    return discount + np.where(late & hasty, profile.month_end_discount, 0.0)


def _addressee(streams, base, owner, day):
    """A client of the seller's inherited portfolio that still buys on that day."""
    u = streams.uniform("quotes/client", len(owner))
    client = np.empty(len(owner), dtype=np.int64)
    for seller in range(SELLERS):
        own = np.flatnonzero(base.owner[: base.n_old] == seller)
        longest = own[np.argsort(-base.until[own], kind="stable")]
        rows = np.flatnonzero(owner == seller)
        alive = np.searchsorted(-base.until[longest], -day[rows], side="right")
        client[rows] = longest[(u[rows] * np.maximum(alive, 1)).astype(np.int64)]
    return client


def orders(
    profile: Profile, cast: Cast, streams: Streams, leads: Leads, base: Clients, offers: Quotes
) -> Orders:
    """First orders, orders won by quotes, repeat orders and their small top-ups."""
    repeat = _repeats(profile, cast, base)
    first = _from_deals(
        client=np.arange(base.n_old, len(base.owner)),
        owner=base.owner[base.n_old :],
        deal=base.lead[base.n_old :],
        paid=leads.entered[3][base.lead[base.n_old :]] // DAY,
        amount=leads.amount[base.lead[base.n_old :]],
        discount=leads.discount[base.lead[base.n_old :]],
        gp=leads.gp[base.lead[base.n_old :]],
        raw=leads.raw[base.lead[base.n_old :]],
        repeat=False,
    )
    done = np.flatnonzero(offers.won & (offers.closed < (LAST_DAY + 1) * DAY))
    quoted = _from_deals(
        client=offers.client[done],
        owner=offers.owner[done],
        deal=len(leads.created) + done,
        paid=offers.closed[done] // DAY,
        amount=offers.amount[done],
        discount=offers.discount[done],
        gp=offers.gp[done],
        raw=streams.raw("quotes/order", len(offers.won))[done],
        repeat=True,
    )
    parts = [vars(part) for part in (first, quoted, repeat)]
    keys = [part["ordered"] * len(base.owner) + part["client"] for part in parts]
    sequence = order_of(np.concatenate(keys))
    return Orders(
        **{
            name: np.concatenate([part.pop(name) for part in parts])[sequence]
            for name in Orders.__dataclass_fields__
        }
    )


def _from_deals(client, owner, deal, paid, amount, discount, gp, raw, repeat) -> Orders:
    """Orders of won deals: paid in advance, shipped within a week."""
    shipped = calendar.next_workday(paid + 1 + (uniform_of(raw, 11) * 4).astype(np.int64))
    return Orders(
        client=client.astype(np.int32),
        owner=owner,
        deal=deal.astype(np.int32),
        ordered=np.maximum(paid - (uniform_of(raw, 12) * 4).astype(np.int64), FIRST_DAY - 90),
        shipped=np.where(shipped <= LAST_DAY, shipped, NEVER),
        paid=paid,
        revenue=np.rint(amount * (100.0 - discount) / 100.0).astype(np.int64),
        gp=gp,
        repeat=np.full(len(client), repeat),
        passes=np.zeros(len(client), dtype=bool),
        basket=(uniform_of(raw, 13) * 1e6).astype(np.int32),
    )


def _repeats(profile: Profile, cast: Cast, base: Clients) -> Orders:
    """Repeat orders of every client until it leaves."""
    start = np.maximum(base.since, FIRST_DAY - RUN_IN)
    span = np.minimum(base.until, LAST_DAY) - start
    n = np.where(span > 0, (span / base.interval * 1.4).astype(np.int64) + 3, 0)
    client = np.repeat(np.arange(len(n)), n)
    index = np.arange(len(client)) - np.repeat(np.cumsum(n) - n, n)
    with np.errstate(over="ignore"):
        raw = base.raw[client] + (index.astype(np.uint64) + np.uint64(1)) * MIX[2]

    gap = base.interval[client] * exp(profile.interval_sigma * pick(normal(), uniform_of(raw, 21)))
    old_first = (index == 0) & (client < base.n_old)
    gap = np.where(old_first, base.interval[client] * uniform_of(raw, 22), gap)
    steps = np.cumsum(np.maximum(np.rint(gap).astype(np.int64), 1))
    offset = np.where(n > 0, steps[np.minimum(np.cumsum(n) - n, len(steps) - 1)], 0)
    first_gap = np.rint(gap).astype(np.int64)[np.minimum(np.cumsum(n) - n, len(steps) - 1)]
    elapsed = steps - np.repeat(offset, n) + np.repeat(np.maximum(first_gap, 1), n)
    day = calendar.next_workday(start[client] + elapsed)
    keep = (day <= LAST_DAY) & (day <= base.until[client])
    client, raw, day = client[keep], raw[keep], day[keep]
    owner = base.owner[client]
    passes = uniform_of(raw, 23) < cast.values("pass_through")[owner]

    top = np.flatnonzero(uniform_of(raw, 24) < profile.top_up)
    top_day = calendar.next_workday(day[top] + 1 + (uniform_of(raw[top], 25) * 5).astype(np.int64))
    top = top[top_day <= LAST_DAY]
    extra = np.concatenate([np.zeros(len(client), dtype=bool), np.ones(len(top), dtype=bool)])
    day = np.concatenate([day, top_day[top_day <= LAST_DAY]])
    client, passes = np.concatenate([client, client[top]]), np.concatenate([passes, passes[top]])
    raw = np.concatenate([raw, raw[top] ^ MIX[0]])
    owner = base.owner[client]

    sigma = np.where(passes, profile.pass_through_sigma, profile.order_sigma)
    season = np.array(profile.season)[
        day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    ]
    season = np.where(passes, np.clip(season, 0.85, 1.15), season)
    revenue = base.size[client] * season * exp(sigma * pick(normal(), uniform_of(raw, 26)))
    revenue = np.where(extra, revenue * profile.top_up_size, revenue)
    surge = (owner == cast.seller("up_next")) & (day >= int(SURGE_FROM.astype(np.int64)))
    revenue = np.rint(np.where(surge, revenue * profile.surge, revenue) / 10.0) * 10.0
    margin = profile.margin + profile.margin_sigma * pick(normal(), uniform_of(raw, 27))
    gp = np.rint(revenue * np.clip(margin + cast.values("margin")[owner], 0.02, 0.6))

    shipped = calendar.next_workday(day + (uniform_of(raw, 28) * 4).astype(np.int64))
    credit = CREDIT_DAYS[(uniform_of(raw, 29) * len(CREDIT_DAYS)).astype(np.int64)]
    paid = calendar.next_workday(shipped + credit)
    usual = (uniform_of(base.raw, 30) * 1e6).astype(np.int32)[client]
    own = (uniform_of(raw, 31) * 1e6).astype(np.int32)
    return Orders(
        client=client.astype(np.int32),
        owner=_credited(cast, owner, day, uniform_of(raw, 32)),
        deal=np.full(len(client), -1, dtype=np.int32),
        ordered=day,
        shipped=np.where(shipped <= LAST_DAY, shipped, NEVER),
        paid=np.where(paid <= LAST_DAY, paid, NEVER),
        revenue=revenue.astype(np.int64),
        gp=gp.astype(np.int64),
        repeat=np.ones(len(client), dtype=bool),
        passes=passes,
        basket=np.where(passes & ~extra, usual, own),
    )


def _credited(cast: Cast, owner: np.ndarray, day: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Whose order it is: a colleague stands in before the newcomer came and in part months."""
    substitute = cast.seller("leak")
    owner = owner.copy()
    early = (owner == cast.seller("newcomer")) & (day < int(NEWCOMER_FROM.astype(np.int64)))
    owner[early] = substitute
    months = day.astype("datetime64[D]").astype("datetime64[M]")
    for month, share in PART_TIME_SHARES.items():
        away = (owner == cast.seller("part_time")) & (months == np.datetime64(month, "M"))
        owner[away & (u >= share)] = substitute
    return owner
