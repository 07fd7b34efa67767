import pytest

from reports.center.database.engine import acting
from reports.center.database.tables import ActionLink
from reports.center.pages.guides import GUIDES
from reports.center.people import Role
from tests.reports.center.pages.world import Small


def test_a_search_finds_guides_by_their_words_in_any_case(world: Small) -> None:
    page = world.reader().get("/resources?q=RENEWING+sellers").text
    assert page.count("<article") == 1
    assert "Which licence file first: sellers" in page


def test_a_topic_narrows_the_guides(world: Small) -> None:
    page = world.reader().get("/resources?topic=calling").text
    assert page.count("<article") == sum(one.topic == "calling" for one in GUIDES)


def test_the_helpdesk_is_hidden_until_an_administrator_sets_its_link(world: Small) -> None:
    client = world.reader()
    assert "helpdesk" not in client.get("/resources").text
    with acting(world.center.database, None) as session:
        session.add(
            ActionLink(
                action="portal.helpdesk", url="https://help.example", set_by="ada", set_at=world.center.now()
            )
        )
    assert 'href="https://help.example"' in client.get("/resources").text


@pytest.mark.parametrize("name", ["CLASAzurePropensity", "clasazurepropensity"])
def test_a_dictionary_tells_meaning_form_and_values(world: Small, name: str) -> None:
    page = world.reader().get(f"/dictionary/{name}").text
    assert "Expected" in page
    assert "USD, two decimals" in page


def test_a_dictionary_of_nothing_is_not_there(world: Small) -> None:
    assert world.reader().get("/dictionary/nobody").status_code == 404
    assert world.reader(Role.USER_ADMIN).get("/dictionary/CLASAzurePropensity").status_code == 403
