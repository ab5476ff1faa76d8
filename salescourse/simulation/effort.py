"""What a seller does more or less of from month to month, and which of it sells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from salescourse.simulation import calendar
from salescourse.simulation.cast import SELLERS, Cast
from salescourse.simulation.profile import ASOF, BOOKS_FROM, Profile
from salescourse.simulation.streams import Streams, exp, normal, pick


@dataclass(frozen=True)
class Effort:
    """Factors on an ordinary month, months × sellers."""

    quotes: np.ndarray
    meetings: np.ndarray
    talks: np.ndarray
    selling: np.ndarray  # on the win rate of the month's quotes


def draw(profile: Profile, cast: Cast, streams: Streams) -> Effort:
    """Draw the factors: the work that leads moves sales, the others are drawn beside it."""
    shape = len(calendar.months_between(BOOKS_FROM, ASOF)), SELLERS
    z = {
        key: pick(normal(), streams.uniform(key, shape[0] * shape[1])).reshape(shape)
        for key in ("quotes/activity", "effort/meetings", "effort/talks")
    }
    sigma = profile.work_sigma
    meetings, talks = exp(sigma * z["effort/meetings"]), exp(sigma * z["effort/talks"])
    driver = {"встречи": meetings, "разговоры": talks}.get(cast.leading)
    calm = profile.quote_activity_sigma if driver is None else profile.quote_activity_calm
    return Effort(
        quotes=exp(calm * z["quotes/activity"]),
        meetings=meetings,
        talks=talks,
        selling=np.ones(shape) if driver is None else driver / (1.0 + sigma**2 / 2.0),
    )
