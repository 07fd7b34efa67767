from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from reports.center.center import Center
from reports.center.people import Role
from tests.reports.center.pages.licensed import open_center
from tests.reports.center.pages.markup import faults
from tests.reports.center.signed import add_person, browser

TRIAL = "portal.start-trial"
URL = "https://portal.example/{customer}/trial"


@pytest.fixture
def center(tmp_path: Path) -> Center:
    return open_center(tmp_path)


@pytest.fixture
def admin(center: Center) -> TestClient:
    return browser(center, add_person(center, "admin", Role.GLOBAL_ADMIN, everything=True))


def test_an_administrator_sets_tests_and_clears_a_link(admin: TestClient) -> None:
    assert URL not in admin.get("/links").text
    answer = admin.post("/links", data={"action": TRIAL, "url": URL})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/links#{TRIAL}")
    page = admin.get("/links").text
    assert f'value="{URL}"' in page
    assert 'href="https://portal.example/CUSTOMER-ID/trial" target="_blank" rel="noopener noreferrer"' in page
    admin.post("/links", data={"action": TRIAL, "url": URL, "clear": "true"})
    assert URL not in admin.get("/links").text


def test_the_page_is_well_made_with_and_without_links(admin: TestClient) -> None:
    assert faults(admin.get("/links").text) == []
    admin.post("/links", data={"action": TRIAL, "url": URL})
    assert faults(admin.get("/links").text) == []


def test_a_refused_link_stays_in_its_field_with_what_would_be_right(admin: TestClient) -> None:
    answer = admin.post("/links", data={"action": TRIAL, "url": 'http://"><b>'})
    assert answer.status_code == 422
    assert "A link has no blanks, quotes or backslashes" in answer.text
    assert 'value="http://&#34;&gt;&lt;b&gt;"' in answer.text


def test_an_action_that_is_not_there_is_refused(admin: TestClient) -> None:
    assert admin.post("/links", data={"action": "portal.nothing", "url": URL}).status_code == 422


def test_a_change_without_the_token_of_the_session_is_refused(admin: TestClient) -> None:
    del admin.headers["X-CSRF-Token"]
    assert admin.post("/links", data={"action": TRIAL, "url": URL}).status_code == 403


def test_an_administrator_of_one_partner_reads_and_changes_nothing(center: Center, admin: TestClient) -> None:
    admin.post("/links", data={"action": TRIAL, "url": URL})
    client = browser(center, add_person(center, "partner", Role.GLOBAL_ADMIN, partners=("P1",)))
    page = client.get("/links").text
    assert URL in page
    assert '<form method="post" action="/links"' not in page
    answer = client.post("/links", data={"action": TRIAL, "url": "https://other.example"})
    assert answer.status_code == 403
    assert URL in client.get("/links").text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.GLOBAL_ADMIN])
def test_nobody_else_sees_the_page(center: Center, role: Role) -> None:
    client = browser(center, add_person(center, "other", role, everything=True))
    assert client.get("/links").status_code == 403
    assert client.post("/links", data={"action": TRIAL, "url": URL}).status_code == 403
