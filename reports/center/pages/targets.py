"""Target list: whom to call with the time there is, and what that brings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi import Query as Parameter
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from reports.center.access.audit import write_audit
from reports.center.access.visitor import Visiting, Visitor
from reports.center.customers.source import Source
from reports.center.customers.targets import (
    MOST_CALLS,
    Aim,
    Plan,
    called,
    find_product,
    plan,
    territories,
)
from reports.center.delivery.grammar import written
from reports.center.delivery.stream import stream
from reports.center.formats import Format
from reports.center.pages.customers import address_of, source_of
from reports.center.pages.downloads import FORMATS
from reports.center.pages.partners import partners
from reports.center.pages.render import render
from reports.center.products import Scored, scored_products
from reports.center.query import Query, QueryRefused
from reports.center.select import Selection
from reports.center.words import N_

router = APIRouter()
SHOWN = 50
DEFAULT_CALLS = 50
TERRITORY_LABELS = {"Area": N_("Area"), "Country": N_("Country"), "SalesTerritory": N_("Sales territory")}
NAMED = {"Area": "area", "Country": "country", "SalesTerritory": "territory"}
"""What the columns of territories are called in an address."""
ASKED = ("product", "area", "country", "territory", "cluster", "partner")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A customer to call, as the list shows it; cells as published."""

    href: str
    cells: Mapping[str, str | None]
    reason: str


def aim(
    request: Request,
    visitor: Visiting,
    calls: Annotated[int, Parameter(ge=1, le=MOST_CALLS)] = DEFAULT_CALLS,
) -> Aim:
    """Read from the address which calls are to be made; the first product where none is named."""
    told = {name: request.query_params.get(name, "").strip() for name in ASKED}
    legible = {name: value for name, value in told.items() if value.isprintable()}
    if not legible.get("product"):
        legible["product"] = next((one.prefix for one in scored_products(visitor.scope)), "")
    return Aim(calls=calls, **legible)


Aiming = Annotated[Aim, Depends(aim)]


@router.get("/targets")
def targets(request: Request, visitor: Visiting, asked: Aiming) -> Response:
    """Show the calls that are worth most, and what they bring beside a random list."""
    source, product = _product(visitor, asked)
    found = plan(source, product, asked)
    rows = called(source, found).rows(SHOWN)
    write_audit(
        visitor.center,
        visitor.person,
        "view",
        dataset=found.query.dataset,
        columns=found.query.columns,
        query=written(found.query),
        rows=len(rows),
    )
    return render(
        request,
        visitor,
        "targets.html",
        asked=asked,
        plan=found,
        targets=[_target(found, row) for row in rows],
        shown=_shown(asked),
        products=scored_products(visitor.scope),
        territories=[
            (NAMED[column], TERRITORY_LABELS[column], values)
            for column, values in territories(source, product).items()
        ],
        partners=partners(visitor),
        most=MOST_CALLS,
        formats=FORMATS,
        month=visitor.center.shelf.latest(),
    )


@router.get("/targets/file")
async def file(visitor: Visiting, asked: Aiming, format: Format = Format.CSV) -> Response:
    """Hand out the list of calls as a file, best first."""
    selection, query, name = await run_in_threadpool(_list_of_calls, visitor, asked)
    try:
        return await stream(visitor.center, visitor.person, selection, query=query, format=format, name=name)
    except QueryRefused as refusal:
        raise HTTPException(400, str(refusal)) from refusal


def _list_of_calls(visitor: Visitor, asked: Aim) -> tuple[Selection, Query, str]:
    """Return the rows of the list, the query that tells of them, and the name of the file."""
    source, product = _product(visitor, asked)
    found = plan(source, product, asked)
    return called(source, found), found.query, f"target list {product.name}"


def _product(visitor: Visitor, asked: Aim) -> tuple[Source, Scored]:
    source = source_of(visitor)
    product = find_product(source, asked.product)
    if product is None:
        raise HTTPException(404)
    return source, product


def _shown(asked: Aim) -> list[tuple[str, str]]:
    """Return what is asked for as the parameters of an address."""
    told = [(name, getattr(asked, name)) for name in ASKED]
    return [("calls", str(asked.calls)), *((name, value) for name, value in told if value)]


def _target(found: Plan, row: Mapping[str, str | None]) -> Target:
    prefix = found.product.prefix
    said = {name.removeprefix(prefix): value for name, value in row.items() if name.startswith(prefix)}
    first = (said.get("SignalExplanation") or "").split("; ")[0]
    return Target(
        href=address_of(row["GlobalID"] or "", row["CustomerID"] or ""), cells={**row, **said}, reason=first
    )
