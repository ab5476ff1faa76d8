"""The choice among offers: figures worked out independently, and what the model must do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from salescourse import pricing
from salescourse.errors import StudentError
from salescourse.pricing.choice import BETTER, COSTS, DEMAND, GOOD, Demand, chosen, gp_per_quote
from salescourse.pricing.guard import GUARD, broken, keeps
from salescourse.pricing.search import find_single, find_triple, gain_of_three, without_middle

CHEAP, DEAR = (42_000.0, 58_000.0, 92_000.0), COSTS  # cost sheets of IDENTIFIABILITY §6
PLAIN = replace(DEMAND, nest=1.0)  # offers as unlike as strangers: the multinomial logit


def middle(bonus: float) -> Demand:
    return replace(DEMAND, middle=bonus)


# Tables of IDENTIFIABILITY §6, within their rounding ------------------------------------------


@pytest.mark.parametrize(
    ("prices", "by_nodes"),
    [
        ((65_000, 90_000, 140_000), {5: 15.860, 7: 15.860, 9: 15.861, 11: 15.861}),
        ((100_000, 125_000, 170_000), {5: 21.058, 7: 21.052, 9: 21.051, 11: 21.050}),
    ],
)
def test_profit_a_quote_by_quadrature_nodes(prices, by_nodes):
    for nodes, thousands in by_nodes.items():
        found = gp_per_quote(prices, CHEAP, replace(DEMAND, nodes=nodes))
        assert found / 1000 == pytest.approx(thousands, abs=0.0005)


@pytest.mark.parametrize("costs", [CHEAP, DEAR])
def test_many_nodes_do_not_overflow(costs):
    many, prices = replace(DEMAND, nodes=60), (100_000, 125_000, 170_000)
    assert gp_per_quote(prices, costs, many) == pytest.approx(gp_per_quote(prices, costs), rel=1e-3)
    assert find_triple(costs, many)[1] == pytest.approx(find_triple(costs)[1], rel=1e-3)


@pytest.mark.parametrize(
    ("costs", "now", "free", "free_at", "guarded"),
    [(CHEAP, 13.04, 16.44, 124_000, 13.69), (DEAR, 8.15, 13.67, 135_000, 9.00)],
)
def test_best_single_price(costs, now, free, free_at, guarded):
    assert gp_per_quote((90_000,), costs) / 1000 == pytest.approx(now, abs=0.005)
    price, profit = find_single(costs, guard=None)
    assert (price, round(profit / 1000, 2)) == (free_at, free)
    price, profit = find_single(costs)
    assert price == 93_000
    assert profit / 1000 == pytest.approx(guarded, abs=0.005)


@pytest.mark.parametrize(
    ("costs", "bonus", "thousands", "prices", "over_guarded", "over_free"),
    [
        (CHEAP, 0.3, 19.91, (86_000, 109_000, 149_000), 45, 21),
        (CHEAP, 0.0, 17.32, None, 27, 5),
        (CHEAP, -0.3, 15.60, None, 14, -5),
        (DEAR, 0.3, 15.10, (86_000, 108_000, 157_000), 68, 10),
        (DEAR, 0.0, 12.42, None, 38, -9),
    ],
)
def test_best_triple(costs, bonus, thousands, prices, over_guarded, over_free):
    demand = middle(bonus)
    found, profit = find_triple(costs, demand)
    assert profit / 1000 == pytest.approx(thousands, abs=0.005)
    assert prices is None or found == prices
    assert 100 * gain_of_three(costs, demand) == pytest.approx(over_guarded, abs=0.5)
    free = find_single(costs, demand, None)[1]
    assert 100 * (profit / free - 1) == pytest.approx(over_free, abs=0.5)


@pytest.mark.parametrize(
    ("taste", "beta", "bonus", "gain"),
    [
        (0.1, 0.15, -0.45, 1.1),
        (0.1, 0.15, -0.50, -0.1),
        (0.2, 0.20, -0.50, 1.2),
        (0.2, 0.20, -0.60, -0.9),
    ],
)
def test_clients_alike_who_avoid_the_middle_make_three_prices_useless(taste, beta, bonus, gain):
    demand = replace(DEMAND, taste_sigma=taste, beta_sigma=beta, middle=bonus)
    assert 100 * gain_of_three(CHEAP, demand) == pytest.approx(gain, abs=0.05)


def test_the_optimum_is_flat():
    near = gp_per_quote((89_000, 108_000, 152_000), CHEAP)
    assert near == pytest.approx(find_triple(CHEAP)[1], rel=0.0002)


# Against reckonings that share no code --------------------------------------------------------


def by_lot(prices, costs, draws: int) -> float:
    """DOMAIN's formulas as they stand, one random client after another, prices in thousands."""
    rng = np.random.default_rng(2026)
    k, beta = rng.normal(0, 0.6, draws), 3.0 * np.exp(rng.normal(0, 0.35, draws) - 0.061)
    q, p = np.array([1.60, 2.55, 3.25]), np.array(prices)
    u = q * (1 + 0.35 * k[:, None]) - beta[:, None] * p / 100 + 0.30 * np.array([0, 1, 0])
    inclusive = np.log(np.exp(u / 0.35).sum(axis=1))
    buys = 1 / (1 + np.exp(0.35 - 0.35 * inclusive))
    which = np.exp(u / 0.35) / np.exp(u / 0.35).sum(axis=1)[:, None]
    return float((buys[:, None] * which * (p - np.array(costs))).sum(axis=1).mean())


