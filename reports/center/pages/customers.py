"""Customers: the list with its filters, and exactly this list as a file."""

from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from reports.center.access.audit import write_audit
from reports.center.access.visitor import Visiting, Visitor, require
from reports.center.customers.listing import ROSTER, SORTS, Sought
from reports.center.customers.roster import choices, read_page, roster
from reports.center.customers.source import Source
from reports.center.customers.tags import read_labels
from reports.center.delivery.stream import stream
from reports.center.formats import Format
from reports.center.pages.downloads import FORMATS
from reports.center.pages.partners import partners
from reports.center.pages.render import render
from reports.center.products import scored_products, shows_money
from reports.center.query import Condition, Operator, QueryRefused
from reports.center.query import Query as Asked
from reports.center.words import N_

router = APIRouter()
LONGEST_SEARCH = 200
SORT_LABELS = {
    "cluster": N_("Cluster"),
    "expected": N_("Expected revenue"),
    "probability": N_("Probability"),
    "name": N_("Name"),
    "size": N_("Employees"),
}
STATUS_KINDS = {
    "Subscription": "good",
    "Trial": "",
    "Expires soon": "warning",
    "License overage": "warning",
    "No recent activity": "",
    "Ready for order setup": "",
    "Suspended": "bad",
    "Expired": "bad",
}
"""How urgent a status looks."""
VALUES = {
    "partner_org": N_("Your organization"),
    "external_admin": N_("An administrator of another organization"),
    "partner_full_admin": N_("Full administrator"),
    "partner_admin": N_("Administrator"),
    "partner_readonly_admin": N_("Read-only administrator"),
    "active": N_("Active"),
    "grace_period": N_("Grace period"),
    "suspended": N_("Suspended"),
    "disabled": N_("Disabled"),
    "deprovisioned": N_("Removed"),
    "expired": N_("Expired"),
    "cancelled": N_("Cancelled"),
    "upgraded": N_("Upgraded"),
    "new": N_("New"),
    "add": N_("Added"),
    "reduce": N_("Reduced"),
    "renew": N_("Renewed"),
    "cancel": N_("Cancelled"),
}
"""Published values that are not words yet; what is missing is told as it is."""
FILTERED = {
    "partner": "GlobalID",
    "product": "Product",
    "cluster": "Cluster",
    "status": "Statuses",
    "ordered": "Products",
    "managed_by": "ManagedBy",
    "subscription_type": "SubscriptionTypes",
    "tag": "Tags",
}
"""Filters by their name in an address, with the column of the list that they ask."""


def source_of(visitor: Visitor) -> Source:
    """Return where a visitor's customers are read, with the labels given here.

    Raises:
        HTTPException: 403, where the role sees no rows.
    """
    require(visitor, "sees_rows")
    center = visitor.center
    labels = tuple(label for label in read_labels(center, visitor.person) if not label.subscription)
    return Source(shelf=center.shelf, scope=visitor.scope, today=center.today, labels=labels)


def address_of(partner: str, customer: str) -> str:
    """Return the address of a customer's page."""
    return f"/customers/{quote(partner, safe='')}/{quote(customer, safe='')}"


def sought(request: Request, text: Annotated[str, Query(alias="q")] = "", sort: str = "cluster") -> Sought:
    """Read what is looked for from the address; what cannot be shown is no word."""
    words = " ".join(word for word in text[:LONGEST_SEARCH].split() if word.isprintable())

    def told(name: str) -> str:
        value = request.query_params.get(name, "").strip()
        return value if value.isprintable() else ""

    return Sought(
        text=words,
        managed_by=told("managed_by"),
        ordered=told("ordered"),
        status=told("status"),
        subscription_type=told("subscription_type"),
        tag=told("tag"),
        product=told("product"),
        cluster=told("cluster"),
        partner=told("partner"),
        sort=sort if sort in SORTS else "cluster",
    )


Looking = Annotated[Sought, Depends(sought)]


@router.get("/customers")
def customers(request: Request, visitor: Visiting, asked: Looking, page: int = 1) -> Response:
    """List the customers that are looked for."""
    source = source_of(visitor)
    found = read_page(source, asked, page)
    write_audit(visitor.center, visitor.person, "view", dataset=ROSTER.name, rows=len(found.rows))
    return render(
        request,
        visitor,
        "customers.html",
        rows=found.rows,
        count=found.count,
        page=found.number,
        pages=found.pages,
        asked=asked,
        shown=_shown(asked),
        address=urlencode(_shown(asked)),
        address_of=address_of,
        choices=choices(source),
        products=scored_products(visitor.scope),
        partners=partners(visitor),
        has_money=shows_money(visitor.scope),
        sorts=SORT_LABELS,
        status_kinds=STATUS_KINDS,
        values=VALUES,
        formats=FORMATS,
        filtered=sum(bool(getattr(asked, name)) for name in FILTERED),
        month=visitor.center.shelf.latest(),
    )


@router.get("/customers/file")
async def file(visitor: Visiting, asked: Looking, format: Format = Format.CSV) -> Response:
    """Hand out the list as a file, all of its rows in its order."""
    selection = await run_in_threadpool(lambda: roster(source_of(visitor), asked))
    query = _query(asked, tuple(field.name for field in selection.fields))
    try:
        return await stream(
            visitor.center, visitor.person, selection, query=query, format=format, name="customers"
        )
    except QueryRefused as refusal:
        raise HTTPException(400, str(refusal)) from refusal


def _shown(asked: Sought) -> list[tuple[str, str]]:
    """Return what is looked for as the parameters of an address."""
    told = {"q": asked.text, **{name: getattr(asked, name) for name in FILTERED}, "sort": asked.sort}
    return [(name, value) for name, value in told.items() if value]


def _query(asked: Sought, columns: tuple[str, ...]) -> Asked:
    """Return the list as a query, for the record of who saw what."""
    conditions = [
        Condition(column=column, operator=Operator.EQUAL, values=(getattr(asked, name),))
        for name, column in FILTERED.items()
        if getattr(asked, name)
    ]
    if asked.text:
        conditions.append(
            Condition(column="AccountName", operator=Operator.LIKE, values=(f"%{asked.text}%",))
        )
    return Asked(dataset=ROSTER.name, columns=columns, where=tuple(conditions))
