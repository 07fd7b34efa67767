"""The partners whose customers a person sees, for pages on which one of them is chosen."""

from dataclasses import dataclass

from reports.center.access.visitor import Visitor
from reports.center.query import Condition, Operator, Query
from reports.center.select import Selection, select
from reports.center.summarize import summarize

CUSTOMERS = "customers"
NAMED = ("GlobalID", "PartnerName")


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """A root partner; its id stands for a name that nobody has told."""

    id: str
    name: str


def partners(visitor: Visitor) -> tuple[Partner, ...]:
    """Return the partners with rows in the latest month that the visitor sees, by name."""
    found = {
        "named": _distinct(visitor, _naming(visitor), NAMED),
        "customers": _distinct(visitor, CUSTOMERS, ("partnerId",)),
    }
    known = {name: selection for name, selection in found.items() if selection is not None}
    if not known:
        return ()
    told = {
        "named": "SELECT GlobalID AS id, PartnerName AS name FROM named",
        "customers": "SELECT partnerId AS id, NULL AS name FROM customers",
    }
    rows = " UNION ALL ".join(told[name] for name in known)
    sql = f"SELECT id, coalesce(max(name), id) AS name FROM ({rows}) GROUP BY id ORDER BY name, id"
    return tuple(Partner(id=row["id"], name=row["name"]) for row in summarize(known, sql))


def of_partner(partner: str | None) -> tuple[Condition, ...]:
    """Return the condition of licence reports that a row is of that partner; none for all of them."""
    if partner is None:
        return ()
    return (Condition(column="partnerId", operator=Operator.EQUAL, values=(partner,)),)


def shared_customers(visitor: Visitor) -> int:
    """Return how many customers with licences buy from several of the partners that the visitor sees."""
    selection = _distinct(visitor, CUSTOMERS, ("partnerId", "orgId"))
    if selection is None:
        return 0
    sql = "SELECT count(*) AS shared FROM (SELECT orgId FROM customers GROUP BY orgId HAVING count(*) > 1)"
    return int(summarize({CUSTOMERS: selection}, sql)[0]["shared"])


def _naming(visitor: Visitor) -> str:
    """Return a dataset that tells the names of partners."""
    scope = visitor.scope
    named = (name for name, fields in scope.fields.items() if set(NAMED) <= {field.name for field in fields})
    return next(named, "")


def _distinct(visitor: Visitor, dataset: str, columns: tuple[str, ...]) -> Selection | None:
    if visitor.scope.dataset(dataset) is None:
        return None
    query = Query(dataset=dataset, columns=columns, distinct=True)
    return select(visitor.center.shelf, visitor.scope, query, today=visitor.center.today)
