from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.sources.web.dates import EARLIEST, moment, moment_in
from tests.features.sources.web.answers import NOW


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-05", datetime(2026, 11, 5, tzinfo=UTC)),
        ("2026-11-05T10:00:00+03:00", datetime(2026, 11, 5, 7, tzinfo=UTC)),
        ("2026-11-05T10:00:00Z", datetime(2026, 11, 5, 10, tzinfo=UTC)),
        ("2026-11-05 10:00", datetime(2026, 11, 5, 10, tzinfo=UTC)),
        (" Thu, 05 Nov 2026 10:00:00 GMT ", datetime(2026, 11, 5, 10, tzinfo=UTC)),
        ("Thu, 05 Nov 2026 10:00:00 -0500", datetime(2026, 11, 5, 15, tzinfo=UTC)),
        ("2026/11/05", datetime(2026, 11, 5, tzinfo=UTC)),
        ("November 5, 2026", datetime(2026, 11, 5, tzinfo=UTC)),
        ("5 Nov 2026", datetime(2026, 11, 5, tzinfo=UTC)),
    ],
)
def test_a_date_is_read_as_machines_write_it(text: str, instant: datetime) -> None:
    assert moment(text, by=NOW) == instant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "05/11/2026",
        "2026-13-05",
        "0001-01-01",
        "1970-01-01T00:00:00Z",
        "2031-01-01",
        "9999-12-31T23:59:59-12:00",
        "0000-00-00",
        "Thu, 99 Nov 2026 10:00:00 GMT",
        "2026-11-05" + " " * 70 + "x",
    ],
)
def test_an_absurd_future_or_doubtful_date_is_none(text: str) -> None:
    assert moment(text, by=NOW) is None


def test_tomorrow_east_of_here_is_now() -> None:
    assert moment("2026-11-29T02:00:00+14:00", by=NOW) == NOW
    assert moment("2026-11-29", by=NOW) == NOW
    assert moment("2026-11-30", by=NOW) is None


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/news/2026/11/05/we-move", "2026-11-05"),
        ("/blog/2026-11-05-we-move.html", "2026-11-05"),
        ("/2026/1/5/", "2026-01-05"),
        ("/news/2026/13/05/", None),
        ("/news/2031/01/05/", None),
        ("/item-12026-11-05", None),
        ("/2026/11/", None),
        ("/2026/11/051/", None),
    ],
)
def test_a_day_is_read_from_the_path_of_an_address(path: str, day: str | None) -> None:
    found = moment_in(path, by=NOW)
    assert (found and found.date().isoformat()) == day


@given(st.text(max_size=80))
def test_whatever_is_written_an_instant_lies_between_the_beginning_of_the_web_and_now(text: str) -> None:
    found = moment(text, by=NOW)
    assert found is None or EARLIEST <= found <= NOW


@given(
    st.integers(0, 30 * 365 * 86_400).map(lambda seconds: EARLIEST + timedelta(seconds=seconds)),
    st.integers(-11, 11),
)
def test_an_instant_written_in_any_zone_is_read_again(instant: datetime, hours: int) -> None:
    local = instant.astimezone(timezone(timedelta(hours=hours)))
    assert moment(local.isoformat(), by=NOW) == instant
