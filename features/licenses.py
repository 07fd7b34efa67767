"""Licence facts: units, assignments and use of every subscription at an instant and week by week.

Computed once a run in DuckDB, over the rows known before the as-of date, and shared by all licence reports.
The state at an instant is the one just before it, so that what happens at the as-of instant is not yet known.
A week is `[Sunday, next Sunday)` in UTC; week 1 is the last completed one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from features.periods import completed_weeks
from features.sources.known import known_rows, known_spans
from features.sources.license_tables import (
    LICENSE_ASSIGNMENTS,
    LICENSE_SNAPSHOTS,
    SUBSCRIPTION_QUANTITIES,
    SUBSCRIPTIONS,
    USAGE_DAILY,
    WORKLOADS,
)
from features.sources.world import World

WEEKS = 13
ACTIVE_BIT = WEEKS + 1
QUARTER_BIT = WEEKS + 2
"""Bits of an activity mask: 1 to 13 the weeks, then 28 days and three months before the as-of date."""
KEYS = "subscription_id, product_id"


@dataclass(frozen=True, slots=True)
class Calendar:
    """The instants of a run: the as-of date and the first Sundays of its completed weeks, newest first."""

    as_of: date
    starts: tuple[date, ...]

    @property
    def ends(self) -> tuple[date, ...]:
        """The ends of the weeks: each the Sunday after its start."""
        return tuple(start + timedelta(weeks=1) for start in self.starts)

    @property
    def points(self) -> tuple[date, ...]:
        """The as-of date, then the end of each week, newest first."""
        return (self.as_of, *self.ends)


def calendar(as_of: date) -> Calendar:
    """Lay out the weeks of a run."""
    return Calendar(as_of, completed_weeks(as_of, WEEKS))


def build_facts(engine: duckdb.DuckDBPyConnection, world: World, as_of: date) -> Calendar:
    """Make the temporary tables that licence reports read; all of them, empty where a source is not there.

    `license_subscriptions`: a subscription or trial as known at the as-of date, with `is_running`.
    `license_states`: a subscription, `running` at which points (bit 0 the as-of date, k the end of week k).
    `license_activity`: a user of a product in a workload, with the mask of when it was active.
    `license_seats`: a licence of a user in a subscription: masks of when it was assigned and when
    used; `is_user` is false for a workspace, `is_repeated` true where it was assigned more than once.
    `license_holdings`: a product in a subscription: `total_at`, `assigned_at` (lists over the points),
    `used_in`, `used_assigned_in` (over the weeks), `used_assigned` (in week 1, assigned now), `used_3m`.
    A null is no data; a zero was counted.
    """
    run = calendar(as_of)
    _subscriptions(engine, world, run)
    _activity(engine, world, run)
    _seats(engine, world, run)
    _units(engine, world, run)
    _snapshots(engine, world, run)
    _holdings(engine, world, run)
    return run


def is_running(when: str) -> str:
    """SQL over a known version of a subscription: in force on the date that the expression `when` gives.

    What renews by itself passes the end of its term; what ends before it starts never was in force.
    """
    return f"""(status = 'active' AND added_on <= {when} AND NOT coalesce(ends_on < started_on, FALSE)
        AND (ends_on IS NULL OR ends_on >= {when} OR (auto_renew AND NOT trial)))"""


def known_balances(world: World, as_ofs: Sequence[date]) -> str:
    """SQL: a parenthesised relation of `LICENSE_BALANCES` just before each as-of date, and `as_of` (DATE).

    It counts as `license_holdings` does at its first point; what nobody knows the units of has no row.
    """
    return f"""(
        SELECT as_of, {KEYS}, total_units, coalesce(assigned_units, 0) AS assigned_units
        FROM (
            SELECT as_of, {KEYS}, coalesce(arg_max(total_units, valid_from)
                FILTER (valid_to IS NULL OR valid_to >= as_of), 0) AS total_units
            FROM {known_rows(world, SUBSCRIPTION_QUANTITIES, as_ofs)} GROUP BY ALL)
        LEFT JOIN (
            SELECT as_of, {KEYS}, count(DISTINCT coalesce(user_key, assignment_id)) AS assigned_units
            FROM {known_rows(world, LICENSE_ASSIGNMENTS, as_ofs)}
            WHERE unassigned_at IS NULL OR unassigned_at >= as_of GROUP BY ALL) USING (as_of, {KEYS}))"""


def _subscriptions(engine: duckdb.DuckDBPyConnection, world: World, run: Calendar) -> None:
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE license_subscriptions AS
        SELECT *, {is_running("as_of")} AS is_running FROM {known_rows(world, SUBSCRIPTIONS, [run.as_of])}""")
    mask = " | ".join(
        f"CASE WHEN known_from < {_day(when)} AND (known_until IS NULL OR known_until >= {_day(when)})"
        f" AND {is_running(_day(when))} THEN {1 << point} ELSE 0 END"
        for point, when in enumerate(run.points)
    )
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE license_states AS
        SELECT subscription_id, bit_or(({mask})::INTEGER) AS running
        FROM {known_spans(world, SUBSCRIPTIONS)} GROUP BY subscription_id""")


def _activity(engine: duckdb.DuckDBPyConnection, world: World, run: Calendar) -> None:
    """Scan the daily usage once: everything else about use is read from one row a user and workload.

    A subscription that is not yet known reads as none: the use is kept.
    """
    end, as_of = _day(run.ends[0]), _day(run.as_of)
    quarter = f"CAST({as_of} - INTERVAL 3 MONTH AS DATE)"
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE license_activity AS
        SELECT a.account_id, s.subscription_id, a.product_id, a.user_key,
               coalesce(w.rollup_workload_code, a.workload_code) AS workload, a.mask
        FROM (
            SELECT account_id, subscription_id, product_id, workload_code, user_key, bit_or(
                CASE WHEN used_on < {end} AND used_on >= {end} - {7 * WEEKS}
                     THEN 1::INTEGER << (({end} - used_on + 6) // 7)::INTEGER ELSE 0 END
                | CASE WHEN used_on >= {as_of} - 28 THEN {1 << ACTIVE_BIT}::INTEGER ELSE 0 END
                | CASE WHEN used_on >= {quarter} THEN {1 << QUARTER_BIT}::INTEGER ELSE 0 END) AS mask
            FROM {known_rows(world, USAGE_DAILY, [run.as_of])}
            WHERE used_on >= least({end} - {7 * WEEKS}, {quarter}) AND activity_count > 0
            GROUP BY ALL) a
        LEFT JOIN license_subscriptions s ON s.subscription_id = a.subscription_id
        LEFT JOIN {world.rows(WORKLOADS)} w ON w.workload_code = a.workload_code""")


