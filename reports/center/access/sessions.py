"""Sessions: a signed-in browser, known by a secret in its cookie, kept by its digest, revocable."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from reports.center.access.accounts import person_of
from reports.center.access.secret import digest, make_secret
from reports.center.center import Center
from reports.center.database.engine import acting
from reports.center.database.tables import User, UserSession
from reports.center.people import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Who is signed in, and the token that the forms of the session carry."""

    person: Person
    csrf: str


def begin_session(center: Center, session: Session, person: Person) -> str:
    """Begin a session of a person and return the secret for its cookie; forget those that are over."""
    secret, now = make_secret(), center.now()
    session.execute(
        sa.delete(UserSession).where(UserSession.user_id == person.id, UserSession.expires_at <= now)
    )
    session.add(
        UserSession(
            digest=digest(secret),
            user_id=person.id,
            csrf=make_secret(),
            created_at=now,
            expires_at=now + timedelta(hours=center.policy.session_hours),
        )
    )
    return secret


def find_session(center: Center, secret: str) -> Signed | None:
    """Return who a cookie belongs to; None where it is unknown, over, revoked, or its person disabled."""
    with acting(center.database, None) as session:
        found = session.execute(
            sa.select(UserSession, User)
            .join(User, User.id == UserSession.user_id)
            .where(
                UserSession.digest == digest(secret),
                UserSession.revoked_at.is_(None),
                UserSession.expires_at > center.now(),
                User.is_active,
            )
        ).one_or_none()
        return None if found is None else Signed(person=person_of(found[1]), csrf=found[0].csrf)


def end_session(center: Center, secret: str) -> None:
    """Sign a browser out."""
    with acting(center.database, None) as session:
        _revoke(center, session, UserSession.digest == digest(secret))


def end_sessions(center: Center, session: Session, user_id: int, *, except_of: str | None = None) -> None:
    """Sign a person out everywhere, except in the browser of one secret."""
    others = sa.true() if except_of is None else UserSession.digest != digest(except_of)
    _revoke(center, session, UserSession.user_id == user_id, others)


def sessions_of(center: Center, person: Person) -> Sequence[UserSession]:
    """Return the sessions in which a person is signed in, newest first."""
    with acting(center.database, person) as session:
        return session.scalars(
            sa.select(UserSession)
            .where(
                UserSession.user_id == person.id,
                UserSession.revoked_at.is_(None),
                UserSession.expires_at > center.now(),
            )
            .order_by(UserSession.created_at.desc(), UserSession.digest)
        ).all()


def _revoke(center: Center, session: Session, *whose: sa.ColumnElement[bool]) -> None:
    session.execute(
        sa.update(UserSession).where(UserSession.revoked_at.is_(None), *whose).values(revoked_at=center.now())
    )
