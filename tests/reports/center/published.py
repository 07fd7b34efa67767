"""A published month by hand: datasets as small written tables, put in place as the monthly job puts them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from features.products import Catalogue
from features.sources.world import connect
from reports import dialect
from reports.center.center import Center, Policy
from reports.center.datasets import Dataset, datasets_of
from reports.center.shelf import LOCATIONS, Shelf
from reports.field import Field, Form
from reports.manifest import Manifest, files_of
from reports.publish import publish

Row = Mapping[str, str | None]
Rows = str | Sequence[Row]
"""A table whose cells stand between `|` under a line of column names, or rows by column; values as published.

Columns that are not written are empty."""
DATASETS = datasets_of(Catalogue())
PUBLISHED_AT = datetime(2026, 10, 28, 9, 30, tzinfo=UTC)
"""What the clock of a centre over such months says unless a test turns it."""


def publish_month(
    home: Path,
    month: str,
    datasets: Mapping[str, Rows],
    *,
    locations: Sequence[tuple[str, str, str]] | None = None,
    evidence: Mapping[str, str] | None = None,
    accept: str | None = None,
) -> Path:
    """Publish the datasets as a month and return its folder.

    `locations` are triples of root partner, customer and the location that transacts with it; `evidence` are
    texts by their path inside the month.
    """
    home.mkdir(parents=True, exist_ok=True)
    staged = home / "staged"
    written: dict[str, int] = {}
    with TemporaryDirectory() as spill, connect(memory="500MB", scratch=Path(spill)) as engine:
        for name, rows in datasets.items():
            dataset = DATASETS[name]
            path = staged / dataset.path
            path.parent.mkdir(parents=True, exist_ok=True)
            written[dataset.path] = _write(engine, dataset, rows_of(rows), path)
    for name, text in (evidence or {}).items():
        (staged / name).parent.mkdir(parents=True, exist_ok=True)
        (staged / name).write_text(text, encoding="utf-8")
    if locations is not None:
        staged.mkdir(exist_ok=True)
        names = ("global_id", "account_id", "partner_id")
        columns = {name: [row[place] for row in locations] for place, name in enumerate(names)}
        pq.write_table(pa.table(columns), staged / LOCATIONS)
    manifest = Manifest(
        month=month,
        as_of=f"{month}-25",
        contract_version="1",
        code_version="test",
        files=files_of(staged, written),
        models={},
        inputs={},
        settings={},
    )
    return publish(home, month, staged, manifest, accept=accept).folder


def center_over(
    home: Path,
    database: sa.Engine,
    *,
    now: Callable[[], datetime] = lambda: PUBLISHED_AT,
    policy: Policy | None = None,
) -> Center:
    """Return a centre over what is published in a home."""
    return Center(
        shelf=Shelf(published=home / "published", copies=home / "center" / "copies", memory="500MB"),
        datasets=DATASETS,
        database=database,
        files=home / "center" / "files",
        backtests=home / "backtests",
        now=now,
        policy=policy or Policy(),
    )


def rows_of(rows: Rows) -> Sequence[Row]:
    """Read a written table; an empty cell is None."""
    if not isinstance(rows, str):
        return rows
    header, *lines = [line for line in rows.splitlines() if line.strip()]
    names = _cells(header)
    return [dict(zip(names, (cell or None for cell in _cells(line)), strict=True)) for line in lines]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


def _write(engine: duckdb.DuckDBPyConnection, dataset: Dataset, rows: Sequence[Row], path: Path) -> int:
    """Write the rows, in the order they are given, as the report writes them."""
    fields = dataset.report.fields
    unknown = {name for row in rows for name in row} - set(dataset.report.header)
    assert not unknown, f"{dataset.name} has no columns {sorted(unknown)}"
    columns = ", ".join(f'"{field.name}" VARCHAR' for field in fields)
    engine.execute(f"CREATE OR REPLACE TABLE written ({columns}, place BIGINT)")
    if rows:
        marks = ", ".join(f"({', '.join('?' for _ in range(len(fields) + 1))})" for _ in rows)
        values = [[*(row.get(field.name) for field in fields), place] for place, row in enumerate(rows)]
        engine.execute(f"INSERT INTO written VALUES {marks}", [value for row in values for value in row])
    return _write_table(engine, fields, path)


def _write_table(engine: duckdb.DuckDBPyConnection, fields: Sequence[Field], path: Path) -> int:
    values = ", ".join(f'{_value(field)} AS "{field.name}"' for field in fields)
    return dialect.write(engine, f"(SELECT {values} FROM written ORDER BY place)", fields, path).rows


def _value(field: Field) -> str:
    """SQL: what the dialect writes as the text that a test has given."""
    name = f'"{field.name}"'
    match field.form:
        case Form.FLAG:
            return f"CASE {name} WHEN 'Yes' THEN TRUE WHEN 'No' THEN FALSE END"
        case Form.MONEY | Form.HUNDREDTHS:
            return f"CAST(CAST({name} AS DECIMAL(18, 2)) * 100 AS BIGINT)"
        case _:
            return name
