"""Every number of a profile, each with its source.

Marks: [TR] set TR of the identifiability study, [D] DOMAIN §5, [A] assumption made here,
[V] tuned with `salescourse verify` until the planted causes could be found. Shares are
fractions, money is roubles, times are days unless a name says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

EDITION = 2
BITS = 1  # the random bits: another number redraws every company, an edition need not

# The dates are one for all codes: a class can speak of «январь» and mean the same month.
LEADS_FROM = np.datetime64("2024-06-01", "D")  # three months of warm-up [TR]
BOOKS_FROM = np.datetime64("2024-09-01", "D")
ASOF = np.datetime64("2026-09-28", "D")  # month ends lie 60 and 91 days back, P90 of 75 between
PILOT_FROM = np.datetime64("2025-09-01", "D")
PILOT_TO = np.datetime64("2026-07-01", "D")  # 10 months, all resolved by ASOF [TR]

LEAK_KINDS = ("price", "speed", "zombie", "source")
PILOT_KINDS = ("rollout", "extend", "null", "close")
LEADING_KINDS = ("встречи", "КП", "разговоры")  # which work comes before new sales
LACKS = ("", "discounter", "inherited")  # which trap of the ladder is not set


@dataclass(frozen=True)
class Source:
    """A lead source: its share of leads and its conversions stage by stage."""

    name: str
    share: float
    conversions: tuple[float, float, float, float]
    campaigns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Role:
    """What is peculiar about one seller; everything else is the profile's ordinary value."""

    name: str
    leads: float = 1.0  # weight in the distribution of leads
    mix: tuple[float, float, float, float] | None = None  # source mix before normalisation
    skill: float = 1.0  # factor on every stage conversion
    portfolio: float = 0.10  # weight in repeat turnover before normalisation [TR]
    clients: float | None = None  # weight in the number of clients, if not `portfolio`
    pass_through: float = 0.30  # share of repeat orders that only pass through [D]
    quotes: float = 1.0  # factor on quotes to existing clients
    quote_win: float = 1.0  # factor on their win rate
    margin: float = 0.0  # shift of the gross margin
    base: float = 1.0  # factor on base salary
    grade: str = "специалист"


ROLES: tuple[Role, ...] = (  # [TR], section 3
    Role("leak"),
    Role(
        "simpson_A",
        mix=(0.16, 0.72, 0.09, 0.03),
        skill=1.08,
        portfolio=0.02,
        clients=0.04,
        quotes=1.3,
        quote_win=0.55,
        base=0.6,
        grade="ведущий",
    ),
    Role("simpson_B", mix=(0.25, 0.14, 0.16, 0.45), skill=0.97),
    Role(
        "order_taker_1",
        leads=0.15,
        portfolio=0.51,
        pass_through=0.92,
        quotes=0.2,
        grade="ведущий",
    ),
    Role("order_taker_2", portfolio=0.38, pass_through=0.89, quotes=0.3, grade="ведущий"),
    Role("discounter", portfolio=0.33, margin=-0.10),
    Role("newcomer", portfolio=0.05, grade="менеджер"),
    Role("part_time", grade="менеджер"),
    Role("up_now", portfolio=0.18, grade="менеджер"),
    Role("up_next", portfolio=0.06, grade="менеджер"),
)
FEARFUL = ("part_time", "order_taker_2", "up_now", "up_next")  # who may fear to name a price [TR]


