import pytest
from fastapi.testclient import TestClient

from reports.center.people import Role
from tests.reports.center.pages.world import Small

DEFINITION = {
    "dataset": "CLASAzurePropensity",
    "chosen": "1",
    "column": ["CustomerID", "AzureExpectedRevenue"],
    "filter": "AzureCluster",
    "operator": "=",
    "value": "Act Now",
    "name": "Who to call",
}
SCHEDULE = {"start": "2026-10-28T15:00", "interval": "24", "times": ""}


def ids(page: str, action: str) -> list[str]:
    return [part.split("/")[-1] for part in page.split(f'/{action}"')[:-1]]


def scheduled(client: TestClient) -> str:
    assert client.post("/reports", data={**DEFINITION, **SCHEDULE}).status_code == 303
    return ids(client.get("/reports").text, "pause")[0]


def test_a_scheduled_report_is_listed_with_all_that_was_asked(world: Small) -> None:
    client = world.reader()
    scheduled(client)
    page = client.get("/reports").text
    for told in ("Who to call", "2 columns", "AzureCluster", "Act Now", "Every day", "15:00 UTC"):
        assert told in page


def test_a_report_is_paused_resumed_and_deleted(world: Small) -> None:
    client = world.reader()
    report = scheduled(client)
    assert client.post(f"/reports/{report}/resume").status_code == 400
    assert client.post(f"/reports/{report}/pause").status_code == 303
    assert "Paused" in client.get("/reports").text
    assert client.post(f"/reports/{report}/resume").status_code == 303
    assert client.post(f"/reports/{report}/delete").status_code == 303
    assert "No reports yet" in client.get("/reports").text


def test_somebody_elses_report_is_not_there(world: Small) -> None:
    report = scheduled(world.reader())
    other = world.reader(Role.ADMIN_AGENT)
    assert "Who to call" not in other.get("/reports").text
    assert other.post(f"/reports/{report}/delete").status_code == 404


def test_who_manages_schedules_has_those_of_others_on_its_page_without_their_files(world: Small) -> None:
    client = world.reader()
    report = scheduled(client)
    admin = world.reader(Role.GLOBAL_ADMIN)
    page = admin.get("/reports").text
    for told in ("Schedules of others", "Who to call", "sales.agent.P1", "Every day"):
        assert told in page
    assert page.count('<th scope="row">') == 1
    assert "/reports/files/" not in page
    assert admin.post(f"/reports/{report}/pause").status_code == 303
    assert "Paused" in client.get("/reports").text
    assert "Resume" in admin.get("/reports").text
    assert admin.post(f"/reports/{report}/delete").status_code == 303
    assert "No reports yet" in client.get("/reports").text
    assert "Schedules of others" not in admin.get("/reports").text


@pytest.mark.parametrize(
    ("role", "partner"), [(Role.GLOBAL_ADMIN, "P2"), (Role.ADMIN_AGENT, "P1"), (Role.SALES_AGENT, "P1")]
)
def test_nobody_else_has_them(world: Small, role: Role, partner: str) -> None:
    client = world.reader(Role.EXECUTIVE_VIEWER)
    scheduled(client)
    page = world.reader(role, partner=partner).get("/reports").text
    assert "Schedules of others" not in page
    assert "Who to call" not in page


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": " "}, "has no name"),
        ({"start": "2026-10-28T10:00"}, "at least 4 hours ahead"),
        ({"start": "soon"}, "a day and a time"),
        ({"times": "many"}, "whole number"),
        ({"interval": "24", "times": "9" * 5000}, "whole number"),
        ({"start": "2026-10-28T15:00+03:00"}, "at least 4 hours ahead"),
    ],
)
def test_a_schedule_that_is_not_possible_is_told_and_nothing_is_kept(
    world: Small, wrong: dict[str, str], told: str
) -> None:
    client = world.reader()
    answer = client.post("/reports", data={**DEFINITION, **SCHEDULE, **wrong})
    assert answer.status_code == 400
    assert told in answer.text
    assert "No reports yet" in client.get("/reports").text


def test_a_template_is_kept_used_and_deleted(world: Small) -> None:
    client = world.reader()
    assert client.post("/templates", data=DEFINITION).status_code == 303
    page = client.get("/templates").text
    assert "Who to call" in page
    use = page.split('class="button quiet" href="')[1].split('"')[0].replace("&amp;", "&")
    assert 'value="Act Now"' in client.get(use).text
    assert use in client.get("/downloads/new").text.replace("&amp;", "&")
    template = ids(page, "delete")[0]
    assert world.reader(Role.ADMIN_AGENT).post(f"/templates/{template}/delete").status_code == 404
    assert client.post(f"/templates/{template}/delete").status_code == 303
    assert "No templates yet" in client.get("/templates").text


@pytest.mark.parametrize(("code", "marked"), [("fr", True), ("en", False)])
def test_a_refusal_with_values_says_that_it_is_english(world: Small, code: str, marked: bool) -> None:
    sent = {**DEFINITION, **SCHEDULE, "times": "many"}
    page = world.reader().post("/reports", data=sent, headers={"Accept-Language": code}).text
    assert ('<p lang="en">The number of files is a whole number' in page) is marked
    assert "The number of files is a whole number" in page
