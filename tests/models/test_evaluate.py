from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score
from sklearn.metrics import log_loss as sklearn_log_loss

from models import evaluate
from models.evaluate import MEASURES, Measure, bootstrap, difference, gain, lift_at, rate, reliability

ORACLES: dict[str, Callable[..., Any]] = {
    "auc": roc_auc_score,
    "pr_auc": average_precision_score,
    "brier": brier_score_loss,
    "log_loss": sklearn_log_loss,
}
BOTH_CLASSES = st.lists(
    st.tuples(st.booleans(), st.integers(1, 9).map(lambda tenth: tenth / 10)), min_size=2, max_size=40
).filter(lambda rows: len({happened for happened, _ in rows}) == 2)


@pytest.mark.parametrize("name", ORACLES)
@given(rows=BOTH_CLASSES)
@settings(deadline=None, max_examples=40)
def test_a_measure_agrees_with_scikit_learn_ties_included(name: str, rows: list[tuple[bool, float]]) -> None:
    happened, expected = np.array(rows, dtype=np.float64).T
    assert MEASURES[name](happened, expected) == pytest.approx(ORACLES[name](happened, expected), abs=1e-12)


@pytest.mark.parametrize("name", ["auc", "pr_auc", "lift_at_10", "calibration_slope"])
@pytest.mark.parametrize("happened", [[], [0.0, 0.0], [1.0, 1.0]])
def test_one_class_cannot_tell(name: str, happened: list[float]) -> None:
    assert np.isnan(MEASURES[name](np.array(happened), np.full(len(happened), 0.3)))


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
def test_no_rows_cannot_tell(measure: Measure) -> None:
    assert np.isnan(measure(np.array([]), np.array([])))


def test_one_probability_for_all_has_no_slope() -> None:
    assert np.isnan(evaluate.calibration_slope(np.array([0.0, 1.0]), np.array([0.5, 0.5])))


def test_perfectly_separated_rows_have_no_slope() -> None:
    assert np.isnan(evaluate.calibration_slope(np.array([0.0, 1.0]), np.array([0.1, 0.9])))


def test_the_calibration_slope_agrees_with_scikit_learn() -> None:
    happened, expected = _drawn(400, slope=2.0)
    oracle = LogisticRegression(C=np.inf, tol=1e-10).fit(np.log(expected / (1 - expected))[:, None], happened)
    assert evaluate.calibration_slope(happened, expected) == pytest.approx(oracle.coef_[0, 0], abs=1e-4)


def test_lift_is_the_win_rate_at_the_top_over_that_of_all() -> None:
    happened = np.array([1, 1, 0, 0, 0, 0, 0, 0, 1, 1], dtype=np.float64)
    expected = np.linspace(1.0, 0.1, 10)
    assert lift_at(0.2)(happened, expected) == pytest.approx(2.5)


def test_rows_tied_at_the_edge_of_the_top_count_in_proportion() -> None:
    happened = np.array([1, 0, 1, 0], dtype=np.float64)
    assert lift_at(0.5)(happened, np.full(4, 0.2)) == pytest.approx(1.0)


def test_expected_wins_are_set_against_observed_ones() -> None:
    assert evaluate.expected_over_observed(np.array([1.0, 0.0]), np.array([0.9, 0.6])) == pytest.approx(1.5)
    assert np.isnan(evaluate.expected_over_observed(np.array([0.0]), np.array([0.9])))


def test_the_calibration_error_is_the_distance_from_the_diagonal() -> None:
    happened = np.tile([1.0, 0.0, 0.0, 0.0], 10)
    assert evaluate.ece(happened, np.full(40, 0.45)) == pytest.approx(0.2)


def test_bins_of_the_reliability_table_hold_the_diagonal_of_true_probabilities() -> None:
    happened, expected = _drawn(5_000, slope=1.0)
    table = reliability(happened, expected, np.arange(5_000))
    assert table["rows"].tolist() == [500] * 10
    assert ((table.low <= table.expected) & (table.expected <= table.high)).sum() >= 8


def test_repeating_every_row_of_a_customer_leaves_the_interval_as_wide() -> None:
    happened, _ = _drawn(300, slope=1.0)
    once = rate(happened, np.arange(300))
    thrice = rate(np.repeat(happened, 3), np.repeat(np.arange(300), 3))
    assert (thrice.low, thrice.high) == pytest.approx((once.low, once.high))


def test_the_rate_of_independent_rows_has_wilsons_interval() -> None:
    told = rate(np.array([1.0] + [0.0] * 9), np.arange(10))
    assert (told.value, told.low, told.high) == pytest.approx((0.1, 0.017876, 0.404150), abs=1e-5)


def test_the_rate_of_no_rows_is_unknown() -> None:
    assert np.isnan(rate(np.array([]), np.array([])).low)


