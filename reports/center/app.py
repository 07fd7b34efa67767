"""The download centre as a web application."""

from fastapi import APIRouter, Depends, FastAPI
from fastapi.staticfiles import StaticFiles

from reports.center.access.csrf import check_csrf
from reports.center.center import Center
from reports.center.pages import calling, charts, evidence, home, sign_in, subscriptions
from reports.center.pages.render import STATIC

PAGES: tuple[APIRouter, ...] = (
    home.router,
    sign_in.router,
    subscriptions.router,
    calling.router,
    charts.router,
    evidence.router,
)
"""The pages; each module of `pages` adds its router."""
PROGRAMS: tuple[APIRouter, ...] = ()
"""What programs call."""


def create_app(center: Center) -> FastAPI:
    """Join what a centre shows and answers into one application."""
    app = FastAPI(title="Ascent", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.center = center
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for router in PAGES:
        app.include_router(router, dependencies=[Depends(check_csrf)])
    for router in PROGRAMS:
        app.include_router(router)
    return app
