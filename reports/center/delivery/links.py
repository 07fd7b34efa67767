"""Links to the files of reports: they need no token, end by themselves, and hold for one scope alone."""

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from reports.center.access.accounts import person_of
from reports.center.access.secret import digest
from reports.center.center import Center
from reports.center.database.engine import acting_for_all
from reports.center.database.tables import Execution, SavedReport, User
from reports.center.delivery.grammar import parse_stored
from reports.center.delivery.refusals import NotThere
from reports.center.delivery.words import checked_id
from reports.center.formats import Format
from reports.center.people import Person
from reports.center.query import Query

ROUTE = "/insights/v1/mpn/ScheduledReport/download/"
KEY_NAME = "link.key"
"""Beside the files: who can read it can read them anyway, and a copy of the database opens nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A file that may be handed out now, and whose it is."""

    path: Path
    name: str
    format: Format
    owner: Person
    query: Query
    text: str
    rows: int
    sha256: str


def link_to(center: Center, making_id: str, path: str) -> str:
    """Return the link to the file of a making."""
    return f"{center.policy.base_url.rstrip('/')}{ROUTE}{link_secret(center, making_id, path)}"


def link_secret(center: Center, making_id: str, path: str) -> str:
    """Return what the link to a file of a making knows; the database keeps its digest alone.

    It is drawn from a random key, so that the same link can be told again whenever somebody asks.
    """
    return hmac.new(_key(center.files), f"{making_id} {path}".encode(), hashlib.sha256).hexdigest()


def open_link(center: Center, secret: str) -> Delivered:
    """Return the file behind a link.

    Raises:
        NotThere: there is no such link, it has ended, or its owner's account or scope is no longer the same.
    """
    with acting_for_all(center.database) as session:
        return _delivered(center, session, Execution.link == digest(secret.lower()))


def open_making(center: Center, person: Person, making_id: str) -> Delivered:
    """Return the file of a making for its owner, who is signed in.

    Raises:
        NotThere: the person has no such making, or its file is no longer there or not within its scope.
    """
    with acting_for_all(center.database) as session:
        return _delivered(
            center,
            session,
            sa.and_(Execution.id == checked_id("execution", making_id), Execution.user_id == person.id),
        )


def _delivered(center: Center, session: Session, which: sa.ColumnElement[bool]) -> Delivered:
    found = session.execute(
        sa.select(Execution, SavedReport, User)
        .join(SavedReport, SavedReport.id == Execution.report_id)
        .join(User, User.id == Execution.user_id)
        .where(which, User.is_active)
    ).one_or_none()
    # One answer for all: a link tells nothing to who should not have it.
    refused = NotThere(
        "There is no such file, or it can no longer be fetched; the execution call tells the newest link."
    )
    if found is None:
        raise refused
    execution, report, user = found
    owner = person_of(user)
    if execution.path is None or execution.expires_at is None or execution.expires_at <= center.now():
        raise refused
    path = center.files / execution.path
    if execution.scope != center.scope(owner).digest or not path.is_file():
        raise refused
    return Delivered(
        path=path,
        name=report.name,
        format=Format(report.format),
        owner=owner,
        query=parse_stored(report.query),
        text=report.query,
        rows=execution.rows or 0,
        sha256=execution.sha256 or "",
    )


def _key(files: Path) -> bytes:
    """Return the key of the links, made when it is first needed; the first of two makers wins."""
    path = files / KEY_NAME
    if not path.exists():
        files.mkdir(parents=True, exist_ok=True)
        own = files / f"{KEY_NAME}.{secrets.token_hex(8)}"
        with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(32))
        with suppress(FileExistsError):
            os.link(own, path)
        own.unlink()
    return path.read_bytes()
