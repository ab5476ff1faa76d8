"""Leads and how far each gets: the funnel of new clients, with the planted leak.

P(next stage) = source × seller × planted cause. Every draw belongs to a lead, so that the
company without its leak is made from the same random bits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from salescourse.simulation import calendar
from salescourse.simulation.cast import NEWCOMER_FROM, PART_TIME_SHARES, SELLERS, Cast
from salescourse.simulation.profile import ASOF, LEADS_FROM, Profile
from salescourse.simulation.streams import (
    Strata,
    Streams,
    exp,
    gamma,
    inverse_cdf,
    log,
    lognormal,
    normal,
    pick,
)

DAY = 86_400
END = (int(ASOF.astype(np.int64)) + 1) * DAY  # first second that is not known yet
NEVER = np.iinfo(np.int64).max // 4

PRICE_STEPS = ((20_000, 500), (60_000, 1_000), (200_000, 5_000), (10**12, 10_000))
LIST_DISCOUNTS = np.array([0.0, 3.0, 5.0, 7.0, 10.0, 15.0])
DEEP_DISCOUNTS = np.array([7.0, 10.0, 12.0, 15.0, 15.0, 20.0])


@dataclass
class Leads:
    """One array a column, a row a lead in the order of creation; times in seconds."""

    created: np.ndarray
    owner: np.ndarray  # seller index
    source: np.ndarray
    campaign: np.ndarray  # 0/1 within the source, −1 without
    contact: np.ndarray
    stage: np.ndarray  # furthest stage it would ever reach, 0…4
    entered: np.ndarray  # 4 × n: moments of stages 1…4, NEVER where not reached
    lost: np.ndarray  # moment of the loss, NEVER if won or a zombie
    zombie: np.ndarray
    named: np.ndarray
    amount: np.ndarray
    discount: np.ndarray  # %
    gp: np.ndarray  # if it were won
    raw: np.ndarray  # random bits for what a client does later


def round_price(price: np.ndarray) -> np.ndarray:
    """List prices end in round numbers."""
    step = np.select(
        [price < limit for limit, _ in PRICE_STEPS], [step for _, step in PRICE_STEPS], 10_000
    )
    return (np.rint(price / step) * step).astype(np.int64)


def availability(months: np.ndarray, cast: Cast) -> np.ndarray:
    """Share of each month that each seller works, months × sellers."""
    share = np.ones((len(months), SELLERS))
    share[months <= NEWCOMER_FROM.astype("datetime64[M]"), cast.seller("newcomer")] = 0.0
    for month, part in PART_TIME_SHARES.items():
        share[months == np.datetime64(month, "M"), cast.seller("part_time")] = part
    return share


def simulate(profile: Profile, cast: Cast, streams: Streams, scale: float = 1.0) -> Leads:
    """All leads of a company."""
    months = calendar.months_between(LEADS_FROM, ASOF)
    created, month = _moments(profile, streams, months, scale)
    n = len(created)
    owner, source = _cells(profile, cast, streams, months, month)
    has_campaign = np.array([len(s.campaigns) > 0 for s in profile.sources])
    cell = (owner * 4 + source).astype(np.uint16)
    campaign_u = Strata(cell).uniform(streams.raw("leads/campaign", n))
    campaign = np.where(has_campaign[source], (campaign_u < 0.5).astype(np.int8), np.int8(-1))

    contact, lag_hours = _contact(profile, cast, streams, created, owner)
    amount, discount, gp = _money(profile, cast, streams, owner)
    stage, named, zombie = _progress(
        profile, cast, streams, owner, source, campaign, lag_hours, amount
    )
    entered, lost = _times(profile, streams, source, contact, stage, zombie)
    return Leads(
        created=created,
        owner=owner,
        source=source,
        campaign=campaign,
        contact=contact,
        stage=stage,
        entered=entered,
        lost=lost,
        zombie=zombie,
        named=named,
        amount=amount,
        discount=discount,
        gp=gp,
        raw=streams.raw("leads/client", n),
    )


def _moments(profile, streams, months, scale):
    """Sorted moments of creation, and the index of each lead's month."""
    middle = (len(months) - 1) / 2
    noise = pick(normal(), streams.uniform("leads/volume", len(months)))
    growth = exp((np.arange(len(months)) - middle) * log(profile.lead_growth))
    season = np.array(profile.lead_season)[months.astype(np.int64) % 12]
    expected = profile.leads_per_month * scale * growth * season * exp(profile.lead_noise * noise)

    first, after = calendar.first_days(months)
    last = np.minimum(after, END // DAY)
    counts = np.rint(expected * (last - first) / (after - first)).astype(np.int64)

    days = np.arange(first[0], last[-1])
    start = int(calendar.FIRST.astype(np.int64))
    working = calendar.is_workday()[days - start]
    edges = np.concatenate([[0.0], np.cumsum(np.where(working, 1.0, profile.weekend_leads))])
    month = np.repeat(np.arange(len(months)), counts)
    n = len(month)
    rank = np.arange(n) - np.repeat(np.cumsum(counts) - counts, counts)
    u = (rank + streams.uniform("leads/day", n)) / counts[month]
    low, high = edges[first - days[0]], edges[last - days[0]]
    day = days[np.searchsorted(edges, low[month] + u * (high - low)[month], side="right") - 1]
    second = (8 + 12 * streams.uniform("leads/second", n)) * 3600
    created = np.sort(day * DAY + second.astype(np.int64))
    return created, month


def _cells(profile, cast, streams, months, month):
    """Owner and source of each lead, drawn systematically within its month."""
    shares = np.array([s.share for s in profile.sources])
    mix = np.array([role.mix or shares for role in cast.roles])
    weights = cast.values("leads")[:, None] * mix
    for _ in range(20):  # keep the company's source mix in spite of the two peculiar sellers
        plain = np.array([role.mix is None for role in cast.roles])
        factor = shares / (weights.sum(0) / weights.sum())
        weights[plain] *= factor
        weights[plain] *= (cast.values("leads") / weights.sum(1))[plain, None]
    monthly = availability(months, cast)[:, :, None] * weights
    n = len(month)
    shuffled = np.lexsort((streams.raw("leads/cell", n), month))
    rank = np.empty(n, dtype=np.int64)
    rank[shuffled] = np.arange(n)
    counts = np.bincount(month, minlength=len(months))
    u = (rank - (np.cumsum(counts) - counts)[month] + 0.5) / counts[month]
    cell = np.empty(n, dtype=np.int64)
    bounds = np.concatenate([[0], np.cumsum(counts)])
    for m in range(len(months)):
        rows = slice(bounds[m], bounds[m + 1])
        cell[rows] = inverse_cdf(monthly[m].ravel(), u[rows])
    return (cell // 4).astype(np.int8), (cell % 4).astype(np.int8)


def _contact(profile, cast, streams, created, owner):
    """Moment of the first contact and the lag in hours."""
    n = len(created)
    u = Strata(owner).uniform(streams.raw("leads/lag", n))
    lag = pick(lognormal(profile.lag_hours, profile.lag_sigma), u)
    start = int(calendar.FIRST.astype(np.int64))
    weekend = ~calendar.is_workday()[created // DAY - start]
    lag = lag + np.where(weekend, profile.lag_weekend_hours, 0.0)
    if cast.leak == "speed":
        slow = owner == cast.seller("leak")
        lag = np.where(slow, lag * (profile.slow_lag_hours / profile.lag_hours), lag)
    return created + np.maximum((lag * 3600).astype(np.int64), 60), lag


def _money(profile, cast, streams, owner):
    """List amount, discount in per cent and gross profit of each lead's deal if it is won."""
    n = len(owner)
    table = lognormal(profile.first_order, profile.first_order_sigma)
    amount = round_price(pick(table, Strata(owner).uniform(streams.raw("leads/amount", n))))
    which = streams.choose("leads/discount", np.array(profile.discounts), n)
    deep = owner == cast.seller("discounter")
    discount = np.where(deep, DEEP_DISCOUNTS[which], LIST_DISCOUNTS[which])
    revenue = np.rint(amount * (100.0 - discount) / 100.0)
    margin = profile.margin + profile.margin_sigma * pick(
        normal(), streams.uniform("leads/margin", n)
    )
    margin = np.clip(margin + cast.values("margin")[owner], 0.02, 0.6)
    return amount, discount, np.rint(revenue * margin).astype(np.int64)


def _progress(profile, cast, streams, owner, source, campaign, lag_hours, amount):
    """Furthest stage each lead would reach, whether the price was named, and the zombies."""
    n = len(owner)
    base = np.array([s.conversions for s in profile.sources])
    cell = owner.astype(np.int64) * 4 + source
    stage = np.zeros(n, dtype=np.int8)
    named = np.zeros(n, dtype=bool)
    zombie = np.zeros(n, dtype=bool)
    leak = cast.seller("leak")

    # lead → qualification: speed and campaign
    p = base[source, 0] * cast.skill[owner, 0]
    odds_ratio = profile.speed_odds if cast.leak == "speed" else profile.speed_odds_mild
    slope = log(odds_ratio) / 4.56  # 4.56: ln of the ratio of typical lags in the two buckets
    odds = p / (1.0 - p) * exp(-slope * (log(lag_hours) - log(profile.lag_hours)))
    p = odds / (1.0 + odds)
    if cast.leak == "source":
        p = np.where((source == 0) & (campaign == cast.leak_campaign), p * profile.campaign_leak, p)
    u = Strata(cell * 3 + campaign + 1).uniform(streams.raw("leads/stage1", n))
    stage[u < p] = 1

    # qualification → quote
    rows = np.flatnonzero(stage == 1)
    p = base[source, 1] * cast.skill[owner, 1]
    u = Strata(cell[rows]).uniform(streams.raw("leads/stage2", n)[rows])
    rows = rows[u < p[rows]]
    stage[rows] = 2

    # quote → negotiations: is the price named?
    high = amount > profile.price_threshold
    share = np.where(high, profile.named_above, profile.named_below)
    share[high & np.isin(owner, cast.fearful)] = profile.named_fear
    if cast.leak == "price":
        share[high & (owner == leak)] = profile.named_leak
    u = Strata((owner * 2 + high)[rows]).uniform(streams.raw("leads/named", n)[rows])
    named[rows] = u < share[rows]
    factor = profile.not_named if cast.leak == "price" else profile.not_named_mild
    usual = 0.70 * profile.named_above + 0.30 * profile.named_below
    p = base[source, 2] * cast.skill[owner, 2] / (usual + (1.0 - usual) * factor)
    p = np.where(named, p, p * factor)
    u = Strata((cell * 2 + named)[rows]).uniform(streams.raw("leads/stage3", n)[rows])
    rows = rows[u < p[rows]]
    stage[rows] = 3

    # negotiations → payment: deals that nobody works on
    share = np.full(n, profile.zombie)
    if cast.leak == "zombie":
        share[owner == leak] = profile.zombie_leak
    u = Strata(owner[rows]).uniform(streams.raw("leads/zombie", n)[rows])
    zombie[rows] = u < share[rows]
    p = base[source, 3] * cast.skill[owner, 3] / (1.0 - profile.zombie)
    rows = rows[~zombie[rows]]
    u = Strata((cell * 3 + campaign + 1)[rows]).uniform(streams.raw("leads/stage4", n)[rows])
    stage[rows[u < p[rows]]] = 4
    return stage, named, zombie


def _times(profile, streams, source, contact, stage, zombie):
    """Moments of stages 1…4 and of the loss."""
    n = len(contact)
    raw = streams.raw("leads/cycle", n)
    u = (raw >> np.uint64(11)) * 2.0**-53
    won = np.flatnonzero(stage == 4)
    u[won] = Strata(source[won]).uniform(raw[won])  # steadies P90, on which maturity rests
    unit = gamma(profile.cycle_shape, 1.0)
    half = len(unit) // 2
    cycle = pick(unit * (2.0 * profile.cycle_median / (unit[half - 1] + unit[half])), u)

    jitter = streams.raw("leads/jitter", n)
    entered = np.full((4, n), NEVER, dtype=np.int64)
    previous = contact
    for k, share in enumerate((*profile.stage_times, 1.0)):
        wobble = ((jitter >> np.uint64(16 * k)) & np.uint64(0xFFFF)) * 2.0**-16
        share = share * (0.7 + 0.6 * wobble) if k < 3 else 1.0
        day = calendar.next_workday((contact + (cycle * share * DAY).astype(np.int64)) // DAY)
        moment = day * DAY + ((9.0 + 9.0 * wobble) * 3600).astype(np.int64)
        previous = np.maximum(moment, previous + 600)
        entered[k] = np.where(stage > k, previous, NEVER)
    last = np.where(stage > 0, entered[np.maximum(stage - 1, 0), np.arange(n)], contact)
    wait = pick(gamma(2.0, 9.0), streams.uniform("leads/wait", n))
    day = calendar.next_workday((last + ((2.0 + wait) * DAY).astype(np.int64)) // DAY)
    lost = np.where((stage == 4) | zombie, NEVER, np.maximum(day * DAY + 17 * 3600, last + 3600))
    return entered, lost
