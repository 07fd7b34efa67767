"""Links that an administrator sets for actions: checked, kept, cleared, and written down.

They are the same for everybody, so only somebody whose reach is everybody sets them: one partner's
administrator would otherwise choose where the people of the others are sent.
"""

import re
from urllib.parse import urlsplit

import sqlalchemy as sa

from features.errors import CallRefused
from reports.center.access.audit import write_audit
from reports.center.advice import ACTIONS, CUSTOMER, PortalAction
from reports.center.center import Center
from reports.center.database.engine import acting
from reports.center.database.tables import ActionLink
from reports.center.people import Person

LONGEST = 2000
PLACEHOLDER = re.compile(r"\{[^{}]*\}")


class LinkRefused(CallRefused):
    """A link is not one that people may be sent to; the message says what would be right."""


def sets_links(person: Person) -> bool:
    """Tell whether somebody may set links."""
    return person.rights.sets_links and person.reach.everything


def placeholders(action: str) -> tuple[str, ...]:
    """Return what the link of an action may carry; advice is about many customers and carries none.

    Raises:
        LinkRefused: there is no such action.
    """
    found = next((one for one in ACTIONS if one.action == action), None)
    if found is None:
        raise LinkRefused(f"There is no action {action!r}.")
    return found.placeholders if isinstance(found, PortalAction) else ()


def check_link(action: str, url: str) -> str:
    """Return a link as it is kept.

    Raises:
        LinkRefused: it is not https, has no host, hides a sign-in, or carries what its action does not know.
    """
    allowed, url = placeholders(action), url.strip()
    if len(url) > LONGEST or re.search(r"[\s\x00-\x1f\x7f\\\"<>]", url):
        raise LinkRefused(f"A link has no blanks, quotes or backslashes and at most {LONGEST:,} characters.")
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        raise LinkRefused(f"{url!r} is no address.") from None
    if parts.scheme != "https" or not host or "@" in parts.netloc:
        raise LinkRefused(f"A link begins with https:// and a host, without a name before it; got {url!r}.")
    if set("{}") & set(parts.netloc):
        raise LinkRefused(f"Placeholders stand after the host, such as https://portal.example/{CUSTOMER}.")
    unknown = [one for one in PLACEHOLDER.findall(url) if one not in allowed]
    if unknown or set("{}") & set(PLACEHOLDER.sub("", url)):
        told = " and ".join(allowed) or "no placeholders"
        raise LinkRefused(
            f"The link of this action may carry {told}; got {', '.join(unknown) or 'a lone brace'}."
        )
    return url


def set_link(center: Center, person: Person, action: str, url: str) -> None:
    """Keep the link of an action, in place of the one before.

    Raises:
        LinkRefused: see `check_link`.
    """
    checked = check_link(action, url)
    with acting(center.database, person) as session:
        row = ActionLink(action=action, url=checked, set_by=person.subject, set_at=center.now())
        session.merge(row)
        write_audit(center, person, "set link", session=session, detail=f"{action}: {checked}")


def clear_link(center: Center, person: Person, action: str) -> None:
    """Forget the link of an action, so that it is hidden.

    Raises:
        LinkRefused: there is no such action.
    """
    placeholders(action)
    with acting(center.database, person) as session:
        session.execute(sa.delete(ActionLink).where(ActionLink.action == action))
        write_audit(center, person, "clear link", session=session, detail=action)
