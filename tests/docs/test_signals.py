"""docs/signals.md has the tables that code declares, and was judged with the classifier of today."""

from pathlib import Path

from benchmarks.topics import declared, written_in
from features.sources.web.classify import VERSION

PAGE = (Path(__file__).parents[2] / "docs" / "signals.md").read_text("utf-8")


def test_the_declared_tables_are_those_of_the_code() -> None:
    assert written_in(PAGE, "declared", declared()) == PAGE, "run `python benchmarks/topics.py --declared`"


def test_the_classifier_that_was_judged_is_that_of_today() -> None:
    assert f"Classifier {VERSION}: " in PAGE, "run `python benchmarks/topics.py`"
