import errno
import hashlib
import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from reports.center.center import Center
from reports.center.database.engine import acting_for_all, open_database
from reports.center.database.tables import AuditRow, Execution, SavedReport, User
from reports.center.delivery import run
from reports.center.delivery.links import KEY_NAME, open_link
from reports.center.delivery.make import Job, Made, make, remove_strangers
from reports.center.delivery.makings import Making, Progress
from reports.center.delivery.queries import system_id
from reports.center.delivery.refusals import NotThere
from reports.center.delivery.reports import (
    Status,
    change_report,
    create_report,
    delete_report,
    find_report,
    list_makings,
    pause_report,
    resume_report,
)
from reports.center.delivery.run import ENDED, FULL_DISK, MOST_ATTEMPTS, TAKEN_OVER_AFTER, Round, run_due
from reports.center.formats import Format
from reports.center.people import Person, Role
from tests.reports.center.delivery.small import TEXT, Small, bytes_of, small_center

NOTHING = Round(completed=0, failed=0, removed=0)
ONE = Round(completed=1, failed=0, removed=0)


def makings(small: Small, report_id: str, of: Person | None = None) -> tuple[Making, ...]:
    return list_makings(small.center, of or small.ada, report_id)


def files(center: Center) -> list[Path]:
    return sorted(path for path in center.files.glob("*") if path.name != KEY_NAME)


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


def test_a_file_that_another_process_completes_while_strangers_are_looked_for_stays(
    small: Small, url: str
) -> None:
    create_report(small.center, small.ada, small.plan(execute_now=True))
    run_due(small.center)
    (path,) = files(small.center)
    (small.center.files / "lost+found").mkdir()
    other = small.restarted(url)
    as_completed = {"status": Progress.COMPLETED, "path": path.name}
    with acting_for_all(other.database) as session:
        session.execute(sa.update(Execution).values(status=Progress.RUNNING, path=None))

    def complete(*event: object) -> None:  # noqa: ARG001 SQLAlchemy's signature
        with acting_for_all(other.database) as session:
            session.execute(sa.update(Execution).values(as_completed))

    sa.event.listen(small.center.database, "after_cursor_execute", complete, once=True)
    assert remove_strangers(small.center) == 0
    assert path.is_file()


class Killed(BaseException):
    """Ends a process as a signal does."""


