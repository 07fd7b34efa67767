"""The Download Center: what can be read, and the page on which a report is put together and downloaded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from reports.center.access.audit import write_audit
from reports.center.access.visitor import Visiting, Visitor, require
from reports.center.datasets import Dataset
from reports.center.delivery.grammar import written
from reports.center.delivery.queries import list_queries
from reports.center.delivery.reports import list_reports
from reports.center.delivery.schedule import AHEAD
from reports.center.delivery.stream import stream
from reports.center.formats import Format
from reports.center.pages.definition import OPERATORS, SPANS, Definition, Pairs
from reports.center.pages.favourites import favourites
from reports.center.pages.presets import GROUPS, Preset, is_for_sellers
from reports.center.pages.render import render
from reports.center.query import Query, QueryRefused
from reports.center.select import NUMBERS, Selection, resolve, select
from reports.center.words import N_
from reports.field import Field

router = APIRouter()


async def sent_form(request: Request) -> Pairs:
    """Return the fields of a form as they were sent."""
    form = await request.form()
    return [(name, value) for name, value in form.multi_items() if isinstance(value, str)]


SentForm = Annotated[Pairs, Depends(sent_form)]
PREVIEWED = 15
RECENT = 5
FORMATS = {
    Format.CSV: "CSV",
    Format.TSV: "TSV",
    Format.PARQUET: "Parquet",
    Format.XLSX: "Excel (XLSX)",
}


INTERVALS = {
    "once": N_("Once"),
    "24": N_("Every day"),
    "168": N_("Every week"),
    "720": N_("Every 30 days"),
    "2160": N_("Every 90 days"),
}
"""How often a schedule runs, in hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A dataset as the Download Center lists it; it is published where the latest month has its file."""

    dataset: Dataset
    columns: int
    is_published: bool
    is_favourite: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A column that can be chosen; `presets` are those that choose it."""

    field: Field
    is_chosen: bool
    presets: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceGroup:
    """Columns that are about the same thing."""

    label: str
    choices: tuple[Choice, ...]

    @property
    def chosen(self) -> int:
        """How many of them are chosen."""
        return sum(one.is_chosen for one in self.choices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The first rows of a report as its file will have them, or why there are none."""

    fields: tuple[Field, ...] = ()
    rows: tuple[Mapping[str, str | None], ...] = ()
    count: int = 0
    refused: str = ""


@router.get("/downloads")
def downloads(request: Request, visitor: Visiting) -> Response:
    """List the datasets of the visitor, favourites first, and its newest reports."""
    require(visitor, "sees_rows")
    return render(
        request,
        visitor,
        "downloads.html",
        groups=_listed(visitor),
        recent=list_reports(visitor.center, visitor.person)[:RECENT],
        month=visitor.center.shelf.latest(),
    )


@router.get("/downloads/new")
def new(request: Request, visitor: Visiting) -> Response:
    """Show the steps of a new report, as far as it is put together."""
    require(visitor, "sees_rows")
    pairs = request.query_params.multi_items()
    if not request.query_params.get("dataset"):
        templates = [
            Definition.of(one.query, name=one.name)
            for one in list_queries(visitor.center, visitor.person)
            if one.is_template and is_known(visitor, one.query)
        ]
        return render(request, visitor, "new_report.html", groups=_listed(visitor), templates=templates)
    definition = known_definition(visitor, pairs)
    definition = definition.changed(request.query_params.get("do", ""), visitor.scope)
    return show_definition(request, visitor, definition)


def show_definition(
    request: Request,
    visitor: Visitor,
    definition: Definition,
    *,
    refused: str = "",
    schedule: Mapping[str, str] | None = None,
) -> Response:
    """Show the page of a definition; `refused` says why what was asked for could not be done."""
    dataset = visitor.scope.datasets[definition.dataset]
    return render(
        request,
        visitor,
        "define_report.html",
        status=400 if refused else 200,
        definition=definition,
        dataset=dataset,
        groups=_choices(visitor, definition),
        fields={field.name: field for field in visitor.scope.fields[dataset.name]},
        operators=OPERATORS,
        spans=SPANS,
        formats=FORMATS,
        numbers=NUMBERS,
        preview=_preview(visitor, definition),
        refused=refused,
        schedule=schedule or {},
        intervals=INTERVALS,
        start=_start(visitor),
    )


@router.get("/downloads/preview")
def preview(request: Request, visitor: Visiting) -> Response:
    """Show the first rows: the part of the page for a script, else the whole page."""
    require(visitor, "sees_rows")
    definition = known_definition(visitor, request.query_params.multi_items())
    if "hx-request" not in request.headers:
        return show_definition(request, visitor, definition)
    shown = _preview(visitor, definition)
    return render(request, visitor, "preview.html", preview=shown, definition=definition, numbers=NUMBERS)


@router.get("/downloads/file")
async def file(request: Request, visitor: Visiting) -> Response:
    """Hand the report out as a file; it streams."""
    require(visitor, "sees_rows")
    definition = known_definition(visitor, request.query_params.multi_items())
    try:
        selection = await run_in_threadpool(_selection, visitor, definition)
        return await stream(
            visitor.center,
            visitor.person,
            selection,
            query=resolve(visitor.scope, definition.query())[1],
            format=definition.format,
            name=definition.name or definition.dataset,
        )
    except QueryRefused as refusal:
        return await run_in_threadpool(show_definition, request, visitor, definition, refused=str(refusal))


def known_definition(visitor: Visitor, pairs: Pairs) -> Definition:
    """Read a definition that was sent; a name that is hidden from the visitor is missing like any other."""
    definition = Definition.read(pairs, visitor.scope)
    dataset = visitor.scope.dataset(definition.dataset)
    if dataset is None:
        raise HTTPException(404, "There is no such dataset.")
    named = (*definition.columns, *(one.column for one in definition.filters if one.column))
    missing = [name for name in named if visitor.scope.field(dataset, name) is None]
    if missing:
        raise HTTPException(404, f"{dataset.name} has no column {missing[0]!r}.")
    return definition


def checked_query(definition: Definition) -> Query:
    """Return what a definition asks for.

    Raises:
        QueryRefused: it has no column.
    """
    if not definition.columns:
        raise QueryRefused("A report needs a column: choose at least one.")
    return definition.query()


def is_known(visitor: Visitor, query: Query) -> bool:
    """Tell whether the visitor has everything that a kept query asks for."""
    try:
        resolve(visitor.scope, query)
    except QueryRefused:
        return False
    return True


def _start(visitor: Visitor) -> str:
    """Return the first full hour at which a schedule may begin, as a form writes it."""
    earliest = visitor.center.now().astimezone(UTC) + AHEAD + timedelta(hours=1)
    return earliest.strftime("%Y-%m-%dT%H:00")


def _selection(visitor: Visitor, definition: Definition) -> Selection:
    center, query = visitor.center, checked_query(definition)
    # What cannot be written down is not handed out: the record of who read what holds the query.
    written(query)
    return select(center.shelf, visitor.scope, query, today=center.today)


def _preview(visitor: Visitor, definition: Definition) -> Preview:
    try:
        selection = _selection(visitor, definition)
        count = selection.count()
    except QueryRefused as refusal:
        return Preview(refused=str(refusal))
    write_audit(
        visitor.center,
        visitor.person,
        "preview",
        dataset=definition.dataset,
        columns=definition.columns,
        query=written(definition.query()),
        rows=min(count, PREVIEWED),
    )
    return Preview(fields=selection.fields, rows=tuple(selection.rows(PREVIEWED)), count=count)


def _listed(visitor: Visitor) -> tuple[tuple[str, tuple[Listed, ...]], ...]:
    """Return the datasets of the visitor by folder, those it has starred first."""
    starred = favourites(visitor, "dataset")
    month = visitor.center.shelf.latest()
    found = [
        Listed(
            dataset=dataset,
            columns=len(visitor.scope.fields[name]),
            is_published=month is not None and month.digest(dataset.path) is not None,
            is_favourite=name in starred,
        )
        for name, dataset in visitor.scope.datasets.items()
    ]
    folders = groupby(found, key=lambda one: one.dataset.folder)
    return tuple(
        (folder, tuple(sorted(listed, key=lambda one: not one.is_favourite))) for folder, listed in folders
    )


def _choices(visitor: Visitor, definition: Definition) -> tuple[ChoiceGroup, ...]:
    """Return the columns of the visitor's scope, group by group."""
    dataset = visitor.scope.datasets[definition.dataset]
    fields = visitor.scope.fields[dataset.name]
    chosen = set(definition.columns)
    found = []
    for group, label in GROUPS.items():
        choices = tuple(
            Choice(
                field=field,
                is_chosen=field.name in chosen,
                presets=Preset.SELLER if is_for_sellers(dataset, field) else "",
            )
            for field in fields
            if field.group is group
        )
        if choices:
            found.append(ChoiceGroup(label=label, choices=choices))
    return tuple(found)
