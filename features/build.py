"""The feature frames of as-of dates: the only reader of raw rows for features."""

from collections import Counter
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
from features.pairs import EVERY_PAIR, Pairs, is_drawn
from features.products import Catalogue
from features.sources.known import attributed_rows, known_rows
from features.sources.license_tables import SUBSCRIPTIONS
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
    the others are null throughout. `share` of the customers were drawn for their own sake; what else there is
    of a sample is no fair picture of the population.
    """

    folder: Path
    as_ofs: tuple[date, ...]
    catalogue: Catalogue
    features: tuple[Feature | Derived, ...]
    share: float = 1.0

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
    pairs: Pairs = EVERY_PAIR,
    progress: Callable[[str], None] = lambda _: None,
) -> Frames:
    """Write the feature frames of the as-of dates, as known before each; only of the `pairs`, if given.

    The scopes of the catalogue are trusted: `scopes.check_scopes` has tried them where they came in.
    """
    folder.mkdir(parents=True, exist_ok=True)
    dates = tuple(sorted(set(as_ofs)))
    with connect(memory=memory, threads=threads, scratch=folder) as engine:
        engine.register("extra", pairs.extra)
        customers = pairs.share * count_customers(engine, world, dates[-1])
        a_date = customers + pairs.extra.num_rows / len(dates)
        for some in _batches(dates, max(1, int(ROWS_AT_ONCE // max(1, a_date)))):
            progress(f"features as of {some[0]}" + (f" to {some[-1]}" if len(some) > 1 else ""))
            _build_dates(engine, world, some, catalogue, pairs)
            for when in some:
                _write_date(engine, when, folder / f"{when.isoformat()}.parquet")
    return Frames(folder, dates, catalogue, features_of(world), pairs.share)


def features_of(world: World) -> tuple[Feature | Derived, ...]:
    """Return the features whose tables were there."""
    there = tuple(row for row in declared.FEATURES if _is_there(world, row.table))
    names = {row.name for row in there}
    derived = []
    for row in declared.DERIVED:
        if names.issuperset(row.inputs):
            derived.append(row)
            names.add(row.name)
    return (*there, *derived)


def count_customers(engine: duckdb.DuckDBPyConnection, world: World, as_of: date) -> int:
    """Count the customers known at the as-of date: those known later may not thin a sample of history."""
    query = f"SELECT count(DISTINCT account_id) FROM {known_rows(world, ACCOUNTS, [as_of])}"
    ((count,),) = engine.execute(query).fetchall()
    return int(count)


def _build_dates(
    engine: duckdb.DuckDBPyConnection,
    world: World,
    as_ofs: tuple[date, ...],
    catalogue: Catalogue,
    pairs: Pairs,
) -> None:
    """Compute every aggregate of the as-of dates; the temporary view `frame` joins them."""
    engine.execute(_spine(world, as_ofs, pairs))
    _known_tables(engine, world, as_ofs, is_sampled=not pairs.is_everything)
    compiled = compile_all(catalogue)
    values, joins = [], []
    for number, (table, rows) in enumerate(_by_table(compiled)):
        if not _is_there(world, table):
            values += [row.unknown() for row in rows]
            continue
        query = aggregate_query(f"known_{table.name}", table, rows, catalogue)
        engine.execute(f"CREATE OR REPLACE TEMP TABLE part_{number} AS {query}")
        joins.append(f"LEFT JOIN part_{number} USING ({KEY})")
        values += [row.value() for row in rows]
    derived = [value for row in declared.DERIVED for value in derived_values(row, catalogue)]
    scopes = [
        f'coalesce({product.scope}, FALSE) AS "in_scope__{product.prefix}"' for product in catalogue.products
    ]
    engine.execute(f"""
        CREATE OR REPLACE TEMP VIEW frame AS
        SELECT *, {", ".join(derived)}, {", ".join(scopes)}
        FROM (SELECT {KEY}, is_listed, {", ".join(values)} FROM spine {" ".join(joins)})""")


def rows_of_customers(world: World, table: Table, as_ofs: Sequence[date]) -> str:
    """SQL: a parenthesised relation of the known rows of a table, each with its customer.

    A row may name but a domain. A row about a subscription is its customer's while that is in force, and
    no trial.
    """
    if table.whose is Whose.DOMAIN:
        return attributed_rows(world, table, as_ofs)
    rows = known_balances(world, as_ofs) if table.made_of else known_rows(world, table, as_ofs)
    if table.whose is not Whose.SUBSCRIPTION:
        return rows
    return f"""(
        SELECT r.*, s.account_id FROM {rows} r
        JOIN (SELECT as_of, subscription_id, account_id FROM {known_rows(world, SUBSCRIPTIONS, as_ofs)}
              WHERE {is_running("as_of")} AND NOT trial) s USING (as_of, subscription_id))"""


def _is_there(world: World, table: Table) -> bool:
    """Tell whether a table was there, or what it is made of, and the one that tells whose its rows are."""
    return world.has(table) and (table.whose is not Whose.SUBSCRIPTION or world.has(SUBSCRIPTIONS))


def _known_tables(
    engine: duckdb.DuckDBPyConnection, world: World, as_ofs: tuple[date, ...], *, is_sampled: bool
) -> None:
    """Make `known_<table>` of every table that is there: views, or tables where a version must be chosen.

    Of a sample only the rows of its pairs are kept, once it is settled whose they are: so few that they are
    written down where more than two aggregates read them.
    """
    among = f"SEMI JOIN (SELECT {KEY} FROM spine) USING ({KEY})" if is_sampled else ""
    reads = Counter(name for name, _ in {(row.table.name, row.window) for row in declared.FEATURES})
    for table in {row.table.name: row.table for row in declared.FEATURES}.values():
        if not _is_there(world, table):
            continue
        rows = rows_of_customers(world, table, as_ofs)
        kind = "TABLE" if table.version_of or (is_sampled and reads[table.name] > 2) else "VIEW"
        engine.execute(f"CREATE OR REPLACE TEMP {kind} known_{table.name} AS SELECT * FROM {rows} {among}")


def _spine(world: World, as_ofs: tuple[date, ...], pairs: Pairs) -> str:
    """SQL: the customers known at each as-of date, those of the pairs, and whether they are listed."""
    listed = " UNION ALL ".join(
        f"SELECT DISTINCT DATE '{when.isoformat()}' AS as_of, account_id FROM {transacting(world, when)}"
        for when in as_ofs
    )
    with_partner = "l.account_id IS NOT NULL" if world.has(PARTNER_ACCOUNTS) else "TRUE"
    wanted = "TRUE"
    if not pairs.is_everything:
        wanted = f"{is_drawn('account_id', pairs.share)} OR ({KEY}) IN (SELECT ({KEY}) FROM extra)"
    return f"""
        CREATE OR REPLACE TEMP TABLE spine AS
        SELECT a.as_of, a.account_id, {with_partner} AND {IS_SMB} AS is_listed
        FROM {known_rows(world, ACCOUNTS, as_ofs)} a LEFT JOIN ({listed}) l USING ({KEY})
        WHERE {wanted}"""


def _by_table(compiled: tuple[Compiled, ...]) -> Iterator[tuple[Table, list[Compiled]]]:
    """Yield what is computed in one pass over a table.

    Features that add up share one for windows of so many days and one for all time; others have one a window.
    """

    def place(row: Compiled) -> tuple[str, bool, str]:
        window = row.feature.window
        bounds = str(window.first is None) if row.adds_up else f"{window.suffix} {window.current}"
        return row.feature.table.name, row.adds_up, bounds

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


def _batches(dates: tuple[date, ...], size: int) -> Iterator[tuple[date, ...]]:
    for start in range(0, len(dates), size):
        yield dates[start : start + size]
