from pathlib import Path

import pytest

from reports.center.customers.customer import Admin, Customer, Reading, Status
from reports.center.customers.look_up import find_customer, has_subscription
from reports.center.customers.propensities import split_reasons
from reports.center.people import Role
from tests.reports.center.customers.world import seen, somebody


def looked_up(home: Path, customer: str, *, role: Role = Role.SALES_AGENT, location: str = "") -> Customer:
    found = find_customer(seen(home, somebody(role, location=location)), "P1", customer)
    assert found is not None
    return found


def test_a_product_is_told_with_its_reasons_and_how_it_came_to_be(customers_home: Path) -> None:
    azure, security = looked_up(customers_home, "C1").propensities
    assert (azure.product, azure.cluster, azure.cell, azure.probability) == ("Azure", "Act Now", "A1", 0.4)
    assert azure.reasons == ("12 visits to Azure pages in 30 days", "a company of 120 employees")
    assert azure.objections == ("no Azure so far",)
    assert azure.history == (
        Reading(month="2026-09", cluster="Evaluate", probability=0.15, fit_score="60", intent_score="50"),
        Reading(month="2026-10", cluster="Act Now", probability=0.4, fit_score="80", intent_score="90"),
    )
    assert [reading.month for reading in security.history] == ["2026-10"]


def test_statuses_say_since_when_and_why(customers_home: Path) -> None:
    assert looked_up(customers_home, "C1").statuses[0] == Status(
        name="License overage", subscription="L1", since="2026-09-30", reason="5 more assigned than purchased"
    )


def test_subscriptions_say_what_is_used_owed_and_over(customers_home: Path) -> None:
    trial, calling = looked_up(customers_home, "C1").subscriptions
    assert (trial.id, trial.is_trial, trial.ends) == ("L2", True, "2026-10-31")
    assert (calling.total, calling.assigned, calling.used, calling.overage) == (20, 25, 15, 5)
    assert (calling.renews, calling.over_since) == ("2026-12-01", "2026-09-30")
    assert (calling.amount, calling.currency, calling.is_paid) == ("1234.50", "EUR", "No")


def test_orders_trials_and_plays_are_there(customers_home: Path) -> None:
    one = looked_up(customers_home, "C1")
    assert [(order.on, order.action, order.quantity) for order in one.orders] == [
        ("2026-03-01", "reduce", "-5"),
        ("2025-10-01", "new", "25"),
    ]
    assert [trial.days_left for trial in one.trials] == ["6"]
    assert (one.cohorts, one.workloads) == (("AzureNoConsumptionWithM365",), ("Backup", "Storage"))


def test_usage_of_everybodys_licences_is_told_where_it_is_not_that_of_ones_own(customers_home: Path) -> None:
    usage = looked_up(customers_home, "C1").usage
    assert [(one.workload, one.is_own, one.active, one.qualified) for one in usage] == [
        ("Exchange", True, 30, 40),
        ("Teams", True, 10, 40),
        ("Teams", False, 20, 60),
    ]


def test_products_are_told_best_cluster_first(customers_home: Path) -> None:
    clusters = [told.cluster for told in looked_up(customers_home, "C2").propensities]
    assert clusters == ["Act Now", "Nurture"]


def test_administrators_of_the_customer_stand_before_those_of_all(customers_home: Path) -> None:
    assert looked_up(customers_home, "C1").admins == (
        Admin(name="Jun Haddad", role="partner_admin", is_of_all=False),
        Admin(name="Bo Eriksen", role="partner_full_admin", is_of_all=True),
    )


def test_a_report_viewer_sees_neither_money_nor_people(customers_home: Path) -> None:
    one = looked_up(customers_home, "C1", role=Role.REPORT_VIEWER)
    assert one.admins == ()
    assert [(told.expected, told.potential) for told in one.propensities] == [(None, None), (None, None)]
    assert [told.amount for told in one.subscriptions] == [None, None]
    assert [name for name in one.facts if "Revenue" in name] == []


def test_a_customer_of_one_side_only_is_told_as_far_as_that_goes(customers_home: Path) -> None:
    licences = looked_up(customers_home, "C9")
    assert (licences.name, licences.propensities) == ("Only Licences & Sons", ())
    scores = looked_up(customers_home, "C3")
    assert (scores.subscriptions, scores.statuses) == ((), ())


@pytest.mark.parametrize(
    ("partner", "customer", "location"),
    [
        ("P2", "C4", ""),
        ("P2", "C2", ""),
        ("P1", "C4", ""),
        ("P1", "nobody", ""),
        ("", "", ""),
        ("P1", "", ""),
        ("P1", "C1", "P1-South"),
    ],
)
def test_a_customer_outside_the_scope_is_not_there(
    customers_home: Path, partner: str, customer: str, location: str
) -> None:
    assert find_customer(seen(customers_home, somebody(location=location)), partner, customer) is None


def test_a_subscription_belongs_to_its_own_customer(customers_home: Path) -> None:
    source = seen(customers_home, somebody())
    assert has_subscription(source, "P1", "C1", "L1")
    assert not has_subscription(source, "P1", "C2", "L1")
    assert not has_subscription(source, "P1", "C1", "")


@pytest.mark.parametrize(
    ("told", "reasons", "objections"),
    [
        (None, (), ()),
        ("a; Against: b; c", ("a", "c"), ("b",)),
        ("Against: b", (), ("b",)),
    ],
)
def test_reasons_are_told_apart(
    told: str | None, reasons: tuple[str, ...], objections: tuple[str, ...]
) -> None:
    assert split_reasons(told) == (reasons, objections)
