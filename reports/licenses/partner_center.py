"""Deployment and usage of licences by product, workload, customer and partner, and why usage exceeds 100 %.

From the licence contract, section 1.1. Two scopes: licences bought from anyone, and those the partner sold.
"""

import duckdb

from features.licenses import ACTIVE_BIT, Calendar
from features.sources.known import known_rows
from features.sources.license_tables import LICENSE_ASSIGNMENTS, USAGE_DAILY, USAGE_SNAPSHOTS, WORKLOADS
from features.sources.world import World
from reports.licenses.rules import PROCESSED

SERVICES = "CASE family WHEN 'office365' THEN 'o365' WHEN 'dynamics365' THEN 'crm' END"
"""SQL: the vendor's name of a product's service; null for what deployment and usage do not cover."""
CAUSES = ("trial", "grace_period", "turnover", "yammer")
"""In the order in which an excess user is told to one of them."""
CAUSE = """CASE WHEN on_trial AND NOT is_entitled THEN 'trial'
    WHEN on_lapsed AND NOT is_entitled THEN 'grace_period'
    WHEN has_moved THEN 'turnover'
    WHEN lower(workload) = 'yammer' AND NOT has_licence THEN 'yammer' END"""
"""SQL: why an active user may be one more than the entitlements; null for an ordinary one."""
CHOSEN = "scope, partner_id, account_id, product_id"


def build_partner_center(engine: duckdb.DuckDBPyConnection, world: World, run: Calendar) -> None:
    """Make the temporary tables of deployment and usage.

    `center_products`: a customer's product in a scope, with units sold and assigned of its entitlements.
    `center_usage`: the same by workload, with licences active in 28 days; a workload that others use and this
    customer does not is a row of zero, or its licences would be missing from the pooled percentage.
    `center_causes`: a row of `center_usage` above 100 %, its excess told to causes.
    """
    _holdings(engine)
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE center_workloads AS
        SELECT workload_code AS workload, workload_name FROM {world.rows(WORKLOADS)}""")
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE center_products AS
        SELECT {CHOSEN}, any_value(customer_name) AS customer_name, any_value(product_name) AS product_name,
               any_value(service) AS service,
               string_agg(DISTINCT channel, '; ' ORDER BY channel) AS channel,
               sum(total)::BIGINT AS sold, sum(assigned)::BIGINT AS deployed
        FROM center_scopes JOIN center_held USING (account_id, product_id)
        WHERE is_entitled AND (scope = 'all_partners' OR partner_id = seller) GROUP BY {CHOSEN}""")
    if world.has(USAGE_DAILY) or not world.has(USAGE_SNAPSHOTS):
        _active(engine, world, run)
        _usage(engine)
        _causes(engine, world)
    else:
        _counted(engine, world, run)


