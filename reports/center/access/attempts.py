"""How often somebody may guess: failed sign-ins, counted against the account's name and the address."""

import ipaddress
from datetime import timedelta

import sqlalchemy as sa

from reports.center.access.secret import digest
from reports.center.center import Center
from reports.center.database.engine import acting
from reports.center.database.tables import SignInAttempt

WINDOW = timedelta(minutes=15)


def begin_attempt(center: Center, subject: str, address: str) -> tuple[int, ...] | None:
    """Count a sign-in and return what `forgive` takes back if it succeeds; None where there were too many.

    An attempt is counted before it is judged, so that many at once are no way around the limit. A name counts
    the same whether an account has it or not; what was typed is kept by its digest, it may be a password.
    """
    now = center.now()
    counted = (f"account {digest(subject.casefold())}", f"address {_network(address)}")
    with acting(center.database, None) as session:
        # Those of later were counted before the clock was turned back.
        is_over = sa.or_(SignInAttempt.at <= now - WINDOW, SignInAttempt.at >= now + WINDOW)
        session.execute(sa.delete(SignInAttempt).where(is_over))
        rows = [SignInAttempt(counted_against=one, at=now) for one in counted]
        session.add_all(rows)
        session.flush()
        made = tuple(row.id for row in rows)
    # In a transaction of its own, which sees what others have counted meanwhile.
    with acting(center.database, None) as session:
        most = session.scalar(
            sa.select(sa.func.count())
            .where(SignInAttempt.counted_against.in_(counted))
            .group_by(SignInAttempt.counted_against)
            .order_by(sa.func.count().desc())
            .limit(1)
        )
    if (most or 0) > center.policy.sign_ins_per_quarter_hour:
        forgive(center, made)
        return None
    return made


def forgive(center: Center, made: tuple[int, ...]) -> None:
    """Take attempts back: they succeeded, or were not judged at all."""
    with acting(center.database, None) as session:
        session.execute(sa.delete(SignInAttempt).where(SignInAttempt.id.in_(made)))


def _network(address: str) -> str:
    """Return whose address it is: of the newer kind everybody has a whole network."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(parsed if parsed.version == 4 else ipaddress.ip_network((parsed, 64), strict=False))
