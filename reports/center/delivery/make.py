"""Makes the file of a report: written aside, named when it is whole, and swept away when nobody knows it."""

import hashlib
import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from reports.center.center import Center
from reports.center.database.engine import acting_for_all
from reports.center.database.tables import Execution
from reports.center.delivery.grammar import parse_stored, written
from reports.center.delivery.links import KEY_NAME
from reports.center.delivery.makings import Progress
from reports.center.delivery.plan import ReportPlan, days_between
from reports.center.delivery.queries import system_queries
from reports.center.formats import FORMATS
from reports.center.people import Person
from reports.center.query import Query
from reports.center.scope import Scope
from reports.center.select import Selection, resolve, select

PARTIAL = "partial"
ID_LENGTH = 36
"""The name of a file begins with the id of its making."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is to be made, for whom, and since when it is this process's task."""

    making_id: str
    report_id: str
    claimed_at: datetime
    attempt: int
    """The first is 1; further ones follow where the process of the one before is gone."""
    plan: ReportPlan
    text: str
    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A file: its name below the centre's files, what is in it, and the scope under which it was made."""

    path: str
    rows: int
    sha256: str
    scope: str
    query: Query
    text: str


def make(center: Center, job: Job) -> Made:
    """Make the file of a report, as its owner may read now.

    Raises:
        QueryRefused: the owner's scope has no such dataset or column (any more).
    """
    scope = center.scope(job.person)
    _, query = resolve(scope, _query(scope, job))
    between = days_between(job.plan.query_start_at, job.plan.query_end_at)
    selection = select(center.shelf, scope, query, today=center.today, between=between)
    center.files.mkdir(parents=True, exist_ok=True)
    name = f"{job.making_id}-{secrets.token_hex(4)}"
    aside = center.files / f"{name}.{PARTIAL}"
    path = f"{name}.{job.plan.format.lower()}"
    sha256 = _write(selection, job, aside)
    aside.replace(center.files / path)
    return Made(
        path=path,
        rows=selection.count(),
        sha256=sha256,
        scope=scope.digest,
        query=query,
        text=written(query),
    )


def remove_strangers(center: Center) -> int:
    """Remove the files that belong to no making, and tell how many: expired, deleted, half-written ones."""
    there = [path for path in center.files.glob("*") if path.is_file() and not path.name.startswith(KEY_NAME)]
    with acting_for_all(center.database) as session:
        # In this order: what is no longer running when it is asked for has told its file before.
        running = set(session.scalars(sa.select(Execution.id).where(Execution.status == Progress.RUNNING)))
        known = set(session.scalars(sa.select(Execution.path).where(Execution.path.is_not(None))))
    strangers = [path for path in there if path.name not in known and path.name[:ID_LENGTH] not in running]
    for path in strangers:
        path.unlink(missing_ok=True)
    return len(strangers)


def _query(scope: Scope, job: Job) -> Query:
    """Return what is asked: a system query means the columns that its reader has today."""
    system = (one.query for one in system_queries(scope) if one.id == job.plan.query_id)
    return next(system, None) or parse_stored(job.text)


def _write(selection: Selection, job: Job, path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("wb") as file:
            for chunk in FORMATS[job.plan.format].write(selection):
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return digest.hexdigest()
