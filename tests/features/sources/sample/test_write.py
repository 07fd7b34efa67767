from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from features.sources.license_tables import (
    LICENSE_PRODUCTS,
    LICENSE_SNAPSHOTS,
    USAGE_SNAPSHOTS,
    WORKLOADS,
)
from features.sources.sample.appetites import PREFIXES
from features.sources.sample.rows import schema
from features.sources.sample.timeline import day_number
from features.sources.sample.write import write
from features.sources.schema import Table
from features.sources.tables import ACCOUNTS, SIGNALS, TABLES, TRANSACTIONS
from tests.features.sources.sample.lives import THROUGH, Lived

DIRTY = (TRANSACTIONS, SIGNALS)
FILLED = tuple(table for table in TABLES if table not in (LICENSE_SNAPSHOTS, USAGE_SNAPSHOTS))
CLEAN = tuple(table for table in FILLED if table not in DIRTY)
FIXED = (LICENSE_PRODUCTS, WORKLOADS)
"""The same in every world."""


def read(world: Path, table: Table) -> pa.Table:
    return pq.read_table(world / f"{table.name}.parquet")


def names(tables: tuple[Table, ...]) -> list[str]:
    return [table.name for table in tables]


@pytest.mark.parametrize("table", FILLED, ids=names(FILLED))
def test_a_table_has_exactly_the_declared_columns(world: Path, table: Table) -> None:
    assert read(world, table).schema.equals(schema(table))
    assert read(world, table).num_rows > 0


@pytest.mark.parametrize("table", CLEAN, ids=names(CLEAN))
def test_a_key_is_unique(world: Path, table: Table) -> None:
    rows = read(world, table)
    assert rows.group_by(list(table.key)).aggregate([]).num_rows == rows.num_rows


@pytest.mark.parametrize("table", DIRTY, ids=names(DIRTY))
def test_a_few_keys_come_twice(tmp_path: Path, table: Table) -> None:
    write(tmp_path, accounts=1200, months=12, seed=1, through=THROUGH)
    rows = read(tmp_path, table)
    unique = rows.group_by(list(table.key)).aggregate([]).num_rows
    assert 0 < rows.num_rows - unique < 0.002 * rows.num_rows


@pytest.mark.parametrize("table", FILLED, ids=names(FILLED))
def test_only_optional_values_are_missing(world: Path, table: Table) -> None:
    rows = read(world, table)
    required = [column.name for column in table.columns if not column.optional]
    assert {name: rows[name].null_count for name in required} == dict.fromkeys(required, 0)


@pytest.mark.parametrize("table", CLEAN, ids=names(CLEAN))
def test_values_keep_to_their_lists_and_bounds(world: Path, table: Table) -> None:
    rows = read(world, table)
    for column in table.columns:
        values = rows[column.name].drop_null()
        if column.allowed:
            assert set(values.unique().to_pylist()) <= set(column.allowed)
        if column.low is not None:
            assert pc.min(values).as_py() >= column.low


@pytest.mark.parametrize("table", FILLED, ids=names(FILLED))
def test_nothing_is_known_after_the_world_ends(world: Path, table: Table) -> None:
    if table.known is not None:
        last = pc.max(read(world, table)[table.known]).cast(pa.date32()).as_py()
        assert last <= THROUGH


def test_the_same_seed_writes_the_same_bytes_and_another_does_not(world: Path, tmp_path: Path) -> None:
    write(tmp_path / "again", accounts=600, months=15, seed=3, through=THROUGH)
    write(tmp_path / "other", accounts=600, months=15, seed=4, through=THROUGH)
    files = sorted(path.relative_to(world) for path in world.rglob("*.parquet"))
    assert len(files) == len(FILLED) + 1
    for file in files:
        assert (tmp_path / "again" / file).read_bytes() == (world / file).read_bytes()
        same = (tmp_path / "other" / file).read_bytes() == (world / file).read_bytes()
        assert same is (file.stem in names(FIXED))


def test_the_truth_has_a_row_for_every_product_and_customer_known_at_every_as_of_date(
    world: Path, small: Lived
) -> None:
    truth = pq.read_table(world / "truth" / "truth.parquet")
    known = sum(int((small.market.joined <= step).sum()) for step in range(small.timeline.steps))
    assert truth.num_rows == known * len(PREFIXES)
    assert pc.max(truth["as_of"]).as_py() == THROUGH
    assert truth.group_by(["account_id", "product", "as_of"]).aggregate([]).num_rows == truth.num_rows


def test_the_truth_written_is_the_truth_lived(world: Path, small: Lived) -> None:
    truth = pq.read_table(world / "truth" / "truth.parquet", filters=[("product", "=", "Azure")])
    last = truth.filter(pc.equal(truth["as_of"], THROUGH))["probability"].to_numpy()
    expected = small.behaviour.truth[-1, :, PREFIXES.index("Azure")].astype(np.float64)
    assert small.timeline.end == day_number(THROUGH)
    np.testing.assert_array_equal(last, expected)


def test_progress_names_every_table(tmp_path: Path) -> None:
    said: list[str] = []
    write(tmp_path, accounts=60, months=4, seed=3, through=THROUGH, progress=said.append)
    assert [line for line in said if line.startswith("Writing")] == [
        *(f"Writing {table.name}" for table in FILLED),
        "Writing truth",
    ]


@pytest.mark.parametrize(("accounts", "months"), [(1, 1), (2, 1), (1, 30), (40, 2)])
def test_a_tiny_world_is_a_world(tmp_path: Path, accounts: int, months: int) -> None:
    write(tmp_path, accounts=accounts, months=months, seed=1, through=THROUGH)
    assert read(tmp_path, ACCOUNTS)["account_id"].unique().to_pylist() == [
        f"C{number:07d}" for number in range(accounts)
    ]
