"""The forms in which rows are handed out, each as a stream of bytes."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from reports import dialect
from reports.center.query import QueryRefused
from reports.center.select import NUMBERS, Selection
from reports.field import Field, Form

CHUNK = 1 << 20
MADE = datetime(2000, 1, 1)  # noqa: DTZ001 a sheet knows no zones
"""What a sheet says of its making: the true time would be all that tells two equal files apart."""
SHEET_ROWS = 1_048_575
"""What a spreadsheet holds below its header."""


class Format(StrEnum):
    """A file format; the value of a member is how it is named and its ending in capitals."""

    CSV = "CSV"
    TSV = "TSV"
    PARQUET = "PARQUET"
    XLSX = "XLSX"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How a format is written, and how a browser is told what it is."""

    media_type: str
    write: Callable[[Selection], Iterator[bytes]]


def _separated(selection: Selection, separator: str) -> Iterator[bytes]:
    yield dialect.header([field.name for field in selection.fields], separator=separator)
    cells = (dialect.as_published(field, separator=separator) for field in selection.fields)
    line = f", '{separator}', ".join(cells)
    for batch in selection.batches(f"concat({line}, chr(13), chr(10)) AS line"):
        yield "".join(batch.column(0).to_pylist()).encode()


def _parquet(selection: Selection) -> Iterator[bytes]:
    schema = pa.schema([(field.name, _arrow(field)) for field in selection.fields])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        with pq.ParquetWriter(path, schema, compression="zstd") as writer:
            for batch in selection.batches():
                writer.write_batch(batch.cast(schema))
        yield from _chunks(path)


def _xlsx(selection: Selection) -> Iterator[bytes]:
    rows = selection.count()
    if rows > SHEET_ROWS:
        raise QueryRefused(
            f"A sheet holds {SHEET_ROWS:,} rows, got {rows:,}: filter, or take CSV or Parquet."
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.xlsx"
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        book = xlsxwriter.Workbook(path, options)
        book.set_properties({"created": MADE})
        sheet = book.add_worksheet(selection.dataset.name[:31])
        sheet.write_row(0, 0, [field.name for field in selection.fields], book.add_format({"bold": True}))
        sheet.freeze_panes(1, 0)
        row = 0
        for batch in selection.batches():
            for record in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                row += 1
                for place, (field, value) in enumerate(zip(selection.fields, record, strict=True)):
                    _write_cell(sheet, row, place, field, value)
        book.close()
        yield from _chunks(path)


def _write_cell(
    sheet: xlsxwriter.worksheet.Worksheet, row: int, place: int, field: Field, value: str | None
) -> None:
    if value is None:
        return
    if field.form in NUMBERS:
        sheet.write_number(row, place, float(Decimal(value)))
    else:
        sheet.write_string(row, place, value)


def _arrow(field: Field) -> pa.DataType:
    match field.form:
        case Form.INTEGER:
            return pa.int64()
        case Form.MONEY | Form.HUNDREDTHS | Form.PROBABILITY:
            return pa.float64()
        case Form.DATE:
            return pa.date32()
        case _:
            return pa.string()


def _chunks(path: Path) -> Iterator[bytes]:
    """Yield a file, a piece at a time."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


FORMATS = {
    Format.CSV: Written(media_type="text/csv; charset=utf-8", write=partial(_separated, separator=",")),
    Format.TSV: Written(
        media_type="text/tab-separated-values; charset=utf-8", write=partial(_separated, separator="\t")
    ),
    Format.PARQUET: Written(media_type="application/vnd.apache.parquet", write=_parquet),
    Format.XLSX: Written(
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write=_xlsx
    ),
}
