"""From arrays of numbers to rows of a declared table."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features.sources.sample.timeline import Flags, Floats, Ints
from features.sources.schema import Kind, Table

ARROW = {
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.DATE: pa.date32(),
    Kind.INSTANT: pa.timestamp("us"),
    Kind.FLAG: pa.bool_(),
}
Values: TypeAlias = "pa.Array | Ints | Floats"
"""Ready values, or numbers; numbers of a date are days since 1970-01-01, of an instant microseconds."""


def schema(table: Table) -> pa.Schema:
    """Return the Arrow schema of a declared table."""
    return pa.schema([(column.name, ARROW[column.kind]) for column in table.columns])


def rows(table: Table, columns: Mapping[str, Values]) -> pa.Table:
    """Return rows of `table`, exactly its columns in their order; `KeyError` for one that is not given."""
    return pa.table(
        [_array(columns[column.name], column.kind) for column in table.columns], schema=schema(table)
    )


def named(names: Sequence[str | None], codes: Ints) -> pa.Array:
    """Return the name at each position; null at -1."""
    positions = pa.array(codes, mask=np.asarray(codes) < 0)
    return pa.array(names, pa.string()).take(positions)


def numbered(letter: str, numbers: Ints) -> pa.Array:
    """Return ids such as `C0000012`; null for -1."""
    unique, where = np.unique(numbers, return_inverse=True)
    return named([f"{letter}{number:07d}" if number >= 0 else None for number in unique], where)


def only_where(values: Values, there: Flags, kind: Kind) -> pa.Array:
    """Return the values with null where they are not there."""
    array = _array(values, kind)
    return pc.if_else(pa.array(there), array, pa.scalar(None, array.type))


def _array(values: Values, kind: Kind) -> pa.Array:
    if not isinstance(values, np.ndarray):
        return values
    if kind is Kind.DATE:
        return pa.array(values.astype("datetime64[D]"))
    if kind is Kind.INSTANT:
        return pa.array(values.astype("datetime64[us]"))
    return pa.array(values, ARROW[kind])
