"""Sessions: a cookie opens the pages of its person until it is over, revoked, or the person disabled."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from reports.center.access.manage import change_activity
from reports.center.access.secret import digest
from reports.center.center import Center
from reports.center.database.engine import acting
from reports.center.database.tables import UserSession
from tests.reports.center.access.conftest import Clock
from tests.reports.center.signed import PASSWORD, browser, browser_with, csrf_of, local_account, sign_in
from tests.reports.center.signed import add_person as add


def test_a_session_opens_pages_until_its_person_signs_out(center: Center) -> None:
    client = browser(center, add(center, "ana"))
    secret = client.cookies["ascent"]
    assert client.get("/account").status_code == 200
    answer = client.post("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    client.cookies.set("ascent", secret)
    assert client.get("/account").headers["location"] == "/sign-in?next=%2Faccount"


def test_a_session_is_over_after_its_hours(center: Center, clock: Clock) -> None:
    client = browser(center, add(center, "ana"))
    clock.turn(hours=12, seconds=-1)
    assert client.get("/account").status_code == 200
    clock.turn(seconds=1)
    assert client.get("/account").status_code == 303


def test_signing_out_everywhere_ends_all_sessions_of_the_person_alone(center: Center) -> None:
    ana, bob = add(center, "ana"), add(center, "bob")
    here, there, other = browser(center, ana), browser(center, ana), browser(center, bob)
    here.post("/account/sign-out-everywhere")
    assert [one.get("/account").status_code for one in (here, there, other)] == [303, 303, 200]


def test_disabling_somebody_ends_its_sessions_and_letting_it_in_again_revives_none(center: Center) -> None:
    client = browser(center, add(center, "ana"))
    change_activity(center, None, "ana", is_active=False)
    assert client.get("/account").status_code == 303
    change_activity(center, None, "ana", is_active=True)
    assert client.get("/account").status_code == 303


@pytest.mark.parametrize("forged", ["", "x", "a" * 43, "\x7f%00", "x" * 5000])
def test_a_forged_cookie_opens_nothing(center: Center, forged: str) -> None:
    add(center, "ana")
    answer = browser(center).get("/account", headers={"Cookie": f"ascent={forged}"})
    assert answer.status_code == 303


def test_the_digest_that_is_kept_is_no_way_in(center: Center) -> None:
    client = browser(center, add(center, "ana"))
    client.cookies.set("ascent", digest(client.cookies["ascent"]))
    assert client.get("/account").status_code == 303


@pytest.mark.parametrize("is_known", [True, False])
def test_signing_in_gives_a_new_secret_and_ends_the_planted_one(center: Center, is_known: bool) -> None:
    local_account(center, "ana")
    planted = browser(center, add(center, "mallory")).cookies["ascent"] if is_known else "chosen-by-mallory"
    client = browser(center)
    form = client.get("/sign-in")
    client.cookies.set("ascent", planted)
    told = {"subject": "ana", "password": PASSWORD, "csrf": csrf_of(form.text)}
    assert client.post("/sign-in", data=told).status_code == 303
    mine = client.cookies.get("ascent", domain="127.0.0.1")
    assert mine not in (None, planted)
    assert browser_with(center, planted).get("/account").status_code == 303
    assert "signed in as ana" in browser_with(center, str(mine)).get("/account").text


def test_the_secret_is_kept_by_its_digest_alone(center: Center) -> None:
    client = browser(center, add(center, "ana"))
    with acting(center.database, None) as session:
        kept = session.scalars(sa.select(UserSession.digest)).all()
    assert kept == [digest(client.cookies["ascent"])]


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(center: Center) -> None:
    local_account(center, "ana")
    told = sign_in(browser(center), "ana", PASSWORD).headers.get_list("set-cookie")
    (session,) = [one for one in told if one.startswith("ascent=")]
    assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=43200"} <= set(session.split("; "))
    assert "Secure" not in session


def test_under_https_cookies_are_secure_and_nobody_else_can_plant_them(center: Center) -> None:
    center = replace(center, policy=replace(center.policy, base_url="https://ascent.example.com"))
    local_account(center, "ana")
    client = browser(center)
    told = sign_in(client, "ana", PASSWORD).headers.get_list("set-cookie")
    (session,) = [one for one in told if one.startswith("__Host-ascent=")]
    assert {"Secure", "HttpOnly", "Path=/"} <= set(session.split("; "))
    assert "Domain" not in session
    assert client.get("/account").status_code == 200
    client.cookies.clear()
    assert client.get("/account", headers={"Cookie": session.split("; ")[0][7:]}).status_code == 303


def test_a_change_of_password_ends_the_other_sessions(center: Center) -> None:
    person = local_account(center, "ana")
    here, there = browser(center, person), browser(center, person)
    answer = here.post("/account/password", data={"current": PASSWORD, "new": "another long one"})
    assert answer.headers["location"] == "/account?done=password"
    assert [one.get("/account").status_code for one in (here, there)] == [200, 303]
    assert sign_in(browser(center), "ana", "another long one").status_code == 303


@pytest.mark.parametrize(
    ("current", "new", "told"),
    [
        ("wrong", "another long one", "current password is not right"),
        (PASSWORD, "short", "12 to 1,024 characters; this one has 5"),
    ],
)
def test_a_change_of_password_is_refused(center: Center, current: str, new: str, told: str) -> None:
    client = browser(center, local_account(center, "ana"))
    answer = client.post("/account/password", data={"current": current, "new": new})
    assert answer.status_code == 422
    assert told in answer.text


def test_a_page_asked_for_by_a_script_is_left_as_a_whole(center: Center) -> None:
    answer = browser(center).get("/account", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/sign-in?next=%2Faccount")
