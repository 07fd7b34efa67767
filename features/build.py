"""The feature frames of as-of dates: the only reader of raw rows for features."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

import duckdb

from features import declared
from features.compile import Compiled, aggregate_query, compile_all, derived_values
from features.customers import IS_SMB, transacting
from features.feature import Derived, Feature
from features.licenses import is_running, known_balances
from features.products import Catalogue
from features.sources.known import attributed_rows, known_rows
from features.sources.license_tables import LICENSE_BALANCES, SUBSCRIPTIONS
from features.sources.schema import Table, Whose
from features.sources.tables import ACCOUNTS, PARTNER_ACCOUNTS
from features.sources.world import World, connect

ROWS_AT_ONCE = 60_000
"""Customers times as-of dates that one pass joins: bounds memory, changes nothing else."""
KEY = "as_of, account_id"


@dataclass(frozen=True, slots=True)
class Frames:
    """One Parquet file an as-of date. One row is a customer known then, sorted by account_id.

    Columns: account_id, as_of, is_listed (an SMB customer that a partner transacts with), in_scope__<prefix>
    for each product, and every compiled feature. `features` are those whose table was there; the columns of
    the others are null throughout.
    """

    folder: Path
    as_ofs: tuple[date, ...]
    catalogue: Catalogue
    features: tuple[Feature | Derived, ...]

    def path(self, as_of: date) -> Path:
        """Return the file of an as-of date."""
        return self.folder / f"{as_of.isoformat()}.parquet"


def build(  # noqa: PLR0913 - the machine's limits come by name
    world: World,
    as_ofs: Sequence[date],
    catalogue: Catalogue,
    folder: Path,
    *,
    memory: str = "2GB",
    threads: int = 2,
    customers_at_most: int | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Frames:
    """Write the feature frames of the as-of dates, as known before each; `customers_at_most` samples by hash.

    The scopes of the catalogue are trusted: `scopes.check_scopes` has tried them where they came in.
    """
    folder.mkdir(parents=True, exist_ok=True)
    dates = tuple(sorted(set(as_ofs)))
    with connect(memory=memory, threads=threads, scratch=folder) as engine:
        # Customers known later may not thin the sample: a build would not be the same on history cut there.
        known = _count(
            engine, f"SELECT count(DISTINCT account_id) FROM {known_rows(world, ACCOUNTS, dates[-1:])}"
        )
        customers = min(known, customers_at_most or known)
        for some in _batches(dates, max(1, ROWS_AT_ONCE // max(1, customers))):
            progress(f"features as of {some[0]}" + (f" to {some[-1]}" if len(some) > 1 else ""))
            _build_dates(engine, world, some, catalogue, share=customers / max(1, known))
            for when in some:
                _write_date(engine, when, folder / f"{when.isoformat()}.parquet")
    there = tuple(row for row in declared.FEATURES if _is_there(world, row.table))
    names = {row.name for row in there}
    derived = []
    for row in declared.DERIVED:
        if names.issuperset(row.inputs):
            derived.append(row)
            names.add(row.name)
    return Frames(folder, dates, catalogue, (*there, *derived))


def _build_dates(
    engine: duckdb.DuckDBPyConnection,
    world: World,
    as_ofs: tuple[date, ...],
    catalogue: Catalogue,
    share: float,
) -> None:
    """Join every aggregate of the as-of dates into the temporary table `frame`."""
    engine.execute(_spine(world, as_ofs, share))
    _known_tables(engine, world, as_ofs, is_sampled=share < 1)
    compiled = compile_all(catalogue)
    values, joins = [], []
    for number, (table, rows) in enumerate(_by_table_and_window(compiled)):
        if not _is_there(world, table):
            values += [row.unknown() for row in rows]
            continue
        query = aggregate_query(f"known_{table.name}", table, rows[0].feature.window, rows, catalogue)
        engine.execute(f"CREATE OR REPLACE TEMP TABLE part_{number} AS {query}")
        joins.append(f"LEFT JOIN part_{number} USING ({KEY})")
        values += [row.value() for row in rows]
    derived = [value for row in declared.DERIVED for value in derived_values(row, catalogue)]
    scopes = [
        f'coalesce({product.scope}, FALSE) AS "in_scope__{product.prefix}"' for product in catalogue.products
    ]
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE frame AS
        SELECT *, {", ".join(derived)}, {", ".join(scopes)}
        FROM (SELECT {KEY}, is_listed, {", ".join(values)} FROM spine {" ".join(joins)})""")


