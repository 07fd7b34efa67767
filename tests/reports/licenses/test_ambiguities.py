"""The 24 places where the vendors' pages contradict themselves or each other: each a test of our reading."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from reports.licenses.contracts import LICENSE_REPORTS
from reports.licenses.rules import Rules
from tests.reports.licenses.written import Table, kpi, licensed, numbered, reports, users
from tests.worlds import Row

Given = Callable[..., dict[str, Table]]
SOON = date(2026, 11, 30)
CALLED = datetime(2026, 10, 20, tzinfo=UTC)


@pytest.fixture
def given(engine: duckdb.DuckDBPyConnection, tmp_path: Path) -> Given:
    """Write the reports of a world; two peers are enough to be low among."""

    def write(**tables: Sequence[Row]) -> dict[str, Table]:
        return reports(engine, licensed(tmp_path / "world", **tables), rules=Rules(least_peers=2))

    return write


def subscriptions(*names: str, **row: object) -> list[Row]:
    return [{**row, "subscription_id": name} for name in names]


def units(**totals: int) -> list[Row]:
    return [{"subscription_id": name, "total_units": total} for name, total in totals.items()]


def assigned(name: str, count: int, **row: object) -> list[Row]:
    return users(numbered(count), subscription_id=name, **row)


def one_low(used: int) -> dict[str, Sequence[Row]]:
    """One subscription with 4 of 10 assigned among two with all assigned."""
    return {
        "subscriptions": subscriptions("s1", "s2", "s3"),
        "subscription_quantities": units(s1=10, s2=10, s3=10),
        "license_assignments": assigned("s1", 4) + assigned("s2", 10) + assigned("s3", 10),
        "usage_daily": assigned("s1", used),
    }


def test_a1_use_when_assigned_is_out_of_assigned_and_the_literal_formula_stands_beside_it(
    given: Given,
) -> None:
    found = given(**one_low(used=3))
    assert kpi(found, "License use when assigned", "calling")["value"] == "75.00"
    assert kpi(found, "licenseUsage", "calling")["value"] == "30.00"


def test_a2_average_overage_is_licences_by_customers_and_blank_without_any(given: Given) -> None:
    found = given(
        subscriptions=subscriptions("s1", account_id="a") + subscriptions("s2", account_id="b"),
        subscription_quantities=units(s1=1, s2=1),
        license_assignments=assigned("s1", 2) + assigned("s2", 5),
    )
    assert kpi(found, "WX-K20", "calling")["value"] == "2.50"
    assert kpi(found, "WX-K20", "meetings")["value"] == ""


def test_a3_an_overage_is_assigned_beyond_purchased_now_and_use_beyond_it_is_told_apart(given: Given) -> None:
    found = given(
        subscriptions=subscriptions("s1", "s2"),
        subscription_quantities=units(s1=5, s2=1),
        license_assignments=assigned("s1", 5) + assigned("s2", 1),
        usage_daily=assigned("s2", 3),
    )
    assert kpi(found, "WX-K18", "calling")["value"] == "0"
    assert kpi(found, "usedOverTotal", "calling")["value"] == "1"
    assert "License overage" not in {row["status"] for row in found["customer_statuses"]}


def test_a4_used_percent_of_overages_is_used_in_the_week_out_of_total(given: Given) -> None:
    found = given(
        subscriptions=subscriptions("s1"),
        subscription_quantities=units(s1=2),
        license_assignments=assigned("s1", 4),
        usage_daily=assigned("s1", 3),
    )
    (row,) = found["overage_subscriptions"]
    assert (row["assignedPercent"], row["usedPercent"]) == ("200.00", "150.00")


def test_a5_a_trial_never_renews(given: Given) -> None:
    found = given(
        subscriptions=subscriptions("t", trial=True, auto_renew=True, ends_on=SOON, renews_on=SOON),
        subscription_quantities=units(t=1),
    )
    assert found["renewing_subscriptions"] == []
    assert [row["subscriptionId"] for row in found["expiring_subscriptions"]] == ["t"]


def test_a6_a_subscription_is_expiring_or_renewing_and_a_customer_may_be_both(given: Given) -> None:
    found = given(
        subscriptions=subscriptions("ends", ends_on=SOON)
        + subscriptions("renews", ends_on=SOON, renews_on=SOON, auto_renew=True),
        subscription_quantities=units(ends=1, renews=1),
    )
    assert [row["subscriptionId"] for row in found["expiring_subscriptions"]] == ["ends"]
    assert [row["subscriptionId"] for row in found["renewing_subscriptions"]] == ["renews"]
    assert kpi(found, "WX-K2")["value"] == kpi(found, "WX-K3")["value"] == "1"


def test_a7_peers_are_the_partners_own_subscriptions_trials_included(given: Given) -> None:
    tables = one_low(used=0)
    tables["subscriptions"] = subscriptions("s1", "s2") + subscriptions("s3", trial=True, ends_on=SOON)
    (row,) = given(**tables)["low_assignment_subscriptions"]
    assert (row["subscriptionId"], row["peerScope"], row["peerCount"]) == ("s1", "size_band", "2")


def test_a7_another_partners_subscriptions_are_no_peers(given: Given) -> None:
    tables = one_low(used=0)
    tables["subscriptions"] = subscriptions("s1", "s2") + subscriptions("s3", partner_id="p2")
    assert given(**tables)["low_assignment_subscriptions"] == []


def test_a8_a_customer_with_a_running_trial_is_not_expired(given: Given) -> None:
    found = given(
        subscriptions=subscriptions("t", trial=True, ends_on=SOON), subscription_quantities=units(t=1)
    )
    assert found["customers"][0]["statuses"] == "Trial"


def test_a9_license_usage_is_used_in_the_last_seven_days_not_expired_in_them(given: Given) -> None:
    found = given(
        subscriptions=subscriptions("s1", ends_on=SOON),
        subscription_quantities=units(s1=10),
        usage_daily=assigned("s1", 3),
    )
    row = kpi(found, "WX-K10", "calling")
    assert (row["value"], row["windowStart"], row["windowEnd"]) == ("30.00", "2026-10-18", "2026-10-25")


def test_a10_new_customers_may_be_old_ones_and_the_first_ever_are_marked(given: Given) -> None:
    lately = date(2026, 10, 1)
    found = given(
        subscriptions=subscriptions("old", account_id="a")
        + subscriptions("more", account_id="a", added_on=lately)
        + subscriptions("first", account_id="b", added_on=lately),
        subscription_quantities=units(old=1, more=1, first=1),
    )
    assert kpi(found, "WX-K6", "calling")["value"] == "2"
    new = {row["subscriptionId"]: row["isNewCustomer"] for row in found["recently_added_subscriptions"]}
    assert new == {"more": "No", "first": "Yes"}


def test_a11_the_bar_and_the_kpis_use_one_window(given: Given) -> None:
    found = given(
        subscriptions=subscriptions("s1", ends_on=SOON),
        subscription_quantities=units(s1=10),
        usage_daily=assigned("s1", 3),
    )
    assert found["expiring_subscriptions"][0]["used"] == kpi(found, "WX-K10", "calling")["numerator"]


def test_a12_features_are_counted_for_all_calling_customers_and_for_those_with_queues(given: Given) -> None:
    found = given(
        subscriptions=subscriptions("s1"),
        subscription_quantities=units(s1=1),
        calls=[{"correlation_id": "c", "started_at": CALLED}],
        call_features=[{"correlation_id": "c", "feature": "hold"}],
    )
    assert [row["callQueueEnabledOnly"] for row in found["calling_feature_use"]] == ["No"]


def test_a13_the_table_of_queue_data_is_called_call_queue_customers() -> None:
    (report,) = (row.report for row in LICENSE_REPORTS if row.name == "call_queue_customers")
    assert "abandonedRatePercent" in report.header


def queue(account: str, *outcomes: str) -> list[Row]:
    return [{"account_id": account, "entered_at": CALLED, "outcome": outcome} for outcome in outcomes]


def test_a14_the_abandoned_rate_is_pooled_and_the_mean_of_customers_stands_beside_it(given: Given) -> None:
    found = given(
        subscriptions=subscriptions("s1", account_id="a") + subscriptions("s2", account_id="b"),
        subscription_quantities=units(s1=1, s2=1),
        queue_calls=queue("a", "answered", "answered", "answered", "hung_up") + queue("b", "left_message"),
    )
    assert kpi(found, "Avg abandoned call rate", "calling")["value"] == "40.00"
    assert kpi(found, "meanCustomerAbandonedRate", "calling")["value"] == "62.50"


def test_a15_customers_and_call_quality_is_a_table() -> None:
    assert "calling_customer_quality" in {report.name for report in LICENSE_REPORTS}


def test_a16_the_list_shows_all_customers_and_the_kpi_leaves_out_messaging_only(given: Given) -> None:
    found = given(
        subscriptions=subscriptions("s1", account_id="a") + subscriptions("s2", account_id="b"),
        subscription_quantities=[
            {"subscription_id": "s1", "total_units": 1, "product_id": "meetings"},
            {"subscription_id": "s2", "total_units": 1, "product_id": "messaging"},
        ],
    )
    assert [kpi(found, name)["value"] for name in ("Total customers", "managedCustomers")] == ["1", "2"]
    assert [row["orgId"] for row in found["customers"]] == ["a", "b"]


def test_a17_licences_in_overages_are_the_excess_alone(given: Given) -> None:
    found = given(
        subscriptions=subscriptions("s1"),
        subscription_quantities=units(s1=10),
        license_assignments=assigned("s1", 13),
    )
    assert kpi(found, "WX-K19", "calling")["value"] == "3"


def microsoft(**tables: Sequence[Row]) -> dict[str, Sequence[Row]]:
    return {
        "subscriptions": subscriptions("s1"),
        "subscription_quantities": [{"subscription_id": "s1", "product_id": "e3", "total_units": 10}],
        "license_assignments": assigned("s1", 6, product_id="e3"),
        **tables,
    }


def active(count: int, workload: str, used_on: date = date(2026, 10, 20)) -> list[Row]:
    return assigned("s1", count, product_id="e3", workload_code=workload, used_on=used_on)


def test_a18_usage_is_active_licences_out_of_qualified_ones_not_out_of_users(given: Given) -> None:
    found = given(**microsoft(usage_daily=active(3, "Exchange")))
    row = found["customer_licenses_usage"][0]
    assert (row["licensesActive"], row["licensesQualified"], row["usagePercent"]) == ("3", "10", "30.00")


def test_a19_deployment_is_assigned_out_of_sold(given: Given) -> None:
    row = given(**microsoft())["customer_licenses_deployment"][0]
    assert (row["licensesDeployed"], row["licensesSold"], row["deploymentPercent"]) == ("6", "10", "60.00")


def test_a20_turnover_is_of_staff() -> None:
    (report,) = (row.report for row in LICENSE_REPORTS if row.name == "usage_over_100")
    assert report.field("turnover").meaning == "Excess users whose licence went to somebody else."


def test_a21_active_means_used_in_28_calendar_days(given: Given) -> None:
    first, before = date(2026, 9, 27), date(2026, 9, 26)
    found = given(**microsoft(usage_daily=active(2, "Exchange", first) + active(5, "Yammer", before)))
    counts = {row["workloadCode"]: row["licensesActive"] for row in found["customer_licenses_usage"]}
    assert counts == {"Exchange": "2", "Yammer": "0"}


def test_a22_totals_are_given_for_all_partners_and_for_the_partners_own(given: Given) -> None:
    found = given(
        **microsoft(
            subscriptions=subscriptions("s1") + subscriptions("s2", partner_id="p2"),
            subscription_quantities=[
                {"subscription_id": name, "product_id": "e3", "total_units": 10} for name in ("s1", "s2")
            ],
        )
    )
    rows = [row for row in found["partner_licenses_deployment"] if row["partnerId"] == "p1"]
    assert {row["scope"]: row["licensesSold"] for row in rows} == {"all_partners": "20", "own": "10"}


def test_a23_calling_customers_are_those_that_bought_webex_calling_themselves(given: Given) -> None:
    found = given(
        subscriptions=subscriptions("s1", account_id="a") + subscriptions("s2", account_id="b"),
        subscription_quantities=[
            {"subscription_id": "s1", "total_units": 1},
            {"subscription_id": "s2", "total_units": 1, "product_id": "meetings"},
        ],
        calls=[{"correlation_id": name, "account_id": name, "started_at": CALLED} for name in "ab"],
    )
    assert [row["orgId"] for row in found["calling_customer_usage"]] == ["a"]


def test_a24_mistranslated_names_are_told_in_english(given: Given) -> None:
    found = given(**microsoft())
    assert kpi(found, "WX-K5")["kpiName"] == "Over license limit"
    assert kpi(found, "WX-K9", "calling")["kpiName"] == "License assignment"
    assert {row["serviceName"] for row in found["customer_licenses_deployment"]} == {"o365"}
