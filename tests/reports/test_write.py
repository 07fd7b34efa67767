"""The written reports: their rows, their order, what is refused."""

import csv
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from features.products import M365, PRODUCTS, Catalogue
from reports.check import Breach
from reports.contracts import REPORTS, reports_for
from reports.write import RENEWAL_COLUMNS, Relations, Written, write_parts, write_report
from tests.reports.wide import Value, unscored, wide

RENEWALS = "CLASAgreementRenewalsPropensity"
AGREEMENTS = """(
    SELECT agreement_id, 'EA' AS license_program, 'Azure' AS revenue_division, DATE '2027-01-31' AS ends_on,
           'End of term' AS expiration_type, 1250050 AS expiring_revenue_cents, 'High' AS renewal_class,
           80 AS renewal_score, 0.9::DOUBLE AS renewal_probability, 'Scored' AS renewal_state,
           'renewed before' AS renewal_reasons, account_id, global_id
    FROM (VALUES ('A1', 'C1', 'P1'), ('A2', 'C1', 'P2'), ('A3', 'C2', NULL))
         t(agreement_id, account_id, global_id))"""


def write_reports(
    engine: duckdb.DuckDBPyConnection, catalogue: Catalogue, relations: Relations, folder: Path
) -> tuple[Written, ...]:
    """Write reports of one part, which breaks no contract."""
    parts, breaches = write_parts(engine, catalogue, relations, folder, parts=1)
    assert breaches == ()
    return tuple(
        write_report(report, [part], [folder], folder)
        for report, part in zip(reports_for(catalogue), parts, strict=True)
    )


def breaches_of(engine: duckdb.DuckDBPyConnection, relation: str, folder: Path) -> tuple[Breach, ...]:
    return write_parts(engine, Catalogue(), Relations(wide=relation), folder, parts=1)[1]


