"""This month against the last: what is let pass and what stops the run."""

from pathlib import Path

import duckdb
import pytest

from features.errors import PublicationRefused
from reports import dialect
from reports.compare import Move, compare, refuse_beyond, table
from reports.field import Group, Report, enum, flag, money, string

REPORT = Report(
    name="R",
    row="a key",
    key=("K",),
    reads="customers",
    fields=(
        string("K", "", "", told="", group=Group.IDENTITY),
        enum("ACluster", "", "", allowed=("Act Now", "Evaluate"), group=Group.PROPENSITY),
        money("M", "", "", group=Group.REVENUE),
        flag("F", "", "", group=Group.SEGMENT),
    ),
)
USUAL = """SELECT 'k' || i AS K, if(i % 5 = 0, 'Act Now', 'Evaluate') AS ACluster,
                 1000 + i % 100 AS M, i % 2 = 0 AS F"""
LAST = f"{USUAL} FROM range(4000) t(i)"


def moves(engine: duckdb.DuckDBPyConnection, folder: Path, now: str, last: str = LAST) -> list[Move]:
    for name, query in (("last", last), ("now", now)):
        (folder / name).mkdir()
        dialect.write(engine, f"({query})", REPORT.fields, folder / name / "R.csv")
    return list(compare(engine, [REPORT], folder / "last", folder / "now"))


def test_an_equal_month_has_not_moved(engine: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    found = moves(engine, tmp_path, LAST)
    assert len(found) >= 10
    assert [move.what for move in found if move.before != move.after] == []


GONE = "share of rows of last month that are gone"


@pytest.mark.parametrize(
    ("part", "instead", "rows", "beyond"),
    [
        ("", "", "range(2800)", {"rows", GONE}),
        ("", "", "range(3500)", set()),
        ("", "", "range(1500, 5500)", {GONE}),
        ("", "", "range(9000)", {"rows", "share of rows that last month did not have"}),
        (
            "i % 5",
            "i % 3",
            "range(4000)",
            {"share of the cluster Act Now in ACluster", "share of the cluster Evaluate in ACluster"},
        ),
        ("i % 5", "i % 4", "range(4000)", set()),
        ("1000 +", "if(i % 4 = 0, NULL, 1000) +", "range(4000)", {"share of empty cells M"}),
        ("1000 +", "3000 +", "range(4000)", {"mean M"}),
        ("i % 2", "i % 3", "range(4000)", {"share of Yes F"}),
    ],
)
def test_what_moved_beyond_its_tolerance_is_found(
    engine: duckdb.DuckDBPyConnection, tmp_path: Path, part: str, instead: str, rows: str, beyond: set[str]
) -> None:
    usual = USUAL.replace(part, instead) if part else USUAL
    found = moves(engine, tmp_path, f"{usual} FROM {rows} t(i)")
    assert {move.what for move in found if move.is_beyond} == beyond


def test_a_report_of_a_few_rows_is_not_stopped_by_chance(
    engine: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    found = moves(engine, tmp_path, f"{USUAL} FROM range(7) t(i)", f"{USUAL} FROM range(5) t(i)")
    assert [move.what for move in found if move.is_beyond] == []


def test_a_column_that_only_one_month_has_is_not_compared(
    engine: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    for name, fields in (("last", REPORT.fields[:2]), ("now", REPORT.fields)):
        (tmp_path / name).mkdir()
        dialect.write(engine, f"({LAST})", fields, tmp_path / name / "R.csv")
    found = compare(engine, [REPORT], tmp_path / "last", tmp_path / "now")
    assert not [move for move in found if move.what.endswith((" M", " F"))]


def test_a_new_report_is_not_compared(engine: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    assert compare(engine, [REPORT], tmp_path, tmp_path) == ()


NORMAL = Move(report="R", what="rows", before=100, after=110, allowed=20)
FAR = Move(report="R", what="mean M", before=0.5, after=1.25, allowed=0.25)


def test_a_month_that_moved_too_far_is_refused_with_the_table() -> None:
    with pytest.raises(PublicationRefused) as refused:
        refuse_beyond([NORMAL, FAR], last="2026-09", accept=None)
    assert str(refused.value).splitlines() == [
        "1 figures moved further from 2026-09 than is declared as normal:",
        "report  what    last month   now  change  allowed",
        "R       mean M         0.5  1.25    0.75     0.25",
        'Look into them. If they are right, run again with --accept "reason".',
    ]


def test_with_a_reason_or_without_a_far_move_a_month_passes() -> None:
    refuse_beyond([NORMAL, FAR], last="2026-09", accept="a new partner")
    refuse_beyond([NORMAL], last="2026-09", accept=None)


def test_large_figures_are_told_with_separators() -> None:
    told = table([Move(report="R", what="rows", before=12345, after=0, allowed=2469)])
    assert "12,345" in told
    assert "-12,345" in told
