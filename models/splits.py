"""As-of dates to learn from and to judge on, with the gap that a closed window asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from features.errors import NotEnoughData
from features.periods import HORIZON, is_closed, months_before
from features.sources.tables import EITHER_REQUIRED
from features.sources.world import World

TRAINING_DATES = 12
REVENUE_DATES = 4
MONTHS_OF_HISTORY = 3


@dataclass(frozen=True, slots=True)
class Split:
    """The dates of a training: all, the newest as judge, and those whose window was closed by then."""

    as_ofs: tuple[date, ...]
    judge: date
    earlier: tuple[date, ...]


def purchase_lag(world: World) -> timedelta:
    """Return how long after a window its purchases are known: the longest lag of their tables."""
    return max(table.lag for table in EITHER_REQUIRED if world.has(table))


def training_dates(cut: date, *, lag: timedelta, first_on: date) -> tuple[date, ...]:
    """Return up to twelve monthly as-of dates, ascending, up to the newest one closed before `cut`.

    `first_on` is the day of the first purchase or opportunity on record; three months of history are asked
    of every date.

    Raises:
        NotEnoughData: no as-of date is both closed and has a history.
    """
    closed = newest_closed(cut, lag=lag)
    dates = [months_before(closed, back) for back in range(TRAINING_DATES)]
    kept = tuple(sorted(when for when in dates if _has_history(when, first_on)))
    if not kept:
        raise NotEnoughData(
            f"Training before {cut} needs an as-of date at least {MONTHS_OF_HISTORY} months after the first"
            f" record ({first_on}) whose {HORIZON.days} days were over and known by {cut}; the newest closed"
            f" one is {closed}. Give a longer history or a later month."
        )
    return kept


def revenue_dates(earliest: date, *, first_on: date) -> tuple[date, ...]:
    """Return up to four quarterly as-of dates before the earliest training date, ascending.

    A purchase teaches its revenue only twelve months later, so the training dates alone hold few of them.
    """
    dates = [months_before(earliest, 3 * back) for back in range(1, REVENUE_DATES + 1)]
    return tuple(sorted(when for when in dates if _has_history(when, first_on)))


def newest_closed(cut: date, *, lag: timedelta) -> date:
    """Return the newest as-of date of the same day of the month whose window is closed before `cut`."""
    back = 0
    while not is_closed(months_before(cut, back), lag=lag, seen_through=cut):
        back += 1
    return months_before(cut, back)


def split(as_ofs: Sequence[date], *, lag: timedelta) -> Split:
    """Set the newest date apart as judge; a date is earlier if its window was closed by then."""
    dates = tuple(sorted(as_ofs))
    judge = dates[-1]
    return Split(dates, judge, tuple(when for when in dates if is_closed(when, lag=lag, seen_through=judge)))


def thinned(as_ofs: Sequence[date]) -> tuple[date, ...]:
    """Return every second date, the newest among them: the same year at half the rows."""
    return tuple(sorted(as_ofs)[::-2][::-1])


def _has_history(when: date, first_on: date) -> bool:
    return months_before(when, MONTHS_OF_HISTORY) >= first_on
