"""Changes that another site sends in a visitor's name are refused, whatever the page."""

import pytest
import sqlalchemy as sa
from fastapi.routing import APIRoute

from reports.center.app import PAGES
from reports.center.center import Center
from reports.center.database.engine import acting
from reports.center.database.tables import ApiToken
from tests.reports.center.signed import add_person, browser, csrf_of

FORM = {"name": "a program", "days": "90"}


def test_a_form_carries_the_token_of_its_session(center: Center) -> None:
    person = add_person(center, "ana")
    client = browser(center, person)
    del client.headers["X-CSRF-Token"]
    csrf = csrf_of(client.get("/account").text)
    assert client.post("/account/tokens", data={**FORM, "csrf": csrf}).status_code == 200


@pytest.mark.parametrize("sent", [None, "", "forged", "é"])
def test_without_the_token_nothing_changes(center: Center, sent: str | None) -> None:
    person = add_person(center, "ana")
    client = browser(center, person)
    del client.headers["X-CSRF-Token"]
    answer = client.post("/account/tokens", data=FORM if sent is None else {**FORM, "csrf": sent})
    assert answer.status_code == 403
    assert _tokens(center) == 0


def test_the_token_of_another_session_is_none(center: Center) -> None:
    ana, mallory = (browser(center, add_person(center, name)) for name in ("ana", "mallory"))
    answer = ana.post("/account/tokens", data=FORM, headers={"X-CSRF-Token": mallory.headers["X-CSRF-Token"]})
    assert answer.status_code == 403
    assert _tokens(center) == 0


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://127.0.0.1:8000", 200),
        ("https://127.0.0.1:8000", 403),
        ("http://127.0.0.1:9000", 403),
        ("http://evil.example", 403),
        ("http://127.0.0.1:8000.evil.example", 403),
        ("null", 403),
        ("", 403),
    ],
)
def test_a_foreign_page_is_refused_even_with_the_token(center: Center, origin: str, status: int) -> None:
    client = browser(center, add_person(center, "ana"))
    assert client.post("/account/tokens", data=FORM, headers={"Origin": origin}).status_code == status
    assert _tokens(center) == (1 if status == 200 else 0)


def test_a_file_is_sent_with_the_token_beside_it(center: Center) -> None:
    client = browser(center, add_person(center, "ana"))
    csrf = client.headers.pop("X-CSRF-Token")
    answer = client.post("/account/tokens", data={**FORM, "csrf": csrf}, files={"file": ("a.csv", b"a,b")})
    assert answer.status_code == 200


def _changes() -> list[tuple[str, str]]:
    return [
        (method, route.path)
        for router in PAGES
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in (route.methods or set()) - {"GET", "HEAD"}
    ]


@pytest.mark.parametrize(("method", "path"), _changes())
def test_no_page_changes_anything_without_the_token(center: Center, method: str, path: str) -> None:
    client = browser(center, add_person(center, "ana"))
    del client.headers["X-CSRF-Token"]
    path = path.replace("{", "").replace("}", "")
    assert client.request(method, path, data={"csrf": "forged"}).status_code == 403


def _tokens(center: Center) -> int:
    with acting(center.database, None) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(ApiToken)) or 0
