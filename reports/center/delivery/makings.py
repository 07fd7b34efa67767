"""The makings of a report: one for each instant at which it was due, and what became of it."""

import uuid
from collections.abc import Sequence
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


def makings_of(center: Center, session: Session, report_ids: Sequence[str]) -> tuple[Making, ...]:
    """Return the makings of reports, those that were due last first."""
    found = session.scalars(
        sa.select(Execution)
        .where(Execution.report_id.in_(report_ids))
        .order_by(Execution.due_at.desc(), Execution.id)
    )
    return tuple(_making(center, one) for one in found)


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
