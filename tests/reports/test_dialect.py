"""The CSV dialect: what any reader gets back, and what a spreadsheet does not run."""

import csv
import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import dialect
from reports.field import Field, Group, day, enum, flag, money, probability, string, whole

TEXT = string("T", "", "", told="", group=Group.IDENTITY)
FIELDS: tuple[Field, ...] = (
    TEXT,
    whole("N", "", "", group=Group.SEGMENT),
    money("M", "", "", group=Group.REVENUE),
    probability("P", "", ""),
    flag("F", "", "", group=Group.SEGMENT),
    day("D", "", "", group=Group.SEGMENT),
    enum("E", "", "", allowed=("< 1K", "a, b"), group=Group.SEGMENT),
)


def lines(engine: duckdb.DuckDBPyConnection, query: str, fields: tuple[Field, ...], path: Path) -> bytes:
    digest = dialect.write(engine, f"({query})", fields, path)
    written = path.read_bytes()
    assert digest.sha256 == hashlib.sha256(written).hexdigest()
    return written


@pytest.mark.parametrize(
    ("field", "value", "written"),
    [
        (FIELDS[1], "-5::BIGINT", "-5"),
        (FIELDS[2], "123456::BIGINT", "1234.56"),
        (FIELDS[2], "5::BIGINT", "0.05"),
        (FIELDS[2], "-5::BIGINT", "-0.05"),
        (FIELDS[3], "0.12345678::DOUBLE", "0.1235"),
        (FIELDS[3], "1::DOUBLE", "1.0000"),
        (FIELDS[4], "TRUE", "Yes"),
        (FIELDS[4], "FALSE", "No"),
        (FIELDS[5], "DATE '2026-10-05'", "2026-10-05"),
        (FIELDS[6], "'a, b'", '"a, b"'),
        (FIELDS[6], "'< 1K'", "< 1K"),
        (TEXT, "'plain'", "plain"),
        (TEXT, "'two words, \"quoted\"'", '"two words, ""quoted"""'),
        (TEXT, "'line' || chr(10) || 'end'", '"line\nend"'),
        (TEXT, "''", ""),
        *((field, "NULL", "") for field in FIELDS),
    ],
)
def test_a_value_is_written_as_declared(
    engine: duckdb.DuckDBPyConnection, tmp_path: Path, field: Field, value: str, written: str
) -> None:
    found = lines(engine, f'SELECT {value} AS "{field.name}"', (field,), tmp_path / "t.csv")
    assert found == f"\ufeff{field.name}\r\n{written}\r\n".encode()


@pytest.mark.parametrize(
    "formula",
    [
        *("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", " =1", "\u00a0=1", "\uff1d1", "  @x"),
        *(" -1", "\f-1", "\u00a0-1"),
    ],
)
def test_a_text_that_a_spreadsheet_would_run_begins_with_an_apostrophe(
    engine: duckdb.DuckDBPyConnection, tmp_path: Path, formula: str
) -> None:
    engine.execute("CREATE OR REPLACE TEMP TABLE texts AS SELECT ? AS T", [formula])
    dialect.write(engine, "texts", (TEXT,), tmp_path / "t.csv")
    assert read(tmp_path / "t.csv") == [["T"], ["'" + formula]]


@pytest.mark.parametrize("harmless", ["a=b", "A-1", "'=1", "user@example.org", '"=1"', "(+1)"])
def test_other_texts_are_left_alone(engine: duckdb.DuckDBPyConnection, tmp_path: Path, harmless: str) -> None:
    engine.execute("CREATE OR REPLACE TEMP TABLE texts AS SELECT ? AS T", [harmless])
    dialect.write(engine, "texts", (TEXT,), tmp_path / "t.csv")
    assert read(tmp_path / "t.csv") == [["T"], [harmless]]


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, strict=True))


def as_published(text: str | None) -> str:
    if not text:
        return ""
    trimmed = text.lstrip(" \t\n\f\r\u00a0")
    runs = text[0] in "\t\r\n" or trimmed[:1] in tuple("=+-@\uff1d\uff0b\uff0d\uff20")
    return "'" + text if runs else text


# Surrogates are no text, and DuckDB's parameters end at a zero.
TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    | st.sampled_from(list("=+-@,\"'\r\n\t ;\u00a0\ufeff\uff1d")),
    max_size=12,
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(rows=st.lists(st.tuples(TEXTS | st.none(), TEXTS | st.none()), min_size=1, max_size=8))
def test_every_reader_gets_back_what_was_written(
    engine: duckdb.DuckDBPyConnection, rows: list[tuple[str | None, str | None]]
) -> None:
    other = string("U", "", "", told="", group=Group.IDENTITY)
    engine.execute("CREATE OR REPLACE TEMP TABLE texts (T VARCHAR, U VARCHAR)")
    engine.executemany("INSERT INTO texts VALUES (?, ?)", rows)
    expected = [[as_published(cell) for cell in row] for row in rows]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        assert dialect.write(engine, "texts", (TEXT, other), path).rows == len(rows)
        assert read(path) == [["T", "U"], *expected]
        found = engine.execute(f"SELECT * FROM {dialect.published(path)}").fetchall()
    assert [[cell or "" for cell in row] for row in found] == expected


def test_a_column_name_is_quoted_where_it_must_be() -> None:
    assert dialect.header(['a "b", c', "d"]) == '\ufeff"a ""b"", c",d\r\n'.encode()


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("  @x", "'  @x"),
        ("\uff1dx", "'\uff1dx"),
        ("\tx", "'\tx"),
        ("-", "'-"),
        ("+49 30 1234", "'+49 30 1234"),
        ("-5", "-5"),
        ("+1.234,50", "+1.234,50"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_a_text_of_somebody_else_does_not_run(value: str, written: str) -> None:
    assert dialect.neutralised(value) == written
