"""The calls about queries: keep, list, delete, and try one."""

from dataclasses import replace

from fastapi import APIRouter, Request

from reports.center.access.audit import write_audit
from reports.center.access.program import Calling
from reports.center.access.visitor import Visitor
from reports.center.api.bodies import QueryBody
from reports.center.api.envelope import Envelope, Row, enveloped, is_redacted
from reports.center.api.parameters import (
    EndTime,
    ExportQuery,
    IncludeSystem,
    OnlySystem,
    QueryId,
    QueryName,
    Skip,
    StartTime,
)
from reports.center.delivery.grammar import parse, written
from reports.center.delivery.plan import days_between, written_instant
from reports.center.delivery.queries import (
    NamedQuery,
    create_query,
    delete_query,
    find_query,
    list_queries,
    system_queries,
)
from reports.center.delivery.refusals import DeliveryRefused
from reports.center.select import select

TRIED_ROWS = 100
router = APIRouter()


class QueryRow(Row):
    """A query; `type` is userDefined or system."""

    query_id: str
    name: str
    description: str
    query: str
    type: str
    user: str
    created_time: str | None


@router.post("/ScheduledQueries", operation_id="createQuery")
def create(request: Request, caller: Calling, body: QueryBody) -> Envelope[QueryRow]:
    """Keep a query."""
    kept = create_query(
        caller.center,
        caller.person,
        parse(body.query),
        name=body.name,
        description=body.description or "",
    )
    return _answer(request, caller, [kept], "Query created")


@router.get("/ScheduledQueries", operation_id="listQueries")
def list_kept(
    request: Request,
    caller: Calling,
    query_id: QueryId = None,
    query_name: QueryName = None,
    include_system: IncludeSystem = False,
    only_system: OnlySystem = False,
    skip: Skip = 0,
) -> Envelope[QueryRow]:
    """List the queries of the caller, the system's too if asked; an id finds either."""
    if query_id is not None:
        found = [find_query(caller.center, caller.person, query_id)]
    else:
        found = [] if only_system else [*list_queries(caller.center, caller.person)]
        found += system_queries(caller.scope) if include_system or only_system else ()
    if query_name is not None:
        found = [one for one in found if one.name.lower() == query_name.strip().lower()]
    return _answer(request, caller, found, f"{len(found)} queries", skip=skip)


@router.get("/ScheduledQueries/testQueryResult", operation_id="testQuery")
def try_query(
    request: Request,
    caller: Calling,
    export_query: ExportQuery = None,
    query_id: QueryId = None,
    start_time: StartTime = None,
    end_time: EndTime = None,
) -> Envelope[dict[str, str | None]]:
    """Answer with the first rows of a query, given as text or by its id."""
    if (export_query is None) == (query_id is None):
        raise DeliveryRefused("Give exportQuery, a query, or queryId, the id of one; one of the two.")
    if query_id is not None:
        query = find_query(caller.center, caller.person, query_id).query
    else:
        query = parse(export_query or "")
    selection = select(
        caller.center.shelf,
        caller.scope,
        replace(query, limit=min(query.limit or TRIED_ROWS, TRIED_ROWS)),
        today=caller.center.today,
        between=days_between(start_time, end_time),
    )
    rows = selection.rows()
    write_audit(
        caller.center,
        caller.person,
        "test query",
        dataset=selection.dataset.name,
        columns=tuple(field.name for field in selection.fields),
        query=written(query),
        rows=len(rows),
    )
    redacted = is_redacted(caller, selection.dataset.name)
    return enveloped(request, rows, f"The first {len(rows)} rows", redacted=redacted)


@router.delete("/ScheduledQueries/{query_id}", operation_id="deleteQuery")
def delete(request: Request, caller: Calling, query_id: str) -> Envelope[QueryRow]:
    """Delete a query of the caller."""
    return _answer(request, caller, [delete_query(caller.center, caller.person, query_id)], "Query deleted")


def _answer(
    request: Request, caller: Visitor, found: list[NamedQuery], message: str, *, skip: int = 0
) -> Envelope[QueryRow]:
    redacted = is_redacted(caller, *{one.query.dataset for one in found})
    rows = [_row(caller, one) for one in found]
    return enveloped(request, rows, message, redacted=redacted, skip=skip)


def _row(caller: Visitor, found: NamedQuery) -> QueryRow:
    return QueryRow(
        query_id=found.id,
        name=found.name,
        description=found.description,
        query=found.text,
        type="system" if found.is_system else "userDefined",
        user="System" if found.is_system else caller.person.subject,
        created_time=None if found.created_at is None else written_instant(found.created_at),
    )
