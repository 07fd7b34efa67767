"""The licence charts of the rows that a person may read: drawn, told in a sentence, and as a table."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import JSONResponse

from reports.center.access.visitor import Visiting, Visitor
from reports.center.pages.chart_language import in_language
from reports.center.pages.numbers import NOTHING, Formats
from reports.center.pages.partners import of_partner
from reports.center.pages.pictures import Picture, Said
from reports.center.query import Condition, Operator
from reports.center.query import Query as Asked
from reports.center.select import Selection, select
from reports.center.summarize import summarize
from reports.center.words import N_
from reports.licenses.charts import CHARTS, Canvas, LicenseChart, Values

router = APIRouter()
FAMILY = "productFamily"
ON_A_PAGE = Canvas(width=None, height=220, columns=1)
_BY_NAME = {chart.name: chart for chart in CHARTS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The table behind a chart: heads that are translated where `words` says so, then rows of texts."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A chart on a page; `said` is None where there is no data to say anything of."""

    href: str
    about: str
    said: Said | None
    grid: Grid


def values(visitor: Visitor, chart: LicenseChart, *, family: str, partner: str | None) -> Values | None:
    """Return the values of a chart over the rows that the visitor sees; None where it has no such rows."""
    found: dict[str, Selection] = {}
    for name in chart.reads:
        dataset = visitor.scope.dataset(name)
        if dataset is None:
            return None
        columns = tuple(field.name for field in visitor.scope.fields[name])
        where = of_partner(partner)
        if FAMILY in columns:
            where += (Condition(column=FAMILY, operator=Operator.EQUAL, values=(family,)),)
        query = Asked(dataset=name, columns=columns, where=where)
        found[name] = select(visitor.center.shelf, visitor.scope, query, today=visitor.center.today)
    return summarize(found, chart.values)


def drawn(visitor: Visitor, picture: Picture, *, family: str, partner: str | None) -> Drawn | None:
    """Return a chart for a page; None where the visitor has no such rows."""
    found = values(visitor, _BY_NAME[picture.name], family=family, partner=partner)
    if found is None:
        return None
    formats = Formats(visitor.language)
    chosen = {"family": family, **({"partner": partner} if partner else {})}
    return Drawn(
        href=f"/charts/{picture.name}.json?{urlencode(chosen)}",
        about=picture.about,
        said=picture.say(found, formats) if found else None,
        grid=grid(picture, found, formats),
    )


@router.get("/charts/{name}.json")
def show(
    visitor: Visiting, name: str, family: str = "meetings", partner: Annotated[str, Query()] = ""
) -> JSONResponse:
    """Answer a chart's specification; what the visitor has no rows of is not there."""
    chart = _BY_NAME.get(name)
    found = None if chart is None else values(visitor, chart, family=family, partner=partner or None)
    if chart is None or found is None:
        raise HTTPException(404)
    spec = in_language(chart.draw(found, ON_A_PAGE).to_dict(), visitor.language)
    return JSONResponse(spec, headers={"Cache-Control": "no-store"})


def grid(picture: Picture, found: Values, formats: Formats) -> Grid:
    """Return the values as a table, in their order; what is no data is told by a dash."""
    across = tuple(dict.fromkeys(str(row[picture.columns]) for row in found)) if picture.columns else ()
    down = tuple(dict.fromkeys(row[picture.rows] for row in found))
    cells = {(row[picture.rows], str(row.get(picture.columns, ""))): row[picture.counted] for row in found}
    rows = [
        (
            formats.date(key) if picture.rows == "week" else str(key),
            *(_counted(cells.get((key, column)), formats) for column in across or ("",)),
        )
        for key in down
    ]
    return Grid(heads=(picture.head, *(across or (N_("Calls"),))), rows=tuple(rows))


def _counted(value: int | None, formats: Formats) -> str:
    return NOTHING if value is None else formats.number(value)
