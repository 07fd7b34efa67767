"""As-of dates, windows and horizons: where a period begins and where it ends."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from features.errors import CallRefused

HORIZON = timedelta(days=90)
"""A purchase counts when it falls into `[as-of, as-of + HORIZON)`."""
PUBLISH_DAY = 25
MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Window:
    """The days `[as-of - first, as-of - last)`; without `first` all days before `as-of - last`."""

    suffix: str
    first: int | None = None
    last: int = 0
    current: bool = False
    """Only rows that have not ended by the as-of date."""

    def holds(self, happened: str, ended_on: str | None, as_of: str) -> str:
        """SQL: the row lies in the window before the date `as_of` (a SQL expression)."""
        rules = []
        if self.first is not None:
            rules.append(f"{happened} >= {as_of} - INTERVAL {self.first} DAY")
        if self.last:
            rules.append(f"{happened} < {as_of} - INTERVAL {self.last} DAY")
        if self.current and ended_on is not None:
            rules.append(f"({ended_on} IS NULL OR {ended_on} > {as_of})")
        return " AND ".join(rules) or "TRUE"


def last(days: int) -> Window:
    """Declare the window of the last `days` days."""
    return Window(suffix=f"_{days}d", first=days)


def between(first: int, last_day: int) -> Window:
    """Declare the window from `first` days ago up to `last_day` days ago."""
    return Window(suffix=f"_{last_day}_{first}d", first=first, last=last_day)


EVER = Window(suffix="")
LATEST = Window(suffix="")
"""The last known version of what the table describes; `EVER` by another name, for readers."""
NOW = Window(suffix="_now", current=True)
"""What has begun and has not ended."""


def month_start(month: str) -> date:
    """Read `2026-10` as its first day; `CallRefused` for anything else."""
    # Months name folders and are sorted as texts: only one way of writing them is right.
    if MONTH.fullmatch(month):
        with suppress(ValueError):
            return date.fromisoformat(f"{month}-01")
    raise CallRefused(f"A month is written like 2026-10; got {month!r}.")


def as_of(month: str, *, day: int = PUBLISH_DAY) -> date:
    """Return the as-of date of a month: its publish day, at 00:00 UTC."""
    return month_start(month).replace(day=day)


def months_before(when: date, months: int) -> date:
    """Return the same day `months` earlier (later if negative); days after the 28th are cut to it."""
    index = when.year * 12 + when.month - 1 - months
    return date(index // 12, index % 12 + 1, min(when.day, 28))


def month_of(when: date) -> str:
    """Write the month of a date as `2026-10`."""
    return f"{when.year:04d}-{when.month:02d}"


def quarter_as_of(when: date) -> date:
    """Return the quarter's first as-of date: the same day of January, April, July or October."""
    return months_before(when, (when.month - 1) % 3)


def is_closed(when: date, *, lag: timedelta, seen_through: date) -> bool:
    """Tell whether the horizon after `when` is over, and its rows known, before `seen_through`."""
    return when + HORIZON + lag <= seen_through


def completed_weeks(when: date, count: int) -> tuple[date, ...]:
    """Return the Sundays on which the last `count` completed weeks before `when` began, newest first.

    A week is `[Sunday 00:00 UTC, next Sunday 00:00 UTC)`; one that ends at `when` is completed.
    """
    end = when - timedelta(days=(when.weekday() + 1) % 7)
    return tuple(end - timedelta(weeks=back) for back in range(1, count + 1))
