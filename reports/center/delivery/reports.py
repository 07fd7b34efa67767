"""The reports of a person: made once, or by a schedule."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from reports.center.access.audit import write_audit
from reports.center.center import Center
from reports.center.database.engine import acting
from reports.center.database.tables import Execution, SavedReport
from reports.center.delivery.grammar import parse_stored
from reports.center.delivery.makings import Making, Progress, latest_makings, makings_of, pending
from reports.center.delivery.owners import owner_of
from reports.center.delivery.plan import Method, ReportPlan, checked_plan
from reports.center.delivery.queries import find_query
from reports.center.delivery.refusals import DeliveryRefused, NotThere
from reports.center.delivery.schedule import newest_due, next_due
from reports.center.delivery.words import checked_id
from reports.center.formats import Format
from reports.center.people import Person
from reports.center.query import Query

MOST_SCHEDULED = 40
"""Active or paused schedules of a person."""
MOST_WAITING = 100
"""Reports of a person that are to be made at once, and are not yet."""


class Status(StrEnum):
    """What a report is doing; one that was made at once, or all of whose makings are done, is inactive."""

    ACTIVE = "Active"
    PAUSED = "Paused"
    INACTIVE = "Inactive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report as it is kept; `query` is the copy it was given, `latest` its newest making."""

    id: str
    owner: Person
    plan: ReportPlan
    query: Query
    text: str
    status: Status
    created_at: datetime
    next_at: datetime | None
    latest: Making | None


def create_report(center: Center, person: Person, plan: ReportPlan) -> Report:
    """Keep a report for a person; `run_due` makes it.

    Raises:
        NotThere: the person has no such query.
        DeliveryRefused: something in the plan is not possible, or there are too many schedules.
    """
    now = center.now()
    query = find_query(center, person, plan.query_id)
    kept = SavedReport(id=str(uuid.uuid4()), user_id=person.id, query_id=query.id, query=query.text)
    kept.status, kept.created_at = Status.ACTIVE, now
    _fill(kept, checked_plan(center, plan), now)
    with acting(center.database, person) as session:
        _check_room(session, person, kept)
        session.add(kept)
        session.flush()
        if kept.execute_now:
            # Its one making is there from the beginning, so that a caller can wait for it.
            session.add(pending(kept, now))
        return _told(center, person, session, kept, "create report")


def list_reports(center: Center, person: Person) -> tuple[Report, ...]:
    """Return the reports of a person, the newest first."""
    with acting(center.database, person) as session:
        kept = session.scalars(
            sa.select(SavedReport)
            .where(SavedReport.user_id == person.id)
            .order_by(SavedReport.created_at.desc(), SavedReport.id)
        ).all()
        latest = latest_makings(center, session, Execution.user_id == person.id)
        return tuple(_report(center, person, one, latest.get(one.id)) for one in kept)


def find_report(center: Center, person: Person, report_id: str) -> Report:
    """Return a report of a person.

    Raises:
        NotThere: the person has no such report.
    """
    with acting(center.database, person) as session:
        kept = _kept(session, person, report_id)
        return _report(center, person, kept, _latest(center, session, kept))


def list_makings(center: Center, person: Person, report_id: str) -> tuple[Making, ...]:
    """Return the makings of a report of a person, those that were due last first.

    Raises:
        NotThere: the person has no such report.
    """
    with acting(center.database, person) as session:
        return makings_of(center, session, _kept(session, person, report_id).id)


def change_report(center: Center, person: Person, report_id: str, plan: ReportPlan) -> Report:
    """Replace the plan of a report; an inactive schedule with a new start is active again.

    Raises:
        NotThere: the person has no such report, or no such query.
        DeliveryRefused: something in the plan is not possible.
    """
    before = find_report(center, person, report_id)
    if plan.execute_now != before.plan.execute_now:
        raise DeliveryRefused("ExecuteNow stays as it was: create another report.")
    starts_anew = plan.start_at != before.plan.start_at and not plan.execute_now
    plan = checked_plan(center, plan, starts_anew=starts_anew)
    # The query of a report may have been deleted since; the report has its copy.
    is_same = plan.query_id.lower() == before.plan.query_id
    query = None if is_same else find_query(center, person, plan.query_id)
    with acting(center.database, person) as session:
        kept = _kept(session, person, report_id)
        if query is not None:
            kept.query_id, kept.query = query.id, query.text
        if starts_anew and kept.status == Status.INACTIVE:
            _check_room(session, person, kept)
            kept.status = Status.ACTIVE
        _fill(kept, plan, kept.start_at)
        return _told(center, person, session, kept, "change report")


def pause_report(center: Center, person: Person, report_id: str) -> Report:
    """Pause the schedule of a report of a person, or of somebody whose reports it manages.

    Raises:
        NotThere: the person has no such report.
        DeliveryRefused: it is not active.
    """
    return _turn(center, person, report_id, Status.ACTIVE, Status.PAUSED)


def resume_report(center: Center, person: Person, report_id: str) -> Report:
    """Go on with a schedule that `pause_report` paused, at its next instant: what was due since is left out.

    Raises:
        NotThere: the person has no such report.
        DeliveryRefused: it is not paused.
    """
    return _turn(center, person, report_id, Status.PAUSED, Status.ACTIVE)


