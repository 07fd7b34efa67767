from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from benchmarks.worlds import ISSUE, REDUCED, Density, rows, write_world
from features import periods
from features.sources.known import attributed_rows
from features.sources.sample.write import write
from features.sources.tables import SIGNALS, TABLES, table
from features.sources.world import World, connect

CUSTOMERS, COPIES = 150, 30
AS_OF = periods.as_of("2026-10")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("source")
    write(folder, accounts=CUSTOMERS, months=24, seed=7, through=AS_OF)
    return folder


@pytest.fixture(scope="module")
def copied(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample world's customers thirty times over."""
    folder = tmp_path_factory.mktemp("copied")
    write_world(source, folder, CUSTOMERS * COPIES, ISSUE)
    return folder


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect() as engine:
        yield engine


def world(folder: Path) -> World:
    return World(folder, tuple(one for one in TABLES if (folder / f"{one.name}.parquet").exists()))


def number(engine: duckdb.DuckDBPyConnection, query: str) -> int:
    (found,) = engine.execute(query).fetchall()
    return int(found[0])


@pytest.mark.parametrize("name", [one for one in ISSUE.rows if one not in ("workloads", "license_products")])
def test_every_row_has_a_key_of_its_own_that_had_one_before(
    source: Path, copied: Path, engine: duckdb.DuckDBPyConnection, name: str
) -> None:
    key = ", ".join(table(name).key)
    doubles = f"SELECT count(*) - count(DISTINCT ({key})) FROM read_parquet('{{}}/{name}.parquet')"
    copies = number(engine, f"SELECT count(*) FROM read_parquet('{copied}/{name}.parquet')")
    assert copies > 0
    assert number(engine, doubles.format(copied)) <= COPIES * number(engine, doubles.format(source))


@pytest.mark.parametrize(
    ("name", "column", "refers_to"),
    [
        ("transactions", "account_id", "accounts"),
        ("transactions", "partner_id", "partners"),
        ("partners", "parent_partner_id", "partners"),
        ("partner_accounts", "partner_id", "partners"),
        ("license_assignments", "subscription_id", "subscriptions"),
        ("usage_daily", "subscription_id", "subscriptions"),
        ("usage_daily", "user_key", "license_assignments"),
    ],
)
def test_rows_refer_to_the_same_thing_s_copy(
    source: Path, copied: Path, engine: duckdb.DuckDBPyConnection, name: str, column: str, refers_to: str
) -> None:
    key = "partner_id" if refers_to == "partners" else column
    lost = f"""
        SELECT count(*) FROM read_parquet('{{0}}/{name}.parquet') r
        WHERE {column} IS NOT NULL
          AND {column} NOT IN (SELECT {key} FROM read_parquet('{{0}}/{refers_to}.parquet'))"""
    there = number(engine, f"SELECT count({column}) FROM read_parquet('{copied}/{name}.parquet')")
    assert number(engine, lost.format(copied)) <= COPIES * number(engine, lost.format(source)) < there


def test_a_signal_that_names_a_domain_alone_finds_one_customer(
    source: Path, copied: Path, engine: duckdb.DuckDBPyConnection
) -> None:
    def found(folder: Path) -> float:
        there = world(folder)
        about_domains = f"""
            SELECT account_id FROM {attributed_rows(there, SIGNALS, [AS_OF])}
            WHERE signal_id IN (SELECT signal_id FROM {there.rows(SIGNALS)} WHERE account_id IS NULL)"""
        return number(engine, f"SELECT 1000 * count(account_id) // count(*) FROM ({about_domains})") / 1000

    assert found(copied) == pytest.approx(found(source), abs=0.15)
    assert found(copied) > 0.5


def test_customers_come_in_no_order(copied: Path) -> None:
    accounts = pq.read_table(copied / "transactions.parquet", columns=["account_id"])[
        "account_id"
    ].to_pylist()
    changes = sum(one != other for one, other in pairwise(accounts))
    ascending = sum(one < other for one, other in pairwise(accounts))
    assert changes > 0.95 * len(accounts)
    assert 0.4 < ascending / changes < 0.6


@pytest.mark.parametrize("density", [ISSUE, REDUCED])
def test_a_table_has_no_more_rows_a_customer_than_declared(
    source: Path, tmp_path: Path, density: Density
) -> None:
    write_world(source, tmp_path, CUSTOMERS * 2, density)
    counts = rows(tmp_path)
    assert set(counts) <= set(density.rows)
    assert all(count <= 1.15 * density.rows[name] * CUSTOMERS * 2 for name, count in counts.items())
    assert counts["signals"] > 0.85 * density.rows["signals"] * CUSTOMERS * 2


def test_a_number_of_customers_that_is_no_multiple_is_refused(source: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="A multiple of 150 customers below 99,999,989"):
        write_world(source, tmp_path, CUSTOMERS * 2 + 1, REDUCED)
