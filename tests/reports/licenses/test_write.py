from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from features.customers import Partner
from features.sources.license_tables import LICENSE_TABLES
from features.sources.schema import Table
from features.sources.world import World
from reports.licenses.rules import Rules
from reports.licenses.write import build_tables, no_data, write_license_reports
from tests.reports.licenses.random_licences import random_licences
from tests.reports.licenses.written import AS_OF, all_reports, kpi, licensed, numbered, reports, users
from tests.worlds import Row

SHORTCUTS = ("license_snapshots", "usage_snapshots")


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A world in which every licence table but the shortcuts is there, some of them empty."""
    empty: dict[str, list[Row]] = {table.name: [] for table in LICENSE_TABLES if table.name not in SHORTCUTS}
    return licensed(tmp_path_factory.mktemp("full") / "world", **{**empty, **random_licences(7, AS_OF)})


@pytest.mark.parametrize("table", LICENSE_TABLES, ids=[table.name for table in LICENSE_TABLES])
def test_reports_are_made_without_any_one_of_the_tables(
    table: Table, full: World, engine: duckdb.DuckDBPyConnection
) -> None:
    without = replace(full, present=tuple(there for there in full.present if there.name != table.name))
    build_tables(engine, without, AS_OF, alone=Partner(), rules=Rules())
    told = " ".join(no_data(without))
    optional = ("workloads", "invoices", "customer_tags", "partner_admin_customers", *SHORTCUTS)
    assert (table.name in told) is (table.name not in optional)


def test_without_any_licence_table_every_file_is_a_header_and_all_is_told(
    tmp_path: Path, engine: duckdb.DuckDBPyConnection
) -> None:
    done = write_license_reports(engine, World(tmp_path, ()), AS_OF, tmp_path / "out")
    assert {report.rows for report in done.reports} == {0}
    told = {line.split(":")[0] for line in done.no_data}
    assert {f"{report.name}.csv" for report in done.reports} <= told


def test_no_data_is_blank_and_says_so_and_is_never_zero(
    tmp_path: Path, engine: duckdb.DuckDBPyConnection
) -> None:
    found = reports(
        engine,
        licensed(
            tmp_path / "world",
            subscriptions=[{"subscription_id": "s1", "ends_on": date(2026, 11, 1)}],
            subscription_quantities=[{"subscription_id": "s1", "total_units": 5}],
        ),
    )
    row = kpi(found, "WX-K10", "calling")
    assert (row["value"], row["numerator"]) == ("", "")
    assert row["note"] == "no data: usage_daily or license_snapshots"
    assert found["expiring_subscriptions"][0]["used"] == ""


def test_an_empty_usage_table_is_no_data(tmp_path: Path, engine: duckdb.DuckDBPyConnection) -> None:
    found = reports(
        engine,
        licensed(
            tmp_path / "world",
            subscriptions=[{"subscription_id": "s1", "ends_on": date(2026, 11, 1)}],
            subscription_quantities=[{"subscription_id": "s1", "total_units": 5}],
            usage_daily=[],
        ),
    )
    assert kpi(found, "WX-K10", "calling")["note"] == "no data"
    assert {row["used"] for row in found["license_distribution_trend"]} == {""}


def test_the_same_rows_give_the_same_bytes(
    full: World, tmp_path: Path, engine: duckdb.DuckDBPyConnection
) -> None:
    first, second = (
        write_license_reports(engine, full, AS_OF, tmp_path / name, alone=Partner()) for name in ("a", "b")
    )
    assert [row.sha256 for row in first.reports] == [row.sha256 for row in second.reports]


def test_a_partner_never_sees_anothers_subscriptions_amounts_labels_or_people(
    tmp_path: Path, engine: duckdb.DuckDBPyConnection
) -> None:
    found = all_reports(
        engine,
        licensed(
            tmp_path / "world",
            customer_profiles=[{"account_id": "a", "partner_id": "p1"}],
            subscriptions=[
                {"subscription_id": "mine", "partner_id": "p2"},
                {"subscription_id": "planted-s", "partner_id": "p1", "setup_complete": False},
            ],
            subscription_quantities=[
                {"subscription_id": name, "total_units": 1} for name in ("mine", "planted-s")
            ],
            license_assignments=users(numbered(3), subscription_id="planted-s"),
            orders=[
                {"order_id": "planted-o", "subscription_id": "planted-s", "ordered_on": date(2026, 1, 1)}
            ],
            invoices=[
                {
                    "invoice_id": "planted-i",
                    "subscription_id": "planted-s",
                    "invoiced_on": date(2026, 1, 1),
                    "due_on": date(2026, 2, 1),
                }
            ],
            customer_tags=[{"tag": "planted-tag"}],
            partner_admins=[{"person_id": "planted-person"}],
            partner_admin_customers=[{"person_id": "planted-person", "account_id": "a"}],
        ),
    )
    shown = {
        name: [row for row in rows if row["partnerId"] == "p2" and "planted" in str(row.values())]
        for name, rows in found.items()
    }
    assert {name: rows for name, rows in shown.items() if rows} == {}
    statuses = [row for row in found["customers"] if row["partnerId"] == "p2"]
    assert [row["statuses"] for row in statuses] == ["Subscription"]


def test_rows_that_are_not_yet_known_change_nothing(
    tmp_path: Path, engine: duckdb.DuckDBPyConnection
) -> None:
    later, midnight = date(2026, 10, 25), datetime(2026, 10, 25, tzinfo=UTC)
    tables = random_licences(7, AS_OF)
    subscription = dict(tables["subscriptions"][0])
    planted: dict[str, list[Row]] = {
        "subscriptions": [{**subscription, "status": "expired", "known_on": later}],
        "subscription_quantities": [
            {**tables["subscription_quantities"][0], "valid_from": midnight, "total_units": 999}
        ],
        "license_assignments": users(
            numbered(9, "z"), subscription_id=subscription["subscription_id"], assigned_at=midnight
        ),
        "usage_daily": users(
            numbered(9, "z"), subscription_id=subscription["subscription_id"], used_on=later
        ),
        "queue_calls": [
            {"account_id": name, "entered_at": midnight, "outcome": "hung_up"} for name in "abcde"
        ],
    }
    poisoned = {name: [*rows, *planted.get(name, [])] for name, rows in tables.items()}
    clean = all_reports(engine, licensed(tmp_path / "clean" / "world", **tables))
    assert all_reports(engine, licensed(tmp_path / "poisoned" / "world", **poisoned)) == clean
