"""Signing in with an identity provider, over real HTTP: whom it does not vouch for stays outside."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from reports.center.center import Center, IdentityProvider
from tests.reports.center.access.conftest import Clock
from tests.reports.center.access.identity_provider import CLIENT, SECRET, Claims, Provider, serving
from tests.reports.center.signed import add_person, browser, local_account

KEY = RSAKey.generate_key(2048, {"kid": "1", "use": "sig"})
NEEDED = ("iss", "aud", "sub", "exp", "iat", "nonce")
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "1", "use": "sig"})


@pytest.fixture
def provider(clock: Clock) -> Iterator[Provider]:
    with serving(Provider(now=clock, key=KEY)) as provider:
        yield provider


@pytest.fixture
def office(center: Center, provider: Provider) -> Center:
    """A centre whose people the provider vouches for."""
    known = IdentityProvider(issuer=provider.issuer, client_id=CLIENT, client_secret=SECRET, name="Contoso")
    return replace(center, policy=replace(center.policy, provider=known))


def test_whom_the_provider_vouches_for_is_signed_in_and_led_on(office: Center, provider: Provider) -> None:
    add_person(office, "ana")
    client = browser(office)
    assert "Sign in with Contoso" in client.get("/sign-in").text
    answer = _through(client, provider, to="/account?done=a.b")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?done=a.b")
    assert "signed in as ana" in client.get("/account").text


def test_the_browser_is_sent_with_a_challenge_and_secrets_of_its_own(
    office: Center, provider: Provider
) -> None:
    sent = [browser(office).get("/sign-in/provider").headers["location"] for _ in range(2)]
    first, second = ({k: v[0] for k, v in parse_qs(urlsplit(one).query).items()} for one in sent)
    assert sent[0].startswith(f"{provider.issuer}/authorize?")
    assert (first["response_type"], first["client_id"], first["scope"]) == (
        "code",
        CLIENT,
        "openid email profile",
    )
    assert (first["code_challenge_method"], len(first["code_challenge"])) == ("S256", 43)
    assert first["redirect_uri"] == "http://127.0.0.1:8000/sign-in/callback"
    assert not {first[one] for one in ("state", "nonce", "code_challenge")} & set(second.values())


@pytest.mark.parametrize(
    ("email", "is_verified", "is_let_in"),
    [
        ("Ana@Example.com", True, True),
        ("ana@example.com", False, False),
        ("ana@example.com", "true", False),
        ("ana@example.com", None, False),
        ("bob@example.com", True, False),
        (["ana@example.com"], True, False),
    ],
)
def test_an_address_lets_in_only_where_it_is_verified(
    office: Center, provider: Provider, email: object, is_verified: object, is_let_in: bool
) -> None:
    add_person(office, "ana@example.com")
    provider.claims = {"sub": "0815", "email": email, "email_verified": is_verified}
    assert (_through(browser(office), provider).status_code == 303) is is_let_in


def test_who_was_not_added_gets_a_clear_page(office: Center, provider: Provider) -> None:
    client = browser(office)
    answer = _through(client, provider)
    assert answer.status_code == 403
    assert "nobody has let you in here yet" in answer.text
    assert "ascent" not in client.cookies


def test_a_local_account_is_opened_by_its_password_alone(office: Center, provider: Provider) -> None:
    local_account(office, "ana")
    assert _through(browser(office), provider).status_code == 403


def _without(name: str) -> Callable[[Claims], Claims]:
    return lambda claims: {key: value for key, value in claims.items() if key != name}


def _later(claims: Claims, **seconds: int) -> Claims:
    return {**claims, **{name: int(str(claims["iat"])) + by for name, by in seconds.items()}}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda claims: {**claims, "iss": "https://evil.example"}, id="another issuer"),
        pytest.param(lambda claims: {**claims, "aud": "another"}, id="another audience"),
        pytest.param(lambda claims: {**claims, "aud": [CLIENT, "another"]}, id="shared, no party"),
        pytest.param(lambda claims: {**claims, "azp": "another"}, id="another party"),
        pytest.param(lambda claims: {**claims, "nonce": "replayed"}, id="another nonce"),
        pytest.param(lambda claims: _later(claims, exp=-61), id="expired"),
        pytest.param(lambda claims: _later(claims, iat=120), id="of the future"),
        pytest.param(lambda claims: {**claims, "sub": 7}, id="a subject that is no text"),
        *(
            pytest.param(_without(name), id=f"no {name}")
            for name in ("iss", "aud", "sub", "exp", "iat", "nonce")
        ),
    ],
)
def test_claims_that_do_not_hold_are_refused(
    office: Center, provider: Provider, change: Callable[[Claims], Claims]
) -> None:
    add_person(office, "ana")
    provider.change = change
    answer = _through(browser(office), provider)
    assert answer.status_code == 403
    assert "identity provider" in answer.text


def test_claims_for_several_with_us_as_the_party_hold(office: Center, provider: Provider) -> None:
    add_person(office, "ana")
    provider.change = lambda claims: {**claims, "aud": [CLIENT, "another"], "azp": CLIENT}
    assert _through(browser(office), provider).status_code == 303


def _unsigned(provider: Provider, claims: Claims) -> str:
    _, body, _ = provider.signed(claims).split(".")
    return f"eyJhbGciOiJub25lIn0.{body}."


def _by_the_public_key(provider: Provider, claims: Claims) -> str:
    public = OctKey.import_key(provider.key.as_pem(private=False), {"kid": "1"})
    return jwt.encode({"alg": "HS256", "kid": "1"}, claims, public)


def _changed_after(provider: Provider, claims: Claims) -> str:
    first, second = (provider.signed({**claims, "sub": sub}).split(".") for sub in ("bob", "ana"))
    return ".".join((first[0], second[1], first[2]))


def _nothing(*_: object) -> str:
    return "no token"


@pytest.mark.parametrize(
    "sign",
    [
        pytest.param(lambda provider, claims: provider.signed(claims, OTHER_KEY), id="by another key"),
        pytest.param(lambda provider, claims: provider.signed(claims, kid="2"), id="by a key not shown"),
        pytest.param(_unsigned, id="not at all"),
        pytest.param(_by_the_public_key, id="with the public key as a secret"),
        pytest.param(_changed_after, id="changed after signing"),
        pytest.param(_nothing, id="no token"),
    ],
)
@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_a_token_that_the_provider_has_not_signed_is_refused(
    office: Center, provider: Provider, sign: Callable[[Provider, Claims], str]
) -> None:
    add_person(office, "ana")
    provider.sign = sign
    assert _through(browser(office), provider).status_code == 403


def test_a_new_key_is_taken_up(office: Center, provider: Provider) -> None:
    add_person(office, "ana")
    provider.key = RSAKey.generate_key(2048, {"kid": "2", "use": "sig"})
    provider.shown = KeySet([KEY, provider.key])
    provider.sign = lambda provider, claims: provider.signed(claims, kid="2")
    assert _through(browser(office), provider).status_code == 303


def test_an_answer_is_redeemed_once_and_in_the_browser_that_asked(office: Center, provider: Provider) -> None:
    add_person(office, "ana")
    client, victim = browser(office), browser(office)
    back = provider.approve(client.get("/sign-in/provider").headers["location"])
    victim.get("/sign-in/provider")
    refused = victim.get(back)
    assert refused.status_code == 403
    assert "not begun in this browser" in refused.text
    held = client.cookies["ascent-provider"]
    assert client.get(back).status_code == 303
    assert client.get(back).status_code == 403
    again = browser(office)
    again.cookies.set("ascent-provider", held)
    assert again.get(back).status_code == 403


@pytest.mark.parametrize("query", ["", "?error=access_denied&state=x", "?code=x", "?code=x&state="])
def test_an_answer_nobody_asked_for_is_refused(office: Center, query: str) -> None:
    assert browser(office).get(f"/sign-in/callback{query}").status_code == 403


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"},
        {"authorization_endpoint": "http://evil.example/authorize"},
        {"token_endpoint": None},
        {"jwks_uri": "file:///etc/passwd"},
    ],
)
def test_a_provider_that_tells_something_else_is_refused(
    office: Center, provider: Provider, metadata: dict[str, object]
) -> None:
    provider.metadata = metadata
    answer = browser(office).get("/sign-in/provider")
    assert answer.status_code == 502
    assert "identity provider" in answer.text


def test_a_provider_that_is_away_is_told(office: Center) -> None:
    away = replace(office.policy, provider=IdentityProvider(issuer="http://127.0.0.1:9", client_id=CLIENT))
    answer = browser(replace(office, policy=away)).get("/sign-in/provider")
    assert answer.status_code == 502
    assert "did not answer as expected" in answer.text


def test_without_a_provider_there_is_no_such_page(center: Center) -> None:
    for path in ("/sign-in/provider", "/sign-in/callback?code=x&state=y"):
        assert browser(center).get(path).status_code == 404


def _through(client: TestClient, provider: Provider, *, to: str = "/") -> Response:
    """Go to the provider, be approved there, and come back."""
    sent = client.get("/sign-in/provider", params={"next": to})
    return client.get(provider.approve(sent.headers["location"]))
