r"""The CSV dialect, once: how a value is written, when a cell is quoted, what a spreadsheet must not run.

UTF-8 with BOM, comma, CRLF, quotes only where RFC 4180 needs them, empty for unknown, `Yes`/`No`, ISO dates,
decimal point. A text that a spreadsheet would run as a formula gets a leading apostrophe: one that begins
with = + - @, a tab or a line break, also after blanks and in the full-width forms that some locales run
(OWASP, "CSV Injection"). Numbers are never touched. Lines are composed in DuckDB and written as they stand:
Arrow's and DuckDB's own writers have neither this line end nor this quoting.
"""

import csv
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from reports.field import Field, Form

BOM = b"\xef\xbb\xbf"
LINES_AT_ONCE = 50_000
LONGEST_LINE = 10_000_000
"""Bytes; an engine that is told no size of its buffers takes sixteen times as much for each."""
NEEDS_QUOTES = '[",\\r\\n]'
RUNS_AS_FORMULA = "^([\\t\\r\\n]|[\\s\u00a0]*[=+@\uff1d\uff0b\uff0d\uff20-])"
"""Blanks first: some spreadsheets trim a cell before they look at it."""
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*", re.ASCII)
BETWEEN = "\x1f"
"""Stands before each text of a row where they are looked at together."""
MARKS = (*'",\r\n\t=+@\uff1d\uff0b\uff0d\uff20', *(f"{before}-" for before in f"{BETWEEN} \f\u00a0"))
"""A text that must be quoted or neutralised holds one of these, or follows one; most rows have none."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What was written: data rows and the SHA-256 of the file."""

    rows: int
    sha256: str


def lines(relation: str, fields: Sequence[Field], *, beside: Sequence[str] = ()) -> str:
    """SQL: the rows of a relation as they stand in the file (`line`), in its order, `beside` some columns.

    To look into every text costs more than all else, so a row's texts are looked at together first.
    """
    kept = "".join(f'"{name}", ' for name in beside)
    texts = [f"""'{BETWEEN}', "{field.name}\"""" for field in fields if _is_free(field)]
    marked = " OR ".join(f"""contains("all texts", '{mark}')""" for mark in MARKS)
    plain = (f'"{field.name}"' if _is_free(field) else cell(field) for field in fields)
    return f"""
        SELECT {kept}CASE WHEN {marked} THEN {_line(map(cell, fields))} ELSE {_line(plain)} END AS line
        FROM (SELECT *, concat({", ".join(["''", *texts])}) AS "all texts" FROM {relation})"""


def _line(cells: Iterable[str]) -> str:
    return f"""concat({", ',', ".join(cells)}, chr(13), chr(10))"""


def _is_free(field: Field) -> bool:
    """Tell whether a field may hold any text."""
    if field.form is Form.ENUM:
        return any(_is_special(allowed) for allowed in field.column.allowed)
    return field.form in (Form.STRING, Form.LIST)


def cell(field: Field) -> str:
    """SQL: the field's value, from the column of its name, as it stands between two commas."""
    value = f'"{field.name}"'
    match field.form:
        case Form.FLAG:
            written = f"CASE WHEN {value} THEN 'Yes' WHEN NOT {value} THEN 'No' END"
        case Form.MONEY | Form.HUNDREDTHS:
            written = f"CAST(CAST({value} AS DECIMAL(18, 0)) * 0.01 AS VARCHAR)"
        case Form.PROBABILITY:
            written = f"CAST(CAST({value} AS DECIMAL(6, 4)) AS VARCHAR)"
        case _ if _is_free(field):
            written = text(f"CAST({value} AS VARCHAR)")
        case _:
            written = f"CAST({value} AS VARCHAR)"
    return f"coalesce({written}, '')"


def as_published(field: Field, *, separator: str = ",") -> str:
    """SQL: a cell that was read from a published file as a text, as it stands between two separators."""
    value, needs_quotes = f'"{field.name}"', f'["{separator}\\r\\n]'
    return (
        f"CASE WHEN regexp_matches({value}, '{needs_quotes}')"
        f""" THEN '"' || replace({value}, '"', '""') || '"' ELSE coalesce({value}, '') END"""
    )


def text(value: str) -> str:
    """SQL: a text, neutralised if it would run as a formula, and quoted if it must be."""
    safe = f"regexp_replace({value}, '{RUNS_AS_FORMULA}', '''\\0')"
    quoted = f"""'"' || replace({safe}, '"', '""') || '"'"""
    return f"""CASE WHEN NOT regexp_matches({value}, '{NEEDS_QUOTES}|{RUNS_AS_FORMULA}') THEN {value}
        WHEN regexp_matches({value}, '{NEEDS_QUOTES}') THEN {quoted} ELSE {safe} END"""


def neutralised(value: str) -> str:
    """Return a text as a spreadsheet may have it: marked where it would run as a formula; no number is."""
    is_formula = re.match(RUNS_AS_FORMULA, value) is not None and NUMBER.fullmatch(value) is None
    return f"'{value}" if is_formula else value


def header(names: Sequence[str], *, separator: str = ",") -> bytes:
    """Return the first line of a file, BOM included."""
    cells = ('"' + name.replace('"', '""') + '"' if _is_special(name) else name for name in names)
    return BOM + (separator.join(cells) + "\r\n").encode()


def write(engine: duckdb.DuckDBPyConnection, relation: str, fields: Sequence[Field], path: Path) -> Digest:
    """Write a relation whose columns are named like the fields, in the order of its rows."""
    rows_as_lines = engine.sql(lines(relation, fields)).to_arrow_reader(LINES_AT_ONCE)
    return write_lines((batch.column(0) for batch in rows_as_lines), [field.name for field in fields], path)


def write_lines(columns: Iterable[pa.Array], names: Sequence[str], path: Path) -> Digest:
    """Write a header of the names and then rows that are lines already, some at a time."""
    first = header(names)
    digest, rows = hashlib.sha256(first), 0
    with path.open("wb") as file:
        file.write(first)
        for column in columns:
            joined = _joined(column)
            digest.update(joined)
            file.write(joined)
            rows += len(column)
    return Digest(rows, digest.hexdigest())


def _joined(column: pa.Array) -> pa.Buffer:
    """Put the lines of a batch behind each other without making a Python string of each."""
    together = pa.ListArray.from_arrays(pa.array([0, len(column)], pa.int32()), column)
    return pc.binary_join(together, "")[0].as_buffer()


def names(path: Path) -> tuple[str, ...]:
    """Return the column names of a published file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return tuple(next(csv.reader(file)))


def published(path: Path) -> str:
    """SQL: a relation of a published file, every cell a text and empty ones null."""
    name = str(path).replace("'", "''")
    columns = ", ".join(f"'{column}': 'VARCHAR'" for column in names(path))
    return (
        f"read_csv('{name}', auto_detect = false, header = true, columns = {{{columns}}}, delim = ',',"
        " quote = '\"', escape = '\"', nullstr = '', new_line = '\\r\\n',"
        f" max_line_size = {LONGEST_LINE}, buffer_size = {2 * LONGEST_LINE})"
    )


def _is_special(value: str) -> bool:
    return any(mark in value for mark in '",\r\n') or value[:1] in "=+-@"
