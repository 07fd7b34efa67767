"""The data dictionary, from the declarations: sources, features, products, reports."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType

from features.declared import DERIVED, FEATURES
from features.feature import Derived, Feature
from features.products import Catalogue
from features.sources.schema import Column, Table
from features.sources.tables import TABLES
from reports.contracts import reports_for
from reports.licenses.contracts import LICENSE_REPORTS
from reports.licenses.kpis import KPIS

INTRODUCTION = """\
# Data dictionary

Written from the declarations by `make docs`; a change belongs there. Five parts: the [tables](#tables) that
are read, the [features](#features) that are computed from them, the [products](#products) that are scored,
the [reports](#reports) that are published, and the [licence KPIs and reports](#licences) beside them.
"""


DEFAULT = Catalogue()


def dictionary(catalogue: Catalogue = DEFAULT) -> str:
    """Return the whole data dictionary as Markdown."""
    return "\n".join([INTRODUCTION, *(chapter(name, catalogue) for name in CHAPTERS)])


def chapter(name: str, catalogue: Catalogue = DEFAULT) -> str:
    """Return one of the `CHAPTERS`; `KeyError` where there is none of that name."""
    return CHAPTERS[name](catalogue)


def _tables(_: Catalogue) -> str:
    """Describe the source tables: one section a table, one row a column."""
    sections = (_table_section(table) for table in TABLES)
    return "## Tables\n\n" + "\n".join(sections)


def _features(_: Catalogue) -> str:
    """Describe the features: one section a family, one row a feature."""

    def family(row: Feature | Derived) -> str:
        return row.family

    declared: tuple[Feature | Derived, ...] = (*FEATURES, *DERIVED)
    told = ["## Features\n"]
    for name, rows in groupby(sorted(declared, key=family), key=family):
        told.append(f"### {name.capitalize()}\n")
        told.append(_markdown(("feature", "meaning", "from", "expression", "about"), map(_feature_row, rows)))
    return "\n".join(told)


def _products(catalogue: Catalogue) -> str:
    """Describe the products: one row a product."""
    columns = ("prefix", "product", "report", "sold as", "topics", "rivals", "for")
    rows = (
        (
            product.prefix,
            product.name,
            product.report,
            ", ".join(product.sold_as),
            ", ".join(product.topics),
            ", ".join((*product.rival_technologies, *product.rival_topics)),
            product.scope_told,
        )
        for product in catalogue.products
    )
    return "## Products\n\n" + _markdown(columns, rows)


def _reports(catalogue: Catalogue) -> str:
    """Describe the reports: one section a report, one row a column, in published order."""
    told = ["## Reports\n"]
    for report in reports_for(catalogue):
        told.append(f"### {report.name}\n\nOne row is {report.row}. Key: {', '.join(report.key)}.\n")
        rows = (
            (
                str(place),
                field.name,
                field.group,
                field.form,
                field.told,
                field.meaning,
                field.origin,
                f"`{field.sql}`",
            )
            for place, field in enumerate(report.fields, 1)
        )
        columns = ("no", "column", "group", "type", "values", "meaning", "origin", "from")
        told.append(_markdown(columns, rows))
    return "\n".join(told)


def _licences(_: Catalogue) -> str:
    """Describe the licence KPIs, one row each, and the licence reports: one section a report."""
    kpis = (
        (
            kpi.id,
            kpi.name,
            kpi.section,
            ", ".join(family for family in kpi.families if family),
            kpi.unit,
            f"`{kpi.numerator}`",
            f"`{kpi.denominator}`" if kpi.denominator else "",
            kpi.span.name.lower(),
        )
        for kpi in KPIS
    )
    columns = ("id", "name", "section", "families", "unit", "numerator", "denominator", "window")
    told = ["## Licences\n", _markdown(columns, kpis)]
    for declared in LICENSE_REPORTS:
        report = declared.report
        told.append(f"### {report.name}\n\nOne row is {report.row}. Key: {', '.join(report.key)}.\n")
        rows = (
            (str(place), field.name, field.form, field.told, field.meaning, f"`{field.sql}`")
            for place, field in enumerate(report.fields, 1)
        )
        told.append(_markdown(("no", "column", "type", "values", "meaning", "from"), rows))
    return "\n".join(told)


def _table_section(table: Table) -> str:
    known = f"known from `{table.known}`" if table.known else "always known"
    if table.known is None and table.happened is not None:
        known = f"known {table.lag.days} days after `{table.happened}`"
    need = "Required." if table.required else "Optional."
    head = f"### {table.name}\n\nOne row is {table.row}. {need} Key: {', '.join(table.key)}; {known}.\n\n"
    rows = (
        (
            column.name,
            column.kind.name.lower(),
            "yes" if column.optional else "",
            _bounds(column),
            column.meaning,
        )
        for column in table.columns
    )
    return head + _markdown(("column", "type", "may be empty", "values", "meaning"), rows)


def _bounds(column: Column) -> str:
    if column.allowed:
        return " | ".join(column.allowed)
    low = "" if column.low is None else f">= {column.low:g}"
    high = "" if column.high is None else f"<= {column.high:,.0f}"
    return ", ".join(bound for bound in (low, high) if bound)


def _feature_row(row: Feature | Derived) -> tuple[str, ...]:
    if isinstance(row, Derived):
        return row.name, row.meaning, ", ".join(row.inputs), f"`{row.expression}`", row.side
    narrowed = "" if row.where == "TRUE" else f" where `{row.where}`"
    return (
        row.name,
        row.meaning,
        f"{row.table.name}, {row.of} rows",
        f"`{row.expression}`{narrowed}",
        row.side,
    )


def _markdown(columns: Sequence[str], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [columns, ["---"] * len(columns), *([_cell(value) for value in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _cell(value: str) -> str:
    """Escape what would end a cell, also inside code."""
    return " ".join(value.split()).replace("|", "\\|")


CHAPTERS: Mapping[str, Callable[[Catalogue], str]] = MappingProxyType(
    {
        "tables": _tables,
        "features": _features,
        "products": _products,
        "reports": _reports,
        "licences": _licences,
    }
)
