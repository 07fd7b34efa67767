"""Measure the licence reports against a plain scan and group-by of the same daily usage.

The contract: 50,000 customers, 400,000 subscriptions and 100 million rows of daily usage, within the memory
setting, at most 1.5 times the CPU of the plain query. Fewer `--rows` shrink the whole world alike, but not
the second that 27 files, six charts and their SQL cost however small they are: judge at the contract's size.

    python benchmarks/licenses.py [--rows 100000000] [--memory 2GB] [--folder DIR]
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
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
AT_MOST = 1.5
SEATS = 6
"""Users of a subscription; with two workloads each, and their active days, that makes the rows."""
FAMILIES = ("office365", "dynamics365", "meetings", "calling")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a piece of work cost: CPU seconds of all threads, wall seconds, and the highest memory in GB."""

    cpu: float
    wall: float
    gigabytes: float


def measured(work: Callable[[], object]) -> Cost:
    """Do the work and tell its cost; memory is that of the whole process, as Linux tells it."""
    Path("/proc/self/clear_refs").write_text("5", "ascii")
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    work()
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    peak = Path("/proc/self/status").read_text("ascii").split("VmHWM:")[1].split()[0]
    return Cost(cpu=cpu, wall=time.perf_counter() - began, gigabytes=int(peak) * 1024 / 1e9)


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
    """Scan and group the same rows by hand: users of a subscription by week, of a workload in 28 days.

    It is what any report of these rows has to count, over the same days and by the same keys, with its users
    once each; a scan that counts rows would count nobody. It leaves out what else the reports read from the
    usage: the users of three months, those who have a licence, and why there are more than licences.
    """
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


def scan(folder: Path, memory: str) -> Cost:
    """Tell the cost of the plain query."""
    with connect(memory=memory, scratch=folder / "spill") as engine:
        return measured(lambda: plain(engine, World(folder / "world", TABLES)))


def report(folder: Path, memory: str) -> Cost:
    """Tell the cost of all licence reports."""
    world = World(folder / "world", TABLES)
    with connect(memory=memory, scratch=folder / "spill") as engine:
        return measured(lambda: write_license_reports(engine, world, AS_OF, folder / "licenses"))


def alone(work: Callable[[Path, str], Cost], folder: Path, memory: str) -> Cost:
    """Run in a fresh process, so that one part's memory is not counted with another's."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as one:
        return one.submit(work, folder, memory).result()


def main() -> None:
    """Measure, print, and tell the ratio."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=ROWS)
    options.add_argument("--memory", default="2GB")
    options.add_argument("--folder", type=Path, default=None)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as place:
        folder = Path(place)
        with connect(memory=chosen.memory, scratch=folder / "spill") as engine:
            write_world(engine, folder / "world", chosen.rows / ROWS)
        by_hand, reports = (alone(work, folder, chosen.memory) for work in (scan, report))
    print(f"licence reports, {chosen.rows:,} rows of daily usage, engine limit {chosen.memory}")
    for name, cost in (("plain scan, group-by", by_hand), ("all licence reports", reports)):
        print(f"{name:21} {cost.cpu:8.1f} CPU s {cost.wall:8.1f} s {cost.gigabytes:6.2f} GB at most")
    print(f"{'ratio of CPU':21} {reports.cpu / by_hand.cpu:8.2f} (at most {AT_MOST})")


if __name__ == "__main__":
    main()
