"""How many a person may have holds also for calls that come at once, over each kind of database."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from features.errors import CallRefused
from reports.center.access import tokens
from reports.center.access.tokens import make_token, tokens_of
from reports.center.center import Center
from reports.center.database.engine import open_database
from reports.center.delivery import queries, reports
from reports.center.delivery.grammar import parse
from reports.center.delivery.queries import create_query, list_queries
from reports.center.delivery.reports import create_report, list_reports
from tests.reports.center.delivery.small import TEXT, Small, small_center

AT_ONCE, MOST = 6, 2


@pytest.fixture(params=["sqlite", "postgresql"])
def two(published: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Small, Center]]:
    """The small centre, and a second process of it."""
    url = str(request.getfixturevalue("url" if request.param == "sqlite" else "postgres"))
    small = small_center(published, tmp_path, url)
    with closing(small.center), closing(replace(small.center, database=open_database(url))) as other:
        yield small, other


def let_in(two: tuple[Small, Center], ask: Callable[[Center], object]) -> int:
    """Ask many times at once, of either process in turn, and tell how often it was granted."""
    barrier, granted = threading.Barrier(AT_ONCE), []

    def go(center: Center) -> None:
        barrier.wait()
        try:
            ask(center)
        except CallRefused:
            return
        granted.append(center)

    centers = [two[0].center, two[1]] * (AT_ONCE // 2)
    threads = [threading.Thread(target=go, args=(center,)) for center in centers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(granted)


def test_nobody_gets_more_schedules_by_asking_at_once(
    two: tuple[Small, Center], monkeypatch: pytest.MonkeyPatch
) -> None:
    small, _ = two
    monkeypatch.setattr(reports, "MOST_SCHEDULED", MOST)
    plan = small.plan()
    assert let_in(two, lambda center: create_report(center, small.ada, plan)) == MOST
    assert len(list_reports(small.center, small.ada)) == MOST


def test_nobody_gets_more_templates_by_asking_at_once(
    two: tuple[Small, Center], monkeypatch: pytest.MonkeyPatch
) -> None:
    small, _ = two
    monkeypatch.setattr(queries, "MOST_TEMPLATES", MOST)
    query = parse(TEXT)
    granted = let_in(
        two, lambda center: create_query(center, small.ada, query, name="Spain", is_template=True)
    )
    assert granted == len(list_queries(small.center, small.ada)) == MOST


def test_nobody_gets_more_tokens_by_asking_at_once(
    two: tuple[Small, Center], monkeypatch: pytest.MonkeyPatch
) -> None:
    small, _ = two
    monkeypatch.setattr(tokens, "MOST_TOKENS", MOST)
    assert let_in(two, lambda center: make_token(center, small.ada, "nightly", 30)) == MOST
    assert len(tokens_of(small.center, small.ada)) == MOST
