import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from models.calibrate import Calibration, Floats, calibrate, relevel, shared

ONE = Calibration((1.0,), 0.0)


def test_enough_rows_find_the_slope_and_the_level() -> None:
    margins = _margins(100_000, 1)
    happened = _happened(0.6 * margins[:, 0] - 2.0)
    found = calibrate(margins, happened, ONE)
    oracle = LogisticRegression(C=np.inf).fit(margins, happened)
    assert found.weights[0] == pytest.approx(oracle.coef_[0, 0], abs=0.01)
    assert found.level == pytest.approx(oracle.intercept_[0], abs=0.02)


def test_a_row_s_log_odds_do_not_depend_on_its_neighbours() -> None:
    # A product of matrices rounds some rows in another way, by where they stand.
    margins = _margins(10_000, 10)
    told = Calibration(tuple(0.07 * place for place in range(1, 11)), -3.0)
    whole = told.log_odds(margins)
    parts = [np.arange(start, start + 37) for start in range(0, 9_990, 37)]
    whole = whole[: 37 * len(parts)]
    assert (np.concatenate([told.log_odds(margins[rows]) for rows in parts]) == whole).all()


def test_a_margin_that_points_the_wrong_way_gets_no_weight() -> None:
    margins = _margins(20_000, 2)
    happened = _happened(margins[:, 0] - 0.5 * margins[:, 1] - 2.0)
    assert calibrate(margins, happened, Calibration((0.5, 0.5), 0.0)).weights[1] == 0.0


def test_few_purchases_stay_near_the_prior_weights() -> None:
    margins = _margins(150, 1)
    happened = _happened(-0.5 * margins[:, 0] - 3.0)
    assert 3 <= happened.sum() <= 20
    assert calibrate(margins, happened, ONE).weights[0] > 0.3


def test_a_weight_that_leaves_the_prior_takes_its_level_along() -> None:
    # Nearly everyone owns the product: the margin of fit lies high, and says little of a purchase.
    margins = 5.0 + _margins(1_000, 1)
    happened = _happened(0.3 * (margins[:, 0] - 5.0) - 0.6)
    told = expit(calibrate(margins, happened, Calibration((1.0,), -5.6)).log_odds(margins))
    assert told.sum() == pytest.approx(happened.sum(), rel=0.02)


def test_products_share_weights_that_are_equal_where_margins_are_alike() -> None:
    margin = _margins(5_000, 1)
    found = shared(np.hstack([margin, margin, margin]), _happened(margin[:, 0] - 2.0))
    assert found.weights == pytest.approx((1 / 3,) * 3, abs=0.03)
    assert found.level == pytest.approx(-2.0, abs=0.15)


def test_the_level_moves_by_observed_over_expected_shrunk_by_twenty() -> None:
    margins = np.full((100_000, 1), np.log(0.001))
    happened = np.repeat([1.0, 0.0], [300, 99_700])
    found = relevel(margins, happened, ONE)
    assert found.level == pytest.approx(np.log((300 + 20) / (100 + 20)), abs=0.01)


def test_without_one_purchase_the_level_is_finite() -> None:
    found = relevel(np.full((50, 1), -3.0), np.zeros(50), ONE)
    assert -1 < found.level < 0


@given(st.integers(0, 40), st.floats(-4, 0))
@settings(deadline=None, max_examples=30)
def test_the_level_never_overshoots_what_was_observed(wins: int, margin: float) -> None:
    happened = np.repeat([1.0, 0.0], [wins, 40 - wins])
    margins = np.full((40, 1), margin)
    before = expit(margins).sum()
    after = expit(relevel(margins, happened, ONE).log_odds(margins)).sum()
    assert min(before, wins) - 1e-3 <= after <= max(before, wins) + 1e-3


def _margins(rows: int, columns: int) -> Floats:
    return np.random.default_rng(11).normal(size=(rows, columns))


def _happened(log_odds: Floats) -> Floats:
    drawn: Floats = (np.random.default_rng(12).random(len(log_odds)) < expit(log_odds)).astype(np.float64)
    return drawn
