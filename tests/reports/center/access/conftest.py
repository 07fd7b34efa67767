"""A centre over nothing yet, with a clock that tests turn."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from reports.center.center import Center
from reports.center.database.engine import open_database
from tests.reports.center.published import PUBLISHED_AT, center_over
from tests.reports.center.signed import QUICK


@dataclass(slots=True)
class Clock:
    """What time it is in a test."""

    at: datetime = PUBLISHED_AT

    def __call__(self) -> datetime:
        return self.at

    def turn(self, **later: float) -> None:
        self.at += timedelta(**later)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def center(tmp_path: Path, clock: Clock) -> Iterator[Center]:
    database = open_database(f"sqlite:///{tmp_path}/center.db")
    yield center_over(tmp_path, database, now=clock, policy=replace(QUICK, sign_ins_per_quarter_hour=3))
    database.dispose()
