"""Unit pricing: slow, literal readings of the questions' own words.

The choice model is reckoned over six hundred kinds of clients at even quantiles of both
tastes, not by the course's quadrature, and the best prices by walking from a coarse net, a
thousand roubles or two at a time, a hair within the condition on buyers.
"""

from __future__ import annotations

import itertools
from statistics import NormalDist

import numpy as np
import pandas as pd

OPTIONS = ["хороший", "лучше", "самый лучший"]
PRICES = ["price_good", "price_better", "price_best"]


# Task 1 ---------------------------------------------------------------------------------------


def quotes(company) -> pd.DataFrame:
    """Every quote with a filled «цена названа»; the seller of a lead is whom it was given to."""
    deals = company.deals.dropna(subset=["amount", "price_named"]).copy()
    leads = company.leads.set_index("lead_id")
    given = deals["lead_id"].map(leads["owner_id"])
    deals["who"] = given.fillna(deals["owner_id"]).astype(int)
    marked = deals["lead_id"].map(leads["mark"].notna()).fillna(False).astype(bool)
    deals = deals[~marked]
    return deals.assign(said=deals["price_named"].astype(bool), dear=deals["amount"] > 50_000)


def naming(company) -> dict:
    rows = quotes(company)
    share = rows.pivot_table(index="who", columns="dear", values="said", aggfunc="mean")
    count = rows[rows["dear"]].groupby("who").size()
    silent = share.index[(share[False] - share[True] >= 0.20) & (count >= 30)]
    theirs = rows[rows["who"].isin(silent) & rows["dear"]]
    return {"кто": [str(w) for w in silent], "доля": 100 * theirs["said"].mean()}


# Tasks 2 to 5 ---------------------------------------------------------------------------------


def cover(company) -> float:
    year = company.pnl.sort_values("month").tail(12)
    margin = round(100 * year["gp"].sum() / year["revenue"].sum(), 1)
    return ((margin / 100) / (margin / 100 - 0.05) - 1) * 100


def unit(company) -> dict:
    sold = company.deals.dropna(subset="option_chosen").query("status == 'оплачена'")
    return (
        sold.assign(left=sold["gp"].astype(float))
        .groupby("option_chosen", observed=True)["left"]
        .mean()
        .to_dict()
    )


def pilot_quotes(company) -> pd.DataFrame:
    rows = company.deals[company.deals["tag"] == "пилот"].copy()
    rows["won"] = rows["status"] == "оплачена"
    rows["money"] = rows["gp"].astype(float).where(rows["won"], 0.0).fillna(0.0)
    rows["n"] = rows["n_options"].astype(int)
    return rows


def pilot(company) -> dict:
    stats = pilot_quotes(company).groupby("n")["money"].agg(["mean", "sem"])
    difference = stats.loc[3, "mean"] - stats.loc[1, "mean"]
    half = NormalDist().inv_cdf(0.975) * np.hypot(*stats["sem"])
    return {
        "одна": stats.loc[1, "mean"],
        "три": stats.loc[3, "mean"],
        "интервал": [difference - half, difference + half],
    }


def decision(company) -> str:
    low, high = pilot(company)["интервал"]
    return "внедрять" if low > 0 else "закрыть" if high < 0 else "продлить"


# Tasks 6 and 7 --------------------------------------------------------------------------------

EVEN = np.array([NormalDist().inv_cdf((i + 0.5) / 25) for i in range(25)])
EVEN /= EVEN.std()
HAIR = 0.0005  # of all quotes: what another way of averaging clients may differ by


class Clients:
    """25 degrees of being exacting by 25 of minding the price, all of them alike common."""

    def __init__(self, now: float) -> None:
        exacting, minding = (a.ravel() for a in np.meshgrid(EVEN, EVEN))
        self.taste = 1 + 0.35 * 0.6 * exacting
        self.beta = 3 * np.exp(0.35 * minding - 0.061) * 0.9 / now
        self.worth = np.array([1.6, 2.55, 3.25])
        self.plus = np.zeros(3)

    def buy(self, prices, options) -> np.ndarray:
        """Share of all clients that takes each of the options shown."""
        u = np.outer(self.worth[options], self.taste) - np.outer(prices, self.beta)
        u += self.plus[options, None] * (len(options) == 3)
        e = np.exp(u / 0.35)
        buys = 1 / (1 + np.exp(0.35) * e.sum(axis=0) ** -0.35)
        return (buys * e / e.sum(axis=0)).mean(axis=1)

    def three(self, prices) -> np.ndarray:
        return self.buy(np.asarray(prices, float), np.arange(3))

    def one(self, price) -> float:
        return float(self.buy(np.array([float(price)]), np.array([1]))[0])


