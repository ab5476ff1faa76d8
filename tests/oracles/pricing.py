"""Unit pricing: slow, literal readings of the questions' own words.

The choice model is summed over a hundred and seventy kinds of clients at even steps of both
tastes, each as common as the normal law has it, not by the course's quadrature, and the best
prices by trying every three of whole thousands.
"""

from __future__ import annotations

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

EVEN = np.linspace(-4.5, 4.5, 13)
COMMON = np.exp(-(EVEN**2) / 2) / np.exp(-(EVEN**2) / 2).sum()


class Clients:
    """Thirteen degrees of being exacting by thirteen of minding the price."""

    def __init__(self, now: float) -> None:
        exacting, minding = (a.ravel() for a in np.meshgrid(EVEN, EVEN))
        self.common = np.outer(COMMON, COMMON).ravel()
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
        return (buys * e / e.sum(axis=0)) @ self.common

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
            inside and earns and share.min() >= 0.05 * share.sum() and share.sum() >= self.need
        )

    def single(self) -> float:
        prices = 1000.0 * np.arange(round(self.now / 2000), round(self.now / 500))
        fit = [p for p in prices if self.people.one(p) >= self.need]
        return max(self.people.one(p) * (p - self.cost[1]) for p in fit)

    def best(self) -> tuple:
        """Every three prices of whole thousands within the bands, one middle price by another."""
        thousands = 1000.0 * np.arange(round(0.6 * self.now / 1000), round(2.2 * self.now / 1000))
        found = []
        for middle in thousands[(thousands > 0.8 * self.now) & (thousands < 1.5 * self.now)]:
            low = thousands[(thousands >= 0.75 * middle) & (thousands <= 0.95 * middle)]
            high = thousands[(thousands >= 1.05 * middle) & (thousands <= 1.5 * middle)]
            low = low[middle - self.cost[1] >= low - self.cost[0]]
            prices = np.array([(g, middle, b) for g in low for b in high]).reshape(-1, 3)
            found += self.fit_of(prices[(prices >= self.cost).all(axis=1)])
        return max(found)[1]

    def fit_of(self, prices: np.ndarray) -> list[tuple[float, tuple]]:
        """The best of these triples that keep enough buyers, if any do."""
        if not len(prices):
            return []
        people = self.people
        shown, place = np.unique(prices, return_inverse=True)
        place = place.reshape(prices.shape)
        pull = np.exp(-np.outer(shown, people.beta) / 0.35)
        worth = np.exp(np.outer(people.worth, people.taste) / 0.35)
        e = np.stack([pull[place[:, j]] * worth[j] for j in range(3)])
        total = e.sum(axis=0)
        buys = 1 / (1 + np.exp(0.35) * total**-0.35) / total
        share = (e * buys @ people.common).T
        sold = share.sum(axis=1)
        fine = (sold >= self.need) & (share.min(axis=1) >= 0.05 * sold)
        gp = np.where(fine, (share * (prices - self.cost)).sum(axis=1), -np.inf)
        top = int(gp.argmax())
        return [(float(gp[top]), tuple(map(float, prices[top])))] if fine.any() else []


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