def rows_of_customers(world: World, table: Table, as_ofs: Sequence[date]) -> str:
    """SQL: a parenthesised relation of the known rows of a table, each with its customer.

    A row may name but a domain. A row about a subscription is its customer's while that is in force, and
    no trial.
    """
    rows = known_balances(world, as_ofs) if table is LICENSE_BALANCES else known_rows(world, table, as_ofs)
    if table.whose is Whose.DOMAIN:
        return attributed_rows(world, table, as_ofs)
    if not _is_of_subscription(table):
        return rows
    return f"""(
        SELECT r.*, s.account_id FROM {rows} r
        JOIN (SELECT as_of, subscription_id, account_id FROM {known_rows(world, SUBSCRIPTIONS, as_ofs)}
              WHERE {is_running("as_of")} AND NOT trial) s USING (as_of, subscription_id))"""


def _is_of_subscription(table: Table) -> bool:
    return "account_id" not in table.names and "subscription_id" in table.names


def _is_there(world: World, table: Table) -> bool:
    """Tell whether a table was there, or what it is made of, and the one that tells whose its rows are."""
    return world.has(table) and (not _is_of_subscription(table) or world.has(SUBSCRIPTIONS))


def _known_tables(
    engine: duckdb.DuckDBPyConnection, world: World, as_ofs: tuple[date, ...], *, is_sampled: bool
) -> None:
    """Make `known_<table>` of every table that is there: views, or tables where a version must be chosen.

    Of a sample only its customers' rows are kept, once it is settled whose they are.
    """
    among = "WHERE account_id IN (SELECT account_id FROM spine)" if is_sampled else ""
    for table in {row.table.name: row.table for row in declared.FEATURES}.values():
        if not _is_there(world, table):
            continue
        rows = rows_of_customers(world, table, as_ofs)
        engine.execute(f"DROP VIEW IF EXISTS known_{table.name}" if not table.version_of else "SELECT 1")
        kind = "TABLE" if table.version_of else "VIEW"
        engine.execute(f"CREATE OR REPLACE TEMP {kind} known_{table.name} AS SELECT * FROM {rows} {among}")


def _spine(world: World, as_ofs: tuple[date, ...], share: float) -> str:
    """SQL: the customers known at each as-of date, sampled by a hash, and whether they are listed."""
    listed = " UNION ALL ".join(
        f"SELECT DISTINCT DATE '{when.isoformat()}' AS as_of, account_id FROM {transacting(world, when)}"
        for when in as_ofs
    )
    with_partner = "l.account_id IS NOT NULL" if world.has(PARTNER_ACCOUNTS) else "TRUE"
    return f"""
        CREATE OR REPLACE TEMP TABLE spine AS
        SELECT a.as_of, a.account_id, {with_partner} AND {IS_SMB} AS is_listed
        FROM {known_rows(world, ACCOUNTS, as_ofs)} a LEFT JOIN ({listed}) l USING ({KEY})
        WHERE CAST('0x' || substr(md5(account_id), 1, 8) AS BIGINT) < {share} * 4294967296"""


def _by_table_and_window(compiled: tuple[Compiled, ...]) -> Iterator[tuple[Table, list[Compiled]]]:
    def place(row: Compiled) -> tuple[str, str, bool, bool]:
        return row.feature.table.name, row.feature.window.suffix, row.feature.window.current, row.adds_up

    for _, rows in groupby(sorted(compiled, key=place), key=place):
        together = list(rows)
        yield together[0].feature.table, together


def _write_date(engine: duckdb.DuckDBPyConnection, as_of: date, path: Path) -> None:
    part = path.with_suffix(".partial")
    target = str(part).replace("'", "''")
    engine.execute(f"""
        COPY (SELECT * FROM frame WHERE as_of = DATE '{as_of.isoformat()}' ORDER BY account_id)
        TO '{target}' (FORMAT parquet, COMPRESSION zstd)""")
    part.replace(path)


def _count(engine: duckdb.DuckDBPyConnection, query: str) -> int:
    row = engine.execute(query).fetchone()
    return int(row[0]) if row else 0


def _batches(dates: tuple[date, ...], size: int) -> Iterator[tuple[date, ...]]:
    for start in range(0, len(dates), size):
        yield dates[start : start + size]
