from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from reports.center.center import Center
from reports.center.database.engine import acting
from reports.center.database.tables import AuditRow
from reports.center.links import set_link
from reports.center.pages.numbers import NOTHING
from reports.center.people import Role
from tests.reports.center.pages.licensed import open_center
from tests.reports.center.pages.markup import faults, read
from tests.reports.center.signed import add_person, browser

PATH = "/subscriptions?family=calling"


@pytest.fixture
def seller(licensed: Center) -> TestClient:
    return browser(licensed, add_person(licensed, "seller", Role.SALES_AGENT, partners=("P1",)))


@pytest.fixture
def both(licensed: Center) -> TestClient:
    return browser(licensed, add_person(licensed, "both", Role.SALES_AGENT, partners=("P1", "P2")))


def text_of(client: TestClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(read(answer.text).text.split())


@pytest.mark.parametrize("path", [PATH, "/subscriptions", "/calling"])
def test_the_page_is_well_made(both: TestClient, path: str) -> None:
    assert faults(both.get(path).text) == []


def test_figures_stand_with_their_parts_window_and_value_before(seller: TestClient) -> None:
    text = text_of(seller, PATH)
    assert "License assignment 50.0% 1 of 2 licences assigned Oct 25, 2026 A month before: 25.0%" in text
    assert (
        "License usage 50.0% 1 of 2 licences used Oct 18, 2026 to Oct 24, 2026 A week before: 12.5%" in text
    )


def test_no_data_is_told_with_its_reason(seller: TestClient) -> None:
    text = text_of(seller, PATH)
    lacking = "No data: it needs the table usage_daily or license_snapshots."
    assert f"License use when assigned {NOTHING} {lacking}" in text
    assert f"License assignment {NOTHING} Nothing to divide by: the set is empty." in text


def test_nobody_sees_what_is_of_other_partners(seller: TestClient) -> None:
    text = text_of(seller, PATH)
    assert "Secret Stones" not in text
    assert "Quarry" not in text
    assert "999" not in text
    assert "partners together" not in text


def test_names_of_customers_are_never_markup(seller: TestClient) -> None:
    page = seller.get(PATH).text
    assert "Alder &lt;b&gt;" in page
    assert "Alder <b>" not in page


def test_the_switch_shows_the_other_family(seller: TestClient) -> None:
    renewing = text_of(seller, "/subscriptions?family=meetings")
    assert "98 available" not in text_of(seller, PATH)
    assert "1 used, 1 assigned and not used, 98 available" in renewing


def test_several_partners_are_pooled_told_apart_and_chosen(both: TestClient) -> None:
    text = text_of(both, PATH)
    assert "16.7% 2 of 12 licences assigned" in text
    assert "1 customer buys from several of these partners and counts for each." in text
    assert "No data for 1 of 2 partners." in text
    assert f"Meadow 3 {NOTHING} {NOTHING} {NOTHING} {NOTHING}" in text
    chosen = text_of(both, f"{PATH}&partner=P2")
    assert "10.0% 1 of 10 licences assigned" in chosen
    assert "side by side" not in chosen


@pytest.mark.parametrize(
    "query",
    ["partner=P3", "partner=nobody", "family=office365", "table=renewing&sort=partnerId"],
)
def test_what_is_not_there_for_somebody_is_not_found(seller: TestClient, query: str) -> None:
    assert seller.get(f"/subscriptions?{query}").status_code == 404


def test_a_finding_says_what_to_do_next_with_the_link_that_is_set(
    licensed: Center, seller: TestClient
) -> None:
    assert "agree on the right size before it does." in text_of(seller, PATH)
    assert "material.example" not in seller.get(PATH).text
    admin = add_person(licensed, "admin", Role.GLOBAL_ADMIN, everything=True)
    set_link(licensed, admin, "licenses.renewing_subscriptions", "https://material.example/size")
    assert 'href="https://material.example/size"' in seller.get(PATH).text


def test_a_location_has_its_customers_and_is_told_why_there_are_no_figures(licensed: Center) -> None:
    person = add_person(licensed, "location", partners=("P1",), locations=("L2",))
    text = text_of(browser(licensed, person), PATH)
    assert "Figures and charts of a whole partner are not shown" in text
    assert "Birch" in text
    assert "Alder" not in text


def test_the_charts_are_there_with_the_sentence_and_the_table_behind(seller: TestClient) -> None:
    page = seller.get(PATH).text
    assert 'data-chart="/charts/license_distribution_trend.json?family=calling"' in page
    assert 'aria-label="4 of 10 licences are used' in page
    assert "Show as a table" in page


def test_who_manages_people_alone_has_no_such_page(licensed: Center) -> None:
    client = browser(licensed, add_person(licensed, "ua", Role.USER_ADMIN, everything=True))
    assert client.get("/subscriptions").status_code == 404
    assert client.get("/calling").status_code == 404


@pytest.mark.parametrize("path", ["/subscriptions", "/calling", "/evidence"])
def test_before_the_first_month_the_page_says_what_to_do(tmp_path: Path, path: str) -> None:
    center = open_center(tmp_path)
    client = browser(center, add_person(center, "early", partners=("P1",)))
    assert "ascent monthly" in client.get(path).text


def test_a_view_is_written_down_with_its_datasets_and_rows(licensed: Center, seller: TestClient) -> None:
    seller.get(PATH)
    with acting(licensed.database, None) as session:
        row = session.scalars(sa.select(AuditRow).where(AuditRow.action == "view")).one()
    assert row.subject == "seller"
    assert (row.dataset or "").split(", ")[:2] == ["recently_added_subscriptions", "expiring_subscriptions"]
    assert row.rows == 3  # one recently added, two renewing
    assert row.detail == "/subscriptions?family=calling"