def _holdings(engine: duckdb.DuckDBPyConnection) -> None:
    """List what each customer has, in which scopes; a trial, and what is not in force, entitles to nothing.

    `sold_by` says whose subscriptions a scope counts: `*` for all of them. Where a product was sold by one
    partner alone, its own scope is that of all partners, and users are counted once for both.
    """
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE center_held AS
        SELECT s.account_id, s.subscription_id, s.partner_id AS seller, s.channel, s.trial,
               s.is_running AND NOT s.trial AS is_entitled,
               s.status IN ('grace_period', 'disabled', 'deprovisioned') AS is_lapsed,
               h.product_id, p.product_name, {SERVICES} AS service, h.total_at[1] AS total,
               h.assigned_at[1] AS assigned
        FROM portfolio_sold s
        JOIN license_holdings h USING (subscription_id)
        JOIN portfolio_products p ON p.product_id = h.product_id
        WHERE p.vendor = 'microsoft' AND service IS NOT NULL""")
    engine.execute("""
        CREATE OR REPLACE TEMP TABLE center_sellers AS
        SELECT account_id, product_id, seller,
               CASE WHEN count(*) OVER (PARTITION BY account_id, product_id) > 1 THEN seller ELSE '*' END
                   AS sold_by
        FROM (SELECT DISTINCT account_id, product_id, seller FROM center_held)""")
    engine.execute("""
        CREATE OR REPLACE TEMP TABLE center_scopes AS
        SELECT 'all_partners' AS scope, c.partner_id, c.customer_name, p.account_id, p.product_id,
               '*' AS sold_by
        FROM (SELECT DISTINCT account_id, product_id FROM center_held) p
        JOIN portfolio_customers c USING (account_id)
        UNION ALL
        SELECT 'own', c.partner_id, c.customer_name, p.account_id, p.product_id, p.sold_by
        FROM center_sellers p
        JOIN portfolio_customers c ON c.account_id = p.account_id AND c.partner_id = p.seller""")


def _active(engine: duckdb.DuckDBPyConnection, world: World, run: Calendar) -> None:
    """Find the users active in 28 days, once a workload, and which of them a cause would explain."""
    as_of = f"DATE '{run.as_of.isoformat()}'"
    rows = known_rows(world, LICENSE_ASSIGNMENTS, [run.as_of])
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE center_moved AS
        WITH left_lately AS (
            SELECT * FROM {rows} WHERE unassigned_at >= {as_of} - 28 AND unassigned_at < {as_of}),
        newest AS (
            SELECT subscription_id, product_id, user_key, max(assigned_at) AS assigned_at
            FROM {rows} SEMI JOIN left_lately USING (subscription_id, product_id) GROUP BY ALL)
        SELECT DISTINCT l.subscription_id, l.product_id, l.user_key
        FROM left_lately l
        JOIN newest n ON n.subscription_id = l.subscription_id AND n.product_id = l.product_id
            AND n.user_key IS DISTINCT FROM l.user_key AND n.assigned_at >= l.unassigned_at
        JOIN license_seats s ON s.subscription_id = l.subscription_id AND s.product_id = l.product_id
            AND s.user_key = l.user_key AND (s.assigned & 1) = 0""")
    # Who has no licence matters for Yammer alone.
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE center_active AS
        WITH active AS (
            SELECT account_id, subscription_id, product_id, workload, user_key
            FROM license_activity
            SEMI JOIN (SELECT product_id FROM portfolio_products
                       WHERE vendor = 'microsoft' AND {SERVICES} IS NOT NULL) USING (product_id)
            WHERE (mask >> {ACTIVE_BIT}) & 1 = 1),
        holders AS (
            SELECT DISTINCT s.account_id, l.product_id, l.user_key
            FROM {rows} l JOIN license_subscriptions s USING (subscription_id)
            SEMI JOIN (SELECT * FROM active WHERE lower(workload) = 'yammer') y
              ON y.account_id = s.account_id AND y.product_id = l.product_id AND y.user_key = l.user_key
            WHERE l.unassigned_at IS NULL OR l.unassigned_at >= {as_of} - 28)
        SELECT a.*, h.user_key IS NOT NULL AS has_licence, m.user_key IS NOT NULL AS has_moved
        FROM active a
        LEFT JOIN holders h USING (account_id, product_id, user_key)
        LEFT JOIN center_moved m USING (subscription_id, product_id, user_key)""")
    engine.execute("DROP TABLE center_moved")


def _usage(engine: duckdb.DuckDBPyConnection) -> None:
    """Count users by workload and seller, then tell the counts to the scopes."""
    causes = ", ".join(f"count(*) FILTER (cause = '{name}') AS {name}_users" for name in CAUSES)
    # Use that names no subscription belongs to whoever holds the product in the scope.
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE center_counts AS
        WITH held AS (
            SELECT '*' AS sold_by, account_id, subscription_id, product_id, is_entitled, trial,
                   is_lapsed AND NOT trial AS is_lapsed
            FROM center_held
            UNION ALL
            SELECT s.sold_by, h.account_id, h.subscription_id, h.product_id, h.is_entitled, h.trial,
                   h.is_lapsed AND NOT h.trial
            FROM center_held h JOIN center_sellers s
              ON s.account_id = h.account_id AND s.product_id = h.product_id AND s.seller = h.seller
            WHERE s.sold_by <> '*'
            UNION ALL
            SELECT DISTINCT sold_by, account_id, NULL, product_id, FALSE, FALSE, FALSE FROM center_scopes),
        users AS (
            SELECT h.sold_by, a.account_id, a.product_id, a.workload, a.user_key,
                   bool_or(h.is_entitled) AS is_entitled, bool_or(h.trial) AS on_trial,
                   bool_or(h.is_lapsed) AS on_lapsed, bool_or(a.has_moved) AS has_moved,
                   bool_or(a.has_licence) AS has_licence
            FROM center_active a JOIN held h
              ON h.account_id = a.account_id AND h.product_id = a.product_id
                 AND coalesce(h.subscription_id, '') = coalesce(a.subscription_id, '')
            GROUP BY ALL)
        SELECT sold_by, account_id, product_id, workload, count(*) AS active, {causes}
        FROM (SELECT *, {CAUSE} AS cause FROM users)
        GROUP BY sold_by, account_id, product_id, workload""")
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE center_usage AS
        WITH used AS (
            SELECT {CHOSEN}, c.* EXCLUDE (sold_by, account_id, product_id)
            FROM center_scopes JOIN center_counts c USING (sold_by, account_id, product_id)),
        held AS (
            SELECT {CHOSEN}, any_value(customer_name) AS customer_name,
                   any_value(product_name) AS product_name, any_value(service) AS service,
                   string_agg(DISTINCT channel, '; ' ORDER BY channel) AS channel
            FROM center_scopes JOIN center_held USING (account_id, product_id)
            WHERE scope = 'all_partners' OR partner_id = seller GROUP BY {CHOSEN}),
        entitled AS (
            SELECT {CHOSEN}, workload, channel, sold FROM center_products
            JOIN (SELECT DISTINCT product_id, workload FROM license_activity) USING (product_id))
        SELECT {CHOSEN}, workload, h.customer_name, h.product_name, h.service,
               coalesce(e.channel, h.channel) AS channel, coalesce(u.active, 0)::BIGINT AS active,
               CASE WHEN e.workload IS NULL THEN 0 ELSE e.sold END AS qualified, {PROCESSED} AS processed_at,
               u.* EXCLUDE (scope, partner_id, account_id, product_id, workload, active)
        FROM entitled e FULL JOIN used u USING ({CHOSEN}, workload) JOIN held h USING ({CHOSEN})""")


def _causes(engine: duckdb.DuckDBPyConnection, world: World) -> None:
    """Tell each excess user to its first cause, and no more users than the excess."""
    known = world.has(LICENSE_ASSIGNMENTS)
    told, before = [], "0"
    for name in CAUSES:
        told.append(f"greatest(0, least({name}_users, excess - ({before}))) AS {name}")
        before += f" + {name}_users"
    causes = ", ".join(told if known else [f"NULL::BIGINT AS {name}" for name in CAUSES])
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE center_causes AS
        SELECT {CHOSEN}, customer_name, workload, active, qualified, excess, {causes},
               greatest(0, excess - ({before})) AS unexplained, {known} AS is_known
        FROM (SELECT *, active - qualified AS excess FROM center_usage
              WHERE active > qualified AND qualified > 0)""")


