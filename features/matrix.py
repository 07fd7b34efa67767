"""From feature frames to the matrix of a product: one float32 array that models read."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from features import declared
from features.build import Frames
from features.compile import is_of_product
from features.feature import Derived, Feature, Of, Side, column_name
from features.pairs import drawn
from features.products import Product

LEVELS_AT_MOST = 60
Levels = Mapping[str, tuple[str, ...]]
"""For each text feature its levels; a value's code is its place, and a stranger's code is their number."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """One row is a customer at an as-of date, by as-of date and account_id; one column is a feature."""

    accounts: npt.NDArray[np.str_]
    as_of: npt.NDArray[np.datetime64]
    names: tuple[str, ...]
    values: npt.NDArray[np.float32]


def names(frames: Frames, *sides: Side) -> tuple[str, ...]:
    """Return the features that a model of those sides reads, in order, without the product's prefix.

    A feature of each product has a name a product, such as `units_1096d__Azure`.
    """
    found: list[str] = []
    for row in frames.features:
        if row.side not in sides:
            continue
        if isinstance(row, Feature) and row.of is Of.EACH:
            found += [column_name(row.name, product.prefix) for product in frames.catalogue.products]
        else:
            found.append(row.name)
    return tuple(found)


def fit_names(frames: Frames) -> tuple[str, ...]:
    """Return the names that the fit model reads."""
    return names(frames, Side.FIT)


def intent_names(frames: Frames) -> tuple[str, ...]:
    """Return the names that the intent model reads."""
    return names(frames, Side.INTENT)


def all_names(frames: Frames) -> tuple[str, ...]:
    """Return every name that a model may read."""
    return names(frames, Side.FIT, Side.INTENT)


def customer_names(frames: Frames) -> tuple[str, ...]:
    """Return the names of `all_names` that mean the same whatever the product."""
    return tuple(
        name for name in all_names(frames) if "__" in name or not is_of_product(declared.feature(name))
    )


def monotone(columns: Sequence[str]) -> tuple[int, ...]:
    """Return the declared direction of each feature: 1, -1, or 0 for none."""
    return tuple(declared.feature(column).monotone for column in columns)


def families(columns: Sequence[str]) -> tuple[str, ...]:
    """Return the family of each feature."""
    return tuple(declared.feature(column).family for column in columns)


def levels(frames: Frames, as_ofs: Sequence[date], columns: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the most frequent levels of the text features among listed customers, ties by name."""
    found: dict[str, tuple[str, ...]] = {}
    for name in columns:
        if not declared.feature(name).is_text:
            continue
        counts: Counter[str] = Counter()
        for when in as_ofs:
            table = _fair(frames, pq.read_table(frames.path(when), columns=["account_id", "is_listed", name]))
            column = table.filter(table["is_listed"])[name].drop_null()
            for entry in pc.value_counts(column).to_pylist():
                counts[entry["values"]] += entry["counts"]
        order = sorted(counts, key=lambda level: (-counts[level], level))
        found[name] = tuple(order[:LEVELS_AT_MOST])
    return found


def read(
    frames: Frames,
    as_ofs: Sequence[date],
    product: Product | None,
    columns: Sequence[str],
    coded: Levels,
    *,
    everyone: bool = False,
) -> Matrix:
    """Read the listed customers in the product's scope (or `everyone` known) at the as-of dates.

    Without a product all listed customers are read, and features with one value for all products; of a sample
    those drawn for their own sake.
    """
    parts = [_read_date(frames, when, product, columns, coded, everyone=everyone) for when in sorted(as_ofs)]
    return Matrix(
        accounts=np.concatenate([part.accounts for part in parts]),
        as_of=np.concatenate([part.as_of for part in parts]),
        names=tuple(columns),
        values=np.ascontiguousarray(np.concatenate([part.values for part in parts])),
    )


def _read_date(
    frames: Frames,
    when: date,
    product: Product | None,
    columns: Sequence[str],
    coded: Levels,
    *,
    everyone: bool,
) -> Matrix:
    wanted = {name: _column(name, product) for name in columns}
    scope = "is_listed" if product is None else f"in_scope__{product.prefix}"
    needed = {"account_id", "is_listed", scope, *(column for column in wanted.values() if column)}
    table = pq.read_table(frames.path(when), columns=sorted(needed))
    if product is None:
        table = _fair(frames, table)
    if not everyone:
        table = table.filter(pc.and_(table["is_listed"], table[scope]))
    values = np.full((table.num_rows, len(columns)), np.nan, dtype=np.float32)
    for place, (name, column) in enumerate(wanted.items()):
        if column is not None:
            values[:, place] = _numbers(table[column], coded.get(name))
    accounts = table["account_id"].to_numpy().astype(np.str_)
    return Matrix(accounts, np.full(len(accounts), np.datetime64(when, "D")), tuple(columns), values)


def _fair(frames: Frames, table: pa.Table) -> pa.Table:
    """Return the rows of customers that were drawn for their own sake, not for what they bought."""
    if frames.share >= 1:
        return table
    accounts = table["account_id"].to_numpy().astype(np.str_)
    return table.filter(pa.array(drawn(accounts, np.full(len(accounts), frames.share))))


def _column(name: str, product: Product | None) -> str | None:
    """Return the compiled column behind a name; None where it would tell the product about itself."""
    if product is None:
        return name
    row: Feature | Derived = declared.feature(name)
    if "__" in name:
        return None if name.endswith(f"__{product.prefix}") else name
    return column_name(name, product.prefix) if is_of_product(row) else name


def _numbers(column: pa.ChunkedArray, order: tuple[str, ...] | None) -> npt.NDArray[np.float32]:
    numbers = column
    if order is not None:
        codes = pc.index_in(column, value_set=pa.array(order, type=column.type))
        numbers = pc.if_else(pc.is_valid(column), pc.fill_null(codes, len(order)), None)
    return np.asarray(numbers.cast(pa.float32()).to_numpy(zero_copy_only=False), dtype=np.float32)
