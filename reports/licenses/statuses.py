"""The eight statuses of a customer; it may have several, or one through several subscriptions."""

import duckdb

from features.licenses import Calendar
from features.sources.known import known_rows
from features.sources.license_tables import CUSTOMER_PROFILES, INVOICES
from features.sources.world import World
from reports.licenses.rules import AS_OF, Rules

LIVE = "status NOT IN ('expired', 'cancelled', 'upgraded', 'deprovisioned')"


def build_statuses(engine: duckdb.DuckDBPyConnection, world: World, run: Calendar, rules: Rules) -> None:
    """Make `portfolio_invoices` and `portfolio_statuses`.

    `portfolio_invoices`: a subscription's last invoice, and since when it has owed one that is overdue.
    `portfolio_statuses`: a status of a customer at a partner, through a subscription where it is due to one:
    partner_id, account_id, customer_name, status, subscription_id, since, reason.
    """
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE portfolio_invoices AS
        SELECT subscription_id, arg_max(invoice_id, (invoiced_on, invoice_id)) AS invoice_id,
               arg_max(amount_cents, (invoiced_on, invoice_id)) AS amount_cents,
               arg_max(currency, (invoiced_on, invoice_id)) AS currency,
               arg_max(is_paid, (invoiced_on, invoice_id)) AS is_paid,
               min(due_on) FILTER (NOT is_paid AND due_on < {AS_OF}) AS overdue_since
        FROM (SELECT *, paid AND (paid_on IS NULL OR paid_on < {AS_OF}) AS is_paid
              FROM {known_rows(world, INVOICES, [run.as_of])})
        GROUP BY subscription_id""")
    parts = "\nUNION ALL\n".join((*_of_subscriptions(rules), *_of_customers(world, rules)))
    engine.execute(f"CREATE OR REPLACE TEMP TABLE portfolio_statuses AS {parts}")


def _of_subscriptions(rules: Rules) -> tuple[str, ...]:
    ends = "(trial OR NOT auto_renew) AND ends_on"
    return (
        _status("Trial", "is_running AND trial", "started_on", "'trial in progress'"),
        _status("Subscription", "is_running AND NOT trial", "started_on", "'active subscription'"),
        _status(
            "Expires soon",
            f"is_running AND {ends} - {AS_OF} BETWEEN 0 AND {rules.expires_soon_days}",
            f"greatest(added_on, ends_on - {rules.expires_soon_days})",
            "'ends on ' || ends_on",
        ),
        _status(
            "License overage",
            "is_running AND overage > 0",
            "min(over_since)",
            "sum(overage) || ' more assigned than purchased'",
            reads="portfolio_holdings",
        ),
        _status(
            "Ready for order setup", "is_running AND NOT setup_complete", "started_on", "'not fully set up'"
        ),
        _status(
            "Suspended",
            f"{LIVE} AND overdue_since IS NOT NULL",
            "overdue_since",
            "'invoice due on ' || overdue_since || ' is unpaid'",
            reads="(SELECT * FROM portfolio_subscriptions JOIN portfolio_invoices USING (subscription_id))",
        ),
    )


def _status(name: str, where: str, since: str, reason: str, *, reads: str = "portfolio_subscriptions") -> str:
    """SQL: the subscriptions that give their customer a status."""
    return f"""
        SELECT partner_id, account_id, customer_name, '{name}' AS status, subscription_id,
               {since} AS since, {reason} AS reason
        FROM {reads} WHERE {where}
        GROUP BY ALL"""


def _of_customers(world: World, rules: Rules) -> tuple[str, ...]:
    """SQL: what no single subscription decides; a sign-in that nobody recorded is unknown, not inactive."""
    idle = f"date_diff('day', CAST(last_admin_sign_in_at AS DATE), {AS_OF})"
    inactive = f"""
        SELECT partner_id, account_id, customer_name, 'No recent activity', NULL,
               CAST(last_admin_sign_in_at AS DATE) + {rules.no_activity_days},
               'no admin has signed in for ' || {idle} || ' days'
        FROM portfolio_customers WHERE {idle} >= {rules.no_activity_days}"""
    expired = """
        SELECT c.partner_id, c.account_id, c.customer_name, 'Expired', NULL, max(s.ends_on),
               CASE WHEN count(s.subscription_id) = 0 THEN 'never had a subscription'
                    ELSE 'none of ' || count(s.subscription_id) || ' subscriptions and trials is active' END
        FROM portfolio_customers c LEFT JOIN portfolio_subscriptions s USING (partner_id, account_id)
        GROUP BY c.partner_id, c.account_id, c.customer_name
        HAVING NOT coalesce(bool_or(s.is_running), FALSE)"""
    return (inactive, expired) if world.has(CUSTOMER_PROFILES) else (expired,)
