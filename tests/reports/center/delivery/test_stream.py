import asyncio
import hashlib
from collections.abc import Iterator
from email.message import Message

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import StreamingResponse

from reports.center.database.engine import acting_for_all
from reports.center.database.tables import AuditRow
from reports.center.delivery.grammar import parse
from reports.center.delivery.stream import disposition, stream
from reports.center.formats import FORMATS, Format, Written
from reports.center.query import QueryRefused
from reports.center.select import Selection, select
from tests.reports.center.delivery.small import TEXT, Small, bytes_of


def streamed(small: Small, format: Format = Format.CSV) -> StreamingResponse:
    query = parse(TEXT)
    scope = small.center.scope(small.ada)
    selection = select(small.center.shelf, scope, query, today=small.center.today)
    return asyncio.run(stream(small.center, small.ada, selection, query=query, format=format, name="Spain"))


async def read(answer: StreamingResponse, at_most: int | None = None) -> bytes:
    """Read pieces; a reader that has gone closes the body."""
    pieces = []
    async for piece in answer.body_iterator:
        pieces.append(bytes(piece) if not isinstance(piece, str) else piece.encode())
        if at_most is not None and len(pieces) == at_most:
            break
    await answer.body_iterator.aclose()  # type: ignore[attr-defined]  # an async generator
    return b"".join(pieces)


def audited(small: Small) -> AuditRow:
    with acting_for_all(small.center.database) as session:
        return session.scalars(sa.select(AuditRow).where(AuditRow.action == "download")).one()


def test_what_was_streamed_is_written_down_with_its_digest(small: Small) -> None:
    answer = streamed(small)
    sent = asyncio.run(read(answer))
    row = audited(small)
    assert sent == bytes_of(small.center, small.ada, TEXT)
    assert (row.rows, row.sha256) == (1, hashlib.sha256(sent).hexdigest())
    assert row.detail == f"CSV, Spain: {len(sent)} bytes"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"


def test_a_stream_that_was_cut_is_written_down_as_far_as_it_came(small: Small) -> None:
    sent = asyncio.run(read(streamed(small), at_most=1))
    row = audited(small)
    assert row.detail == f"CSV, Spain: cut after {len(sent)} bytes"
    assert row.sha256 == hashlib.sha256(sent).hexdigest()


def test_what_cannot_be_made_is_told_before_the_answer_begins(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_many(selection: Selection) -> Iterator[bytes]:  # noqa: ARG001 stands for a writer
        raise QueryRefused("A sheet holds fewer rows.")
        yield b""

    monkeypatch.setitem(FORMATS, Format.XLSX, Written(media_type="x/y", write=too_many))
    with pytest.raises(QueryRefused):
        streamed(small, Format.XLSX)


@given(st.text())
def test_any_name_makes_a_header_of_one_line(name: str) -> None:
    header = disposition(name, Format.TSV)
    assert header.isascii()
    assert header.isprintable()
    message = Message()
    message["Content-Disposition"] = header
    found = message.get_filename()
    assert found is not None
    assert found.endswith(".tsv")
    assert not {"/", "\\"} & {*found}
