"""Make a world of millions out of a sample world: its customers again and again, under other ids.

    python benchmarks/worlds.py FOLDER CUSTOMERS [--density issue|reduced] [--source DIR]

How many rows a customer has is declared (`Density`): a table's rows are thinned by a hash of what they are
about. Copies are customers of their own: their ids, domains and users are, so that a signal that names but a
domain still finds one customer. Partners are repeated in moderation. Rows come by time, as they do in
a warehouse, and ids have no order: nothing is clustered by customer. What a copy does not change is what it
tells: names, amounts and dates, so that columns of few values compress better than they would in life.
"""

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from features.sources.schema import Table
from features.sources.tables import ACCOUNTS, TABLES
from features.sources.world import connect

PRIME, STEP = 99_999_989, 48_271
"""Customer numbers are taken times STEP modulo PRIME: each another one, in no order."""
PARTNER_COPIES = 20
"""Of so many copies at most each has partners of its own; the others share them in turn."""
IN_ALL = 1_000_000
"""What shares of rows are told in."""
OF_EVERYBODY = ("license_products", "workloads")
OF_PARTNERS = ("partners", "partner_admins")
PARTNER_IDS = ("partner_id", "parent_partner_id", "person_id")
SHARED_IDS = ("product_id", "queue_id", "leg_id")
"""Ids that mean the same at every customer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Density:
    """How many rows a customer has, by table; a table that is not named is left out."""

    name: str
    rows: Mapping[str, float]


AS_MANY = 10_000.0
"""Rows a customer that no table has: all of them are kept."""
ISSUE = Density(
    name="issue",
    rows={
        "partners": AS_MANY,
        "accounts": AS_MANY,
        "partner_accounts": AS_MANY,
        "transactions": 30,
        "azure_consumption": 25,
        "agreements": AS_MANY,
        "opportunities": AS_MANY,
        "technologies": AS_MANY,
        "signals": 20,
        "customer_profiles": AS_MANY,
        "license_products": AS_MANY,
        "subscriptions": AS_MANY,
        "subscription_quantities": AS_MANY,
        "license_assignments": AS_MANY,
        "workloads": AS_MANY,
        "usage_daily": 25,
        "support_tickets": AS_MANY,
        "orders": AS_MANY,
        "invoices": AS_MANY,
    },
)
"""Thirty transactions, fifty rows of usage (months of Azure, days of licences), twenty signals a customer."""
REDUCED = Density(
    name="reduced",
    rows={
        "partners": AS_MANY,
        "accounts": AS_MANY,
        "partner_accounts": AS_MANY,
        "transactions": 8,
        "azure_consumption": 4,
        "agreements": 1,
        "opportunities": 2,
        "technologies": 3,
        "signals": 4,
    },
)
"""What ten million customers may have in 40 GB, their reports included; licences and their use left out."""
DENSITIES = {one.name: one for one in (ISSUE, REDUCED)}


def write_world(source: Path, folder: Path, customers: int, density: Density, *, memory: str = "2GB") -> None:
    """Write `customers` customers, each one of the sample world in `source`, with as many rows as declared.

    Raises:
        ValueError: `customers` is no multiple of the customers there, or there are no ids for so many.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with connect(memory=memory, scratch=folder) as engine:
        there = _number_customers(engine, source)
        if customers % there or not there <= customers < PRIME:
            raise ValueError(
                f"A multiple of {there:,} customers below {PRIME:,} was expected, got {customers:,}."
            )
        for table in TABLES:
            path = source / f"{table.name}.parquet"
            if table.name in density.rows and path.exists():
                share = density.rows[table.name] * there / max(1, pq.read_metadata(path).num_rows)
                _copy(engine, table, path, folder, share=share, copies=customers // there)


def rows(folder: Path) -> dict[str, int]:
    """Return how many rows each table of a world has."""
    return {path.stem: pq.read_metadata(path).num_rows for path in sorted(folder.glob("*.parquet"))}


def _number_customers(engine: duckdb.DuckDBPyConnection, source: Path) -> int:
    engine.execute(f"""
        CREATE TEMP TABLE numbers AS
        SELECT account_id, row_number() OVER (ORDER BY account_id) - 1 AS number
        FROM (SELECT DISTINCT account_id FROM read_parquet('{source / f"{ACCOUNTS.name}.parquet"}'))""")
    (found,) = engine.execute("SELECT count(*) FROM numbers").fetchall()
    return int(found[0])


def _copy(
    engine: duckdb.DuckDBPyConnection, table: Table, path: Path, folder: Path, *, share: float, copies: int
) -> None:
    """Write the rows that are kept, by time, each once a copy; chunks of them take turns."""
    repeated = dict.fromkeys(OF_EVERYBODY, 1) | {name: min(copies, PARTNER_COPIES) for name in OF_PARTNERS}
    is_about_customers = "account_id" in table.names
    about = ", ".join(f"coalesce(CAST({name} AS VARCHAR), '')" for name in table.version_of or table.key)
    ordered = table.happened or table.known or table.key[0]
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE kept AS
        SELECT * FROM read_parquet('{path}')
        {"LEFT JOIN numbers USING (account_id)" if is_about_customers else ""}
        WHERE md5_number_lower(concat_ws('|', {about})) % {IN_ALL} < {round(min(share, 1.0) * IN_ALL)}
        ORDER BY {ordered}""")
    engine.execute(f"""
        COPY (SELECT {", ".join(_columns(table, copies))}
              FROM kept, range({repeated.get(table.name, copies)}) copies(copy))
        TO '{folder / table.name}.parquet' (FORMAT parquet, COMPRESSION zstd)""")


def _columns(table: Table, copies: int) -> Iterator[str]:
    """SQL: each column of a table as it is in a copy."""
    for name in table.names:
        if table.name in OF_EVERYBODY:
            told = name
        elif name == "account_id":
            told = (
                f"coalesce('C' || ((number * {copies} + copy) * {STEP}) % {PRIME}, account_id || '-' || copy)"
            )
        elif name == "domain":
            told = "'k' || copy || '-' || domain"
        elif name in PARTNER_IDS:
            told = f"{name} || '-' || copy % {PARTNER_COPIES}"
        elif (name.endswith("_id") and name not in SHARED_IDS) or name == "user_key":
            told = f"{name} || '-' || copy"
        else:
            told = name
        yield f"{told} AS {name}"


def main() -> None:
    """Make a world and tell how many rows it has, and how many bytes a customer."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("customers", type=int)
    options.add_argument("--density", choices=sorted(DENSITIES), default=REDUCED.name)
    options.add_argument("--source", type=Path, required=True)
    chosen = options.parse_args()
    write_world(chosen.source, chosen.folder, chosen.customers, DENSITIES[chosen.density])
    for name, count in rows(chosen.folder).items():
        size = (chosen.folder / f"{name}.parquet").stat().st_size / chosen.customers
        print(f"{name:26} {count:14,} rows {count / chosen.customers:8.2f} and {size:8.1f} bytes a customer")


if __name__ == "__main__":
    main()
