"""What becomes of reports when processes die, disks are full, clocks are turned back, or two run at once."""

import errno
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
from reports.center.database.tables import Execution, SavedReport
from reports.center.delivery import run
from reports.center.delivery.links import open_link
from reports.center.delivery.make import Job, Made, make, remove_strangers
from reports.center.delivery.makings import Progress
from reports.center.delivery.refusals import NotThere
from reports.center.delivery.reports import (
    Status,
    create_report,
    delete_report,
    find_report,
)
from reports.center.delivery.run import ENDED, FULL_DISK, MOST_ATTEMPTS, TAKEN_OVER_AFTER, Round, run_due
from tests.reports.center.delivery.small import (
    Killed,
    Small,
    files,
    kill,
    makings,
    small_center,
)

NOTHING = Round(completed=0, failed=0, removed=0)


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


def test_what_a_dead_process_was_at_is_taken_over(
    small: Small, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = create_report(small.center, small.ada, small.plan(execute_now=True))
    monkeypatch.setattr(run, "make", kill)
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
    monkeypatch.setattr(run, "make", kill)
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
