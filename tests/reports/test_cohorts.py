"""Every cohort and every Has column: whom it holds for, whom it does not."""

import duckdb
import pytest

from reports.cohorts import AGREEMENT_IS_EA, AGREEMENT_IS_OPEN
from reports.contracts import RENEWALS, REPORTS
from reports.field import Field, Form
from tests.reports.wide import Value, unscored, wide

Row = dict[str, Value]
OWNER: Row = {"live_cloud_units_395d__M365": 10, "suite_seats": 10, "suite_rung_395d": 3}
WANTED: Row = {"cluster__M365": "Act Now"}
# name, a customer it holds for, a customer it does not
CASES: tuple[tuple[str, Row, Row], ...] = (
    (
        "AzureNoConsumptionWithM365",
        {"cloud_orders__M365": 1},
        {"cloud_orders__M365": 1, "azure_consumed_cents_90d": 5},
    ),
    ("AzureNoConsumptionWithM365", {"cloud_orders__M365": 3}, {"cloud_orders__M365": 0}),
    (
        "D365MigrateToBusinessCentral",
        {"erp_on_premises_orders": 1},
        {"erp_on_premises_orders": 1, "live_cloud_units_395d__D365BC": 5},
    ),
    ("D365MigrateToBusinessCentral", {"erp_on_premises_agreements": 1}, {}),
    ("D365MigrateToBusinessCentral", {"erp_on_premises_technologies": 1}, {}),
    (
        "SecurityUpsellToM365E5",
        OWNER | {"cluster__Security": "Evaluate"},
        OWNER | {"cluster__Security": "Evaluate", "suite_rung_395d": 6},
    ),
    (
        "SecurityUpsellToM365E5",
        OWNER | {"cluster__Security": "Act Now"},
        OWNER | {"cluster__Security": "Nurture"},
    ),
    ("M365MoveToCloudOnPrem", {"office_on_premises_orders": 2}, OWNER | {"office_on_premises_orders": 2}),
    ("M365MoveToCloudOnPrem", {"office_on_premises_agreements": 1}, {}),
    ("M365MoveToCloudOnPrem", {"office_on_premises_technologies_now": 1}, {}),
    ("M365MoveToCloudDark", {}, {"office_on_premises_orders": 1}),
    ("M365MoveToCloudDark", {}, {"office_on_premises_technologies_now": 2}),
    ("M365MoveToCloudDark", {}, {"seen_in_use_now__M365": 1}),
    ("M365UpsellHigherSuite", OWNER | WANTED, OWNER | WANTED | {"suite_rung_395d": 6}),
    ("M365UpsellHigherSuite", OWNER | {"cluster__M365": "Evaluate"}, OWNER | {"cluster__M365": "Educate"}),
    ("M365SeatExpansion", OWNER | WANTED, {"seen_in_use_now__M365": 1} | WANTED),
    ("M365SeatExpansion", OWNER | WANTED, OWNER),
    ("M365Copilot", OWNER | WANTED, WANTED),
    ("M365Copilot", OWNER | WANTED, OWNER),
    ("HasCopilot", {"live_copilot_units_395d": 3}, {"live_copilot_units_395d": 0}),
    (
        "SurfaceAcquireM365Seats1To49",
        {"suite_seats": 49},
        {"suite_seats": 49, "renewed_suite_seats_395d": 50},
    ),
    ("SurfaceAcquireM365Seats1To49", {"suite_seats": 1}, {"suite_seats": 1, "bought_units__Surface": 2}),
    ("SurfaceAcquireM365Seats1To49", {"renewed_suite_seats_395d": 7}, {}),
    ("SurfaceAcquireM365Seats50Plus", {"suite_seats": 50}, {"suite_seats": 49}),
    (
        "SurfaceAcquireM365Seats50Plus",
        {"suite_seats": 80},
        {"suite_seats": 80, "seen_in_use_now__Surface": 1},
    ),
    (
        "SurfaceUpsellDevices1To24Last3Years",
        {"bought_units_1096d__Surface": 24},
        {"bought_units_1096d__Surface": 25},
    ),
    (
        "SurfaceUpsellDevices1To24Last3Years",
        {"bought_units_1096d__Surface": 1},
        {"bought_units__Surface": 9},
    ),
    (
        "SurfaceUpsellDevices25PlusLast3Years",
        {"bought_units_1096d__Surface": 25},
        {"bought_units_1096d__Surface": 24},
    ),
    ("M365UpsellCustomer", OWNER | WANTED, OWNER | unscored("M365", "Not scored: too little history")),
    ("HasAzure", {"azure_consumed_cents_90d": 1}, {"live_cloud_units_395d__M365": 1}),
    ("HasAzure", {"live_cloud_units_395d__Azure": 1}, {}),
    ("HasD365", {"live_cloud_units_395d__D365SP": 1}, {"live_cloud_units_395d__PowerApps": 1}),
    ("HasD365", {"seen_in_use_now__D365BC": 1}, {"erp_on_premises_orders": 1}),
    ("HasM365", OWNER, {"cloud_orders__M365": 4}),
    ("HasGoogle", {"google_signals_365d": 1}, {"aws_signals_365d": 1}),
    ("HasGoogle", {"google_technologies_now": 1}, {}),
    ("HasAWS", {"aws_technologies_now": 1}, {"google_technologies_now": 1}),
    ("HasAWS", {"aws_signals_365d": 1}, {}),
    ("HasEA", {"ea_agreements_now": 1}, {"open_agreements_now": 1}),
    ("HasOpen", {"open_agreements_now": 1}, {"ea_agreements_now": 1}),
    (
        "WindowsServerDataCenter_HasOpenRenewal",
        {"server_datacenter_renewals_now": 1},
        {"server_standard_renewals_now": 1},
    ),
    (
        "WindowsServerStandard_HasOpenRenewal",
        {"server_standard_renewals_now": 2},
        {"server_datacenter_renewals_now": 1},
    ),
    ("DynamicsOnPremAXorCRM_HasOpenRenewal", {"dynamics_on_premises_renewals_now": 1}, {}),
    ("TransactedInTheLast36Months", {"order_lines_1096d": 1}, {}),
)
FLAGS = {
    field.name: field
    for report in REPORTS
    if report.reads != RENEWALS
    for field in report.fields
    if field.form is Form.FLAG
}


