"""The list of customers as it is declared: its columns, how it may be sorted, what may be looked for."""

from dataclasses import dataclass

from reports.blocks import CUSTOMER, FIRMOGRAPHICS, PARTNER
from reports.center.customers.source import KEY
from reports.center.datasets import Dataset
from reports.field import Field, Group, Report, enum, money, names, probability, string
from scoring.cells import CLUSTERS

IDENTITY = tuple(field.name for field in (*PARTNER, *CUSTOMER, *FIRMOGRAPHICS))


def _own(name: str, meaning: str, sql: str) -> Field:
    return string(name, meaning, sql, told="text", group=Group.LICENSE, optional=True)


EXPECTED = money(
    "ExpectedRevenue",
    "Its expected revenue in the 12 months after a purchase",
    "expected",
    group=Group.REVENUE,
)
EXPECTED_IN_ALL = money(
    "ExpectedRevenueAllProducts", "Expected revenue of all products", "expected_in_all", group=Group.REVENUE
)
FIELDS = (
    *PARTNER,
    *CUSTOMER,
    *FIRMOGRAPHICS,
    _own("ManagedBy", "Who manages the customer", "managed_by"),
    _own("SubscriptionTypes", "Subscription, Trial, or both", "subscription_types"),
    names("Products", "Products it ordered", "products", group=Group.LICENSE),
    names("Statuses", "Its statuses", "statuses", group=Group.LICENSE),
    names("Tags", "Labels of the partner: published ones, and those given here", "tags", group=Group.LICENSE),
    _own("Product", "The product it is most likely to buy, of those asked for", "product"),
    enum("Cluster", "Its cluster for that product", "cluster", allowed=CLUSTERS, group=Group.PROPENSITY),
    probability("PurchaseProbability", "Probability of a purchase within 90 days", "probability"),
    EXPECTED,
    EXPECTED_IN_ALL,
)
ROSTER = Dataset(
    report=Report(
        name="customer_list",
        row="a customer of a partner",
        key=KEY,
        reads="roster",
        fields=FIELDS,
    ),
    folder="",
)
"""What the list is as a file."""
SORTS = {
    "name": "lower(coalesce(AccountName, CustomerID)) ASC",
    "probability": "CAST(PurchaseProbability AS DOUBLE) DESC",
    "expected": "CAST(ExpectedRevenueAllProducts AS DOUBLE) DESC",
    "cluster": f"list_position({list(CLUSTERS)}, Cluster) ASC, CAST(PurchaseProbability AS DOUBLE) DESC",
    "size": "CAST(OrgSize AS BIGINT) DESC",
}
"""How the list may be sorted, by the name of the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which customers are looked for; an empty text is no condition."""

    text: str = ""
    """Words that all stand in name, domain or id, whatever their case and accents."""
    managed_by: str = ""
    ordered: str = ""
    status: str = ""
    subscription_type: str = ""
    tag: str = ""
    product: str = ""
    """Prefix of a scored product: clusters and chances are those of this product alone."""
    cluster: str = ""
    partner: str = ""
    customers: tuple[str, ...] = ()
    """Ids; what is said of others is not even read."""
    sort: str = "cluster"
