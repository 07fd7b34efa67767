"""The 0-100 scale: points on calibrated log-odds, told against the odds of the average customer."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ANCHORS = ((1 / 20, 0), (1 / 2, 30), (3 / 2, 55), (3, 75), (20, 100))
"""Odds against the average customer's, and the points they are worth."""
_LOG_RATIOS = np.log([ratio for ratio, _ in ANCHORS])
_POINTS = np.array([points for _, points in ANCHORS], dtype=np.float64)


def points(log_odds: Floats, base: float) -> NDArray[np.int64]:
    """Tell log-odds as 0-100 points against the base log-odds of the average customer.

    Linear in log-odds between the anchors, clipped at both ends, rounded half up. Unknown log-odds are a
    bug of the caller: a customer without a score has no points.
    """
    if not np.isfinite(log_odds).all():
        raise ValueError(f"{np.count_nonzero(~np.isfinite(log_odds))} log-odds are not finite")
    exact = np.interp(log_odds - base, _LOG_RATIOS, _POINTS)
    # An anchor met exactly may come out a rounding error below its points.
    rounded: NDArray[np.int64] = np.floor(exact + 0.5 + 1e-9).astype(np.int64)
    return rounded
