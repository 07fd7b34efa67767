"""Nobody gets at what others keep, nor at its own of earlier: foreign and guessed ids, old sessions, links.

The second lock of PostgreSQL is asked alone here too: a query that forgets whose rows it wants.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from httpx2 import Response
from hypothesis import given
from hypothesis import strategies as st

from reports.center.access import manage
from reports.center.database.engine import acting, acting_for_all
from reports.center.database.tables import OF_A_PERSON, SavedReport, Tag
from reports.center.delivery.grammar import parse
from reports.center.delivery.plan import ReportPlan
from reports.center.delivery.queries import create_query
from reports.center.delivery.reports import create_report, list_makings
from reports.center.delivery.run import run_due
from reports.center.people import Person, Reach, Role
from tests.reports.center.doors import OWNERS, House, Street, build, check, marks, often, some, told
from tests.reports.center.signed import add_person, browser, program
from tests.reports.center.walled import PAIRS, REACHES, Sight

API = "/insights/v1/mpn"
SOLD = "SELECT AccountName, AzureExpectedRevenue FROM CLASAzurePropensity"
TRY = f"{API}/ScheduledQueries/testQueryResult?exportQuery={SOLD}"
WALKED = (
    *("/", "/customers", "/customers?sort=expected", "/targets", "/reports", "/subscriptions", "/crm"),
    *(
        "/downloads/preview?dataset=customer_subscriptions",
        f"{API}/ScheduledQueries",
        f"{API}/ScheduledReport",
    ),
)
sights = st.builds(Sight, st.sampled_from(Role), st.sampled_from(list(REACHES.values())))
Calls = Callable[[House, Sight, str], Response]
OF_OTHERS: dict[str, Calls] = {
    "file": lambda house, sight, id: house.browser(sight).get(f"/reports/files/{id}"),
    "pause": lambda house, sight, id: house.browser(sight).post(f"/reports/{id}/pause"),
    "delete": lambda house, sight, id: house.browser(sight).post(f"/reports/{id}/delete"),
    "template": lambda house, sight, id: house.browser(sight).post(f"/templates/{id}/delete"),
    "star": lambda house, sight, id: house.browser(sight).post(
        "/favourites", data={"kind": "report", "key": id}
    ),
    "execution": lambda house, sight, id: house.program(sight).get(f"{API}/ScheduledReport/execution/{id}"),
    "report": lambda house, sight, id: house.program(sight).get(f"{API}/ScheduledReport?reportId={id}"),
    "reports of": lambda house, sight, id: house.program(sight).get(f"{API}/ScheduledReport?queryId={id}"),
    "stop": lambda house, sight, id: house.program(sight).delete(f"{API}/ScheduledReport/{id}"),
    "change": lambda house, sight, id: house.program(sight).put(
        f"{API}/ScheduledReport/{id}", json={"ReportName": "mine"}
    ),
    "query": lambda house, sight, id: house.program(sight).get(f"{API}/ScheduledQueries?queryId={id}"),
    "try": lambda house, sight, id: house.program(sight).get(
        f"{API}/ScheduledQueries/testQueryResult?queryId={id}"
    ),
    "forget": lambda house, sight, id: house.program(sight).delete(f"{API}/ScheduledQueries/{id}"),
    "use": lambda house, sight, id: house.program(sight).post(
        f"{API}/ScheduledReport", json={"ReportName": "mine", "QueryId": id, "ExecuteNow": True}
    ),
    "link": lambda house, sight, id: house.browser(sight).get(f"{API}/ScheduledReport/download/{id}"),
}


MANAGED = ("pause", "delete", "stop")
"""What whoever manages schedules does with those of people whose every row it sees."""


def manages(sight: Sight, partner: str) -> bool:
    """Tell whether somebody manages the schedules of who sees a whole partner."""
    reach = sight.reach
    return sight.role == "global admin" and (
        reach.everything or (partner in reach.partners and not reach.locations)
    )


@given(sight=sights, way=st.sampled_from(sorted(OF_OTHERS)), partner=st.sampled_from(OWNERS))
@often
def test_what_others_keep_answers_like_an_id_nobody_has(
    street: Street, sight: Sight, way: str, partner: str
) -> None:
    if manages(sight, partner) and way in MANAGED:
        return
    kept = street.world.kept[partner]
    for id in (kept.query, kept.report, kept.making):
        theirs, guessed = (OF_OTHERS[way](street.world, sight, one) for one in (id, str(uuid.uuid4())))
        assert theirs.status_code in (400, 403, 404)
        assert told(theirs) == told(guessed)
        assert not marks(theirs.text)


@given(sight=sights, partner=st.sampled_from(OWNERS))
@some
def test_reports_of_somebody_are_listed_for_who_manages_them(
    street: Street, sight: Sight, partner: str
) -> None:
    asked = f"{API}/ScheduledReport?user=owner.{partner.lower()}"
    theirs, nobody_s = (street.world.program(sight).get(path) for path in (asked, asked.replace(".p", ".q")))
    if manages(sight, partner):
        assert {mark[0] for mark in marks(theirs.text)} == {partner}
    else:
        assert (theirs.status_code, theirs.text.replace(".p", ".q")) == (404, nobody_s.text)


@given(sight=sights, pair=st.sampled_from(PAIRS), do=st.sampled_from(["add", "remove"]))
@some
def test_a_customer_of_others_answers_like_one_nobody_has(
    street: Street, sight: Sight, pair: tuple[str, str], do: str
) -> None:
    if sight.row("customers", *pair):
        return
    client = street.world.browser(sight)
    answers = [
        client.post(
            "/tags",
            data={"partner": partner, "customer": customer, "do": do, "tag": "P2.customers.given.C3"},
        )
        for partner, customer in (pair, ("P1", "C777"), ("P8", "C1"))
    ]
    assert {told(answer) for answer in answers} == {told(answers[0])}
    assert answers[0].status_code == 404


@given(sight=sights)
@some
def test_managers_see_people_and_doings_within_their_reach(street: Street, sight: Sight) -> None:
    client = street.world.browser(sight)
    people, audit = client.get("/people"), client.get("/audit")
    is_manager = sight.role in ("global admin", "user administrator")
    assert (people.status_code == 200) is is_manager
    assert (audit.status_code == 200) is (sight.role == "global admin")
    for partner in OWNERS:
        within = sight.reach.everything or (partner in sight.reach.partners and not sight.reach.locations)
        is_told = f"owner.{partner.lower()}" in people.text.lower()
        assert is_told is (is_manager and within)
    check_doings(sight, audit.text)


def check_doings(sight: Sight, text: str) -> None:
    """The audit tells of the partners of whom the reader sees everybody."""
    for partner, _, _, _ in marks(text):
        assert sight.reach.everything or (partner in sight.reach.partners and not sight.reach.locations)


@dataclass(frozen=True, slots=True)
class Mover:
    """Somebody of P1 who sees money, signed in on two ways, with a report that has been made."""

    person: Person
    browser: TestClient
    program: TestClient
    making: str
    link: str

    def answers(self, *paths: str) -> list[Response]:
        return [(self.program if path.startswith(API) else self.browser).get(path) for path in paths]


@pytest.fixture
def mover(street: Street, request: pytest.FixtureRequest) -> Mover:
    house = street.world
    person = add_person(house.center, request.node.name, Role.SALES_AGENT, partners=("P1",))
    query = create_query(house.center, person, parse(SOLD), name="sold")
    plan = ReportPlan(name="sold", query_id=query.id, execute_now=True)
    report = create_report(house.center, person, plan)
    run_due(house.center)
    (making,) = list_makings(house.center, person, report.id)
    found = Mover(
        person=person,
        browser=browser(house.center, person, app=house.app),
        program=program(house.center, person, app=house.app),
        making=making.id,
        link=making.link or "",
    )
    assert [one.status_code for one in found.answers("/customers/P1/C1", TRY, found.link, *kept(found))] == [
        200
    ] * 4
    return found


def kept(mover: Mover) -> tuple[str, ...]:
    return (f"/reports/files/{mover.making}",)


@pytest.mark.parametrize("how", ["signed out", "disabled"])
def test_an_old_session_opens_nothing(street: Street, mover: Mover, how: str) -> None:
    if how == "signed out":
        mover.browser.post("/sign-out", headers={"Origin": "http://127.0.0.1:8000"})
    else:
        manage.change_activity(street.world.center, None, mover.person.subject, is_active=False)
    for path in ("/", "/customers", "/customers/P1/C1", "/downloads/file?dataset=customers", *kept(mover)):
        answer = mover.browser.get(path)
        assert answer.status_code == 303
        assert not marks(answer.text)
    if how == "disabled":
        assert [one.status_code for one in mover.answers(TRY)] == [401]
        assert mover.browser.get(mover.link).status_code == 404


def test_a_role_that_sees_less_counts_at_once_for_all_there_was(street: Street, mover: Mover) -> None:
    manage.change_role(street.world.center, None, mover.person.subject, Role.REPORT_VIEWER)
    sight = Sight(Role.REPORT_VIEWER, REACHES["p1"])
    for answer in mover.answers(*WALKED):
        check(street, sight, answer.text)
    assert [one.status_code for one in mover.answers(TRY, mover.link, *kept(mover))] == [400, 404, 404]


def test_another_reach_counts_at_once_for_all_there_was(street: Street, mover: Mover) -> None:
    manage.change_reach(street.world.center, None, mover.person.subject, Reach(partners=frozenset({"P2"})))
    sight = Sight(Role.SALES_AGENT, Reach(partners=frozenset({"P2"})))
    for answer in mover.answers(*WALKED, TRY):
        check(street, sight, answer.text)
    answers = mover.answers("/customers/P1/C1", "/customers/P2/C4", mover.link, *kept(mover))
    assert [one.status_code for one in answers] == [404, 200, 404, 404]


def test_the_second_lock_alone_leaks_nothing(postgres: str, tmp_path: Path) -> None:
    house = build(tmp_path, postgres)
    try:
        for name in ("p1", "p1.p2", "p1.north", "none", "all"):
            sight = Sight(Role.SALES_AGENT, REACHES[name])
            person = house.person(sight)
            told = house.browser(sight).get("/customers").text
            assert {mark[0] for mark in marks(told)} == {
                partner for partner, customer in PAIRS if sight.row("customers", partner, customer)
            }
            with acting(house.center.database, person) as session:
                # No WHERE, as somebody who forgot it would ask.
                tags = session.scalars(sa.select(Tag.partner_id)).all()
                others = [session.scalars(sa.select(one.user_id)).all() for one in OF_A_PERSON]
            assert set(tags) == (sight.reach.partners or ({"P1", "P2", "P3"} if name == "all" else set()))
            assert not [owner for found in others for owner in found if owner != person.id]
        with acting_for_all(house.center.database) as session:
            assert len(set(session.scalars(sa.select(SavedReport.user_id)))) == len(OWNERS)
    finally:
        house.center.database.dispose()
