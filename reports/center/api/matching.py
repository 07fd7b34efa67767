"""Paths and parameter names matched in any case, as the vendor's interface does."""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from reports.center.delivery.refusals import DeliveryRefused
from reports.center.delivery.tokens import shown


class AnyCaseMount(Mount):
    """An application below a path that is matched in any case."""

    def __init__(self, path: str, app: ASGIApp) -> None:
        """Put an application below a path."""
        super().__init__(path, app)
        self.path_regex = re.compile(self.path_regex.pattern, re.IGNORECASE)


class AnyCase:
    """Writes the words of a path and the names of parameters as they are declared, before they are read."""

    def __init__(self, app: ASGIApp, *, paths: Iterable[str], parameters: Iterable[str]) -> None:
        """Stand before an application with these paths, as OpenAPI writes them, and these parameters."""
        self.app = app
        words = (word for path in paths for word in path.split("/") if not word.startswith("{"))
        self.words = {word.lower(): word for word in words}
        self.parameters = {name.lower(): name for name in parameters}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Rename what a call names, and pass it on; a slash at the end of a path means nothing."""
        if scope["type"] == "http":
            root = scope.get("root_path", "")
            below = scope["path"].removeprefix(root).rstrip("/")
            path = root + "/".join(self.words.get(word.lower(), word) for word in below.split("/"))
            sent = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
            named = [(self.parameters.get(name.lower(), name), value) for name, value in sent]
            scope = {**scope, "path": path, "query_string": urlencode(named).encode()}
        await self.app(scope, receive, send)


def known_parameters(request: Request) -> None:
    """Refuse a parameter that the call does not have: misspelt, it would silently filter nothing."""
    route: APIRoute = request.scope["route"]
    known = [one.alias for one in route.dependant.query_params]
    strange = [name for name in request.query_params if name not in known]
    if strange:
        raise DeliveryRefused(
            f"There is no parameter {shown(strange[0])}; there are: {', '.join(known) or 'none'}."
        )