def holds(engine: duckdb.DuckDBPyConnection, field: Field, row: Row) -> bool | None:
    relation = wide(engine, {"account_id": "C1", **row})
    ((found,),) = engine.execute(f"SELECT {field.sql} FROM {relation}").fetchall()
    return None if found is None else bool(found)


@pytest.mark.parametrize(("name", "yes", "no"), CASES, ids=[case[0] for case in CASES])
def test_a_predicate_holds_for_whom_it_means_and_for_nobody_else(
    engine: duckdb.DuckDBPyConnection, name: str, yes: Row, no: Row
) -> None:
    assert holds(engine, FLAGS[name], yes) is True
    assert holds(engine, FLAGS[name], no) is False


def test_every_predicate_has_a_case() -> None:
    assert {case[0] for case in CASES} == set(FLAGS)


@pytest.mark.parametrize(
    ("program", "is_ea", "is_open"),
    [
        ("EA", True, False),
        ("EA Subscription", True, False),
        ("Open Value", False, True),
        ("CSP", False, False),
    ],
)
def test_in_the_renewals_report_the_programme_of_the_row_decides(
    engine: duckdb.DuckDBPyConnection, program: str, is_ea: bool, is_open: bool
) -> None:
    rows = engine.execute(
        f"SELECT {AGREEMENT_IS_EA.sql}, {AGREEMENT_IS_OPEN.sql} FROM (SELECT ? AS license_program)", [program]
    ).fetchall()
    assert rows == [(is_ea, is_open)]


def test_without_the_deciding_table_a_predicate_is_unknown(engine: duckdb.DuckDBPyConnection) -> None:
    nothing: Row = {"google_technologies_now": None, "google_signals_365d": None}
    assert holds(engine, FLAGS["HasGoogle"], nothing) is None


def test_one_table_can_decide_where_another_is_missing(engine: duckdb.DuckDBPyConnection) -> None:
    some: Row = {"google_technologies_now": None, "google_signals_365d": 2}
    assert holds(engine, FLAGS["HasGoogle"], some) is True


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("SurfaceAcquireM365Seats1To49", {"suite_seats": 5, "seen_in_use_now__Surface": None}),
        ("HasAzure", {"live_cloud_units_395d__Azure": 1, "azure_consumed_cents_90d": None}),
        ("M365MoveToCloudDark", {"seen_in_use_now__M365": None, "office_on_premises_agreements": None}),
    ],
)
def test_orders_decide_where_what_only_confirms_is_missing(
    engine: duckdb.DuckDBPyConnection, name: str, row: Row
) -> None:
    assert holds(engine, FLAGS[name], row) is True


def test_without_orders_ownership_is_unknown(engine: duckdb.DuckDBPyConnection) -> None:
    assert holds(engine, FLAGS["HasM365"], {"live_cloud_units_395d__M365": None}) is None
