"""Written dates in, written dates out: where windows, quarters and horizons begin and end."""

from datetime import date, timedelta

import duckdb
import pytest

from features.errors import CallRefused
from features.periods import (
    EVER,
    LATEST,
    NOW,
    Window,
    as_of,
    between,
    is_closed,
    last,
    month_of,
    month_start,
    months_before,
    quarter_as_of,
)


def holds(window: Window, happened: str, when: str, *, ended_on: str = "NULL") -> bool:
    """Ask DuckDB, because the window is SQL."""
    rule = window.holds(f"TIMESTAMP '{happened}'", f"CAST({ended_on} AS DATE)", f"DATE '{when}'")
    with duckdb.connect() as engine:
        row = engine.execute(f"SELECT {rule}").fetchone()
    assert row is not None
    return bool(row[0])


@pytest.mark.parametrize(
    ("window", "when", "first_day", "first_day_after"),
    [
        (last(1), "2024-03-01", "2024-02-29", "2024-03-01"),
        (last(30), "2024-03-25", "2024-02-24", "2024-03-25"),
        (last(30), "2023-03-25", "2023-02-23", "2023-03-25"),
        (last(90), "2026-01-25", "2025-10-27", "2026-01-25"),
        (last(365), "2024-12-31", "2024-01-01", "2024-12-31"),
        (last(365), "2025-01-25", "2024-01-26", "2025-01-25"),
        (between(60, 30), "2024-03-25", "2024-01-25", "2024-02-24"),
        (between(60, 30), "2025-01-15", "2024-11-16", "2024-12-16"),
        (between(124, 62), "2024-03-01", "2023-10-29", "2023-12-30"),
    ],
)
def test_a_window_holds_its_first_day_and_not_the_day_after_its_last(
    window: Window, when: str, first_day: str, first_day_after: str
) -> None:
    before = date.fromisoformat(first_day) - timedelta(1)
    assert not holds(window, f"{before} 23:59:59.999999", when)
    assert holds(window, f"{first_day} 00:00:00", when)
    last_day = date.fromisoformat(first_day_after) - timedelta(1)
    assert holds(window, f"{last_day} 23:59:59.999999", when)
    # Nothing that happened at the as-of instant is known before it, so `last` needs no upper edge.
    assert holds(window, f"{first_day_after} 00:00:00", when) is (first_day_after == when)


def test_two_windows_side_by_side_share_no_day_and_lose_none() -> None:
    newer, older = (window.holds("day", None, "DATE '2024-04-30'") for window in (last(30), between(60, 30)))
    days = "generate_series(DATE '2023-04-30', DATE '2024-04-29', INTERVAL 1 DAY) days(day)"
    with duckdb.connect() as engine:
        counts = engine.execute(
            f"SELECT count_if({newer}), count_if({older}), count_if({newer} AND {older}) FROM {days}"
        ).fetchone()
    assert counts == (30, 30, 0)


@pytest.mark.parametrize("window", [EVER, LATEST])
def test_ever_holds_whatever_happened(window: Window) -> None:
    assert holds(window, "1970-01-01", "2024-03-25", ended_on="DATE '1970-01-02'")


@pytest.mark.parametrize(
    ("ended_on", "lasts"), [("2024-03-24", False), ("2024-03-25", False), ("2024-03-26", True), (None, True)]
)
def test_what_lasts_now_has_no_first_day_without_it_up_to_the_as_of_date(
    ended_on: str | None, lasts: bool
) -> None:
    end = "NULL" if ended_on is None else f"DATE '{ended_on}'"
    assert holds(NOW, "2023-01-01", "2024-03-25", ended_on=end) is lasts


def test_a_table_whose_rows_never_end_lasts() -> None:
    assert NOW.holds("happened_at", None, "as_of") == "TRUE"


@pytest.mark.parametrize(
    ("window", "suffix"), [(last(30), "_30d"), (between(60, 30), "_30_60d"), (EVER, ""), (NOW, "_now")]
)
def test_a_window_ends_the_name_of_its_features(window: Window, suffix: str) -> None:
    assert window.suffix == suffix


def test_a_month_stands_on_its_publish_day() -> None:
    assert as_of("2026-10") == date(2026, 10, 25)
    assert as_of("2024-02", day=1) == date(2024, 2, 1)


@pytest.mark.parametrize(
    "month", ["2026-13", "2026", "october", "2026-10-25", "", "2026-1x", "2026-1", "02026-10", "2026-00"]
)
def test_what_is_no_month_is_refused_with_an_example(month: str) -> None:
    with pytest.raises(CallRefused, match="A month is written like 2026-10; got '" + month):
        month_start(month)


@pytest.mark.parametrize(
    ("when", "months", "then"),
    [
        ("2026-10-25", 0, "2026-10-25"),
        ("2026-10-25", 1, "2026-09-25"),
        ("2026-01-25", 1, "2025-12-25"),
        ("2026-10-25", 12, "2025-10-25"),
        ("2025-02-25", 13, "2024-01-25"),
        ("2025-12-25", -1, "2026-01-25"),
        ("2024-03-31", 1, "2024-02-28"),
        ("2024-02-29", 12, "2023-02-28"),
    ],
)
def test_months_before_is_the_same_day_and_the_28th_at_most(when: str, months: int, then: str) -> None:
    assert months_before(date.fromisoformat(when), months) == date.fromisoformat(then)


@pytest.mark.parametrize(
    ("when", "quarter"),
    [
        ("2026-01-25", "2026-01-25"),
        ("2026-02-25", "2026-01-25"),
        ("2026-03-25", "2026-01-25"),
        ("2026-04-25", "2026-04-25"),
        ("2026-09-25", "2026-07-25"),
        ("2026-12-25", "2026-10-25"),
    ],
)
def test_a_quarter_begins_in_january_april_july_and_october(when: str, quarter: str) -> None:
    assert quarter_as_of(date.fromisoformat(when)) == date.fromisoformat(quarter)


def test_a_month_is_written_with_two_digits() -> None:
    assert month_of(date(2026, 3, 25)) == "2026-03"
    assert month_start(month_of(date(2026, 3, 25))) == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("seen_through", "closed"), [("2026-04-24", False), ("2026-05-01", False), ("2026-05-02", True)]
)
def test_a_window_is_closed_ninety_days_and_the_lag_after_its_date(seen_through: str, closed: bool) -> None:
    seen = date.fromisoformat(seen_through)
    assert is_closed(date(2026, 1, 25), lag=timedelta(7), seen_through=seen) is closed
