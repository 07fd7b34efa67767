"""The accepted rows of a run: every declared table read, judged, and the bad rows set aside."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from features.errors import CallRefused, InputsRefused, NotEnoughData
from features.sources.check import Breach
from features.sources.fetch import mapped_rows
from features.sources.files import FORMATS, Raw, delimited, files_of, parquet
from features.sources.holders import DOMAIN_HOLDERS
from features.sources.judge import Desk, TableSummary, Verdict, judge
from features.sources.keep import CUSTOMERS_IN_BUCKET, prepare
from features.sources.mapping import Mapping
from features.sources.schema import Table
from features.sources.tables import ACCOUNTS, EITHER_REQUIRED, TABLES
from features.sources.world import World, connect

TOLERANCE = 0.01
FETCHED = "fetched"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The accepted rows and what was found on the way to them.

    `missing` names tables that were not there, `unclaimed` files of the folder that are no table.
    """

    world: World
    tables: tuple[TableSummary, ...]
    breaches: tuple[Breach, ...]
    missing: tuple[str, ...]
    unclaimed: tuple[str, ...]


def accept(  # noqa: PLR0913 - limits come by name
    place: Path | None,
    *,
    mapping: Mapping | None = None,
    as_of: date,
    work: Path,
    quarantine: Path,
    tolerance: float = TOLERANCE,
    memory: str = "2GB",
    customers_in_bucket: int = CUSTOMERS_IN_BUCKET,
) -> Accepted:
    """Read every table in `place`, keep its good rows in `work` and its bad ones in `quarantine`.

    Judged are the rows that were known before `as_of`; later ones are counted and left out. The customers are
    dealt to buckets of about `customers_in_bucket`.
    Of every table at most the share `tolerance` of the judged rows may be bad. With a `mapping` the tables
    are where it says, and `place` is not read.

    Raises:
        CallRefused: `place` is no folder, or the mapping names something that is not there.
        InputsRefused: A required table, column or file is missing or broken, or too many rows are bad; says
            every breach of every table.
        NotEnoughData: Every customer was known only later.
    """
    _check_call(place, mapping, (work, quarantine))
    _empty(work, quarantine)
    scratch = work / "spill"
    engine = connect(memory=memory, scratch=scratch)
    # What the engine knows of rows left out (a null among them) would change the bytes of those kept.
    engine.execute("SET disabled_optimizers = 'statistics_propagation'")
    # Every file is written in an order of its own; to hold that of the inputs would cost memory.
    engine.execute("SET preserve_insertion_order = false")
    prepare(engine)
    desk = Desk(engine, as_of, World(work, TABLES), quarantine, tolerance, customers_in_bucket)
    try:
        verdicts = _verdicts(desk, place, mapping)
    finally:
        engine.close()
        for folder in (scratch, work / FETCHED):
            shutil.rmtree(folder, ignore_errors=True)
    unclaimed = _unclaimed(place) if place is not None and mapping is None else ()
    accepted = _accepted(verdicts, as_of, work, unclaimed)
    if any(breach.fatal for breach in accepted.breaches):
        raise InputsRefused(_refusal(accepted, quarantine))
    _require_customers(accepted, as_of)
    return accepted


def _require_customers(accepted: Accepted, as_of: date) -> None:
    """Tell inputs that are right but begin later from inputs that lack their customers."""
    for summary in accepted.tables:
        if summary.name == ACCOUNTS.name and summary.rows == summary.later:
            raise NotEnoughData(
                f"Customers known before {as_of} were expected, but all {summary.rows:,} rows of"
                f" {ACCOUNTS.name} were known later. Give a longer history or a later month."
            )


def _unclaimed(place: Path) -> tuple[str, ...]:
    found = (path for format_ in FORMATS for path in place.glob(f"*.{format_}"))
    names = {table.name for table in TABLES}
    return tuple(sorted(path.name for path in found if path.stem not in names))


def _check_call(place: Path | None, mapping: Mapping | None, written: tuple[Path, ...]) -> None:
    if mapping is None and (place is None or not place.is_dir()):
        got = place or "neither"
        raise CallRefused(f"A folder with one file a table, or a mapping, was expected, got {got}.")
    if place is not None and place.resolve() in [folder.resolve() for folder in written]:
        raise CallRefused(
            f"The inputs in {place} would be overwritten; let them be in a folder of their own."
        )


def _accepted(verdicts: dict[str, Verdict], as_of: date, work: Path, unclaimed: tuple[str, ...]) -> Accepted:
    missing = tuple(table.name for table in TABLES if table.name not in verdicts)
    breaches = tuple(breach for verdict in verdicts.values() for breach in verdict.breaches)
    summaries = tuple(verdict.summary for verdict in verdicts.values() if verdict.summary is not None)
    breaches = (*_absences(missing, summaries, as_of), *breaches)
    present = tuple(table for table in TABLES if table.name in verdicts)
    buckets = max((verdict.world.buckets for verdict in verdicts.values()), default=1)
    return Accepted(World(work, present, buckets), summaries, breaches, missing, unclaimed)


