"""The accepted rows of a table, written as a world has them: by buckets of customers, each sorted."""

import hashlib
import shutil
from pathlib import Path

import duckdb

from features.sources.files import literal
from features.sources.holders import DOMAIN_HOLDERS, sole_holders
from features.sources.license_tables import SUBSCRIPTIONS
from features.sources.schema import Table, Whose
from features.sources.tables import ACCOUNTS
from features.sources.world import World, bucket_of

CUSTOMERS_IN_BUCKET = 50_000


def count_buckets(engine: duckdb.DuckDBPyConnection, accounts: str, customers_in_bucket: int) -> int:
    """Return into how many buckets the customers of the relation are dealt, so many in each on average."""
    row = engine.execute(f"SELECT count(DISTINCT account_id) FROM {accounts}").fetchone()
    return max(1, -(-int(row[0] if row else 0) // customers_in_bucket))


def prepare(engine: duckdb.DuckDBPyConnection) -> None:
    """Make ready for worlds without the tables that tell whose a row is."""
    for link in ("domain", "subscription_id"):
        engine.execute(
            f"CREATE OR REPLACE TEMP TABLE homes_{link} ({link} VARCHAR, bucket INTEGER, is_home BOOLEAN)"
        )


def keep(engine: duckdb.DuckDBPyConnection, world: World, table: Table, accepted: str) -> str:
    """Write the rows of a table (a parenthesised relation of its columns) as the files of the world.

    `ACCOUNTS` and `SUBSCRIPTIONS` come before the tables whose rows find their customer by them.

    Returns:
        The SHA-256 of its file; of several, that of their digests in order.
    """
    paths = world.files(table)
    if len(paths) == 1:
        _sort(engine, table, accepted, paths[0])
        return _digest(paths[0])
    _deal(engine, world, table, accepted)
    if table is ACCOUNTS:
        keep(engine, world, DOMAIN_HOLDERS, sole_holders(world.rows(ACCOUNTS)))
        _find_homes(engine, world, DOMAIN_HOLDERS, "domain")
    elif table is SUBSCRIPTIONS:
        _find_homes(engine, world, SUBSCRIPTIONS, "subscription_id")
    shared = (path for part in world.parts() for path in part.shared(table))
    return hashlib.sha256("".join(map(_digest, (*paths, *shared))).encode()).hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sort(engine: duckdb.DuckDBPyConnection, table: Table, rows: str, to: Path) -> None:
    first = () if table.customer is None else (table.customer,)
    order = ", ".join(dict.fromkeys((*first, *table.key)))
    engine.execute(
        f"COPY (SELECT * FROM {rows} ORDER BY {order})"
        f" TO {literal(str(to))} (FORMAT parquet, COMPRESSION zstd)"
    )


def _deal(engine: duckdb.DuckDBPyConnection, world: World, table: Table, accepted: str) -> None:
    """Write every row to its bucket and to those that share it, then sort one bucket after the other."""
    (world.folder / table.name).mkdir(exist_ok=True)
    dealt = world.folder / f"{table.name}.dealt"
    piles = [("own", _own(world, table, accepted), [part.files(table)[0] for part in world.parts()])]
    if table.is_shared:
        paths = [part.shared(table)[0] for part in world.parts()]
        piles.append(("shared", _shared(world, table, accepted), paths))
    for name, rows, paths in piles:
        pile = dealt / name
        pile.mkdir(parents=True)
        engine.execute(
            f"COPY ({rows}) TO {literal(str(pile))}"
            " (FORMAT parquet, COMPRESSION snappy, PARTITION_BY (bucket), OVERWRITE_OR_IGNORE)"
        )
        for bucket, path in enumerate(paths):
            found = pile / f"bucket={bucket}"
            there = f"read_parquet({literal(str(found / '*.parquet'))}, hive_partitioning = false)"
            _sort(engine, table, there if found.exists() else f"(FROM {accepted} LIMIT 0)", path)
            shutil.rmtree(found, ignore_errors=True)
    shutil.rmtree(dealt)


def _find_homes(engine: duckdb.DuckDBPyConnection, world: World, table: Table, link: str) -> None:
    """Make the table `homes_<link>`: the buckets that a link leads to, one of them its home."""
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE homes_{link} AS
        SELECT {link}, bucket, bucket = min(bucket) OVER (PARTITION BY {link}) AS is_home
        FROM (SELECT DISTINCT {link}, {bucket_of("account_id", world.buckets)} AS bucket
              FROM {world.rows(table)})""")


def _own(world: World, table: Table, accepted: str) -> str:
    """SQL: the rows, each with the bucket that holds it; what leads to no customer goes to the first."""
    named = bucket_of(f"r.{table.customer}", world.buckets)
    match table.whose:
        case Whose.DOMAIN:
            homes = "LEFT JOIN homes_domain h ON r.account_id IS NULL AND h.domain = r.domain AND h.is_home"
            bucket = f"CASE WHEN r.account_id IS NULL THEN coalesce(h.bucket, 0) ELSE {named} END"
        case Whose.SUBSCRIPTION:
            homes = "LEFT JOIN homes_subscription_id h ON h.subscription_id = r.subscription_id AND h.is_home"
            bucket = "coalesce(h.bucket, 0)"
        case _:
            homes, bucket = "", named
    return f"SELECT r.*, {bucket} AS bucket FROM {accepted} r {homes}"


def _shared(world: World, table: Table, accepted: str) -> str:
    """SQL: the rows, each with a bucket that another one holds it for."""
    if table.whose is Whose.DOMAIN:
        away = "JOIN homes_domain h ON r.account_id IS NULL AND h.domain = r.domain AND NOT h.is_home"
    elif table.whose is Whose.SUBSCRIPTION:
        away = "JOIN homes_subscription_id h ON h.subscription_id = r.subscription_id AND NOT h.is_home"
    else:
        thing, bucket = ", ".join(table.version_of), bucket_of(str(table.customer), world.buckets)
        away = f"""
            JOIN (SELECT DISTINCT {thing}, bucket
                  FROM (SELECT {thing}, {bucket} AS bucket FROM {accepted})
                  WINDOW of_thing AS (PARTITION BY {thing})
                  QUALIFY min(bucket) OVER of_thing <> max(bucket) OVER of_thing) h
              USING ({thing})
            WHERE h.bucket <> {bucket_of(f"r.{table.customer}", world.buckets)}"""
    return f"SELECT r.*, h.bucket FROM {accepted} r {away}"
