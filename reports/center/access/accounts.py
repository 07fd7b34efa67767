"""The people who may sign in, as they are kept."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from reports.center.database.tables import User, UserReach
from reports.center.people import Person, Reach, Role

PARTNER, LOCATION = "partner", "location"
"""The kinds of a kept reach."""


def person_of(user: User) -> Person:
    """Return the person that is kept."""
    return Person(
        id=user.id,
        subject=user.subject,
        name=user.name,
        role=Role(user.role),
        reach=Reach(
            everything=user.everything,
            partners=frozenset(one.partner_id for one in user.reaches if one.kind == PARTNER),
            locations=frozenset(one.partner_id for one in user.reaches if one.kind == LOCATION),
        ),
        language=user.language,
    )


def kept_reaches(reach: Reach) -> list[UserReach]:
    """Return a reach as it is kept."""
    kept = [UserReach(kind=PARTNER, partner_id=one) for one in sorted(reach.partners)]
    return kept + [UserReach(kind=LOCATION, partner_id=one) for one in sorted(reach.locations)]


def find(session: Session, subject: str) -> User | None:
    """Return somebody by the name they sign in with; None where nobody has it."""
    return session.scalar(sa.select(User).where(User.subject == normal(subject)))


def normal(subject: str) -> str:
    """Return a subject as it is kept: an e-mail address in small letters, others as they are."""
    subject = subject.strip()
    return subject.lower() if "@" in subject else subject