def rows(folder: Path, report: str) -> list[dict[str, str]]:
    with (folder / f"{report}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_all_six_reports_are_written_sorted_by_key(engine: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    keys = [("P2", "C1"), ("P1", "C10"), ("P1", "C2"), ("P1", "b"), ("P1", "a")]
    relation = wide(engine, *({"global_id": partner, "account_id": account} for partner, account in keys))
    written = write_reports(engine, Catalogue(), Relations(wide=relation), tmp_path)
    assert [report.name for report in written] == [report.name for report in REPORTS]
    for report in written[:-1]:
        found = [(row["GlobalID"], row["CustomerID"]) for row in rows(tmp_path, report.name)]
        assert found == sorted(keys)


def test_the_order_of_the_frame_changes_no_byte(engine: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    frames: list[dict[str, Value]] = [
        {"account_id": f"C{number}", "employees": number} for number in range(1, 30)
    ]
    digests = []
    for place, ordered in (("a", frames), ("b", frames[::-1])):
        relations = Relations(wide=wide(engine, *ordered))
        (tmp_path / place).mkdir()
        written = write_reports(engine, Catalogue(), relations, tmp_path / place)
        digests.append([report.sha256 for report in written])
    assert digests[0] == digests[1]


def test_an_unscored_product_has_a_state_and_empty_cells(
    engine: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    relation = wide(engine, {"account_id": "C1"} | unscored("Azure", "Not scored: out of scope"))
    write_reports(engine, Catalogue(), Relations(wide=relation), tmp_path)
    (row,) = rows(tmp_path, "CLASAzurePropensity")
    assert row["AzureScoreState"] == "Not scored: out of scope"
    told = ("Cluster", "Fit", "Intent", "Propensity", "FitScore", "PurchaseProbability", "ExpectedRevenue")
    assert {row[f"Azure{name}"] for name in told} == {""}
    assert row["FitAsOf"] == ""


def test_values_are_published_in_the_reader_s_units(
    engine: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    relation = wide(engine, {"account_id": "C1", "employees": 7, "order_lines_1096d": 2})
    write_reports(engine, Catalogue(), Relations(wide=relation), tmp_path)
    (row,) = rows(tmp_path, "CLASM365Propensity")
    assert row["OrgSize"] == "7"
    assert row["M365ExpectedRevenue"] == "123.45"
    assert row["M365PurchaseProbability"] == "0.0500"
    assert row["M365PotentialRevenue"] == "1K-5K"
    assert (row["TransactedInTheLast36Months"], row["HasEA"]) == ("Yes", "No")
    assert row["FitAsOf"] == "2026-10-25"


def test_the_rows_that_a_predicate_holds_for_are_counted(
    engine: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    relation = wide(engine, {"account_id": "C1", "ea_agreements_now": 1}, {"account_id": "C2"})
    written = write_reports(engine, Catalogue(), Relations(wide=relation), tmp_path)
    assert dict(written[0].holds_for)["HasEA"] == 1
    assert dict(written[0].holds_for)["HasOpen"] == 0


def test_an_agreement_is_shown_to_its_own_partner_alone(
    engine: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    partners = (("P1", "C1"), ("P2", "C1"), ("P1", "C2"), ("P2", "C2"))
    relation = wide(engine, *({"global_id": partner, "account_id": account} for partner, account in partners))
    write_reports(engine, Catalogue(), Relations(wide=relation, renewals=AGREEMENTS), tmp_path)
    found = [(row["GlobalID"], row["AgreementID"]) for row in rows(tmp_path, RENEWALS)]
    assert found == [("P1", "A1"), ("P1", "A3"), ("P2", "A2"), ("P2", "A3")]
    row = rows(tmp_path, RENEWALS)[0]
    assert (row["ExpiringRevenue"], row["HasEA"], row["RenewalProbability"]) == ("12500.50", "Yes", "0.9000")


def test_without_agreements_the_renewals_report_is_its_header(
    engine: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    written = write_reports(engine, Catalogue(), Relations(wide=wide(engine, {"account_id": "C1"})), tmp_path)
    assert (written[-1].name, written[-1].rows) == (RENEWALS, 0)


def test_the_agreement_columns_of_the_test_are_the_declared_ones(engine: duckdb.DuckDBPyConnection) -> None:
    there = {row[0] for row in engine.execute(f"DESCRIBE SELECT * FROM {AGREEMENTS}").fetchall()}
    assert there == {name for name, _ in RENEWAL_COLUMNS} | {"account_id", "global_id"}


def test_breaches_of_all_reports_are_told_at_once(engine: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    relation = wide(engine, {"account_id": "C1", "cluster__Azure": "Act now", "probability__Security": 1.2})
    told = [(breach.report, breach.column) for breach in breaches_of(engine, relation, tmp_path)]
    assert told == [
        ("CLASAzurePropensity", "AzureCluster"),
        ("CLASSecurityPropensity", "SecurityPurchaseProbability"),
    ]


@pytest.mark.parametrize("cluster", ["Act Now", "Evaluate"])
def test_a_customer_to_act_on_without_reasons_is_a_breach(
    engine: duckdb.DuckDBPyConnection, tmp_path: Path, cluster: str
) -> None:
    relation = wide(engine, {"account_id": "C1", "cluster__Surface": cluster, "reasons__Surface": None})
    (breach, *_) = breaches_of(engine, relation, tmp_path)
    assert "SurfaceSignalExplanation: empty although" in str(breach)


def test_a_custom_catalogue_writes_its_own_reports(engine: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    mine = Catalogue((replace(M365, report="Suites"), replace(PRODUCTS[0], report="Cloud")))
    relation = wide(engine, {"account_id": "C1"})
    written = write_reports(engine, mine, Relations(wide=relation), tmp_path)
    assert [(report.name, report.rows) for report in written] == [("Cloud", 1), ("Suites", 1)]


def test_parts_make_the_report_that_the_whole_makes(
    engine: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    frames: list[dict[str, Value]] = [
        {"account_id": f"C{number}", "global_id": f"P{number % 3}", "ea_agreements_now": number % 2}
        for number in range(30)
    ]
    whole = write_reports(engine, Catalogue(), Relations(wide=wide(engine, *frames)), tmp_path)
    folders = [tmp_path / str(number) for number in range(2)]
    made = []
    for number, folder in enumerate(folders):
        folder.mkdir()
        relations = Relations(wide=wide(engine, *frames[number::2]))
        made.append(write_parts(engine, Catalogue(), relations, folder, parts=2)[0])
    (tmp_path / "together").mkdir()
    for report, parts, alone in zip(REPORTS, zip(*made, strict=True), whole, strict=True):
        written = write_report(report, parts, folders, tmp_path / "together")
        assert replace(written, path=alone.path) == alone
    assert [path for folder in folders for path in folder.iterdir()] == []
