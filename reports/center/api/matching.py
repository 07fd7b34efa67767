"""Paths and parameter names matched in any case, as the vendor's interface does."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from reports.center.delivery.refusals import DeliveryRefused
from reports.center.delivery.tokens import shown


class AnyCaseRoute(APIRoute):
    """A route whose path is matched in any case; its parameters keep theirs."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **declared: Any) -> None:
        """Declare the route as FastAPI does."""
        super().__init__(path, endpoint, **declared)
        self.path_regex = re.compile(self.path_regex.pattern, re.IGNORECASE)


class AnyCaseMount(Mount):
    """An application below a path that is matched in any case."""

    def __init__(self, path: str, app: ASGIApp) -> None:
        """Put an application below a path."""
        super().__init__(path, app)
        self.path_regex = re.compile(self.path_regex.pattern, re.IGNORECASE)


class AnyCaseParameters:
    """Names the parameters of a call as they are declared, before anybody reads them."""

    def __init__(self, app: ASGIApp, *, names: tuple[str, ...]) -> None:
        """Stand before an application whose calls have parameters of these names."""
        self.app = app
        self.declared = {name.lower(): name for name in names}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Rename the parameters of a call and pass it on."""
        if scope["type"] == "http" and scope["query_string"]:
            sent = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
            named = [(self.declared.get(name.lower(), name), value) for name, value in sent]
            scope = {**scope, "query_string": urlencode(named).encode()}
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
