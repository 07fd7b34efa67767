"""The page of subscriptions: headline KPIs, the five sections of a product family, deployment and usage."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from reports.center.access.visitor import Visiting
from reports.center.pages.analytics import Analysis, Kpi, Shown, analyse, write_view
from reports.center.pages.charts import Drawn, drawn
from reports.center.pages.comparison import Side, side_by_side
from reports.center.pages.deployment import CAUSES, Deployment, deployment
from reports.center.pages.pictures import BAR, TREND
from reports.center.pages.render import render
from reports.center.pages.sections import (
    FAMILIES,
    HEADLINE,
    MANAGED,
    MICROSOFT,
    SUBSCRIPTION_SECTIONS,
    TRAINING,
)

router = APIRouter()
PATH = "/subscriptions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the page shows; figures of whole partners are empty for a location."""

    analysis: Analysis
    headline: tuple[Kpi, ...]
    managed: tuple[Kpi, ...]
    sides: tuple[Side, ...]
    charts: tuple[Drawn, ...]
    sections: tuple[Shown, ...]
    center: tuple[Kpi, ...]
    deployment: Deployment
    training: Shown


@router.get(PATH)
def show(
    request: Request,
    visitor: Visiting,
    partner: str = "",
    family: str = "meetings",
    table: str = "",
    sort: str = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> HTMLResponse:
    """Show the latest month."""
    analysis = analyse(visitor, PATH, partner=partner, family=family, table=table, sort=sort, page=page)
    if analysis is None:
        return render(request, visitor, "nothing_yet.html", has_month=False)
    shown = _page(analysis)
    write_view(analysis, (*shown.sections, shown.training))
    return render(
        request,
        visitor,
        "subscriptions.html",
        page=shown,
        families=FAMILIES,
        causes=CAUSES,
        headline=HEADLINE,
    )


def _page(analysis: Analysis) -> Page:
    visitor, choice = analysis.visitor, analysis.choice
    charts = (
        drawn(visitor, picture, family=choice.family, partner=choice.partner) for picture in (TREND, BAR)
    )
    return Page(
        analysis=analysis,
        headline=analysis.kpis(HEADLINE),
        managed=analysis.kpis((MANAGED,)),
        sides=side_by_side(visitor, choice.partners)
        if len(choice.partners) > 1 and not choice.partner
        else (),
        charts=tuple(one for one in charts if one is not None),
        sections=tuple(analysis.show(section) for section in SUBSCRIPTION_SECTIONS),
        center=analysis.kpis(MICROSOFT),
        deployment=deployment(visitor, partner=choice.partner),
        training=analysis.show(TRAINING),
    )
