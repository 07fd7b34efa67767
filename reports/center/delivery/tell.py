"""Tells those who want to hear of it that a file is there: in the round that made it, or in a later one."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from reports.center.access.accounts import person_of
from reports.center.access.audit import write_audit
from reports.center.center import Center
from reports.center.database.engine import acting_for_all
from reports.center.database.tables import Execution, SavedReport, User
from reports.center.delivery.callbacks import Callback, call_back
from reports.center.delivery.plan import Method
from reports.center.people import Person

log = logging.getLogger(__name__)
CALLS_AT_ONCE = 8
CALLED_AGAIN_AFTER = timedelta(minutes=10)
"""A call whose end nobody has noted for so long belonged to a process that is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Whom to call of which making, and whose report it is."""

    making_id: str
    callback: Callback
    owner: Person


def tell_due(center: Center) -> None:
    """Call back for every file that is there and untold, several at once: a slow one holds up no other.

    A call whose process dies is made again; one that was answered, or failed three times, is not.
    """
    with ThreadPoolExecutor(CALLS_AT_ONCE) as threads:
        list(threads.map(lambda making_id: _tell(center, making_id), _untold(center)))


def _untold(center: Center) -> Sequence[str]:
    with acting_for_all(center.database) as session:
        return session.scalars(
            sa.select(Execution.id)
            .join(SavedReport, SavedReport.id == Execution.report_id)
            .join(User, User.id == Execution.user_id)
            .where(_is_due(center), SavedReport.callback_url.is_not(None), User.is_active)
            .order_by(Execution.call_at, Execution.id)
        ).all()


def _is_due(center: Center) -> sa.ColumnElement[bool]:
    now = center.now()
    return sa.and_(Execution.call_at <= now, Execution.expires_at > now)


def _tell(center: Center, making_id: str) -> None:
    call = _claim(center, making_id)
    if call is None:
        return
    try:
        answer = call_back(center.policy, call.callback)
    except Exception:
        # Called again, it would fail again, in every round.
        log.exception("the callback of making %s has failed", making_id)
        answer = "callback failed: an error inside the service; its log tells more"
    with acting_for_all(center.database) as session:
        session.execute(
            sa.update(Execution).where(Execution.id == making_id).values(call_at=None, message=answer)
        )
        detail = f"{call.callback.report_id}: {answer}"
        write_audit(center, call.owner, "call back", session=session, detail=detail)


def _claim(center: Center, making_id: str) -> Call | None:
    """Take a call; None where somebody was quicker, or the report has gone."""
    with acting_for_all(center.database) as session:
        taken = session.execute(
            sa.update(Execution)
            .where(Execution.id == making_id, _is_due(center))
            .values(call_at=center.now() + CALLED_AGAIN_AFTER)
            .returning(Execution.id)
        ).all()
        if not taken:
            return None
        report, user = session.execute(
            sa.select(SavedReport, User)
            .join(Execution, Execution.report_id == SavedReport.id)
            .join(User, User.id == Execution.user_id)
            .where(Execution.id == making_id)
        ).one()
        callback = Callback(
            report_id=report.id,
            url=report.callback_url or "",
            method=Method(report.callback_method or Method.POST),
        )
        return Call(making_id=making_id, callback=callback, owner=person_of(user))
