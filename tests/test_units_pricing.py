"""Unit 03 on real codes: the planted pilot is found, answers are worth what the question says."""

from __future__ import annotations

import random
import re
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from handmade import shop

from salescourse import pricing, soundness, units
from salescourse.answers import NotUnderstood
from salescourse.codes import COUNT, from_number
from salescourse.company import Company
from salescourse.pricing import trial
from salescourse.pricing.guard import keeps
from salescourse.pricing.market import market
from salescourse.schema import OPTIONS
from salescourse.tasks import evaluate, true_value
from salescourse.units.pricing import offers
from salescourse.units.pricing.naming import rows_of

PLANTED = {"rollout": "внедрять", "extend": "продлить", "null": "продлить", "close": "закрыть"}
EFFECT = {"rollout": {"keeps"}, "extend": {"fewer"}, "null": {"fewer"}, "close": {"worse"}}
SIX = units.find("pricing-6")


@pytest.fixture(scope="module")
def companies() -> dict[str, list[Company]]:
    """Two companies of each variant of the pilot that pass this unit's gates."""
    draw, found = random.Random(33), {kind: [] for kind in PLANTED}
    while any(len(some) < 2 for some in found.values()):
        company = Company.generate(from_number(draw.randrange(COUNT)))
        some = found[company.facts()["pilot"]]
        if len(some) < 2 and soundness.passes(company, ("pricing",)):
            some.append(company)
    return found


def each(companies):
    return [company for some in companies.values() for company in some]


def config(*prices) -> dict[str, float]:
    return dict(zip(OPTIONS, prices, strict=True))


def test_a_company_whose_best_prices_hang_on_a_hair_is_not_issued():
    """Its best three keep 31.76829 % of quotes, 31.76823 are needed; a thousand less is 95 %."""
    hair = Company.generate("ROP-PA1Y-B")
    assert soundness.obstacles(hair, ("pricing",)) == ["pricing: edge"]
    lower = offers.three_prices(hair) | {"самый лучший": 92_000}
    assert evaluate(SIX, (lower,), hair).share < 1


# What was planted -----------------------------------------------------------------------------


def test_the_planted_pilot_is_concluded(companies):
    for kind, some in companies.items():
        for company in some:
            assert units.find("pricing-5").truth(company) == PLANTED[kind]
            assert units.find("pricing-7").truth(company) in EFFECT[kind]


def test_those_who_fear_to_name_a_price_are_found(companies):
    for company in each(companies):
        feared = {str(i) for i in company.facts()["fearful"]}
        assert set(units.find("pricing-1").truth(company)["кто"]) == feared


def test_every_mistake_is_recognised_in_every_variant(companies):
    for company in each(companies):
        found = soundness.examine(company.code, ("pricing",))
        assert (found.obstacles, found.failures) == ([], [])


def test_a_neighbours_best_prices_seldom_earn_full_marks(companies):
    every = each(companies)
    full = [
        evaluate(SIX, (true_value(SIX, other),), company).share == 1
        for company in every
        for other in every
        if other is not company
    ]
    assert np.mean(full) < 0.1


# Task 6 ---------------------------------------------------------------------------------------


def test_marks_grow_from_the_best_one_price_to_the_best_three(companies):
    company = companies["rollout"][0]
    card, best = market(company), offers.best_three(company)[0]
    shares = []
    for part in (1, 0.99, 0.97, 0.93):
        prices = tuple(p * part for p in best)
        assert all(c.holds for c in offers.kept(company, prices).values())
        got = evaluate(SIX, (config(*prices),), company)
        one = offers.best_one(company)[1]
        way = (offers.brings(company, prices) - one) / (offers.brings(company, best) - one)
        assert got.share == pytest.approx(min(1, max(0, way / 0.98)))
        shares.append(got.share)
    assert shares == sorted(shares, reverse=True) and shares[0] == 1 > shares[-1]
    assert card.guard.drop == 0.02


def test_half_a_per_cent_below_the_top_keeps_nearly_all(companies):
    for company in each(companies):
        best = offers.best_three(company)[0]
        got = evaluate(SIX, (config(*(0.995 * p for p in best)),), company)
        assert got.share > 0.9, company.code


def test_a_broken_condition_costs_all_and_is_named(companies):
    for company in each(companies):
        card = market(company)
        dear = tuple(1.5 * card.now * f for f in (0.8, 1, 1.4))
        outcome = evaluate(SIX, (config(*dear),), company)
        assert outcome.points == 0
        assert "Покупают" in outcome.text and "минус 2\u00a0п.п." in outcome.text


def test_every_condition_has_its_sentence(companies):
    company = companies["rollout"][0]
    now = market(company).now
    text = evaluate(SIX, (config(1.2 * now, 1.1 * now, 0.9 * now),), company).text
    assert "меньше своей себестоимости" in text
    assert "Младший на 9,1\u00a0% дороже среднего" in text
    assert "Старший на 18,2\u00a0% дешевле среднего" in text
    assert "На среднем зарабатываем" in text


def test_three_prices_that_do_not_beat_the_best_one_are_told_so(companies):
    company = companies["rollout"][0]
    one = evaluate(SIX, (config(*_dull(company)),), company)
    assert one.points == 0 and "лучшая одна цена" in one.text


def _dull(company) -> tuple[float, ...]:
    """Allowed prices below the best one price's gross profit a quote."""
    now, costs = market(company).now, market(company).costs
    for middle in np.arange(now, 0.7 * now, -500):
        for good in np.arange(0.95 * middle, 0.75 * middle, -500):
            for best in np.arange(1.05 * middle, 1.5 * middle, 500):
                prices = (float(good), float(middle), float(best))
                kept = keeps(prices, costs, market(company).demand(False), market(company).guard)
                fine = all(c.holds for c in kept.values())
                if fine and offers.brings(company, prices) < offers.best_one(company)[1]:
                    return prices
    raise AssertionError("no such prices")