def delete_report(center: Center, person: Person, report_id: str) -> Report:
    """Delete a report, own or managed, with its makings, and return it; their files go in the next round.

    Raises:
        NotThere: the person has no such report.
    """
    owner = owner_of(center, person, report_id)
    with acting(center.database, owner) as session:
        kept = _kept(session, owner, report_id)
        report = _told(center, owner, session, kept, "delete report", by=person)
        session.delete(kept)
    return report


def made_of(session: Session, report_id: str, start_at: datetime) -> int:
    """Count the makings of a report since its start, those left out apart."""
    counted = sa.select(sa.func.count()).where(
        Execution.report_id == report_id, Execution.due_at >= start_at, Execution.status != Progress.PAUSED
    )
    return session.scalar(counted) or 0


def _turn(center: Center, person: Person, report_id: str, before: Status, after: Status) -> Report:
    owner = owner_of(center, person, report_id)
    with acting(center.database, owner) as session:
        kept = _kept(session, owner, report_id)
        if kept.status != before:
            raise DeliveryRefused(
                f"Only a report that is {before} becomes {after}; {kept.name!r} is {kept.status}."
            )
        kept.status = after
        if after == Status.ACTIVE:
            _leave_out(center, session, kept)
        return _told(center, owner, session, kept, f"make report {after.lower()}", by=person)


def _leave_out(center: Center, session: Session, kept: SavedReport) -> None:
    """Note that what was due during a pause is not made."""
    due_at = newest_due(kept.start_at, kept.interval_hours, center.now())
    there = sa.select(Execution.id).where(Execution.report_id == kept.id, Execution.due_at == due_at)
    if due_at is None or session.scalar(there) is not None:
        return
    left_out = pending(kept, due_at)
    left_out.status, left_out.message = Progress.PAUSED, "was due while the report was paused"
    session.add(left_out)


def _check_room(session: Session, person: Person, kept: SavedReport) -> None:
    """Refuse one more schedule than a person may have, or one more report to be made at once."""
    going = sa.select(sa.func.count()).where(
        SavedReport.user_id == person.id,
        SavedReport.execute_now.is_(kept.execute_now),
        SavedReport.status != Status.INACTIVE,
    )
    there = session.scalar(going) or 0
    if kept.execute_now and there >= MOST_WAITING:
        raise DeliveryRefused(f"{there} reports of yours wait to be made: ask again when they are.")
    if not kept.execute_now and there >= MOST_SCHEDULED:
        raise DeliveryRefused(f"A person has at most {MOST_SCHEDULED} scheduled reports: delete one first.")


def _kept(session: Session, person: Person, report_id: str) -> SavedReport:
    kept = session.scalar(
        sa.select(SavedReport).where(
            SavedReport.id == checked_id("report", report_id), SavedReport.user_id == person.id
        )
    )
    if kept is None:
        raise NotThere(f"There is no report {report_id!r}; GET ScheduledReport lists the ids there are.")
    return kept


def _fill(kept: SavedReport, plan: ReportPlan, start_at: datetime) -> None:
    """Write a plan down; `start_at` stands for that of a report that is made at once."""
    kept.name, kept.description, kept.format = plan.name, plan.description, plan.format
    kept.execute_now, kept.start_at = plan.execute_now, plan.start_at or start_at
    kept.query_start_at, kept.query_end_at = plan.query_start_at, plan.query_end_at
    kept.interval_hours, kept.recurrences = plan.interval_hours, plan.recurrences
    kept.callback_url, kept.callback_method = plan.callback_url, plan.callback_method


def _told(
    center: Center,
    owner: Person,
    session: Session,
    kept: SavedReport,
    action: str,
    *,
    by: Person | None = None,
) -> Report:
    """Write down what is done to a report, by its owner or who manages it, and return the report."""
    session.flush()
    report = _report(center, owner, kept, _latest(center, session, kept))
    write_audit(
        center,
        by or owner,
        action,
        session=session,
        dataset=report.query.dataset,
        columns=report.query.columns,
        query=kept.query,
        detail=f"{kept.name} ({kept.id}) of {owner.subject}",
    )
    return report


def _latest(center: Center, session: Session, kept: SavedReport) -> Making | None:
    return latest_makings(center, session, Execution.report_id == kept.id).get(kept.id)


def _report(center: Center, owner: Person, kept: SavedReport, latest: Making | None) -> Report:
    is_going = kept.status == Status.ACTIVE and not kept.execute_now
    return Report(
        id=kept.id,
        owner=owner,
        plan=plan_of(kept),
        query=parse_stored(kept.query),
        text=kept.query,
        status=Status(kept.status),
        created_at=kept.created_at,
        next_at=next_due(kept.start_at, kept.interval_hours, center.now()) if is_going else None,
        latest=latest,
    )


def plan_of(kept: SavedReport) -> ReportPlan:
    """Return the plan that a report was kept with."""
    return ReportPlan(
        name=kept.name,
        query_id=kept.query_id,
        description=kept.description,
        format=Format(kept.format),
        execute_now=kept.execute_now,
        start_at=kept.start_at,
        interval_hours=kept.interval_hours,
        recurrences=kept.recurrences,
        query_start_at=kept.query_start_at,
        query_end_at=kept.query_end_at,
        callback_url=kept.callback_url,
        callback_method=Method(kept.callback_method or Method.POST),
    )
