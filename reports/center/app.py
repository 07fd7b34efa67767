"""The download centre as a web application."""

from fastapi import APIRouter, Depends, FastAPI
from fastapi.staticfiles import StaticFiles

from reports.center.access.csrf import check_csrf
from reports.center.api.application import mounted_api
from reports.center.center import Center
from reports.center.pages import sign_in
from reports.center.pages.render import STATIC

PAGES: tuple[APIRouter, ...] = (sign_in.router,)
"""The pages; each module of `pages` adds its router."""


def create_app(center: Center) -> FastAPI:
    """Join what a centre shows and answers into one application."""
    app = FastAPI(title="Ascent", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.center = center
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for router in PAGES:
        app.include_router(router, dependencies=[Depends(check_csrf)])
    app.router.routes.append(mounted_api(center))
    return app
