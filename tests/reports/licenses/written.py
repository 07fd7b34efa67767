"""Small licence worlds: rows given by the columns that matter, and the reports that follow from them."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from features.customers import Partner
from features.sources.world import World
from reports import dialect
from reports.licenses.contracts import LICENSE_REPORTS
from reports.licenses.rules import Rules
from reports.licenses.write import STAGED, build_tables, stage_report, write_license_reports
from tests.worlds import Row, world

AS_OF = date(2026, 10, 25)
"""A Sunday: the last completed week is the one from the 18th on."""
EARLY, LONG_AGO = date(2025, 1, 1), datetime(2025, 1, 1, tzinfo=UTC)
LAST_WEEK = date(2026, 10, 20)
PRODUCTS: tuple[Row, ...] = (
    {"product_id": "meetings", "vendor": "webex", "product_family": "meetings"},
    {"product_id": "calling", "vendor": "webex", "product_family": "calling"},
    {"product_id": "on_webex", "vendor": "webex", "product_family": "call_on_webex"},
    {"product_id": "messaging", "vendor": "webex", "product_family": "messaging"},
    {"product_id": "e3", "vendor": "microsoft", "product_family": "office365", "service_code": "o365"},
    {"product_id": "sales", "vendor": "microsoft", "product_family": "dynamics365", "service_code": "crm"},
    {"product_id": "intune", "vendor": "microsoft", "product_family": "other"},
)
WORKLOADS: tuple[Row, ...] = (
    {"workload_code": "Exchange"},
    {"workload_code": "SharePoint"},
    {"workload_code": "OneDrive", "rollup_workload_code": "SharePoint"},
    {"workload_code": "Yammer"},
    {"workload_code": "Webex"},
)
FILLED: Mapping[str, Row] = {
    "customer_profiles": {
        "partner_id": "p1",
        "managed_by": "partner_org",
        "created_at": LONG_AGO,
    },
    "subscriptions": {
        "account_id": "a",
        "trial": False,
        "status": "active",
        "added_on": EARLY,
        "auto_renew": False,
        "setup_complete": True,
    },
    "subscription_quantities": {"product_id": "calling", "valid_from": LONG_AGO},
    "license_assignments": {"product_id": "calling", "assignee_type": "user", "assigned_at": LONG_AGO},
    "usage_daily": {
        "used_on": LAST_WEEK,
        "account_id": "a",
        "subscription_id": None,
        "product_id": "calling",
        "workload_code": "Webex",
        "activity_count": 1,
    },
    "orders": {"product_id": "calling", "action": "new", "quantity": 1},
    "invoices": {"amount_cents": 10_000, "currency": "USD", "paid": False},
    "partner_admins": {"role": "partner_admin", "all_customers": False},
    "calls": {
        "account_id": "a",
        "answered": True,
        "duration_seconds": 60,
        "direction": "originating",
        "client_type": "desk phone",
        "has_media": True,
    },
    "call_features": {"account_id": "a"},
    "customer_tags": {"account_id": "a", "subscription_id": None},
    "queue_calls": {"account_id": "a", "queue_id": "q", "outcome": "answered", "wait_seconds": 10},
    "support_tickets": {"account_id": "a", "kind": "how_to"},
}
SAME_AS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "customer_profiles": (("customer_name", "account_id"),),
    "license_products": (("product_name", "product_id"),),
    "workloads": (("workload_name", "workload_code"),),
    "subscriptions": (("started_on", "added_on"), ("known_on", "added_on")),
    "partner_admins": (("display_name", "person_id"),),
    "calls": (("released_at", "started_at"), ("leg_id", "correlation_id")),
    "queue_calls": (("left_at", "entered_at"),),
    "support_tickets": (("known_at", "opened_at"),),
}
Table = list[dict[str, str]]


def licensed(folder: Path, **tables: Sequence[Row]) -> World:
    """Write a world of the given tables; customers, products and workloads are there unless given."""
    accounts = {str(row.get("account_id", "a")) for row in tables.get("subscriptions", ())}
    given: dict[str, Sequence[Row]] = {
        "customer_profiles": [{"account_id": account} for account in sorted(accounts)],
        "license_products": PRODUCTS,
        "workloads": WORKLOADS,
        **tables,
    }
    return world(folder, **{name: [_filled(name, row) for row in rows] for name, rows in given.items()})


def _filled(name: str, given: Row) -> Row:
    row = {**FILLED.get(name, {}), **given}
    for column, other in SAME_AS.get(name, ()):
        row.setdefault(column, row[other])
    return row


def users(names: Iterable[str], **row: object) -> list[Row]:
    """Repeat a row for each user."""
    return [{**row, "user_key": name} for name in names]


def numbered(count: int, letter: str = "u") -> list[str]:
    """Name so many users."""
    return [f"{letter}{number}" for number in range(1, count + 1)]


class Published(dict[str, Table]):
    """The files of a world by name, each written and read back when it is asked for."""

    def __init__(self, engine: duckdb.DuckDBPyConnection, written: World) -> None:
        """Take an engine in which the tables of the world were made."""
        super().__init__()
        self.engine, self.world = engine, written

    def __missing__(self, name: str) -> Table:
        """Write one file."""
        (declared,) = (report for report in LICENSE_REPORTS if report.name == name)
        assert stage_report(self.engine, self.world, declared) == ()
        path = self.world.folder / f"{name}.csv"
        dialect.write(self.engine, STAGED, declared.report.fields, path)
        self[name] = read(path)
        return self[name]


def reports(
    engine: duckdb.DuckDBPyConnection,
    written: World,
    *,
    as_of: date = AS_OF,
    rules: Rules | None = None,
) -> Published:
    """Make the licence reports of a world; they last until the next world."""
    build_tables(engine, written, as_of, alone=Partner(), rules=rules or Rules())
    return Published(engine, written)


def all_reports(engine: duckdb.DuckDBPyConnection, written: World) -> dict[str, Table]:
    """Write every licence report of a world and read it back."""
    done = write_license_reports(engine, written, AS_OF, written.folder.parent / "licenses")
    return {report.name: read(report.path) for report in done.reports}


def read(path: Path) -> Table:
    """Read a published file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def kpi(tables: Mapping[str, Table], name: str, family: str = "") -> dict[str, str]:
    """Return the one row of a KPI, by its name, or by its id where the name is not unique."""
    found = [
        row
        for row in tables["kpi_summary"]
        if name in (row["kpiName"], row["kpiId"]) and row["productFamily"] == family
    ]
    named = [row for row in found if row["kpiName"] == name] or found[:1]
    (row,) = named
    return row
