"""The page of Webex Calling: how much it is used, how good the calls are, and how queues answer."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from reports.center.access.visitor import Visiting
from reports.center.pages.analytics import Analysis, Shown, analyse, write_view
from reports.center.pages.charts import Drawn, drawn
from reports.center.pages.pictures import ENDPOINTS, FEATURES, QUALITY, USERS, Picture
from reports.center.pages.render import render
from reports.center.pages.sections import QUALITY_OF_CUSTOMERS, QUEUES, USAGE

router = APIRouter()
PATH = "/calling"
CALLING = "calling"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the page shows; charts of whole partners are None for a location."""

    analysis: Analysis
    users: Drawn | None
    usage: Shown
    trend: Drawn | None
    endpoints: Drawn | None
    quality: Shown
    features: Drawn | None
    queues: Shown


@router.get(PATH)
def show(
    request: Request,
    visitor: Visiting,
    partner: str = "",
    table: str = "",
    sort: str = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> HTMLResponse:
    """Show the latest month."""
    analysis = analyse(visitor, PATH, partner=partner, family=CALLING, table=table, sort=sort, page=page)
    if analysis is None:
        return render(request, visitor, "nothing_yet.html", has_month=False)
    shown = _page(analysis)
    write_view(analysis, (shown.usage, shown.quality, shown.queues))
    return render(request, visitor, "calling.html", page=shown)


def _page(analysis: Analysis) -> Page:
    def chart(picture: Picture) -> Drawn | None:
        return drawn(analysis.visitor, picture, family=CALLING, partner=analysis.choice.partner)

    return Page(
        analysis=analysis,
        users=chart(USERS),
        usage=analysis.show(USAGE),
        trend=chart(QUALITY),
        endpoints=chart(ENDPOINTS),
        quality=analysis.show(QUALITY_OF_CUSTOMERS),
        features=chart(FEATURES),
        queues=analysis.show(QUEUES),
    )
