"""The instant at which something was published: written in one of the forms machines write, or none."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
"""Before it companies published nothing on the web."""
AHEAD = timedelta(hours=26)
"""A site may be this far ahead of UTC, its clock a little wrong included; what is later is no date."""
_SHAPES = ("%Y/%m/%d", "%Y.%m.%d", "%Y/%m/%d %H:%M:%S", "%B %d, %Y", "%d %B %Y", "%b %d, %Y", "%d %b %Y")
_IN_PATH = re.compile(r"[/_-](?P<year>(?:19|20)\d\d)[/_-](?P<month>\d\d?)[/_-](?P<day>\d\d?)(?=[/_.-]|$)")
_LONGEST = 64


def moment(text: str, *, by: datetime) -> datetime | None:
    """Return the instant (UTC) that a text tells, or None where it tells none that can be true `by` then.

    Read are ISO 8601, RFC 2822 and dates whose order of day and month is beyond doubt; without a zone they
    are taken for UTC. A date up to a day ahead, as east of here, is `by` itself.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    found = _read(text)
    return None if found is None else believable(found, by=by)


def moment_in(path: str, *, by: datetime) -> datetime | None:
    """Return the day that the path of an address names, such as `/2026/11/05/`, as its first instant."""
    found = _IN_PATH.search(path)
    if found is None:
        return None
    try:
        day = datetime(int(found["year"]), int(found["month"]), int(found["day"]), tzinfo=UTC)
    except ValueError:
        return None
    return believable(day, by=by)


def believable(found: datetime, *, by: datetime) -> datetime | None:
    """Return an instant in UTC, at the latest `by`; None where it is too early or too late to be true."""
    try:
        instant = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    if not EARLIEST <= instant <= by + AHEAD:
        return None
    return min(instant, by)


def _read(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        pass
    for shape in _SHAPES:
        try:
            return datetime.strptime(text, shape)  # noqa: DTZ007 -- its zone is given to it above
        except ValueError:
            continue
    return None
