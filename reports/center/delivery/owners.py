"""Whose reports somebody manages: its own, and, with that right, those of people within its reach."""

import sqlalchemy as sa

from reports.center.access.accounts import normal, person_of
from reports.center.center import Center
from reports.center.database.engine import acting_for_all
from reports.center.database.tables import SavedReport, User
from reports.center.delivery.refusals import NotThere
from reports.center.delivery.tokens import shown
from reports.center.delivery.words import checked_id
from reports.center.people import Person


def managed_person(center: Center, by: Person, subject: str) -> Person:
    """Return somebody whose reports `by` may list, pause, resume and delete.

    Raises:
        NotThere: there is nobody of that name for `by`.
    """
    found = _managed(center, by, sa.select(User).where(User.subject == normal(subject)))
    if found is None:
        raise NotThere(f"There is no {shown(subject)} whose reports you manage.")
    return found


def owner_of(center: Center, by: Person, report_id: str) -> Person:
    """Return the owner of a report that `by` may pause, resume and delete.

    Raises:
        NotThere: there is no such report for `by`.
    """
    report_id = checked_id("report", report_id)
    found = _managed(
        center,
        by,
        sa.select(User).join(SavedReport, SavedReport.user_id == User.id).where(SavedReport.id == report_id),
    )
    if found is None:
        raise NotThere(f"There is no report {report_id!r}; GET ScheduledReport lists the ids there are.")
    return found


def _managed(center: Center, by: Person, which: sa.Select[User]) -> Person | None:
    with acting_for_all(center.database) as session:
        user = session.scalar(which)
        person = None if user is None else person_of(user)
    if person is None or person.id == by.id:
        return person
    manages = by.rights.manages_schedules and by.reach.covers(person.reach)
    return person if manages else None
