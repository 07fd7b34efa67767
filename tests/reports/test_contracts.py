"""The declared reports: their published headers, their values, what a custom catalogue gets."""

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from features.products import AZURE, M365, SURFACE, Catalogue
from features.sources import tables
from reports import dialect
from reports.blocks import BANDS, DEVICE_BANDS, SEGMENT
from reports.contracts import REPORTS, contract_version, reports_for
from reports.field import Field, Report
from tests.reports.wide import Value, wide

GOLDEN = Path(__file__).parent.parent / "golden"


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_the_header_is_the_golden_one(report: Report) -> None:
    assert dialect.header(report.header) == (GOLDEN / f"{report.name}.csv").read_bytes()


def test_there_is_a_golden_header_for_every_report_and_no_other() -> None:
    assert {path.stem for path in GOLDEN.glob("*.csv")} == {report.name for report in REPORTS}


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_no_column_is_declared_twice_and_the_key_is_declared(report: Report) -> None:
    assert len(set(report.header)) == len(report.header)
    assert set(report.key) <= set(report.header)


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_every_column_is_told(report: Report) -> None:
    assert [field.name for field in report.fields if not (field.meaning and field.told and field.sql)] == []


def test_a_firmographic_column_is_the_column_of_the_source() -> None:
    assert REPORTS[0].field("OrgSize").column is tables.EMPLOYEES
    assert REPORTS[0].field("Industry").column is tables.INDUSTRY


def value(engine: duckdb.DuckDBPyConnection, field: Field, row: dict[str, Value]) -> object:
    relation = wide(engine, {"account_id": "C1", **row})
    ((found,),) = engine.execute(f"SELECT {field.sql} FROM {relation}").fetchall()
    return found


@pytest.mark.parametrize(
    ("employees", "cents", "months", "subsegment"),
    [
        (None, 0, 0, None),
        (1, 0, 0, "Very Small"),
        (24, 0, 0, "Very Small"),
        (25, 0, 0, "Medium"),
        (300, 0, 0, "Medium"),
        (301, 0, 0, "Upper Medium"),
        (None, 300_001, 3, "Upper Medium"),
        (5, 300_000, 3, "Very Small"),
        (5, 200_001, 2, "Upper Medium"),
        (40, None, None, "Medium"),
    ],
)
def test_the_subsegment_follows_size_and_consumption(
    engine: duckdb.DuckDBPyConnection,
    employees: int | None,
    cents: int | None,
    months: int | None,
    subsegment: str | None,
) -> None:
    row: dict[str, Value] = {
        "employees": employees,
        "azure_consumed_cents_90d": cents,
        "azure_months_90d": months,
    }
    labels = {
        "Upper Medium": "Upper Medium",
        "Medium": "Medium Business",
        "Very Small": "Very Small Business",
    }
    assert value(engine, SEGMENT[1], row) == subsegment
    assert value(engine, SEGMENT[2], row) == (subsegment and labels.get(subsegment, "Very Small Business"))


@pytest.mark.parametrize(
    ("report", "cents", "band"),
    [
        ("CLASM365Propensity", 99_999, "< 1K"),
        ("CLASM365Propensity", 100_000, "1K-5K"),
        ("CLASM365Propensity", 25_000_000, "250K+"),
        ("CLASSurfacePropensity", 49_999, "< 500"),
        ("CLASSurfacePropensity", 100_000, "1K-2.5K"),
        ("CLASSurfacePropensity", 5_000_000, "50K+"),
        ("CLASSurfacePropensity", None, None),
    ],
)
def test_a_report_has_its_own_revenue_bands(
    engine: duckdb.DuckDBPyConnection, report: str, cents: int | None, band: str | None
) -> None:
    declared = next(row for row in REPORTS if row.name == report)
    assert value(engine, declared.field("M365PotentialRevenue"), {"median_cents__M365": cents}) == band


def test_bands_are_told_by_their_edges() -> None:
    assert BANDS.labels[:2] == ("< 1K", "1K-5K")
    assert DEVICE_BANDS.labels[:4] == ("< 500", "500-1K", "1K-2.5K", "2.5K-5K")


@pytest.mark.parametrize(
    ("used", "recommended", "count"),
    [(1, "Backup; Storage", 2), (1, None, 0), (0, "Backup", 1), (None, None, None)],
)
def test_recommended_workloads_are_counted_unless_consumption_is_unknown(
    engine: duckdb.DuckDBPyConnection, used: int | None, recommended: str | None, count: int | None
) -> None:
    row: dict[str, Value] = {"azure_workloads_used_90d": used, "recommended_workloads": recommended}
    assert value(engine, REPORTS[0].field("NumberofRecommendedWorkloads"), row) == count


def test_the_default_catalogue_has_the_six_reports() -> None:
    assert reports_for(Catalogue()) is REPORTS


def test_another_catalogue_has_one_report_for_each_that_its_products_name() -> None:
    mine = (
        replace(M365, report="Suites"),
        replace(SURFACE, report="Devices"),
        replace(AZURE, report="Suites"),
    )
    devices, suites = reports_for(Catalogue(mine))
    assert (devices.name, suites.name) == ("Devices", "Suites")
    assert {"GlobalID", "OrgSize", "M365Cluster", "AzureScoreState", "FitAsOf"} <= set(suites.header)
    assert "HasAzure" not in suites.header


def test_the_contract_version_changes_with_a_column() -> None:
    less = replace(REPORTS[0], fields=REPORTS[0].fields[:-1])
    assert contract_version(REPORTS) != contract_version((less, *REPORTS[1:]))
