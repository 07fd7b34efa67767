from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.guard import RATIOS, Guarded, beyond, read, record

BASELINE = (Guarded(name="a", ratio=0.4), Guarded(name="b", ratio=1.0, tolerance=0.1))


def giving(*ratios: tuple[str, float]) -> Callable[[str], float]:
    """A measurement that gives these, in this order, and fails if it is asked for anything else."""
    left: Iterator[tuple[str, float]] = iter(ratios)

    def measure(name: str) -> float:
        expected, ratio = next(left)
        assert name == expected
        return ratio

    return measure


def judged(*ratios: tuple[str, float]) -> tuple[str, ...]:
    return beyond(BASELINE, giving(*ratios), lambda _, __: None)


def test_a_ratio_within_a_quarter_passes_at_once() -> None:
    assert judged(("a", 0.5), ("b", 1.1)) == ()


def test_a_ratio_that_is_beyond_twice_fails_by_name() -> None:
    assert judged(("a", 0.51), ("a", 0.52), ("b", 1.0)) == ("a",)


def test_a_ratio_that_was_beyond_by_chance_passes() -> None:
    assert judged(("a", 0.9), ("a", 0.4), ("b", 1.2), ("b", 1.11)) == ("b",)


def test_what_is_told_is_the_lower_of_both() -> None:
    told: list[tuple[str, float]] = []
    beyond(
        BASELINE,
        giving(("a", 0.9), ("a", 0.4), ("b", 1.0)),
        lambda one, ratio: told.append((one.name, ratio)),
    )
    assert told == [("a", 0.4), ("b", 1.0)]


def test_every_ratio_is_in_the_baseline_and_no_other() -> None:
    assert [one.name for one in read()] == list(RATIOS)


def test_a_new_baseline_keeps_a_tolerance_that_was_changed_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    record({"a": 0.5}, path)
    path.write_text(path.read_text("utf-8").replace("0.25", "0.4"), "utf-8")
    record({"a": 0.61234, "b": 1.0}, path)
    assert read(path) == (Guarded(name="a", ratio=0.612, tolerance=0.4), Guarded(name="b", ratio=1.0))
    assert read(path)[0].at_most == pytest.approx(0.857, abs=0.001)
