"""Random bits and the arithmetic on them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from salescourse.simulation import streams
from salescourse.simulation.streams import Strata, Streams


def test_exp_and_log_agree_with_the_platform_to_the_last_digits():
    x = np.linspace(-30, 30, 4001)
    assert np.allclose(streams.exp(x), np.exp(x), rtol=4e-15)
    y = np.exp(x)
    assert np.allclose(streams.log(y), x, rtol=1e-14, atol=1e-14)


def test_quantile_tables_are_those_of_scipy():
    p = (np.arange(streams.GRID) + 0.5) / streams.GRID
    assert np.allclose(streams.normal(), stats.norm.ppf(p), atol=1e-12)
    assert np.allclose(
        streams.gamma(1.55, 2.0), stats.gamma.ppf(p, 1.55, scale=2), rtol=0.01, atol=1e-3
    )
    assert math.isclose(np.median(streams.lognormal(29.0, 0.7)), 29.0, rel_tol=1e-3)


def test_bits_depend_on_code_edition_and_key_and_on_nothing_else():
    one = Streams("ROP-7F3A-K", 1)
    assert np.array_equal(one.raw("a", 5), Streams("ROP-7F3A-K", 1).raw("a", 5))
    assert np.array_equal(one.raw("a", 5), one.raw("a", 9)[:5])
    others = [one.raw("b", 5), Streams("ROP-7F3A-K", 2).raw("a", 5), Streams("X", 1).raw("a", 5)]
    assert not any(np.array_equal(one.raw("a", 5), other) for other in others)


def test_the_first_bits_of_a_known_stream():
    """PCG64 over SHA-256 is a contract: another generator would change every company."""
    assert Streams("ROP-7F3A-K", 1).raw("leads/stage1", 2).tolist() == [
        14377250421969956166,
        5307919403304499920,
    ]


def test_stratified_uniforms_hit_each_fifth_once_in_a_block():
    raw = Streams("x", 1).raw("u", 100)
    u = Strata(np.zeros(100, dtype=int)).uniform(raw)
    fifths = np.sort((u * 5).astype(int).reshape(20, 5), axis=1)
    assert (fifths == np.arange(5)).all()


def test_a_single_stratified_uniform_is_still_uniform():
    first = [Strata(np.zeros(5, dtype=int)).uniform(Streams(str(i), 1).raw("u", 5))[0]
             for i in range(3000)]  # fmt: skip
    assert stats.kstest(first, "uniform").pvalue > 0.001


def test_a_change_in_one_cell_leaves_the_others_as_they_were():
    raw = Streams("x", 1).raw("u", 40)
    cells = np.repeat([0, 1], 20)
    before = Strata(cells).uniform(raw)
    raw[:20] = Streams("y", 1).raw("u", 20)
    after = Strata(cells).uniform(raw)
    assert np.array_equal(before[20:], after[20:])
    assert not np.array_equal(before[:20], after[:20])


@pytest.mark.parametrize("weights", [(1.0, 1.0, 2.0), (0.68, 0.08, 0.12, 0.12)])
def test_choose_draws_by_weight(weights):
    drawn = Streams("x", 1).choose("k", np.array(weights), 20_000)
    share = np.bincount(drawn, minlength=len(weights)) / 20_000
    assert np.allclose(share, np.array(weights) / sum(weights), atol=0.015)
