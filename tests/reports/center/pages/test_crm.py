import csv

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from httpx2 import Response

from reports.center.center import Center
from reports.center.database.engine import acting_for_all
from reports.center.database.tables import AuditRow, Base
from tests.reports.center.pages.markup import faults
from tests.reports.center.pages.test_customer import shown
from tests.reports.center.pages.test_customers import reader

ACCOUNTS = b"Firma;Webseite\nLodz Works;lodz-works.example\nNobody Ltd;nobody.example\n<b>x;\n"


def sent(client: TestClient, content: bytes, **told: str | list[str]) -> Response:
    return client.post("/crm", files={"file": ("accounts.csv", content)}, data=told)


def test_the_page_says_how_each_row_matched_and_which_did_not(customers_center: Center) -> None:
    answer = sent(reader(customers_center), ACCOUNTS)
    assert faults(answer.text) == []
    text = shown(answer.text)
    assert "Domain 1 33%" in text
    assert "No match (2)" in text
    assert "Read as UTF-8, separated by semicolons." in text
    assert "Nobody Ltd · nobody.example" in text
    assert 'href="/customers/P1/C1"' in answer.text
    assert "<b>x" not in answer.text


def test_the_file_comes_back_with_the_columns_chosen(customers_center: Center) -> None:
    answer = sent(reader(customers_center), ACCOUNTS, do="file", column=["AzureCluster"])
    assert "matched accounts.csv" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(answer.content.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert [(row["Firma"], row["AzureCluster"]) for row in rows][:2] == [
        ("Lodz Works", "Act Now"),
        ("Nobody Ltd", ""),
    ]


def test_nothing_of_what_was_sent_is_kept(customers_center: Center) -> None:
    client = reader(customers_center)
    sent(client, ACCOUNTS)
    sent(client, ACCOUNTS, do="file")
    with acting_for_all(customers_center.database) as session:
        told = [
            str(row)
            for table in Base.metadata.sorted_tables
            for row in session.execute(sa.select(table)).all()
        ]
        actions = session.scalars(sa.select(AuditRow.detail).where(AuditRow.action == "match accounts")).all()
    assert actions == ["Domain 1, Name 0, Id 0, Ambiguous 0, No match 2"] * 2
    assert not [row for row in told if "nobody.example" in row or "Lodz Works" in row]


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "empty"), (b"colour\nred\n", "Got: colour"), (b"name\n\x81\n", "no text")],
)
def test_a_file_that_cannot_be_matched_is_told_why(
    customers_center: Center, content: bytes, told: str
) -> None:
    answer = sent(reader(customers_center), content)
    assert answer.status_code == 400
    assert told in answer.text


def test_no_file_is_told_too(customers_center: Center) -> None:
    answer = reader(customers_center).post("/crm", data={"do": "see"})
    assert (answer.status_code, "No file was sent" in answer.text) == (400, True)


def test_only_partners_that_are_seen_can_be_matched_with(customers_center: Center) -> None:
    assert sent(reader(customers_center), ACCOUNTS, partner="P2").status_code == 404


def test_an_upload_needs_the_token_of_the_session(customers_center: Center) -> None:
    client = reader(customers_center)
    del client.headers["X-CSRF-Token"]
    assert sent(client, ACCOUNTS).status_code == 403
