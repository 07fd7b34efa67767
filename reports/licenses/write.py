"""The licence reports of a run: facts computed once, then one declared table each, checked and written."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from features.calling import build_call_facts
from features.customers import Partner
from features.licenses import Calendar, build_facts
from features.overages import build_overages
from features.sources.world import World
from reports import dialect
from reports.check import Breach, ContractBroken, check
from reports.disk import full_disk_refused
from reports.licenses.charts import write_charts
from reports.licenses.columns import LicenseReport
from reports.licenses.contracts import LICENSE_REPORTS
from reports.licenses.details import build_details
from reports.licenses.engagement import build_engagement
from reports.licenses.exclusions import build_exclusions
from reports.licenses.kpi import kpi_rows, missing
from reports.licenses.kpis import KPIS
from reports.licenses.partner_center import build_partner_center
from reports.licenses.peers import build_peers
from reports.licenses.portfolio import build_customers, build_portfolio
from reports.licenses.rules import Rules
from reports.licenses.statuses import build_statuses
from reports.write import Written

STAGED = "staged_license_report"
SPENT = ("license_seats", "license_states", "license_holdings", "portfolio_sold")
"""Tables that other tables are made from and no report reads: gone before files need the memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LicensesWritten:
    """The written files, the charts beside them, and what says "no data" for want of which tables."""

    reports: tuple[Written, ...]
    charts: tuple[Path, ...]
    no_data: tuple[str, ...]


def write_license_reports(
    engine: duckdb.DuckDBPyConnection,
    world: World,
    as_of: date,
    folder: Path,
    *,
    alone: Partner = Partner(),  # noqa: B008 a frozen value
    rules: Rules = Rules(),  # noqa: B008 a frozen value
) -> LicensesWritten:
    """Write every licence report as `<folder>/<report>.csv` and the charts as `<folder>/<chart>.vl.json`.

    A missing table leaves headers without rows, and KPIs whose note says so. `alone` is the partner of a
    world without partners.

    Raises:
        ContractBroken: a report is not what is declared; all breaches of all reports, told at once.
        PublicationRefused: the disk is full.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with full_disk_refused(folder):
        build_tables(engine, world, as_of, alone=alone, rules=rules)
        reports = _write_all(engine, world, folder)
        charts = write_charts(folder)
    return LicensesWritten(reports=reports, charts=charts, no_data=no_data(world))


def build_tables(
    engine: duckdb.DuckDBPyConnection, world: World, as_of: date, *, alone: Partner, rules: Rules
) -> Calendar:
    """Make every temporary table that licence reports read; those that need most memory first."""
    # A checkpoint would compress the temporary tables, for more than it costs to read them as they are.
    engine.execute("SET checkpoint_threshold = '1TB'")
    run = build_facts(engine, world, as_of)
    engine.execute(f"SET VARIABLE as_of = DATE '{as_of.isoformat()}'")
    engine.execute(f"SET VARIABLE last_week = DATE '{run.starts[0].isoformat()}'")
    engine.execute(f"SET VARIABLE soon = {rules.soon_days}")
    engine.execute(f"SET VARIABLE how_to_days = {rules.how_to_days}")
    build_customers(engine, world, run, alone)
    build_partner_center(engine, world, run)
    build_overages(engine, world, run)
    build_call_facts(engine, world, run, poor_above=rules.poor_above)
    build_portfolio(engine, rules)
    build_peers(engine, rules)
    build_statuses(engine, world, run, rules)
    build_engagement(engine, world, run, rules)
    build_details(engine, world, run, alone)
    build_exclusions(engine, world, run)
    engine.execute(f"CREATE OR REPLACE TEMP TABLE kpi_rows AS {kpi_rows(world, KPIS)}")
    for table in SPENT:
        engine.execute(f"DROP TABLE {table}")
    return run


def no_data(world: World) -> tuple[str, ...]:
    """Tell which files and KPIs have no data because tables are not there; sorted by file, then by KPI."""
    files = ((f"{report.name}.csv", missing(world, report.needs)) for report in LICENSE_REPORTS)
    kpis = ((f"{kpi.id} {kpi.name}", missing(world, kpi.needs)) for kpi in KPIS)
    return tuple(f"{name}: no data without {', '.join(absent)}" for name, absent in (*files, *kpis) if absent)


def stage_report(
    engine: duckdb.DuckDBPyConnection, world: World, declared: LicenseReport
) -> tuple[Breach, ...]:
    """Make the rows of a report the temporary table `STAGED`, and tell every breach of its contract."""
    engine.execute(f"CREATE OR REPLACE TEMP TABLE {STAGED} AS {_select(world, declared)}")
    return check(engine, STAGED, declared.report)


def _write_all(engine: duckdb.DuckDBPyConnection, world: World, folder: Path) -> tuple[Written, ...]:
    breaches: list[Breach] = []
    written: list[Written] = []
    for declared in LICENSE_REPORTS:
        breaches += stage_report(engine, world, declared)
        if not breaches:
            path = folder / f"{declared.name}.csv"
            digest = dialect.write(engine, STAGED, declared.report.fields, path)
            written.append(
                Written(name=declared.name, path=path, rows=digest.rows, sha256=digest.sha256, holds_for=())
            )
    engine.execute(f"DROP TABLE IF EXISTS {STAGED}")
    if breaches:
        raise ContractBroken(breaches)
    return tuple(written)


def _select(world: World, declared: LicenseReport) -> str:
    """SQL: the report's rows; none without its tables: a row of blanks would say that something is there."""
    columns = ",\n".join(f'{field.sql} AS "{field.name}"' for field in declared.report.fields)
    there = "FALSE" if missing(world, declared.needs) else "TRUE"
    # Sorted before the columns are told: what is read is narrower than what is written.
    rows = f"SELECT * FROM {declared.report.reads} WHERE {there} ORDER BY {declared.order}"
    return f"SELECT {columns} FROM ({rows})"