def _seats(engine: duckdb.DuckDBPyConnection, world: World, run: Calendar) -> None:
    """Bring together who has a licence and who uses one, in one grouping of both."""
    mask = " | ".join(
        f"CASE WHEN assigned_at < {_day(when)} AND (unassigned_at IS NULL OR unassigned_at >= {_day(when)})"
        f" THEN {1 << point} ELSE 0 END"
        for point, when in enumerate(run.points)
    )
    _unnamed_use(engine, world, run)
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE license_seats AS
        SELECT {KEYS}, user_key, bit_or(assigned) AS assigned, bit_or(used) AS used,
               coalesce(bool_or(is_user), TRUE) AS is_user, count(is_user) > 1 AS is_repeated
        FROM (
            SELECT {KEYS}, coalesce(user_key, assignment_id) AS user_key, ({mask})::INTEGER AS assigned,
                   0 AS used, assignee_type = 'user' AS is_user
            FROM {known_rows(world, LICENSE_ASSIGNMENTS, [run.as_of])}
            UNION ALL
            SELECT {KEYS}, user_key, 0, mask, NULL FROM license_activity WHERE subscription_id IS NOT NULL
            UNION ALL
            SELECT {KEYS}, user_key, 0, mask, NULL FROM unnamed_use)
        GROUP BY {KEYS}, user_key""")
    engine.execute("DROP TABLE unnamed_use")


def _unnamed_use(engine: duckdb.DuckDBPyConnection, world: World, run: Calendar) -> None:
    """Make `unnamed_use`: use that names no subscription, told to its customer's only one with the product.

    There is little of it or none, which a table tells the engine and a subquery does not: it then spares the
    join of every assignment.
    """
    holdings = known_rows(world, SUBSCRIPTION_QUANTITIES, [run.as_of])
    assigned = known_rows(world, LICENSE_ASSIGNMENTS, [run.as_of])
    engine.execute("""
        CREATE OR REPLACE TEMP TABLE unnamed AS
        SELECT account_id, product_id, user_key, mask FROM license_activity WHERE subscription_id IS NULL""")
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE unnamed_use AS
        WITH single AS (
            SELECT account_id, product_id, min(subscription_id) AS subscription_id
            FROM (SELECT {KEYS} FROM {holdings} UNION ALL SELECT {KEYS} FROM {assigned})
            JOIN (SELECT * FROM license_subscriptions SEMI JOIN unnamed USING (account_id))
              USING (subscription_id)
            GROUP BY account_id, product_id HAVING count(DISTINCT subscription_id) = 1)
        SELECT {KEYS}, user_key, mask FROM unnamed JOIN single USING (account_id, product_id)""")
    engine.execute("DROP TABLE unnamed")


