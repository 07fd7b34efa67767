"""Sign somebody in: by the password of a local account, or by what an identity provider vouches for."""

from fastapi import Request

from reports.center.access.accounts import find, person_of
from reports.center.access.attempts import begin_attempt, forgive
from reports.center.access.audit import write_audit
from reports.center.access.cookies import SESSION, read_cookie
from reports.center.access.oidc import SignInRefused, Vouched
from reports.center.access.passwords import is_password
from reports.center.access.sessions import begin_session, end_session
from reports.center.center import Center
from reports.center.database.engine import acting
from reports.center.database.tables import User
from reports.center.people import Person

TOO_MANY = "Too many sign-ins failed. Try again in a quarter of an hour."
WRONG = "The name or the password is not right."
STRANGER = "You are known to your organization, but nobody has let you in here yet. Ask who manages people."


class TooManyFailed(SignInRefused):
    """Somebody guesses, or an address does; refused unread."""


def sign_in_with_password(center: Center, request: Request, subject: str, password: str) -> str:
    """Return the secret of a new session.

    Raises:
        SignInRefused: told and timed alike for a wrong password, a name nobody has, and a disabled person.
    """
    address = "" if request.client is None else request.client.host
    counted = begin_attempt(center, subject, address)
    if counted is None:
        raise TooManyFailed(TOO_MANY)
    with acting(center.database, None) as session:
        user = find(session, subject)
    kept = user.password if user is not None and user.is_active else None
    if not is_password(center.policy, password, kept) or user is None:
        write_audit(center, None, "sign-in refused", detail=address)
        raise SignInRefused(WRONG)
    forgive(center, counted)
    return _begin(center, request, person_of(user), "password")


def sign_in_as_vouched(center: Center, request: Request, vouched: Vouched) -> str:
    """Return the secret of a new session of the person whom a provider vouches for.

    Raises:
        SignInRefused: nobody who manages people has added it.
    """
    with acting(center.database, None) as session:
        names = (name for name in (vouched.subject, vouched.email) if name)
        user = next((one for one in (find(session, name) for name in names) if _is_external(one)), None)
    if user is None:
        write_audit(center, None, "sign-in refused", detail="vouched for, but not added")
        raise SignInRefused(STRANGER)
    return _begin(center, request, person_of(user), "identity provider")


def _is_external(user: User | None) -> bool:
    """Tell whether a provider may vouch for somebody: a local account is opened by its password alone."""
    return user is not None and user.is_active and user.password is None


def _begin(center: Center, request: Request, person: Person, how: str) -> str:
    """Begin a session under a new secret; one that the browser has brought along ends."""
    end_session(center, read_cookie(center, request, SESSION))
    with acting(center.database, person) as session:
        secret = begin_session(center, session, person)
        write_audit(center, person, "sign in", session=session, detail=how)
    return secret