def test_quadrature_agrees_with_clients_drawn_by_lot():
    drawn = by_lot((65, 90, 140), (42, 58, 92), 200_000)
    assert gp_per_quote((65_000, 90_000, 140_000), CHEAP) / 1000 == pytest.approx(drawn, abs=0.05)


def every_triple(costs, demand: Demand) -> float:
    """The best of all thousands within the guard, one middle price after another."""
    x, w = np.polynomial.hermite_e.hermegauss(demand.nodes)
    taste, log_beta = (a.ravel() for a in np.meshgrid(x, x, indexing="ij"))
    weight = np.outer(w, w).ravel() / w.sum() ** 2
    taste = 1 + 0.35 * demand.taste_sigma * taste
    beta = demand.beta * np.exp(demand.beta_sigma * log_beta - 0.061)
    price, cost = np.arange(40, 300), np.array(costs)[:, None, None] / 1000
    odds = [
        np.exp((q * taste - beta * price[:, None] / 100 + plus) / demand.nest)
        for q, plus in zip(demand.quality, (0, demand.middle, 0), strict=True)
    ]
    now = (weight / (1 + np.exp(demand.outside - demand.quality[1] * taste + 0.9 * beta))).sum()
    most = -np.inf
    for m in range(63, 180):
        low = price[(price >= 0.75 * m) & (price <= 0.95 * m)]
        high = price[(price >= 1.05 * m) & (price <= 1.5 * m)]
        parts = odds[0][low - 40][:, None], odds[1][m - 40][None, None], odds[2][high - 40][None]
        total = sum(parts)
        buys = weight / (1 + np.exp(demand.outside) * total**-demand.nest) / total
        share = np.stack([(buys * part).sum(axis=-1) for part in parts])
        unit = np.stack(np.broadcast_arrays(low[:, None], m, high[None, :])) - cost
        kept = (share.sum(0) >= now - 0.02) & (share.min(0) >= 0.05 * share.sum(0))
        kept &= (unit[1] >= unit[0]) & (unit.min(0) >= 0)
        most = max(most, np.where(kept, (share * unit).sum(0), -np.inf).max())
    return 1000 * float(most)


def drawn_demands(n: int) -> list[tuple[Demand, tuple[float, ...]]]:
    """Clients and cost sheets by lot, some of them with a narrow edge to climb along."""
    rng = np.random.default_rng(3)
    made = []
    for _ in range(n):
        demand = Demand(
            quality=(rng.uniform(1.4, 1.8), rng.uniform(2.3, 2.7), rng.uniform(2.9, 3.5)),
            taste_sigma=rng.uniform(0.1, 0.8),
            beta=rng.uniform(2.6, 3.5),
            beta_sigma=rng.uniform(0.15, 0.5),
            nest=rng.uniform(0.25, 0.5),
            outside=rng.uniform(0.1, 0.6),
            middle=rng.uniform(-0.3, 0.4),
        )
        spans = ((38, 54), (56, 72), (88, 110))
        made.append((demand, tuple(1000.0 * round(rng.uniform(*span)) for span in spans)))
    return made


