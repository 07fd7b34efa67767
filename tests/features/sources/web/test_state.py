import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from features.errors import CallRefused
from features.sources.web import state as state_module
from features.sources.web.kept import KnownPage, Technology, TechnologyRow
from features.sources.web.outcomes import Outcome, Visited
from features.sources.web.paths import Errand, Place
from features.sources.web.share import bucket_of
from features.sources.web.signals import Passage, Signal
from features.sources.web.state import GONE_AFTER, PAGES_KEPT, State

DAY = date(2026, 11, 28)
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
AZURE, EXCHANGE = (
    Technology("Microsoft Azure", "Microsoft", "Azure"),
    Technology("Exchange", "Microsoft", "M365"),
)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with closing(State(tmp_path)) as there:
        yield there


def page(url: str = "http://x.com/", *, day: date = DAY) -> KnownPage:
    return KnownPage(
        url=url,
        domain="x.com",
        seen_on=day,
        changed_on=day,
        size=7,
        etag='"e"',
        modified="Sat, 28 Nov 2026 08:00:00 GMT",
        digest="d",
        errands=(
            Errand(url="http://x.com/blog/a", place=Place.POST, depth=1, published_at=NOON, title="Ä"),
            Errand(url="http://x.com/feed", place=Place.FEED, depth=1),
        ),
        technologies=(AZURE,),
    )


def signal(known_at: datetime = NOON, *, text: str = "First") -> Signal:
    return Signal(
        signal_id="s",
        domain="x.com",
        kind="blog_post",
        topic="azure",
        strength=0.5,
        happened_at=known_at,
        known_at=known_at,
        url="http://x.com/blog/a",
        text=text,
        classifier="c",
    )


def technologies(state: State) -> list[TechnologyRow]:
    return list(state.technologies(bucket_of("x.com")))


def test_a_page_is_kept_whole(state: State) -> None:
    state.add_page(page())
    assert state.page("x.com", "http://x.com/") == page()
    assert state.page("x.com", "http://x.com/other") is None


def test_a_known_page_is_asked_whether_it_changed() -> None:
    assert page().conditions == {
        "If-None-Match": '"e"',
        "If-Modified-Since": "Sat, 28 Nov 2026 08:00:00 GMT",
    }


def test_a_signal_stays_as_it_was_first_known(state: State) -> None:
    state.add_signals([signal()])
    state.add_signals([signal(NOON + timedelta(9), text="Second")])
    assert list(state.signals(bucket_of("x.com"))) == [signal()]


def test_what_was_not_committed_is_forgotten_all_of_it(tmp_path: Path) -> None:
    with closing(State(tmp_path)) as killed:
        killed.add_page(page())
        killed.commit()
        killed.add_signals([signal()])
        killed.add_visit(Visited(domain="x.com", outcome=Outcome.COLLECTED), DAY)
    with closing(State(tmp_path)) as again:
        assert again.page("x.com", "http://x.com/") == page()
        assert list(again.signals(bucket_of("x.com"))) == []
        assert again.visited("x.com", DAY) is None


def test_a_visit_counts_on_its_day_alone(state: State) -> None:
    visited = Visited(domain="x.com", outcome=Outcome.UNREACHABLE, reason="no answer", pages=3, bytes=9)
    state.add_visit(visited, DAY)
    assert state.visited("x.com", DAY) == visited
    assert state.visited("x.com", DAY + timedelta(1)) is None


def test_the_same_words_at_another_address_are_a_repetition(state: State) -> None:
    def passage(url: str, text: str = "We move.", domain: str = "x.com") -> Passage:
        return Passage(domain=domain, url=url, kind="blog_post", title="T", text=text, seen_at=NOON)

    assert not state.is_repeated(passage("http://x.com/a"))
    assert not state.is_repeated(passage("http://x.com/a"))
    assert state.is_repeated(passage("http://x.com/b", "  we MOVE. "))
    assert not state.is_repeated(passage("http://x.com/b", "We stay."))
    assert not state.is_repeated(passage("http://y.com/a", domain="y.com"))


