"""The administrator's page of links: for each finding its material, for each portal action its address."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from reports.center.access.visitor import Visiting, Visitor, require
from reports.center.advice import CLUSTERS, COHORTS, FINDINGS, PORTAL, STATUSES, Advice, PortalAction, link
from reports.center.database.engine import acting
from reports.center.database.tables import ActionLink
from reports.center.links import LinkRefused, clear_link, placeholders, set_link, sets_links
from reports.center.pages.render import render
from reports.center.words import N_

router = APIRouter(prefix="/links")
EXAMPLE_CUSTOMER, EXAMPLE_SUBSCRIPTION = "CUSTOMER-ID", "SUBSCRIPTION-ID"
GROUPS: tuple[tuple[str, tuple[Advice | PortalAction, ...]], ...] = (
    (N_("Actions in the vendor's portal"), PORTAL),
    (N_("Material per cluster"), CLUSTERS),
    (N_("Material per cohort"), COHORTS),
    (N_("Material per licence finding"), FINDINGS),
    (N_("Material per status"), STATUSES),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An action with its link; `test` is the link for an example, empty while none is set."""

    action: str
    title: str
    about: str
    placeholders: tuple[str, ...]
    url: str
    test: str
    set_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Actions of a kind."""

    title: str
    lines: tuple[Line, ...]


@router.get("")
def show(request: Request, visitor: Visiting) -> Response:
    """Show every action and its link."""
    require(visitor, "sets_links")
    return _page(request, visitor)


@router.post("")
def save(
    request: Request,
    visitor: Visiting,
    action: Annotated[str, Form()],
    url: Annotated[str, Form()] = "",
    clear: Annotated[bool, Form()] = False,
) -> Response:
    """Set the link of an action, or clear it."""
    if not sets_links(visitor.person):
        raise HTTPException(403)
    try:
        if clear:
            clear_link(visitor.center, visitor.person, action)
        else:
            set_link(visitor.center, visitor.person, action, url)
    except LinkRefused as refused:
        return _page(request, visitor, refused=str(refused), action=action, url=url)
    return RedirectResponse(f"/links#{action}", 303)


def _page(
    request: Request, visitor: Visitor, *, refused: str = "", action: str = "", url: str = ""
) -> Response:
    with acting(visitor.center.database, visitor.person) as session:
        kept = {row.action: row for row in session.scalars(sa.select(ActionLink))}
    return render(
        request,
        visitor,
        "links.html",
        status=422 if refused else 200,
        groups=tuple(Group(title=title, lines=tuple(_lines(some, kept))) for title, some in GROUPS),
        may_set=sets_links(visitor.person),
        refused=refused,
        refused_action=action,
        refused_url=url,
    )


def _lines(actions: tuple[Advice | PortalAction, ...], kept: Mapping[str, ActionLink]) -> Iterable[Line]:
    for one in actions:
        row = kept.get(one.action)
        example = (
            "" if row is None else link(row.url, customer=EXAMPLE_CUSTOMER, subscription=EXAMPLE_SUBSCRIPTION)
        )
        yield Line(
            action=one.action,
            title=one.title,
            about=one.help if isinstance(one, PortalAction) else one.text,
            placeholders=placeholders(one.action),
            url="" if row is None else row.url,
            test=example,
            set_by="" if row is None else row.set_by,
        )
