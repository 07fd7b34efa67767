"""Who calls: the person behind a token of the programmatic interface."""

from typing import Annotated

import sqlalchemy as sa
from fastapi import Depends, HTTPException, Request

from reports.center.access.accounts import person_of
from reports.center.access.secret import digest
from reports.center.access.visitor import Visitor, center_of, visitor
from reports.center.database.engine import acting_for_all
from reports.center.database.tables import ApiToken, User


def calling(request: Request) -> Visitor:
    """Return whom a program works for; refused with 401 without a token that holds."""
    center = center_of(request)
    secret = _presented(request)
    if secret is None:
        raise _refused("A token is needed: send `Authorization: Bearer TOKEN`, or X-AadUserTicket.")
    now = center.now()
    with acting_for_all(center.database) as session:
        found = session.execute(
            sa.select(ApiToken, User)
            .join(User, User.id == ApiToken.user_id)
            .where(
                ApiToken.digest == digest(secret),
                ApiToken.revoked_at.is_(None),
                ApiToken.expires_at > now,
                User.is_active,
            )
        ).one_or_none()
        if found is None:
            raise _refused("The token is unknown, expired or revoked; make a new one on the account page.")
        found[0].last_used_at = now
        return visitor(center, person_of(found[1]))


def _presented(request: Request) -> str | None:
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and secret.strip():
        return secret.strip()
    return request.headers.get("x-aaduserticket", "").strip() or None


def _refused(told: str) -> HTTPException:
    return HTTPException(401, told, headers={"WWW-Authenticate": "Bearer"})


Calling = Annotated[Visitor, Depends(calling)]
