"""The same rows in every format: the CSV as published, the others readable by what people use."""

import csv
import hashlib
import io
from datetime import date
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from reports.center import formats
from reports.center.formats import FORMATS, Format
from reports.center.people import Person, Reach, Role
from reports.center.query import Query, QueryRefused
from reports.center.scope import scope
from reports.center.select import Selection, select
from reports.center.shelf import Shelf
from tests.reports.center.published import DATASETS, publish_month

AZURE, CUSTOMERS = "CLASAzurePropensity", "customers"
ROWS = (
    {"GlobalID": "P1", "CustomerID": "C1", "AccountName": 'Comma, "quoted"', "AzureExpectedRevenue": "12.50"},
    {"GlobalID": "P1", "CustomerID": "C2", "AccountName": "=cmd|' /C calc'!A0", "AzureFitScore": "7"},
    {
        "GlobalID": "P1",
        "CustomerID": "C3",
        "AccountName": "שלום, Ångström\nline\ttab",
        "FitAsOf": "2026-10-25",
    },
    {"GlobalID": "P1", "CustomerID": "C4", "AccountName": None, "HasAzure": "No"},
)
SIGNED = """
asOf                 | partnerId | productFamily | orgId | subscriptionId | weeklyUsageChange
2026-10-25T00:00:00Z | P1        | calling       | C1    | S1             | -3
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    publish_month(tmp_path, "2026-10", {AZURE: ROWS, "recently_added_subscriptions": SIGNED})
    return tmp_path


def selection(home: Path, name: str) -> Selection:
    shelf = Shelf(published=home / "published", copies=home / "copies")
    person = Person(id=1, subject="a", name="A", role=Role.SALES_AGENT, reach=Reach(everything=True))
    query = Query(dataset=name, columns=DATASETS[name].report.header)
    return select(shelf, scope(person, DATASETS), query, today=date(2026, 10, 28))


def written(home: Path, name: str, form: Format) -> bytes:
    return b"".join(FORMATS[form].write(selection(home, name)))


@pytest.mark.parametrize("name", [AZURE, "recently_added_subscriptions"])
def test_all_of_a_dataset_as_csv_is_the_published_file(home: Path, name: str) -> None:
    there = (home / "published" / "2026-10" / DATASETS[name].path).read_bytes()
    assert written(home, name, Format.CSV) == there


def test_tabs_and_lines_inside_a_cell_stay_inside_it(home: Path) -> None:
    lines = csv.DictReader(
        io.StringIO(written(home, AZURE, Format.TSV).decode("utf-8-sig"), newline=""), delimiter="\t"
    )
    names = [row["AccountName"] for row in lines]
    assert names == ['Comma, "quoted"', "'=cmd|' /C calc'!A0", "שלום, Ångström\nline\ttab", ""]


def test_parquet_has_numbers_dates_and_nulls(home: Path) -> None:
    table = pq.read_table(pa.BufferReader(written(home, AZURE, Format.PARQUET)))
    assert table["AzureExpectedRevenue"].to_pylist() == [12.5, None, None, None]
    assert table["AzureFitScore"].to_pylist() == [None, 7, None, None]
    assert table["FitAsOf"].to_pylist() == [None, None, date(2026, 10, 25), None]
    assert table.schema.names == list(DATASETS[AZURE].report.header)


def test_a_sheet_has_numbers_and_runs_no_formula(home: Path) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(written(home, AZURE, Format.XLSX))).active
    header = [cell.value for cell in sheet[1]]
    first, second = ([cell.value for cell in row] for row in sheet.iter_rows(min_row=2, max_row=3))
    assert first[header.index("AzureExpectedRevenue")] == 12.5
    assert second[header.index("AccountName")] == "'=cmd|' /C calc'!A0"
    assert sheet.cell(row=3, column=header.index("AccountName") + 1).data_type == "s"


@pytest.mark.parametrize("form", list(Format))
def test_the_same_rows_give_the_same_bytes(home: Path, form: Format) -> None:
    first, again = (hashlib.sha256(written(home, AZURE, form)).hexdigest() for _ in range(2))
    assert first == again


def test_what_does_not_fit_on_a_sheet_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "SHEET_ROWS", 3)
    with pytest.raises(QueryRefused, match="A sheet holds 3 rows, got 4"):
        written(home, AZURE, Format.XLSX)