def test_the_pages_seen_last_are_kept(state: State) -> None:
    for number in range(PAGES_KEPT + 2):
        state.add_page(page(f"http://x.com/{number}", day=DAY + timedelta(number)))
    state.add_visit(Visited(domain="x.com", outcome=Outcome.COLLECTED), DAY)
    assert state.page("x.com", "http://x.com/1") is None
    assert state.page("x.com", "http://x.com/2") is not None


def test_a_technology_is_first_seen_once(state: State) -> None:
    for day in (DAY, DAY + timedelta(1)):
        state.add_technologies("x.com", [AZURE], day, complete=True)
    assert [(row.technology, row.seen_on, row.gone_on, row.known_on) for row in technologies(state)] == [
        ("Microsoft Azure", DAY, None, DAY)
    ]


def test_a_technology_is_gone_since_it_was_missed_once_that_lasted(state: State) -> None:
    state.add_technologies("x.com", [AZURE, EXCHANGE], DAY, complete=True)
    missed, known = DAY + timedelta(3), DAY + timedelta(3) + GONE_AFTER
    state.add_technologies("x.com", [AZURE], missed, complete=True)
    state.add_technologies("x.com", [AZURE], known - timedelta(1), complete=True)
    assert len(technologies(state)) == 2
    state.add_technologies("x.com", [AZURE], known, complete=True)
    gone = [row for row in technologies(state) if row.gone_on is not None]
    assert [(row.technology, row.seen_on, row.gone_on, row.known_on) for row in gone] == [
        ("Exchange", DAY, missed, known)
    ]


def test_a_technology_that_returns_in_time_was_never_gone_and_later_is_seen_anew(state: State) -> None:
    state.add_technologies("x.com", [EXCHANGE], DAY, complete=True)
    for days in (1, 16):
        state.add_technologies("x.com", [], DAY + timedelta(days), complete=True)
        state.add_technologies("x.com", [EXCHANGE], DAY + timedelta(days + 1), complete=True)
    assert len(technologies(state)) == 1
    for days in (30, 50):
        state.add_technologies("x.com", [], DAY + timedelta(days), complete=True)
    state.add_technologies("x.com", [EXCHANGE], DAY + timedelta(60), complete=True)
    assert [(row.seen_on, row.gone_on) for row in technologies(state)] == [
        (DAY, None),
        (DAY, DAY + timedelta(30)),
        (DAY + timedelta(60), None),
    ]


def test_a_visit_that_was_cut_short_misses_nothing(state: State) -> None:
    state.add_technologies("x.com", [EXCHANGE], DAY, complete=True)
    for days in (1, 40):
        state.add_technologies("x.com", [], DAY + timedelta(days), complete=False)
    assert [row.gone_on for row in technologies(state)] == [None]


def test_two_collections_do_not_work_on_the_same_domains(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_module, "LOCKED_AT_MOST", 0.05)
    with closing(State(tmp_path)) as one, closing(State(tmp_path)) as other:
        one.add_page(page())
        with pytest.raises(CallRefused, match="Another collection is working"):
            other.add_page(page())


def test_a_file_of_another_version_or_kind_is_refused(tmp_path: Path) -> None:
    bucket = bucket_of("x.com")
    (tmp_path / f"{bucket:02}.sqlite").write_bytes(b"no database at all" * 100)
    with closing(State(tmp_path)) as broken, pytest.raises(CallRefused, match="cannot be read"):
        broken.bucket(bucket)
    with closing(sqlite3.connect(tmp_path / "01.sqlite")) as later:
        later.execute("PRAGMA user_version = 99")
    with closing(State(tmp_path)) as newer, pytest.raises(CallRefused, match="version 99"):
        newer.bucket(1)
