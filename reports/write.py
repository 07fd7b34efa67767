"""The reports of a month: read from the frame, checked against their contracts, written in order."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from features.products import Catalogue
from features.sources.schema import Kind
from reports import dialect
from reports.check import Breach, ContractBroken, check
from reports.contracts import RENEWALS, reports_for
from reports.disk import full_disk_refused
from reports.field import Form, Report

RENEWAL_COLUMNS = (
    ("agreement_id", Kind.TEXT),
    ("license_program", Kind.TEXT),
    ("revenue_division", Kind.TEXT),
    ("ends_on", Kind.DATE),
    ("expiration_type", Kind.TEXT),
    ("expiring_revenue_cents", Kind.INTEGER),
    ("renewal_class", Kind.TEXT),
    ("renewal_score", Kind.INTEGER),
    ("renewal_probability", Kind.NUMBER),
    ("renewal_state", Kind.TEXT),
    ("renewal_reasons", Kind.TEXT),
)
STAGED = "staged_report"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relations:
    """The two relations that reports read, as SQL that can stand after FROM.

    `wide`: one row a root partner and customer. The columns of `features.customers.customers`, the compiled
    features of the as-of date, the scores as `<column>__<prefix>`, and recommended_workloads.

    `renewals`: one row an agreement in force that ends soon. account_id, global_id (the root of the
    agreement's partner; null where none is recorded) and `RENEWAL_COLUMNS`. None: there is no such table.
    An agreement is shown to the partner that holds it alone: its revenue is nobody else's business. One
    without a partner is shown to all that transact with the customer.
    """

    wide: str
    renewals: str | None = None

    def rows(self, report: Report) -> str:
        """SQL: the rows of a report, before its columns are chosen."""
        if report.reads != RENEWALS:
            return self.wide
        if self.renewals is None:
            nulls = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in RENEWAL_COLUMNS)
            return f"(SELECT *, {nulls} FROM {self.wide} WHERE FALSE)"
        columns = ", ".join(f"r.{name}" for name, _ in RENEWAL_COLUMNS)
        return f"""(
            SELECT w.*, {columns}
            FROM {self.wide} w JOIN {self.renewals} r
              ON r.account_id = w.account_id AND (r.global_id IS NULL OR r.global_id = w.global_id))"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A written report: its file, data rows and digest; and for how many rows each predicate holds."""

    name: str
    path: Path
    rows: int
    sha256: str
    holds_for: tuple[tuple[str, int], ...]


def write_reports(
    engine: duckdb.DuckDBPyConnection, catalogue: Catalogue, relations: Relations, folder: Path
) -> tuple[Written, ...]:
    """Write every report of the catalogue as `<folder>/<report>.csv`, sorted by its key.

    Raises:
        ContractBroken: a report is not what is declared; all breaches of all reports, told at once.
        PublicationRefused: the disk is full.
    """
    folder.mkdir(parents=True, exist_ok=True)
    breaches: list[Breach] = []
    written: list[Written] = []
    with full_disk_refused(folder):
        for report in reports_for(catalogue):
            engine.execute(f"CREATE OR REPLACE TEMP TABLE {STAGED} AS {_select(report, relations)}")
            found = check(engine, STAGED, report)
            breaches += found
            if not breaches:
                written.append(_write(engine, report, folder))
        engine.execute(f"DROP TABLE IF EXISTS {STAGED}")
    if breaches:
        raise ContractBroken(breaches)
    return tuple(written)


def _select(report: Report, relations: Relations) -> str:
    columns = ",\n".join(f'{field.sql} AS "{field.name}"' for field in report.fields)
    keys = ", ".join(f'"{name}"' for name in report.key)
    # The frame's columns are chosen one level below: names differ from published ones by case alone.
    return f"SELECT * FROM (SELECT {columns} FROM {relations.rows(report)}) ORDER BY {keys}"


def _write(engine: duckdb.DuckDBPyConnection, report: Report, folder: Path) -> Written:
    path = folder / f"{report.name}.csv"
    digest = dialect.write(engine, STAGED, report.fields, path)
    return Written(
        name=report.name,
        path=path,
        rows=digest.rows,
        sha256=digest.sha256,
        holds_for=tuple(_held(engine, report)),
    )


def _held(engine: duckdb.DuckDBPyConnection, report: Report) -> Iterator[tuple[str, int]]:
    """Count the rows that each flag of a report holds for."""
    flags = [field.name for field in report.fields if field.form is Form.FLAG]
    if not flags:
        return
    counts = ", ".join(f'count(*) FILTER (WHERE "{name}")' for name in flags)
    (found,) = engine.execute(f"SELECT {counts} FROM {STAGED}").fetchall()
    yield from zip(flags, (int(count) for count in found), strict=True)
