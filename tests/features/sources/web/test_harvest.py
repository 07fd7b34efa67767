from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from features.sources.web.harvest import AT_ONCE, REREAD_AFTER, Harvest
from features.sources.web.kept import KnownPage, Technology
from features.sources.web.outcomes import Outcome, Visited
from features.sources.web.share import bucket_of
from features.sources.web.signals import Passage, Signal
from features.sources.web.state import State

DAY = date(2026, 11, 28)
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
AZURE, SAGE = Technology("Microsoft Azure", "Microsoft", "Azure"), Technology("Sage", "Sage", "D365BC")
VISITED = Visited(domain="x.com", outcome=Outcome.COLLECTED)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with closing(State(tmp_path)) as there:
        yield there


def page(path: str = "/a", *, day: date = DAY, technology: Technology = AZURE) -> KnownPage:
    return KnownPage(
        url=f"http://x.com{path}", domain="x.com", seen_on=day, changed_on=day, technologies=(technology,)
    )


def passage(path: str, text: str) -> Passage:
    return Passage(
        domain="x.com", url=f"http://x.com{path}", kind="blog_post", title="", text=text, seen_at=NOON
    )


def tell(passages: Sequence[Passage]) -> Iterator[Signal]:
    for one in passages:
        if "poison" in one.text:
            raise ArithmeticError(one.text)
        yield Signal(
            signal_id=one.signal_id("azure"),
            domain=one.domain,
            kind=one.kind,
            topic="azure",
            strength=0.5,
            happened_at=NOON,
            known_at=NOON,
            url=one.url,
            text=one.text,
            classifier="c",
        )


def told(state: State) -> list[str]:
    return sorted(signal.text for signal in state.signals(bucket_of("x.com")))


def test_nothing_is_kept_before_the_flush_and_all_of_it_then(state: State) -> None:
    harvest = Harvest(state, DAY, tell)
    harvest.add_page(page(), [passage("/a", "one")])
    harvest.add_visit(VISITED, (SAGE,), complete=True)
    assert state.visited("x.com", DAY) is None
    harvest.flush()
    assert told(state) == ["one"]
    assert state.page("x.com", "http://x.com/a") == page()
    assert state.visited("x.com", DAY) == VISITED
    assert [row.technology for row in state.technologies(bucket_of("x.com"))] == ["Microsoft Azure", "Sage"]


def test_many_pages_are_told_without_being_asked_for(state: State) -> None:
    harvest = Harvest(state, DAY, tell)
    for number in range(AT_ONCE):
        harvest.add_page(page(f"/{number}"), [passage(f"/{number}", f"text {number}")])
    assert len(told(state)) == AT_ONCE


def test_the_same_words_at_two_addresses_are_told_once(state: State) -> None:
    harvest = Harvest(state, DAY, tell)
    harvest.add_page(page("/a"), [passage("/a", "one")])
    harvest.add_page(page("/b"), [passage("/b", "ONE ")])
    harvest.flush()
    assert told(state) == ["one"]


def test_words_that_cannot_be_told_cost_the_others_nothing(
    state: State, caplog: pytest.LogCaptureFixture
) -> None:
    harvest = Harvest(state, DAY, tell)
    harvest.add_page(page("/a"), [passage("/a", "one"), passage("/b", "poison"), passage("/c", "two")])
    harvest.add_visit(VISITED, (), complete=True)
    harvest.flush()
    assert told(state) == ["one", "two"]
    assert state.visited("x.com", DAY) == VISITED
    assert "http://x.com/b" in caplog.text


def test_pages_that_are_not_asked_for_again_still_show_their_technologies(state: State) -> None:
    harvest = Harvest(state, DAY, tell)
    harvest.add_page(page("/old", technology=SAGE), ())
    harvest.add_visit(VISITED, (), complete=True)
    harvest.flush()
    for days in (REREAD_AFTER, REREAD_AFTER + timedelta(1)):
        later = Harvest(state, DAY + days, tell)
        later.add_visit(VISITED, (AZURE,), complete=True)
        later.flush()
    missed = [
        row[0] for row in state.bucket(bucket_of("x.com")).execute("SELECT missed_on FROM technologies")
    ]
    assert sorted(map(str, missed)) == [str(DAY + REREAD_AFTER + timedelta(1)), "None"]
