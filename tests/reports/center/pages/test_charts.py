import json
from importlib.resources import files
from typing import Any

import pytest
from fastapi.testclient import TestClient
from jsonschema import Draft7Validator

from reports.center.access.visitor import Visitor
from reports.center.center import Center
from reports.center.pages.charts import Drawn, drawn
from reports.center.pages.pictures import (
    BAR,
    ENDPOINTS,
    FEATURES,
    PICTURES,
    QUALITY,
    TREND,
    USERS,
    Picture,
)
from reports.center.people import Role
from reports.licenses.charts import CHARTS
from tests.reports.center.signed import add_person, as_visitor, browser


@pytest.fixture
def visitor(licensed: Center) -> Visitor:
    return as_visitor(licensed, add_person(licensed, "seller", partners=("P1",)))


@pytest.fixture
def seller(licensed: Center) -> TestClient:
    return browser(licensed, add_person(licensed, "browser", partners=("P1",)))


@pytest.fixture(scope="module")
def schema() -> Draft7Validator:
    source = files("altair.vegalite.v6.schema") / "vega-lite-schema.json"
    return Draft7Validator(json.loads(source.read_text(encoding="utf-8")))


def calling(visitor: Visitor, picture: Picture) -> Drawn:
    found = drawn(visitor, picture, family="calling", partner=None)
    assert found is not None
    return found


def sentence(found: Drawn) -> str:
    assert found.said is not None
    return found.said.text % found.said.values


def test_every_chart_of_the_contract_is_told_on_a_page() -> None:
    assert {picture.name for picture in PICTURES} == {chart.name for chart in CHARTS}


@pytest.mark.parametrize("name", [chart.name for chart in CHARTS])
def test_a_chart_is_valid_and_leaves_its_width_to_the_page(
    seller: TestClient, schema: Draft7Validator, name: str
) -> None:
    answer = seller.get(f"/charts/{name}.json?family=calling")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    spec = answer.json()
    assert [error.message for error in schema.iter_errors(spec)] == []
    assert {view.get("width") for view in spec.get("vconcat", [spec])} == {"container"}
    assert "facet" not in spec


def values(spec: Any) -> list[dict[str, Any]]:
    return [row for rows in spec["datasets"].values() for row in rows]


def test_a_chart_holds_the_persons_own_partners_and_the_family_asked_for(
    licensed: Center, seller: TestClient
) -> None:
    mine = values(seller.get("/charts/license_distribution_trend.json?family=calling").json())
    assert sum(row["licences"] for row in mine if row["week"] == "2026-10-18") == 10
    both = browser(licensed, add_person(licensed, "both", partners=("P1", "P2")))
    ours = values(both.get("/charts/license_distribution_trend.json?family=calling").json())
    assert sum(row["licences"] for row in ours if row["week"] == "2026-10-18") == 11
    theirs = values(both.get("/charts/license_distribution_trend.json?family=calling&partner=P2").json())
    assert sum(row["licences"] for row in theirs) == 1


def test_a_partner_of_others_makes_an_empty_chart(seller: TestClient) -> None:
    spec = seller.get("/charts/license_distribution_trend.json?family=calling&partner=P3").json()
    assert values(spec) == []


@pytest.mark.parametrize("name", ["call_quality_trend", "no_such_chart", "kpi_summary"])
def test_what_a_location_may_not_see_is_answered_like_what_is_not_there(licensed: Center, name: str) -> None:
    person = add_person(licensed, "location", partners=("P1",), locations=("L1",))
    assert browser(licensed, person).get(f"/charts/{name}.json").status_code == 404


def test_a_location_has_the_chart_of_its_own_customers(licensed: Center) -> None:
    person = add_person(licensed, "location", partners=("P1",), locations=("L1",))
    spec = browser(licensed, person).get("/charts/used_assigned_available.json?family=calling").json()
    assert {(row["section"], row["level"], row["licences"]) for row in values(spec)} == {
        ("renewing", "used", 4),
        ("renewing", "assigned, not used", 0),
        ("renewing", "available", 6),
    }


def test_charts_are_for_who_is_signed_in_and_sees_rows(licensed: Center) -> None:
    path = "/charts/license_distribution_trend.json"
    assert browser(licensed).get(path).status_code == 303
    assert (
        browser(licensed, add_person(licensed, "ua", Role.USER_ADMIN, everything=True)).get(path).status_code
        == 404
    )


def test_the_trend_says_what_is_used_now_and_was_before(visitor: Visitor) -> None:
    assert sentence(calling(visitor, TREND)) == (
        "4 of 10 licences are used, 2 are assigned and not used, 4 are available."
        " In the week from Oct 11, 2026, 2 were used."
    )


def test_the_bar_names_the_section_with_most_unused_licences(visitor: Visitor) -> None:
    assert sentence(calling(visitor, BAR)) == ("Most licences that nobody uses are in “renewing”: 14 of 18.")


def test_users_are_told_by_how_many_call_at_all(visitor: Visitor) -> None:
    assert sentence(calling(visitor, USERS)) == (
        "4 of 10 users made or took a call in the last week, 1 of them 20 or more."
    )


def test_quality_sets_the_last_week_beside_those_before(visitor: Visitor) -> None:
    assert sentence(calling(visitor, QUALITY)) == (
        "10.0% of the calls with media were poor in the last week, 2.5% in the weeks before."
    )


def test_an_endpoint_with_hardly_a_call_is_not_called_the_worst(visitor: Visitor) -> None:
    assert sentence(calling(visitor, ENDPOINTS)) == "Calls are poor most often on Desk phone: 10.0% of 40."


def test_the_feature_used_most_is_named(visitor: Visitor) -> None:
    assert sentence(calling(visitor, FEATURES)) == "CallForward is used most, in 12 calls of the last week."


def test_the_table_behind_a_chart_has_a_row_a_week_and_a_column_a_level(visitor: Visitor) -> None:
    grid = calling(visitor, TREND).grid
    assert grid.heads == ("Week from", "used", "assigned, not used", "available")
    assert grid.rows == (("Oct 11, 2026", "2", "3", "5"), ("Oct 18, 2026", "4", "2", "4"))


def test_a_chart_without_rows_says_nothing(visitor: Visitor) -> None:
    found = drawn(visitor, BAR, family="meetings", partner="P2")
    assert found is not None
    assert found.said is None
    assert found.grid.rows == ()
