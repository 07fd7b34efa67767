"""The download centre as a web application."""

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exception_handlers import http_exception_handler, request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.responses import Response

from reports.center.access.csrf import check_csrf
from reports.center.access.guard import LARGEST_BODY, Guard
from reports.center.center import Center
from reports.center.pages import (
    account,
    audit,
    downloads,
    favourites,
    home,
    my_reports,
    people,
    saved_templates,
    sign_in,
)
from reports.center.pages.problems import broken, invalid, problem
from reports.center.pages.render import STATIC

PAGES: tuple[APIRouter, ...] = (
    home.router,
    downloads.router,
    my_reports.router,
    saved_templates.router,
    favourites.router,
    sign_in.router,
    account.router,
    people.router,
    audit.router,
)
"""The pages; each module of `pages` adds its router."""
PROGRAMS: tuple[APIRouter, ...] = ()
"""What programs call."""
PROGRAMS_BELOW = "/insights/"


def create_app(center: Center) -> FastAPI:
    """Join what a centre shows and answers into one application."""
    app = FastAPI(
        title="Ascent",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        max_body_size=LARGEST_BODY,
        exception_handlers={HTTPException: _refused, RequestValidationError: _invalid, Exception: _broken},
    )
    app.state.center = center
    app.add_middleware(Guard, center=center)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_api_route("/favicon.ico", lambda: RedirectResponse("/static/favicon.svg", 308))
    for router in PAGES:
        app.include_router(router, dependencies=[Depends(check_csrf)])
    for router in PROGRAMS:
        app.include_router(router)
    return app


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if request.url.path.startswith(PROGRAMS_BELOW):
        return await http_exception_handler(request, error)
    return problem(request, error)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if request.url.path.startswith(PROGRAMS_BELOW):
        return await request_validation_exception_handler(request, error)
    return invalid(request)


async def _broken(request: Request, error: Exception) -> Response:  # noqa: ARG001 the server logs it
    return broken(request)
