"""The makings of a report: one for each instant at which it was due, and what became of it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from reports.center.center import Center
from reports.center.database.tables import Execution, SavedReport
from reports.center.delivery.links import link_to


class Progress(StrEnum):
    """How far a making has come; a paused one was due while its report was paused, and is left out."""

    PENDING = "Pending"
    RUNNING = "Running"
    PAUSED = "Paused"
    COMPLETED = "Completed"
    FAILED = "Failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """One making of a report; `link` is there while its file can be fetched, `message` tells how it went."""

    id: str
    report_id: str
    due_at: datetime
    progress: Progress
    generated_at: datetime | None
    expires_at: datetime | None
    rows: int | None
    sha256: str | None
    link: str | None
    message: str | None


def pending(report: SavedReport, due_at: datetime) -> Execution:
    """Return a making that waits for its turn."""
    return Execution(
        id=str(uuid.uuid4()),
        report_id=report.id,
        user_id=report.user_id,
        due_at=due_at,
        status=Progress.PENDING,
    )


def makings_of(center: Center, session: Session, report_id: str) -> tuple[Making, ...]:
    """Return the makings of a report, those that were due last first."""
    found = session.scalars(
        sa.select(Execution).where(Execution.report_id == report_id).order_by(Execution.due_at.desc())
    )
    return tuple(_making(center, one) for one in found)


def latest_makings(center: Center, session: Session, which: sa.ColumnElement[bool]) -> Mapping[str, Making]:
    """Return the newest making of each report among some makings, by the id of the report."""
    newest = (
        sa.select(Execution.report_id, sa.func.max(Execution.due_at).label("due_at"))
        .where(which)
        .group_by(Execution.report_id)
        .subquery()
    )
    is_newest = sa.and_(Execution.report_id == newest.c.report_id, Execution.due_at == newest.c.due_at)
    found = session.scalars(sa.select(Execution).join(newest, is_newest))
    return {one.report_id: _making(center, one) for one in found}


def _making(center: Center, kept: Execution) -> Making:
    is_there = kept.expires_at is not None and center.now() < kept.expires_at
    return Making(
        id=kept.id,
        report_id=kept.report_id,
        due_at=kept.due_at,
        progress=Progress(kept.status),
        generated_at=kept.generated_at,
        expires_at=kept.expires_at,
        rows=kept.rows,
        sha256=kept.sha256,
        link=link_to(center, kept.id, kept.path) if kept.path and is_there else None,
        message=kept.message,
    )
