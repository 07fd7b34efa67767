"""Templates: definitions of reports that somebody keeps to begin others with."""

from dataclasses import dataclass

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from reports.center.access.visitor import Visiting, require
from reports.center.delivery.queries import NamedQuery, create_query, delete_query, list_queries
from reports.center.delivery.refusals import DeliveryRefused, NotAllowed, NotThere
from reports.center.pages.definition import OPERATORS, SPANS, Definition
from reports.center.pages.downloads import (
    SentForm,
    checked_query,
    is_known,
    known_definition,
    show_definition,
)
from reports.center.pages.render import render
from reports.center.query import QueryRefused

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A template as it is listed; `is_known` tells whether its owner still has all it asks for."""

    kept: NamedQuery
    definition: Definition
    is_known: bool


@router.get("/templates")
def templates(request: Request, visitor: Visiting) -> Response:
    """List the templates of the visitor."""
    require(visitor, "sees_rows")
    found = [
        Template(
            kept=one,
            definition=Definition.of(one.query, name=one.name),
            is_known=is_known(visitor, one.query),
        )
        for one in list_queries(visitor.center, visitor.person)
        if one.is_template
    ]
    return render(request, visitor, "templates.html", templates=found, operators=OPERATORS, spans=SPANS)


@router.post("/templates")
def save(request: Request, visitor: Visiting, form: SentForm) -> Response:
    """Keep a definition as a template."""
    require(visitor, "sees_rows")
    definition = known_definition(visitor, form)
    try:
        create_query(
            visitor.center,
            visitor.person,
            checked_query(definition),
            name=definition.name or definition.dataset,
            is_template=True,
        )
    except (DeliveryRefused, QueryRefused) as refusal:
        return show_definition(request, visitor, definition, refused=str(refusal))
    return RedirectResponse("/templates", 303)


@router.post("/templates/{query_id}/delete")
def delete(visitor: Visiting, query_id: str) -> Response:
    """Delete a template of the visitor."""
    require(visitor, "sees_rows")
    try:
        delete_query(visitor.center, visitor.person, query_id)
    except (NotThere, NotAllowed) as refusal:
        raise HTTPException(404, "You have no such template.") from refusal
    return RedirectResponse("/templates", 303)
