"""Sign in with an OpenID Connect provider: code flow with PKCE, state and nonce.

After OpenID Connect Core 1.0, section 3.1, and RFC 7636. What is begun is remembered in a cookie of the
browser that began it, so that nobody can finish the sign-in of somebody else.
"""

import base64
import hashlib
import hmac
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from reports.center.access.secret import make_secret
from reports.center.center import Center, IdentityProvider

CALLBACK = "/sign-in/callback"
ALGORITHMS = ("RS256", "PS256", "ES256")
"""Of keys whose public half alone we hold; a token signed otherwise, or not at all, is refused."""
SECONDS = 10.0
"""A provider may take for an answer."""
LEEWAY = 60
"""Seconds by which the provider's clock may differ."""


class SignInRefused(Exception):
    """A sign-in that the provider did not vouch for; told to the visitor as a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A sign-in on its way: what is remembered of it in the browser, and where the browser goes."""

    remembered: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """Whom a provider has vouched for; the address only where it has verified it."""

    subject: str
    email: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Endpoints:
    authorization: str
    token: str
    keys: str


def begin(center: Center, provider: IdentityProvider) -> Begun:
    """Begin a sign-in.

    Raises:
        SignInRefused: the provider does not answer, or not as the standard says.
    """
    state, nonce, verifier = make_secret(), make_secret(), make_secret()
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": _callback(center),
        "scope": "openid email profile",
        "state": state,
        "nonce": nonce,
        "code_challenge": _challenge(verifier),
        "code_challenge_method": "S256",
    }
    with httpx2.Client(timeout=SECONDS) as client:
        endpoint = _discover(client, provider).authorization
    joint = "&" if urlsplit(endpoint).query else "?"
    return Begun(
        remembered=".".join((state, nonce, verifier)), address=f"{endpoint}{joint}{urlencode(asked)}"
    )


def finish(center: Center, provider: IdentityProvider, remembered: str, *, state: str, code: str) -> Vouched:
    """Redeem the code that a provider has sent a browser with, and return whom it vouches for.

    Raises:
        SignInRefused: this browser has not begun it, or the token does not hold.
    """
    parts = remembered.split(".")
    if len(parts) != 3 or not state or not hmac.compare_digest(parts[0].encode(), state.encode()):
        raise SignInRefused("This sign-in was not begun in this browser, or is over. Please begin again.")
    _, nonce, verifier = parts
    sent = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": _callback(center),
        "client_id": provider.client_id,
        "code_verifier": verifier,
    }
    basic = (provider.client_id, provider.client_secret) if provider.client_secret else None
    with httpx2.Client(timeout=SECONDS) as client:
        endpoints = _discover(client, provider)
        answer = _answer(client, "POST", endpoints.token, sent, basic)
        keys = _answer(client, "GET", endpoints.keys)
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise SignInRefused("The identity provider sent no ID token.")
    return _checked(center, provider, token, keys, nonce)


def _checked(
    center: Center, provider: IdentityProvider, token: str, keys: Mapping[str, object], nonce: str
) -> Vouched:
    now = int(center.now().timestamp())
    registry = jwt.JWTClaimsRegistry(
        now=now,
        leeway=LEEWAY,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS).claims  # type: ignore[arg-type]  # what is no key set is refused
        registry.validate(claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise SignInRefused(
            f"The identity provider's token does not hold ({type(error).__name__})."
        ) from error
    audience, party = claims["aud"], claims.get("azp")
    is_shared = isinstance(audience, list) and len(audience) > 1
    if (is_shared or party is not None) and party != provider.client_id:
        raise SignInRefused("The identity provider's token was made for another application.")
    subject, email = claims["sub"], claims.get("email")
    if not isinstance(subject, str):
        raise SignInRefused("The identity provider's token names nobody.")
    is_verified = isinstance(email, str) and claims.get("email_verified") is True
    return Vouched(subject=subject, email=email if is_verified else None)


def _discover(client: httpx2.Client, provider: IdentityProvider) -> _Endpoints:
    told = _answer(client, "GET", f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    if told.get("issuer") != provider.issuer:
        raise SignInRefused(f"The identity provider calls itself {told.get('issuer')!r}.")
    return _Endpoints(
        authorization=_address(told, "authorization_endpoint"),
        token=_address(told, "token_endpoint"),
        keys=_address(told, "jwks_uri"),
    )


def _address(told: Mapping[str, object], name: str) -> str:
    address = told.get(name)
    if not isinstance(address, str) or not _is_safe(address):
        raise SignInRefused(f"The identity provider's {name} is no https address.")
    return address


def _is_safe(address: str) -> bool:
    parsed = urlsplit(address)
    if parsed.scheme == "https":
        return True
    try:
        return parsed.scheme == "http" and ipaddress.ip_address(parsed.hostname or "").is_loopback
    except ValueError:
        return False


def _answer(
    client: httpx2.Client,
    method: str,
    address: str,
    sent: Mapping[str, str] | None = None,
    basic: tuple[str, str] | None = None,
) -> Mapping[str, object]:
    try:
        answer = client.request(method, address, data=sent, auth=basic)
        answer.raise_for_status()
        told = answer.json()
    except (httpx2.HTTPError, ValueError) as error:
        raise SignInRefused(
            f"The identity provider did not answer as expected ({type(error).__name__})."
        ) from error
    if not isinstance(told, dict):
        raise SignInRefused("The identity provider did not answer as expected.")
    return told


def _callback(center: Center) -> str:
    return center.policy.base_url.rstrip("/") + CALLBACK


def _challenge(verifier: str) -> str:
    hashed = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()
