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
SPENT = (
    "license_activity",
    "center_held",
    "center_sellers",
    "center_scopes",
    "center_sums",
    "center_moved",
    "center_holders",
    "center_counts",
)
"""Tables that nobody reads after this module; the last three are there only if there is daily usage."""


def build_partner_center(engine: duckdb.DuckDBPyConnection, world: World, run: Calendar) -> None:
    """Make the temporary tables of deployment and usage; `license_activity` is spent on it.

    `center_products`: a customer's product in a scope, with units sold and assigned of its entitlements.
    `center_usage`: the same by workload, with licences active in 28 days; a workload that others use and this
    customer does not is a row of zero, or its licences would be missing from the pooled percentage.
    `center_causes`: a row of `center_usage` above 100 %, its excess told to causes.
    """
    _held(engine)
    _products(engine)
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE center_workloads AS
        SELECT workload_code AS workload, workload_name FROM {world.rows(WORKLOADS)}""")
    if world.has(USAGE_DAILY) or not world.has(USAGE_SNAPSHOTS):
        _explained(engine, world, run)
        _counts(engine)
        _usage(engine)
        _causes(engine, world)
    else:
        _counted(engine, world, run)
    for table in SPENT:
        engine.execute(f"DROP TABLE IF EXISTS {table}")


def _held(engine: duckdb.DuckDBPyConnection) -> None:
    """List what each customer has, in which scopes; a trial, and what is not in force, entitles to nothing.

    `sold_by` says whose subscriptions a scope counts: `*` for all of them. Where a product was sold by one
    partner alone, its own scope is that of all partners, and both are counted once.
    """
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE center_bought AS
        SELECT s.account_id, s.subscription_id, s.partner_id AS seller, s.channel, s.trial,
               s.is_running AND NOT s.trial AS is_entitled,
               s.status IN ('grace_period', 'disabled', 'deprovisioned') AND NOT s.trial AS is_lapsed,
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
        FROM (SELECT DISTINCT account_id, product_id, seller FROM center_bought)""")
    engine.execute("""
        CREATE OR REPLACE TEMP TABLE center_held AS
        SELECT '*' AS sold_by, * FROM center_bought
        UNION ALL
        SELECT s.sold_by, b.*
        FROM center_bought b JOIN center_sellers s
          ON s.account_id = b.account_id AND s.product_id = b.product_id AND s.seller = b.seller
        WHERE s.sold_by <> '*'""")
    engine.execute("DROP TABLE center_bought")


def _products(engine: duckdb.DuckDBPyConnection) -> None:
    """Sum up a customer's products by `sold_by`, and tell the sums to the scopes.

    `center_sums`: a customer's product and a `sold_by`, which make a `pool`. `center_scopes`: a pool that a
    partner sees in a scope.
    """
    channels = "string_agg(DISTINCT channel, '; ' ORDER BY channel)"
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE center_sums AS
        SELECT row_number() OVER () AS pool, sold_by, account_id, product_id,
               any_value(product_name) AS product_name, any_value(service) AS service,
               bool_or(is_entitled) AS is_entitled,
               {channels} FILTER (is_entitled) AS channel, {channels} AS any_channel,
               (sum(total) FILTER (is_entitled))::BIGINT AS sold,
               (sum(assigned) FILTER (is_entitled))::BIGINT AS deployed
        FROM center_held GROUP BY sold_by, account_id, product_id""")
    engine.execute("""
        CREATE OR REPLACE TEMP TABLE center_scopes AS
        SELECT 'all_partners' AS scope, c.partner_id, c.customer_name, p.pool
        FROM center_sums p JOIN portfolio_customers c USING (account_id) WHERE p.sold_by = '*'
        UNION ALL
        SELECT 'own', c.partner_id, c.customer_name, p.pool
        FROM center_sellers s
        JOIN portfolio_customers c ON c.account_id = s.account_id AND c.partner_id = s.seller
        JOIN center_sums p
          ON p.sold_by = s.sold_by AND p.account_id = s.account_id AND p.product_id = s.product_id""")
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE center_products AS
        SELECT {CHOSEN}, customer_name, product_name, service, channel, sold, deployed
        FROM center_scopes JOIN center_sums USING (pool) WHERE is_entitled""")


