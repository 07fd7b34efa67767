from collections.abc import Callable

import pytest
import sqlalchemy as sa

from reports.center.center import Center
from reports.center.database.engine import acting_for_all
from reports.center.database.tables import AuditRow
from reports.center.delivery.owners import managed_person, owner_of
from reports.center.delivery.refusals import NotThere
from reports.center.delivery.reports import (
    Report,
    Status,
    create_report,
    delete_report,
    find_report,
    list_makings,
    list_reports,
    pause_report,
    resume_report,
)
from reports.center.people import Person, Role
from tests.reports.center.delivery.small import Small
from tests.reports.center.signed import add_person

Turn = Callable[[Center, Person, str], Report]
TURNS: tuple[Turn, ...] = (pause_report, resume_report, delete_report)


def test_a_global_admin_manages_the_schedules_of_people_within_its_reach(small: Small) -> None:
    admin = add_person(small.center, "root", Role.GLOBAL_ADMIN, partners=("P1",))
    report = create_report(small.center, small.ada, small.plan())
    owner = managed_person(small.center, admin, "ada")
    assert list_reports(small.center, owner) == (report,)
    told = [turn(small.center, admin, report.id) for turn in TURNS]
    assert [(one.status, one.owner.subject) for one in told] == [
        (Status.PAUSED, "ada"),
        (Status.ACTIVE, "ada"),
        (Status.ACTIVE, "ada"),
    ]
    assert list_reports(small.center, small.ada) == ()
    with acting_for_all(small.center.database) as session:
        rows = session.scalars(sa.select(AuditRow).where(AuditRow.action == "delete report")).all()
    assert [(row.subject, row.detail) for row in rows] == [("root", f"Spain ({report.id}) of ada")]


@pytest.mark.parametrize(
    ("role", "partner"), [(Role.GLOBAL_ADMIN, "P2"), (Role.USER_ADMIN, "P1"), (Role.SALES_AGENT, "P1")]
)
def test_to_others_they_are_not_there(small: Small, role: Role, partner: str) -> None:
    other = add_person(small.center, "other", role, partners=(partner,))
    report = create_report(small.center, small.ada, small.plan())
    with pytest.raises(NotThere):
        managed_person(small.center, other, "ada")
    with pytest.raises(NotThere):
        owner_of(small.center, other, report.id)
    for turn in TURNS:
        with pytest.raises(NotThere):
            turn(small.center, other, report.id)
    assert find_report(small.center, small.ada, report.id) == report


def test_to_manage_a_schedule_is_not_to_read_its_files(small: Small) -> None:
    admin = add_person(small.center, "root", Role.GLOBAL_ADMIN, everything=True)
    report = create_report(small.center, small.ada, small.plan())
    with pytest.raises(NotThere):
        list_makings(small.center, admin, report.id)
    with pytest.raises(NotThere):
        managed_person(small.center, admin, "nobody")
