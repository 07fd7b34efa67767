"""The application as a whole: it makes what is due while it runs, and works on either database."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from reports.center import app as application
from reports.center.access.tokens import tokens_of
from reports.center.app import create_app
from reports.center.center import Center
from reports.center.database.engine import acting, open_database
from reports.center.database.tables import AuditRow
from reports.center.people import Role
from tests.reports.center.published import center_over
from tests.reports.center.signed import PASSWORD, QUICK, add_person, browser, local_account, sign_in


@pytest.fixture(params=["sqlite", "postgresql"])
def center(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Center]:
    is_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/center.db" if is_sqlite else str(request.getfixturevalue("postgres"))
    database = open_database(url)
    yield center_over(tmp_path, database, policy=QUICK)
    database.dispose()


def test_people_sign_in_make_tokens_and_manage_others(center: Center) -> None:
    person = local_account(center, "ana")
    client = browser(center)
    assert sign_in(client, "ana", "wrong").status_code == 401
    assert sign_in(client, "ana", PASSWORD).status_code == 303
    own = browser(center, person)
    assert "ascent_" in own.post("/account/tokens", data={"name": "nightly", "days": "30"}).text
    (token,) = tokens_of(center, person)
    assert own.post(f"/account/tokens/{token.id}/revoke").status_code == 303
    assert own.post("/account/language", data={"language": "tr"}).status_code == 303
    manager = browser(center, add_person(center, "root", Role.GLOBAL_ADMIN, everything=True))
    assert manager.post("/people/activity", data={"subject": "ana"}).status_code == 303
    assert client.get("/account").status_code == 303
    with acting(center.database, None) as session:
        actions = session.scalars(sa.select(AuditRow.action).order_by(AuditRow.id)).all()
    assert actions == [
        "person added",
        "sign-in refused",
        "sign in",
        "token made",
        "token revoked",
        "language chosen",
        "person disabled",
    ]


def test_what_is_due_is_made_while_the_application_runs_also_after_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    center = center_over(tmp_path, open_database(f"sqlite:///{tmp_path}/center.db"), policy=QUICK)
    calls: list[Center] = []
    twice = Event()

    def run_due(center: Center) -> None:
        calls.append(center)
        if len(calls) == 1:
            raise RuntimeError("the database is away")
        twice.set()

    monkeypatch.setattr(application, "run_due", run_due)
    with TestClient(create_app(center, every=0.01), base_url=center.policy.base_url) as client:
        assert twice.wait(10)
        assert client.get("/sign-in").status_code == 200
    assert calls[:2] == [center, center]
    assert "trying again" in caplog.text


def test_without_a_period_nothing_is_made_behind_ones_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    center = center_over(tmp_path, open_database(f"sqlite:///{tmp_path}/center.db"), policy=QUICK)
    calls: list[Center] = []
    monkeypatch.setattr(application, "run_due", calls.append)
    with TestClient(create_app(center), base_url=center.policy.base_url) as client:
        client.get("/sign-in")
    assert calls == []
