"""The page about the collector has every outcome and setting, and no other."""

import re
from dataclasses import fields
from pathlib import Path

from features.sources.web.harvest import REREAD_AFTER
from features.sources.web.outcomes import TOLD
from features.sources.web.plan import NAME
from features.sources.web.share import BUCKETS
from features.sources.web.state import GONE_AFTER
from pipelines.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "collector.md").read_text("utf-8")


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
