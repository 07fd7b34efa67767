"""The reports of a month: of each bucket of customers checked parts, and of all parts one file in order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from features.products import Catalogue
from features.sources.schema import Kind
from reports import dialect
from reports.check import Breach, check
from reports.contracts import RENEWALS, reports_for
from reports.field import Form, Report
from reports.merge import merged, write_part

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
class Part:
    """The rows of a report for some customers: how many, and for how many of them each predicate holds."""

    report: str
    rows: int
    holds_for: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A written report: its file, data rows and digest; and for how many rows each predicate holds."""

    name: str
    path: Path
    rows: int
    sha256: str
    holds_for: tuple[tuple[str, int], ...]


def part_path(folder: Path, report: str) -> Path:
    """Return the file of a report's part in the folder of a bucket."""
    return folder / f"{report}.parquet"


def write_parts(
    engine: duckdb.DuckDBPyConnection, catalogue: Catalogue, relations: Relations, folder: Path, *, parts: int
) -> tuple[tuple[Part, ...], tuple[Breach, ...]]:
    """Write the rows of every report for some customers, one of so many parts, into a folder.

    A part has the keys of its report, by which it is sorted, and `line`: the row as it stands in the CSV.

    Returns:
        The parts, and every breach of a contract: what breaks it is not for publication.
    """
    written: list[Part] = []
    breaches: list[Breach] = []
    for report in reports_for(catalogue):
        engine.execute(f"CREATE OR REPLACE TEMP TABLE {STAGED} AS {_select(report, relations)}")
        breaches += check(engine, STAGED, report)
        rows = engine.sql(dialect.lines(STAGED, report.fields, beside=report.key)).to_arrow_table()
        write_part(rows, part_path(folder, report.name), parts=parts)
        held = tuple(_held(engine, report))
        written.append(Part(report=report.name, rows=rows.num_rows, holds_for=held))
    engine.execute(f"DROP TABLE IF EXISTS {STAGED}")
    return tuple(written), tuple(breaches)


def write_report(report: Report, parts: Sequence[Part], folders: Sequence[Path], to: Path) -> Written:
    """Write a report of all its parts as `<to>/<report>.csv`, sorted by its key; the parts' files go."""
    paths = [part_path(folder, report.name) for folder in folders]
    path = to / f"{report.name}.csv"
    columns = (table["line"].combine_chunks() for table in merged(paths, report.key))
    digest = dialect.write_lines(columns, report.header, path)
    for part in paths:
        part.unlink()
    flags = dict.fromkeys(flag for part in parts for flag, _ in part.holds_for)
    return Written(
        name=report.name,
        path=path,
        rows=digest.rows,
        sha256=digest.sha256,
        holds_for=tuple((flag, sum(dict(part.holds_for)[flag] for part in parts)) for flag in flags),
    )


def _select(report: Report, relations: Relations) -> str:
    columns = ",\n".join(f'{field.sql} AS "{field.name}"' for field in report.fields)
    keys = ", ".join(f'"{name}"' for name in report.key)
    # The frame's columns are chosen one level below: names differ from published ones by case alone.
    return f"SELECT * FROM (SELECT {columns} FROM {relations.rows(report)}) ORDER BY {keys}"


def _held(engine: duckdb.DuckDBPyConnection, report: Report) -> Iterator[tuple[str, int]]:
    """Count the rows that each predicate of a report holds for."""
    flags = [field.name for field in report.fields if field.form is Form.FLAG]
    if not flags:
        return
    counts = ", ".join(f'count(*) FILTER (WHERE "{name}")' for name in flags)
    (found,) = engine.execute(f"SELECT {counts} FROM {STAGED}").fetchall()
    yield from zip(flags, (int(count) for count in found), strict=True)
