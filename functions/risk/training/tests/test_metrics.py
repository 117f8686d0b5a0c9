"""Measures against values worked out by hand."""

import numpy as np
import pytest

from training import metrics

Y = np.array([0.0, 0.0, 1.0, 1.0])


def test_auc_counts_the_pairs_ranked_rightly_and_half_of_the_equal_ones():
    assert metrics.auc(Y, np.array([0.1, 0.4, 0.35, 0.8])) == 0.75
    assert metrics.auc(Y, np.array([0.5, 0.5, 0.5, 0.5])) == 0.5
    assert metrics.auc(Y, np.array([0.1, 0.3, 0.3, 0.9])) == 0.875


def test_ks_is_the_largest_gap_between_the_cumulative_shares():
    assert metrics.ks(Y, np.array([0.1, 0.4, 0.35, 0.8])) == 0.5
    assert metrics.ks(Y, np.array([0.1, 0.2, 0.3, 0.4])) == 1.0
    assert metrics.ks(Y, np.array([0.5, 0.5, 0.5, 0.5])) == 0.0


def test_ece_is_the_mean_gap_of_bins_of_equal_size():
    # Ten bins of one row each: the gaps are 0.1 nine times, and once 0.9 where 0.1 was said of one who defaulted.
    y = np.array([0.0] * 9 + [1.0])
    assert metrics.ece(y, np.full(10, 0.1)) == pytest.approx((9 * 0.1 + 0.9) / 10)


def test_brier_is_the_mean_squared_error():
    assert metrics.brier(Y, np.array([0.0, 0.5, 0.5, 1.0])) == 0.125


def test_psi_follows_its_formula():
    edges, expected = np.array([1.0]), np.array([0.5, 0.5])

    assert metrics.psi(edges, expected, np.array([0.0, 2.0])) == 0
    assert metrics.psi(edges, expected, np.array([0.0, 2.0, 2.0, 2.0])) == pytest.approx(0.25 * np.log(3))


def test_calibration_is_one_and_nothing_for_probabilities_as_seen_and_half_for_log_odds_twice_as_bold():
    # 1 of 4 and 3 of 4 defaulted: log-odds of -ln 3 and ln 3.
    y = np.array([1.0, 0, 0, 0, 1, 1, 1, 0])

    assert metrics.line(y, np.repeat([0.25, 0.75], 4)) == pytest.approx((1, 0), abs=1e-6)
    assert metrics.line(y, np.repeat([0.1, 0.9], 4)) == pytest.approx((0.5, 0), abs=1e-6)


def test_an_interval_holds_the_value_and_is_the_same_for_the_same_seed():
    random = np.random.default_rng(1)
    y = (random.random(500) < 0.3).astype(float)
    p = np.clip(0.3 + 0.2 * y + random.normal(0, 0.2, 500), 0.01, 0.99)

    value, low, high = metrics.interval(metrics.auc, y, p, seed=5)

    assert low < value < high
    assert metrics.interval(metrics.auc, y, p, seed=5) == [value, low, high]
    assert metrics.interval(metrics.auc, y, p, seed=6) != [value, low, high]