def _explained(engine: duckdb.DuckDBPyConnection, world: World, run: Calendar) -> None:
    """Find the few users whom a cause would explain: their licence went to somebody else, or they have one.

    Who has a licence matters for Yammer alone.
    """
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
    engine.execute("""
        CREATE OR REPLACE TEMP TABLE center_yammer AS
        SELECT DISTINCT account_id FROM license_activity WHERE lower(workload) = 'yammer'""")
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE center_holders AS
        SELECT DISTINCT s.account_id, l.product_id, l.user_key
        FROM {rows} l
        JOIN (SELECT * FROM license_subscriptions SEMI JOIN center_yammer USING (account_id)) s
          USING (subscription_id)
        WHERE l.unassigned_at IS NULL OR l.unassigned_at >= {as_of} - 28""")
    engine.execute("DROP TABLE center_yammer")


def _counts(engine: duckdb.DuckDBPyConnection) -> None:
    """Count the users of a pool active in 28 days, once a workload, and by what would explain them."""
    causes = ", ".join(f"count(*) FILTER (cause = '{name}') AS {name}_users" for name in CAUSES)
    # Use that names no subscription belongs to whoever holds the product in the scope.
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE center_counts AS
        WITH active AS (
            SELECT * FROM license_activity WHERE (mask >> {ACTIVE_BIT}) & 1 = 1),
        held AS (
            SELECT p.pool, h.* FROM center_held h JOIN center_sums p USING (sold_by, account_id, product_id)),
        used AS (
            SELECT h.pool, a.*, h.is_entitled, h.trial, h.is_lapsed
            FROM active a JOIN held h USING (account_id, subscription_id, product_id)
            UNION ALL
            SELECT p.pool, a.*, FALSE, FALSE, FALSE
            FROM active a JOIN center_sums p USING (account_id, product_id)
            WHERE a.subscription_id IS NULL),
        users AS (
            SELECT u.pool, u.workload, u.user_key, bool_or(u.is_entitled) AS is_entitled,
                   bool_or(u.trial) AS on_trial, bool_or(u.is_lapsed) AS on_lapsed,
                   bool_or(m.user_key IS NOT NULL) AS has_moved,
                   bool_or(h.user_key IS NOT NULL) AS has_licence
            FROM used u
            LEFT JOIN center_holders h USING (account_id, product_id, user_key)
            LEFT JOIN center_moved m USING (subscription_id, product_id, user_key)
            GROUP BY u.pool, u.workload, u.user_key)
        SELECT pool, workload, count(*) AS active, {causes}
        FROM (SELECT *, {CAUSE} AS cause FROM users) GROUP BY pool, workload""")


def _usage(engine: duckdb.DuckDBPyConnection) -> None:
    """Tell the counts to the scopes, with a row for every workload in which the product is used at all."""
    causes = ", ".join(f"{name}_users" for name in CAUSES)
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE center_usage AS
        WITH counted AS (
            SELECT pool, p.account_id, p.product_id, workload, p.product_name, p.service,
                   coalesce(p.channel, p.any_channel) AS channel, coalesce(c.active, 0)::BIGINT AS active,
                   CASE WHEN p.is_entitled THEN p.sold ELSE 0 END AS qualified, {causes}
            FROM center_sums p
            JOIN (SELECT DISTINCT product_id, workload FROM license_activity) w USING (product_id)
            LEFT JOIN center_counts c USING (pool, workload)
            WHERE p.is_entitled OR c.active IS NOT NULL)
        SELECT * EXCLUDE (pool), {PROCESSED} AS processed_at
        FROM center_scopes JOIN counted USING (pool)""")


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
