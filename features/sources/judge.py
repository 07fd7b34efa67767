"""One table from its rows as found to accepted Parquet and quarantined CSV."""

from collections.abc import Collection, Iterator
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
class _Count:
    """How many rows there are, are known in time, and of these are rejected and break each rule."""

    rows: int
    known: int
    rejected: int
    broken: tuple[int, ...]


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
    rows = _converted(raw, readings, table.known_by(f"TIMESTAMP '{desk.as_of.isoformat()}'"))
    if raw.typed:
        # Columns of an origin with types are read as they are: as fast as from a copy, which is spared.
        with naming(raw.origin):
            return _sort_out(desk, table, raw, rows, judged)
    staged = desk.world.folder / f"{table.name}.staged.parquet"
    try:
        with naming(raw.origin):
            _copy(desk.engine, f"FROM {rows}", staged, "FORMAT parquet, COMPRESSION snappy")
        return _sort_out(desk, table, raw, f"read_parquet({literal(str(staged))})", judged)
    finally:
        staged.unlink(missing_ok=True)


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


def _converted(raw: Raw, readings: tuple[_Reading, ...], in_time: str) -> str:
    """SQL: every row converted; `in_time` tells whether it is judged, which an unreadable day always is."""
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
    return (
        f"(SELECT {', '.join(outer)}, coalesce({in_time}, TRUE) AS in_time"
        f" FROM (SELECT {', '.join(inner)} FROM {raw.relation}))"
    )


def _copy(engine: duckdb.DuckDBPyConnection, query: str, to: Path, how: str) -> None:
    engine.execute(f"COPY ({query}) TO {literal(str(to))} ({how})")


def _sort_out(desk: Desk, table: Table, raw: Raw, rows: str, judged: Collection[str]) -> Verdict:
    engine = desk.engine
    applied = _apply_rules(engine, table, rows, judged)
    count = _count(engine, applied)
    breaches = tuple(_breaches(engine, table, applied, count))
    if breaches:
        _set_aside(desk, table, applied)
    accepted = f"(SELECT {', '.join(table.names)} FROM judged WHERE NOT {_any(applied if breaches else ())})"
    world = desk.world
    if table is ACCOUNTS:
        world = replace(world, buckets=count_buckets(engine, accepted, desk.customers_in_bucket))
    digest = keep(engine, world, table, accepted)
    if count.rejected > desk.tolerance * count.known:
        share = f"{count.rejected / count.known:.2%}; at most {desk.tolerance:.2%} may be"
        told = f"{count.rejected:,} of {count.known:,} rows are bad, {share}"
        breaches = (*breaches, Breach(table=table.name, rule=told, fatal=True))
    names = {column.name.lower() for column in raw.columns}
    summary = TableSummary(
        name=table.name,
        rows=count.rows,
        accepted=count.known - count.rejected,
        rejected=count.rejected,
        later=count.rows - count.known,
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
    """Make views of the rows with `broken_0`, `broken_1`, ... for the rules returned.

    `flagged` has all rows and `in_time`, `judged` only those in time.
    """
    _find_repeated(engine, table, rows)
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
    engine.execute(f"CREATE OR REPLACE TEMP VIEW flagged AS SELECT *, {flags} FROM {rows}")
    engine.execute("CREATE OR REPLACE TEMP VIEW judged AS SELECT * FROM flagged WHERE in_time")
    return applied


def _find_repeated(engine: duckdb.DuckDBPyConnection, table: Table, rows: str) -> None:
    """Make the table `repeated`: the keys that are there more than once.

    Numbers are grouped at half the cost of texts, so hashes of keys are first; keys only where these meet.
    """
    key = ", ".join(table.key)
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE met AS SELECT hash({key}) AS hash FROM {rows} WHERE in_time"
        " GROUP BY hash HAVING count(*) > 1"
    )
    some = "hash IN (FROM met)" if _number(engine, "SELECT count(*) FROM met") else "FALSE"
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE repeated AS SELECT {key}"
        f" FROM (SELECT {key}, hash({key}) AS hash FROM {rows} WHERE in_time) WHERE {some}"
        f" GROUP BY {key} HAVING count(*) > 1"
    )


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


def _count(engine: duckdb.DuckDBPyConnection, applied: tuple[Rule, ...]) -> _Count:
    """Count the rows in one pass."""
    broken = (f"broken_{at}" for at in range(len(applied)))
    counts = ", ".join(f"count(*) FILTER (in_time AND {rows})" for rows in ("TRUE", _any(applied), *broken))
    rows, known, rejected, *each = engine.execute(f"SELECT count(*), {counts} FROM flagged").fetchall()[0]
    return _Count(rows, known, rejected, tuple(each))


def _breaches(
    engine: duckdb.DuckDBPyConnection, table: Table, applied: tuple[Rule, ...], count: _Count
) -> Iterator[Breach]:
    """Tell how many rows break each rule that some break, with the smallest keys among them as examples."""
    for at, (rule, broken) in enumerate(zip(applied, count.broken, strict=True)):
        if broken:
            smallest = engine.execute(
                f"SELECT DISTINCT {_key_text(table)} AS key FROM judged WHERE broken_{at}"
                f" ORDER BY key LIMIT {EXAMPLES}"
            ).fetchall()
            keys = tuple(str(row[0]) for row in smallest)
            yield Breach(table=table.name, rule=rule.told, column=rule.column, count=broken, examples=keys)


def _any(applied: tuple[Rule, ...]) -> str:
    return "(" + (" OR ".join(f"broken_{at}" for at in range(len(applied))) or "FALSE") + ")"


def _set_aside(desk: Desk, table: Table, applied: tuple[Rule, ...]) -> None:
    """Write the rejected rows as they were written, with what is wrong in `breach`."""
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