def test_prices_typed_in_thousands_are_asked_about(companies):
    best = offers.best_three(companies["rollout"][0])[0]
    outcome = evaluate(SIX, (config(*(p / 1000 for p in best)),), companies["rollout"][0])
    assert outcome.text.startswith("Нужно уточнить") and "тысячи" in outcome.text


@pytest.mark.parametrize("price", [-50_000, 0, 1e280])
def test_absurd_prices_are_worth_nothing_and_raise_nothing(companies, price):
    outcome = evaluate(SIX, (config(price, price, price),), companies["null"][0])
    assert outcome.points == 0 and "опечатки" in outcome.text


def test_the_best_three_keep_all_conditions_and_beat_the_best_one(companies):
    for company in each(companies):
        prices, gp = offers.best_three(company)
        assert all(c.holds for c in offers.kept(company, prices).values())
        assert gp >= 1.05 * offers.best_one(company)[1]


def test_a_part_of_the_way_is_told_in_per_cent_of_it(companies):
    company = companies["rollout"][0]
    below = config(*(0.985 * p for p in offers.best_three(company)[0]))
    outcome = evaluate(SIX, (below,), company)
    way = 100 * offers.way(company, tuple(below.values()))
    told = re.search(r"пройдено (\d+)\u00a0% пути, нужно 98", outcome.text)
    assert 0 < outcome.share < 1 and int(told[1]) == int(way) < 98
    assert "настройки" not in outcome.text
    assert "двигайте две цены сразу" in outcome.text


def test_prices_one_tolerance_short_are_not_told_as_98_of_98(companies):
    company = companies["rollout"][0]
    best = offers.best_three(company)[0]
    for part in np.linspace(0.97, 0.999, 60):
        prices = tuple(part * p for p in best)
        if offers.way(company, prices) < offers.WHOLE_WAY:
            assert "пройдено 98" not in evaluate(SIX, (config(*prices),), company).text


# Task 7 ---------------------------------------------------------------------------------------


def test_every_good_answer_to_the_prices_leads_to_the_same_conclusion(companies):
    for company in each(companies):
        seen = 0
        for prices in _around(offers.best_three(company)[0]):
            if evaluate(SIX, (config(*prices),), company).share > 0.7:
                seen += 1
                assert _concluded(company, prices) == offers.with_effect(company), company.code
        assert seen > 3


def _around(best):
    steps = (-6_000, -3_000, -2_000, -1_000, 0, 1_000, 2_000, 3_000)
    return [tuple(p + d for p, d in zip(best, by, strict=True)) for by in product(steps, repeat=3)]


def _concluded(company, prices) -> str:
    """As the exercise has it: against the best one price, then every condition."""
    felt = pricing.simulate(company, *prices, middle=True).loc["всего", "gp"]
    if felt < pricing.best_single(company).loc["всего", "gp"]:
        return "worse"
    holds = pricing.constraints(company, *prices, middle=True)["holds"]
    if holds.all():
        return "keeps"
    assert "Купивших от всех КП" in holds[~holds].index
    return "fewer"


# Other tasks ----------------------------------------------------------------------------------


def test_a_bootstrap_is_as_good_as_the_closed_form(companies):
    rng = np.random.default_rng(7)
    task = units.find("pricing-4")
    for company in each(companies)[:4]:
        one, three = trial.arms(company).values()
        means = [
            np.array([rng.choice(a, len(a)).mean() for _ in range(1500)]) for a in (one, three)
        ]
        ends = np.quantile(means[1] - means[0], [0.025, 0.975]).tolist()
        answer = {"одна": one.mean(), "три": three.mean(), "интервал": ends}
        assert evaluate(task, (answer,), company).share == 1, company.code


def test_names_are_taken_as_the_helper_gives_them(companies):
    for company in each(companies):
        rows = pricing.naming(company, 50_000)
        silent = rows[rows["gap"] >= 20]
        share = (silent["above"] * silent["n_above"]).sum() / silent["n_above"].sum()
        task = units.find("pricing-1")
        for names in (list(silent.index), ", ".join(silent.index)):
            assert evaluate(task, ({"кто": names, "доля": share},), company).share == 1


def test_naming_of_the_unit_is_that_of_the_helper(companies):
    company = each(companies)[0]
    helper = pricing.naming(company, 50_000)
    assert rows_of(company)["above"].tolist() == helper["above"].tolist()


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("внедрять", ("внедряем", "внедрить", "Внедрять", "внедрим", "а")),
        ("продлить", ("продлеваем", "продлить", "Продлевать", "продлим", "б")),
        ("закрыть", ("закрываем", "закрыть", "Закрывать.", "закроем", "в")),
    ],
)
def test_a_conclusion_is_understood_in_the_questions_words(key, said):
    kind = units.find("pricing-5").kind
    assert [kind.parse(word, shop()) for word in said] == [key] * len(said)


@pytest.mark.parametrize("word", ["не внедряем", "посчитать"])
def test_other_words_are_no_conclusion(word):
    with pytest.raises(NotUnderstood):
        units.find("pricing-5").kind.parse(word, shop())


def test_the_gates_close_on_a_pilot_of_thirty_quotes():
    company = shop()
    closed = {g.id for g in units.gates_of("pricing") if g.id != "margin" and not g.holds(company)}
    assert {"naming"} <= closed
