from datetime import date
from pathlib import Path

import sqlalchemy as sa

from reports.center.people import Person, Reach, Role
from reports.center.query import Query
from reports.center.select import select
from tests.reports.center.published import center_over, publish_month

SELLER = Person(id=1, subject="s", name="S", role=Role.SALES_AGENT, reach=Reach(partners=frozenset({"P1"})))


def test_a_month_published_by_hand_is_read_within_a_scope(tmp_path: Path) -> None:
    publish_month(
        tmp_path,
        "2026-10",
        {
            "CLASAzurePropensity": """
                GlobalID | CustomerID | AccountName   | HasAzure | AzureExpectedRevenue
                P1       | C1         | Bäcker, "Ost" | Yes      | 12.50
                P2       | C2         | Other         | No       |
            """
        },
        locations=[("P1", "C1", "L1")],
    )
    center = center_over(tmp_path, sa.create_engine("sqlite://"))
    query = Query(
        dataset="CLASAzurePropensity", columns=("AccountName", "HasAzure", "AzureExpectedRevenue", "Domain")
    )
    found = select(center.shelf, center.scope(SELLER), query, today=date(2026, 10, 28)).rows()
    assert found == [
        {"AccountName": 'Bäcker, "Ost"', "HasAzure": "Yes", "AzureExpectedRevenue": "12.50", "Domain": None}
    ]
    month = center.shelf.latest()
    assert month is not None
    assert (month.name, month.as_of, month.locations is not None) == ("2026-10", date(2026, 10, 25), True)