def _units(engine: duckdb.DuckDBPyConnection, world: World, run: Calendar) -> None:
    """Count the units at each point; of several that are valid at once the newest counts."""
    totals = ", ".join(
        f"coalesce(arg_max(total_units, valid_from) FILTER (valid_from < {_day(when)}"
        f" AND (valid_to IS NULL OR valid_to >= {_day(when)})), 0)"
        for when in run.points
    )
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE license_units AS
        SELECT {KEYS}, [{totals}]::BIGINT[] AS total_at
        FROM {known_rows(world, SUBSCRIPTION_QUANTITIES, [run.as_of])} GROUP BY {KEYS}""")


def _snapshots(engine: duckdb.DuckDBPyConnection, world: World, run: Calendar) -> None:
    """Read the vendor's own counts: the newest before each point, and of each week the newest taken in it."""

    def newest(value: str, since: date | None, until: date) -> str:
        after = "" if since is None else f"snapshot_at > {_day(since)} AND "
        return f"arg_max({value}, snapshot_at) FILTER ({after}snapshot_at <= {_day(until)})"

    weeks = tuple(zip(run.starts, run.ends, strict=True))
    totals = ", ".join(newest("total_units", None, when) for when in run.points)
    consumed = ", ".join(newest("consumed_units", None, when) for when in run.points)
    used = ", ".join(newest("used7d", *week) for week in weeks)
    used_assigned = ", ".join(newest("used_assigned7d", *week) for week in weeks)
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE license_counts AS
        SELECT {KEYS}, [{totals}] AS total_at, [{consumed}] AS assigned_at, [{used}] AS used_in,
               [{used_assigned}] AS used_assigned_in, {newest("used_assigned7d", *weeks[0])} AS used_assigned,
               {newest("used3m", None, run.as_of)} AS used_3m
        FROM {known_rows(world, LICENSE_SNAPSHOTS, [run.as_of])} GROUP BY {KEYS}""")


def _holdings(engine: duckdb.DuckDBPyConnection, world: World, run: Calendar) -> None:
    """Bring units, seats and snapshots together; what its own table does not tell, snapshots do."""
    first = _first_usage(engine, world, run)
    seen = [first is not None and first < end for end in run.ends]
    bought, assigned, used = (
        world.has(SUBSCRIPTION_QUANTITIES),
        world.has(LICENSE_ASSIGNMENTS),
        first is not None,
    )
    always = [True] * (WEEKS + 1)
    used_now = "(used >> 1) & assigned" if seen[0] else None
    seats = (
        ("assigned_at", assigned, _list("assigned", always, start=0), _zeros(always)),
        ("used_in", used, _list("used", seen), _zeros(seen)),
        ("used_assigned_in", used and assigned, _list("used & assigned", seen), _zeros(seen)),
        ("used_assigned", used and assigned, _licences(used_now, 0), "0" if seen[0] else "NULL::BIGINT"),
        ("used_3m", used, _licences("used", QUARTER_BIT), "0"),
    )
    counted = ", ".join(f"{value} AS {name}" for name, _, value, _ in seats)
    chosen = ", ".join(
        f"{f'coalesce(s.{name}, {nobody})' if told else f'c.{name}'} AS {name}"
        for name, told, _, nobody in seats
    )
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE license_holdings AS
        SELECT {KEYS}, {"u" if bought else "c"}.total_at, {chosen}
        FROM (SELECT {KEYS}, {counted} FROM license_seats GROUP BY {KEYS}) s
        FULL JOIN license_units u USING ({KEYS})
        FULL JOIN license_counts c USING ({KEYS})""")
    engine.execute("DROP TABLE license_units; DROP TABLE license_counts")


def _licences(mask: str | None, bit: int) -> str:
    return "NULL::BIGINT" if mask is None else f"count_if(({mask}) & {1 << bit} <> 0)::BIGINT"


def _list(mask: str, there: Sequence[bool], *, start: int = 1) -> str:
    """SQL: the licences whose mask has the bit of each point or week; null where the data does not reach."""
    counts = (_licences(mask if known else None, bit) for bit, known in enumerate(there, start=start))
    return f"[{', '.join(counts)}]"


def _zeros(there: Sequence[bool]) -> str:
    return "[" + ", ".join("0" if known else "NULL" for known in there) + "]::BIGINT[]"


def _first_usage(engine: duckdb.DuckDBPyConnection, world: World, run: Calendar) -> date | None:
    """Return the first day of the daily usage; None where there is none, which is no data and not no use."""
    # The earliest of all rows is the earliest known one, if any is known: a day is known when it is over.
    ((first,),) = engine.execute(f"SELECT min(used_on) FROM {world.rows(USAGE_DAILY)}").fetchall()
    return first if isinstance(first, date) and first < run.as_of else None


def _day(when: date) -> str:
    return f"DATE '{when.isoformat()}'"
