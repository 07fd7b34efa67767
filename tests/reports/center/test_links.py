from pathlib import Path

import pytest
import sqlalchemy as sa

from reports.center.advice import ACTIONS, links
from reports.center.center import Center
from reports.center.database.engine import acting, open_database
from reports.center.database.tables import AuditRow
from reports.center.links import LinkRefused, check_link, clear_link, placeholders, set_link, sets_links
from reports.center.people import Person, Reach, Role
from tests.reports.center.published import PUBLISHED_AT, center_over
from tests.reports.center.signed import QUICK, add_person

TRIAL, HELPDESK, MATERIAL = "portal.start-trial", "portal.helpdesk", "cluster.act-now"


@pytest.fixture
def center(tmp_path: Path) -> Center:
    return center_over(tmp_path, open_database(f"sqlite:///{tmp_path / 'center.db'}"), policy=QUICK)


@pytest.fixture
def admin(center: Center) -> Person:
    return add_person(center, "admin", Role.GLOBAL_ADMIN, everything=True)


def kept(center: Center) -> dict[str, str]:
    with acting(center.database, None) as session:
        return dict(links(session))


@pytest.mark.parametrize(
    ("action", "url"),
    [
        (TRIAL, "https://portal.example/{customer}/trial?from=ascent#top"),
        ("portal.open-subscription", "https://portal.example:8443/{customer}/{subscription}"),
        (HELPDESK, "https://helpdesk.example"),
        (MATERIAL, "https://material.example/act%20now"),
    ],
)
def test_a_link_may_be(action: str, url: str) -> None:
    assert check_link(action, f" {url} ") == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://portal.example/",
        "javascript:alert(1)",
        "//portal.example/",
        "/customers",
        "https://",
        "https:///path",
        "https://me:secret@portal.example/",
        "https://portal.example@evil.example/",
        "https://portal.example:port/",
        "https://[broken/",
        "https://portal.example/a b",
        'https://portal.example/"onclick=',
        "https://portal.example\\@evil.example/",
        "https://portal.example/\nSet-Cookie: a",
        "https://portal.example/" + "a" * 2000,
        "https://{customer}.example/",
        "https://portal.example/{subscription}",
        "https://portal.example/{Customer}",
        "https://portal.example/{customer",
        "https://portal.example/{{customer}}",
        "https://portal.example/{}",
    ],
)
def test_a_link_may_not_be(url: str) -> None:
    with pytest.raises(LinkRefused):
        check_link(TRIAL, url)


@pytest.mark.parametrize("action", [HELPDESK, MATERIAL])
def test_only_what_is_about_a_customer_carries_one(action: str) -> None:
    with pytest.raises(LinkRefused, match=r"may carry no placeholders; got \{customer\}"):
        check_link(action, "https://portal.example/{customer}")


def test_every_action_has_its_placeholders_and_no_other_has_any() -> None:
    assert {action.action for action in ACTIONS if placeholders(action.action)} <= {
        action.action for action in ACTIONS if action.action.startswith("portal.")
    }
    with pytest.raises(LinkRefused, match=r"no action 'portal\.nothing'"):
        placeholders("portal.nothing")


def test_a_link_is_kept_replaced_and_cleared_and_each_is_written_down(center: Center, admin: Person) -> None:
    set_link(center, admin, TRIAL, "https://portal.example/old")
    set_link(center, admin, TRIAL, "https://portal.example/{customer}")
    assert kept(center) == {TRIAL: "https://portal.example/{customer}"}
    clear_link(center, admin, TRIAL)
    assert kept(center) == {}
    with acting(center.database, None) as session:
        rows = list(session.scalars(sa.select(AuditRow).order_by(AuditRow.id)))
    assert [(row.at, row.subject, row.action, row.detail) for row in rows] == [
        (PUBLISHED_AT, "admin", "set link", f"{TRIAL}: https://portal.example/old"),
        (PUBLISHED_AT, "admin", "set link", f"{TRIAL}: https://portal.example/{{customer}}"),
        (PUBLISHED_AT, "admin", "clear link", TRIAL),
    ]


def test_a_refused_link_changes_nothing(center: Center, admin: Person) -> None:
    set_link(center, admin, TRIAL, "https://portal.example/old")
    with pytest.raises(LinkRefused):
        set_link(center, admin, TRIAL, "http://portal.example/new")
    with pytest.raises(LinkRefused):
        clear_link(center, admin, "portal.nothing")
    assert kept(center) == {TRIAL: "https://portal.example/old"}


@pytest.mark.parametrize(
    ("role", "reach", "may"),
    [
        (Role.GLOBAL_ADMIN, Reach(everything=True), True),
        (Role.GLOBAL_ADMIN, Reach(partners=frozenset({"P1"})), False),
        (Role.SALES_AGENT, Reach(everything=True), False),
        (Role.USER_ADMIN, Reach(everything=True), False),
    ],
)
def test_links_of_everybody_are_set_by_who_sees_everybody(role: Role, reach: Reach, may: bool) -> None:
    assert sets_links(Person(id=1, subject="a", name="a", role=role, reach=reach)) is may
