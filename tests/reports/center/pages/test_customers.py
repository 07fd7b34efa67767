import csv

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from reports.center.center import Center
from reports.center.customers.source import Label
from reports.center.customers.tags import add_tag
from reports.center.database.engine import acting_for_all
from reports.center.database.tables import AuditRow
from reports.center.people import Role
from tests.reports.center.customers.world import somebody
from tests.reports.center.pages.markup import faults
from tests.reports.center.signed import add_person, browser


def reader(
    center: Center, role: Role = Role.SALES_AGENT, *, partner: str = "P1", location: str = ""
) -> TestClient:
    locations = (location,) if location else ()
    person = add_person(
        center, f"{role} {partner} {location}", role, partners=(partner,), locations=locations
    )
    return browser(center, person)


def listed(text: str) -> list[str]:
    return [row["CustomerID"] for row in csv.DictReader(text.removeprefix("\ufeff").splitlines())]


@pytest.mark.parametrize(
    "path",
    [
        "/customers",
        "/customers?q=nobody+of+that+name",
        "/customers?cluster=Act+Now&status=Trial&page=99",
        "/customers/P1/C1",
        "/customers/P1/C3",
        "/customers/P1/C9",
        "/targets",
        "/targets?product=Azure&area=Atlantis",
        "/crm",
    ],
)
def test_a_page_about_customers_is_sound_markup(customers_center: Center, path: str) -> None:
    answer = reader(customers_center).get(path)
    assert answer.status_code == 200
    assert faults(answer.text) == []


def test_the_list_shows_who_is_looked_for(customers_center: Center) -> None:
    text = reader(customers_center).get("/customers?q=LODZ&status=License+overage").text
    assert "Łódź Works GmbH" in text
    assert "Bright Academy" not in text
    assert "1 customer" in text


def test_the_file_is_exactly_the_list(customers_center: Center) -> None:
    client = reader(customers_center)
    assert listed(client.get("/customers/file?product=Azure&sort=name").text) == ["C2", "C3", "C1"]
    assert listed(client.get("/customers/file?ordered=Webex+Meetings&managed_by=external_admin").text) == [
        "C9"
    ]
    with acting_for_all(customers_center.database) as session:
        told = session.scalars(sa.select(AuditRow).where(AuditRow.action == "download")).all()
    assert [(row.dataset, row.rows) for row in told] == [("customer_list", 3), ("customer_list", 1)]
    assert "Products = 'Webex Meetings'" in (told[1].query or "")


@pytest.mark.parametrize("text", ['it\'s 100% \u00e9 "x" ;--', "\u2028 a", "a\x00b", "x" * 5000])
def test_any_search_is_answered_and_written_down(customers_center: Center, text: str) -> None:
    client = reader(customers_center)
    assert client.get("/customers", params={"q": text}).status_code == 200
    answer = client.get("/customers/file", params={"q": text, "tag": text})
    assert answer.status_code == 200
    assert listed(answer.text) in ([], ["C1", "C2", "C3", "C9"], ["C2", "C1", "C3", "C9"])


@pytest.mark.parametrize("format", ["CSV", "TSV", "PARQUET", "XLSX"])
def test_the_list_is_handed_out_in_every_format(customers_center: Center, format: str) -> None:
    answer = reader(customers_center).get(f"/customers/file?format={format}")
    assert answer.status_code == 200
    assert f"customers.{format.lower()}" in answer.headers["content-disposition"]


def test_a_report_viewer_sees_no_money_on_any_page_or_file(customers_center: Center) -> None:
    viewer = reader(customers_center, Role.REPORT_VIEWER)
    for path in ("/customers", "/customers/P1/C1", "/targets?product=Azure", "/crm", "/customers/file"):
        text = viewer.get(path).text
        told = [one for one in ("$", "€", "Revenue", "1,234", "4000.00", "4,000", "Haddad") if one in text]
        assert told == [], path


def test_nobody_sees_a_customer_out_of_scope_nor_whether_it_is_there(customers_center: Center) -> None:
    client = reader(customers_center)
    there, not_there = client.get("/customers/P2/C4"), client.get("/customers/P2/C5")
    assert (there.status_code, there.text) == (404, not_there.text)
    south = reader(customers_center, location="P1-South")
    assert south.get("/customers/P1/C1").status_code == 404
    assert south.get("/customers/P1/C2").status_code == 200
    assert listed(south.get("/customers/file").text) == ["C2"]


def test_a_role_without_rows_has_no_customers(customers_center: Center) -> None:
    client = reader(customers_center, Role.USER_ADMIN)
    for path in ("/customers", "/customers/file", "/customers/P1/C1", "/targets", "/crm"):
        assert client.get(path).status_code == 403


def test_labels_given_here_are_in_the_list_and_its_file(customers_center: Center) -> None:
    add_tag(customers_center, somebody(), Label(partner="P1", customer="C2", tag="call in May"))
    client = reader(customers_center)
    assert "call in May" in client.get("/customers").text
    assert listed(client.get("/customers/file?tag=call+in+May").text) == ["C2"]
    assert listed(reader(customers_center, partner="P2").get("/customers/file?tag=call+in+May").text) == []


def test_a_stranger_is_sent_to_sign_in(customers_center: Center) -> None:
    answer = browser(customers_center).get("/customers")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Fcustomers")
