from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.sources.sample.timeline import AHEAD, day_number, timeline


def test_steps_run_from_one_as_of_date_to_the_next() -> None:
    steps = timeline(through=date(2026, 3, 25), months=2)
    assert steps.start == day_number(date(2026, 1, 25))
    assert steps.end == day_number(date(2026, 3, 25))
    assert [steps.days(step) for step in range(steps.steps)] == [31, 28]


def test_a_step_belongs_to_the_month_that_holds_most_of_it() -> None:
    steps = timeline(through=date(2026, 3, 25), months=2)
    assert [steps.month(step) for step in range(3)] == [2, 3, 4]


@pytest.mark.parametrize(
    ("as_of", "shares"),
    [
        (date(2026, 7, 25), [(0, 1.0), (1, 1.0), (2, 28 / 30)]),
        (date(2026, 1, 25), [(0, 1.0), (1, 1.0), (2, 1.0)]),
        (date(2026, 2, 25), [(0, 1.0), (1, 1.0), (2, 1.0), (3, 1 / 31)]),
    ],
)
def test_a_window_of_90_days_takes_its_share_of_every_step(
    as_of: date, shares: list[tuple[int, float]]
) -> None:
    assert timeline(through=as_of, months=0).window(0) == tuple(shares)


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)))
def test_a_window_is_always_90_days_of_steps_that_follow_each_other(as_of: date) -> None:
    steps = timeline(through=as_of, months=0)
    window = steps.window(0)
    assert sum(share * steps.days(step) for step, share in window) == pytest.approx(90)
    assert [step for step, _ in window] == list(range(len(window)))
    assert len(window) <= AHEAD
