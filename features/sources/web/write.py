"""Writes what was collected as the declared tables, a Parquet file a bucket: the monthly job reads them."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from features.sources.schema import Kind, Table
from features.sources.tables import SIGNALS, TECHNOLOGIES
from features.sources.web.state import State

AT_ONCE = 10_000
TYPES = {
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.DATE: pa.date32(),
    Kind.INSTANT: pa.timestamp("us", tz="UTC"),
    Kind.FLAG: pa.bool_(),
}


def write_buckets(state: State, buckets: Iterable[int], folder: Path) -> None:
    """Write `signals/` and `technologies/` of the buckets; a file whose rows are as they were stays."""
    for bucket in buckets:
        if state.has(bucket):
            _write(SIGNALS, state.signals(bucket), folder / SIGNALS.name / f"{bucket:02}.parquet")
            _write(
                TECHNOLOGIES, state.technologies(bucket), folder / TECHNOLOGIES.name / f"{bucket:02}.parquet"
            )


def _write(table: Table, rows: Iterator[object], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    written = 0
    with pq.ParquetWriter(part, _schema(table), compression="zstd") as file:
        while some := list(islice(rows, AT_ONCE)):
            file.write_table(_arrow(table, some))
            written += len(some)
    if not written or (path.exists() and path.read_bytes() == part.read_bytes()):
        part.unlink()
    else:
        part.replace(path)


def _schema(table: Table) -> pa.Schema:
    return pa.schema([pa.field(column.name, TYPES[column.kind]) for column in table.columns])


def _arrow(table: Table, rows: list[object]) -> pa.Table:
    """Return the rows as the table has them; what a row has no attribute for is empty."""
    columns = [[getattr(row, name, None) for row in rows] for name in table.names]
    return pa.table(dict(zip(table.names, columns, strict=True)), schema=_schema(table))
