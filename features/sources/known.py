"""Which rows were known before an instant, and which version of them counts: asked by all, answered here."""

from collections.abc import Sequence
from datetime import date

from features.sources.holders import holders
from features.sources.schema import Table
from features.sources.world import World


def known_rows(world: World, table: Table, as_ofs: Sequence[date]) -> str:
    """SQL: a parenthesised relation of the rows of `table` known before each as-of date, at 00:00 UTC.

    One row is a row of the table at an as-of date: the table's columns and `as_of` (DATE). Of several
    versions the last one known then is kept, and only if what it tells of had happened.
    """
    dates = ", ".join(f"(DATE '{when.isoformat()}')" for when in as_ofs)
    rows = f"""
        SELECT t.*, a.as_of
        FROM {world.rows(table)} t, (VALUES {dates}) a(as_of)
        WHERE {table.known_by("a.as_of")}"""
    if len(as_ofs) == 1:
        # The same without a join, which would cost a scan of many rows a quarter more.
        (when,) = as_ofs
        only = f"DATE '{when.isoformat()}'"
        rows = f"SELECT *, {only} AS as_of FROM {world.rows(table)} WHERE {table.known_by(only)}"
    if table.version_of:
        entity = ", ".join((*table.version_of, "as_of"))
        rows += f"""
        QUALIFY row_number() OVER (PARTITION BY {entity} ORDER BY {table.known_at()} DESC) = 1"""
    counted = [] if table.happened is None else [f"CAST({table.happened} AS TIMESTAMP) < as_of"]
    if table.changes_hands:
        # A part holds every version of what once was a customer's: the last one tells whose it is now.
        counted.append(world.owns(str(table.customer)))
    return f"(SELECT * FROM ({rows}) WHERE {' AND '.join(counted)})" if counted else f"({rows})"


def known_spans(world: World, table: Table) -> str:
    """SQL: a parenthesised relation of the versions of `table` and when each was the last one known.

    One row is a version: the table's columns, `known_from` and `known_until` (null for the newest). It is
    what `known_rows` gives at an instant with `known_from` before it and `known_until` not before it: cheaper
    than a row an instant, where there are many instants.
    """
    entity, known_at = ", ".join(table.version_of), table.known_at()
    return f"""(
        SELECT *, {known_at} AS known_from,
               lead({known_at}) OVER (PARTITION BY {entity} ORDER BY {known_at}) AS known_until
        FROM {world.rows(table)})"""


def attributed_rows(world: World, table: Table, as_ofs: Sequence[date]) -> str:
    """SQL: a parenthesised relation of the rows known before each as-of date, with their customers.

    One that names but a domain is the customer's who was then known as the only one to have it.
    """
    return f"""(
        SELECT s.* REPLACE (coalesce(s.account_id, h.account_id) AS account_id)
        FROM {known_rows(world, table, as_ofs)} s
        LEFT JOIN {holders(world)} h
          ON s.account_id IS NULL AND h.domain = s.domain
         AND h.sole_from < s.as_of AND (h.sole_until IS NULL OR h.sole_until >= s.as_of))"""
