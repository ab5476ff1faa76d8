"""Who plays which part in one company: everything planted, decided before any row is drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from salescourse.simulation.profile import (
    CITY_INCOME,
    FEARFUL,
    LACKS,
    LEADING_KINDS,
    LEAK_KINDS,
    PILOT_KINDS,
    Profile,
    Role,
)
from salescourse.simulation.streams import Streams, exp, normal, pick

SELLERS = 10
PART_TIME_SHARES = {"2026-04": 0.30, "2026-05": 0.10, "2026-06": 0.30}  # of a full month [TR]
NEWCOMER_FROM = np.datetime64("2026-06-22", "D")
SURGE_FROM = np.datetime64("2026-06-01", "D")


@dataclass(frozen=True)
class Cast:
    """The planted facts of one company; `roles[i]` is the role of seller i."""

    roles: tuple[Role, ...]
    leak: str  # one of LEAK_KINDS, or "" in a counterfactual without the leak
    leak_campaign: int  # which of the site's two campaigns leaks in the source variant
    fearful: tuple[int, ...]  # sellers who do not dare to name a price above the threshold
    pilot: str
    leading: str  # one of LEADING_KINDS: the work that sells a month or two later
    lacks: str  # one of LACKS: the ladder's trap that this company does not have
    pay: int  # branch: index into Profile.pay
    city: str
    skill: np.ndarray  # seller × stage factors

    def seller(self, role: str) -> int:
        return next(i for i, r in enumerate(self.roles) if r.name == role)

    def values(self, attribute: str) -> np.ndarray:
        return np.array([getattr(role, attribute) for role in self.roles], dtype=np.float64)

    @property
    def income_scale(self) -> float:
        """How the city's pay compares with the profile's home city."""
        return CITY_INCOME[self.city] / CITY_INCOME["Новосибирск"]


def draw(profile: Profile, streams: Streams) -> Cast:
    """Draw the cast of a company."""
    seats = streams.order("cast/roles", SELLERS)
    lacks = LACKS[_one_of(streams, "cast/lacks", profile.lacking_shares)]
    roles = tuple(_untrapped(profile.roles[i], lacks) for i in seats)
    by_name = {role.name: i for i, role in enumerate(roles)}
    leak = LEAK_KINDS[int(streams.one("cast/leak") * len(LEAK_KINDS))]
    lucky = int(streams.one("cast/fear") * len(FEARFUL))
    fearful = tuple(by_name[n] for i, n in enumerate(FEARFUL) if i != lucky)
    if leak == "price":  # the leak seller is one of the three
        fearful = (by_name["leak"], *fearful[:2])
    cities = tuple(CITY_INCOME)
    z = pick(normal(), streams.uniform("cast/skill", SELLERS * 4)).reshape(SELLERS, 4)
    sigma = np.where(
        np.isin(np.arange(SELLERS), [by_name["simpson_A"], by_name["simpson_B"]]), 0, 1
    )
    own = np.array([role.skill for role in roles])[:, None]
    return Cast(
        roles=roles,
        leak=leak,
        leak_campaign=int(streams.one("cast/campaign") * 2),
        fearful=fearful,
        pilot=PILOT_KINDS[_one_of(streams, "cast/pilot", profile.pilot_shares)],
        leading=LEADING_KINDS[_one_of(streams, "cast/leading", profile.leading_shares)],
        lacks=lacks,
        pay=_one_of(streams, "cast/pay", profile.pay_shares),
        city=cities[int(streams.one("cast/city") * len(cities))],
        skill=own * exp(profile.skill_sigma * z * sigma[:, None]),
    )


def _one_of(streams: Streams, key: str, shares: tuple[float, ...]) -> int:
    return int(streams.choose(key, np.array(shares), 1)[0])


def _untrapped(role: Role, lacks: str) -> Role:
    """The role without what makes it a trap of the ladder, where the company lacks that one."""
    if role.name == "discounter" and lacks == "discounter":
        return replace(role, margin=0.0)
    if role.name == "order_taker_1" and lacks == "inherited":
        return replace(role, leads=1.0)
    return role


def without_leak(cast: Cast) -> Cast:
    """The same people with the leak mended: for «what if», never for a student's files."""
    leak = cast.seller("leak")
    return replace(cast, leak="", fearful=tuple(s for s in cast.fearful if s != leak))
