"""The data dictionary holds everything that is declared."""

from dataclasses import replace

from features.declared import DERIVED, FEATURES
from features.products import PRODUCTS, Catalogue
from features.sources.tables import TABLES
from reports.contracts import REPORTS
from reports.dictionary import CHAPTERS, chapter, dictionary
from reports.licenses.contracts import LICENSE_REPORTS
from reports.licenses.kpis import KPIS

PAGE = dictionary()


def test_every_chapter_is_part_of_the_dictionary() -> None:
    assert [name for name in CHAPTERS if chapter(name) not in PAGE] == []


def test_a_catalogue_is_told_by_its_own_products_and_reports() -> None:
    mine = Catalogue((replace(PRODUCTS[0], report="Cloud"),))
    assert "| Azure | Azure | Cloud |" in chapter("products", mine)
    assert "### Cloud\n" in chapter("reports", mine)


def test_every_source_table_is_told() -> None:
    assert [table.name for table in TABLES if f"### {table.name}\n" not in PAGE] == []


def test_every_column_of_every_table_is_told() -> None:
    rows = [f"| {column.name} | {column.kind.name.lower()} " for table in TABLES for column in table.columns]
    assert [row for row in rows if row not in PAGE] == []


def test_every_feature_is_told() -> None:
    names = [*(feature.name for feature in FEATURES), *(derived.name for derived in DERIVED)]
    assert [name for name in names if f"| {name} | " not in PAGE] == []


def test_every_product_is_told() -> None:
    rows = [f"| {product.prefix} | {product.name} | {product.report} |" for product in PRODUCTS]
    assert [row for row in rows if row not in PAGE] == []


def test_every_column_of_every_report_is_told_in_order() -> None:
    at = 0
    for report in REPORTS:
        at = PAGE.index(f"### {report.name}\n", at)
        for place, name in enumerate(report.header, 1):
            at = PAGE.index(f"| {place} | {name} | ", at)


def test_every_row_of_a_table_has_as_many_cells_as_its_head() -> None:
    blocks = [block for block in PAGE.split("\n\n") if block.startswith("|")]
    for block in blocks:
        bars = {line.replace("\\|", "").count("|") for line in block.splitlines()}
        assert len(bars) == 1, block[:200]


def test_every_licence_kpi_and_every_column_of_a_licence_report_is_told() -> None:
    page = chapter("licences")
    assert [kpi.id for kpi in KPIS if f"| {kpi.id} | {kpi.name} |" not in page] == []
    for declared in LICENSE_REPORTS:
        at = page.index(f"### {declared.name}\n")
        for place, name in enumerate(declared.report.header, 1):
            at = page.index(f"| {place} | {name} | ", at)