@pytest.mark.parametrize(("demand", "costs"), [(DEMAND, DEAR), *drawn_demands(8)])
def test_the_search_finds_the_best_of_all_triples(demand, costs):
    prices, profit = find_triple(costs, demand)
    assert profit == pytest.approx(every_triple(costs, demand), rel=1e-9)
    assert gp_per_quote(prices, costs, demand) == pytest.approx(profit, rel=1e-9)
    assert not broken(prices, costs, demand)


# What a nested logit is for -------------------------------------------------------------------


def test_a_duplicate_adds_few_buyers_and_many_to_the_plain_logit():
    def added(demand: Demand) -> float:
        one = chosen((90_000,), demand).sum()
        return chosen((90_000, 90_000), demand, offers=(BETTER, BETTER)).sum() - one

    assert chosen((90_000,), PLAIN) == pytest.approx(chosen((90_000,)))  # alone they agree
    assert 0 < added(DEMAND) < 0.4 * added(PLAIN)


def test_a_duplicate_reckoned_by_hand_for_one_kind_of_client():
    alike = replace(DEMAND, taste_sigma=0.0, beta_sigma=0.0, beta_shift=0.0)
    utility = 2.55 - 3.0 * 0.9 - 0.35  # −0.5
    for nest in (0.35, 1.0):  # a second like it is worth λ ln 2
        bought = chosen((90_000, 90_000), replace(alike, nest=nest), (BETTER, BETTER)).sum()
        assert bought == pytest.approx(1 / (1 + np.exp(-utility - nest * np.log(2))))


def test_a_duplicate_among_three_offers_hardly_changes_how_many_buy():
    def added(demand: Demand) -> float:
        three = chosen((65_000, 90_000, 140_000), demand).sum()
        prices, offers = (65_000, 90_000, 90_000, 140_000), (GOOD, BETTER, BETTER, 2)
        return chosen(prices, demand, offers).sum() - three

    calm = middle(0.0)
    assert 0 < added(calm) < 0.5 * added(replace(calm, nest=1.0))


def test_duplicates_share_their_buyers_alike():
    share = chosen((90_000, 90_000), offers=(BETTER, BETTER))
    assert share[0] == share[1]


def test_plain_logit_reckoned_by_hand():
    alike = replace(PLAIN, taste_sigma=0.0, beta_sigma=0.0, beta_shift=0.0, middle=0.0)
    odds = np.exp([1.6 - 3 * 0.65, 2.55 - 3 * 0.9, 3.25 - 3 * 1.4])
    by_hand = odds / (np.exp(0.35) + odds.sum())
    assert chosen((65_000, 90_000, 140_000), alike) == pytest.approx(by_hand)


def test_the_bonus_draws_to_the_middle_of_three_only():
    prices = (65_000, 90_000, 140_000)
    with_it, without = chosen(prices), chosen(prices, middle(0.0))
    assert with_it[1] > without[1]
    assert (with_it[[0, 2]] < without[[0, 2]]).all()
    assert chosen((90_000,)) == pytest.approx(chosen((90_000,), middle(0.0)))


def test_a_dearer_offer_sells_less():
    shares = [chosen((price,))[0] for price in (70_000, 90_000, 110_000)]
    assert shares == sorted(shares, reverse=True)


def test_shares_that_domain_gives():
    shares = 100 * chosen((65_000, 90_000, 140_000))
    assert shares.round(1).tolist() == [7.5, 36.4, 5.2]


def test_the_three_without_the_draw_to_the_middle_against_the_best_one():
    found = find_triple(DEAR)[0]
    alone = gp_per_quote((93_000,), DEAR)
    by_hand = gp_per_quote(found, DEAR, middle(0.0)) - alone
    assert without_middle(found, DEAR) == pytest.approx(by_hand)
    assert without_middle((65_000, 90_000, 100_000), DEAR) < 0 < by_hand


