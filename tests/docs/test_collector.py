"""The page about the collector has every outcome and setting, and no other; its mapping works."""

import re
from contextlib import closing
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

from features.sources.tables import SIGNALS
from features.sources.web.harvest import REREAD_AFTER
from features.sources.web.outcomes import TOLD
from features.sources.web.plan import NAME
from features.sources.web.share import BUCKETS
from features.sources.web.signals import Signal
from features.sources.web.state import GONE_AFTER, State
from features.sources.web.write import write_buckets
from pipelines.settings import Settings
from tests.features.sources.written import mapped, minimal, put, rows, told

PAGE = (Path(__file__).parents[2] / "docs" / "collector.md").read_text("utf-8")
OWN = """
signal_id,account_id,kind,topic,strength,happened_at,known_at
S1,A1,site_visit,azure,0.5,2026-10-01T08:00:00Z,2026-10-01T09:00:00Z
"""
COLLECTED = Signal(
    signal_id="x",
    domain="a.com",
    kind="blog_post",
    topic="azure",
    strength=0.5,
    happened_at=datetime(2026, 9, 30, 9, tzinfo=UTC),
    known_at=datetime(2026, 10, 2, 12, tzinfo=UTC),
    url="http://a.com/blog",
    text="We move to Azure.",
    classifier="v1",
)


def test_every_outcome_is_told_with_its_meaning() -> None:
    rows = dict(re.findall(r"^\| ([a-z ]+) \| ([^|`]+) \|$", PAGE, re.MULTILINE))
    rows.pop("outcome")
    assert rows == {str(outcome): told for outcome, told in TOLD.items()}


def test_every_setting_is_told_with_its_default() -> None:
    told = dict(re.findall(r"^\| `(collector_[a-z_]+)` \| ([^|]+) \|", PAGE, re.MULTILINE))
    declared = {one.name: one.default for one in fields(Settings) if one.name.startswith("collector_")}
    assert set(told) == set(declared)
    for name, default in declared.items():
        if isinstance(default, bool):
            assert told[name] == str(default).lower()
        elif not isinstance(default, str):
            assert told[name] == f"{default:g}"


def test_its_numbers_and_names_are_those_of_the_code() -> None:
    assert f"again after {REREAD_AFTER.days} days" in PAGE
    assert f"missed for {GONE_AFTER.days} days" in PAGE
    assert f"in {BUCKETS} buckets" in PAGE
    assert f"`{NAME}/1.0 (+CONTACT)`" in PAGE


def test_own_signals_and_collected_ones_are_joined_as_the_page_says(tmp_path: Path) -> None:
    place = minimal(tmp_path / "in")
    put(place, "signals", OWN)
    with closing(State(tmp_path / "state")) as state:
        state.add_signals([COLLECTED])
        state.commit()
        write_buckets(state, range(BUCKETS), place)
    (mapping,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    others = '[accounts]\nfrom = "accounts.csv"\n[transactions]\nfrom = "transactions.csv"\n'
    accepted = mapped(place, others + mapping)
    assert told(accepted, SIGNALS.name) == []
    assert rows(accepted, SIGNALS.name, "signal_id", "account_id", "domain", "classifier") == [
        ("S1", "A1", None, None),
        ("x", None, "a.com", "v1"),
    ]
