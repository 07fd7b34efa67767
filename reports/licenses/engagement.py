"""Calling engagement and training: what partners see of their customers' calls, queues and questions."""

import duckdb

from features.licenses import Calendar
from features.sources.known import known_rows
from features.sources.license_tables import LICENSE_ASSIGNMENTS, SUPPORT_TICKETS
from features.sources.world import World
from reports.licenses.rules import AS_OF, Rules, percent

BAND = (
    """CASE WHEN calls = 0 THEN '0' WHEN calls <= 4 THEN '1-4' WHEN calls <= 19 THEN '5-19' ELSE '20+' END"""
)
BANDS = ("0", "1-4", "5-19", "20+")
"""Calls of a user in a week."""


def build_engagement(engine: duckdb.DuckDBPyConnection, world: World, run: Calendar, rules: Rules) -> None:
    """Make the temporary tables of engagement.

    `calling_customers`: a customer that bought Webex Calling. `calling_calls`: one of its calls.
    `calling_bands`: users and calls by band and week. `calling_queue`: a queue entry;
    `calling_queue_customers`: a customer's entries summed up.
    `training_offers`: a Microsoft customer with its adoption and its how-to questions.
    """
    engine.execute("""
        CREATE OR REPLACE TEMP TABLE calling_customers AS
        SELECT * FROM portfolio_families WHERE family = 'calling'""")
    engine.execute("""
        CREATE OR REPLACE TEMP TABLE calling_calls AS
        SELECT c.partner_id, l.account_id, l.week, l.correlation_id, bool_or(l.has_media) AS has_media,
               coalesce(bool_or(l.is_poor), FALSE) AS is_poor, max(l.duration_seconds) AS seconds
        FROM call_legs l JOIN calling_customers c USING (account_id)
        GROUP BY ALL""")
    _bands(engine, world)
    _queue(engine)
    _training(engine, world, run, rules)


def _bands(engine: duckdb.DuckDBPyConnection, world: World) -> None:
    """Users with a Calling licence or a call; who called without a licence is counted too."""
    bands = ", ".join(f"('{band}', {place})" for place, band in enumerate(BANDS))
    idle_known = "TRUE" if world.has(LICENSE_ASSIGNMENTS) else f"b.band <> '{BANDS[0]}'"
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE calling_bands AS
        WITH weeks AS (SELECT * FROM call_weeks WHERE week <= 8),
        holders AS (
            SELECT DISTINCT h.partner_id, h.account_id, w.week, s.user_key
            FROM portfolio_holdings h JOIN license_seats s USING (subscription_id, product_id)
            JOIN (SELECT * FROM weeks WHERE is_known) w ON (s.assigned >> w.week::INTEGER) & 1 = 1
            WHERE h.family = 'calling' AND s.is_user),
        users AS (
            SELECT partner_id, account_id, week, user_key, max(calls) AS calls
            FROM (SELECT *, 0 AS calls FROM holders
                  UNION ALL BY NAME
                  SELECT c.partner_id, u.* FROM call_users u JOIN calling_customers c USING (account_id))
            GROUP BY ALL),
        counted AS (
            SELECT partner_id, week, {BAND} AS band, count(*) AS users, sum(calls)::BIGINT AS calls
            FROM users GROUP BY ALL)
        SELECT p.partner_id, w.week_start, b.band, b.place,
               CASE WHEN w.is_known AND {idle_known} THEN coalesce(c.users, 0) END AS users,
               CASE WHEN w.is_known THEN coalesce(c.calls, 0) END AS calls
        FROM portfolio_partners p CROSS JOIN weeks w CROSS JOIN (VALUES {bands}) b(band, place)
        LEFT JOIN counted c ON c.partner_id = p.partner_id AND c.week = w.week AND c.band = b.band""")


def _queue(engine: duckdb.DuckDBPyConnection) -> None:
    engine.execute("""
        CREATE OR REPLACE TEMP TABLE calling_queue AS
        SELECT c.partner_id, c.family, c.customer_name, c.call_queue_enabled, q.*
        FROM call_queue q JOIN calling_customers c USING (account_id)""")
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE calling_queue_customers AS
        SELECT *, {percent("abandoned", "entered")} AS abandoned_rate
        FROM (
            SELECT partner_id, family, account_id, customer_name, call_queue_enabled,
                   count(*) AS entered, count(*) FILTER (outcome = 'answered') AS answered,
                   count(*) FILTER (outcome = 'moved_to_queue') AS moved,
                   count(*) FILTER (is_abandoned) AS abandoned,
                   coalesce(sum(wait_seconds) FILTER (NOT is_abandoned), 0) AS waited,
                   coalesce(sum(wait_seconds) FILTER (is_abandoned), 0) AS waited_in_vain
            FROM calling_queue WHERE week = 1 GROUP BY ALL)""")


def _training(engine: duckdb.DuckDBPyConnection, world: World, run: Calendar, rules: Rules) -> None:
    """Low adoption is a usage percentage, many questions a rate per 100 assigned licences."""
    tickets = "coalesce(t.questions, 0)" if world.has(SUPPORT_TICKETS) else "NULL::BIGINT"
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE training_offers AS
        SELECT *, coalesce(usage < {rules.low_adoption_percent * 100}, FALSE) AS is_low_adoption,
               coalesce(deployed > 0 AND questions * 100 > {rules.how_to_per_100} * deployed, FALSE)
                   AS has_many_questions
        FROM (
            SELECT p.partner_id, p.account_id, p.customer_name, p.deployed, u.active, u.qualified,
                   {percent("u.active", "u.qualified")} AS usage, {tickets} AS questions
            FROM (SELECT partner_id, account_id, any_value(customer_name) AS customer_name,
                         sum(deployed)::BIGINT AS deployed
                  FROM center_products WHERE scope = 'all_partners' GROUP BY ALL) p
            LEFT JOIN (SELECT partner_id, account_id, sum(active)::BIGINT AS active,
                              sum(qualified)::BIGINT AS qualified
                       FROM center_usage WHERE scope = 'all_partners' GROUP BY ALL) u
              ON u.partner_id = p.partner_id AND u.account_id = p.account_id
            LEFT JOIN (SELECT account_id, count(*) AS questions
                       FROM {known_rows(world, SUPPORT_TICKETS, [run.as_of])}
                       WHERE kind = 'how_to' AND opened_at >= {AS_OF} - {rules.how_to_days} GROUP BY ALL) t
              ON t.account_id = p.account_id)""")
