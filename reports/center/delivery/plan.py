"""What is asked for in a report: query, format, time or schedule, and where its end is told."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from reports.center.center import Center
from reports.center.delivery.addresses import checked_url
from reports.center.delivery.refusals import DeliveryRefused
from reports.center.delivery.schedule import AHEAD, FEWEST_HOURS, MOST_HOURS
from reports.center.delivery.words import checked_words
from reports.center.formats import Format

MOST_RECURRENCES = 10_000
EXAMPLE = "2026-11-25T08:00:00Z"


class Method(StrEnum):
    """How the end of a making is told: with GET the report's id is in the query, with POST in the path."""

    GET = "GET"
    POST = "POST"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPlan:
    """What is asked for. With `execute_now` it is made once, at once; start and recurrence are ignored."""

    name: str
    query_id: str
    description: str = ""
    format: Format = Format.CSV
    execute_now: bool = False
    start_at: datetime | None = None
    interval_hours: int | None = None
    recurrences: int | None = None
    """How many files are made in all; None goes on for ever."""
    query_start_at: datetime | None = None
    query_end_at: datetime | None = None
    """With `execute_now` alone: read the months from the one up to the other, whatever the query's span."""
    callback_url: str | None = None
    callback_method: Method = Method.POST


def checked_plan(center: Center, plan: ReportPlan, *, starts_anew: bool = True) -> ReportPlan:
    """Return a plan that is possible; `starts_anew` tells whether its start must lie ahead.

    Raises:
        DeliveryRefused: something in it is not possible; the message names the value and what would be right.
    """
    if days_between(plan.query_start_at, plan.query_end_at) and not plan.execute_now:
        raise DeliveryRefused(
            "QueryStartTime and QueryEndTime go with ExecuteNow=true; a schedule has TIMESPAN in its query."
        )
    plan = replace(
        plan,
        name=checked_words("ReportName", plan.name),
        description=checked_words("Description", plan.description, may_be_empty=True),
        callback_url=None if plan.callback_url is None else checked_url(center.policy, plan.callback_url),
    )
    if plan.execute_now:
        return replace(plan, start_at=None, interval_hours=None, recurrences=None)
    return _checked_schedule(plan, center.now(), starts_anew=starts_anew)


def days_between(start: datetime | None, end: datetime | None) -> tuple[date, date] | None:
    """Return the days from and up to which months are read: a month stands at the beginning of its day.

    Raises:
        DeliveryRefused: one of the two is missing, or they are in the wrong order.
    """
    if (start is None) != (end is None):
        missing = "the start" if start is None else "the end"
        raise DeliveryRefused(f"The start and the end of a time range go together; {missing} is missing.")
    if start is None or end is None:
        return None
    if end <= start:
        raise DeliveryRefused(
            f"The end of a time range is after its start, {written_instant(start)};"
            f" got {written_instant(end)}."
        )
    return _day_from(start), _day_from(end)


def written_instant(instant: datetime) -> str:
    """Write an instant as programs do."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _day_from(instant: datetime) -> date:
    instant = instant.astimezone(UTC)
    has_begun = instant.time() > time.min and instant.date() < date.max
    return instant.date() + timedelta(days=has_begun)


def _checked_schedule(plan: ReportPlan, now: datetime, *, starts_anew: bool) -> ReportPlan:
    if plan.start_at is None:
        raise DeliveryRefused(f"StartTime is missing: give an instant such as {EXAMPLE}, or ExecuteNow=true.")
    if plan.interval_hours is None:
        raise DeliveryRefused(f"RecurrenceInterval is missing: give {FEWEST_HOURS} to {MOST_HOURS} hours.")
    if not FEWEST_HOURS <= plan.interval_hours <= MOST_HOURS:
        raise DeliveryRefused(
            f"RecurrenceInterval is from {FEWEST_HOURS} to {MOST_HOURS} hours; got {plan.interval_hours}."
        )
    if plan.recurrences is not None and not 1 <= plan.recurrences <= MOST_RECURRENCES:
        raise DeliveryRefused(f"RecurrenceCount is from 1 to {MOST_RECURRENCES:,}; got {plan.recurrences}.")
    earliest = now + AHEAD
    if starts_anew and plan.start_at < earliest:
        raise DeliveryRefused(
            f"StartTime is at least 4 hours ahead, from {written_instant(earliest)} on;"
            f" got {written_instant(plan.start_at)}."
        )
    return plan
