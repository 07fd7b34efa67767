"""What was left out of the figures, and why: nothing is dropped in silence."""

import duckdb

from features.licenses import KEYS, Calendar
from features.sources.known import known_rows
from features.sources.license_tables import LICENSE_ASSIGNMENTS, SUBSCRIPTION_QUANTITIES
from features.sources.world import World
from reports.licenses.portfolio import TOGGLE

REASONS = (
    "messaging_only",
    "call_on_webex",
    "product_out_of_scope",
    "not_entitled",
    "insufficient_peers",
    "bad_input",
)


def build_exclusions(engine: duckdb.DuckDBPyConnection, world: World, run: Calendar) -> None:
    """Make `portfolio_exclusions`: partner_id, account_id, subscription_id, product_id, reason, detail."""
    parts = (*_scope(), *_states(), *_bad_input(world, run))
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE portfolio_exclusions AS SELECT DISTINCT * FROM ("
        + "\nUNION ALL\n".join(parts)
        + ")"
    )


def _scope() -> tuple[str, ...]:
    families = ", ".join(f"'{family}'" for family in TOGGLE)
    messaging = f"""
        SELECT partner_id, account_id, NULL AS subscription_id, NULL AS product_id,
               'messaging_only' AS reason, 'has Webex, neither Meetings nor Calling' AS detail
        FROM portfolio_holdings WHERE vendor = 'webex'
        GROUP BY partner_id, account_id
        HAVING bool_or(family = 'messaging') AND NOT bool_or(family IN ({families}, 'call_on_webex'))"""
    call_on_webex = """
        SELECT partner_id, account_id, subscription_id, product_id, 'call_on_webex',
               'Call on Webex is not Webex Calling'
        FROM portfolio_holdings WHERE family = 'call_on_webex'"""
    other = """
        SELECT partner_id, account_id, subscription_id, product_id, 'product_out_of_scope',
               vendor || ' product of family ' || family
        FROM portfolio_holdings
        WHERE (vendor = 'microsoft' AND family NOT IN ('office365', 'dynamics365'))
           OR (vendor = 'webex' AND family IN ('other', 'office365', 'dynamics365'))"""
    return messaging, call_on_webex, other


def _states() -> tuple[str, ...]:
    not_entitled = """
        SELECT partner_id, account_id, subscription_id, product_id, 'not_entitled',
               CASE WHEN NOT is_running AND status = 'active' THEN 'past its end or not yet added'
                    WHEN NOT is_running THEN 'status ' || status ELSE 'trial' END
        FROM portfolio_holdings WHERE NOT is_running OR (vendor = 'microsoft' AND trial)"""
    peers = """
        SELECT s.partner_id, s.account_id, s.subscription_id, NULL, 'insufficient_peers',
               p.family || ': ' || p.peers || ' peers'
        FROM portfolio_peers p JOIN portfolio_sections s USING (partner_id, family, subscription_id)
        WHERE p.peer_scope = 'insufficient_peers'"""
    return not_entitled, peers


def _bad_input(world: World, run: Calendar) -> tuple[str, ...]:
    """SQL: rows that no single row's check can refuse, each with the reading that was chosen."""
    sold = "JOIN portfolio_subscriptions s USING (subscription_id)"
    ends = """
        SELECT partner_id, account_id, subscription_id, NULL, 'bad_input', 'ends before it starts: left out'
        FROM portfolio_subscriptions WHERE ends_on < started_on"""
    units = f"""
        SELECT s.partner_id, s.account_id, subscription_id, product_id, 'bad_input',
               'several open quantities: the newest counts'
        FROM {known_rows(world, SUBSCRIPTION_QUANTITIES, [run.as_of])} q {sold}
        WHERE q.valid_to IS NULL OR q.valid_to >= q.as_of
        GROUP BY ALL HAVING count(*) > 1"""
    overlaps = f"""
        SELECT s.partner_id, s.account_id, a.subscription_id, a.product_id, 'bad_input',
               'overlapping assignments of one user: counted once'
        FROM (SELECT {KEYS}, assigned_at, max(coalesce(unassigned_at, TIMESTAMP 'infinity')) OVER (
                         PARTITION BY {KEYS}, user_key ORDER BY assigned_at, unassigned_at, assignment_id
                         ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS held_until
              FROM {known_rows(world, LICENSE_ASSIGNMENTS, [run.as_of])}
              SEMI JOIN (SELECT * FROM license_seats WHERE is_repeated) USING ({KEYS}, user_key)
              WHERE user_key IS NOT NULL) a {sold}
        WHERE a.assigned_at < a.held_until"""
    families = """
        SELECT partner_id, account_id, subscription_id, product_id, 'bad_input',
               'unknown product family ' || coalesce(family, '(empty)') || ': left out'
        FROM portfolio_holdings LEFT JOIN portfolio_products USING (product_id, family)
        WHERE NOT coalesce(is_family_known, FALSE)"""
    return ends, units, overlaps, families
