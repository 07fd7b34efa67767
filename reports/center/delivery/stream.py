"""Hands out rows and files as a stream, and writes down at its end what went out, also when it was cut.

A file is made in its turn and then sent from the disk: a reader who takes its time holds room there, neither
memory nor a place among those that make files.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from dataclasses import dataclass
from typing import IO, TypeVar
from urllib.parse import quote

import anyio
from anyio.lowlevel import RunVar
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.responses import StreamingResponse

from reports.center.access.audit import write_audit
from reports.center.center import Center
from reports.center.delivery.grammar import written
from reports.center.delivery.links import Delivered
from reports.center.formats import CHUNK, FORMATS, Format
from reports.center.people import Person
from reports.center.query import Query
from reports.center.select import Selection

LONGEST_NAME = 120
AT_ONCE = 2
"""Files that are made for readers at a time; pages have threads of their own and do not wait for them."""
T = TypeVar("T")
_HANDING_OUT: RunVar[anyio.CapacityLimiter] = RunVar("_HANDING_OUT")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOut:
    """What is written down of a stream: who got what, in which form and under which name."""

    person: Person
    action: str
    query: Query
    rows: int
    format: Format
    name: str
    by: str = ""
    """How somebody came to it who need not be the person."""


async def stream(
    center: Center, person: Person, selection: Selection, *, query: Query, format: Format, name: str = ""
) -> StreamingResponse:
    """Answer with the rows of a selection as a file to be saved; `query` is what selected them.

    Raises:
        QueryRefused: the format cannot hold the rows.
    """
    told = HandedOut(
        person=person,
        action="download",
        query=query,
        rows=await _in_turn(selection.count),
        format=format,
        name=name or selection.dataset.name,
    )
    # It is made before the answer begins: what cannot be made is still told as an error.
    file = await _in_turn(lambda: _made(center, FORMATS[format].write(selection)))
    return _answer(center, told, file)


async def stream_file(center: Center, delivered: Delivered, *, by: str = "") -> StreamingResponse:
    """Answer with the file of a report; `by` tells who has it where that need not be its owner."""
    told = HandedOut(
        person=delivered.owner,
        action="fetch report",
        query=delivered.query,
        rows=delivered.rows,
        format=delivered.format,
        name=delivered.name,
        by=by,
    )
    return _answer(center, told, delivered.path.open("rb"))


def disposition(name: str, format: Format) -> str:
    """Return the Content-Disposition of a file; a name is free text, and a header is not (RFC 6266)."""
    name = re.sub(r'[\\/:*?"<>|\s]+', " ", name).strip(" .")[:LONGEST_NAME] or "report"
    full = f"{name}.{format.lower()}"
    plain = re.sub(r"[^A-Za-z0-9 ._-]", "_", full)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(full, safe='')}"


def _made(center: Center, pieces: Iterator[bytes]) -> IO[bytes]:
    """Make a file that has no name: it goes when it is closed, or its process ends."""
    center.files.mkdir(parents=True, exist_ok=True)
    file = tempfile.TemporaryFile(dir=center.files)  # noqa: SIM115 who sends it closes it
    try:
        file.writelines(pieces)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


def _answer(center: Center, told: HandedOut, file: IO[bytes]) -> StreamingResponse:
    return StreamingResponse(
        _closed_at_the_end(_noted(center, told, file)),
        media_type=FORMATS[told.format].media_type,
        headers={
            "Content-Disposition": disposition(told.name, told.format),
            "Content-Length": str(os.fstat(file.fileno()).st_size),
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _noted(center: Center, told: HandedOut, file: IO[bytes]) -> Generator[bytes]:
    digest, size, is_whole = hashlib.sha256(), 0, False
    try:
        with file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                yield chunk
        is_whole = True
    finally:
        end = f"{size:,} bytes" if is_whole else f"cut after {size:,} bytes"
        write_audit(
            center,
            told.person,
            told.action,
            dataset=told.query.dataset,
            columns=told.query.columns,
            query=written(told.query),
            rows=told.rows,
            sha256=digest.hexdigest(),
            detail=f"{told.format}, {told.name}: {end}{told.by and f', {told.by}'}",
        )


async def _closed_at_the_end(chunks: Generator[bytes]) -> AsyncIterator[bytes]:
    """Yield from a thread, and close the source there also when the reader has gone."""
    try:
        async for chunk in iterate_in_threadpool(chunks):
            yield chunk
    finally:
        with anyio.CancelScope(shield=True):
            await run_in_threadpool(chunks.close)


async def _in_turn(work: Callable[[], T]) -> T:
    """Do work for a file in a thread, when it is its turn."""
    turns = _HANDING_OUT.get(None)
    if turns is None:
        turns = anyio.CapacityLimiter(AT_ONCE)
        _HANDING_OUT.set(turns)
    return await anyio.to_thread.run_sync(work, limiter=turns)
