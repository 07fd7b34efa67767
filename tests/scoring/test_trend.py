"""Where a customer is heading."""

import math

import numpy as np
import pytest

from scoring.trend import trends


@pytest.mark.parametrize(
    ("odds", "expected"),
    [(1.51, "Improving"), (1.49, "Steady"), (1 / 1.49, "Steady"), (1 / 1.51, "Declining")],
)
def test_only_a_factor_of_one_and_a_half_is_a_move(odds: float, expected: str) -> None:
    assert list(trends(np.array([-3.0 + math.log(odds)]), np.array([-3.0]))) == [expected]


def test_a_customer_without_a_last_month_is_new() -> None:
    assert list(trends(np.array([1.0, 1.0]), np.array([np.nan, 1.0]))) == ["New", "Steady"]
