"""The check of a report against its contract."""

import duckdb
import pytest

from features.sources.schema import Column, Kind
from reports.check import Breach, ContractBroken, check
from reports.field import Field, Form, Group, Report, enum, flag, string, whole

KEY = string("K", "", "", told="", group=Group.IDENTITY)
SIZE = Field(
    name="S",
    form=Form.INTEGER,
    column=Column(name="s", kind=Kind.INTEGER, meaning="", optional=True, low=1, high=9),
    meaning="",
    sql="",
    told="",
    group=Group.SEGMENT,
    filled_when="\"L\" = 'b'",
)
LETTER = enum("L", "", "", allowed=("a", "b"), group=Group.SEGMENT)
REPORT = Report(name="R", row="a key", key=("K",), reads="customers", fields=(KEY, SIZE, LETTER))


def breaches(engine: duckdb.DuckDBPyConnection, rows: str, report: Report = REPORT) -> list[Breach]:
    return list(check(engine, f"(FROM (VALUES {rows}) AS t(K, S, L))", report))


def test_a_report_that_keeps_its_contract_has_no_breach(engine: duckdb.DuckDBPyConnection) -> None:
    assert breaches(engine, "('x', 1, 'a'), ('y', 9, 'b'), ('z', NULL, NULL)") == []


@pytest.mark.parametrize(
    ("rows", "column", "rule"),
    [
        ("('x', 0, 'a')", "S", "below 1"),
        ("('x', 10, 'a')", "S", "above 9"),
        ("('x', 1, 'c')", "L", "not one of a | b"),
        ("('', 1, 'a')", "K", "empty where a value is required"),
        ("(NULL::VARCHAR, 1, 'a')", "K", "empty where a value is required"),
        ("('x', NULL::INT, 'b')", "S", "empty although \"L\" = 'b'"),
        ("('x', 1.5, 'a')", "S", "wrong type: integer was expected, DECIMAL(2,1) came"),
        ("('x', 'one', 'a')", "S", "wrong type: integer was expected, VARCHAR came"),
        ("('x', 1, 'a'), ('x', 2, 'b')", "K", "duplicate key"),
    ],
)
def test_a_breach_is_found(engine: duckdb.DuckDBPyConnection, rows: str, column: str, rule: str) -> None:
    assert [(breach.column, breach.rule) for breach in breaches(engine, rows)] == [(column, rule)]


def test_all_breaches_are_found_together_with_counts_and_examples(engine: duckdb.DuckDBPyConnection) -> None:
    found = breaches(engine, "('d', 0, 'a'), ('c', 0, 'c'), ('b', 0, 'a'), ('a', 0, 'a'), ('a', 1, 'a')")
    assert [(breach.rule, breach.rows, breach.examples) for breach in found] == [
        ("below 1", 4, ("a", "b", "c")),
        ("not one of a | b", 1, ("c",)),
        ("duplicate key", 2, ("a",)),
    ]


def test_a_missing_and_an_undeclared_column_are_told(engine: duckdb.DuckDBPyConnection) -> None:
    found = check(engine, "(SELECT 'x' AS K, 'z' AS L, 1 AS X)", REPORT)
    assert [(breach.column, breach.rule) for breach in found] == [
        ("S", "missing"),
        ("X", "not declared"),
        ("L", "not one of a | b"),
    ]


def test_another_order_of_columns_is_a_breach(engine: duckdb.DuckDBPyConnection) -> None:
    found = check(engine, "(SELECT 1 AS S, 'x' AS K, 'a' AS L)", REPORT)
    assert [breach.rule for breach in found] == ["columns in another order"]


def test_a_number_that_is_none_is_out_of_range(engine: duckdb.DuckDBPyConnection) -> None:
    share = Field(
        name="S",
        form=Form.PROBABILITY,
        column=Column(name="s", kind=Kind.NUMBER, meaning="", low=0, high=1),
        meaning="",
        sql="",
        told="",
        group=Group.PROPENSITY,
    )
    report = Report(name="R", row="a key", key=("K",), reads="customers", fields=(KEY, share))
    found = check(engine, "(SELECT 'x' AS K, 'nan'::DOUBLE AS S)", report)
    assert [breach.rule for breach in found] == ["above 1"]


def test_the_exception_tells_every_breach() -> None:
    broken = ContractBroken(
        [
            Breach(report="R", column="S", rule="below 1", rows=2, examples=("a", "b")),
            Breach(report="R", column="X", rule="missing"),
        ]
    )
    assert str(broken) == (
        "2 breaches of report contracts:\nR.S: below 1, 2 rows, such as a; b\nR.X: missing"
    )


def test_flags_and_whole_numbers_are_checked_by_type(engine: duckdb.DuckDBPyConnection) -> None:
    fields = (KEY, flag("F", "", "", group=Group.SEGMENT), whole("N", "", "", group=Group.SEGMENT))
    report = Report(name="R", row="a key", key=("K",), reads="customers", fields=fields)
    found = check(engine, "(SELECT 'x' AS K, 'Yes' AS F, 2.0::DOUBLE AS N)", report)
    assert [breach.column for breach in found] == ["F", "N"]
