"""The queries a person has named, and those that everybody has: all columns of a propensity dataset."""

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from reports.center.access.audit import write_audit
from reports.center.center import Center
from reports.center.database.engine import acting, take_turns
from reports.center.database.tables import SavedQuery
from reports.center.datasets import PROPENSITY, Dataset
from reports.center.delivery.grammar import parse_stored, written
from reports.center.delivery.refusals import DeliveryRefused, NotAllowed, NotThere
from reports.center.delivery.words import checked_id, checked_words
from reports.center.people import Person
from reports.center.query import Query
from reports.center.scope import Scope
from reports.center.select import resolve

MOST_TEMPLATES, MOST_QUERIES = 200, 2_000
"""Of a person; templates are queries too."""
SYSTEM_IDS = {
    "CLASAzurePropensity": "9a18bd70-8f90-4bd2-8266-5f6e453e3ee7",
    "CLASD365Propensity": "258fdcac-6e9c-4072-af27-b1b3d97be16c",
    "CLASM365Propensity": "fbe00e32-fdde-4465-b3e4-41bbd021a130",
    "CLASSurfacePropensity": "ba339743-7594-439f-bb01-1a2e754df7b7",
    "CLASAgreementRenewalsPropensity": "c4fc87ac-4cca-44cd-bf4d-835ac513f9ee",
    "CLASSecurityPropensity": "5d2c7b0e-3f64-4c1b-9a87-e1d0b6a4f392",
}
"""The vendor's ids, which clients have written down; the last one is ours."""
SYSTEM_SPACE = uuid.UUID("0b1f5a52-6a0e-4c53-8f0b-3e3a4f1c9d77")
"""Below it the datasets of other catalogues have their ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedQuery:
    """A query with its name; `text` is the query as it is stored, `created_at` None for a system query."""

    id: str
    name: str
    description: str
    query: Query
    text: str
    is_system: bool = False
    is_template: bool = False
    created_at: datetime | None = None


def system_queries(scope: Scope) -> tuple[NamedQuery, ...]:
    """Return the queries everybody has: of each propensity dataset of the scope, all columns of the scope."""
    return tuple(
        _system_query(scope, dataset) for dataset in scope.datasets.values() if dataset.folder == PROPENSITY
    )


def system_id(name: str) -> str:
    """Return the id of the system query of a dataset."""
    return SYSTEM_IDS.get(name) or str(uuid.uuid5(SYSTEM_SPACE, name))


def list_queries(center: Center, person: Person) -> tuple[NamedQuery, ...]:
    """Return the queries of a person, the newest first."""
    with acting(center.database, person) as session:
        kept = session.scalars(
            sa.select(SavedQuery)
            .where(SavedQuery.user_id == person.id)
            .order_by(SavedQuery.created_at.desc(), SavedQuery.id)
        ).all()
        return tuple(_named(one) for one in kept)


def find_query(center: Center, person: Person, query_id: str) -> NamedQuery:
    """Return a query of a person, or a system query of its scope.

    Raises:
        NotThere: the person has no such query.
    """
    wanted = checked_id("query", query_id)
    for one in (*system_queries(center.scope(person)), *list_queries(center, person)):
        if one.id == wanted:
            return one
    raise NotThere(f"There is no query {query_id!r}; GET ScheduledQueries lists the ids there are.")


def create_query(
    center: Center,
    person: Person,
    query: Query,
    *,
    name: str,
    description: str = "",
    is_template: bool = False,
) -> NamedQuery:
    """Keep a query for a person, its names as they are declared.

    Raises:
        QueryRefused: the person's scope has no such dataset or column.
        DeliveryRefused: the name is empty or too long, or there are too many templates.
    """
    _, query = resolve(center.scope(person), query)
    kept = SavedQuery(
        id=str(uuid.uuid4()),
        user_id=person.id,
        name=checked_words("Name", name),
        description=checked_words("Description", description, may_be_empty=True),
        query=written(query),
        is_template=is_template,
        created_at=center.now(),
    )
    with acting(center.database, person) as session:
        take_turns(session, person)
        own = sa.select(sa.func.count()).where(SavedQuery.user_id == person.id)
        if (session.scalar(own) or 0) >= MOST_QUERIES:
            raise DeliveryRefused(f"A person has at most {MOST_QUERIES:,} queries: delete one first.")
        if is_template and (session.scalar(own.where(SavedQuery.is_template)) or 0) >= MOST_TEMPLATES:
            raise DeliveryRefused(f"A person has at most {MOST_TEMPLATES} templates: delete one first.")
        session.add(kept)
        write_audit(center, person, "create query", session=session, dataset=query.dataset, query=kept.query)
    return _named(kept)


def delete_query(center: Center, person: Person, query_id: str) -> NamedQuery:
    """Delete a query of a person; its reports keep their own copy of it.

    Raises:
        NotThere: the person has no such query.
        NotAllowed: it is a system query.
    """
    found = find_query(center, person, query_id)
    if found.is_system:
        raise NotAllowed(f"{found.name} is a system query; only queries of type userDefined can be deleted.")
    with acting(center.database, person) as session:
        session.execute(
            sa.delete(SavedQuery).where(SavedQuery.id == found.id, SavedQuery.user_id == person.id)
        )
        write_audit(
            center, person, "delete query", session=session, dataset=found.query.dataset, query=found.text
        )
    return found


def _system_query(scope: Scope, dataset: Dataset) -> NamedQuery:
    columns = tuple(field.name for field in scope.fields[dataset.name])
    query = Query(dataset=dataset.name, columns=columns)
    return NamedQuery(
        id=system_id(dataset.name),
        name=dataset.name,
        description=f"All columns of {dataset.name}, latest month",
        query=query,
        text=written(query),
        is_system=True,
    )


def _named(kept: SavedQuery) -> NamedQuery:
    return NamedQuery(
        id=kept.id,
        name=kept.name,
        description=kept.description,
        query=parse_stored(kept.query),
        text=kept.query,
        is_template=kept.is_template,
        created_at=kept.created_at,
    )
