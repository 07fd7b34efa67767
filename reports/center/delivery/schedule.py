"""When a report is due: at its start, and then every so many hours."""

from datetime import datetime, timedelta

FEWEST_HOURS, MOST_HOURS = 4, 2160
"""Between two makings of a report."""
AHEAD = timedelta(hours=4)
"""How far ahead a schedule begins at the earliest."""


def newest_due(start_at: datetime, interval_hours: int | None, now: datetime) -> datetime | None:
    """Return the newest instant up to now at which a report is due; None before its start.

    What was missed before it stays missed: a file of last week tells nothing that the newest one does not.
    """
    if now < start_at:
        return None
    if interval_hours is None:
        return start_at
    interval = timedelta(hours=interval_hours)
    return start_at + (now - start_at) // interval * interval


def next_due(start_at: datetime, interval_hours: int | None, now: datetime) -> datetime | None:
    """Return the first instant after now at which a report is due; None where there is none."""
    newest = newest_due(start_at, interval_hours, now)
    if newest is None:
        return start_at
    return None if interval_hours is None else newest + timedelta(hours=interval_hours)
