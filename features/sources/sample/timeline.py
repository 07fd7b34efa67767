"""The world's time: steps from one as-of date to the next."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from features.periods import HORIZON, months_before

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

NEVER = 10_000
"""A step after every step."""
EPOCH = date(1970, 1, 1)
AHEAD = 4
"""Steps that a window of 90 days can touch: from 25 February on it needs one day of the fourth."""


def day_number(when: date) -> int:
    """Return the days from 1970-01-01 to `when`."""
    return (when - EPOCH).days


@dataclass(frozen=True, slots=True)
class Timeline:
    """The world's as-of dates: step `s` is `[edges[s], edges[s + 1])`, in days since 1970-01-01.

    The world itself has `steps` steps; the edges go on beyond its end as far as a window can reach.
    """

    edges: Ints
    steps: int

    @property
    def start(self) -> int:
        """The first day of the world."""
        return int(self.edges[0])

    @property
    def end(self) -> int:
        """The first day after the world."""
        return int(self.edges[self.steps])

    def days(self, step: int) -> int:
        """Return the number of days of a step."""
        return int(self.edges[step + 1] - self.edges[step])

    def month(self, step: int) -> int:
        """Return the calendar month (1 to 12) that holds most of a step."""
        return (EPOCH + timedelta(days=int(self.edges[step + 1]))).month

    def window(self, step: int) -> tuple[tuple[int, float], ...]:
        """Return the steps touched by the 90 days from the start of `step`, each with its share inside."""
        left = HORIZON.days
        touched = []
        while left > 0:
            days = self.days(step)
            touched.append((step, min(left, days) / days))
            left -= days
            step += 1
        return tuple(touched)


def timeline(*, through: date, months: int) -> Timeline:
    """Lay out `months` steps that end on the as-of date `through`."""
    edges = [day_number(months_before(through, back)) for back in range(months, -AHEAD - 1, -1)]
    return Timeline(edges=np.array(edges, dtype=np.int64), steps=months)