def test_gain_tells_how_many_wins_the_best_tenths_hold() -> None:
    table = gain(np.array([1.0] * 2 + [0.0] * 8), np.linspace(1, 0, 10))
    assert table.share_of_wins.tolist() == [0.5] + [1.0] * 9
    assert gain(np.zeros(10), np.linspace(1, 0, 10)).share_of_wins.isna().all()


def test_an_interval_is_resampled_over_customers_not_rows() -> None:
    happened, expected = _drawn(200, slope=1.0)
    customers = np.arange(200)
    once = bootstrap(evaluate.auc, happened, expected, customers, seed=3)
    copies = (np.repeat(happened, 4), np.repeat(expected, 4), np.repeat(customers, 4))
    assert bootstrap(evaluate.auc, *copies, seed=3) == once
    assert once.low < once.value < once.high


def test_the_same_seed_gives_the_same_interval_and_another_another() -> None:
    happened, expected = _drawn(100, slope=1.0)
    told = [bootstrap(evaluate.brier, happened, expected, np.arange(100), seed=seed) for seed in (1, 1, 2)]
    assert told[0] == told[1] != told[2]


def test_the_interval_of_what_rows_cannot_tell_is_unknown() -> None:
    told = bootstrap(evaluate.auc, np.zeros(5), np.full(5, 0.1), np.arange(5))
    assert np.isnan([told.value, told.low, told.high]).all()
    assert np.isnan(bootstrap(evaluate.auc, np.array([]), np.array([]), np.array([])).low)


def test_a_paired_difference_of_equal_expectations_is_nothing() -> None:
    happened, expected = _drawn(100, slope=1.0)
    told = difference(evaluate.log_loss, happened, expected, expected, np.arange(100))
    assert (told.value, told.low, told.high) == (0.0, 0.0, 0.0)


def test_a_paired_difference_sees_what_two_intervals_would_not() -> None:
    happened, expected = _drawn(2_000, slope=1.0)
    worse = np.clip(expected * 1.3, 0, 0.99)
    told = difference(evaluate.log_loss, happened, worse, expected, np.arange(2_000))
    alone = bootstrap(evaluate.log_loss, happened, expected, np.arange(2_000))
    assert told.low > 0
    assert alone.high - alone.value > told.value


def _drawn(rows: int, *, slope: float) -> tuple[evaluate.Floats, evaluate.Floats]:
    generator = np.random.default_rng(5)
    log_odds = generator.normal(-1.5, 1.0, rows)
    truth = 1 / (1 + np.exp(-log_odds))
    happened = (generator.random(rows) < truth).astype(np.float64)
    return happened, 1 / (1 + np.exp(-log_odds / slope))


WEIGHED = st.lists(
    st.tuples(st.booleans(), st.integers(1, 9), st.integers(1, 4)), min_size=2, max_size=30
).filter(lambda rows: len({happened for happened, _, _ in rows}) == 2)


@pytest.mark.parametrize("name", [name for name in MEASURES if name != "ece"])
@given(rows=WEIGHED)
@settings(deadline=None, max_examples=40)
def test_a_row_of_weight_three_counts_as_three_rows(name: str, rows: list[tuple[bool, int, int]]) -> None:
    """But for bins of equally many rows, which a repeated row shifts."""
    happened, tenths, weights = np.array(rows, dtype=np.float64).T
    times = weights.astype(int)
    told = MEASURES[name](happened, tenths / 10, weights)
    again = MEASURES[name](happened.repeat(times), (tenths / 10).repeat(times))
    assert told == pytest.approx(again, rel=1e-6, nan_ok=True)


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
def test_weights_of_one_change_no_bit(measure: Measure) -> None:
    happened, expected = _drawn(403, slope=1.0)
    assert measure(happened, expected, np.ones(403)) == measure(happened, expected)


def test_figures_of_a_weighed_sample_are_those_of_the_rows_drawn_from() -> None:
    happened, expected = _drawn(40_000, slope=1.0)
    generator = np.random.default_rng(3)
    chances = np.where(happened > 0, 1.0, 0.2)
    kept = generator.random(len(happened)) < chances
    weights, customers = 1 / chances[kept], np.flatnonzero(kept)
    for measure in MEASURES.values():
        told = bootstrap(measure, happened[kept], expected[kept], customers, weights=weights, draws=100)
        room = (told.high - told.low) / 2 + 1e-9
        assert told.low - room < measure(happened, expected) < told.high + room
    bins = reliability(happened[kept], expected[kept], customers, weights)
    assert (bins["observed"] - bins["expected"]).abs().max() < 0.1
    shares = gain(happened[kept], expected[kept], weights)["share_of_wins"]
    assert shares.to_numpy() == pytest.approx(gain(happened, expected)["share_of_wins"].to_numpy(), abs=0.02)
