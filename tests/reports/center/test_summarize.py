from datetime import date
from pathlib import Path

import sqlalchemy as sa

from reports.center.people import Person, Reach, Role
from reports.center.query import Condition, Operator, Query
from reports.center.scope import scope
from reports.center.select import Selection, select
from reports.center.summarize import summarize
from tests.reports.center.published import DATASETS, center_over, publish_month

CUSTOMERS = """
    partnerId | orgId | orgName
    P1        | C1    | Alder
    P1        | C2    | O'Hara; DROP TABLE x
    P2        | C3    | Cedar
"""


def selected(home: Path, partner: str, name: str) -> Selection:
    center = center_over(home, sa.create_engine("sqlite://"))
    person = Person(
        id=1, subject="a", name="a", role=Role.REPORT_VIEWER, reach=Reach(partners=frozenset({partner}))
    )
    where = (Condition(column="orgName", operator=Operator.UNEQUAL, values=(name,)),)
    query = Query(dataset="customers", columns=("orgId", "orgName"), where=where)
    return select(center.shelf, scope(person, DATASETS), query, today=date(2026, 10, 28))


def test_several_selections_are_relations_each_with_its_own_values(tmp_path: Path) -> None:
    publish_month(tmp_path, "2026-10", {"customers": CUSTOMERS})
    relations = {"mine": selected(tmp_path, "P1", "Alder"), "theirs": selected(tmp_path, "P2", "nobody")}
    found = summarize(
        relations,
        "SELECT 'mine' AS whose, count(*) AS rows, max(orgName) AS name FROM mine"
        " UNION ALL SELECT 'theirs', count(*), max(orgName) FROM theirs ORDER BY whose",
    )
    assert found == [
        {"whose": "mine", "rows": 1, "name": "O'Hara; DROP TABLE x"},
        {"whose": "theirs", "rows": 1, "name": "Cedar"},
    ]
