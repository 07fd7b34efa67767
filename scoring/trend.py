"""Where a customer is heading: this month's purchase log-odds against last month's, under one model."""

import math

import numpy as np
from numpy.typing import NDArray

IMPROVING = "Improving"
STEADY = "Steady"
DECLINING = "Declining"
NEW = "New"
TRENDS = (IMPROVING, STEADY, DECLINING, NEW)

STEP = math.log(1.5)
"""Odds must change by more than this factor, told as log-odds, before a customer counts as moving."""


def trends(now: NDArray[np.float64], before: NDArray[np.float64]) -> NDArray[np.object_]:
    """Return a trend a row; `before` is NaN for a customer who was not scored a month ago."""
    change = now - before
    moved = np.where(change > STEP, IMPROVING, np.where(change < -STEP, DECLINING, STEADY))
    return np.where(np.isnan(before), NEW, moved).astype(object)
