"""CRM match: a partner's own accounts matched with its customers; nothing of what is sent is kept."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request, UploadFile
from fastapi.responses import Response

from reports.center.access.audit import write_audit
from reports.center.access.visitor import Visiting, Visitor
from reports.center.customers.answer import choices, count_by_way, known_customers, write_answer
from reports.center.customers.crm import LARGEST, MOST_ROWS, Key, Upload, UploadRefused, read_upload
from reports.center.customers.matching import How, Match, directory, match
from reports.center.customers.source import Source
from reports.center.delivery.stream import disposition
from reports.center.formats import FORMATS, Format
from reports.center.pages.customers import address_of, source_of
from reports.center.pages.partners import partners
from reports.center.pages.render import render
from reports.center.words import N_

router = APIRouter()
SHOWN = 200
SEPARATORS = {",": N_("commas"), ";": N_("semicolons"), "\t": N_("tabs")}
ENCODINGS = {"utf-8": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252"}
KEYS = {Key.DOMAIN: N_("Domain"), Key.NAME: N_("Name"), Key.ID: N_("Id")}
MATCHED = (How.DOMAIN, How.NAME, How.ID)
USUAL = ("Cluster", "PurchaseProbability")
"""What is appended about each product unless something else is chosen, as columns end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the upload: its number below the header, what it says it is, and what came of it."""

    number: int
    told: str
    match: Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of an upload: counts, how it was read, and the first rows of each kind."""

    counts: Mapping[How, int]
    rows: int
    encoding: str
    separator: str
    columns: Mapping[str, str]
    """What accounts were recognised by, and the columns that tell it."""
    sections: Sequence[tuple[str, str, Sequence[Row], int]]
    """Title, what it means, the first rows, and how many there are."""


@router.get("/crm")
def show(request: Request, visitor: Visiting) -> Response:
    """Show the form."""
    source = source_of(visitor)
    return _page(request, visitor, source, _usual(source))


@router.post("/crm")
def match_accounts(
    request: Request,
    visitor: Visiting,
    file: UploadFile | str = "",
    column: Annotated[Sequence[str], Form()] = (),
    partner: Annotated[str, Form()] = "",
    do: Annotated[str, Form()] = "see",
) -> Response:
    """Match the accounts that are sent: show what came of them, or hand them out with columns appended."""
    source = source_of(visitor)
    if partner and partner not in {one.id for one in partners(visitor)}:
        raise HTTPException(404)
    try:
        upload = _read(file)
    except UploadRefused as refusal:
        return _page(request, visitor, source, column, partner=partner, refused=str(refusal))
    matches = match(upload, directory(known_customers(source, partner)))
    if do == "file":
        return _answer(visitor, source, upload, matches, column)
    result = _result(upload, matches)
    _note(visitor, matches)
    return _page(request, visitor, source, column, partner=partner, result=result)


def _read(file: UploadFile | str) -> Upload:
    if isinstance(file, str) or not file.filename:
        raise UploadRefused("No file was sent. Choose a CSV of your accounts.")
    return read_upload(file.file.read(LARGEST + 1))


def _answer(
    visitor: Visitor, source: Source, upload: Upload, matches: Sequence[Match], columns: Sequence[str]
) -> Response:
    content = write_answer(source, upload, matches, columns)
    _note(visitor, matches, columns=columns, sha256=hashlib.sha256(content).hexdigest())
    return Response(
        content,
        media_type=FORMATS[Format.CSV].media_type,
        headers={"Content-Disposition": disposition("matched accounts", Format.CSV)},
    )


def _note(
    visitor: Visitor, matches: Sequence[Match], *, columns: Sequence[str] = (), sha256: str | None = None
) -> None:
    told = ", ".join(f"{how.value} {count}" for how, count in count_by_way(matches).items())
    write_audit(
        visitor.center,
        visitor.person,
        "match accounts",
        columns=columns,
        rows=len(matches),
        sha256=sha256,
        detail=told,
    )


def _usual(source: Source) -> tuple[str, ...]:
    return tuple(name for one in choices(source) for name in one.columns if name.endswith(USUAL))


def _page(
    request: Request,
    visitor: Visitor,
    source: Source,
    chosen: Sequence[str],
    *,
    partner: str = "",
    refused: str = "",
    result: Result | None = None,
) -> Response:
    return render(
        request,
        visitor,
        "crm.html",
        status=400 if refused else 200,
        choices=choices(source),
        chosen=frozenset(chosen),
        partner=partner,
        partners=partners(visitor),
        refused=refused,
        result=result,
        ways=tuple(How),
        address_of=address_of,
        largest=LARGEST >> 20,
        most=MOST_ROWS,
        month=visitor.center.shelf.latest(),
    )


def _result(upload: Upload, matches: Sequence[Match]) -> Result:
    rows = [
        Row(number=number, told=_told(upload, cells), match=found)
        for number, (cells, found) in enumerate(zip(upload.rows, matches, strict=True), start=1)
    ]
    kinds = (
        (N_("No match"), N_("No customer of yours has this domain, name or id."), (How.NONE,)),
        (
            N_("Ambiguous"),
            N_("Several customers fit and nothing tells them apart; none was chosen."),
            (How.AMBIGUOUS,),
        ),
        (N_("Matched"), N_("Each row with the customer it is, and what both have."), MATCHED),
    )
    sections = []
    for title, meaning, ways in kinds:
        of_kind = [row for row in rows if row.match.how in ways]
        sections.append((title, meaning, of_kind[:SHOWN], len(of_kind)))
    return Result(
        counts=count_by_way(matches),
        rows=len(rows),
        encoding=ENCODINGS[upload.encoding],
        separator=SEPARATORS[upload.separator],
        columns={
            KEYS[key]: ", ".join(upload.header[place] for place in places)
            for key, places in upload.columns.items()
        },
        sections=sections,
    )


def _told(upload: Upload, cells: Sequence[str]) -> str:
    """Return what a row is recognised by, as it was written."""
    return " · ".join(told for key in (Key.NAME, Key.DOMAIN, Key.ID) for told in upload.told(cells, key))
