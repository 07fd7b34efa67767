"""One table from its rows as found to accepted Parquet and quarantined CSV."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from features.sources.check import Breach, Rule, kind_told, rules, unread
from features.sources.convert import DOLLARS, as_text, converted, exact_cents
from features.sources.files import Raw, literal, naming, quoted
from features.sources.keep import count_buckets, keep
from features.sources.schema import Column, Kind, Table
from features.sources.tables import ACCOUNTS, TABLES
from features.sources.world import World

EXAMPLES = 3
REFERRED = frozenset(column.refers_to for table in TABLES for column in table.columns if column.refers_to)
"""The tables that others refer to; the first column of their key is the id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSummary:
    """What became of the rows of a table: `rows` = accepted + rejected + later.

    `later` rows were not known before the as-of date: not judged, not kept. `digest` follows from the
    accepted rows and the buckets they are in. `absent` are optional columns that were not there and read as
    empty; `unused` are columns that the contract does not know. `rounded` amounts in dollars had fractions of
    a cent and were rounded, half away from zero.
    """

    name: str
    rows: int
    accepted: int
    rejected: int
    later: int
    digest: str
    absent: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    rounded: int = 0


@dataclass(frozen=True, slots=True)
class Desk:
    """Where tables are judged: engine, as-of date, the world and folder written to, the bad rows borne."""

    engine: duckdb.DuckDBPyConnection
    as_of: date
    world: World
    quarantine: Path
    tolerance: float
    customers_in_bucket: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found in a table; no summary where its rows could not be judged at all.

    `world` is the one written to: the customers decide into how many buckets.
    """

    breaches: tuple[Breach, ...]
    world: World
    summary: TableSummary | None = None


@dataclass(frozen=True, slots=True)
class _Reading:
    """How a declared column is read: SQL of its value, and of its text as written where it can fail."""

    column: Column
    value: str
    text: str


def judge(desk: Desk, table: Table, raw: Raw, judged: Collection[str]) -> Verdict:
    """Judge the rows known before the as-of date; write the accepted ones to the world, the rejected aside.

    References to the tables named in `judged`, and to the table itself, are judged too: an id is there if a
    row known before the as-of date has it, be that row accepted or not.

    Raises:
        InputsRefused: The origin breaks off while it is read.
    """
    readings, unfit = _readings(desk.engine, table, raw)
    if unfit:
        return Verdict(unfit, desk.world)
    staged = desk.world.folder / f"{table.name}.staged.parquet"
    with naming(raw.origin):
        _stage(desk, table, raw, readings, staged)
    try:
        return _sort_out(desk, table, raw, staged, judged)
    finally:
        staged.unlink()


def _readings(
    engine: duckdb.DuckDBPyConnection, table: Table, raw: Raw
) -> tuple[tuple[_Reading, ...], tuple[Breach, ...]]:
    found = {column.name.lower(): column for column in raw.columns}
    readings, unfit = [], []
    for column in table.columns:
        there = found.get(column.name)
        value = converted(raw, there, column) if there is not None else None
        if there is not None and value is not None:
            readings.append(_Reading(column, value, as_text(there)))
        elif there is None and not column.optional:
            told = f"required column is missing; {raw.origin} has {', '.join(sorted(found)) or 'no column'}"
            unfit.append(Breach(table=table.name, rule=told, column=column.name, fatal=True))
        elif there is not None and (values := _filled(engine, raw, there.name)):
            told = f"column holds {there.type}, expected {kind_told(column.kind)}"
            unfit.append(Breach(table=table.name, rule=told, column=column.name, count=values, fatal=True))
        else:
            readings.append(_Reading(column, f"CAST(NULL AS {column.kind})", "CAST(NULL AS VARCHAR)"))
    return tuple(readings), tuple(unfit)


def _filled(engine: duckdb.DuckDBPyConnection, raw: Raw, name: str) -> int:
    with naming(raw.origin):
        return _number(engine, f"SELECT count({quoted(name)}) FROM {raw.relation}")


def _number(engine: duckdb.DuckDBPyConnection, query: str) -> int:
    row = engine.execute(query).fetchone()
    return int(row[0]) if row else 0


def _stage(desk: Desk, table: Table, raw: Raw, readings: tuple[_Reading, ...], to: Path) -> None:
    """Convert every row once; `in_time` tells whether it is judged, which an unreadable day always is."""
    inner, outer = [], []
    for reading in readings:
        name = reading.column.name
        inner.append(f"{reading.value} AS {name}")
        outer.append(name)
        if reading.column.kind is not Kind.TEXT:
            inner.append(f"{reading.text} AS {unread(reading.column)}")
            outer.append(
                f"CASE WHEN {name} IS NULL THEN {unread(reading.column)} END AS {unread(reading.column)}"
            )
    in_time = table.known_by(f"TIMESTAMP '{desk.as_of.isoformat()}'")
    _copy(
        desk.engine,
        f"SELECT {', '.join(outer)}, coalesce({in_time}, TRUE) AS in_time"
        f" FROM (SELECT {', '.join(inner)} FROM {raw.relation})",
        to,
        "FORMAT parquet, COMPRESSION snappy",
    )


def _copy(engine: duckdb.DuckDBPyConnection, query: str, to: Path, how: str) -> None:
    engine.execute(f"COPY ({query}) TO {literal(str(to))} ({how})")


def _sort_out(desk: Desk, table: Table, raw: Raw, staged: Path, judged: Collection[str]) -> Verdict:
    engine = desk.engine
    rows = f"read_parquet({literal(str(staged))})"
    applied = _apply_rules(engine, table, rows, judged)
    total = _number(engine, f"SELECT count(*) FROM {rows}")
    later = total - _number(engine, f"SELECT count(*) FROM {rows} WHERE in_time")
    breaches = _breaches(engine, table, applied)
    rejected = _set_aside(desk, table, applied) if breaches else 0
    accepted = f"(SELECT * FROM judged WHERE NOT {_any(applied if breaches else ())})"
    world = desk.world
    if table is ACCOUNTS:
        world = replace(world, buckets=count_buckets(engine, accepted, desk.customers_in_bucket))
    digest = keep(engine, world, table, accepted)
    known = total - later
    if rejected > desk.tolerance * known:
        share = f"{rejected / known:.2%}; at most {desk.tolerance:.2%} may be"
        told = f"{rejected:,} of {known:,} rows are bad, {share}"
        breaches = (*breaches, Breach(table=table.name, rule=told, fatal=True))
    names = {column.name.lower() for column in raw.columns}
    summary = TableSummary(
        name=table.name,
        rows=total,
        accepted=known - rejected,
        rejected=rejected,
        later=later,
        digest=digest,
        absent=tuple(name for name in table.names if name not in names),
        unused=tuple(sorted(names - set(table.names))),
        rounded=_rounded(engine, raw),
    )
    return Verdict(breaches, world, summary)


def _rounded(engine: duckdb.DuckDBPyConnection, raw: Raw) -> int:
    amounts = [exact_cents(quoted(found.name)) for found in raw.columns if found.written == DOLLARS]
    if not amounts:
        return 0
    counts = " + ".join(f"count(*) FILTER ({cents} <> round({cents}))" for cents in amounts)
    return _number(engine, f"SELECT {counts} FROM {raw.relation}")


def _apply_rules(
    engine: duckdb.DuckDBPyConnection, table: Table, rows: str, judged: Collection[str]
) -> tuple[Rule, ...]:
    """Make the view `judged`: the rows in time, and `broken_0`, `broken_1`, ... for the rules returned."""
    key = ", ".join(table.key)
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE repeated AS SELECT {key} FROM {rows} WHERE in_time"
        f" GROUP BY {key} HAVING count(*) > 1"
    )
    if table.name in REFERRED:
        engine.execute(
            f"CREATE OR REPLACE TEMP TABLE ids_{table.name} AS SELECT DISTINCT {table.key[0]} AS id"
            f" FROM {rows} WHERE in_time AND {table.key[0]} IS NOT NULL"
        )
    for column in table.columns:
        if column.refers_to == table.name:
            _find_rooted(engine, table, column, rows)
    there = {name: f"SELECT id FROM ids_{name}" for name in (*judged, table.name) if name in REFERRED}
    applied = rules(table, there)
    flags = ", ".join(f"coalesce({rule.broken}, FALSE) AS broken_{at}" for at, rule in enumerate(applied))
    engine.execute(f"CREATE OR REPLACE TEMP VIEW judged AS SELECT *, {flags} FROM {rows} WHERE in_time")
    return applied


def _find_rooted(engine: duckdb.DuckDBPyConnection, table: Table, parent: Column, rows: str) -> None:
    """Make the table `rooted`: the ids from which the chain of parents comes to an end."""
    key = table.key[0]
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE rooted AS WITH RECURSIVE"
        f" child AS (SELECT {key} AS id, {parent.name} AS above FROM {rows}"
        f" WHERE in_time AND {key} IS NOT NULL),"
        f" up(id) AS (SELECT id FROM child WHERE above IS NULL OR above NOT IN (SELECT id FROM child)"
        f" UNION SELECT child.id FROM child JOIN up ON child.above = up.id) FROM up"
    )


def _text(column: Column) -> str:
    text = f"CAST({column.name} AS VARCHAR)"
    return text if column.kind is Kind.TEXT else f"coalesce({text}, {unread(column)})"


def _key_text(table: Table) -> str:
    parts = [f"coalesce({_text(table.column(name))}, '(empty)')" for name in table.key]
    return f"concat_ws(' / ', {', '.join(parts)})"


def _breaches(
    engine: duckdb.DuckDBPyConnection, table: Table, applied: tuple[Rule, ...]
) -> tuple[Breach, ...]:
    """Count the rows that break each rule, with the smallest keys among them as examples."""
    counts = ", ".join(f"count(*) FILTER (broken_{at})" for at in range(len(applied)))
    found = engine.execute(f"SELECT {counts} FROM judged").fetchone() or ()
    breaches = []
    for at, (rule, count) in enumerate(zip(applied, found, strict=True)):
        if count:
            smallest = engine.execute(
                f"SELECT DISTINCT {_key_text(table)} AS key FROM judged WHERE broken_{at}"
                f" ORDER BY key LIMIT {EXAMPLES}"
            ).fetchall()
            keys = tuple(str(row[0]) for row in smallest)
            breaches.append(
                Breach(table=table.name, rule=rule.told, column=rule.column, count=int(count), examples=keys)
            )
    return tuple(breaches)


def _any(applied: tuple[Rule, ...]) -> str:
    return "(" + (" OR ".join(f"broken_{at}" for at in range(len(applied))) or "FALSE") + ")"


def _set_aside(desk: Desk, table: Table, applied: tuple[Rule, ...]) -> int:
    """Write the rejected rows as they were written, with what is wrong in `breach`; return their number."""
    told = [
        f"CASE WHEN broken_{at} THEN {literal(f'{rule.column} {rule.told}')} END"
        for at, rule in enumerate(applied)
    ]
    texts = ", ".join(f"{_text(column)} AS {column.name}" for column in table.columns)
    query = f"SELECT {texts}, concat_ws('; ', {', '.join(told)}) AS breach FROM judged WHERE {_any(applied)}"
    _copy(
        desk.engine,
        f"SELECT * FROM ({query}) ORDER BY ALL",
        desk.quarantine / f"{table.name}.csv",
        "FORMAT csv, HEADER true",
    )
    return _number(desk.engine, f"SELECT count(*) FROM judged WHERE {_any(applied)}")
