"""Signing in with a password: one answer for every failure, and not many of them."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from pwdlib import PasswordHash

from reports.center.access import passwords
from reports.center.access.manage import change_activity
from reports.center.access.sign_in import STRANGER, TOO_MANY, WRONG
from reports.center.access.visitor import LANGUAGES, language, local_path
from reports.center.center import Center
from reports.center.database.engine import acting
from reports.center.database.tables import AuditRow, SignInAttempt
from reports.center.pages import words
from reports.center.pages.sign_in import REASONS
from tests.reports.center.access.conftest import Clock
from tests.reports.center.signed import PASSWORD, add_person, browser, csrf_of, local_account, sign_in


def test_the_right_password_leads_where_the_visitor_wanted_to_go(center: Center) -> None:
    local_account(center, "ana@example.com")
    client = browser(center)
    assert client.get("/account?done=password").headers["location"] == (
        "/sign-in?next=%2Faccount%3Fdone%3Dpassword"
    )
    answer = sign_in(client, " Ana@Example.com ", PASSWORD, to="/account?done=password")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?done=password")


def test_a_wrong_password_and_a_name_nobody_has_are_told_alike(center: Center) -> None:
    local_account(center, "ana")
    local_account(center, "gone")
    change_activity(center, None, "gone", is_active=False)
    add_person(center, "external")
    answers = [
        sign_in(browser(center), subject, password)
        for subject, password in (
            ("ana", "wrong"),
            ("nobody", PASSWORD),
            ("gone", PASSWORD),
        )
    ]
    assert {answer.status_code for answer in answers} == {401}
    told = {
        answer.text.replace(csrf_of(answer.text), "").replace(subject, "")
        for answer, subject in zip(answers, ("ana", "nobody", "gone"), strict=True)
    }
    assert len(told) == 1


def test_an_account_of_the_identity_provider_has_no_password(center: Center) -> None:
    add_person(center, "external")
    assert [sign_in(browser(center), "external", tried).status_code for tried in ("", "None")] == [401, 401]


def test_a_name_nobody_has_costs_the_same_work(center: Center, monkeypatch: pytest.MonkeyPatch) -> None:
    local_account(center, "ana")
    against: list[str | bytes] = []
    verify = PasswordHash.verify

    def seen(self: PasswordHash, password: str | bytes, hash: str | bytes) -> bool:
        against.append(str(hash).rsplit("$", 2)[0])
        return verify(self, password, hash)

    monkeypatch.setattr(PasswordHash, "verify", seen)
    for subject in ("ana", "nobody"):
        sign_in(browser(center), subject, "wrong")
    assert against == ["$argon2id$v=19$m=64,t=1,p=1"] * 2


@pytest.mark.parametrize("subject", ["ana", "nobody"])
def test_an_account_is_guessed_at_only_so_often_whether_it_exists_or_not(
    center: Center, clock: Clock, subject: str
) -> None:
    local_account(center, "ana")
    tried = [sign_in(browser(center), subject, f"wrong {i}").status_code for i in range(5)]
    assert tried == [401, 401, 401, 429, 429]
    right = sign_in(browser(center), subject, PASSWORD)
    assert right.status_code == 429
    assert "Try again in a quarter of an hour" in right.text
    clock.turn(minutes=15)
    assert sign_in(browser(center), "ana", PASSWORD).status_code == 303


def test_an_address_guesses_only_so_often_whatever_the_names(center: Center) -> None:
    tried = [sign_in(browser(center), f"name {i}", "wrong").status_code for i in range(4)]
    assert tried == [401, 401, 401, 429]


def test_who_signs_in_rightly_is_not_counted(center: Center) -> None:
    local_account(center, "ana")
    tried = [sign_in(browser(center), "ana", PASSWORD).status_code for _ in range(5)]
    assert tried == [303] * 5


def test_a_right_password_of_one_account_does_not_clear_the_guesses_of_its_address(center: Center) -> None:
    local_account(center, "mallory")
    for i in range(3):
        sign_in(browser(center), f"name {i}", "wrong")
    assert sign_in(browser(center), "mallory", PASSWORD).status_code == 429


def test_what_is_counted_says_neither_name_nor_password(center: Center) -> None:
    sign_in(browser(center), "my password by mistake", "wrong")
    with acting(center.database, None) as session:
        counted = session.scalars(sa.select(SignInAttempt.counted_against)).all()
        audited = session.scalars(sa.select(AuditRow)).all()
    assert [one.split()[0] for one in counted] == ["account", "address"]
    assert "password by" not in "".join(counted)
    assert [(one.action, one.subject, one.detail) for one in audited] == [
        ("sign-in refused", "", "testclient")
    ]


def test_the_form_is_good_only_in_the_browser_that_got_it(center: Center) -> None:
    local_account(center, "ana")
    foreign = csrf_of(browser(center).get("/sign-in").text)
    victim = browser(center)
    for csrf in (foreign, ""):
        told = {"subject": "ana", "password": PASSWORD, "csrf": csrf}
        assert victim.post("/sign-in", data=told).status_code == 403
    assert "ascent" not in victim.cookies


@pytest.mark.parametrize(
    "told",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/ok\r\nSet-Cookie: a=b",
        "/ok\tx",
        "javascript:alert(1)",
        "account",
        "",
        "/é",
    ],
)
def test_nobody_is_led_to_another_site(center: Center, told: str) -> None:
    assert local_path(told) == "/"
    local_account(center, "ana")
    answer = sign_in(browser(center), "ana", PASSWORD, to=told)
    assert (answer.headers["location"], answer.headers.get("set-cookie", "").count("a=b")) == ("/", 0)
    assert "evil.example" not in browser(center).get("/sign-in", params={"next": told}).text


def test_what_is_typed_is_escaped(center: Center) -> None:
    answer = sign_in(browser(center), "<script>alert(1)</script>", "wrong")
    assert "<script>alert" not in answer.text


def test_a_name_or_a_password_of_absurd_length_is_refused(center: Center) -> None:
    assert sign_in(browser(center), "a" * 1025, "wrong").status_code == 422
    assert sign_in(browser(center), "ana", "a" * 4097).status_code == 422


def test_who_is_signed_in_is_not_asked_again(center: Center) -> None:
    answer = browser(center, add_person(center, "ana")).get("/sign-in?next=/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")


def test_digests_of_passwords_are_salted_and_those_of_others_do_not_fit(center: Center) -> None:
    first, second = (passwords.digest_password(center.policy, PASSWORD) for _ in range(2))
    assert first != second
    assert passwords.is_password(center.policy, PASSWORD, first)
    stronger = replace(center.policy, password_passes=2)
    assert passwords.is_password(stronger, PASSWORD, second)
    assert not passwords.is_password(stronger, PASSWORD + " ", second)


@pytest.mark.parametrize(
    ("accepted", "spoken"),
    [
        ("", "en"),
        ("tr", "tr"),
        ("de, fr;q=0.5, es;q=0.8", "es"),
        ("fr-CA,fr;q=0.9", "fr"),
        ("de", "en"),
        ("es;q=0", "en"),
        ("es;q=x", "en"),
    ],
)
def test_the_browser_is_answered_in_a_language_it_asks_for(accepted: str, spoken: str) -> None:
    assert language(accepted) == spoken


def test_the_languages_are_those_of_the_catalogues() -> None:
    assert tuple(words.LANGUAGES) == LANGUAGES


def test_every_refusal_has_its_words_in_the_catalogues() -> None:
    assert {TOO_MANY, WRONG, STRANGER} <= set(REASONS)
