"""A world of some of its customers: the same files with fewer rows, read where a whole one would be dear."""

from collections.abc import Collection, Iterator
from pathlib import Path

import duckdb

from features.sources.files import literal
from features.sources.holders import DOMAIN_HOLDERS, holders
from features.sources.license_tables import SUBSCRIPTIONS
from features.sources.schema import Table, Whose
from features.sources.tables import ACCOUNTS
from features.sources.world import World


def thin(
    engine: duckdb.DuckDBPyConnection,
    part: World,
    customers: str,
    tables: Collection[Table],
    to: Path,
) -> World:
    """Write the rows of some customers (a relation of account_id) of a world or part below another folder.

    What features read of those customers is the same as in the whole; of others there may be rows as well,
    and the tables of `customers` themselves, and those about nobody, are whole. Only `tables` are written.
    """
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE kept_customer AS SELECT DISTINCT account_id FROM {customers}"
    )
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE kept_domain AS
        SELECT DISTINCT domain FROM {holders(part)} SEMI JOIN kept_customer USING (account_id)""")
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE kept_subscription AS
        SELECT DISTINCT subscription_id FROM {part.rows(SUBSCRIPTIONS)}
        SEMI JOIN kept_customer USING (account_id)""")
    for table, path in _files(part, tables):
        target = to / path.relative_to(part.folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        rows = f"read_parquet({literal(str(path))})"
        engine.execute(
            f"COPY (SELECT * FROM {rows} WHERE {_is_kept(part, table)})"
            f" TO {literal(str(target))} (FORMAT parquet, COMPRESSION snappy)"
        )
    return World(to, part.present, part.buckets, part.bucket)


def _files(part: World, tables: Collection[Table]) -> Iterator[tuple[Table, Path]]:
    dealt = (DOMAIN_HOLDERS,) if part.buckets > 1 else ()
    for table in (*dealt, *(table for table in part.present if table in tables)):
        for path in (*part.files(table), *part.shared(table)):
            yield table, path


def _is_kept(part: World, table: Table) -> str:
    """SQL: a row of the table is about a customer that is kept, or was, or may be."""
    named = f"{table.customer} IN (FROM kept_customer)"
    if table in (ACCOUNTS, DOMAIN_HOLDERS):
        return "TRUE"
    match table.whose:
        case Whose.NOBODY:
            return "TRUE"
        case Whose.DOMAIN:
            return f"{named} OR ({table.customer} IS NULL AND domain IN (FROM kept_domain))"
        case Whose.SUBSCRIPTION:
            return "subscription_id IN (FROM kept_subscription)"
        case Whose.ACCOUNT if table.changes_hands:
            # Of what changes hands every version counts: the last one tells whose it is.
            thing = ", ".join(table.version_of)
            return f"({thing}) IN (SELECT ({thing}) FROM {part.rows(table)} WHERE {named})"
        case _:
            return named
