"""Looks up one customer within a scope: what every dataset that the scope has says about it."""

from reports.center.customers.customer import Admin, Customer, Order, Row, Status, Subscription, Trial, Usage
from reports.center.customers.listing import Sought
from reports.center.customers.propensities import read_agreements, read_propensities
from reports.center.customers.reader import Reader, is_
from reports.center.customers.roster import roster
from reports.center.customers.source import Source

OWN = "own"
"""The scope of what the partner itself has sold."""
FINDINGS = (
    "expiring_subscriptions",
    "renewing_subscriptions",
    "low_assignment_subscriptions",
    "recently_added_subscriptions",
)
"""Licence reports that want attention for the customers they list; statuses tell of the others."""


def find_customer(source: Source, partner: str, customer: str) -> Customer | None:
    """Return a customer; None where the scope has none, which is the same as that there is none."""
    facts = find_facts(source, partner, customer)
    if facts is None:
        return None
    reader = Reader(source=source, partner=partner, customer=customer)
    told = read_propensities(reader)
    return Customer(
        partner=partner,
        id=customer,
        facts=facts,
        statuses=_statuses(reader),
        propensities=told.propensities,
        cohorts=told.cohorts,
        workloads=told.workloads,
        subscriptions=_subscriptions(reader),
        trials=_trials(reader),
        orders=_orders(reader),
        admins=_admins(reader),
        usage=_usage(reader),
        agreements=read_agreements(reader),
        findings=_findings(reader),
    )


def find_facts(source: Source, partner: str, customer: str) -> Row | None:
    """Return the row of a customer in the list of customers; None where the scope has no such customer."""
    if not partner or not customer:
        return None
    found = roster(source, Sought(partner=partner, customers=(customer,))).rows()
    return found[0] if found else None


def has_subscription(source: Source, partner: str, customer: str, subscription: str) -> bool:
    """Tell whether a customer has a subscription, as far as the scope tells."""
    reader = Reader(source=source, partner=partner, customer=customer)
    return any(one.id == subscription for one in _subscriptions(reader))


def _statuses(reader: Reader) -> tuple[Status, ...]:
    rows = reader.rows("customer_statuses", ("status", "subscriptionId", "since", "reason"))
    return tuple(
        Status(
            name=row["status"] or "",
            subscription=row["subscriptionId"],
            since=row["since"],
            reason=row["reason"],
        )
        for row in rows
    )


def _subscriptions(reader: Reader) -> tuple[Subscription, ...]:
    over = {
        (row["subscriptionId"], row["productFamily"]): row["overSince"]
        for row in reader.rows("overage_subscriptions", ("subscriptionId", "productFamily", "overSince"))
    }
    columns = (
        *("subscriptionId", "productFamily", "trial", "productName", "status", "startDate", "endDate"),
        *("renewalDate", "autoRenew", "totalUnits", "consumedUnits", "used", "overageUnits", "invoiceId"),
        *("invoiceAmount", "invoiceCurrency", "invoicePaid"),
    )
    found = [
        Subscription(
            id=row["subscriptionId"] or "",
            product=row["productName"],
            is_trial=row["trial"] == "Yes",
            status=row["status"],
            starts=row["startDate"],
            ends=row["endDate"],
            renews=row["renewalDate"],
            renews_itself=row["autoRenew"],
            total=_whole(row["totalUnits"]),
            assigned=_whole(row["consumedUnits"]),
            used=_whole(row["used"]),
            overage=_whole(row["overageUnits"]),
            over_since=over.get((row["subscriptionId"], row["productFamily"])),
            invoice=row["invoiceId"],
            amount=row["invoiceAmount"],
            currency=row["invoiceCurrency"],
            is_paid=row["invoicePaid"],
        )
        for row in reader.rows("customer_subscriptions", columns)
    ]
    return tuple(sorted(found, key=lambda one: (not one.is_live, one.renews or one.ends or "", one.id)))


def _trials(reader: Reader) -> tuple[Trial, ...]:
    columns = (
        *("subscriptionId", "productName", "startDate", "endDate", "daysUntilExpiration"),
        *("totalUnits", "consumedUnits", "used"),
    )
    return tuple(
        Trial(
            subscription=row["subscriptionId"],
            product=row["productName"],
            starts=row["startDate"],
            ends=row["endDate"],
            days_left=row["daysUntilExpiration"],
            total=row["totalUnits"],
            assigned=row["consumedUnits"],
            used=row["used"],
        )
        for row in reader.rows("trials", columns)
    )


def _orders(reader: Reader) -> tuple[Order, ...]:
    """Return the lines of its orders, newest first; a line is told once, whatever families it counts for."""
    columns = ("orderId", "orderDate", "action", "productName", "quantity", "subscriptionId")
    found = dict.fromkeys(
        Order(
            id=row["orderId"],
            on=row["orderDate"],
            action=row["action"],
            product=row["productName"],
            quantity=row["quantity"],
            subscription=row["subscriptionId"],
        )
        for row in reader.rows("order_history", columns)
    )
    return tuple(sorted(found, key=lambda one: (one.on or "", one.id or ""), reverse=True))


def _admins(reader: Reader) -> tuple[Admin, ...]:
    """Return who looks after it, its own administrators first; nobody where the scope hides names."""
    columns = ("displayName", "role", "allCustomers")
    rows = [
        *reader.rows("partner_admins", columns),
        *reader.rows("partner_admins", columns, where=(is_("allCustomers", "Yes"),)),
    ]
    return tuple(
        Admin(name=row["displayName"], role=row["role"], is_of_all=row["allCustomers"] == "Yes")
        for row in rows
        if row["displayName"]
    )


def _usage(reader: Reader) -> tuple[Usage, ...]:
    """Return the usage of what the partner sold, then of what anybody sold where that is not the same."""
    columns = ("productName", "workloadName", "scope", "licensesActive", "licensesQualified", "usagePercent")
    rows = reader.rows("customer_licenses_usage", columns)
    own = {_use(row) for row in rows if row["scope"] == OWN}
    return tuple(
        Usage(
            product=row["productName"],
            workload=row["workloadName"],
            is_own=row["scope"] == OWN,
            active=_whole(row["licensesActive"]),
            qualified=_whole(row["licensesQualified"]),
            percent=row["usagePercent"],
        )
        for row in sorted(rows, key=lambda row: row["scope"] != OWN)
        if row["scope"] == OWN or _use(row) not in own
    )


def _use(row: Row) -> tuple[str | None, ...]:
    return tuple(value for column, value in row.items() if column != "scope")


def _findings(reader: Reader) -> tuple[str, ...]:
    """Return the reports that list the customer, and the triggers of an offer of training."""
    listed = [name for name in FINDINGS if reader.rows(name, ("orgId",))]
    triggers = [row["trigger"] or "" for row in reader.rows("training_offers", ("trigger",))]
    return (*listed, *(one for told in triggers for one in told.split("; ") if one))


def _whole(told: str | None) -> int | None:
    return None if told is None else int(told)
