"""What stands before every page and answer: hosts, headers, and how much and how slowly may be sent."""

from urllib.parse import urlsplit

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reports.center.center import Center

LARGEST_BODY = 16 * 1024 * 1024
"""Bytes of a request; a partner's own accounts are the largest thing that is sent."""
SLOWEST_BODY = 60.0
"""Seconds within which a request has been sent."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

# No source but ourselves, nothing inline, and no frame around us.
CONTENT_SECURITY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Without a referrer, browsers would send forms with an origin of null, which says nothing.
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
TOO_LARGE = f"A request has at most {LARGEST_BODY:,} bytes."
TRANSPORT_SECURITY = "max-age=31536000; includeSubDomains"


class Guard:
    """ASGI middleware around the whole application of a centre."""

    def __init__(self, app: ASGIApp, center: Center, *, seconds: float = SLOWEST_BODY) -> None:
        """Guard an application; `seconds` a body may take."""
        base = urlsplit(center.policy.base_url)
        self._app = app
        self._base_url = center.policy.base_url
        self._hosts = LOOPBACK if base.hostname in LOOPBACK else frozenset({base.hostname})
        self._is_https = base.scheme == "https"
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or let the application answer it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        told = Headers(scope=scope)
        body = _Body(told, receive, self._seconds)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                self._add_headers(scope, headers)
                if not body.is_whole:
                    # What is still on its way belongs to no request any more.
                    headers["Connection"] = "close"
            await send(message)

        if _host(told.get("host", "")) not in self._hosts:
            refused = PlainTextResponse(f"This centre is reached at {self._base_url}.", 400)
            await refused(scope, receive, guarded)
            return
        await self._app(scope, body.receive, guarded)

    def _add_headers(self, scope: Scope, headers: MutableHeaders) -> None:
        for name, value in HEADERS.items():
            headers[name] = value
        if self._is_https:
            headers["Strict-Transport-Security"] = TRANSPORT_SECURITY
        if not scope["path"].startswith("/static/"):
            headers["Cache-Control"] = "no-store"
        elif scope["query_string"].startswith(b"v="):
            headers["Cache-Control"] = "public, max-age=31536000, immutable"


class _Body:
    """The body of a request, as it comes: no larger, and no slower, than a body may be."""

    def __init__(self, told: Headers, receive: Receive, seconds: float) -> None:
        self.is_whole = told.get("content-length", "0") == "0" and "transfer-encoding" not in told
        self._receive = receive
        self._seconds = seconds
        self._until: float | None = None
        length = told.get("content-length", "")
        self._is_too_large = length.isdigit() and int(length) > LARGEST_BODY
        self._bytes = 0

    async def receive(self) -> Message:
        """Return the next part; after the last one, wait for as long as the answer takes."""
        if self.is_whole:
            return await self._receive()
        if self._is_too_large:
            raise HTTPException(413, TOO_LARGE)
        self._until = self._until or anyio.current_time() + self._seconds
        with anyio.move_on_at(self._until):
            message = await self._receive()
            self._bytes += len(message.get("body", b""))
            self._is_too_large = self._bytes > LARGEST_BODY
            if self._is_too_large:
                raise HTTPException(413, TOO_LARGE)
            self.is_whole = message["type"] != "http.request" or not message.get("more_body", False)
            return message
        raise HTTPException(408, f"The request was not sent within {self._seconds:g} seconds.")


def _host(told: str) -> str | None:
    try:
        return urlsplit(f"//{told}").hostname
    except ValueError:
        return None