def _counted(engine: duckdb.DuckDBPyConnection, world: World, run: Calendar) -> None:
    """Take the vendor's own counts; own ones only of products that nobody else sold the customer.

    Who uses two workloads that roll up into one cannot be seen in counts: the larger one stands for both.
    """
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE center_usage AS
        WITH newest AS (
            SELECT u.customer_tenant_id AS account_id, u.product_id,
                   coalesce(w.rollup_workload_code, u.workload_code) AS workload,
                   max(u.licenses_active) AS active, max(u.licenses_qualified) AS qualified,
                   max(u.processed_at) AS processed_at
            FROM {known_rows(world, USAGE_SNAPSHOTS, [run.as_of])} u
            LEFT JOIN {world.rows(WORKLOADS)} w ON w.workload_code = u.workload_code
            SEMI JOIN (SELECT customer_tenant_id, product_id, max(processed_at) AS processed_at
                       FROM {known_rows(world, USAGE_SNAPSHOTS, [run.as_of])} GROUP BY ALL) n
              ON n.customer_tenant_id = u.customer_tenant_id AND n.product_id = u.product_id
                 AND n.processed_at = u.processed_at
            GROUP BY ALL),
        single AS (SELECT DISTINCT account_id, product_id FROM center_sellers WHERE sold_by = '*')
        SELECT p.scope, p.partner_id, p.account_id, p.product_id, n.workload, p.customer_name, p.product_name,
               p.service, p.channel, n.active, n.qualified, n.processed_at
        FROM newest n JOIN center_products p USING (account_id, product_id)
        WHERE p.scope = 'all_partners'
           OR (p.account_id, p.product_id) IN (SELECT (account_id, product_id) FROM single)""")
    causes = ", ".join(f"NULL::BIGINT AS {name}" for name in (*CAUSES, "unexplained"))
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE center_causes AS
        SELECT {CHOSEN}, customer_name, workload, active, qualified, active - qualified AS excess, {causes},
               FALSE AS is_known
        FROM center_usage WHERE active > qualified AND qualified > 0""")
