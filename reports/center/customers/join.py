"""Joins what is published of customers: licence list and propensity reports side by side.

A customer may be in one of them only, so they are joined in full on partner and customer. Names, domains and
places come from the propensity reports, statuses and what was ordered from the licence list.
"""

from collections.abc import Iterable, Sequence

from reports.center.customers.listing import FIELDS, IDENTITY, Sought
from reports.center.customers.source import KEY, Source
from reports.center.datasets import Dataset
from reports.center.products import scored_products
from reports.center.select import Bound
from scoring.cells import CLUSTERS

LICENCES = "customers"
"""The dataset of customers with licences."""


def joined(source: Source, sought: Sought, values: list[Bound]) -> str:
    """SQL: every customer that may be looked for, with all that is said of it, named as published."""
    told = ", ".join(
        f'{field.name if field.name in IDENTITY else field.sql} AS "{field.name}"' for field in FIELDS
    )
    who, partners = _who(source, sought, values), _partners(source, sought, values)
    licences, chances = _licences(source, sought, values), _chances(source, sought, values)
    labels, lead = _labels(source, values), _lead(sought, values)
    asked = "JOIN" if sought.product or sought.cluster else "LEFT JOIN"
    given = (
        "array_to_string(list_sort(list_distinct(list_concat(coalesce(string_split(published_tags, '; '),"
        " []), coalesce(given, [])))), '; ')"
    )
    return f"""
        WITH who AS ({who}), partners AS ({partners}), licences AS ({licences}), chances AS ({chances}),
        labels AS ({labels}), lead AS ({lead}),
        in_all AS (SELECT GlobalID, CustomerID, CAST(sum(CAST(expected AS DECIMAL(18, 2))) AS VARCHAR)
                   AS expected_in_all FROM chances GROUP BY ALL),
        given AS (SELECT GlobalID, CustomerID, list(tag) AS given FROM labels GROUP BY ALL),
        everybody AS (
            SELECT * EXCLUDE (AccountName, org_name, PartnerName, partner_name),
                   coalesce(AccountName, org_name) AS AccountName,
                   coalesce(PartnerName, partner_name) AS PartnerName
            FROM who FULL JOIN licences USING (GlobalID, CustomerID) LEFT JOIN partners USING (GlobalID))
        SELECT {told} FROM (
            SELECT *, nullif({given}, '') AS tags FROM everybody
            {asked} lead USING (GlobalID, CustomerID)
            LEFT JOIN in_all USING (GlobalID, CustomerID) LEFT JOIN given USING (GlobalID, CustomerID))"""


def _who(source: Source, sought: Sought, values: list[Bound]) -> str:
    """SQL: who the customers of the propensity reports are; the reports agree on it."""
    parts = []
    for dataset in _reports(source):
        selection = source.select(dataset, IDENTITY, partner=sought.partner, customers=sought.customers)
        values += selection.values
        parts.append(f"({selection.sql})")
    told = ", ".join(f"max({name}) AS {name}" for name in IDENTITY if name not in KEY)
    every = " UNION ALL ".join(parts) or _nothing(IDENTITY)
    return f"SELECT GlobalID, CustomerID, {told} FROM ({every}) GROUP BY ALL"


def _partners(source: Source, sought: Sought, values: list[Bound]) -> str:
    """SQL: how partners are called, told by any of their customers."""
    parts = []
    for dataset in _reports(source):
        selection = source.select(dataset, ("GlobalID", "PartnerName"), partner=sought.partner)
        values += selection.values
        parts.append(f"({selection.sql})")
    every = " UNION ALL ".join(parts) or _nothing(("GlobalID", "PartnerName"))
    return f"SELECT GlobalID, max(PartnerName) AS partner_name FROM ({every}) GROUP BY GlobalID"


def _reports(source: Source) -> Sequence[Dataset]:
    """Return the propensity reports, which tell who their customers are."""
    return [one for one in source.scope.datasets.values() if set(KEY) <= set(one.report.header)]


def _nothing(columns: Iterable[str]) -> str:
    return f"SELECT {', '.join(f'NULL::VARCHAR AS {name}' for name in columns)} WHERE FALSE"


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
        return _nothing(told.values())
    selection = source.select(dataset, tuple(told), partner=sought.partner, customers=sought.customers)
    values += selection.values
    return f"SELECT {', '.join(f'{name} AS {own}' for name, own in told.items())} FROM ({selection.sql})"


def _chances(source: Source, sought: Sought, values: list[Bound]) -> str:
    """SQL: a customer's cluster, probability and, where the scope holds it, revenue for each product."""
    parts = []
    for one in scored_products(source.scope):
        revenue = one.expected if source.scope.field(one.dataset, one.expected) else None
        columns = (*KEY, one.cluster, one.probability, *((revenue,) if revenue else ()))
        selection = source.select(one.dataset, columns, partner=sought.partner, customers=sought.customers)
        values += [one.name, one.prefix, *selection.values]
        expected = f'"{revenue}"' if revenue else "NULL::VARCHAR"
        parts.append(
            f"SELECT {', '.join(KEY)}, ?::VARCHAR AS product, ?::VARCHAR AS prefix,"
            f' "{one.cluster}" AS cluster, "{one.probability}" AS probability, {expected} AS expected'
            f" FROM ({selection.sql})"
        )
    told = (*KEY, "product", "prefix", "cluster", "probability", "expected")
    return " UNION ALL ".join(parts) or _nothing(told)


def given(source: Source) -> Sequence[str]:
    """Return the tags given here to customers that are in the list."""
    values: list[Bound] = []
    labels, everybody = _labels(source, values), Sought()
    who, licences = _who(source, everybody, values), _licences(source, everybody, values)
    sql = f"""
        SELECT DISTINCT tag FROM ({labels}) SEMI JOIN (
            SELECT GlobalID, CustomerID FROM ({who}) UNION ALL SELECT GlobalID, CustomerID FROM ({licences})
        ) USING (GlobalID, CustomerID)"""
    with source.shelf.reading() as engine:
        return [tag for (tag,) in engine.execute(sql, values).fetchall()]


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
