"""My reports: what was scheduled, what became of it, and its files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from reports.center.access.visitor import Visiting, Visitor, require
from reports.center.center import Center
from reports.center.delivery import reports
from reports.center.delivery.links import open_making
from reports.center.delivery.owners import managed_owners
from reports.center.delivery.plan import ReportPlan, checked_plan
from reports.center.delivery.queries import create_query
from reports.center.delivery.refusals import DeliveryRefused, NotThere
from reports.center.delivery.stream import stream_file
from reports.center.pages.definition import OPERATORS, SPANS, Definition
from reports.center.pages.downloads import INTERVALS, SentForm, is_known, known_definition, show_definition
from reports.center.pages.favourites import favourites
from reports.center.pages.render import render
from reports.center.people import Person
from reports.center.query import QueryRefused

router = APIRouter()
ONCE = "once"
A_DAY = 24
MOST_DIGITS = 9
TURNS: Mapping[str, Callable[[Center, Person, str], reports.Report]] = {
    "pause": reports.pause_report,
    "resume": reports.resume_report,
    "delete": reports.delete_report,
}
"""What the buttons of a report do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A report as My reports lists it; `is_known` tells whether its owner still has all it asks for."""

    report: reports.Report
    definition: Definition
    is_favourite: bool
    is_known: bool


@router.get("/reports")
def my_reports(request: Request, visitor: Visiting) -> Response:
    """List the reports of the visitor, starred ones first, and the schedules of others that it manages."""
    require(visitor, "sees_rows")
    return _list_reports(request, visitor)


@router.post("/reports")
def schedule(request: Request, visitor: Visiting, form: SentForm) -> Response:
    """Keep a report that is made by a schedule, or once at a later time."""
    require(visitor, "sees_rows")
    definition, sent = known_definition(visitor, form), dict(form)
    center, person = visitor.center, visitor.person
    try:
        # What is wrong with the plan is found before its query is kept.
        plan = checked_plan(center, _plan(sent, definition))
        query = create_query(center, person, definition.query(), name=plan.name)
        reports.create_report(center, person, replace(plan, query_id=query.id))
    except (DeliveryRefused, QueryRefused) as refusal:
        return show_definition(request, visitor, definition, refused=str(refusal), schedule=sent)
    return RedirectResponse("/reports", 303)


@router.post("/reports/{report_id}/{turn}")
def turn_report(request: Request, visitor: Visiting, report_id: str, turn: str) -> Response:
    """Pause, resume or delete a report of the visitor, or one that it manages."""
    require(visitor, "sees_rows")
    if turn not in TURNS:
        raise HTTPException(404, "There is no such page.")
    try:
        TURNS[turn](visitor.center, visitor.person, report_id)
    except NotThere as refusal:
        raise HTTPException(404, "You have no such report.") from refusal
    except DeliveryRefused as refusal:
        return _list_reports(request, visitor, refused=str(refusal))
    return RedirectResponse("/reports", 303)


@router.get("/reports/files/{making_id}")
async def file(visitor: Visiting, making_id: str) -> Response:
    """Hand out the file of a report of the visitor."""
    try:
        making = await run_in_threadpool(open_making, visitor.center, visitor.person, making_id)
    except NotThere as refusal:
        raise HTTPException(404, "There is no such file, or it can no longer be fetched.") from refusal
    return await stream_file(visitor.center, making)


def _list_reports(request: Request, visitor: Visitor, *, refused: str = "") -> Response:
    starred = favourites(visitor, "report")
    found = [
        Kept(
            report=one,
            definition=Definition.of(one.query, name=one.plan.name, format=one.plan.format),
            is_favourite=one.id in starred,
            is_known=is_known(visitor, one.query),
        )
        for one in reports.list_reports(visitor.center, visitor.person)
    ]
    return render(
        request,
        visitor,
        "my_reports.html",
        status=400 if refused else 200,
        kept=sorted(found, key=lambda one: not one.is_favourite),
        managed=_managed(visitor),
        operators=OPERATORS,
        spans=SPANS,
        intervals=INTERVALS,
        refused=refused,
    )


def _managed(visitor: Visitor) -> tuple[reports.Report, ...]:
    """Return the schedules of others that the visitor manages; their files stay their owners'."""
    return tuple(
        report
        for owner in managed_owners(visitor.center, visitor.person)
        for report in reports.list_reports(visitor.center, owner)
        if not report.plan.execute_now
    )


def _plan(sent: Mapping[str, str], definition: Definition) -> ReportPlan:
    """Return the plan that a form asks for; a report that is made once later is a schedule of one.

    Raises:
        DeliveryRefused: something is missing or cannot be read.
    """
    if not definition.name:
        raise DeliveryRefused("The report has no name: give it one by which you will find it again.")
    is_once = sent.get("interval", ONCE) == ONCE
    return ReportPlan(
        name=definition.name,
        query_id="",
        format=definition.format,
        start_at=_instant(sent.get("start", "")),
        interval_hours=A_DAY if is_once else _whole(sent["interval"], "The interval"),
        recurrences=1 if is_once else _times(sent.get("times", "")),
    )


def _instant(text: str) -> datetime:
    try:
        given = datetime.fromisoformat(text)
        return given if given.tzinfo else given.replace(tzinfo=UTC)
    except ValueError:
        raise DeliveryRefused(
            f"The start is a day and a time, such as 2026-11-25T08:00, UTC; got {text!r}."
        ) from None


def _times(text: str) -> int | None:
    return _whole(text, "The number of files") if text.strip() else None


def _whole(text: str, what: str) -> int:
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS):
        raise DeliveryRefused(f"{what} is a whole number such as 12; got {text[:20]!r}.")
    return int(digits)
