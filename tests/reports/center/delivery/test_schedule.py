from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reports.center.delivery.schedule import FEWEST_HOURS, MOST_HOURS, newest_due, next_due

START = datetime(2026, 10, 28, 12, tzinfo=UTC)


def test_a_report_is_due_at_its_start_and_then_every_so_many_hours() -> None:
    table = [
        # hours after the start, newest due, next due
        (-0.01, None, 0),
        (0, 0, 6),
        (5.99, 0, 6),
        (6, 6, 12),
        (100, 96, 102),
    ]
    for after, newest, following in table:
        now = START + timedelta(hours=after)
        assert newest_due(START, 6, now) == (None if newest is None else START + timedelta(hours=newest))
        assert next_due(START, 6, now) == START + timedelta(hours=following)


def test_what_is_made_once_is_due_once() -> None:
    later = START + timedelta(days=9)
    assert (newest_due(START, None, later), next_due(START, None, later)) == (START, None)


@given(st.integers(FEWEST_HOURS, MOST_HOURS), st.timedeltas(timedelta(0), timedelta(days=4000)))
def test_now_lies_between_the_newest_instant_and_the_next(hours: int, after: timedelta) -> None:
    now = START + after
    newest, following = newest_due(START, hours, now), next_due(START, hours, now)
    assert newest is not None
    assert following is not None
    assert newest <= now < following
    assert following - newest == timedelta(hours=hours)
    assert (newest - START) % timedelta(hours=hours) == timedelta(0)
