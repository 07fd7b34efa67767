"""Managing people: nobody gives, or changes, what is beyond its own rights and reach."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from features.errors import CallRefused
from reports.center.access import manage
from reports.center.access.audit import write_audit
from reports.center.center import Center
from reports.center.database.engine import acting
from reports.center.database.tables import AuditRow
from reports.center.people import Person, Reach, Role
from tests.reports.center.signed import PASSWORD, add_person, browser, csrf_of, sign_in

P1, P2 = Reach(partners=frozenset({"P1"})), Reach(partners=frozenset({"P2"}))
FORM = {"subject": "new", "name": "New", "role": "report viewer", "kind": "external", "partners": "P1"}


@pytest.fixture
def manager(center: Center) -> Person:
    return add_person(center, "manager", Role.USER_ADMIN, partners=("P1",))


def test_the_operator_may_add_anybody(center: Center) -> None:
    person = manage.add_person(
        center,
        None,
        subject=" Root@Example.com",
        name="Root",
        role=Role.GLOBAL_ADMIN,
        reach=Reach(everything=True),
    )
    assert (person.subject, person.rights.sets_links, person.reach.everything) == (
        "root@example.com",
        True,
        True,
    )


BEYOND = pytest.mark.parametrize(
    ("role", "reach", "told"),
    [
        (Role.GLOBAL_ADMIN, P1, "does not allow to give the role global admin"),
        (Role.REPORT_VIEWER, P2, "beyond your own: partners P2; yours is partners P1"),
        (Role.REPORT_VIEWER, Reach(everything=True), "beyond your own: everything"),
        (Role.REPORT_VIEWER, Reach(locations=frozenset({"L1"})), "Locations belong to a partner"),
    ],
)


@BEYOND
def test_a_user_administrator_gives_nobody_new_more_than_it_has(
    center: Center, manager: Person, role: Role, reach: Reach, told: str
) -> None:
    with pytest.raises(CallRefused, match=told):
        manage.add_person(center, manager, subject="new", name="New", role=role, reach=reach)


@BEYOND
def test_a_user_administrator_gives_its_people_no_more_than_it_has(
    center: Center, manager: Person, role: Role, reach: Reach, told: str
) -> None:
    add_person(center, "old", partners=("P1",))
    with pytest.raises(CallRefused, match=told):
        _give(center, manager, role, reach)


def _give(center: Center, manager: Person, role: Role, reach: Reach) -> None:
    manage.change_role(center, manager, "old", role)
    manage.change_reach(center, manager, "old", reach)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.GLOBAL_ADMIN])
def test_a_user_administrator_lets_people_read_within_its_reach(
    center: Center, manager: Person, role: Role
) -> None:
    reach = Reach(partners=frozenset({"P1"}), locations=frozenset({"L1"}))
    person = manage.add_person(center, manager, subject="new", name="New", role=role, reach=reach)
    assert (person.role, person.reach) == (role, reach)


def test_people_beyond_the_reach_are_not_there(center: Center, manager: Person) -> None:
    for subject, partners in (("near", ("P1",)), ("far", ("P2",)), ("both", ("P1", "P2"))):
        add_person(center, subject, partners=partners)
    add_person(center, "all", everything=True)
    assert [one.person.subject for one in manage.people_within(center, manager)] == ["manager", "near"]
    for subject in ("far", "both", "all", "nobody"):
        with pytest.raises(CallRefused, match=f"Nobody signs in as '{subject}'"):
            manage.change_activity(center, manager, subject, is_active=False)


@pytest.mark.parametrize("subject", ["manager", "admin"])
def test_neither_oneself_nor_an_admin_is_changed(center: Center, manager: Person, subject: str) -> None:
    add_person(center, "admin", Role.GLOBAL_ADMIN, partners=("P1",))
    changes: list[Callable[[], None]] = [
        lambda: manage.change_role(center, manager, subject, Role.SALES_AGENT),
        lambda: manage.change_reach(center, manager, subject, Reach()),
        lambda: manage.change_activity(center, manager, subject, is_active=False),
        lambda: manage.change_password(center, manager, subject, PASSWORD),
    ]
    for change in changes:
        with pytest.raises(CallRefused, match="does not allow to change this person, or it is yourself"):
            change()


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.GLOBAL_ADMIN, Role.USER_ADMIN)])
def test_who_does_not_manage_people_has_no_way_to(center: Center, role: Role) -> None:
    person = add_person(center, "ana", role, everything=True)
    add_person(center, "bob")
    with pytest.raises(CallRefused, match="does not allow"):
        manage.add_person(center, person, subject="new", name="New", role=role, reach=Reach())
    with pytest.raises(CallRefused, match="does not allow"):
        manage.change_activity(center, person, "bob", is_active=False)
    client = browser(center, person)
    assert client.get("/people").status_code == 403
    for path in ("", "/role", "/reach", "/activity"):
        assert client.post(f"/people{path}", data=FORM).status_code == 403


@pytest.mark.parametrize(
    ("subject", "name", "told"),
    [
        ("", "A", "A name to sign in with has"),
        ("a\nb", "A", "can be seen"),
        ("a", " ", "A name has 1 to 200"),
    ],
)
def test_somebody_has_names_that_can_be_read(center: Center, subject: str, name: str, told: str) -> None:
    with pytest.raises(CallRefused, match=told):
        manage.add_person(center, None, subject=subject, name=name, role=Role.REPORT_VIEWER, reach=Reach())


def test_a_change_counts_at_the_next_page(center: Center) -> None:
    client = browser(center, add_person(center, "ana", Role.REPORT_VIEWER, partners=("P1",)))
    manage.change_role(center, None, "ana", Role.USER_ADMIN)
    manage.change_reach(center, None, "ana", Reach(partners=frozenset({"P1", "P2"})))
    manage.change_reach(center, None, "ana", Reach(partners=frozenset({"P2"}), locations=frozenset({"P2"})))
    page = client.get("/account").text
    assert "user administrator" in page
    assert "partners P2; locations P2" in page


def test_a_manager_adds_somebody_with_a_first_password_shown_once(center: Center, manager: Person) -> None:
    client = browser(center, manager)
    page = client.post("/people", data={**FORM, "kind": "local"}).text
    password = page.split('id="first-password">')[1].split("<")[0]
    assert password not in client.get("/people").text
    assert sign_in(browser(center), "new", password).status_code == 303


def test_a_manager_sees_and_changes_its_people_on_a_page(center: Center, manager: Person) -> None:
    client = browser(center, manager)
    assert client.post("/people", data=FORM).headers["location"] == "/people"
    for path, told in (
        ("role", {"role": "sales agent"}),
        ("reach", {"partners": "P1", "locations": "L1; L2"}),
        ("activity", {}),
    ):
        assert client.post(f"/people/{path}", data={"subject": "new", **told}).status_code == 303
    (kept,) = [one for one in manage.people_within(center, manager) if one.person.subject == "new"]
    assert (kept.person.role, kept.is_active) == (Role.SALES_AGENT, False)
    assert kept.person.reach == Reach(partners=frozenset({"P1"}), locations=frozenset({"L1", "L2"}))
    page = client.get("/people").text
    assert "at L1, L2" in page
    assert csrf_of(page) == client.headers["X-CSRF-Token"]
    assert "global admin" not in page


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("", {**FORM, "role": "global admin"}),
        ("", {**FORM, "partners": "P2"}),
        ("", {**FORM, "everything": "true", "partners": ""}),
        ("", {**FORM, "role": "emperor"}),
        ("", {**FORM, "subject": "manager"}),
        ("/role", {"subject": "manager", "role": "sales agent"}),
        ("/reach", {"subject": "far", "partners": "P1"}),
        ("/activity", {"subject": "far"}),
    ],
)
def test_a_forged_form_gives_no_more_than_the_page_offers(
    center: Center, manager: Person, path: str, told: dict[str, str]
) -> None:
    add_person(center, "far", partners=("P2",))
    before = manage.people_within(center, None)
    answer = browser(center, manager).post(f"/people{path}", data=told)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert manage.people_within(center, None) == before


def test_every_change_of_people_is_audited_with_who_made_it(center: Center, manager: Person) -> None:
    manage.add_person(center, manager, subject="new", name="N", role=Role.REPORT_VIEWER, reach=P1)
    manage.change_role(center, manager, "new", Role.SALES_AGENT)
    manage.change_reach(center, manager, "new", Reach())
    manage.change_password(center, None, "new", PASSWORD)
    manage.change_activity(center, manager, "new", is_active=False)
    with acting(center.database, None) as session:
        rows = session.scalars(sa.select(AuditRow).order_by(AuditRow.id)).all()
    assert [(row.subject, row.action, row.detail) for row in rows] == [
        ("manager", "person added", "new: report viewer, partners P1"),
        ("manager", "role changed", "new: sales agent"),
        ("manager", "reach changed", "new: nothing"),
        ("", "password changed", "new"),
        ("manager", "person disabled", "new"),
    ]


def test_global_admins_read_the_audit_of_people_within_their_reach(center: Center, manager: Person) -> None:
    whole = add_person(center, "root", Role.GLOBAL_ADMIN, everything=True)
    part = add_person(center, "admin", Role.GLOBAL_ADMIN, partners=("P2",))
    manage.add_person(center, manager, subject="new", name="N", role=Role.REPORT_VIEWER, reach=P1)
    assert "person added" in browser(center, whole).get("/audit").text
    assert "person added" not in browser(center, whole).get("/audit?who=nobody").text
    assert "person added" not in browser(center, part).get("/audit").text
    assert browser(center, manager).get("/audit").status_code == 404


@pytest.mark.parametrize("after", [P1, Reach()])
def test_what_somebody_did_within_another_reach_is_not_told_to_its_new_admin(
    center: Center, after: Reach
) -> None:
    moving = add_person(center, "ana", Role.SALES_AGENT, partners=("P2",))
    admin = add_person(center, "admin", Role.GLOBAL_ADMIN, partners=("P1",))
    write_audit(center, moving, "view", detail="P2/C4")
    manage.change_reach(center, None, "ana", after)
    write_audit(center, moving, "view", detail="P1/C1")
    page = browser(center, admin).get("/audit").text
    assert "P1/C1" in page
    assert "P2/C4" not in page
