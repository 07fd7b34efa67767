"""A report against its contract, before it is written: every breach is found, and told at once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import duckdb

from features.sources.schema import Kind
from reports.field import Field, Report

TYPES = {
    Kind.TEXT: ("VARCHAR", "ENUM"),
    Kind.INTEGER: (
        "TINYINT",
        "SMALLINT",
        "INTEGER",
        "BIGINT",
        "HUGEINT",
        "UTINYINT",
        "USMALLINT",
        "UINTEGER",
    ),
    Kind.NUMBER: ("DOUBLE", "FLOAT"),
    Kind.DATE: ("DATE",),
    Kind.INSTANT: ("TIMESTAMP",),
    Kind.FLAG: ("BOOLEAN",),
}
"""The DuckDB types that hold a kind of value without loss; the check casts nothing."""
EXAMPLES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A rule that rows of a report break: which, how many, and the keys of three of them."""

    report: str
    column: str
    rule: str
    rows: int = 0
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Tell the breach on one line."""
        rows = f", {self.rows} rows" if self.rows else ""
        such_as = f", such as {'; '.join(self.examples)}" if self.examples else ""
        return f"{self.report}.{self.column}: {self.rule}{rows}{such_as}"


def together(breaches: Iterable[Breach]) -> tuple[Breach, ...]:
    """Put breaches that were found in parts of a report together, as if it had been looked at as a whole."""
    found: dict[tuple[str, str, str], Breach] = {}
    for breach in breaches:
        key = (breach.report, breach.column, breach.rule)
        before = found.get(key)
        if before is not None:
            examples = tuple(sorted((*before.examples, *breach.examples))[:EXAMPLES])
            breach = replace(breach, rows=before.rows + breach.rows, examples=examples)
        found[key] = breach
    return tuple(found.values())


class ContractBroken(Exception):
    """What we were about to publish is not what is declared: a bug, so it keeps its traceback."""

    def __init__(self, breaches: Sequence[Breach]) -> None:
        """Tell every breach."""
        self.breaches = tuple(breaches)
        super().__init__("\n".join([f"{len(breaches)} breaches of report contracts:", *map(str, breaches)]))


@dataclass(frozen=True, slots=True)
class _Rule:
    """SQL that holds for the rows that break a rule."""

    column: str
    told: str
    broken: str


def check(engine: duckdb.DuckDBPyConnection, relation: str, report: Report) -> tuple[Breach, ...]:
    """Return every breach of the report's contract by a relation of its published columns."""
    there = {
        str(row[0]): str(row[1]) for row in engine.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    }
    shape = tuple(_misshapen(report, there))
    broken = {breach.column for breach in shape}
    sound = [field for field in report.fields if field.name not in broken]
    rules = [rule for field in sound for rule in _rules(field, is_whole=not shape)]
    keyed = not broken.intersection(report.key)
    return (
        *shape,
        *_broken(engine, relation, report, rules, keyed=keyed),
        *(_duplicates(engine, relation, report) if keyed else ()),
    )


def _misshapen(report: Report, there: dict[str, str]) -> Iterator[Breach]:
    for field in report.fields:
        if field.name not in there:
            yield Breach(report=report.name, column=field.name, rule="missing")
        elif there[field.name].split("(")[0] not in TYPES[field.column.kind]:
            rule = f"wrong type: {field.column.kind.name.lower()} was expected, {there[field.name]} came"
            yield Breach(report=report.name, column=field.name, rule=rule)
    declared = set(report.header)
    for name in there:
        if name not in declared:
            yield Breach(report=report.name, column=name, rule="not declared")
    if declared == set(there) and report.header != tuple(there):
        yield Breach(report=report.name, column=report.header[0], rule="columns in another order")


def _rules(field: Field, *, is_whole: bool) -> Iterator[_Rule]:
    name, column = f'"{field.name}"', field.column
    empty = f"({name} IS NULL OR {name} = '')" if column.kind is Kind.TEXT else f"{name} IS NULL"
    if not column.optional:
        yield _Rule(field.name, "empty where a value is required", empty)
    if field.filled_when and is_whole:
        yield _Rule(field.name, f"empty although {field.filled_when}", f"({field.filled_when}) AND {empty}")
    if column.allowed:
        listed = ", ".join("'" + value.replace("'", "''") + "'" for value in column.allowed)
        yield _Rule(field.name, f"not one of {field.told}", f"{name} NOT IN ({listed})")
    if column.low is not None:
        yield _Rule(field.name, f"below {column.low:g}", f"{name} < {column.low}")
    if column.high is not None:
        yield _Rule(field.name, f"above {column.high:g}", f"{name} > {column.high}")


def _broken(
    engine: duckdb.DuckDBPyConnection, relation: str, report: Report, rules: Sequence[_Rule], *, keyed: bool
) -> Iterator[Breach]:
    if not rules:
        return
    counts = ", ".join(f"count(*) FILTER (WHERE {rule.broken})" for rule in rules)
    (found,) = engine.execute(f"SELECT {counts} FROM {relation}").fetchall()
    for rule, rows in zip(rules, found, strict=True):
        if rows:
            examples = _examples(engine, f"{relation} WHERE {rule.broken}", report) if keyed else ()
            yield Breach(report=report.name, column=rule.column, rule=rule.told, rows=rows, examples=examples)


def _duplicates(engine: duckdb.DuckDBPyConnection, relation: str, report: Report) -> Iterator[Breach]:
    keys = _keys(report)
    copies = f"(SELECT {keys}, count(*) AS copies FROM {relation} GROUP BY {keys} HAVING copies > 1)"
    ((rows,),) = engine.execute(f"SELECT coalesce(sum(copies), 0) FROM {copies}").fetchall()
    if rows:
        yield Breach(
            report=report.name,
            column=", ".join(report.key),
            rule="duplicate key",
            rows=int(rows),
            examples=_examples(engine, copies, report),
        )


def _examples(engine: duckdb.DuckDBPyConnection, rows: str, report: Report) -> tuple[str, ...]:
    keys = _keys(report)
    found = engine.execute(f"SELECT {keys} FROM {rows} ORDER BY {keys} LIMIT {EXAMPLES}").fetchall()
    return tuple("/".join(str(part) for part in row) for row in found)


def _keys(report: Report) -> str:
    return ", ".join(f'"{name}"' for name in report.key)
