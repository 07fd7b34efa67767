"""Measure the licence reports against a plain scan and group-by of the same daily usage.

The contract: 50,000 customers, 400,000 subscriptions and 100 million rows of daily usage, within the memory
setting, at most 1.5 times the CPU of the plain query. Fewer `--rows` shrink the whole world alike.

    python benchmarks/licenses.py [--rows 10000000] [--memory 2GB] [--folder DIR]
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from features.licenses import WEEKS, calendar
from features.sources.license_tables import (
    CUSTOMER_PROFILES,
    LICENSE_ASSIGNMENTS,
    LICENSE_PRODUCTS,
    SUBSCRIPTION_QUANTITIES,
    SUBSCRIPTIONS,
    USAGE_DAILY,
    WORKLOADS,
)
from features.sources.world import World, connect
from reports.licenses.write import write_license_reports

AS_OF = date(2026, 10, 25)
TABLES = (
    CUSTOMER_PROFILES,
    LICENSE_PRODUCTS,
    SUBSCRIPTIONS,
    SUBSCRIPTION_QUANTITIES,
    LICENSE_ASSIGNMENTS,
    WORKLOADS,
    USAGE_DAILY,
)
CUSTOMERS, SUBSCRIPTIONS_PER_CUSTOMER, ROWS = 50_000, 8, 100_000_000
SEATS = 6
"""Users of a subscription; with two workloads each, and their active days, that makes the rows."""
FAMILIES = ("office365", "dynamics365", "meetings", "calling")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a piece of work cost: CPU seconds of all threads, and wall seconds."""

    cpu: float
    wall: float


def measured(work: Callable[[], object]) -> Cost:
    """Do the work and tell its cost."""
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    work()
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu=cpu, wall=time.perf_counter() - began)


