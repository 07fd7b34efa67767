"""The download centre as a web application."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.responses import Response

from reports.center.access.csrf import check_csrf
from reports.center.access.guard import HEADERS, Guard
from reports.center.api.application import mounted_api
from reports.center.center import Center
from reports.center.delivery.run import run_due
from reports.center.pages import (
    account,
    audit,
    calling,
    charts,
    crm,
    customer,
    customers,
    downloads,
    evidence,
    favourites,
    home,
    links,
    my_reports,
    people,
    resources,
    saved_templates,
    sign_in,
    subscriptions,
    targets,
)
from reports.center.pages.problems import broken, invalid, problem
from reports.center.pages.render import STATIC

log = logging.getLogger(__name__)

PAGES: tuple[APIRouter, ...] = (
    customers.router,
    customer.router,
    crm.router,
    targets.router,
    home.router,
    subscriptions.router,
    calling.router,
    charts.router,
    evidence.router,
    downloads.router,
    my_reports.router,
    saved_templates.router,
    favourites.router,
    resources.router,
    account.router,
    people.router,
    links.router,
    audit.router,
    sign_in.router,
)
"""The pages; each module of `pages` adds its router."""


def create_app(center: Center, *, every: float | None = None) -> FastAPI:
    """Join what a centre shows and answers into one application.

    While it runs, due reports are made `every` so many seconds; without, whenever somebody calls `run_due`.
    """

    @asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:  # noqa: ARG001 FastAPI's signature
        async with anyio.create_task_group() as tasks:
            if every is not None:
                tasks.start_soon(_make_reports, center, every)
            yield
            tasks.cancel_scope.cancel()

    app = FastAPI(
        title="Ascent",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=running,
        exception_handlers={HTTPException: _refused, RequestValidationError: _invalid, Exception: _broken},
    )
    app.state.center = center
    app.add_middleware(Guard, center=center)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_api_route("/favicon.ico", lambda: RedirectResponse("/static/favicon.svg", 308))
    for router in PAGES:
        app.include_router(router, dependencies=[Depends(check_csrf)])
    app.router.routes.append(mounted_api(center))
    return app


async def _make_reports(center: Center, every: float) -> None:
    """Make what is due, again and again, in a thread beside the pages."""
    while True:
        try:
            await anyio.to_thread.run_sync(run_due, center)
        except Exception:
            # A database that is away for a minute is no reason to make no report ever after.
            log.exception("What is due could not be made; trying again in %g seconds.", every)
        await anyio.sleep(every)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return problem(request, error)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return invalid(request)


async def _broken(request: Request, error: Exception) -> Response:  # noqa: ARG001 the server logs it
    # It is answered outside of the guard.
    answer = broken(request)
    answer.headers.update({**HEADERS, "Cache-Control": "no-store"})
    return answer
