"""Makes what is due: one file for each report and instant, whoever else is running, and after any crash."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from features.errors import AscentError
from reports.center.access.accounts import person_of
from reports.center.access.audit import write_audit
from reports.center.access.secret import digest
from reports.center.center import Center
from reports.center.database.engine import acting_for_all
from reports.center.database.tables import Execution, SavedReport, User
from reports.center.delivery.links import link_secret
from reports.center.delivery.make import Job, Made, make, remove_strangers
from reports.center.delivery.makings import Progress, pending
from reports.center.delivery.reports import Status, made_of, plan_of
from reports.center.delivery.schedule import newest_due
from reports.center.delivery.tell import tell_due
from reports.center.shelf import ShelfBroken
from reports.disk import is_full

log = logging.getLogger(__name__)
TAKEN_OVER_AFTER = timedelta(minutes=30)
"""A making that has been running for so long belonged to a process that is gone."""
MOST_ATTEMPTS = 3
FAULT = "An error inside the service; its log tells more."
DAMAGED = "A published month is damaged: tell who runs the service, and ask for the report again."
FULL_DISK = "The disk of the service is full: tell who runs it, and ask for the report again."
ENDED = f"The service ended {MOST_ATTEMPTS} times while it made this file: ask for fewer rows or columns."


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What a call has done: makings that were completed and that failed, and files that were removed."""

    completed: int
    failed: int
    removed: int


def run_due(center: Center) -> Round:
    """Make everything that is due now, then tell those who want to be told; remove what has expired.

    It may run in several processes at once, and again at any time. A schedule that missed periods is made
    once, for the newest of them.
    """
    removed = _remove_expired(center)
    _plan_due(center)
    completed = failed = 0
    for making_id in _waiting(center):
        job = _claim(center, making_id)
        if job is None:
            continue
        if _run(center, job):
            completed += 1
        else:
            failed += 1
    tell_due(center)
    return Round(completed=completed, failed=failed, removed=removed)


def _remove_expired(center: Center) -> int:
    with acting_for_all(center.database) as session:
        session.execute(
            sa.update(Execution)
            .where(Execution.expires_at <= center.now(), Execution.path.is_not(None))
            .values(path=None)
        )
    return remove_strangers(center)


def _plan_due(center: Center) -> None:
    """Note for each schedule the newest instant at which it is due, unless it is noted."""
    now = center.now()
    with acting_for_all(center.database) as session:
        scheduled = session.scalars(
            sa.select(SavedReport)
            .join(User, User.id == SavedReport.user_id)
            .where(
                SavedReport.status == Status.ACTIVE,
                SavedReport.execute_now.is_(False),
                SavedReport.start_at <= now,
                User.is_active,
            )
        ).all()
        planned = [
            pending(report, due_at)
            for report in scheduled
            if (due_at := newest_due(report.start_at, report.interval_hours, now)) is not None
            and not _is_noted(session, report, due_at)
        ]
    for making in planned:
        try:
            with acting_for_all(center.database) as session:
                session.add(making)
        except IntegrityError:
            log.info("somebody else has noted that report %s is due, or it was deleted", making.report_id)


def _is_noted(session: Session, report: SavedReport, due_at: datetime) -> bool:
    """Tell whether a making is noted for an instant, or for a later one: clocks are turned back at times."""
    since = sa.select(Execution.id).where(Execution.report_id == report.id, Execution.due_at >= due_at)
    return session.scalar(since.limit(1)) is not None


def _waiting(center: Center) -> Sequence[str]:
    """Return the ids of makings that nobody is at, those that have been due for longest first."""
    with acting_for_all(center.database) as session:
        return session.scalars(
            sa.select(Execution.id)
            .join(SavedReport, SavedReport.id == Execution.report_id)
            .join(User, User.id == Execution.user_id)
            .where(_is_free(center), SavedReport.status == Status.ACTIVE, User.is_active)
            .order_by(Execution.due_at, Execution.id)
        ).all()


