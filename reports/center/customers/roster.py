"""All customers of the latest month within a scope: the whole list, a page of it, and what narrows it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from reports.center.customers.customer import Row
from reports.center.customers.fold import folded
from reports.center.customers.join import LICENCES, given, joined
from reports.center.customers.listing import EXPECTED, EXPECTED_IN_ALL, FIELDS, ROSTER, SORTS, Sought
from reports.center.customers.source import KEY, Source
from reports.center.products import shows_money
from reports.center.query import Query
from reports.center.select import Bound, Selection
from reports.center.summarize import summarize
from reports.field import Field
from reports.licenses.customer_reports import STATUSES

ROWS = 50
"""Rows of a page."""
FARTHEST = 1_000_000
"""The last page that can be asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the list: its number, from 1; its rows; how many customers are in the whole list."""

    number: int
    rows: tuple[Row, ...]
    count: int

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, ceil(self.count / ROWS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the list can be narrowed to, as the customers within the scope have it."""

    managed_by: tuple[str, ...]
    ordered: tuple[str, ...]
    statuses: tuple[str, ...]
    subscription_types: tuple[str, ...]
    tags: tuple[str, ...]


def shown(source: Source) -> tuple[Field, ...]:
    """Return the columns of the list that the scope shows."""
    hidden = () if shows_money(source.scope) else (EXPECTED, EXPECTED_IN_ALL)
    return tuple(field for field in FIELDS if field not in hidden)


def roster(source: Source, sought: Sought) -> Selection:
    """Return the customers that are looked for, a row each partner and customer, sorted as asked."""
    found = _matching(source, sought)
    columns = ", ".join(f'"{field.name}"' for field in found.fields)
    return replace(found, sql=f"SELECT {columns} FROM ({found.sql}) ORDER BY {_order(sought)}")


def read_page(source: Source, sought: Sought, number: int) -> Page:
    """Return a page of the list; the last one stands in for those behind it.

    Who is on the page is found first, so that all that is said is read of these customers alone.
    """
    number = min(max(number, 1), FARTHEST)
    found = _matching(source, sought)
    keys = summarize(
        {"matching": found},
        f"SELECT {', '.join(KEY)}, count(*) OVER () AS customers FROM matching ORDER BY {_order(sought)}"
        f" LIMIT {ROWS} OFFSET {(number - 1) * ROWS}",
    )
    if not keys:
        last = ceil(found.count() / ROWS) if number > 1 else 0
        return read_page(source, sought, last) if last else Page(number=1, rows=(), count=0)
    listed = roster(source, replace(sought, customers=tuple({key["CustomerID"] for key in keys})))
    rows = {(row["GlobalID"], row["CustomerID"]): row for row in listed.rows()}
    return Page(
        number=number,
        rows=tuple(rows[key["GlobalID"], key["CustomerID"]] for key in keys),
        count=keys[0]["customers"],
    )


def choices(source: Source) -> Choices:
    """Return the values that the filters offer, sorted; statuses in the order in which they are declared."""
    managed_by, ordered, statuses, subscription_types, tags = _published_choices(source)
    labels = given(source) if source.labels else ()
    return Choices(
        managed_by=managed_by,
        ordered=ordered,
        statuses=tuple(status for status in STATUSES if status in statuses),
        subscription_types=subscription_types,
        tags=tuple(sorted({*tags, *labels})),
    )


def _published_choices(source: Source) -> Sequence[tuple[str, ...]]:
    """Return who manages customers, and what the lists of the licence side hold."""
    columns = ("managedBy", "products", "statuses", "subscriptionTypes", "tags")
    if source.scope.dataset(LICENCES) is None:
        return [()] * len(columns)
    told = ", ".join(
        f"list_sort(list_distinct(flatten(list(string_split({column}, '; '))))) AS {column}"
        for column in columns
    )
    customers = source.ask(Query(dataset=LICENCES, columns=columns, distinct=True))
    found = summarize({"customers": customers}, f"SELECT {told} FROM customers")[0]
    return [tuple(found[column] or ()) for column in columns]


def _matching(source: Source, sought: Sought) -> Selection:
    """Return the customers that are looked for, in no order, with all that is said of them."""
    values: list[Bound] = []
    everybody = joined(source, sought, values)
    where = " AND ".join(_conditions(sought, values)) or "TRUE"
    sql = f"SELECT * FROM ({everybody}) WHERE {where}"
    return Selection(shelf=source.shelf, dataset=ROSTER, fields=shown(source), sql=sql, values=tuple(values))


def _order(sought: Sought) -> str:
    return f"{SORTS.get(sought.sort, SORTS['cluster'])} NULLS LAST, {', '.join(KEY)}"


def _conditions(sought: Sought, values: list[Bound]) -> list[str]:
    found = []
    for word in sought.text.split():
        values.append(word)
        said = folded("concat_ws(' ', AccountName, Domain, CustomerID)")
        found.append(f"contains({said}, {folded('?::VARCHAR')})")
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
    if sought.managed_by:
        values.append(sought.managed_by)
        found.append("ManagedBy = ?")
    return found
