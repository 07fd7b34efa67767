import pytest

from benchmarks.quality import Results, tables, written_in
from pipelines.backtesting.backtest import verdict_rows
from pipelines.backtesting.groups import group_rows
from pipelines.backtesting.measures import measure
from pipelines.backtesting.verdicts import verdicts
from tests.pipelines.backtesting.judgement import judged


def results(*, shift: float = 0.0) -> Results:
    rows = judged(customers=300, shift=shift)
    measures, groups = measure(rows, draws=20), group_rows(rows, draws=20)
    return Results(measures, groups, verdict_rows(verdicts(measures, groups)))


def line(told: list[str], head: str, name: str) -> list[str]:
    """The cells of the line that begins with a name, under a heading."""
    under = told[told.index(f"### {head}") :]
    found = next(one for one in under if one.startswith(f"| {name} |"))
    return [cell.strip() for cell in found.strip("|").split("|")]


def test_a_criterion_that_does_not_hold_is_set_apart() -> None:
    told = list(tables(results(shift=1.0)))
    cells = line(told, "Every criterion", "expected over observed within 0.9-1.1")
    assert [cell.startswith("**no:** 1.") for cell in cells] == [False, True, True, True]


def test_shares_of_the_classes_of_a_kind_add_up_to_everybody() -> None:
    cells = line(list(tables(results())), "Shares of classes and clusters", "Azure")
    shares = [float(cell.removesuffix("%")) for cell in cells[1:]]
    assert [round(sum(shares[kind : kind + 4])) for kind in (0, 4, 8)] == [100, 100, 100]


def test_only_the_generated_part_of_the_page_is_replaced() -> None:
    page = "before\n<!-- written by benchmarks/quality.py -->\nold\n<!-- end -->\nafter"
    assert written_in(page, "new") == page.replace("old", "new")


def test_a_page_without_a_generated_part_is_refused() -> None:
    with pytest.raises(ValueError, match="no part between"):
        written_in("nothing", "new")
