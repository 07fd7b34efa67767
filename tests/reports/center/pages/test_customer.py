import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from reports.center.center import Center
from reports.center.customers.customer import Reading
from reports.center.database.engine import acting_for_all, open_database
from reports.center.database.tables import ActionLink, Tag
from reports.center.pages.customer import HEIGHT, WIDTH, line
from reports.center.pages.customers import address_of
from reports.center.people import Role
from tests.reports.center.pages.test_customers import reader
from tests.reports.center.published import center_over, publish_month
from tests.reports.center.signed import QUICK

TAG = {"partner": "P1", "customer": "C1", "tag": "call in May", "do": "add"}


def shown(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def kept(center: Center) -> list[tuple[str, str]]:
    with acting_for_all(center.database) as session:
        return [(row.subscription_id, row.tag) for row in session.scalars(sa.select(Tag).order_by(Tag.tag))]


def test_the_page_says_why_what_it_has_and_what_to_do(customers_center: Center) -> None:
    text = shown(reader(customers_center).get("/customers/P1/C1").text)
    for told in (
        "12 visits to Azure pages in 30 days",
        "no Azure so far",
        "Sales call",
        "Microsoft 365 without Azure",
        "License overage",
        "5 over the limit",
        "since Sep 30, 2026",
        "15 used · 25 assigned · 20 bought",
        "€1,234.50",
        "Backup, Storage",
        "5 more assigned than purchased",
        "Jun Haddad",
        "$4,000",
    ):
        assert told in text, told


def test_a_tag_is_added_and_removed_on_the_page(customers_center: Center) -> None:
    client = reader(customers_center)
    answer = client.post("/tags", data=TAG)
    assert (answer.status_code, answer.headers["location"]) == (303, "/customers/P1/C1")
    client.post("/tags", data={**TAG, "subscription": "L1", "tag": "resize"})
    assert kept(customers_center) == [("", "call in May"), ("L1", "resize")]
    page = shown(client.get("/customers/P1/C1").text)
    assert "call in May" in page
    assert "resize" in page
    client.post("/tags", data={**TAG, "do": "remove"})
    assert kept(customers_center) == [("L1", "resize")]


def test_a_viewer_has_no_form_for_tags_and_is_refused(customers_center: Center) -> None:
    client = reader(customers_center, Role.EXECUTIVE_VIEWER)
    assert "/tags" not in client.get("/customers/P1/C1").text
    assert client.post("/tags", data=TAG).status_code == 403
    assert kept(customers_center) == []


def test_tags_out_of_reach_are_refused_as_if_the_customer_were_not_there(customers_center: Center) -> None:
    client = reader(customers_center)
    answers = [
        client.post("/tags", data={**TAG, "partner": partner, "customer": customer})
        for partner, customer in (("P2", "C4"), ("P2", "nobody"))
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].text == answers[1].text
    assert reader(customers_center, location="P1-South").post("/tags", data=TAG).status_code == 404
    assert kept(customers_center) == []


def test_a_tag_needs_the_token_of_the_session(customers_center: Center) -> None:
    client = reader(customers_center)
    del client.headers["X-CSRF-Token"]
    assert client.post("/tags", data=TAG).status_code == 403
    assert client.post("/tags", data={**TAG, "csrf": "guessed"}).status_code == 403
    assert kept(customers_center) == []


def test_what_is_no_tag_is_told_on_the_page(customers_center: Center) -> None:
    answer = reader(customers_center).post("/tags", data={**TAG, "tag": "<script>alert(1)</script>"})
    assert answer.status_code == 400
    assert "A tag begins with a letter or a digit" in answer.text
    assert reader(customers_center, partner="P2").post("/tags", data={**TAG, "do": "burn"}).status_code == 400


def test_links_of_the_vendors_portal_are_there_once_they_are_set(customers_center: Center) -> None:
    client = reader(customers_center)
    assert "Start a trial" not in client.get("/customers/P1/C1").text
    with acting_for_all(customers_center.database) as session:
        for action, url in {
            "portal.start-trial": "https://portal.example/{customer}/trial",
            "portal.open-subscription": "https://portal.example/{customer}/{subscription}",
            "cluster.act-now": "https://campaign.example/",
        }.items():
            session.add(ActionLink(action=action, url=url, set_by="ana", set_at=customers_center.now()))
    text = client.get("/customers/P1/C1").text
    for url in ("portal.example/C1/trial", "portal.example/C1/L1", "https://campaign.example/"):
        assert url in text


@pytest.mark.parametrize("id", ["a/b", "a b", "50%", "ü?x#y", "<b>", "a&b=c", "x;y"])
def test_odd_ids_have_a_page_and_are_shown_as_text(tmp_path: Path, id: str) -> None:
    row = {"GlobalID": "P1", "CustomerID": id, "AccountName": "<script>alert(1)</script>"}
    publish_month(tmp_path, "2026-10", {"CLASAzurePropensity": [row]})
    engine = open_database(f"sqlite:///{tmp_path / 'center.db'}")
    center = center_over(tmp_path, engine, policy=QUICK)
    client = reader(center)
    answer = client.get(address_of("P1", id))
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert f'href="{address_of("P1", id)}"' in client.get("/customers").text
    client.post("/tags", data={**TAG, "customer": id})
    assert kept(center) == [("", "call in May")]
    engine.dispose()


def test_a_line_goes_from_the_first_month_to_the_last_with_the_highest_at_the_top() -> None:
    def reading(probability: float | None) -> Reading:
        return Reading(
            month="2026-10", cluster=None, probability=probability, fit_score=None, intent_score=None
        )

    assert line([reading(0.1), reading(None), reading(0.2)]).points == ((0.0, HEIGHT / 2), (WIDTH, 0.0))
    assert line([reading(0.0)]).points == ((0.0, HEIGHT),)
    assert line([]).points == ()
