"""Who did what: the newest rows of the audit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from fastapi import APIRouter, HTTPException, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from reports.center.access.manage import REACH_CHANGED, Kept, people_within
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
    """Show the newest rows of people within the visitor's reach; only global admins have this page."""
    person = visitor.person
    if person.role is not Role.GLOBAL_ADMIN:
        raise HTTPException(404)
    asked = sa.select(AuditRow).order_by(AuditRow.id.desc()).limit(NEWEST)
    if who:
        asked = asked.where(AuditRow.subject == who)
    with acting(visitor.center.database, person) as session:
        if not person.reach.everything:
            asked = asked.where(*_theirs(session, people_within(visitor.center, person)))
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


def _theirs(session: Session, people: Sequence[Kept]) -> Iterator[sa.ColumnElement[bool]]:
    """Choose the rows of people since they have reached what they reach: before, it may have been more."""
    ids = [kept.person.id for kept in people]
    yield AuditRow.user_id.in_(ids)
    told = sa.select(AuditRow.id, AuditRow.detail).where(AuditRow.action == REACH_CHANGED)
    changes = [(id, detail or "") for id, detail in session.execute(told)]
    for kept in people:
        subject = kept.person.subject
        since = max((id for id, detail in changes if detail.startswith(f"{subject}: ")), default=0)
        if since:
            yield sa.or_(AuditRow.user_id != kept.person.id, AuditRow.id > since)
