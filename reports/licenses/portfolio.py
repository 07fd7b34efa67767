"""What a partner may see: its customers, the subscriptions it sold them, and what these hold.

A customer belongs to the partner that manages it and to those that sold it something. Subscriptions, orders,
amounts and statuses are shown to the partner that sold them alone; totals over all partners are counts.
"""

import duckdb

from features.customers import Partner, roots
from features.licenses import Calendar
from features.sources.known import known_rows
from features.sources.license_tables import CUSTOMER_PROFILES, LICENSE_PRODUCTS, PRODUCT_FAMILIES
from features.sources.tables import PARTNERS
from features.sources.world import World
from reports.licenses.rules import AS_OF, PREVIOUS_WEEK, Rules, over

TOGGLE = ("meetings", "calling")
"""The families that headline figures and subscription sections are about; Call on Webex is neither."""


def build_customers(engine: duckdb.DuckDBPyConnection, world: World, run: Calendar, alone: Partner) -> None:
    """Make the temporary tables of partners; `alone` is the partner of a world without partners.

    `portfolio_sold`: a subscription or trial with the partner that sold it, null where nobody did.
    `portfolio_customers`: a partner and a customer; `manages` tells whether it is the managing one.
    `portfolio_partners`: a partner with customers. `portfolio_products`: a licensed product.
    """
    _customers(engine, world, run, alone)
    engine.execute("""
        CREATE OR REPLACE TEMP TABLE portfolio_partners AS
        SELECT DISTINCT partner_id FROM portfolio_customers""")
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE portfolio_products AS
        SELECT product_id, product_name, vendor, product_family AS family, service_code,
               product_family IN ({_listed(PRODUCT_FAMILIES)}) AS is_family_known
        FROM {world.rows(LICENSE_PRODUCTS)}""")


def build_portfolio(engine: duckdb.DuckDBPyConnection, rules: Rules) -> None:
    """Make the temporary tables of what partners sold.

    `portfolio_subscriptions`: a subscription or trial at the partner that sold it.
    `portfolio_holdings`: a product in a subscription, with units and use at the as-of date and week by week.
    `portfolio_families`: a customer that bought a family of `TOGGLE`, in whatever state that is now.
    `portfolio_sections`: a subscription in force and a family of `TOGGLE`, with the sets it belongs to.
    """
    _subscriptions(engine)
    _holdings(engine)
    _sections(engine, rules)
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE portfolio_families AS
        SELECT partner_id, account_id, customer_name, call_queue_enabled, managed_by, family
        FROM (SELECT DISTINCT partner_id, account_id, family
              FROM portfolio_holdings WHERE family IN ({_listed(TOGGLE)}))
        JOIN portfolio_customers USING (partner_id, account_id)""")


def _customers(engine: duckdb.DuckDBPyConnection, world: World, run: Calendar, alone: Partner) -> None:
    known_roots = roots(world) if world.has(PARTNERS) else "(SELECT NULL AS partner_id, NULL AS global_id)"
    engine.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE portfolio_profiles AS
        SELECT p.* REPLACE (coalesce(r.global_id, p.partner_id, $alone) AS partner_id)
        FROM {known_rows(world, CUSTOMER_PROFILES, [run.as_of])} p
        LEFT JOIN {known_roots} r ON r.partner_id = p.partner_id""",
        {"alone": alone.partner_id},
    )
    # What names no partner was sold by the managing one, unless it was bought directly.
    engine.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE portfolio_sold AS
        SELECT s.* REPLACE (coalesce(r.global_id, s.partner_id,
                   CASE WHEN lower(s.channel) = 'direct' THEN NULL ELSE coalesce(p.partner_id, $alone) END
               ) AS partner_id)
        FROM license_subscriptions s
        LEFT JOIN portfolio_profiles p ON p.account_id = s.account_id
        LEFT JOIN {known_roots} r ON r.partner_id = s.partner_id""",
        {"alone": alone.partner_id},
    )
    engine.execute("""
        CREATE OR REPLACE TEMP TABLE portfolio_customers AS
        SELECT c.partner_id, c.account_id, bool_or(c.manages) AS manages,
               coalesce(any_value(p.customer_name), c.account_id) AS customer_name,
               any_value(p.managed_by) AS managed_by, any_value(p.call_queue_enabled) AS call_queue_enabled,
               any_value(CASE WHEN p.last_admin_sign_in_at < p.as_of THEN p.last_admin_sign_in_at END)
                   AS last_admin_sign_in_at
        FROM (SELECT partner_id, account_id, TRUE AS manages FROM portfolio_profiles
              UNION ALL
              SELECT partner_id, account_id, FALSE FROM portfolio_sold WHERE partner_id IS NOT NULL) c
        LEFT JOIN portfolio_profiles p ON p.account_id = c.account_id
        GROUP BY c.partner_id, c.account_id""")


