from pathlib import Path

from reports.licenses.contracts import COMPARED, CONTRACT_REPORTS, LASTING, LICENSE_REPORTS
from reports.licenses.kpis import KPIS

GOLDEN = Path(__file__).parents[2] / "golden" / "licenses.txt"


def test_the_26_files_have_exactly_the_columns_of_the_contract() -> None:
    found = {declared.name: ", ".join(declared.report.header) for declared in CONTRACT_REPORTS}
    golden = dict(line.split(": ", 1) for line in GOLDEN.read_text(encoding="utf-8").splitlines())
    assert len(golden) == 26
    assert found == golden


def test_every_file_begins_with_the_instant_and_the_partner() -> None:
    for declared in LICENSE_REPORTS:
        assert declared.report.header[:2] == ("asOf", "partnerId")
        assert declared.report.key[0] == "partnerId"


def test_every_key_column_is_published() -> None:
    for declared in LICENSE_REPORTS:
        assert set(declared.report.key) <= set(declared.report.header)


def test_every_kpi_of_the_contract_is_declared() -> None:
    ids = {kpi.id for kpi in KPIS}
    assert ids >= {"MS-K1", "MS-K2", *(f"WX-K{number}" for number in range(1, 24))}


def test_a_kpi_is_told_apart_by_its_section_id_name_and_family() -> None:
    rows = [(kpi.section, kpi.id, kpi.name, family) for kpi in KPIS for family in kpi.families]
    assert len(set(rows)) == len(rows)


def test_every_meaning_is_a_sentence() -> None:
    for declared in LICENSE_REPORTS:
        for field in declared.report.fields:
            assert field.meaning.endswith("."), f"{declared.name}.{field.name}"


def test_the_comparison_reads_files_whose_rows_last() -> None:
    dated = {"weekStart", "daysUntilExpiration", "daysUntilRenewal", "lastAdminSignInDateTime"}
    assert [report.name for report in COMPARED if dated & set(report.header)] == []
    assert len(COMPARED) == len(LASTING)
