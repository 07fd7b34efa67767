"""What people have starred: datasets and reports, at hand on the pages that list them."""

from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Form, HTTPException
from fastapi.responses import RedirectResponse, Response

from reports.center.access.audit import write_audit
from reports.center.access.visitor import Visiting, Visitor
from reports.center.database.engine import acting
from reports.center.database.tables import Favourite
from reports.center.delivery.refusals import NotThere
from reports.center.delivery.reports import find_report

router = APIRouter()
PAGES = {"dataset": "/downloads", "report": "/reports"}
"""Where each kind of favourite is listed."""


def favourites(visitor: Visitor, kind: str) -> frozenset[str]:
    """Return the keys of a kind that the visitor has starred."""
    with acting(visitor.center.database, visitor.person) as session:
        mine = sa.select(Favourite.key).where(Favourite.user_id == visitor.person.id, Favourite.kind == kind)
        return frozenset(session.scalars(mine))


@router.post("/favourites")
def star(visitor: Visiting, kind: Annotated[str, Form()], key: Annotated[str, Form()]) -> Response:
    """Star something, or take the star away; only what the visitor has can be starred."""
    if kind not in PAGES or not _is_there(visitor, kind, key):
        raise HTTPException(404, "There is nothing of that name to star.")
    with acting(visitor.center.database, visitor.person) as session:
        there = session.get(Favourite, (visitor.person.id, kind, key))
        if there is None:
            session.add(Favourite(user_id=visitor.person.id, kind=kind, key=key))
        else:
            session.delete(there)
        action = "star" if there is None else "take star away"
        write_audit(visitor.center, visitor.person, action, session=session, detail=f"{kind} {key}")
    return RedirectResponse(PAGES[kind], 303)


def _is_there(visitor: Visitor, kind: str, key: str) -> bool:
    if kind == "dataset":
        return key in visitor.scope.datasets
    try:
        find_report(visitor.center, visitor.person, key)
    except NotThere:
        return False
    return True
