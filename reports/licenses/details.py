"""The customer list with its labels and administrators, the order history, and the weekly trend."""

import duckdb

from features.customers import Partner, roots
from features.licenses import WEEKS, Calendar
from features.sources.known import known_rows
from features.sources.license_tables import CUSTOMER_TAGS, ORDERS, PARTNER_ADMIN_CUSTOMERS, PARTNER_ADMINS
from features.sources.tables import PARTNERS
from features.sources.world import World
from reports.licenses.portfolio import TOGGLE
from reports.licenses.rules import AS_OF, LAST_WEEK, over


def build_details(engine: duckdb.DuckDBPyConnection, world: World, run: Calendar, alone: Partner) -> None:
    """Make the temporary tables of details; they read the portfolio and its statuses.

    `portfolio_admins`: an administrator of a partner and a customer, which is null where it is all of them.
    `portfolio_list`: a customer of a partner with everything the customer list tells.
    `portfolio_orders`: the lines of an order by product name.
    `portfolio_trend`: a week of a partner's family; null before its data begins.
    """
    _admins(engine, world, alone)
    _list(engine, world)
    _trend(engine)
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE portfolio_orders AS
        SELECT s.partner_id, p.family, s.account_id, o.subscription_id, o.order_id, o.ordered_on, o.action,
               coalesce(p.product_name, o.product_id) AS product_name, sum(o.quantity)::BIGINT AS quantity
        FROM {known_rows(world, ORDERS, [run.as_of])} o
        JOIN portfolio_subscriptions s USING (subscription_id)
        LEFT JOIN portfolio_products p USING (product_id)
        GROUP BY ALL""")


def _admins(engine: duckdb.DuckDBPyConnection, world: World, alone: Partner) -> None:
    """An administrator who names no partner is shown for the customers it is assigned to alone.

    Where there is one partner only, it is that partner's: nobody else could see the name.
    """
    known_roots = roots(world) if world.has(PARTNERS) else "(SELECT NULL AS partner_id, NULL AS global_id)"
    engine.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE portfolio_admins AS
        WITH admins AS (
            SELECT a.* REPLACE (coalesce(
                       r.global_id, a.partner_id, CASE WHEN p.partners = 1 THEN p.single END) AS partner_id)
            FROM {world.rows(PARTNER_ADMINS)} a
            LEFT JOIN {known_roots} r ON r.partner_id = a.partner_id
            CROSS JOIN (SELECT count(*) AS partners, coalesce(min(partner_id), $alone) AS single
                        FROM portfolio_partners) p)
        SELECT c.partner_id, c.account_id, a.person_id, a.display_name, a.role, a.all_customers
        FROM {world.rows(PARTNER_ADMIN_CUSTOMERS)} l
        JOIN admins a USING (person_id)
        JOIN portfolio_customers c
          ON c.account_id = l.account_id AND c.manages AND coalesce(a.partner_id, c.partner_id) = c.partner_id
        UNION ALL
        SELECT partner_id, NULL, person_id, display_name, role, all_customers
        FROM admins WHERE all_customers AND partner_id IS NOT NULL""",
        {"alone": alone.partner_id},
    )


def _list(engine: duckdb.DuckDBPyConnection, world: World) -> None:
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE portfolio_list AS
        SELECT c.partner_id, c.account_id, c.customer_name, c.managed_by, c.last_admin_sign_in_at,
               s.subscription_types, h.products, x.statuses, a.admins,
               CASE WHEN c.manages THEN t.tags END AS tags, e.account_id IS NOT NULL AS is_eligible
        FROM portfolio_customers c
        LEFT JOIN ({_joined("portfolio_subscriptions", _TYPE, "subscription_types")}) s
          USING (partner_id, account_id)
        LEFT JOIN ({_joined("portfolio_holdings", "product_name", "products")}) h
          USING (partner_id, account_id)
        LEFT JOIN ({_joined("portfolio_statuses", "status", "statuses")}) x USING (partner_id, account_id)
        LEFT JOIN ({_joined("portfolio_admins", "display_name", "admins")}) a USING (partner_id, account_id)
        LEFT JOIN (SELECT account_id, string_agg(DISTINCT tag, '; ' ORDER BY tag) AS tags
                   FROM {world.rows(CUSTOMER_TAGS)} WHERE created_at IS NULL OR created_at < {AS_OF}
                   GROUP BY account_id) t USING (account_id)
        LEFT JOIN (SELECT DISTINCT partner_id, account_id FROM portfolio_families) e
          USING (partner_id, account_id)""")


_TYPE = "CASE WHEN trial THEN 'Trial' ELSE 'Subscription' END"


def _joined(reads: str, value: str, name: str) -> str:
    return f"""
        SELECT partner_id, account_id, string_agg(value, '; ' ORDER BY value) AS {name}
        FROM (SELECT DISTINCT partner_id, account_id, {value} AS value FROM {reads})
        GROUP BY partner_id, account_id"""


def _trend(engine: duckdb.DuckDBPyConnection) -> None:
    """Sum up, week by week, what was in force at its end; a family a partner does not have is zero."""
    sums = ", ".join(
        f"CASE WHEN w.is_known THEN coalesce(t.{name}, 0) END AS {name}"
        for name in ("total", "assigned", "available", "overage")
    )
    used = "CASE WHEN w.is_known AND w.has_usage THEN coalesce({}, 0) END AS {}"
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE portfolio_trend AS
        WITH held AS (
            SELECT s.partner_id, p.family, l.running, unnest(range(1, {WEEKS + 1})) AS week,
                   unnest(h.total_at[2:]) AS total, unnest(h.assigned_at[2:]) AS assigned,
                   unnest(h.used_in) AS used, unnest(h.used_assigned_in) AS used_assigned
            FROM license_states l
            JOIN portfolio_subscriptions s USING (subscription_id)
            JOIN license_holdings h USING (subscription_id)
            JOIN portfolio_products p USING (product_id)
            WHERE p.family IN ({_listed(TOGGLE)})),
        sums AS (
            SELECT partner_id, family, week, sum(total)::BIGINT AS total, sum(assigned)::BIGINT AS assigned,
                   sum(used)::BIGINT AS used, sum(assigned - used_assigned)::BIGINT AS assigned_unused,
                   sum({over("total", "assigned")})::BIGINT AS available,
                   sum({over("assigned", "total")})::BIGINT AS overage
            FROM held WHERE (running >> week::INTEGER) & 1 = 1 GROUP BY ALL),
        weeks AS (
            SELECT r.week, {LAST_WEEK} - 7 * (r.week - 1)::INTEGER AS week_start,
                   bool_or(t.week IS NOT NULL) AS is_known, bool_or(t.used IS NOT NULL) AS has_usage
            FROM range(1, {WEEKS + 1}) r(week) LEFT JOIN sums t ON t.week = r.week GROUP BY r.week)
        SELECT p.partner_id, f.family, w.week_start, {sums}, {used.format("t.used", "used")},
               {used.format("t.assigned_unused", "assigned_unused")}
        FROM portfolio_partners p CROSS JOIN unnest([{_listed(TOGGLE)}]) f(family) CROSS JOIN weeks w
        LEFT JOIN sums t ON t.partner_id = p.partner_id AND t.family = f.family AND t.week = w.week""")


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)
