from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.licenses import WEEKS, calendar
from features.periods import completed_weeks
from features.sources.known import known_rows, known_spans
from features.sources.license_tables import SUBSCRIPTIONS
from features.sources.world import connect
from tests.reports.licenses.written import licensed


@pytest.mark.parametrize(
    ("when", "last"),
    [
        (date(2026, 10, 25), date(2026, 10, 18)),  # a Sunday completes the week before it
        (date(2026, 10, 26), date(2026, 10, 18)),
        (date(2026, 10, 31), date(2026, 10, 18)),
        (date(2026, 11, 1), date(2026, 10, 25)),
        (date(2026, 1, 1), date(2025, 12, 21)),  # over the end of a year
        (date(2024, 3, 3), date(2024, 2, 25)),  # over a leap day
        (date(2026, 3, 30), date(2026, 3, 22)),  # over a change of clocks
    ],
)
def test_the_last_completed_week_begins_on_a_sunday(when: date, last: date) -> None:
    assert completed_weeks(when, 1) == (last,)


@given(when=st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_weeks_are_sundays_seven_days_apart_and_all_are_over(when: date) -> None:
    run = calendar(when)
    assert len(run.starts) == WEEKS
    assert {start.weekday() for start in run.starts} == {6}
    assert timedelta(0) <= when - run.ends[0] < timedelta(days=7)
    assert run.starts[:-1] == run.ends[1:]


DAYS = tuple(date(2026, 1, 1) + timedelta(days=day) for day in range(6))


@settings(max_examples=20, deadline=None)
@given(known=st.lists(st.sampled_from(DAYS), min_size=1, max_size=4, unique=True), when=st.sampled_from(DAYS))
def test_a_span_of_knowledge_holds_what_known_rows_gives(
    known: list[date], when: date, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rows = [{"subscription_id": "s", "added_on": day} for day in known]
    world = licensed(tmp_path_factory.mktemp("spans") / "world", subscriptions=rows)
    with connect() as engine:
        at = engine.execute(f"SELECT known_on FROM {known_rows(world, SUBSCRIPTIONS, [when])}").fetchall()
        spans = engine.execute(
            f"SELECT known_on FROM {known_spans(world, SUBSCRIPTIONS)}"
            " WHERE known_from < $when AND (known_until IS NULL OR known_until >= $when)",
            {"when": when},
        ).fetchall()
    assert spans == at
