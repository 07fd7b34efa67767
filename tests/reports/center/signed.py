"""People of a test, and browsers and programs that are already signed in as them."""

import re
from dataclasses import replace
from datetime import timedelta

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from reports.center.access import manage
from reports.center.access.accounts import kept_reaches, person_of
from reports.center.access.cookies import SESSION, cookie_name
from reports.center.access.secret import digest, make_secret
from reports.center.access.sessions import begin_session, find_session
from reports.center.access.visitor import Visitor, visitor
from reports.center.app import create_app
from reports.center.center import Center, Policy
from reports.center.database.engine import acting, acting_for_all
from reports.center.database.tables import ApiToken, User
from reports.center.people import Person, Reach, Role

PASSWORD = "correct horse battery"
QUICK = Policy(password_kib=64, password_passes=1)
"""A policy whose passwords cost nothing to check."""


def add_person(
    center: Center,
    subject: str,
    role: Role = Role.REPORT_VIEWER,
    *,
    partners: tuple[str, ...] = (),
    locations: tuple[str, ...] = (),
    everything: bool = False,
) -> Person:
    """Add somebody to a centre."""
    reach = Reach(everything=everything, partners=frozenset(partners), locations=frozenset(locations))
    with acting(center.database, None) as session:
        user = User(
            subject=subject,
            name=subject.title(),
            role=role,
            everything=everything,
            created_at=center.now(),
            reaches=kept_reaches(reach),
        )
        session.add(user)
        session.flush()
        return person_of(user)


def local_account(center: Center, subject: str) -> Person:
    """Add somebody who signs in with `PASSWORD` and may read nothing yet."""
    return manage.add_person(
        center, None, subject=subject, name=subject, role=Role.REPORT_VIEWER, reach=Reach(), password=PASSWORD
    )


def sign_in(client: TestClient, subject: str, password: str, *, to: str = "/") -> Response:
    """Sign in with the form, as a browser does."""
    form = client.get("/sign-in")
    told = {"subject": subject, "password": password, "next": to, "csrf": csrf_of(form.text)}
    return client.post("/sign-in", data=told)


def csrf_of(page: str) -> str:
    """Return the token that the forms of a page carry."""
    found = re.search(r'name="csrf" value="([^"]*)"', page)
    return "" if found is None else found[1]


def browser(center: Center, person: Person | None = None, *, app: FastAPI | None = None) -> TestClient:
    """Return a browser, signed in as a person; `client.headers` already carry the token of its forms.

    `app` is the application of the centre where it is there already.
    """
    client = TestClient(app or create_app(center), base_url=center.policy.base_url, follow_redirects=False)
    if person is not None:
        with acting(center.database, None) as session:
            secret = begin_session(center, session, person)
        client.cookies.set(cookie_name(center, SESSION), secret)
        signed = find_session(center, secret)
        assert signed is not None
        client.headers["X-CSRF-Token"] = signed.csrf
    return client


def browser_with(center: Center, secret: str) -> TestClient:
    """Return a browser with a session cookie of somebody's making."""
    client = browser(center)
    client.cookies.set(cookie_name(center, SESSION), secret)
    return client


def program(center: Center, person: Person, *, app: FastAPI | None = None) -> TestClient:
    """Return a client whose calls carry a token of a person."""
    secret, now = make_secret(), center.now()
    with acting_for_all(center.database) as session:
        session.add(
            ApiToken(
                user_id=person.id,
                name="test",
                prefix=secret[:6],
                digest=digest(secret),
                created_at=now,
                expires_at=now + timedelta(days=365),
            )
        )
    client = TestClient(app or create_app(center), base_url=center.policy.base_url, follow_redirects=False)
    client.headers["Authorization"] = f"Bearer {secret}"
    return client


def as_visitor(center: Center, person: Person, *, language: str | None = None) -> Visitor:
    """Return a person as the pages are given it."""
    return visitor(center, replace(person, language=language or person.language), csrf="test")
