"""The calls about reports: make one at once or by a schedule, change it, and ask what has become of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from reports.center.access.program import Calling
from reports.center.access.visitor import Visitor
from reports.center.api.bodies import ChangeBody, ReportBody
from reports.center.api.envelope import Envelope, Row, enveloped, is_redacted
from reports.center.api.parameters import (
    ExecutionId,
    ExecutionStatus,
    Latest,
    QueryId,
    ReportId,
    ReportName,
    Skip,
    User,
)
from reports.center.delivery import reports as kept
from reports.center.delivery.makings import Making, Progress
from reports.center.delivery.owners import managed_person
from reports.center.delivery.plan import Method, ReportPlan, written_instant
from reports.center.delivery.refusals import NotThere
from reports.center.delivery.tokens import shown
from reports.center.formats import Format

TOLD_FOR = timedelta(days=90)
"""How far back the execution call tells of makings."""
router = APIRouter()


class ReportRow(Row):
    """A report as the vendor's clients read it."""

    report_id: str
    report_name: str
    description: str
    query_id: str
    query: str
    user: str
    created_time: str
    report_status: str
    execute_now: bool
    start_time: str | None
    query_start_time: str | None
    query_end_time: str | None
    recurrence_interval: int | None
    recurrence_count: int | None
    next_execution_start_time: str | None
    callback_url: str | None
    callback_method: str
    format: str


class ExecutionRow(Row):
    """A making of a report; the link is there while its file is."""

    execution_id: str
    report_id: str
    recurrence_interval: int | None
    recurrence_count: int | None
    callback_url: str | None
    callback_method: str
    format: str
    execution_status: str
    report_location: str | None
    report_access_secure_link: str | None
    report_expiry_time: str | None
    report_generated_time: str | None


@router.post("/ScheduledReport", operation_id="createReport")
def create(request: Request, caller: Calling, body: ReportBody) -> Envelope[ReportRow]:
    """Make a report at once, or by a schedule."""
    plan = _plan(body)
    return _answer(
        request, caller, [kept.create_report(caller.center, caller.person, plan)], "Report created"
    )


@router.get("/ScheduledReport", operation_id="listReports")
def list_kept(
    request: Request,
    caller: Calling,
    report_id: ReportId = None,
    report_name: ReportName = None,
    query_id: QueryId = None,
    user: User = None,
    skip: Skip = 0,
) -> Envelope[ReportRow]:
    """List the reports of the caller, or of a user whose schedules the caller manages."""
    owner = caller.person if user is None else managed_person(caller.center, caller.person, user)
    if report_id is not None:
        found = [kept.find_report(caller.center, owner, report_id)]
    else:
        found = [*kept.list_reports(caller.center, owner)]
    if report_name is not None:
        found = [one for one in found if one.plan.name.lower() == report_name.strip().lower()]
    if query_id is not None:
        found = [one for one in found if one.plan.query_id == query_id.strip().lower()]
        if not found:
            raise NotThere(f"No report has a query {shown(query_id)}; GET ScheduledReport lists all reports.")
    return _answer(request, caller, found, f"{len(found)} reports", skip=skip)


@router.put("/ScheduledReport/pause/{report_id}", operation_id="pauseReport")
def pause(request: Request, caller: Calling, report_id: str) -> Envelope[ReportRow]:
    """Pause a schedule."""
    return _answer(
        request, caller, [kept.pause_report(caller.center, caller.person, report_id)], "Report paused"
    )


@router.put("/ScheduledReport/resume/{report_id}", operation_id="resumeReport")
def resume(request: Request, caller: Calling, report_id: str) -> Envelope[ReportRow]:
    """Go on with a paused schedule."""
    return _answer(
        request, caller, [kept.resume_report(caller.center, caller.person, report_id)], "Report resumed"
    )


@router.put("/ScheduledReport/{report_id}", operation_id="changeReport")
def change(request: Request, caller: Calling, report_id: str, body: ChangeBody) -> Envelope[ReportRow]:
    """Change what is sent of a report."""
    before = kept.find_report(caller.center, caller.person, report_id).plan
    plan = _changed(before, body)
    changed = kept.change_report(caller.center, caller.person, report_id, plan)
    return _answer(request, caller, [changed], "Report changed")


@router.delete("/ScheduledReport/{report_id}", operation_id="deleteReport")
def delete(request: Request, caller: Calling, report_id: str) -> Envelope[ReportRow]:
    """Delete a report with its executions."""
    return _answer(
        request, caller, [kept.delete_report(caller.center, caller.person, report_id)], "Report deleted"
    )


