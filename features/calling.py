"""Call facts: calls, their users and their quality by week, and what became of queue entries.

A call is all legs of one correlation id at a customer; it belongs to the week in which its last leg ended.
"""

from dataclasses import dataclass
from datetime import date

import duckdb

from features.licenses import Calendar
from features.sources.known import known_rows
from features.sources.license_tables import CALL_FEATURES, CALLS, QUEUE_CALLS
from features.sources.world import World

CALL_WEEKS = 9
"""Eight weeks of trend, and one more for the change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoorAbove:
    """A leg without the vendor's grade is poor when a measure it has lies above one of these.

    The vendor's pages give no thresholds: these are unverified and meant to be set.
    """

    packet_loss_percent: float = 5
    latency_ms: float = 400
    jitter_ms: float = 150

    def broken(self) -> str:
        """SQL: a measure of the leg lies above its threshold; a missing one does not."""
        measures = ("packet_loss_percent", "latency_ms", "jitter_ms")
        return " OR ".join(f"coalesce({name} > {getattr(self, name)}, FALSE)" for name in measures)


def build_call_facts(
    engine: duckdb.DuckDBPyConnection, world: World, run: Calendar, *, poor_above: PoorAbove
) -> None:
    """Make the temporary tables of calls; empty where there is no source. Week 1 is the last completed one.

    `call_legs`: a leg of a call of the nine weeks, with `week`, `has_media` and `is_poor` (null: no media).
    `call_weeks`: a week with the first day it has data for; `is_known` is false before the data begins.
    `call_users`: a user in a week with its calls. `call_queue`: a queue entry of two weeks, with its `week`.
    `call_used_features`: a feature used in a call of week 1.
    """
    _legs(engine, world, run, poor_above)
    _queue(engine, world, run)
    engine.execute("""
        CREATE OR REPLACE TEMP TABLE call_users AS
        SELECT account_id, week, user_key, count(DISTINCT correlation_id) AS calls
        FROM call_legs WHERE user_key IS NOT NULL GROUP BY ALL""")
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE call_used_features AS
        SELECT DISTINCT f.account_id, f.correlation_id, f.feature
        FROM {world.rows(CALL_FEATURES)} f
        SEMI JOIN (SELECT * FROM call_legs WHERE week = 1) c
          ON c.account_id = f.account_id AND c.correlation_id = f.correlation_id""")


def _legs(engine: duckdb.DuckDBPyConnection, world: World, run: Calendar, poor_above: PoorAbove) -> None:
    end = _day(run.ends[0])
    rows = known_rows(world, CALLS, [run.as_of])
    # A day more, so that the early legs of a call that ended just after the first Sunday are there.
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE call_legs AS
        SELECT * EXCLUDE (ended_at), ({end} - CAST(ended_at AS DATE) + 6) // 7 AS week
        FROM (
            SELECT account_id, correlation_id, leg_id, user_key, client_type, duration_seconds, has_media,
                   CASE WHEN has_media THEN
                        CASE WHEN quality IS NULL THEN {poor_above.broken()} ELSE quality = 'poor' END
                   END AS is_poor,
                   max(released_at) OVER (PARTITION BY account_id, correlation_id) AS ended_at
            FROM {rows}
            WHERE released_at >= {_day(run.starts[CALL_WEEKS - 1])} - INTERVAL 1 DAY)
        WHERE ended_at < {end} AND ended_at >= {_day(run.starts[CALL_WEEKS - 1])}""")
    weeks = ", ".join(
        f"({week}, {_day(start)})" for week, start in enumerate(run.starts[:CALL_WEEKS], start=1)
    )
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE call_weeks AS
        SELECT week, week_start, coalesce(first_at < week_start + INTERVAL 7 DAY, FALSE) AS is_known
        FROM (VALUES {weeks}) w(week, week_start), (SELECT min(released_at) AS first_at FROM {rows})""")


def _queue(engine: duckdb.DuckDBPyConnection, world: World, run: Calendar) -> None:
    """Keep the queue entries of the last two weeks; voicemail counts as abandoned."""
    end = _day(run.ends[0])
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE call_queue AS
        SELECT account_id, ({end} - CAST(left_at AS DATE) + 6) // 7 AS week, outcome, wait_seconds,
               outcome IN ('hung_up', 'left_message') AS is_abandoned
        FROM {known_rows(world, QUEUE_CALLS, [run.as_of])}
        WHERE left_at < {end} AND left_at >= {_day(run.starts[1])}""")


def _day(when: date) -> str:
    return f"DATE '{when.isoformat()}'"