# The guard ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prices", "fails", "said"),
    [
        ((100_000, 125_000, 170_000), ["buyers"], "Покупают 31,1"),
        ((65_000, 90_000, 140_000), ["good", "best"], "Младший на 27,8"),
        ((78_000, 95_000, 100_000), ["cost"], "меньше своей себестоимости"),
        ((85_000, 90_000, 130_000), ["sold", "profit"], "На среднем зарабатываем"),
        ((120_000,), ["buyers"], "столько, сколько сейчас, минус 2"),
        ((90_000,), [], None),
        ((86_000, 108_000, 157_000), [], None),
    ],
)
def test_every_broken_condition_is_told(prices, fails, said):
    found = keeps(prices, DEAR, DEMAND, GUARD)
    told = broken(prices)
    assert set(fails) <= {key for key, kept in found.items() if not kept.holds}
    assert len(told) == sum(not kept.holds for kept in found.values())
    assert not told if said is None else said in " ".join(told)


def test_offers_priced_in_the_wrong_order_are_told_so():
    told = " ".join(broken((120_000, 110_000, 90_000)))
    assert "Младший на 9,1\u00a0% дороже среднего" in told
    assert "Старший на 18,2\u00a0% дешевле среднего" in told
    assert "столько же, сколько средний" in " ".join(broken((90_000, 90_000, 90_000)))


def test_constraints_table_agrees_with_the_guard():
    rows = pricing.constraints(100_000, 125_000, 170_000)
    buyers = rows.loc["Купивших от всех КП"]
    assert buyers["value"] == pytest.approx(100 * chosen((100_000, 125_000, 170_000)).sum())
    assert buyers["least"] == pytest.approx(100 * chosen((90_000,))[0] - 2)
    assert rows["holds"].tolist() == [False, True, True, True, True, True]


def test_prices_that_no_guard_allows_are_none():
    impossible = (200_000.0, 210_000.0, 400_000.0)
    assert find_triple(impossible) is None
    assert gain_of_three(impossible) == -1


# What a student calls -------------------------------------------------------------------------


def test_simulate_adds_up():
    rows = pricing.simulate(65_000, 90_000, 140_000)
    offers = rows.iloc[:3]
    assert rows.loc["всего", "gp"] == pytest.approx(offers["gp"].sum())
    assert rows.loc["всего", "gp"] == pytest.approx(gp_per_quote((65_000, 90_000, 140_000), DEAR))
    assert rows["share"].iloc[:4].sum() == pytest.approx(100)
    assert offers["sold"].sum() == pytest.approx(100)
    assert offers["unit_gp"].tolist() == [13_000, 20_000, 32_000]


def test_simulate_switches_the_middle_off():
    without = pricing.simulate(65_000, 90_000, 140_000, middle=False)
    share = chosen((65_000, 90_000, 140_000), middle(0.0))[1]
    assert without.loc["лучше", "share"] == pytest.approx(100 * share)


def test_simulate_takes_prices_as_a_list_too():
    listed = pricing.simulate([65_000, 90_000, 140_000])
    assert listed.equals(pricing.simulate(65_000, 90_000, 140_000))


def test_best_single_is_the_dearest_that_keeps_enough_buyers():
    assert pricing.best_single().loc["лучше", "price"] == 93_000
    assert pricing.constraints(93_000)["holds"].all()
    assert not pricing.constraints(94_000)["holds"].all()


@pytest.mark.parametrize(
    ("prices", "said"),
    [
        ((90, 110, 150), "вместо 90 напишите 90000"),
        ((90_000, 110_000), "одна или три"),
        ((), "одна или три"),
        (("90000",), "в рублях"),
        ((None,), "в рублях"),
        ((True,), "в рублях"),
        ((float("nan"),), "в рублях"),
        ((float("inf"),), "в рублях"),
        ((-90_000,), "в рублях"),
    ],
)
def test_simulate_refuses_what_is_no_price(prices, said):
    with pytest.raises(StudentError, match=said):
        pricing.simulate(*prices)


@pytest.mark.parametrize("costs", [(52_000, 70_000), 70_000, "70000", (52, 70, 108), None])
def test_simulate_refuses_what_are_no_costs(costs):
    with pytest.raises(StudentError, match="ебестоимост"):
        pricing.simulate(90_000, costs=costs)
