from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.errors import NotEnoughData
from features.periods import HORIZON
from models.splits import newest_closed, purchase_lag, revenue_dates, split, thinned, training_dates
from tests.worlds import world

WEEK = timedelta(days=7)
CUT = date(2026, 10, 25)


def test_the_newest_training_date_has_a_closed_window() -> None:
    dates = training_dates(CUT, lag=WEEK, first_on=date(2020, 1, 1))
    assert dates[-1] == date(2026, 6, 25)
    assert dates[0] == date(2025, 7, 25)
    assert len(dates) == 12


def test_a_date_without_three_months_of_history_does_not_train() -> None:
    dates = training_dates(CUT, lag=WEEK, first_on=date(2026, 1, 26))
    assert dates == (date(2026, 5, 25), date(2026, 6, 25))


def test_too_short_a_history_is_told() -> None:
    told = "first record .2026-04-01. whose 90 days were over and known by 2026-10-25; the newest closed"
    with pytest.raises(NotEnoughData, match=told):
        training_dates(CUT, lag=WEEK, first_on=date(2026, 4, 1))


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 60))
def test_no_window_reaches_beyond_the_cut_and_the_next_one_would(cut: date, days: int) -> None:
    lag = timedelta(days=days)
    closed = newest_closed(cut, lag=lag)
    assert closed + HORIZON + lag <= cut
    assert closed + timedelta(days=32) + HORIZON + lag > cut


def test_the_judge_is_the_newest_and_no_earlier_window_reaches_it() -> None:
    told = split(training_dates(CUT, lag=WEEK, first_on=date(2020, 1, 1)), lag=WEEK)
    assert told.judge == date(2026, 6, 25)
    assert told.earlier[-1] == date(2026, 2, 25)
    assert len(told.earlier) == 8


def test_thinning_keeps_the_year_and_the_newest_date() -> None:
    dates = training_dates(CUT, lag=WEEK, first_on=date(2020, 1, 1))
    assert thinned(dates) == dates[1::2]
    assert thinned(dates[:1]) == dates[:1]


def test_revenue_looks_a_year_further_back() -> None:
    assert revenue_dates(date(2025, 7, 25), first_on=date(2024, 9, 1)) == (
        date(2025, 1, 25),
        date(2025, 4, 25),
    )


def test_a_window_waits_for_the_slowest_of_its_tables(tmp_path: Path) -> None:
    assert purchase_lag(world(tmp_path, accounts=[], opportunities=[])) == WEEK
