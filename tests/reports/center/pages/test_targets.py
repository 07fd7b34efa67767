import csv

import pytest
import sqlalchemy as sa

from reports.center.center import Center
from reports.center.database.engine import acting_for_all
from reports.center.database.tables import AuditRow
from tests.reports.center.pages.test_customer import shown
from tests.reports.center.pages.test_customers import reader


def test_the_page_tells_what_the_list_brings_beside_a_random_one(customers_center: Center) -> None:
    text = shown(reader(customers_center).get("/targets?product=Azure&calls=1").text)
    assert "This call" in text
    assert "Expected wins 0.4 Expected revenue $4,000" in text
    assert "A random list of that size Expected wins 0.2 Expected revenue $1,637" in text
    assert "In 80 of 100 such lists: 0 to 1 wins" in text


def test_the_file_is_the_list_in_its_order(customers_center: Center) -> None:
    answer = reader(customers_center).get("/targets/file?product=Azure&calls=2&area=Europe")
    rows = list(csv.DictReader(answer.text.removeprefix("\ufeff").splitlines()))
    assert [(row["CustomerID"], row["AzureExpectedRevenue"]) for row in rows] == [
        ("C1", "4000.00"),
        ("C2", "900.00"),
    ]
    assert "target list Azure.csv" in answer.headers["content-disposition"]
    with acting_for_all(customers_center.database) as session:
        row = session.scalars(sa.select(AuditRow).where(AuditRow.action == "download")).one()
    assert (row.dataset, row.rows) == ("CLASAzurePropensity", 2)


def test_a_location_calls_its_own_customers(customers_center: Center) -> None:
    south = reader(customers_center, location="P1-South")
    text = shown(south.get("/targets?product=Azure").text)
    assert "Bright Academy" in text
    assert "Works GmbH" not in text
    assert "Only 1 customer is scored here" in text


@pytest.mark.parametrize(
    ("query", "status"),
    [("product=Abacus", 404), ("calls=0", 422), ("calls=5001", 422), ("calls=x", 422), ("calls=5000", 200)],
)
def test_what_cannot_be_asked_is_refused(customers_center: Center, query: str, status: int) -> None:
    client = reader(customers_center)
    assert client.get(f"/targets?{query}").status_code == status
    assert client.get(f"/targets/file?{query}").status_code == status
