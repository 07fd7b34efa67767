"""The page on scale tells what was recorded."""

from collections.abc import Mapping

import pytest

from benchmarks.scale import MILLION, PAGE, Month, Plane, part, plane, read, written_in


def month(customers: int, rows_each: float, cost: float, *, density: str = "reduced") -> Month:
    spent: Mapping[str, float] = {"inputs": cost, "customers": 2 * cost}
    return Month(
        customers=customers,
        density=density,
        rows=int(customers * rows_each),
        signals=customers,
        input_bytes=0,
        seconds=spent,
        cpu=spent,
        megabytes=1024,
        disk_megabytes=cost,
    )


def test_the_page_tells_the_recorded_months() -> None:
    page = PAGE.read_text("utf-8")
    assert page == written_in(page, part(read())), "run `python -m benchmarks.scale`"


def costing(customers: int, rows_each: float) -> float:
    """Seconds that a month takes by a known rule: 100 at once, 20 a million customers, 3 a million rows."""
    return 100 + 20 * customers / MILLION + 3 * customers * rows_each / MILLION


def test_a_plane_through_three_months_gives_the_rule_behind_them() -> None:
    through = Plane(
        few=month(MILLION, 30, costing(MILLION, 30)),
        customers=month(10 * MILLION, 30, costing(10 * MILLION, 30)),
        rows=month(MILLION, 200, costing(MILLION, 200), density="issue"),
    )
    found = through.at(lambda one: one.cpu["inputs"], 100 * MILLION, 100 * MILLION * 250)
    assert found == pytest.approx(costing(100 * MILLION, 250))


def test_two_sizes_and_two_densities_make_a_plane_and_fewer_do_not() -> None:
    few, more = month(MILLION, 30, 1), month(10 * MILLION, 30, 10)
    rich = month(MILLION, 200, 2, density="issue")
    assert plane([more, rich, few]) == Plane(few=few, customers=more, rows=rich)
    assert plane([few, rich]) is None
    assert plane([few, more]) is None


def test_the_generated_part_tells_stages_machines_and_hours() -> None:
    told = part(
        [
            month(MILLION, 30, 360),
            month(10 * MILLION, 30, 3600),
            month(MILLION, 200, 360, density="issue"),
        ]
    )
    assert "CPU grows 1.00 times as fast as customers" in told
    assert "### 100 million customers, 10,000 million signals, 29,900 million rows in all" in told
    assert "| inputs | 10.0 | one machine | 10.0 |" in told
    assert "| customers | 20.0 | 1 machines of 16 cores | 1.2 |" in told


def test_what_falls_with_rows_is_taken_as_constant() -> None:
    through = Plane(
        few=month(MILLION, 30, 120), customers=month(10 * MILLION, 30, 1200), rows=month(MILLION, 200, 100)
    )
    found = through.at(lambda one: one.cpu["inputs"], 10 * MILLION, 10 * MILLION * 250)
    assert found == pytest.approx(1200)


def test_a_page_without_a_place_for_figures_is_refused() -> None:
    with pytest.raises(ValueError, match="has no part between"):
        written_in("nothing", "figures")
