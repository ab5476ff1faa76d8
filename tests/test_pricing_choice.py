"""The choice among offers: figures worked out independently, and what the model must do."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from handmade import Lead, shop, with_deals

from salescourse import pricing
from salescourse.company import Company
from salescourse.errors import StudentError
from salescourse.pricing.choice import BETTER, COSTS, DEMAND, GOOD, Demand, chosen, gp_per_quote
from salescourse.pricing.guard import GUARD, broken, keeps
from salescourse.pricing.market import fitted, market
from salescourse.pricing.search import find_single, find_triple, gain_of_three
from salescourse.schema import OPTIONS

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


def test_buyers_may_miss_by_what_is_not_shown_and_no_more():
    """The dearest single price that keeps 38.9 %, and a little beyond."""
    need = chosen((90_000,))[0] - 0.02
    prices = np.arange(92_000.0, 96_000.0, 1.0)
    share = np.array([chosen((price,))[0] for price in prices])
    for short, holds in ((0.0004, True), (0.0006, False)):
        price = prices[np.abs(share - (need - short)).argmin()]
        assert keeps((price,), DEAR, DEMAND, GUARD)["buyers"].holds is holds


def test_prices_that_no_guard_allows_are_none():
    impossible = (200_000.0, 210_000.0, 400_000.0)
    assert find_triple(impossible) is None
    assert gain_of_three(impossible) == -1


# A company's own clients -----------------------------------------------------------------------


def test_the_card_of_a_product_is_read_off_the_pilot():
    card = market(shop())
    assert (card.now, card.costs) == (90_000, (52_000, 70_000, 108_000))
    assert card.piloted == (65_000, 90_000, 140_000)
    assert card.sold == (0.1, 0.3, 0.1)
    assert card.guard.now == 90_000


@pytest.mark.parametrize(
    ("one", "three"), [(4, (2, 6, 2)), (4, (3, 4, 1)), (6, (1, 3, 1)), (2, (4, 8, 4))]
)
def test_the_clients_repeat_the_pilot_at_its_prices(one, three):
    card = market(shop(one, three))
    assert chosen((90_000,), card.clients)[0] == pytest.approx(one / 10)
    found = chosen((65_000, 90_000, 140_000), card.clients)
    assert found == pytest.approx(np.array(three) / 20)


def test_more_buyers_at_three_prices_than_variety_brings_is_a_good_effect_of_the_middle():
    assert market(shop(4, (3, 7, 3))).clients.middle > 0 > market(shop(4, (1, 3, 1))).clients.middle


def test_clients_of_the_textbook_are_found_again():
    """Shares made with known worths and a known effect give both back."""
    own = replace(DEMAND, middle=0.2, sides=0.5)
    one, three = float(chosen((90_000,), own)[0]), chosen((70_000, 95_000, 130_000), own)
    other = replace(DEMAND, quality=(1.0, 2.0, 3.0), middle=0.0)
    found = fitted(other, 90_000, one, (70_000, 95_000, 130_000), three)
    assert found.quality == pytest.approx(DEMAND.quality)
    assert found.middle == pytest.approx(0.2)


def test_half_of_the_effect_goes_to_the_two_beside_the_middle():
    own = replace(DEMAND, middle=0.2, sides=0.5)
    prices = (70_000, 95_000, 130_000)
    lifted = replace(DEMAND, middle=0.0, quality=tuple(np.add(DEMAND.quality, (0.1, 0.2, 0.1))))
    assert chosen(prices, own) != pytest.approx(chosen(prices, DEMAND))
    alike = replace(own, taste_sigma=0.0)  # worth and bonus are one where tastes are
    assert chosen(prices, alike) == pytest.approx(chosen(prices, replace(lifted, taste_sigma=0.0)))


def test_without_its_effect_a_single_price_sells_as_before():
    card = market(shop())
    assert chosen((95_000,), card.demand(False)) == pytest.approx(chosen((95_000,), card.clients))


def test_prices_and_costs_in_proportion_change_nothing_but_the_scale():
    """A firm twice as dear has prices twice as high and the same shares."""
    twice = replace(DEMAND, unit=2 * DEMAND.unit)
    assert chosen((130_000, 180_000, 280_000), twice) == pytest.approx(
        chosen((65_000, 90_000, 140_000))
    )


def test_a_pilot_where_an_option_was_never_bought_cannot_set_the_clients():
    with pytest.raises(StudentError, match="не все три"):
        market(shop(4, (0, 6, 2)))


def test_the_demo_company_sells_in_the_simulator_what_it_sold_in_its_pilot():
    company = Company.load("demo")
    card = market(company)
    gp = pricing.simulate(company, *card.piloted, middle=True).loc["всего", "gp"]
    assert gp == pytest.approx(pricing.pilot(company, "quote")["mean"].iloc[1], rel=0.005)


# What a student calls -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def company() -> Company:
    return shop()


def test_simulate_adds_up(company):
    rows = pricing.simulate(company, 65_000, 90_000, 140_000, middle=True)
    offers = rows.iloc[:3]
    assert rows.loc["всего", "gp"] == pytest.approx(offers["gp"].sum())
    assert offers["share"].tolist() == pytest.approx([10, 30, 10])  # as in the pilot
    # 0.1 × 13 000 + 0.3 × 20 000 + 0.1 × 32 000
    assert rows.loc["всего", "gp"] == pytest.approx(10_500)
    assert rows["share"].iloc[:4].sum() == pytest.approx(100)
    assert offers["sold"].tolist() == pytest.approx([20, 60, 20])
    assert offers["unit_gp"].tolist() == [13_000, 20_000, 32_000]


def test_simulate_leaves_the_middle_out_unless_asked(company):
    without = pricing.simulate(company, 65_000, 90_000, 140_000)
    share = chosen((65_000, 90_000, 140_000), market(company).demand(False))[1]
    assert without.loc["лучше", "share"] == pytest.approx(100 * share)


def test_simulate_takes_prices_as_a_list_and_as_a_simulators_value(company):
    apart = pricing.simulate(company, 65_000, 90_000, 140_000)
    prices = [65_000, 90_000, 140_000]
    assert pricing.simulate(company, prices).equals(apart)
    assert pricing.simulate(company, dict(zip(OPTIONS, prices, strict=True))).equals(apart)


def test_constraints_table_agrees_with_the_guard(company):
    rows = pricing.constraints(company, 100_000, 125_000, 170_000)
    buyers, clients = rows.loc["Купивших от всех КП"], market(company).demand(False)
    assert buyers["value"] == pytest.approx(
        100 * chosen((100_000, 125_000, 170_000), clients).sum()
    )
    assert buyers["least"] == pytest.approx(40 - 2)
    assert rows["holds"].tolist() == [False, True, True, True, True, True]


def test_best_single_is_the_dearest_that_keeps_enough_buyers(company):
    price = pricing.best_single(company).loc["лучше", "price"]
    assert pricing.constraints(company, price)["holds"].all()
    assert not pricing.constraints(company, price + 1_000)["holds"].all()


def test_no_helper_of_a_student_hands_over_the_best_three():
    assert not {name for name in pricing.__all__ if "triple" in name or "three" in name}


@pytest.mark.parametrize(
    ("prices", "said"),
    [
        ((90, 110, 150), "вместо 90 напишите 90000"),
        ((90_000, 110_000), "одна или три"),
        ((), "одна или три"),
        (("90 %",), "в рублях"),
        ((None,), "в рублях"),
        ((True,), "в рублях"),
        ((float("nan"),), "в рублях"),
        ((float("inf"),), "в рублях"),
        ((-90_000,), "в рублях"),
    ],
)
def test_simulate_refuses_what_is_no_price(company, prices, said):
    with pytest.raises(StudentError, match=said):
        pricing.simulate(company, *prices)


def test_prices_in_a_dictionary_are_told_apart_by_name(company):
    mixed = {"самый лучший": 140_000, "хороший": 65_000, "лучше": 90_000}
    rows = pricing.simulate(company, mixed)
    assert rows["price"].iloc[:3].tolist() == [65_000, 90_000, 140_000]


def test_an_answer_to_another_task_is_not_taken_for_prices(company):
    with pytest.raises(StudentError, match="ответ на другое задание"):
        pricing.simulate(company, {"одна": 4_000, "три": 5_000, "интервал": (1, 2)})


def test_prices_are_read_as_people_write_them(company):
    typed = pricing.simulate(company, "65 тыс.", "90 000 ₽", 140_000)
    assert typed["price"].iloc[:3].tolist() == [65_000, 90_000, 140_000]


@pytest.mark.parametrize("switch", ["False", "нет", 0, None, ...])
@pytest.mark.parametrize("helper", [pricing.simulate, pricing.constraints])
def test_the_middle_is_switched_by_true_and_false_only(company, helper, switch):
    with pytest.raises(StudentError, match="нужно True"):
        helper(company, 65_000, 90_000, 140_000, middle=switch)


def test_a_forgotten_company_is_asked_for():
    with pytest.raises(StudentError, match="Первой в скобках стоит компания"):
        pricing.simulate(65_000, 90_000, 140_000)


def test_a_discount_of_the_pilot_lowers_the_price_of_today():
    quotes = shop().deals.assign(discount_pct=10.0)
    tables = {**shop().tables, "deals": quotes}
    card = market(Company(tables, pd.Timestamp("2026-05-31"), name="Ручная"))
    assert card.now == 81_000
    assert card.piloted == pytest.approx((58_500, 81_000, 126_000))


def test_without_a_pilot_there_is_no_product():
    with pytest.raises(StudentError, match="пилоте"):
        pricing.product(with_deals([Lead("сайт", 1, "2026-01-12")]))
