"""Who did what: the newest rows of the audit."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from reports.center.access.manage import people_within
from reports.center.access.visitor import Visiting
from reports.center.database.engine import acting
from reports.center.database.tables import AuditRow
from reports.center.pages.render import render
from reports.center.people import Role

router = APIRouter()

NEWEST = 200
"""Rows that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A row of the audit."""

    at: datetime
    who: str
    action: str
    dataset: str
    rows: int | None
    detail: str


@router.get("/audit")
def show(request: Request, visitor: Visiting, who: str = "") -> Response:
    """Show the newest rows of people within the visitor's reach; nobody but global admins has this page."""
    person = visitor.person
    if person.role is not Role.GLOBAL_ADMIN:
        raise HTTPException(404)
    asked = sa.select(AuditRow).order_by(AuditRow.id.desc()).limit(NEWEST)
    if not person.reach.everything:
        theirs = [kept.person.id for kept in people_within(visitor.center, person)]
        asked = asked.where(AuditRow.user_id.in_(theirs))
    if who:
        asked = asked.where(AuditRow.subject == who)
    with acting(visitor.center.database, person) as session:
        rows = [
            Told(
                at=one.at,
                who=one.subject,
                action=one.action,
                dataset=one.dataset or "",
                rows=one.rows,
                detail=one.detail or one.query or "",
            )
            for one in session.scalars(asked)
        ]
    return render(request, visitor, "audit.html", rows=rows, who=who)