@dataclass(frozen=True)
class Profile:
    """A kind of company."""

    name: str
    sources: tuple[Source, ...]
    roles: tuple[Role, ...] = ROLES

    # leads
    leads_per_month: float = 375  # at mid-history [TR]
    lead_growth: float = 1.015  # a month [TR]
    lead_noise: float = 0.03  # σ of ln of a month's leads [A]
    lead_season: tuple[float, ...] = (
        0.58, 0.95, 1.05, 1.05, 0.82, 0.97, 0.92, 0.95, 1.08, 1.12, 1.12, 1.10,
    )  # fmt: skip  # Jan…Dec [TR], [D]
    weekend_leads: float = 0.35  # of a working day's [A]
    skill_sigma: float = 0.05  # ln, per stage and seller [TR]

    # first contact
    lag_hours: float = 1.2  # median [D]
    lag_sigma: float = 1.1  # ln [A]
    lag_weekend_hours: float = 20.0  # added at weekends [D]
    slow_lag_hours: float = 26.0  # the leak seller in the speed variant [TR]
    speed_odds: float = 7.0  # odds of qualification, < 1 h : > 24 h, speed variant [TR]
    speed_odds_mild: float = 2.2  # other variants [D]

    # price naming
    price_threshold: int = 50_000  # [D] M30
    named_below: float = 0.90
    named_above: float = 0.87  # [TR]
    named_fear: float = 0.50  # [TR]
    named_leak: float = 0.08  # [TR]
    not_named: float = 0.25  # factor on КП → переговоры in the price variant [TR]
    not_named_mild: float = 0.60  # other variants [TR]

    # zombies and the leaking campaign
    zombie: float = 0.08  # of negotiations [TR]
    zombie_leak: float = 0.55  # [TR]
    campaign_leak: float = 0.40  # factor on qualification [TR]

    # cycle of a lead deal: first contact → payment
    cycle_shape: float = 1.48  # [V]; 1.55 in [TR] leaves ln σ of the cycle below 0.9
    cycle_median: float = 29.0  # [TR]
    stage_times: tuple[float, float, float] = (0.08, 0.32, 0.62)  # share of the cycle [A]

    # money of a deal
    first_order: float = 75_000  # median [D]
    first_order_sigma: float = 0.72  # [TR]
    margin: float = 0.22  # [D]
    margin_sigma: float = 0.04  # [A]
    discounts: tuple[float, ...] = (0.46, 0.20, 0.18, 0.10, 0.04, 0.02)  # of 0, 3, 5, 7, 10, 15 %
    month_end_discount: float = 5.0  # p.p. more at two sellers in the last 3 working days [D] M33

    # clients and repeat orders
    clients: int = 880  # [TR]
    order_mean: float = 60_000  # of a new client [V]; the inherited base is scaled to its turnover
    repeat_turnover: float = 27_000_000  # ₽ a month of the inherited base, last year [V]
    client_sigma: float = 0.70  # [TR]
    order_sigma: float = 0.35  # [A]
    pass_through_sigma: float = 0.08  # within ±20 % of the client's usual order [D] M13
    churn: float = 0.03  # a month [D]
    often: float = 0.75  # share of clients with an interval of 14–45 days, others 75–100 [D]
    interval_sigma: float = 0.25  # ln, order to order [A]
    top_up: float = 0.22  # share of orders followed by a small one in 1–5 days [TR]
    top_up_size: float = 0.55  # of the usual order [A]
    returning: float = 0.25  # share of new buyers who come back [TR]
    surge: float = 2.8  # repeat amounts of up_next in the last three months [V]; 1.7 in [TR]

    # quotes to existing clients and the pilot
    quotes_per_month: float = 34  # a seller [TR]
    quote_activity_sigma: float = 0.33  # ln, month to month [V]; 0.25 in [TR]
    quote_activity_calm: float = 0.05  # the same where another work leads [V]
    quote_win: float = 0.36  # [TR]
    quote_shape: float = 6.0  # [TR]
    quote_median: float = 42.0  # quote → payment [TR]
    quote_amount: float = 60_000  # median [V]
    quote_sigma: float = 0.40  # [TR]
    option_prices: tuple[float, float, float] = (65 / 90, 1.0, 140 / 90)  # of the middle one [D]
    option_gp: tuple[float, float, float] = (13 / 90, 20 / 90, 32 / 90)  # [TR]
    option_shares: tuple[float, float, float] = (0.26, 0.52, 0.22)  # among buyers [D]
    pilot_win: dict[str, float] = field(
        default_factory=lambda: {"rollout": 0.46, "extend": 0.371, "null": 0.36, "close": 0.252}
    )  # [TR], section 6
    pilot_shares: tuple[float, ...] = (0.68, 0.08, 0.12, 0.12)  # [D] §6: 10–15 % null; [A]

    # work on quotes besides sending them; what leads sells, the rest is busyness
    meetings_per_quote: float = 0.35  # of an ordinary month [A]
    talks_per_quote: float = 2.2  # conversations after the quote, of an ordinary month [A]
    work_sigma: float = 0.42  # ln, month to month [V]
    leading_shares: tuple[float, ...] = (0.30, 0.40, 0.30)  # of LEADING_KINDS [A]
    lacking_shares: tuple[float, ...] = (0.70, 0.15, 0.15)  # of LACKS [A], after [D] §6

    # pay: two branches of M37
    pay: tuple[tuple[int, float], ...] = ((40_000, 0.020), (27_000, 0.009))  # base, of revenue [TR]
    pay_shares: tuple[float, float] = (0.80, 0.20)  # [A]
    payroll_cap: float = 0.10  # of gross profit [D]
    market: int = 80_000  # median income of a специалист in the profile's home city [D]
    grades: tuple[float, float, float] = (0.80, 1.00, 1.35)  # of it, by grade [D]
    season: tuple[float, ...] = (
        0.72, 0.95, 1.05, 1.05, 0.82, 0.97, 0.92, 0.95, 1.08, 1.12, 1.12, 1.25,
    )  # fmt: skip  # repeat amounts Jan…Dec [D]
    marketing_per_lead: int = 1_900  # ₽ [A]

    # dirt: harmless, or far enough to be a named mistake (IDENTIFIABILITY §7) [V]
    duplicates: float = 0.003
    tests: float = 0.001
    no_source: float = 0.004
    skipped_stage: float = 0.09  # reading only recorded entries is a named mistake
    rollback: float = 0.10
    parked: float = 0.0012
    owner_change: float = 0.005
    unnamed_unknown: float = 0.008


# City: median income of a специалист, ₽ a month, before tax [D] §5; others [A].
CITY_INCOME: dict[str, int] = {
    "Новосибирск": 80_000,
    "Екатеринбург": 90_000,
    "Казань": 84_000,
    "Нижний Новгород": 80_000,
    "Челябинск": 76_000,
    "Самара": 78_000,
    "Краснодар": 82_000,
    "Пермь": 78_000,
    "Воронеж": 76_000,
}
MARKET_ONLY: dict[str, int] = {"Москва": 125_000, "Санкт-Петербург": 110_000}  # [D]

WHOLESALE = Profile(
    name="wholesale",
    sources=(  # conversions [TR]; shares [D]
        Source("сайт", 0.30, (0.55, 0.72, 0.58, 0.48), ("Сайт: каталог", "Сайт: главная")),
        Source(
            "холодные",
            0.35,
            (0.30, 0.64, 0.52, 0.42),
            ("База холодная А", "База холодная Б"),
        ),
        Source("реклама", 0.23, (0.38, 0.66, 0.52, 0.44), ("Директ: поиск", "Директ: сети")),
        Source("рекомендации", 0.12, (0.72, 0.80, 0.64, 0.55)),
    ),
)
PROFILES: dict[str, Profile] = {"wholesale": WHOLESALE}