@router.get("/ScheduledReport/execution/{report_id}", operation_id="listExecutions")
def list_executions(
    request: Request,
    caller: Calling,
    report_id: str,
    execution_id: ExecutionId = None,
    execution_status: ExecutionStatus = Progress.COMPLETED,
    latest: Latest = True,
    skip: Skip = 0,
) -> Envelope[ExecutionRow]:
    """Tell the newest execution of a status, or those of the last 90 days; 404 while there is none."""
    center = caller.center
    report = kept.find_report(center, caller.person, report_id)
    since = center.now() - TOLD_FOR
    there = [
        one
        for one in kept.list_makings(center, caller.person, report_id)
        if (latest or one.due_at >= since) and (execution_id is None or execution_id.lower() == one.id)
    ]
    found = [one for one in there if one.progress is execution_status]
    if not found:
        raise NotThere(_none_found(execution_status, execution_id, there))
    rows = [_execution(report, one) for one in (found[:1] if latest else found)]
    redacted = is_redacted(caller, report.query.dataset)
    return enveloped(request, rows, f"{len(rows)} executions", redacted=redacted, skip=skip)


def _none_found(status: Progress, execution_id: str | None, there: Sequence[Making]) -> str:
    which = "No execution of this report" if execution_id is None else f"No execution {shown(execution_id)}"
    if not there:
        return f"{which} is {status}; there is none yet."
    newest = there[0]
    why = f": {newest.message}" if newest.message else ""
    return f"{which} is {status}; the newest is {newest.progress}{why}."


def _plan(body: ReportBody) -> ReportPlan:
    return ReportPlan(
        name=body.report_name,
        query_id=body.query_id,
        description=body.description or "",
        format=Format(body.format or Format.CSV),
        execute_now=bool(body.execute_now),
        start_at=body.start_time,
        interval_hours=body.recurrence_interval,
        recurrences=body.recurrence_count,
        query_start_at=body.query_start_time,
        query_end_at=body.query_end_time,
        callback_url=body.callback_url or None,
        callback_method=body.callback_method or Method.POST,
    )


def _changed(before: ReportPlan, body: ChangeBody) -> ReportPlan:
    """Return a plan with what was sent in place of what was; null empties what may be empty."""
    as_sent = {
        "ReportName": before.name,
        "Description": before.description,
        "QueryId": before.query_id,
        "StartTime": before.start_at,
        "ExecuteNow": before.execute_now,
        "QueryStartTime": before.query_start_at,
        "QueryEndTime": before.query_end_at,
        "RecurrenceInterval": before.interval_hours,
        "RecurrenceCount": before.recurrences,
        "CallbackUrl": before.callback_url,
        "CallbackMethod": before.callback_method,
    }
    sent = body.model_dump(by_alias=True, exclude_unset=True)
    try:
        merged = ReportBody.model_validate({**as_sent, **sent})
    except ValidationError as refused:
        told = [{**one, "loc": ("body", *one["loc"])} for one in refused.errors()]
        raise RequestValidationError(told) from None
    # A page may have asked for a format that programs do not have.
    return _plan(merged) if "Format" in sent else replace(_plan(merged), format=before.format)


def _answer(
    request: Request, caller: Visitor, found: Sequence[kept.Report], message: str, *, skip: int = 0
) -> Envelope[ReportRow]:
    redacted = is_redacted(caller, *{one.query.dataset for one in found})
    return enveloped(request, [_row(one) for one in found], message, redacted=redacted, skip=skip)


def _row(report: kept.Report) -> ReportRow:
    plan = report.plan
    return ReportRow(
        report_id=report.id,
        report_name=plan.name,
        description=plan.description,
        query_id=plan.query_id,
        query=report.text,
        user=report.owner.subject,
        created_time=written_instant(report.created_at),
        report_status=report.status,
        execute_now=plan.execute_now,
        start_time=_told(plan.start_at),
        query_start_time=_told(plan.query_start_at),
        query_end_time=_told(plan.query_end_at),
        recurrence_interval=plan.interval_hours,
        recurrence_count=plan.recurrences,
        next_execution_start_time=_told(report.next_at),
        callback_url=plan.callback_url,
        callback_method=plan.callback_method,
        format=plan.format,
    )


def _execution(report: kept.Report, making: Making) -> ExecutionRow:
    plan = report.plan
    return ExecutionRow(
        execution_id=making.id,
        report_id=report.id,
        recurrence_interval=plan.interval_hours,
        recurrence_count=plan.recurrences,
        callback_url=plan.callback_url,
        callback_method=plan.callback_method,
        format=plan.format,
        execution_status=making.progress,
        report_location=making.link,
        report_access_secure_link=making.link,
        report_expiry_time=_told(making.expires_at),
        report_generated_time=_told(making.generated_at),
    )


def _told(instant: datetime | None) -> str | None:
    return None if instant is None else written_instant(instant)
