"""Who asks: the person behind a page's cookie, with what it may read."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, HTTPException, Request

from reports.center.access.cookies import SESSION, read_cookie
from reports.center.access.sessions import find_session
from reports.center.center import Center
from reports.center.people import Person, Rights
from reports.center.scope import Scope

LANGUAGES = ("en", "es", "fr", "tr")
"""Codes of the languages that pages speak; the first is spoken to who asks for none of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Somebody who is signed in, at this request."""

    person: Person
    scope: Scope
    csrf: str
    """What every form carries; empty for programs."""
    language: str
    center: Center


def visitor(center: Center, person: Person, *, csrf: str = "", accepted: str = "") -> Visitor:
    """Return a person as a visitor; `accepted` are the languages its browser would like."""
    return Visitor(
        person=person,
        scope=center.scope(person),
        csrf=csrf,
        language=person.language or language(accepted),
        center=center,
    )


def language(accepted: str) -> str:
    """Return the first language that we speak of an Accept-Language header, by its weights."""
    wanted: list[tuple[float, str]] = []
    for part in accepted.split(","):
        name, _, weight = part.strip().partition(";q=")
        try:
            wanted.append((float(weight or 1), name.split("-")[0].lower()))
        except ValueError:
            continue
    ranked = sorted(wanted, key=lambda one: -one[0])
    return next((name for weight, name in ranked if name in LANGUAGES and weight > 0), LANGUAGES[0])


def center_of(request: Request) -> Center:
    """Return the centre that a request has reached."""
    center: Center = request.app.state.center
    return center


def find_visitor(request: Request) -> Visitor | None:
    """Return who is signed in, or None; looked up once a request."""
    if not hasattr(request.state, "visitor"):
        request.state.visitor = _find(request)
    found: Visitor | None = request.state.visitor
    return found


def _find(request: Request) -> Visitor | None:
    center = center_of(request)
    secret = read_cookie(center, request, SESSION)
    signed = find_session(center, secret) if secret else None
    if signed is None:
        return None
    accepted = request.headers.get("accept-language", "")
    return visitor(center, signed.person, csrf=signed.csrf, accepted=accepted)


def visiting(request: Request) -> Visitor:
    """Return who is signed in; others are sent to sign in, and back afterwards."""
    found = find_visitor(request)
    if found is None:
        back = request.scope["raw_path"].decode("ascii", "replace") + (
            f"?{request.url.query}" if request.url.query else ""
        )
        to = "/sign-in" + (f"?next={quote(back, safe='')}" if request.method == "GET" and back != "/" else "")
        if request.headers.get("hx-request"):
            raise HTTPException(401, headers={"HX-Redirect": to})
        raise HTTPException(303, headers={"Location": to})
    return found


Visiting = Annotated[Visitor, Depends(visiting)]


def require(visitor: Visitor, right: str) -> None:
    """Refuse a visitor whose role lacks a right of `Rights`."""
    if right not in Rights.__slots__:
        raise ValueError(f"There is no right {right!r}.")
    if not getattr(visitor.person.rights, right):
        raise HTTPException(403, "Your role does not allow this.")


def local_path(told: str) -> str:
    """Return where a visitor wanted to go if that is a path of ours, else the first page.

    Browsers read two slashes, or a backslash, as the beginning of another host.
    """
    is_ours = told.startswith("/") and not told.startswith("//") and "\\" not in told
    return told if is_ours and told.isascii() and told.isprintable() and " " not in told else "/"