def _is_free(center: Center) -> sa.ColumnElement[bool]:
    """Tell whether nobody is at a making: what claimed it is gone, maybe before the clock was turned back."""
    now = center.now()
    is_left = sa.or_(
        Execution.claimed_at <= now - TAKEN_OVER_AFTER, Execution.claimed_at >= now + TAKEN_OVER_AFTER
    )
    return sa.or_(
        Execution.status == Progress.PENDING, sa.and_(Execution.status == Progress.RUNNING, is_left)
    )


def _claim(center: Center, making_id: str) -> Job | None:
    """Take a making, and read what is to be made and for whom; None where somebody was quicker."""
    now = center.now()
    with acting_for_all(center.database) as session:
        taken = session.execute(
            sa.update(Execution)
            .where(Execution.id == making_id, _is_free(center))
            .values(status=Progress.RUNNING, claimed_at=now, attempts=Execution.attempts + 1)
            .returning(Execution.id)
        ).all()
        if not taken:
            return None
        making, report, user = session.execute(
            sa.select(Execution, SavedReport, User)
            .join(SavedReport, SavedReport.id == Execution.report_id)
            .join(User, User.id == Execution.user_id)
            .where(Execution.id == making_id)
        ).one()
        return Job(
            making_id=making.id,
            report_id=report.id,
            claimed_at=now,
            attempt=making.attempts,
            plan=plan_of(report),
            text=report.query,
            person=person_of(user),
        )


def _run(center: Center, job: Job) -> bool:
    """Make a file and keep it; what goes wrong with one is told in it, and stops no other."""
    if job.attempt > MOST_ATTEMPTS:
        return _fail(center, job, ENDED)
    try:
        made = make(center, job)
    except ShelfBroken as broken:
        log.error("making %s of report %s: %s", job.making_id, job.report_id, broken)
        return _fail(center, job, DAMAGED)
    except AscentError as refused:
        return _fail(center, job, str(refused))
    except Exception as fault:
        log.exception("making %s of report %s has failed", job.making_id, job.report_id)
        return _fail(center, job, FULL_DISK if is_full(fault) else FAULT)
    return _complete(center, job, made)


def _complete(center: Center, job: Job, made: Made) -> bool:
    now = center.now()
    with acting_for_all(center.database) as session:
        kept = session.execute(
            _own(job)
            .values(
                status=Progress.COMPLETED,
                generated_at=now,
                expires_at=now + timedelta(hours=center.policy.link_hours),
                path=made.path,
                rows=made.rows,
                sha256=made.sha256,
                scope=made.scope,
                link=digest(link_secret(center, job.making_id, made.path)),
                call_at=now if job.plan.callback_url else None,
                message=None,
            )
            .returning(Execution.id)
        ).all()
        if not kept:
            log.warning("making %s was taken over or deleted; its file is dropped", job.making_id)
            return False
        _end(session, job)
        write_audit(
            center,
            job.person,
            "make report",
            session=session,
            dataset=made.query.dataset,
            columns=made.query.columns,
            query=made.text,
            rows=made.rows,
            sha256=made.sha256,
            detail=f"{job.plan.format}, {job.plan.name} ({job.report_id})",
        )
    return True


def _fail(center: Center, job: Job, message: str) -> bool:
    with acting_for_all(center.database) as session:
        if not session.execute(
            _own(job).values(status=Progress.FAILED, message=message).returning(Execution.id)
        ).all():
            return False
        _end(session, job)
        write_audit(
            center,
            job.person,
            "fail report",
            session=session,
            query=job.text,
            detail=f"{job.report_id}: {message}",
        )
    return False


def _own(job: Job) -> sa.Update:
    """Change a making as long as it is still this process's own."""
    return sa.update(Execution).where(
        Execution.id == job.making_id,
        Execution.status == Progress.RUNNING,
        Execution.claimed_at == job.claimed_at,
    )


def _end(session: Session, job: Job) -> None:
    """End a report whose last file was made."""
    report = session.get(SavedReport, job.report_id)
    if report is None:
        return
    last = 1 if report.execute_now else report.recurrences
    if last is not None and made_of(session, report.id, report.start_at) >= last:
        report.status = Status.INACTIVE
