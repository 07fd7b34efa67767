from collections.abc import Iterator

import duckdb
import pytest

from features.sources.convert import DOLLARS, converted
from features.sources.files import Found, Raw
from features.sources.schema import Column, Kind
from features.sources.world import connect


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(threads=1) as opened:
        yield opened


def value(
    engine: duckdb.DuckDBPyConnection, found: str, kind: Kind, *, type_: str = "VARCHAR", written: str = ""
) -> str:
    raw = Raw("x", (), "x", typed=False)
    sql = converted(raw, Found("x", type_, written=written), Column(name="x", kind=kind, meaning="x"))
    row = engine.execute(
        f"SELECT CAST({sql} AS VARCHAR) FROM (SELECT CAST($1 AS {type_}) AS x)", [found]
    ).fetchone()
    return str(row and row[0])


@pytest.mark.parametrize(
    ("found", "kind", "expected"),
    [
        ("12", Kind.INTEGER, "12"),
        (" +12.0 ", Kind.INTEGER, "12"),
        ("12.5", Kind.INTEGER, "None"),
        ("9223372036854775808", Kind.INTEGER, "None"),
        ("1e2", Kind.INTEGER, "None"),
        ("1e2", Kind.NUMBER, "100.0"),
        ("1,5", Kind.NUMBER, "None"),
        ("1_0", Kind.NUMBER, "None"),
        ("2026-10-25", Kind.DATE, "2026-10-25"),
        ("2026-10-25T00:00:00", Kind.DATE, "2026-10-25"),
        ("2026-10-25 13:00:00", Kind.DATE, "None"),
        ("10/25/2026", Kind.DATE, "None"),
        ("2026-10-25T13:00:00+02:00", Kind.INSTANT, "2026-10-25 11:00:00"),
        ("2026-10-25 13:00", Kind.INSTANT, "2026-10-25 13:00:00"),
        ("2026-10-25", Kind.INSTANT, "2026-10-25 00:00:00"),
        ("True", Kind.FLAG, "true"),
        ("maybe", Kind.FLAG, "None"),
        (" kept ", Kind.TEXT, " kept "),
    ],
)
def test_texts_become_their_declared_kind_or_nothing(
    engine: duckdb.DuckDBPyConnection, found: str, kind: Kind, expected: str
) -> None:
    assert value(engine, found, kind) == expected


@pytest.mark.parametrize(
    ("found", "type_", "kind", "expected"),
    [
        ("7", "INTEGER", Kind.TEXT, "7"),
        ("7", "UBIGINT", Kind.INTEGER, "7"),
        ("18446744073709551615", "UBIGINT", Kind.INTEGER, "None"),
        ("7.5", "DOUBLE", Kind.INTEGER, "None"),
        ("7.50", "DECIMAL(9,2)", Kind.NUMBER, "7.5"),
        ("2026-10-25 00:00", "TIMESTAMP_NS", Kind.DATE, "2026-10-25"),
        ("2026-10-25 01:00", "TIMESTAMP", Kind.DATE, "None"),
        ("2026-10-25 13:00+02", "TIMESTAMP WITH TIME ZONE", Kind.INSTANT, "2026-10-25 11:00:00"),
        ("2026-10-25", "DATE", Kind.INSTANT, "2026-10-25 00:00:00"),
    ],
)
def test_typed_values_become_their_declared_kind_without_loss(
    engine: duckdb.DuckDBPyConnection, found: str, type_: str, kind: Kind, expected: str
) -> None:
    assert value(engine, found, kind, type_=type_) == expected


@pytest.mark.parametrize(
    ("type_", "kind"),
    [("DOUBLE", Kind.TEXT), ("BIGINT", Kind.DATE), ("DATE", Kind.NUMBER), ("BLOB", Kind.TEXT)],
)
def test_another_family_has_no_conversion(type_: str, kind: Kind) -> None:
    column = Column(name="x", kind=kind, meaning="x")
    assert converted(Raw("x", (), "x", typed=True), Found("x", type_), column) is None


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ("12.34", "1234"),
        ("$1,234.5", "123450"),
        ("-$0.005", "-1"),
        ("0.004", "0"),
        ("-0.29", "-29"),
        ("957.5775", "95758"),
        ("x", "None"),
    ],
)
def test_dollars_become_cents_rounded_half_away_from_zero(
    engine: duckdb.DuckDBPyConnection, found: str, expected: str
) -> None:
    assert value(engine, found, Kind.INTEGER, written=DOLLARS) == expected


def test_dollars_in_doubles_become_exact_cents(engine: duckdb.DuckDBPyConnection) -> None:
    assert value(engine, "1.1500000000000001", Kind.INTEGER, type_="DOUBLE", written=DOLLARS) == "115"


def test_days_are_read_as_they_are_written(engine: duckdb.DuckDBPyConnection) -> None:
    assert value(engine, "9/1/2026", Kind.DATE, written="%m/%d/%Y") == "2026-09-01"
    assert value(engine, "2026-09-01", Kind.DATE, written="%m/%d/%Y") == "None"
