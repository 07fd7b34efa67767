"""The programmatic interface as an application of its own, to be put below its path."""

from typing import Any

from fastapi import Depends, FastAPI
from fastapi.openapi.utils import get_openapi

from reports.center.api import datasets, files, queries, reports
from reports.center.api.envelope import Refusal, tell_errors
from reports.center.api.matching import AnyCase, AnyCaseMount, known_parameters
from reports.center.center import Center

BASE_PATH = "/insights/v1/mpn"
ROUTERS = (datasets.router, queries.router, reports.router, files.router)
ERRORS = {
    400: "Something in the call is not possible; the message names it.",
    401: "No token, or one that does not hold.",
    403: "It is there and may not be changed.",
    404: "There is no such thing, or none of the caller.",
    500: "An error inside the service.",
}


def mounted_api(center: Center) -> AnyCaseMount:
    """Return the interface below its path."""
    return AnyCaseMount(BASE_PATH, create_api(center))


def create_api(center: Center) -> FastAPI:
    """Return the interface: every answer in an envelope, paths and names in any case."""
    api = FastAPI(
        title="Ascent: programmatic interface",
        version="1",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses={status: {"model": Refusal, "description": told} for status, told in ERRORS.items()},
        dependencies=[Depends(known_parameters)],
    )
    api.state.center = center
    for router in ROUTERS:
        api.include_router(router)
    tell_errors(api)
    document = _document(api)
    api.openapi = lambda: document  # type: ignore[method-assign]  # FastAPI's way to replace it
    paths = [*document["paths"], api.openapi_url or ""]
    api.add_middleware(AnyCase, paths=paths, parameters=_parameters(document))
    return api


def _document(api: FastAPI) -> dict[str, Any]:
    """Describe the interface, with its tokens, and without the 422 that FastAPI would give by itself."""
    document = get_openapi(title=api.title, version=api.version, routes=api.routes)
    document["servers"] = [{"url": BASE_PATH}]
    document["components"]["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer"},
        "ticket": {"type": "apiKey", "in": "header", "name": "X-AadUserTicket"},
    }
    for operation in _operations(document):
        operation["responses"].pop("422", None)
        if files.FREE not in operation.get("tags", ()):
            operation["security"] = [{"bearer": []}, {"ticket": []}]
    return document


def _operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for path in document["paths"].values() for operation in path.values()]


def _parameters(document: dict[str, Any]) -> tuple[str, ...]:
    """Return the names of all parameters that stand in a query string."""
    found = (one for operation in _operations(document) for one in operation.get("parameters", ()))
    return tuple(dict.fromkeys(one["name"] for one in found if one["in"] == "query"))