def write_world(engine: duckdb.DuckDBPyConnection, folder: Path, share: float) -> World:
    """Write a world of the contract's size, times `share`, sorted by customer as accepted tables are."""
    customers = int(CUSTOMERS * share)
    subscriptions = customers * SUBSCRIPTIONS_PER_CUSTOMER
    days = round(ROWS * share / (subscriptions * SEATS * 2))
    families = ", ".join(f"'{family}'" for family in FAMILIES)
    customer = f"(s // {SUBSCRIPTIONS_PER_CUSTOMER})"
    queries = {
        "customer_profiles": f"""
            SELECT 'C' || lpad(c::VARCHAR, 7, '0') AS account_id, 'Customer ' || c AS customer_name,
                   'P' || (c % 200) AS partner_id, 'partner_org' AS managed_by, NULL::VARCHAR AS country,
                   TIMESTAMP '2020-01-01' AS created_at, NULL::TIMESTAMP AS last_admin_sign_in_at,
                   c % 3 = 0 AS call_queue_enabled
            FROM range({customers}) r(c)""",
        "license_products": f"""
            SELECT 'L' || p AS product_id, 'Product ' || p AS product_name,
                   CASE WHEN p % 4 < 2 THEN 'microsoft' ELSE 'webex' END AS vendor,
                   NULL::VARCHAR AS service_code, [{families}][p % 4 + 1] AS product_family
            FROM range(16) r(p)""",
        "subscriptions": f"""
            SELECT 'S' || lpad(s::VARCHAR, 8, '0') AS subscription_id,
                   'C' || lpad(({customer})::VARCHAR, 7, '0') AS account_id,
                   NULL::VARCHAR AS partner_id, 'reseller' AS channel, s % 20 = 0 AS trial,
                   'active' AS status,
                   DATE '2026-10-25' - (s % 700)::INTEGER AS added_on, added_on AS started_on,
                   DATE '2026-10-25' + (s % 365)::INTEGER AS ends_on, s % 2 = 0 AS auto_renew,
                   NULL::DATE AS renews_on, TRUE AS setup_complete, added_on AS known_on
            FROM range({subscriptions}) r(s)""",
        "subscription_quantities": f"""
            SELECT 'S' || lpad(s::VARCHAR, 8, '0') AS subscription_id, 'L' || (s % 16) AS product_id,
                   ({SEATS} - 1 + s % 4)::BIGINT AS total_units, TIMESTAMP '2024-01-01' AS valid_from,
                   NULL::TIMESTAMP AS valid_to
            FROM range({subscriptions}) r(s)""",
        "license_assignments": f"""
            SELECT 'A' || s || '-' || u AS assignment_id, 'S' || lpad(s::VARCHAR, 8, '0') AS subscription_id,
                   'L' || (s % 16) AS product_id, 'U' || {customer} || '-' || u AS user_key,
                   'user' AS assignee_type, TIMESTAMP '2024-06-01' + INTERVAL (u) DAY AS assigned_at,
                   NULL::TIMESTAMP AS unassigned_at
            FROM range({subscriptions}) r(s), range({SEATS}) t(u)""",
        "workloads": """
            SELECT 'W' || w AS workload_code, 'Workload ' || w AS workload_name,
                   NULL::VARCHAR AS rollup_workload_code
            FROM range(2) r(w)""",
        "usage_daily": f"""
            SELECT DATE '2026-10-24' - ((d * 91) // {days})::INTEGER AS used_on,
                   'C' || lpad(({customer})::VARCHAR, 7, '0') AS account_id,
                   'S' || lpad(s::VARCHAR, 8, '0') AS subscription_id, 'L' || (s % 16) AS product_id,
                   'W' || w AS workload_code, 'U' || {customer} || '-' || u AS user_key,
                   1::BIGINT AS activity_count
            FROM range({subscriptions}) r(s), range({days}) x(d), range({SEATS}) t(u), range(2) v(w)""",
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, query in queries.items():
        engine.execute(f"COPY ({query}) TO '{folder / name}.parquet' (FORMAT parquet, COMPRESSION zstd)")
    return World(folder, TABLES)


def plain(engine: duckdb.DuckDBPyConnection, world: World) -> None:
    """Scan and group the same rows by hand: users of a subscription by week, of a workload in 28 days."""
    first, as_of = calendar(AS_OF).starts[WEEKS - 1].isoformat(), AS_OF.isoformat()
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE plain_weeks AS
        SELECT subscription_id, product_id, date_trunc('week', used_on + 1) AS week,
               count(DISTINCT user_key) AS users
        FROM {world.rows(USAGE_DAILY)} WHERE used_on >= DATE '{first}' GROUP BY ALL""")
    engine.execute(f"""
        CREATE OR REPLACE TEMP TABLE plain_workloads AS
        SELECT account_id, product_id, workload_code, count(DISTINCT user_key) AS users
        FROM {world.rows(USAGE_DAILY)} WHERE used_on >= DATE '{as_of}' - 28 GROUP BY ALL""")
    engine.execute("DROP TABLE plain_weeks; DROP TABLE plain_workloads")


def main() -> None:
    """Measure, print, and tell the ratio."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=ROWS)
    options.add_argument("--memory", default="2GB")
    options.add_argument("--folder", type=Path, default=None)
    chosen = options.parse_args()
    share = chosen.rows / ROWS
    with tempfile.TemporaryDirectory(dir=chosen.folder) as place:
        folder = Path(place)
        with connect(memory=chosen.memory, scratch=folder / "spill") as engine:
            world = write_world(engine, folder / "world", share)
            by_hand = measured(lambda: plain(engine, world))
            reports = measured(lambda: write_license_reports(engine, world, AS_OF, folder / "licenses"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"rows of usage         {chosen.rows:,}")
    print(f"plain scan, group-by  {by_hand.cpu:8.1f} CPU s {by_hand.wall:8.1f} s")
    print(f"all licence reports   {reports.cpu:8.1f} CPU s {reports.wall:8.1f} s")
    print(f"ratio                 {reports.cpu / by_hand.cpu:8.2f} (at most 1.5)")
    print(f"peak memory           {peak:8.2f} GB (engine limit {chosen.memory})")


if __name__ == "__main__":
    main()
