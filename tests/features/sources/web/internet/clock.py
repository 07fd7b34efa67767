"""Clocks that stand still, for processes too."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

FIRST_DAY = datetime(2026, 11, 28, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """Tells one instant: noon of a day so many days after the first."""

    days: int = 0

    def __call__(self) -> datetime:
        return FIRST_DAY + timedelta(self.days)
