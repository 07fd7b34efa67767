import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.scale import points


@pytest.mark.parametrize(
    ("ratio", "told"),
    [(1 / 1000, 0), (1 / 20, 0), (1 / 2, 30), (1, 46), (3 / 2, 55), (3, 75), (20, 100), (1000, 100)],
)
def test_odds_against_the_average_customer_are_worth_their_points(ratio: float, told: int) -> None:
    base = -3.2
    assert points(np.array([base + np.log(ratio)]), base).tolist() == [told]


def test_halves_are_rounded_up() -> None:
    half = np.log(3) + (np.log(20) - np.log(3)) * (0.5 / 25)
    assert points(np.array([half]), 0.0).tolist() == [76]


@given(st.lists(st.floats(-20, 20), min_size=1), st.floats(-6, 0))
def test_higher_log_odds_never_have_fewer_points(log_odds: list[float], base: float) -> None:
    told = points(np.sort(np.array(log_odds)), base)
    assert (np.diff(told) >= 0).all()
    assert told.min() >= 0
    assert told.max() <= 100


def test_unknown_log_odds_are_refused() -> None:
    with pytest.raises(ValueError, match="1 log-odds are not finite"):
        points(np.array([0.0, np.nan]), 0.0)