def odds(share):
    return np.log(share / (1 - share))


class Firm:
    """The product and its clients, tuned until the pilot comes out."""

    def __init__(self, company) -> None:
        rows = pilot_quotes(company)
        left = 1 - rows["discount_pct"].fillna(0) / 100
        one, three = rows["n"] == 1, rows["n"] == 3
        self.now = round((rows["amount"].astype(float) * left)[one].mean() / 1000) * 1000.0
        cost = rows[three & rows["won"]].groupby("option_chosen", observed=True)["cost"].mean()
        self.cost = np.array([round(float(cost[o]) / 100) * 100.0 for o in OPTIONS])
        shown = [float((rows[p].astype(float) * left)[three].mean()) for p in PRICES]
        took = [float((rows["option_chosen"][three] == o).mean()) for o in OPTIONS]
        self.people = self.tuned(float(rows["won"][one].mean()), shown, np.array(took))
        self.need = self.people.one(self.now) - 0.02

    def tuned(self, bought: float, shown, took) -> Clients:
        people = Clients(self.now)
        for _ in range(40):
            people.worth[1] += odds(bought) - odds(people.one(self.now))
        share = np.array([0.5, 1, 0.5])  # of the effect, to each option
        for _ in range(60):
            found = people.three(shown)
            within = np.log(took / took.sum()) - np.log(found / found.sum())
            step = 0.35 * within + odds(took.sum()) - odds(found.sum())
            people.plus = people.plus + step[1] * share
            people.worth += step - step[1] * share
        self.effect = people.plus
        people.plus = np.zeros(3)
        return people

    def gp(self, prices) -> float:
        return float(self.people.three(prices) @ (np.asarray(prices) - self.cost))

    def allowed(self, prices) -> bool:
        good, better, best = prices
        unit, share = np.asarray(prices) - self.cost, self.people.three(prices)
        low, high = good / better, best / better
        inside = 0.75 - 1e-9 <= low <= 0.95 + 1e-9 and 1.05 - 1e-9 <= high <= 1.5 + 1e-9
        earns = unit.min() >= 0 and unit[1] >= unit[0]
        return bool(
            inside
            and earns
            and share.min() >= 0.05 * share.sum()
            and share.sum() >= self.need + HAIR
        )

    def single(self) -> float:
        prices = 1000.0 * np.arange(round(self.now / 2000), round(self.now / 500))
        fit = [p for p in prices if self.people.one(p) >= self.need]
        return max(self.people.one(p) * (p - self.cost[1]) for p in fit)

    def best(self) -> tuple:
        """Up the hill from the best allowed point of a coarse net; two prices may move at once."""
        shapes = itertools.product(
            (0.78, 0.85, 0.92), (0.9, 1.0, 1.05, 1.1, 1.2), (1.15, 1.3, 1.45)
        )
        start = [
            tuple(1000.0 * round(self.now * middle * part / 1000) for part in (low, 1, high))
            for low, middle, high in shapes
        ]
        place = max((p for p in start if self.allowed(p)), key=self.gp)
        steps = [s for s in itertools.product((-2, -1, 0, 1, 2), repeat=3) if any(s)]
        while True:
            near = [tuple(p + 1000.0 * d for p, d in zip(place, s, strict=True)) for s in steps]
            top = max((p for p in near if self.allowed(p)), key=self.gp, default=place)
            if self.gp(top) <= self.gp(place):
                return place
            place = top


def firm(company) -> tuple[Firm, tuple]:
    def make():
        own = Firm(company)
        return own, own.best()

    return company.memo("oracle.firm", make)


def three(company) -> dict:
    return dict(zip(OPTIONS, firm(company)[1], strict=True))


def middle(company) -> str:
    own, prices = firm(company)
    rival = own.single()
    own.people.plus = own.effect
    gp, fine = own.gp(prices), own.allowed(prices)
    own.people.plus = np.zeros(3)
    return "worse" if gp < rival else "keeps" if fine else "fewer"


ORACLES = {
    "pricing-1": naming,
    "pricing-2": cover,
    "pricing-3": unit,
    "pricing-4": pilot,
    "pricing-5": decision,
    "pricing-6": three,
    "pricing-7": middle,
}