def _subscriptions(engine: duckdb.DuckDBPyConnection) -> None:
    engine.execute("""
        CREATE OR REPLACE TEMP TABLE portfolio_subscriptions AS
        SELECT s.*, c.customer_name
        FROM portfolio_sold s JOIN portfolio_customers c USING (partner_id, account_id)""")


def _holdings(engine: duckdb.DuckDBPyConnection) -> None:
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE portfolio_holdings AS
        SELECT s.*, h.product_id, coalesce(p.product_name, h.product_id) AS product_name, p.vendor, p.family,
               h.total_at[1] AS total, h.assigned_at[1] AS assigned,
               {over("h.total_at[1]", "h.assigned_at[1]")} AS available,
               {over("h.assigned_at[1]", "h.total_at[1]")} AS overage,
               h.used_in[1] AS used, h.used_in[2] AS used_before, h.used_assigned, h.used_3m,
               h.used_assigned_in[2] AS used_assigned_before,
               h.assigned_at[2] AS assigned_last, h.assigned_at[3] AS assigned_before,
               h.total_at[3] AS total_before, o.over_since
        FROM portfolio_subscriptions s
        JOIN license_holdings h USING (subscription_id)
        LEFT JOIN portfolio_products p ON p.product_id = h.product_id
        LEFT JOIN license_overages o
          ON o.subscription_id = h.subscription_id AND o.product_id = h.product_id""")


def _sections(engine: duckdb.DuckDBPyConnection, rules: Rules) -> None:
    """Sum up subscriptions by family, without netting one product's overage against another's free units."""
    soon = f"BETWEEN 0 AND {rules.soon_days}"
    sums = ", ".join(
        f"sum({name})::BIGINT AS {name}"
        for name in (
            "total", "assigned", "available", "overage", "used", "used_before", "used_assigned",
            "used_assigned_before", "used_3m", "assigned_last", "assigned_before", "total_before",
        )
    )  # fmt: skip
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE portfolio_sections AS
        SELECT partner_id, family, account_id, customer_name, subscription_id, trial, auto_renew, added_on,
               ends_on, coalesce(renews_on, ends_on) AS renewal_on, {sums}, min(over_since) AS over_since,
               {AS_OF} - added_on AS days_since_added,
               ends_on - {AS_OF} AS days_until_end,
               coalesce(renews_on, ends_on) - {AS_OF} AS days_until_renewal,
               added_on <= {PREVIOUS_WEEK} AS has_two_weeks,
               first_added_on >= {AS_OF} - {rules.soon_days} AS is_new_customer,
               days_since_added {soon} AS is_recent,
               coalesce((trial OR NOT auto_renew) AND days_until_end {soon}, FALSE) AS is_expiring,
               coalesce(NOT trial AND auto_renew AND days_until_renewal {soon}, FALSE) AS is_renewing,
               coalesce(sum(overage) > 0, FALSE) AS is_over
        FROM portfolio_holdings
        JOIN (SELECT partner_id, account_id, min(added_on) AS first_added_on
              FROM portfolio_subscriptions GROUP BY ALL) USING (partner_id, account_id)
        WHERE is_running AND family IN ({_listed(TOGGLE)})
        GROUP BY ALL""")


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)
