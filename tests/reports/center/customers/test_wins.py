from itertools import combinations, product

import numpy as np
import pytest

from reports.center.customers.wins import (
    Chances,
    Interval,
    distribution,
    distribution_at_random,
    wins,
    wins_at_random,
)


def brute_force(chances: Chances) -> Chances:
    found = np.zeros(len(chances) + 1)
    for outcome in product([0, 1], repeat=len(chances)):
        found[sum(outcome)] += np.prod(np.where(outcome, chances, 1 - chances))
    return found


CHANCES = np.array([0.9, 0.5, 0.25, 0.03, 0.0, 1.0])


def test_wins_are_distributed_as_all_outcomes_counted_one_by_one_say() -> None:
    assert distribution(CHANCES) == pytest.approx(brute_force(CHANCES), abs=1e-12)


@pytest.mark.parametrize("size", [0, 1, 3, 6])
def test_a_random_list_is_distributed_as_all_lists_of_its_size_together(size: int) -> None:
    every = [brute_force(CHANCES[list(drawn)]) for drawn in combinations(range(len(CHANCES)), size)]
    assert distribution_at_random(CHANCES, size) == pytest.approx(np.mean(every, axis=0), abs=1e-12)


def test_many_customers_are_convolved_to_the_binomial_they_are() -> None:
    from scipy.stats import binom

    even = np.full(3000, 0.04)
    assert distribution(even) == pytest.approx(binom.pmf(np.arange(3001), 3000, 0.04), abs=1e-12)


def test_an_interval_leaves_no_more_than_its_tails_outside() -> None:
    chances = np.linspace(0.01, 0.6, 40)
    told, exact = wins(chances), distribution(chances)
    for interval, tail in ((told.in_80, 0.1), (told.in_95, 0.025)):
        assert exact[: interval.low].sum() <= tail < exact[: interval.low + 1].sum()
        assert exact[interval.high + 1 :].sum() <= tail < exact[interval.high :].sum()


def test_expected_wins_are_the_sum_of_the_probabilities() -> None:
    assert wins(CHANCES).expected == pytest.approx(CHANCES.sum())
    assert wins_at_random(CHANCES, 2).expected == pytest.approx(2 * CHANCES.mean())


def test_what_is_certain_has_no_width() -> None:
    assert wins(np.array([1.0, 1.0, 0.0])).in_95 == Interval(low=2, high=2)


def test_an_empty_list_wins_nothing() -> None:
    assert wins(np.array([])).in_95 == Interval(low=0, high=0)
    assert wins_at_random(np.array([]), 0).expected == 0
