from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from features.errors import CallRefused
from features.sources.web.exports import Recorded
from features.sources.web.plan import Plan
from features.sources.web.record import REFUSED, Exports, Recording, record
from features.sources.web.share import BUCKETS, Share
from features.sources.web.signals import Passage, Signal
from features.sources.web.state import State
from tests.features.sources.web.answers import NOW

LOG = (
    "time,visitor,page\n"
    "2026-11-05,jane@acme.com,/azure\n"
    "2026-11-05,192.0.2.7,/erp\n"
    "2026-11-05,jane@gmail.com,/erp\n"
)
TABLE = "192.0.2.0/24,other.com\nnonsense\n"


WHOLE = Share()


def tell_nothing(passages: Sequence[Passage]) -> Iterator[Signal]:
    raise AssertionError(f"addresses tell the topics, yet {len(passages)} texts are to be told")
    yield  # as the classifier, which yields


def recorded(folder: Path, *, share: Share = WHOLE, log: str = LOG) -> tuple[Recording, ...]:
    for name, text in (("visits.csv", log), ("networks.csv", TABLE)):
        (folder / name).write_text(text, encoding="utf-8")
    exports = Exports(files=((Recorded.VISITS, folder / "visits.csv"),), networks=folder / "networks.csv")
    plan = Plan(domains=(), folder=folder / "to", contact="me@us.example", share=share)
    return record(exports, plan, tell=tell_nothing, at=NOW)


def signals(folder: Path) -> list[Signal]:
    with closing(State(folder / "to" / "collection" / "state")) as state:
        return [row for bucket in range(BUCKETS) if state.has(bucket) for row in state.signals(bucket)]


def test_an_export_is_kept_as_signals_beside_those_of_pages(tmp_path: Path) -> None:
    assert recorded(tmp_path) == (Recording(tmp_path / "visits.csv", used=2, refused=1),)
    told = {(one.domain, one.kind, one.topic) for one in signals(tmp_path)}
    assert told == {("acme.com", "site_visit", "azure"), ("other.com", "site_visit", "erp")}


def test_lines_that_tell_nothing_are_written_down_without_what_they_said(tmp_path: Path) -> None:
    recorded(tmp_path)
    assert (tmp_path / "to" / "collection" / REFUSED).read_text(encoding="utf-8").splitlines() == [
        "file,line,reason",
        'networks.csv,2,"two cells were expected, a network and a domain; 1 came"',
        'visits.csv,4,"free mail, which tells no company"',
    ]


def test_an_export_read_again_adds_only_what_is_new(tmp_path: Path) -> None:
    recorded(tmp_path)
    before = signals(tmp_path)
    recorded(tmp_path)
    assert signals(tmp_path) == before
    recorded(tmp_path, log=LOG + "2026-11-06,jane@acme.com,/azure\n")
    assert len(signals(tmp_path)) == len(before) + 1


def test_shares_together_keep_each_line_once(tmp_path: Path) -> None:
    found: list[str] = []
    for part in (1, 2, 3):
        folder = tmp_path / str(part)
        folder.mkdir()
        (recording,) = recorded(folder, share=Share(part, 3))
        assert recording.used + recording.elsewhere == 2
        found.extend(one.signal_id for one in signals(folder))
    whole = tmp_path / "whole"
    whole.mkdir()
    recorded(whole)
    assert sorted(found) == sorted(one.signal_id for one in signals(whole))


def test_a_log_that_lacks_a_column_ends_the_recording(tmp_path: Path) -> None:
    with pytest.raises(CallRefused, match="time, visitor, page was expected"):
        recorded(tmp_path, log="when\n")
