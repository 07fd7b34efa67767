import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from reports.center.center import Center
from reports.center.database.engine import acting_for_all
from reports.center.database.tables import AuditRow, Execution, User
from reports.center.delivery.links import open_link
from reports.center.delivery.makings import Progress
from reports.center.delivery.queries import system_id
from reports.center.delivery.refusals import NotThere
from reports.center.delivery.reports import (
    Status,
    change_report,
    create_report,
    delete_report,
    find_report,
    pause_report,
    resume_report,
)
from reports.center.delivery.run import Round, run_due
from reports.center.formats import Format
from reports.center.people import Person, Role
from tests.reports.center.delivery.small import TEXT, Small, bytes_of, files, makings

NOTHING = Round(completed=0, failed=0, removed=0)
ONE = Round(completed=1, failed=0, removed=0)


def alter(center: Center, person: Person, **values: object) -> None:
    with acting_for_all(center.database) as session:
        session.execute(sa.update(User).where(User.id == person.id).values(**values))


@pytest.mark.parametrize("format", Format)
def test_a_report_that_is_made_at_once_holds_what_the_query_gives(small: Small, format: Format) -> None:
    report = create_report(small.center, small.ada, small.plan(execute_now=True, format=format))
    assert report.latest is not None
    assert (report.status, report.latest.progress, report.latest.link) == (
        Status.ACTIVE,
        Progress.PENDING,
        None,
    )
    assert run_due(small.center) == ONE
    made = makings(small, report.id)[0]
    expected = bytes_of(small.center, small.ada, TEXT, format)
    assert made.link is not None
    found = open_link(small.center, made.link.rsplit("/", 1)[1])
    assert found.path.read_bytes() == expected
    assert (made.progress, made.rows) == (Progress.COMPLETED, 1)
    assert made.sha256 == hashlib.sha256(expected).hexdigest()
    assert find_report(small.center, small.ada, report.id).status == Status.INACTIVE
    assert run_due(small.center) == NOTHING


def test_what_was_made_is_in_the_audit(small: Small) -> None:
    report = create_report(small.center, small.ada, small.plan(execute_now=True))
    run_due(small.center)
    with acting_for_all(small.center.database) as session:
        row = session.scalars(sa.select(AuditRow).where(AuditRow.action == "make report")).one()
    assert (row.subject, row.dataset, row.columns, row.rows) == (
        "ada",
        "CLASAzurePropensity",
        "AccountName, Country",
        1,
    )
    assert (row.query, row.sha256) == (TEXT, makings(small, report.id)[0].sha256)


def test_a_schedule_is_made_once_a_period_over_restarts(small: Small, url: str) -> None:
    report = create_report(small.center, small.ada, small.plan())
    assert run_due(small.center) == NOTHING
    small.clock.turn(hours=4)
    assert [run_due(small.restarted(url)) for _ in range(3)] == [ONE, NOTHING, NOTHING]
    small.clock.turn(hours=23, minutes=59)
    assert run_due(small.restarted(url)).completed == 0
    small.clock.turn(minutes=1)
    assert [run_due(small.restarted(url)).completed for _ in range(2)] == [1, 0]
    assert [one.due_at for one in makings(small, report.id)] == [
        report.plan.start_at + timedelta(hours=24),  # type: ignore[operator]  # a schedule has a start
        report.plan.start_at,
    ]


def test_periods_that_were_missed_are_made_once_for_the_newest(small: Small) -> None:
    report = create_report(small.center, small.ada, small.plan())
    small.clock.turn(hours=4 + 24 * 10 + 5)
    assert [run_due(small.center).completed for _ in range(2)] == [1, 0]
    (made,) = makings(small, report.id)
    assert report.plan.start_at is not None
    assert made.due_at == report.plan.start_at + timedelta(days=10)


def test_a_schedule_ends_after_as_many_files_as_were_asked_for(small: Small) -> None:
    report = create_report(small.center, small.ada, small.plan(recurrences=2))
    small.clock.turn(hours=4)
    for expected in (1, 1, 0):
        assert run_due(small.center).completed == expected
        small.clock.turn(hours=24)
    assert find_report(small.center, small.ada, report.id).status == Status.INACTIVE
    later = replace(report.plan, start_at=small.clock.at + timedelta(hours=5))
    assert change_report(small.center, small.ada, report.id, later).status == Status.ACTIVE
    small.clock.turn(hours=5)
    assert run_due(small.center).completed == 1


