import pytest

from reports.center.advice import ACTIONS, ADVICE, CLUSTERS, COHORTS, STATUSES, link
from reports.cohorts import M365_AND_SURFACE
from reports.contracts import REPORTS
from reports.field import Group
from reports.licenses import customer_reports
from scoring import cells


def test_every_cluster_and_every_status_says_what_to_do() -> None:
    assert tuple(one.about for one in CLUSTERS) == cells.CLUSTERS
    assert {one.about for one in STATUSES} == set(customer_reports.STATUSES)


def test_every_cohort_column_says_what_to_do() -> None:
    columns = {field.name for report in REPORTS for field in report.fields if field.group is Group.COHORT}
    assert columns == {one.about for one in COHORTS}
    assert M365_AND_SURFACE[0].name in ADVICE


def test_no_two_actions_share_a_link() -> None:
    keys = [one.action for one in ACTIONS]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("customer", "written"),
    [("C1", "C1"), ("a/../b?x=1&y", "a%2F..%2Fb%3Fx%3D1%26y"), ("{subscription}", "%7Bsubscription%7D")],
)
def test_an_id_stays_in_its_place_in_a_link(customer: str, written: str) -> None:
    filled = link(
        "https://portal.example/c/{customer}/s/{subscription}", customer=customer, subscription="S 1"
    )
    assert filled == f"https://portal.example/c/{written}/s/S%201"
