"""The facts that reports read, each on a few written rows."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pyarrow.parquet as pq
import pytest

from features.build import build
from features.facts import FACTS, SUITES
from features.products import D365BC, M365, SURFACE, Catalogue
from tests.worlds import Row, world

AS_OF = date(2026, 10, 25)


def ago(days: int) -> date:
    return AS_OF - timedelta(days)


def order(days: int, quantity: int, sku: str = "M365-BP", kind: str = "new", product: str = "M365") -> Row:
    return {
        "transacted_on": ago(days),
        "quantity": quantity,
        "sku": sku,
        "kind": kind,
        "product": product,
    }


def agreement(division: str = "Azure", program: str = "CSP", ends: int = -100) -> Row:
    return {"revenue_division": division, "license_program": program, "ends_on": ago(ends)}


def used(workload: str, month: date, cents: int = 500) -> Row:
    return {"workload": workload, "month_on": month, "amount_cents": cents, "known_on": month}


def seen(technology: str, vendor: str = "V", gone: int | None = None) -> Row:
    gone_on = None if gone is None else ago(gone)
    return {"technology": technology, "vendor": vendor, "seen_on": ago(300), "gone_on": gone_on}


def signal(topic: str, days: int = 10, kind: str = "site_visit") -> Row:
    happened = datetime.combine(ago(days), datetime.min.time())
    return {"topic": topic, "kind": kind, "happened_at": happened}


# column, table, one customer's rows, its value
CASES: tuple[tuple[str, str, tuple[Row, ...], float | str | None], ...] = (
    ("live_cloud_units_395d__M365", "transactions", (order(100, 10),), 10),
    ("live_cloud_units_395d__M365", "transactions", (order(395, 10), order(396, 5)), 10),
    ("live_cloud_units_395d__M365", "transactions", (order(30, 10, kind="renew"),), 10),
    ("live_cloud_units_395d__M365", "transactions", (order(90, 10), order(80, -10, kind="return")), 0),
    ("live_cloud_units_395d__M365", "transactions", (order(10, 3, sku="OFFICE-LTSC"),), 0),
    ("live_cloud_units_395d__M365", "transactions", (order(10, 3, product="Surface"),), 0),
    (
        "cloud_orders__M365",
        "transactions",
        (order(900, 1), order(9, 1, kind="renew"), order(8, -1, kind="return")),
        2,
    ),
    (
        "bought_units__Surface",
        "transactions",
        (order(2000, 4, product="Surface"), order(9, -1, kind="return", product="Surface")),
        3,
    ),
    (
        "bought_units_1096d__Surface",
        "transactions",
        (order(1097, 4, product="Surface"), order(1096, 2, product="Surface")),
        2,
    ),
    ("order_lines_1096d", "transactions", (order(1096, 1), order(1097, 1), order(5, -1, kind="return")), 1),
    ("suite_seats", "transactions", (order(900, 10), order(50, 5, kind="add", sku="M365-E3")), 15),
    ("suite_seats", "transactions", (order(50, 9, sku="M365-COPILOT"),), 0),
    (
        "renewed_suite_seats_395d",
        "transactions",
        (order(40, 60, kind="renew"), order(10, 55, kind="renew"), order(9, 99)),
        60,
    ),
    ("suite_rung_395d", "transactions", (order(20, 1, sku="M365-E5"), order(10, 1)), len(SUITES)),
    ("suite_rung_395d", "transactions", (order(500, 1, sku="M365-E5"), order(10, 1)), 4),
    ("suite_rung_395d", "transactions", (order(10, 1, sku="M365-COPILOT"),), 0),
    ("live_copilot_units_395d", "transactions", (order(10, 4, sku="M365-COPILOT"),), 4),
    ("office_on_premises_orders", "transactions", (order(2000, 4, sku="EXCHANGE-SRV", kind="renew"),), 1),
    ("erp_on_premises_orders", "transactions", (order(2000, 1, sku="DYN-NAV", product="D365BC"),), 1),
    ("erp_on_premises_orders", "transactions", (order(2000, 1, sku="DYN-CRM", product="D365SP"),), 0),
    ("seen_in_use_now__M365", "technologies", (seen("Microsoft 365"),), 1),
    ("seen_in_use_now__M365", "technologies", (seen("Microsoft 365", gone=5), seen("Slack")), 0),
    ("google_technologies_now", "technologies", (seen("Analytics", vendor="Google"),), 1),
    ("google_technologies_now", "technologies", (seen("Google Cloud"), seen("AppSheet", gone=2)), 1),
    ("office_on_premises_technologies_now", "technologies", (seen("Exchange Server"), seen("Slack")), 1),
    ("office_on_premises_technologies_now", "technologies", (seen("SharePoint Server", gone=5),), 0),
    ("erp_on_premises_technologies", "technologies", (seen("Dynamics NAV", gone=5),), 1),
    ("erp_on_premises_technologies", "technologies", (seen("Dynamics CRM"),), 0),
    ("aws_technologies_now", "technologies", (seen("Amazon Web Services"),), 1),
    ("google_signals_365d", "signals", (signal("google cloud"), signal("google workspace", 366)), 1),
    ("aws_signals_365d", "signals", (signal("aws"), signal("aws", kind="technology_retired")), 1),
    (
        "azure_consumed_cents_90d",
        "azure_consumption",
        (used("Storage", date(2026, 8, 1)), used("Storage", date(2026, 7, 1))),
        500,
    ),
    (
        "azure_months_90d",
        "azure_consumption",
        (
            used("Storage", date(2026, 8, 1)),
            used("Backup", date(2026, 8, 1)),
            used("Backup", date(2026, 9, 1), 0),
        ),
        1,
    ),
    (
        "azure_workloads_used_90d",
        "azure_consumption",
        (
            used("Storage", date(2026, 8, 1)),
            used("Storage", date(2026, 9, 1)),
            used("Backup", date(2026, 9, 1)),
        ),
        2,
    ),
    (
        "azure_workload_names_90d",
        "azure_consumption",
        (
            used("Storage", date(2026, 8, 1)),
            used("Backup", date(2026, 9, 1)),
            used("Storage", date(2026, 9, 1)),
        ),
        "Backup; Storage",
    ),
    ("azure_workload_names_90d", "azure_consumption", (used("Backup", date(2026, 9, 1), 0),), None),
    ("ea_agreements_now", "agreements", (agreement(program="EA Subscription"), agreement()), 1),
    ("ea_agreements_now", "agreements", (agreement(program="EA", ends=1),), 0),
    ("open_agreements_now", "agreements", (agreement(program="Open Value"), agreement(program="Open")), 2),
    ("server_datacenter_renewals_now", "agreements", (agreement("Windows Server Datacenter", ends=-365),), 1),
    ("server_datacenter_renewals_now", "agreements", (agreement("Windows Server Datacenter", ends=-366),), 0),
    ("server_standard_renewals_now", "agreements", (agreement("Windows Server Standard", ends=0),), 1),
    (
        "dynamics_on_premises_renewals_now",
        "agreements",
        (agreement("Dynamics AX"), agreement("Dynamics CRM"), agreement("Azure")),
        2,
    ),
    ("erp_on_premises_agreements", "agreements", (agreement("Dynamics AX", ends=400),), 1),
    ("office_on_premises_agreements", "agreements", (agreement("Office on-premises"),), 1),
)


@pytest.fixture(scope="module")
def frame(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[object]]:
    """The facts of a world in which the customer of each case has that case's rows."""
    tables: dict[str, list[Row]] = {"accounts": [{"account_id": f"{at:03}"} for at in range(len(CASES))]}
    for at, (_, table, rows, _) in enumerate(CASES):
        tables.setdefault(table, []).extend({"account_id": f"{at:03}", **row} for row in rows)
    folder = tmp_path_factory.mktemp("facts")
    catalogue = Catalogue((M365, SURFACE, D365BC))
    frames = build(world(folder / "world", **tables), [AS_OF], catalogue, folder, threads=1)
    columns: dict[str, list[object]] = pq.read_table(frames.path(AS_OF)).to_pydict()
    return columns


@pytest.mark.parametrize("at", range(len(CASES)), ids=[case[0] for case in CASES])
def test_a_fact_is_what_its_rows_say(frame: dict[str, list[object]], at: int) -> None:
    column, _, _, expected = CASES[at]
    assert frame[column][at] == expected


def test_every_fact_has_a_case() -> None:
    tried: Sequence[str] = [case[0].split("__")[0] for case in CASES]
    assert {fact.name for fact in FACTS} == set(tried)


def test_a_customer_without_rows_holds_nothing(frame: dict[str, list[object]]) -> None:
    (at,) = [at for at, case in enumerate(CASES) if case[0] == "office_on_premises_agreements"]
    assert (frame["bought_units__M365"][at], frame["azure_consumed_cents_90d"][at]) == (0, 0)
