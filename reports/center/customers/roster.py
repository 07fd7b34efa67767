"""All customers of the latest month within a scope: licence list and propensity reports side by side.

A customer may be in one of them only, so they are joined in full on partner and customer. Names, domains and
places come from the propensity reports, statuses and what was ordered from the licence list.
"""

from dataclasses import dataclass

from reports.blocks import CUSTOMER, FIRMOGRAPHICS, PARTNER
from reports.center.customers.fold import folded
from reports.center.customers.source import KEY, Source
from reports.center.datasets import Dataset
from reports.center.products import scored_products, shows_money
from reports.center.select import Bound, Selection
from reports.center.summarize import summarize
from reports.field import Field, Group, Report, enum, money, names, probability, string
from reports.licenses.customer_reports import STATUSES
from scoring.cells import CLUSTERS

LICENCES = "customers"
"""The dataset of customers with licences."""
TAGS = "tags"
IDENTITY = tuple(field.name for field in (*PARTNER, *CUSTOMER, *FIRMOGRAPHICS))


def _own(name: str, meaning: str, sql: str) -> Field:
    return string(name, meaning, sql, told="text", group=Group.LICENSE, optional=True)


_EXPECTED = money(
    "ExpectedRevenue",
    "Its expected revenue in the 12 months after a purchase",
    "expected",
    group=Group.REVENUE,
)
_EXPECTED_IN_ALL = money(
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
    _EXPECTED,
    _EXPECTED_IN_ALL,
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
    customer: str = ""
    sort: str = "cluster"


def roster(source: Source, sought: Sought) -> Selection:
    """Return the customers that are looked for, a row each partner and customer, sorted as asked."""
    values: list[Bound] = []
    joined = _joined(source, sought, values)
    where = " AND ".join(_conditions(sought, values)) or "TRUE"
    money_columns = {_EXPECTED.name, _EXPECTED_IN_ALL.name}
    is_told = shows_money(source.scope)
    fields = tuple(field for field in FIELDS if is_told or field.name not in money_columns)
    columns = ", ".join(f'"{field.name}"' for field in fields)
    order = SORTS.get(sought.sort, SORTS["cluster"])
    sql = f"SELECT {columns} FROM ({joined}) WHERE {where} ORDER BY {order} NULLS LAST, {', '.join(KEY)}"
    return Selection(shelf=source.shelf, dataset=ROSTER, fields=fields, sql=sql, values=tuple(values))


def _joined(source: Source, sought: Sought, values: list[Bound]) -> str:
    """SQL: every customer with all that is said of it, named as published."""
    told = ", ".join(
        f'{field.name if field.name in IDENTITY else field.sql} AS "{field.name}"' for field in FIELDS
    )
    who, licences = _who(source, sought, values), _licences(source, sought, values)
    chances, labels = _chances(source, sought, values), _labels(source, values)
    lead = _lead(sought, values)
    asked = "JOIN" if sought.product or sought.cluster else "LEFT JOIN"
    given = (
        "array_to_string(list_sort(list_distinct(list_concat(coalesce(string_split(published_tags, '; '),"
        " []), coalesce(given, [])))), '; ')"
    )
    return f"""
        WITH who AS ({who}), licences AS ({licences}), chances AS ({chances}), labels AS ({labels}),
        lead AS ({lead}),
        in_all AS (SELECT GlobalID, CustomerID, CAST(sum(CAST(expected AS DECIMAL(18, 2))) AS VARCHAR)
                   AS expected_in_all FROM chances GROUP BY ALL),
        given AS (SELECT GlobalID, CustomerID, list(tag) AS given FROM labels GROUP BY ALL),
        everybody AS (
            SELECT * EXCLUDE (AccountName, org_name, PartnerName),
                   coalesce(AccountName, org_name) AS AccountName,
                   coalesce(PartnerName, max(PartnerName) OVER (PARTITION BY GlobalID)) AS PartnerName
            FROM who FULL JOIN licences USING (GlobalID, CustomerID))
        SELECT {told} FROM (
            SELECT *, nullif({given}, '') AS tags FROM everybody
            {asked} lead USING (GlobalID, CustomerID)
            LEFT JOIN in_all USING (GlobalID, CustomerID) LEFT JOIN given USING (GlobalID, CustomerID))"""


def _who(source: Source, sought: Sought, values: list[Bound]) -> str:
    """SQL: who the customers of the propensity reports are; the reports agree on it."""
    datasets = [one for one in source.scope.datasets.values() if set(KEY) <= set(one.report.header)]
    parts = []
    for dataset in datasets:
        selection = source.select(dataset, IDENTITY, partner=sought.partner)
        values += selection.values
        parts.append(f"({selection.sql})")
    if not parts:
        return f"SELECT {', '.join(f'NULL::VARCHAR AS {name}' for name in IDENTITY)} WHERE FALSE"
    told = ", ".join(f"max({name}) AS {name}" for name in IDENTITY if name not in KEY)
    return f"SELECT GlobalID, CustomerID, {told} FROM ({' UNION ALL '.join(parts)}) GROUP BY ALL"


def _licences(source: Source, sought: Sought, values: list[Bound]) -> str:
    """SQL: what the licence list says of each customer."""
    told = {
        "partnerId": "GlobalID",
        "orgId": "CustomerID",
        "orgName": "org_name",
        "managedBy": "managed_by",
        "subscriptionTypes": "subscription_types",
        "products": "products",
        "statuses": "statuses",
        "tags": "published_tags",
    }
    dataset = source.scope.dataset(LICENCES)
    if dataset is None:
        return f"SELECT {', '.join(f'NULL::VARCHAR AS {name}' for name in told.values())} WHERE FALSE"
    selection = source.select(dataset, tuple(told), partner=sought.partner)
    values += selection.values
    return f"SELECT {', '.join(f'{name} AS {own}' for name, own in told.items())} FROM ({selection.sql})"


def _chances(source: Source, sought: Sought, values: list[Bound]) -> str:
    """SQL: a customer's cluster, probability and, where the scope holds it, revenue for each product."""
    parts = []
    for one in scored_products(source.scope):
        revenue = one.expected if source.scope.field(one.dataset, one.expected) else None
        columns = (*KEY, one.cluster, one.probability, *((revenue,) if revenue else ()))
        selection = source.select(one.dataset, columns, partner=sought.partner)
        values += [one.name, one.prefix, *selection.values]
        expected = f'"{revenue}"' if revenue else "NULL::VARCHAR"
        parts.append(
            f"SELECT {', '.join(KEY)}, ?::VARCHAR AS product, ?::VARCHAR AS prefix,"
            f' "{one.cluster}" AS cluster, "{one.probability}" AS probability, {expected} AS expected'
            f" FROM ({selection.sql})"
        )
    told = (*KEY, "product", "prefix", "cluster", "probability", "expected")
    nothing = f"SELECT {', '.join(f'NULL::VARCHAR AS {name}' for name in told)} WHERE FALSE"
    return " UNION ALL ".join(parts) or nothing


def _labels(source: Source, values: list[Bound]) -> str:
    values += [
        [label.partner for label in source.labels],
        [label.customer for label in source.labels],
        [label.tag for label in source.labels],
    ]
    given = "unnest(?::VARCHAR[])"
    return f"SELECT {given} AS GlobalID, {given} AS CustomerID, {given} AS tag"


def _lead(sought: Sought, values: list[Bound]) -> str:
    """SQL: the product that a customer is most likely to buy, of those asked for."""
    conditions = ["cluster IS NOT NULL"]
    if sought.product:
        values.append(sought.product)
        conditions.append("prefix = ?")
    if sought.cluster:
        values.append(sought.cluster)
        conditions.append("cluster = ?")
    order = f"list_position({list(CLUSTERS)}, cluster), CAST(probability AS DOUBLE) DESC, prefix"
    return f"""
        SELECT * FROM chances WHERE {" AND ".join(conditions)}
        QUALIFY row_number() OVER (PARTITION BY GlobalID, CustomerID ORDER BY {order}) = 1"""


def _conditions(sought: Sought, values: list[Bound]) -> list[str]:
    found = []
    for word in sought.text.split():
        values.append(word)
        said = folded("concat_ws(' ', AccountName, Domain, CustomerID)")
        found.append(f"contains({said}, {folded('?::VARCHAR')})")
    exactly = {"ManagedBy": sought.managed_by, "GlobalID": sought.partner, "CustomerID": sought.customer}
    for column, value in exactly.items():
        if value:
            values.append(value)
            found.append(f"{column} = ?")
    listed = {
        "Products": sought.ordered,
        "Statuses": sought.status,
        "SubscriptionTypes": sought.subscription_type,
        "Tags": sought.tag,
    }
    for column, value in listed.items():
        if value:
            values.append(value)
            found.append(f"list_contains(string_split({column}, '; '), ?)")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the list can be narrowed to, as the customers within the scope have it."""

    managed_by: tuple[str, ...]
    ordered: tuple[str, ...]
    statuses: tuple[str, ...]
    subscription_types: tuple[str, ...]
    tags: tuple[str, ...]


def choices(source: Source) -> Choices:
    """Return the values that the filters offer, sorted; statuses in the order in which they are declared."""
    everybody = roster(source, Sought())

    def listed(column: str) -> str:
        return f"list_sort(list_distinct(flatten(list(string_split({column}, '; ')))))"

    columns = ("ManagedBy", "Products", "Statuses", "SubscriptionTypes", "Tags")
    told = ", ".join(f"{listed(column)} AS {column}" for column in columns)
    found = summarize({"everybody": everybody}, f"SELECT {told} FROM everybody")[0]
    managed_by, ordered, statuses, subscription_types, tags = (tuple(found[one] or ()) for one in columns)
    return Choices(
        managed_by=managed_by,
        ordered=ordered,
        statuses=tuple(status for status in STATUSES if status in statuses),
        subscription_types=subscription_types,
        tags=tags,
    )
