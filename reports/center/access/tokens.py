"""Tokens of programs: shown once, kept by their digest, with an end; recognised by how they begin."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from features.errors import CallRefused
from reports.center.access.audit import write_audit
from reports.center.access.secret import digest, make_secret
from reports.center.center import Center
from reports.center.database.engine import acting, take_turns
from reports.center.database.tables import ApiToken
from reports.center.people import Person

SHOWN = 12
"""Characters of a token that its list shows."""
MOST_TOKENS, LONGEST_NAME = 20, 100


def make_token(center: Center, person: Person, name: str, days: int) -> str:
    """Make a token of a person and return its secret, which nobody can look up again.

    Raises:
        CallRefused: it has no name or too long a one, would live too long, or the person has too many.
    """
    name, most = name.strip(), center.policy.token_days
    if not 1 <= len(name) <= LONGEST_NAME:
        raise CallRefused(f"A token has a name of 1 to {LONGEST_NAME} characters; got {len(name)}.")
    if not 1 <= days <= most:
        raise CallRefused(f"A token lives for 1 to {most} days; got {days}.")
    now, secret = center.now(), f"ascent_{make_secret()}"
    with acting(center.database, person) as session:
        take_turns(session, person)
        there = sa.select(sa.func.count()).where(
            ApiToken.user_id == person.id, ApiToken.revoked_at.is_(None), ApiToken.expires_at > now
        )
        if (session.scalar(there) or 0) >= MOST_TOKENS:
            raise CallRefused(
                f"Nobody has more than {MOST_TOKENS} tokens: revoke one that is no longer used."
            )
        session.add(
            ApiToken(
                user_id=person.id,
                name=name,
                prefix=secret[:SHOWN],
                digest=digest(secret),
                created_at=now,
                expires_at=now + timedelta(days=days),
            )
        )
        write_audit(center, person, "token made", session=session, detail=name)
    return secret


def tokens_of(center: Center, person: Person) -> Sequence[ApiToken]:
    """Return the tokens of a person that are not revoked, newest first."""
    with acting(center.database, person) as session:
        return session.scalars(
            sa.select(ApiToken)
            .where(ApiToken.user_id == person.id, ApiToken.revoked_at.is_(None))
            .order_by(ApiToken.id.desc())
        ).all()


def revoke_token(center: Center, person: Person, token: int) -> bool:
    """Revoke a token of a person; false where the person has none of that id."""
    with acting(center.database, person) as session:
        found = session.scalar(
            sa.select(ApiToken).where(
                ApiToken.id == token, ApiToken.user_id == person.id, ApiToken.revoked_at.is_(None)
            )
        )
        if found is None:
            return False
        found.revoked_at = center.now()
        write_audit(center, person, "token revoked", session=session, detail=found.name)
    return True
