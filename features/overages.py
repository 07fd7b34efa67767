"""Since when a subscription has had more licences assigned than purchased."""

import duckdb

from features.licenses import KEYS, Calendar
from features.sources.known import known_rows
from features.sources.license_tables import LICENSE_ASSIGNMENTS, LICENSE_SNAPSHOTS, SUBSCRIPTION_QUANTITIES
from features.sources.world import World


def build_overages(engine: duckdb.DuckDBPyConnection, world: World, run: Calendar) -> None:
    """Make `license_overages`: a product in a subscription over its limit, and `over_since`.

    Reads `license_holdings` and `license_seats`. `over_since` is the day on which the current stretch above
    the limit began; with snapshots alone, the day of the first of them that shows it.
    """
    engine.execute("""
        CREATE OR REPLACE TEMP TABLE over_now AS
        SELECT subscription_id, product_id FROM license_holdings WHERE assigned_at[1] > total_at[1]""")
    detailed = world.has(LICENSE_ASSIGNMENTS) and world.has(SUBSCRIPTION_QUANTITIES)
    states = _changes(world, run) if detailed else _snapshots(world, run)
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE license_overages AS
        WITH states AS ({states}), within AS (
            SELECT {KEYS}, max(seen_at) FILTER (NOT is_over) AS last_within FROM states GROUP BY {KEYS})
        SELECT {KEYS}, CAST(min(seen_at) AS DATE) AS over_since
        FROM states JOIN within USING ({KEYS})
        WHERE is_over AND (last_within IS NULL OR seen_at > last_within)
        GROUP BY {KEYS}""")
    engine.execute("DROP TABLE over_now")


def _changes(world: World, run: Calendar) -> str:
    """SQL: after every change of an over-limit holding, whether it was over; a user counts once at a time."""
    as_of = f"DATE '{run.as_of.isoformat()}'"
    assigned, units = (
        f"(SELECT * FROM {known_rows(world, table, [run.as_of])} SEMI JOIN over_now USING ({KEYS}))"
        for table in (LICENSE_ASSIGNMENTS, SUBSCRIPTION_QUANTITIES)
    )
    return f"""
        WITH spans AS (
            SELECT {KEYS}, coalesce(user_key, assignment_id) AS holder, assigned_at,
                   CASE WHEN unassigned_at < {as_of} THEN unassigned_at ELSE TIMESTAMP 'infinity' END AS until
            FROM {assigned}),
        repeated AS (
            SELECT {KEYS}, user_key AS holder FROM license_seats WHERE is_repeated),
        marked AS (
            SELECT *, coalesce(assigned_at > max(until) OVER (
                PARTITION BY {KEYS}, holder ORDER BY assigned_at, until
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), TRUE) AS begins
            FROM spans SEMI JOIN repeated USING ({KEYS}, holder)),
        merged AS (
            SELECT {KEYS}, assigned_at AS since, until FROM spans ANTI JOIN repeated USING ({KEYS}, holder)
            UNION ALL
            SELECT {KEYS}, min(assigned_at) AS since, max(until) AS until
            FROM (SELECT *, sum(begins::INTEGER) OVER (
                      PARTITION BY {KEYS}, holder ORDER BY assigned_at, until) AS span FROM marked)
            GROUP BY {KEYS}, holder, span),
        steps AS (
            SELECT {KEYS}, since AS seen_at, 1 AS step FROM merged
            UNION ALL SELECT {KEYS}, until, -1 FROM merged WHERE isfinite(until)
            UNION ALL SELECT {KEYS}, valid_from, 0 FROM {units}
            UNION ALL SELECT {KEYS}, valid_to, 0 FROM {units} WHERE valid_to < {as_of}),
        counted AS (
            SELECT {KEYS}, seen_at, sum(sum(step)) OVER (PARTITION BY {KEYS} ORDER BY seen_at) AS assigned
            FROM steps GROUP BY {KEYS}, seen_at)
        SELECT c.subscription_id, c.product_id, c.seen_at, c.assigned > CASE
                   WHEN u.valid_to <= c.seen_at THEN 0 ELSE coalesce(u.total_units, 0) END AS is_over
        FROM counted c ASOF LEFT JOIN {units} u
          ON u.subscription_id = c.subscription_id AND u.product_id = c.product_id
             AND c.seen_at >= u.valid_from"""


def _snapshots(world: World, run: Calendar) -> str:
    return f"""
        SELECT {KEYS}, snapshot_at AS seen_at, consumed_units > total_units AS is_over
        FROM {known_rows(world, LICENSE_SNAPSHOTS, [run.as_of])} SEMI JOIN over_now USING ({KEYS})"""
