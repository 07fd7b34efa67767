"""Whoever wants to hear of a file is told of it once it is there, also when the process that made it dies."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from reports.center.center import Policy
from reports.center.database.engine import acting_for_all
from reports.center.database.tables import AuditRow, Execution, SavedReport
from reports.center.delivery import run, tell
from reports.center.delivery.callbacks import Callback, call_back
from reports.center.delivery.reports import create_report, find_report
from reports.center.delivery.run import run_due
from reports.center.delivery.tell import CALLED_AGAIN_AFTER, tell_due
from tests.reports.center.delivery.listening import OPEN, serving
from tests.reports.center.delivery.small import Killed, Small, kill


@pytest.fixture
def calling(small: Small) -> Small:
    """The small centre, which may call programs on loopback."""
    return replace(small, center=replace(small.center, policy=OPEN))


def ask(small: Small, url: str) -> str:
    return create_report(small.center, small.ada, small.plan(execute_now=True, callback_url=url)).id


def message_of(small: Small, report_id: str) -> str | None:
    latest = find_report(small.center, small.ada, report_id).latest
    return None if latest is None else latest.message


def test_a_callback_follows_the_file_and_is_told_in_the_making(calling: Small) -> None:
    with serving(404) as server:
        report = ask(calling, server.url)
        other = create_report(calling.center, calling.ada, calling.plan(execute_now=True))
        assert run_due(calling.center).completed == 2
        assert run_due(calling.center).completed == 0
        assert server.asked == [f"POST /told/{report}"]
    assert [message_of(calling, one) for one in (report, other.id)] == ["callback answered 404", None]
    with acting_for_all(calling.center.database) as session:
        row = session.scalars(sa.select(AuditRow).where(AuditRow.action == "call back")).one()
    assert (row.subject, row.detail) == ("ada", f"{report}: callback answered 404")


def test_who_was_not_told_when_the_process_died_before_the_call_is_told_by_the_next_round(
    calling: Small, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving() as server:
        report = ask(calling, server.url)
        monkeypatch.setattr(run, "tell_due", kill)
        with pytest.raises(Killed):
            run_due(calling.center)
        monkeypatch.setattr(run, "tell_due", tell_due)
        assert server.asked == []
        assert run_due(calling.restarted(url)).completed == 0
        assert server.asked == [f"POST /told/{report}"]
    assert message_of(calling, report) == "callback answered 200"


def test_who_was_not_told_when_the_process_died_in_the_call_is_told_once_nobody_can_be_at_it(
    calling: Small, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving() as server:
        report = ask(calling, server.url)
        monkeypatch.setattr(tell, "call_back", kill)
        with pytest.raises(Killed):
            run_due(calling.center)
        monkeypatch.setattr(tell, "call_back", call_back)
        other = calling.restarted(url)
        calling.clock.at += CALLED_AGAIN_AFTER
        calling.clock.turn(seconds=-1)
        tell_due(other)
        assert server.asked == []
        calling.clock.turn(seconds=1)
        tell_due(other)
        tell_due(other)
        assert server.asked == [f"POST /told/{report}"]


def test_nobody_is_told_of_a_making_that_failed(calling: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*anything: object) -> None:  # noqa: ARG001 stands for `make`
        raise ZeroDivisionError

    with serving() as server:
        ask(calling, server.url)
        monkeypatch.setattr(run, "make", fail)
        assert run_due(calling.center).failed == 1
        tell_due(calling.center)
        assert server.asked == []


def test_nobody_is_told_of_a_file_that_has_expired_or_of_a_report_that_wants_no_call_any_more(
    calling: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving() as server:
        late, unwanted = ask(calling, server.url), ask(calling, server.url)
        monkeypatch.setattr(run, "tell_due", kill)
        with pytest.raises(Killed):
            run_due(calling.center)
        with acting_for_all(calling.center.database) as session:
            session.execute(
                sa.update(SavedReport).where(SavedReport.id == unwanted).values(callback_url=None)
            )
            session.execute(
                sa.update(Execution).where(Execution.report_id == late).values(expires_at=calling.clock.at)
            )
        tell_due(calling.center)
        assert server.asked == []


def test_a_call_that_fails_in_a_way_nobody_foresaw_is_not_made_for_ever_and_stops_no_other(
    calling: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty = ask(calling, "http://127.0.0.1:1/faulty")
    with serving() as server:
        report = ask(calling, server.url)

        def faulty_call(policy: Policy, callback: Callback) -> str:
            if callback.report_id == faulty:
                raise ZeroDivisionError
            return call_back(policy, callback)

        monkeypatch.setattr(tell, "call_back", faulty_call)
        run_due(calling.center)
        assert server.asked == [f"POST /told/{report}"]
    assert message_of(calling, faulty) == "callback failed: an error inside the service; its log tells more"
    monkeypatch.setattr(tell, "call_back", kill)
    tell_due(calling.center)
