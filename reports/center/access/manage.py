"""Manage who may sign in: as a person who has that right, or, at the command line, as the operator.

Whoever manages people gives no reach beyond its own and no right to administer that it lacks; what its people
may read within that reach is its to decide. People outside of its reach are not there for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from features.errors import CallRefused
from reports.center.access.accounts import find, kept_reaches, normal, person_of
from reports.center.access.audit import write_audit
from reports.center.access.passwords import digest_password
from reports.center.access.sessions import end_sessions
from reports.center.center import Center
from reports.center.database.engine import acting, acting_for_all
from reports.center.database.tables import ApiToken, User
from reports.center.people import RIGHTS, Person, Reach, Role

ADMINISTERING = ("manages_people", "manages_schedules", "sets_links")
"""Rights that are given only by who has them."""
LONGEST_NAME = 200
REACH_CHANGED = "reach changed"
"""What the audit calls it; the detail begins with whose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Somebody who may sign in, or no longer, as those who manage people see it."""

    person: Person
    is_active: bool
    has_password: bool
    created_at: datetime


def roles_to_give(by: Person | None) -> tuple[Role, ...]:
    """Return the roles that somebody may give; None is the operator."""
    return tuple(role for role in Role if by is None or _may_give(by, role))


def people_within(center: Center, by: Person | None) -> Sequence[Kept]:
    """Return the people within somebody's reach, itself included, by name."""
    with acting(center.database, by) as session:
        kept = [_kept(user) for user in session.scalars(sa.select(User).order_by(User.name, User.subject))]
    return [one for one in kept if by is None or by.reach.covers(one.person.reach)]


def person_called(center: Center, subject: str) -> Person:
    """Return somebody who may sign in.

    Raises:
        CallRefused: nobody is called so, or is disabled.
    """
    with acting(center.database, None) as session:
        user = find(session, subject)
        if user is None or not user.is_active:
            raise CallRefused(f"Nobody signs in as {subject!r}.")
        return person_of(user)


def add_person(
    center: Center,
    by: Person | None,
    *,
    subject: str,
    name: str,
    role: Role,
    reach: Reach,
    password: str | None = None,
) -> Person:
    """Add somebody; without a password an identity provider vouches for it, by subject or verified e-mail.

    Raises:
        CallRefused: the name is taken or no name, or `by` may not give that role or reach.
    """
    subject, name = normal(subject), name.strip()
    for label, value in (("A name to sign in with", subject), ("A name", name)):
        if not 1 <= len(value) <= LONGEST_NAME or not value.isprintable():
            raise CallRefused(f"{label} has 1 to {LONGEST_NAME} characters that can be seen; got {value!r}.")
    _check_gift(by, role, reach)
    with acting(center.database, by) as session:
        if find(session, subject) is not None:
            raise CallRefused(f"Somebody signs in as {subject} already; choose another name.")
        user = User(
            subject=subject,
            name=name,
            role=role.value,
            everything=reach.everything,
            password=None if password is None else digest_password(center.policy, password),
            created_at=center.now(),
            reaches=kept_reaches(reach),
        )
        session.add(user)
        session.flush()
        write_audit(center, by, "person added", session=session, detail=f"{subject}: {role}, {told(reach)}")
        return person_of(user)


def change_role(center: Center, by: Person | None, subject: str, role: Role) -> None:
    """Give somebody another role."""
    with acting(center.database, by) as session:
        user = _managed(session, by, subject)
        _check_gift(by, role, person_of(user).reach)
        user.role = role.value
        write_audit(center, by, "role changed", session=session, detail=f"{user.subject}: {role}")


def change_reach(center: Center, by: Person | None, subject: str, reach: Reach) -> None:
    """Give somebody another reach."""
    with acting(center.database, by) as session:
        user = _managed(session, by, subject)
        _check_gift(by, Role(user.role), reach)
        user.everything = reach.everything
        kept = {(one.kind, one.partner_id): one for one in user.reaches}
        user.reaches = [kept.get((one.kind, one.partner_id), one) for one in kept_reaches(reach)]
        write_audit(center, by, REACH_CHANGED, session=session, detail=f"{user.subject}: {told(reach)}")


def change_activity(center: Center, by: Person | None, subject: str, *, is_active: bool) -> None:
    """Let somebody in again, or no longer: its sessions end, its tokens are revoked."""
    with acting_for_all(center.database) as session:
        user = _managed(session, by, subject)
        user.is_active = is_active
        if not is_active:
            end_sessions(center, session, user.id)
            session.execute(
                sa.update(ApiToken)
                .where(ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None))
                .values(revoked_at=center.now())
            )
        action = "person enabled" if is_active else "person disabled"
        write_audit(center, by, action, session=session, detail=user.subject)


def change_password(center: Center, by: Person | None, subject: str, password: str) -> None:
    """Give somebody another password; it is signed out everywhere."""
    with acting(center.database, by) as session:
        user = _managed(session, by, subject)
        user.password = digest_password(center.policy, password)
        end_sessions(center, session, user.id)
        write_audit(center, by, "password changed", session=session, detail=user.subject)


def told(reach: Reach) -> str:
    """Tell a reach in words."""
    if reach.everything:
        return "everything"
    parts = (("partners", reach.partners), ("locations", reach.locations))
    return "; ".join(f"{kind} {', '.join(sorted(ids))}" for kind, ids in parts if ids) or "nothing"


def may_manage(by: Person, person: Person) -> bool:
    """Tell whether somebody may change a person; nobody changes what it may do itself."""
    return by.id != person.id and by.rights.manages_people and _may_give(by, person.role)


def _managed(session: Session, by: Person | None, subject: str) -> User:
    user = find(session, subject)
    if user is None or (by is not None and not by.reach.covers(person_of(user).reach)):
        raise CallRefused(f"Nobody signs in as {subject!r}.")
    if by is not None and not may_manage(by, person_of(user)):
        raise CallRefused("Your role does not allow to change this person, or it is yourself.")
    return user


def _check_gift(by: Person | None, role: Role, reach: Reach) -> None:
    if reach.locations and not reach.partners:
        raise CallRefused("Locations belong to a partner: name its root partner too.")
    if reach.everything and (reach.partners or reach.locations):
        raise CallRefused("A reach is everything, or partners and locations; got both.")
    if by is None:
        return
    if not by.rights.manages_people or not _may_give(by, role):
        raise CallRefused(f"Your role does not allow to give the role {role}.")
    if not by.reach.covers(reach):
        raise CallRefused(f"This reaches beyond your own: {told(reach)}; yours is {told(by.reach)}.")


def _may_give(by: Person, role: Role) -> bool:
    return all(getattr(by.rights, right) or not getattr(RIGHTS[role], right) for right in ADMINISTERING)


def _kept(user: User) -> Kept:
    return Kept(
        person=person_of(user),
        is_active=user.is_active,
        has_password=user.password is not None,
        created_at=user.created_at,
    )