def test_what_was_due_during_a_pause_is_left_out(small: Small) -> None:
    report = create_report(small.center, small.ada, small.plan())
    pause_report(small.center, small.ada, report.id)
    small.clock.turn(hours=4 + 24 * 2)
    assert run_due(small.center) == NOTHING
    assert find_report(small.center, small.ada, report.id).next_at is None
    resume_report(small.center, small.ada, report.id)
    assert run_due(small.center) == NOTHING
    assert [one.progress for one in makings(small, report.id)] == [Progress.PAUSED]
    small.clock.turn(hours=24)
    assert run_due(small.center) == ONE


def test_nothing_is_made_for_a_person_who_is_disabled(small: Small) -> None:
    report = create_report(small.center, small.ada, small.plan(execute_now=True))
    alter(small.center, small.ada, is_active=False)
    assert run_due(small.center) == NOTHING
    assert makings(small, report.id)[0].progress == Progress.PENDING
    alter(small.center, small.ada, is_active=True)
    assert run_due(small.center) == ONE


def test_a_file_is_made_within_the_scope_of_its_time(small: Small) -> None:
    text = "SELECT AccountName, AzureExpectedRevenue FROM CLASAzurePropensity"
    report = create_report(small.center, small.ada, small.plan(query_id=small.query(text)))
    alter(small.center, small.ada, role=Role.REPORT_VIEWER)
    small.clock.turn(hours=4)
    assert run_due(small.center) == Round(completed=0, failed=1, removed=0)
    (made,) = makings(small, report.id)
    assert made.progress == Progress.FAILED
    assert made.message is not None
    assert "has no column 'AzureExpectedRevenue'" in made.message
    assert files(small.center) == []


def test_a_system_query_gives_the_columns_its_reader_has_today(small: Small) -> None:
    plan = small.plan(query_id=system_id("CLASAzurePropensity"))
    report = create_report(small.center, small.ada, plan)
    assert "AzureExpectedRevenue" in report.query.columns
    alter(small.center, small.ada, role=Role.REPORT_VIEWER)
    small.clock.turn(hours=4)
    assert run_due(small.center) == ONE
    (path,) = files(small.center)
    assert b"AzureExpectedRevenue" not in path.read_bytes()
    assert b"AzureCluster" in path.read_bytes()


def test_a_range_of_its_own_overrides_the_span_of_the_query(small: Small) -> None:
    def instant(text: str) -> object:
        return small.clock.at.replace(month=int(text[:2]), day=int(text[3:]), hour=0, minute=0)

    text = "SELECT AccountName FROM CLASAzurePropensity TIMESPAN TODAY"
    plan = small.plan(
        query_id=small.query(text),
        execute_now=True,
        query_start_at=instant("09-25"),
        query_end_at=instant("10-25"),
    )
    create_report(small.center, small.ada, plan)
    run_due(small.center)
    assert files(small.center)[0].read_bytes() == b"\xef\xbb\xbfAccountName,Month\r\nTailspin,2026-09\r\n"


def test_an_expired_file_is_removed_and_its_link_ends(small: Small) -> None:
    report = create_report(small.center, small.ada, small.plan(execute_now=True))
    run_due(small.center)
    link = makings(small, report.id)[0].link
    assert link is not None
    small.clock.turn(hours=24)
    assert makings(small, report.id)[0].link is None
    with pytest.raises(NotThere):
        open_link(small.center, link.rsplit("/", 1)[1])
    assert run_due(small.center) == Round(completed=0, failed=0, removed=1)
    assert files(small.center) == []


def test_files_of_deleted_reports_and_of_dead_runs_are_swept_away(small: Small) -> None:
    report = create_report(small.center, small.ada, small.plan(execute_now=True))
    run_due(small.center)
    delete_report(small.center, small.ada, report.id)
    (small.center.files / f"{report.id}-00.partial").touch()
    assert run_due(small.center).removed == 2
    assert files(small.center) == []
    with acting_for_all(small.center.database) as session:
        assert session.scalars(sa.select(Execution)).all() == []
