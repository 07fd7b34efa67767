from pathlib import Path

import pytest
from fastapi import HTTPException

from reports.center.access.visitor import Visitor
from reports.center.center import Center
from reports.center.pages.sections import RECENT, RENEWING
from reports.center.pages.tables import Asked, Levels, Place, Table, levels, read_asked, table
from reports.center.people import Role
from reports.center.query import Condition, Operator
from tests.reports.center.pages.licensed import open_center
from tests.reports.center.published import publish_month
from tests.reports.center.signed import add_person, as_visitor

PLACE = Place(path="/subscriptions", chosen={"family": "calling"})
CALLING = (Condition(column="productFamily", operator=Operator.EQUAL, values=("calling",)),)


@pytest.fixture
def visitor(licensed: Center) -> Visitor:
    return as_visitor(licensed, add_person(licensed, "seller", partners=("P1",)))


def renewing(visitor: Visitor, asked: Asked | None = None) -> Table:
    found = table(visitor, RENEWING.table, asked or Asked(), PLACE, CALLING)
    assert found is not None
    return found


def names(found: Table) -> list[str]:
    return [row[0].text for row in found.rows]


def test_rows_are_those_of_the_scope_and_sorted_as_declared(visitor: Visitor) -> None:
    assert names(renewing(visitor)) == ["Alder <b>", "Birch"]  # in 9 and in 11 days: not sorted as texts


def test_a_table_is_sorted_by_any_of_its_columns(visitor: Visitor) -> None:
    assert names(renewing(visitor, read_asked("-daysUntilRenewal", 1))) == ["Birch", "Alder <b>"]


def test_the_head_of_the_sorted_column_leads_the_other_way(visitor: Visitor) -> None:
    heads = {head.label: head for head in renewing(visitor).heads}
    assert heads["Days until renewal"].sorted == "ascending"
    assert heads["Days until renewal"].href == (
        "/subscriptions?family=calling&table=renewing&sort=-daysUntilRenewal#renewing"
    )
    assert "sort=orgName" in heads["Customer"].href
    assert heads["Customer"].sorted == ""


@pytest.mark.parametrize("column", ["asOf", "partnerId", "no such column", ""])
def test_what_is_no_column_of_the_table_is_not_there(visitor: Visitor, column: str) -> None:
    with pytest.raises(HTTPException) as refused:
        renewing(visitor, read_asked(f"-{column}", 1))
    assert refused.value.status_code == 404


def test_a_customer_leads_to_its_page_whatever_its_id(visitor: Visitor) -> None:
    found = table(visitor, RECENT.table, Asked(), PLACE)
    assert found is not None
    assert found.rows[0][0].href == "/customers/P1/C%2F1%20%3F"


def test_a_trial_is_told_as_one_and_changes_have_their_sign(visitor: Visitor) -> None:
    found = table(visitor, RECENT.table, Asked(), PLACE)
    assert found is not None
    texts = [(cell.text, cell.is_word) for cell in found.rows[0]]
    assert texts[1] == ("Enterprise Trial", True)
    assert texts[3] == ("No", True)
    assert [text for text, _ in texts[6:]] == ["+3", "-2"]


def test_more_used_than_assigned_is_no_negative_level() -> None:
    assert levels({"used": "4", "consumedUnits": "3", "available": "6"}) == Levels(used=4, idle=0, free=6)


def test_a_level_that_is_not_known_makes_no_bar(visitor: Visitor) -> None:
    bars = [row[5].levels for row in renewing(visitor).rows]
    assert bars == [Levels(used=4, idle=0, free=6), None]


def test_a_long_table_is_turned(tmp_path: Path) -> None:
    rows = [{"partnerId": "P1", "orgId": f"C{n}", "orgName": f"Name {n:02}"} for n in range(12)]
    publish_month(tmp_path, "2026-10", {"renewing_subscriptions": rows})
    center = open_center(tmp_path)
    visitor = as_visitor(center, add_person(center, "seller", partners=("P1",)))
    first = table(visitor, RENEWING.table, read_asked("orgName", 1), PLACE)
    last = table(visitor, RENEWING.table, read_asked("orgName", 2), PLACE)
    assert first is not None
    assert last is not None
    assert (first.first, first.last, first.count, first.earlier) == (1, 10, 12, "")
    assert first.later == "/subscriptions?family=calling&table=renewing&sort=orgName&page=2#renewing"
    assert names(last) == ["Name 10", "Name 11"]
    assert last.earlier.endswith("sort=orgName#renewing")
    assert last.later == ""


def test_who_sees_no_rows_has_no_table(licensed: Center) -> None:
    visitor = as_visitor(licensed, add_person(licensed, "ua", Role.USER_ADMIN, everything=True))
    assert table(visitor, RENEWING.table, Asked(), PLACE) is None
