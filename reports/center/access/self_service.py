"""What everybody changes of its own account: the language, the password, where it is signed in."""

from features.errors import CallRefused
from reports.center.access.attempts import begin_attempt, forgive
from reports.center.access.audit import write_audit
from reports.center.access.passwords import digest_password, is_password
from reports.center.access.sessions import end_sessions
from reports.center.access.visitor import LANGUAGES
from reports.center.center import Center
from reports.center.database.engine import acting
from reports.center.database.tables import User
from reports.center.people import Person


def has_password(center: Center, person: Person) -> bool:
    """Tell whether it is a local account."""
    with acting(center.database, person) as session:
        return session.get_one(User, person.id).password is not None


def choose_language(center: Center, person: Person, language: str) -> None:
    """Speak a language to a person from now on; empty means what its browser asks for.

    Raises:
        CallRefused: we do not speak it.
    """
    if language and language not in LANGUAGES:
        raise CallRefused(f"The pages speak {', '.join(LANGUAGES)}; got {language!r}.")
    with acting(center.database, person) as session:
        session.get_one(User, person.id).language = language or None
        write_audit(center, person, "language chosen", session=session, detail=language or None)


def choose_password(
    center: Center, person: Person, *, current: str, new: str, address: str, kept_session: str
) -> None:
    """Change a person's own password; its other sessions end.

    Raises:
        CallRefused: the current one is not right, was guessed too often, or the new one is no password.
    """
    counted = begin_attempt(center, person.subject, address)
    if counted is None:
        raise CallRefused("Too many wrong passwords. Try again in a quarter of an hour.")
    with acting(center.database, person) as session:
        kept = session.get_one(User, person.id).password
    if not is_password(center.policy, current, kept):
        raise CallRefused("The current password is not right.")
    forgive(center, counted)
    digest = digest_password(center.policy, new)
    with acting(center.database, person) as session:
        session.get_one(User, person.id).password = digest
        end_sessions(center, session, person.id, except_of=kept_session)
        write_audit(center, person, "password changed", session=session, detail=person.subject)


def sign_out_everywhere(center: Center, person: Person) -> None:
    """End all sessions of a person."""
    with acting(center.database, person) as session:
        end_sessions(center, session, person.id)
        write_audit(center, person, "sign out everywhere", session=session)
