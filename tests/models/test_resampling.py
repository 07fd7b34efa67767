"""Measures with intervals over customers, by weights."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import evaluate
from models.evaluate import Floats
from models.resampling import Draws, interval, lift, odds_ratio

MEASURED = ("auc", "pr_auc", "lift_at_10", "calibration_slope")


def sample(
    rows: int, seed: int, levels: int = 1000
) -> tuple[Floats, Floats, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    generator = np.random.default_rng(seed)
    expected = np.ceil(generator.random(rows) * levels) / (levels + 1) * 0.4
    return (
        (generator.random(rows) < expected).astype(float),
        expected,
        generator.integers(rows // 2, size=rows),
    )


def drawn(draws: Draws, measure: str, happened: Floats, expected: Floats) -> Floats:
    if measure == "calibration_slope":
        return draws.calibration_slope(happened, expected)
    values: Floats = getattr(draws.ranking(happened, expected), measure)
    return values


@pytest.mark.parametrize("measure", MEASURED)
@pytest.mark.parametrize("levels", [1000, 3])
def test_the_first_draw_is_the_measure_of_the_rows_as_they_are(measure: str, levels: int) -> None:
    happened, expected, customers = sample(500, seed=1, levels=levels)
    told = drawn(Draws(customers, draws=1), measure, happened, expected)[0]
    assert told == pytest.approx(evaluate.MEASURES[measure](happened, expected), abs=1e-6)


@pytest.mark.parametrize("measure", MEASURED)
def test_intervals_agree_with_copying_the_rows_of_drawn_customers(measure: str) -> None:
    happened, expected, customers = sample(3000, seed=2)
    told = interval(drawn(Draws(customers, draws=400), measure, happened, expected))
    slow = evaluate.bootstrap(evaluate.MEASURES[measure], happened, expected, customers, draws=400, seed=3)
    width = slow.high - slow.low
    assert told.low == pytest.approx(slow.low, abs=width / 5)
    assert told.high == pytest.approx(slow.high, abs=width / 5)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4), st.integers(0, 3)), max_size=12))
def test_rows_of_any_kind_give_what_evaluate_gives(rows: list[tuple[bool, int, int]]) -> None:
    happened = np.array([float(h) for h, _, _ in rows])
    expected = np.array([0.1 + e / 10 for _, e, _ in rows])
    ranking = Draws(np.array([c for *_, c in rows]), draws=2).ranking(happened, expected)
    assert ranking.auc[0] == pytest.approx(evaluate.auc(happened, expected), nan_ok=True)
    assert ranking.pr_auc[0] == pytest.approx(evaluate.pr_auc(happened, expected), nan_ok=True)
    if rows:
        assert ranking.lift_at_10[0] == pytest.approx(evaluate.lift_at_10(happened, expected), nan_ok=True)


def test_rows_of_one_customer_weigh_together() -> None:
    # With one customer every resample is the whole: no spread, however many rows.
    happened, expected, customers = sample(100, seed=4)
    told = interval(Draws(np.zeros_like(customers), draws=20).ranking(happened, expected).auc)
    assert told.low == told.high == pytest.approx(told.value)


def test_a_difference_of_draws_is_paired() -> None:
    happened, expected, customers = sample(400, seed=5)
    draws = Draws(customers, draws=50)
    same = draws.ranking(happened, expected).auc - draws.ranking(happened, expected * 0.5).auc
    assert same == pytest.approx(np.zeros(51), abs=1e-6)


def test_blocks_of_draws_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    happened, expected, customers = sample(200, seed=6)
    whole = Draws(customers, draws=20).ranking(happened, expected).auc
    monkeypatch.setattr("models.resampling.CELLS_AT_ONCE", 1)
    assert np.array_equal(Draws(customers, draws=20).ranking(happened, expected).auc, whole)


def test_lift_and_odds_ratio_compare_a_group_with_all() -> None:
    wins, rows, all_wins, all_rows = (np.array([float(n)]) for n in (3, 6, 10, 100))
    assert lift(wins, rows, all_wins, all_rows) == pytest.approx(5.0)
    assert odds_ratio(wins, rows, all_wins, all_rows) == pytest.approx(9.0)


def test_a_group_without_rows_has_no_lift() -> None:
    nothing, some = np.array([0.0]), np.array([10.0])
    assert np.isnan(lift(nothing, nothing, some, some * 2))