def _empty(work: Path, quarantine: Path) -> None:
    """Make both folders and drop what an earlier run left in them."""
    for folder in (work, quarantine):
        folder.mkdir(parents=True, exist_ok=True)
        for table in (*TABLES, DOMAIN_HOLDERS):
            for ending in ("parquet", "staged.parquet", "csv"):
                (folder / f"{table.name}.{ending}").unlink(missing_ok=True)
            for written in (table.name, f"{table.name}.dealt"):
                shutil.rmtree(folder / written, ignore_errors=True)


def _verdicts(desk: Desk, place: Path | None, mapping: Mapping | None) -> dict[str, Verdict]:
    """Judge the tables that are there, in declared order, so that references find what they refer to."""
    verdicts: dict[str, Verdict] = {}
    for table in TABLES:
        try:
            raw = _found(desk, place, mapping, table)
            if raw is None:
                continue
            verdicts[table.name] = judge(desk, table, raw, _judged(verdicts))
        except InputsRefused as refusal:
            broken = Breach(table=table.name, rule=str(refusal), fatal=True)
            verdicts[table.name] = Verdict((broken,), desk.world)
        desk = replace(desk, world=verdicts[table.name].world)
    return verdicts


def _judged(verdicts: dict[str, Verdict]) -> tuple[str, ...]:
    return tuple(name for name, verdict in verdicts.items() if verdict.summary is not None)


def _found(desk: Desk, place: Path | None, mapping: Mapping | None, table: Table) -> Raw | None:
    if mapping is not None:
        mapped = mapping.of(table)
        if mapped is None:
            return None
        return mapped_rows(desk.engine, mapped, desk.world.folder / FETCHED / table.name)
    paths = files_of(place, table) if place is not None else ()
    if not paths:
        return None
    return parquet(desk.engine, paths) if paths[0].suffix == ".parquet" else delimited(paths)


def _absences(missing: tuple[str, ...], summaries: tuple[TableSummary, ...], as_of: date) -> Iterator[Breach]:
    """Yield what must be there and is not."""
    if ACCOUNTS.name in missing:
        yield Breach(table=ACCOUNTS.name, rule="required table is missing", fatal=True)
    for summary in summaries:
        if summary.name == ACCOUNTS.name and not summary.accepted and not 0 < summary.rows == summary.later:
            told = (
                f"at least one customer known before {as_of} was expected, got none in {summary.rows:,} rows"
            )
            yield Breach(table=ACCOUNTS.name, rule=told, fatal=True)
    either = [table.name for table in EITHER_REQUIRED]
    if all(name in missing for name in either):
        yield Breach(
            table=" or ".join(either), rule="at least one of them is required, both are missing", fatal=True
        )


def _refusal(accepted: Accepted, quarantine: Path) -> str:
    fatal = [breach.sentence() for breach in accepted.breaches if breach.fatal]
    others = [breach.sentence() for breach in accepted.breaches if not breach.fatal]
    findings = len(accepted.breaches)
    lines = [f"The inputs break their contract; {len(fatal)} of {findings} findings stop the run:"]
    lines += [f"  - {told}" for told in fatal]
    if others:
        lines += [f"Rejected rows, as written to {quarantine}:", *(f"  - {told}" for told in others)]
    if accepted.unclaimed:
        lines.append(f"Files that are no table of the contract: {', '.join(accepted.unclaimed)}.")
    lines.append("Mend them at their origin, or map them in a tables.toml, and start again.")
    return "\n".join(lines)


def describe(accepted: Accepted) -> tuple[str, ...]:
    """Tell in plain sentences what was read, what was rejected and what was not there."""
    told = []
    for table in accepted.tables:
        line = f"{table.name}: {table.accepted:,} of {table.rows:,} rows accepted"
        line += f", {table.rejected:,} rejected" if table.rejected else ""
        told.append(line + (f", {table.later:,} later than the as-of date." if table.later else "."))
        if table.absent:
            told.append(f"{table.name}: optional columns that are not there: {', '.join(table.absent)}.")
        if table.rounded:
            told.append(f"{table.name}: {table.rounded:,} amounts were rounded to the cent.")
        if table.unused:
            told.append(f"{table.name}: columns that nothing reads: {', '.join(table.unused)}.")
    if accepted.missing:
        told.append(f"Optional tables that are not there: {', '.join(accepted.missing)}.")
    if accepted.unclaimed:
        told.append(f"Files that are no table of the contract: {', '.join(accepted.unclaimed)}.")
    return (*told, *(breach.sentence() for breach in accepted.breaches))