def test_what_a_dead_process_was_at_is_taken_over(
    small: Small, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = create_report(small.center, small.ada, small.plan(execute_now=True))
    monkeypatch.setattr(run, "make", _killed)
    with pytest.raises(Killed):
        run_due(small.center)
    monkeypatch.setattr(run, "make", make)
    assert makings(small, report.id)[0].progress == Progress.RUNNING
    other = small.restarted(url)
    small.clock.at += TAKEN_OVER_AFTER - timedelta(seconds=1)
    assert run_due(other).completed == 0
    small.clock.turn(seconds=1)
    assert run_due(other).completed == 1


def test_a_making_that_ends_its_process_is_begun_three_times_and_then_failed(
    small: Small, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = create_report(small.center, small.ada, small.plan(execute_now=True))
    begun: list[int] = []

    def killing(center: Center, job: Job) -> Made:  # noqa: ARG001 stands for `make`
        begun.append(job.attempt)
        raise Killed

    monkeypatch.setattr(run, "make", killing)
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(Killed):
            run_due(small.restarted(url))
        small.clock.at += TAKEN_OVER_AFTER
    assert [run_due(small.restarted(url)) for _ in range(2)] == [
        Round(completed=0, failed=1, removed=0),
        NOTHING,
    ]
    assert begun == [1, 2, 3]
    (made,) = makings(small, report.id)
    assert (made.progress, made.message) == (Progress.FAILED, ENDED)
    assert find_report(small.center, small.ada, report.id).status == Status.INACTIVE


def test_a_clock_that_was_turned_back_makes_nothing_again_and_leaves_nothing_lying(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = create_report(small.center, small.ada, small.plan())
    small.clock.turn(hours=4 + 24 * 3)
    assert run_due(small.center).completed == 1
    create_report(small.center, small.ada, small.plan(execute_now=True))
    monkeypatch.setattr(run, "make", _killed)
    with pytest.raises(Killed):
        run_due(small.center)
    monkeypatch.setattr(run, "make", make)
    small.clock.turn(days=-2)
    # What was claimed two days later than now is made; the schedule's own periods between are not.
    assert run_due(small.center).completed == 1
    assert len(makings(small, schedule.id)) == 1


def test_a_full_disk_fails_one_report_leaves_no_half_file_and_stops_no_other(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = create_report(small.center, small.ada, small.plan(execute_now=True))
    small.clock.turn(seconds=1)
    create_report(small.center, small.bea, small.plan(execute_now=True, query_id=small.query(of=small.bea)))
    synced = os.fsync
    written: list[int] = []

    def fsync(handle: int) -> None:
        written.append(handle)
        if len(written) == 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        synced(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    assert run_due(small.center) == Round(completed=1, failed=1, removed=0)
    (made,) = makings(small, full.id)
    assert (made.progress, made.message) == (Progress.FAILED, FULL_DISK)
    assert len(files(small.center)) == 1


def test_who_was_thought_dead_does_not_overwrite_what_the_other_made(
    small: Small, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = create_report(small.center, small.ada, small.plan(execute_now=True))

    def slowly(center: Center, job: Job) -> Made:
        monkeypatch.setattr(run, "make", make)
        small.clock.at += TAKEN_OVER_AFTER
        assert run_due(small.restarted(url)).completed == 1
        return make(center, job)

    monkeypatch.setattr(run, "make", slowly)
    assert run_due(small.center).completed == 0
    (kept,) = makings(small, report.id)
    assert kept.link is not None
    first = open_link(small.center, kept.link.rsplit("/", 1)[1])
    assert run_due(small.center).removed == 1
    assert files(small.center) == [first.path]


def test_a_bug_in_one_report_stops_no_other(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = create_report(small.center, small.ada, small.plan(execute_now=True))
    create_report(small.center, small.bea, small.plan(execute_now=True, query_id=small.query(of=small.bea)))

    def faulty(center: Center, job: Job) -> Made:
        if job.report_id == bad.id:
            raise ZeroDivisionError
        return make(center, job)

    monkeypatch.setattr(run, "make", faulty)
    assert run_due(small.center) == Round(completed=1, failed=1, removed=0)
    assert makings(small, bad.id)[0].message == "An error inside the service; its log tells more."


def both(small: Small, other: Center) -> list[int]:
    """Two runners at once, as two processes are: each with an engine of its own."""
    barrier, completed = threading.Barrier(2), []

    def go(center: Center) -> None:
        barrier.wait()
        completed.append(run_due(center).completed)

    threads = [threading.Thread(target=go, args=(center,)) for center in (small.center, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return completed


def test_two_runners_at_once_make_each_report_once(small: Small, url: str) -> None:
    for hours in (24, 48, 72):
        create_report(small.center, small.ada, small.plan(interval_hours=hours))
        create_report(small.center, small.ada, small.plan(execute_now=True))
    small.clock.turn(hours=4)
    assert sum(both(small, small.restarted(url))) == 6
    assert len(files(small.center)) == 6


@pytest.fixture
def on_postgres(published: Path, tmp_path: Path, postgres: str) -> Iterator[Small]:
    found = small_center(published, tmp_path, postgres)
    yield found
    found.center.database.dispose()


def test_schedules_run_on_postgresql_too(on_postgres: Small, postgres: str) -> None:
    small = on_postgres
    report = create_report(small.center, small.ada, small.plan())
    create_report(small.center, small.bea, small.plan(execute_now=True, query_id=small.query(of=small.bea)))
    small.clock.turn(hours=4)
    other = replace(small.center, database=open_database(postgres))
    assert sum(both(small, other)) == 2
    other.database.dispose()
    (made,) = makings(small, report.id)
    assert made.link is not None
    assert open_link(small.center, made.link.rsplit("/", 1)[1]).rows == 1
    with pytest.raises(NotThere):
        makings(small, report.id, of=small.bea)
    delete_report(small.center, small.ada, report.id)
    with acting_for_all(small.center.database) as session:
        assert session.scalars(sa.select(SavedReport.user_id)).all() == [small.bea.id]


def _killed(center: Center, job: Job) -> Made:  # noqa: ARG001 stands for `make`
    raise Killed
