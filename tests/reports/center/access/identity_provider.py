"""A small identity provider on loopback: discovery, keys, and a token endpoint that checks PKCE."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET = "ascent-center", "of the client"

Claims = dict[str, object]


@dataclass(slots=True)
class Provider:
    """What the provider knows and what it has been asked; a test changes how it behaves."""

    now: Callable[[], datetime]
    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1", "use": "sig"}))
    shown: KeySet | None = None
    """Its public keys; None: those of `key`."""
    claims: Claims = field(default_factory=lambda: {"sub": "ana"})
    change: Callable[[Claims], Claims] = field(default=lambda claims: claims)
    """What a test does to the claims before they are signed."""
    sign: Callable[["Provider", Claims], str] = field(
        default=lambda provider, claims: provider.signed(claims)
    )
    metadata: Mapping[str, object] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    """What browsers were sent with, by the codes they were sent back with; each is redeemed once."""

    def approve(self, address: str) -> str:
        """Sign the browser in that was sent to an address, and return where it is sent back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?code={code}&state={asked['state']}"

    def signed(self, claims: Claims, key: RSAKey | None = None, **header: str) -> str:
        """Return an ID token."""
        return jwt.encode({"alg": "RS256", "kid": "1", **header}, claims, key or self.key)

    def answer(self, path: str, sent: Mapping[str, str], basic: str) -> Mapping[str, object] | None:
        """Answer a call; None refuses it."""
        match path:
            case "/.well-known/openid-configuration":
                told = {"issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize"}
                told |= {"token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys"}
                return {**told, **self.metadata}
            case "/keys":
                return dict((self.shown or KeySet([self.key])).as_dict(private=False))
            case "/token":
                return self._redeem(sent, basic)
            case _:
                return None

    def _redeem(self, sent: Mapping[str, str], basic: str) -> Mapping[str, object] | None:
        asked = self.codes.pop(sent.get("code", ""), None)
        expected = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if asked is None or basic != f"Basic {expected}":
            return None
        hashed = hashlib.sha256(sent["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(hashed).rstrip(b"=").decode() != asked["code_challenge"]:
            return None
        if sent["redirect_uri"] != asked["redirect_uri"]:
            return None
        now = int(self.now().timestamp())
        claims: Claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300}
        claims |= {"nonce": asked["nonce"], **self.claims}
        return {"token_type": "Bearer", "access_token": "x", "id_token": self.sign(self, self.change(claims))}


@contextmanager
def serving(provider: Provider) -> Iterator[Provider]:
    """Serve a provider on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["content-length"])).decode()
            self._answer({name: values[0] for name, values in parse_qs(sent).items()})

        def _answer(self, sent: Mapping[str, str]) -> None:
            told = provider.answer(self.path, sent, self.headers.get("authorization", ""))
            self.send_response(400 if told is None else 200)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
