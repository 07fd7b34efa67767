"""Tokens of programs: shown once, and good until they expire, are revoked, or their person is disabled."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated

import pytest
import sqlalchemy as sa
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

from features.errors import CallRefused
from reports.center.access.manage import change_activity
from reports.center.access.program import calling
from reports.center.access.secret import digest
from reports.center.access.tokens import MOST_TOKENS, make_token, revoke_token, tokens_of
from reports.center.access.visitor import Visitor
from reports.center.center import Center
from reports.center.database.engine import acting_for_all
from reports.center.database.tables import ApiToken
from tests.reports.center.access.conftest import Clock
from tests.reports.center.signed import add_person, browser


def _ask(center: Center, headers: Mapping[str, str]) -> tuple[int, str]:
    app = FastAPI()
    app.state.center = center

    @app.get("/me")
    def me(visitor: Annotated[Visitor, Depends(calling)]) -> str:
        return visitor.person.subject

    answer = TestClient(app).get("/me", headers=dict(headers))
    return answer.status_code, str(answer.json() if answer.status_code == 200 else answer.json()["detail"])


def _bearer(secret: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def test_both_headers_carry_a_token(center: Center) -> None:
    secret = make_token(center, add_person(center, "ana"), "nightly", 30)
    for headers in (_bearer(secret), {"authorization": f"bearer {secret}"}, {"X-AadUserTicket": secret}):
        assert _ask(center, headers) == (200, "ana")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer forged"},
        {"Authorization": "Basic YW5hOng="},
        {"X-AadUserTicket": " "},
        {"Authorization": "Bearer é".encode("latin-1").decode("latin-1")},
    ],
)
def test_no_token_and_a_forged_one_are_refused(center: Center, headers: Mapping[str, str]) -> None:
    status, told = _ask(center, {name: value.encode("latin-1") for name, value in headers.items()})  # type: ignore[misc]
    assert status == 401
    assert "token" in told


def test_a_token_expires_to_the_second(center: Center, clock: Clock) -> None:
    secret = make_token(center, add_person(center, "ana"), "nightly", 30)
    clock.turn(days=30, seconds=-1)
    assert _ask(center, _bearer(secret))[0] == 200
    clock.turn(seconds=1)
    assert _ask(center, _bearer(secret))[0] == 401


def test_a_revoked_token_is_refused_and_nobody_revokes_those_of_others(center: Center) -> None:
    ana, bob = (add_person(center, name) for name in ("ana", "bob"))
    secret = make_token(center, ana, "nightly", 30)
    (token,) = tokens_of(center, ana)
    assert not revoke_token(center, bob, token.id)
    assert _ask(center, _bearer(secret))[0] == 200
    assert revoke_token(center, ana, token.id)
    assert not revoke_token(center, ana, token.id)
    assert _ask(center, _bearer(secret))[0] == 401


def test_disabling_somebody_revokes_its_tokens_for_good(center: Center) -> None:
    secret = make_token(center, add_person(center, "ana"), "nightly", 30)
    change_activity(center, None, "ana", is_active=False)
    change_activity(center, None, "ana", is_active=True)
    assert _ask(center, _bearer(secret))[0] == 401


def test_a_token_is_kept_by_its_digest_and_how_it_begins(center: Center, clock: Clock) -> None:
    secret = make_token(center, add_person(center, "ana"), "nightly", 30)
    clock.turn(hours=1)
    _ask(center, _bearer(secret))
    with acting_for_all(center.database) as session:
        kept = session.scalars(sa.select(ApiToken)).one()
    assert (kept.digest, kept.prefix, len(secret)) == (digest(secret), secret[:12], 50)
    assert kept.last_used_at == kept.created_at + timedelta(hours=1)
    assert _ask(center, _bearer(kept.digest))[0] == 401


def test_a_token_is_shown_once_and_opens_no_pages(center: Center) -> None:
    client = browser(center, add_person(center, "ana"))
    shown = client.post("/account/tokens", data={"name": "nightly", "days": "90"}).text
    (secret,) = {word for word in shown.replace("<", " ").replace(">", " ").split() if len(word) == 50}
    assert secret.startswith("ascent_")
    again = client.get("/account").text
    assert secret not in again
    assert f"{secret[:12]}…" in again
    assert browser(center).get("/account", headers=_bearer(secret)).status_code == 303
    assert _ask(center, _bearer(secret)) == (200, "ana")


def test_a_session_is_no_token(center: Center) -> None:
    client = browser(center, add_person(center, "ana"))
    assert _ask(center, _bearer(client.cookies["ascent"]))[0] == 401


@pytest.mark.parametrize(
    ("name", "days", "told"),
    [
        (" ", 30, "a name of 1 to 100 characters; got 0"),
        ("nightly", 366, "1 to 365 days; got 366"),
        ("nightly", 0, "1 to 365 days; got 0"),
    ],
)
def test_a_token_without_a_name_or_an_end_is_refused(center: Center, name: str, days: int, told: str) -> None:
    with pytest.raises(CallRefused, match=told):
        make_token(center, add_person(center, "ana"), name, days)


def test_nobody_has_more_tokens_than_it_can_oversee(center: Center) -> None:
    person = add_person(center, "ana")
    for i in range(MOST_TOKENS):
        make_token(center, person, f"program {i}", 30)
    with pytest.raises(CallRefused, match="more than 20 tokens"):
        make_token(center, person, "one more", 30)


def test_a_token_of_somebody_else_is_not_there_to_be_revoked(center: Center) -> None:
    ana = add_person(center, "ana")
    make_token(center, ana, "nightly", 30)
    (token,) = tokens_of(center, ana)
    mallory = browser(center, add_person(center, "mallory"))
    assert mallory.post(f"/account/tokens/{token.id}/revoke").status_code == 404
    assert mallory.post("/account/tokens/999/revoke").status_code == 404
    assert len(tokens_of(center, ana)) == 1
