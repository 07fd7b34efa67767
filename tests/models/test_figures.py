from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from models.evaluate import MEASURES, bootstrap, expected_over_observed
from models.figures import Drift, Figures, Rehearsal, drifted, judge


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


def drift(*, wins: int, expected: float) -> Drift:
    """Of a thousand customers, with as many wins expected in all."""
    return rehearsal(wins=wins, expected=expected / 1000).drift


@pytest.mark.parametrize(
    ("wins", "expected", "has"),
    [
        (100, 100, False),
        (100, 200, True),
        (200, 100, True),
        (5, 7, False),
        (5, 20, True),
        (75, 45, True),
        (0, 5, False),
        (0, 12, True),
    ],
)
def test_wins_far_from_the_expected_ones_are_drift(wins: int, expected: float, has: bool) -> None:
    assert drifted({"Azure": drift(wins=wins, expected=expected)}) == (("Azure",) if has else ())


@pytest.mark.parametrize(("models", "found"), [(1, True), (3, True), (6, False), (14, False)])
def test_what_is_drift_of_one_model_may_be_chance_among_many(models: int, found: bool) -> None:
    # 75 wins where 45 were expected: the interval begins at 1.34, among fourteen models at 1.21.
    judged = {f"as expected {number}": drift(wins=45, expected=45) for number in range(1, models)}
    judged["flooded"] = drift(wins=75, expected=45)
    assert drifted(judged) == (("flooded",) if found else ())


def test_every_model_that_missed_is_named_however_many_were_judged() -> None:
    judged = {f"as expected {number}": drift(wins=45, expected=45) for number in range(12)}
    both = {"dried up": drift(wins=30, expected=100), "flooded": drift(wins=200, expected=100)}
    assert drifted({**judged, **both}) == ("dried up", "flooded")


def test_where_no_model_was_judged_there_is_no_drift() -> None:
    assert drifted({}) == ()


def test_chance_alone_speaks_up_in_one_month_of_twenty_at_most() -> None:
    """Every model of 2,000 months stands on the upper bound itself: 50 wins where 40 are due."""
    generator = np.random.default_rng(9)
    spoken = 0
    for _ in range(2000):
        wins = generator.binomial(1000, 0.05, size=14)
        drifts = {
            str(number): Drift(count / 40, (1 / count - 1 / 1000) ** 0.5) for number, count in enumerate(wins)
        }
        spoken += bool(drifted(drifts))
    assert 0 < spoken <= 0.05 * 2000


def test_drift_is_observed_over_expected_with_the_error_of_its_logarithm() -> None:
    told = drift(wins=100, expected=200)
    assert told.ratio == pytest.approx(0.5)
    # With the same expectation of all: 100 wins less the spread of a share, 1 / 100 - 1 / 1000.
    assert told.log_error == pytest.approx(0.009**0.5)
    assert told.interval().low == pytest.approx(0.5 * np.exp(-1.96 * told.log_error), rel=1e-4)


def test_the_error_of_drift_agrees_with_redrawing_customers() -> None:
    generator = np.random.default_rng(3)
    expected = generator.beta(1, 12, 1500)
    accounts = np.array([f"c{number % 600}" for number in range(1500)])
    told = Rehearsal(date(2026, 6, 25), accounts, (generator.random(1500) < expected).astype(float), expected)
    drawn = bootstrap(expected_over_observed, told.happened, told.expected, told.accounts, draws=2000)
    found = told.drift
    assert found.interval().low == pytest.approx(1 / drawn.high, rel=0.03)
    assert found.interval().high == pytest.approx(1 / drawn.low, rel=0.03)


def test_without_a_rehearsal_nothing_is_judged() -> None:
    assert figures(None).judged is None
    assert figures(None).drift is None


def test_a_silence_is_measured_without_failing_and_is_drift_where_a_hundred_wins_were_expected() -> None:
    judged = judge(rehearsal(wins=0, expected=0.1), seed=0)
    assert judged is not None
    assert set(judged.measures) == set(MEASURES)
    assert drifted({"Azure": judged.rehearsal.drift}) == ("Azure",)


@pytest.mark.parametrize(("wins", "can"), [(39, False), (40, True)])
def test_forty_customers_who_bought_are_evidence(wins: int, can: bool) -> None:
    assert rehearsal(wins=wins, expected=0.1).can_judge is can


def test_the_orders_of_one_customer_are_one_outcome() -> None:
    told = rehearsal(wins=60, expected=0.1)
    assert not Rehearsal(told.as_of, np.full(1000, "c"), told.happened, told.expected).can_judge


def test_drift_of_a_weighed_rehearsal_is_that_of_the_rows_drawn_from() -> None:
    told = rehearsal(wins=100, expected=0.08)
    weights = np.where(told.happened > 0, 1.0, 4.0)
    times = weights.astype(int)
    weighed = replace(told, weights=weights).drift
    names = told.accounts.repeat(times)
    whole = Rehearsal(told.as_of, names, told.happened.repeat(times), told.expected.repeat(times)).drift
    assert weighed.ratio == pytest.approx(whole.ratio)
    assert weighed.log_error == pytest.approx(whole.log_error)
