from datetime import date

import numpy as np
import pytest

from models.evaluate import MEASURES
from models.figures import Figures, Rehearsal, judge


def rehearsal(*, wins: int, expected: float, customers: int = 1000) -> Rehearsal:
    happened = np.repeat([1.0, 0.0], [wins, customers - wins])
    accounts = np.array([f"c{number}" for number in range(customers)])
    return Rehearsal(date(2026, 6, 25), accounts, happened, np.full(customers, expected))


def figures(told: Rehearsal | None) -> Figures:
    return Figures(
        product="Azure",
        purchases=100,
        rows=1000,
        base_rate=0.1,
        own_weight=0.5,
        trees={},
        importance={},
        judged=judge(told, seed=0),
    )


@pytest.mark.parametrize(
    ("wins", "expected", "needs"), [(100, 0.1, False), (100, 0.2, True), (200, 0.1, True), (5, 0.007, False)]
)
def test_wins_far_from_the_expected_ones_need_a_decision(wins: int, expected: float, needs: bool) -> None:
    assert figures(rehearsal(wins=wins, expected=expected)).needs_accept is needs


def test_drift_is_observed_over_expected() -> None:
    judged = judge(rehearsal(wins=100, expected=0.2), seed=0)
    assert judged is not None
    assert judged.drift.value == pytest.approx(0.5)
    assert judged.drift.low < 0.5 < judged.drift.high


def test_without_a_rehearsal_nothing_is_judged() -> None:
    assert figures(None).judged is None
    assert not figures(None).needs_accept


def test_without_a_win_nothing_is_told_and_nothing_fails() -> None:
    judged = judge(rehearsal(wins=0, expected=0.1), seed=0)
    assert judged is not None
    assert set(judged.measures) == set(MEASURES)
    assert np.isnan(judged.drift.value)


@pytest.mark.parametrize(("wins", "can"), [(39, False), (40, True)])
def test_forty_customers_who_bought_are_evidence(wins: int, can: bool) -> None:
    assert rehearsal(wins=wins, expected=0.1).can_judge is can


def test_the_orders_of_one_customer_are_one_outcome() -> None:
    told = rehearsal(wins=60, expected=0.1)
    assert not Rehearsal(told.as_of, np.full(1000, "c"), told.happened, told.expected).can_judge
