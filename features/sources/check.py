"""The rules that a table's declaration implies, as SQL over its converted rows, and what breaks them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from features.sources.files import literal
from features.sources.schema import Column, Kind, Table

EARLIEST, LATEST = "1970-01-01", "2100-12-31"
"""A day outside of these is a typing error, not a date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """What was wrong with a table: a rule, how many rows break it, and the keys of three of them.

    `fatal` ones stop the run whatever the tolerance.
    """

    table: str
    rule: str
    column: str = ""
    count: int = 0
    examples: tuple[str, ...] = ()
    fatal: bool = False

    def sentence(self) -> str:
        """Tell the breach in one line."""
        where = f"{self.table}.{self.column}" if self.column else self.table
        told = f"{where}: {self.rule.rstrip('.')}"
        if self.count:
            told += f"; {self.count:,} {'row' if self.count == 1 else 'rows'}"
        if self.examples:
            told += ", such as " + " and ".join(self.examples)
        return told + "."


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that every row must keep; `broken` is SQL, true where a row breaks it (null is kept)."""

    column: str
    told: str
    broken: str


def unread(column: Column) -> str:
    """Return the name of the column that holds a value as written where it is none of the declared kind."""
    return f"{column.name}__unread"


def rules(table: Table, entities: Mapping[str, str]) -> tuple[Rule, ...]:
    """Return the rules of a table; `entities` gives, per table to refer to, SQL of its ids.

    References to tables without an entry are not judged. Duplicate keys are looked up in `repeated`,
    the ids whose chain of parents comes to an end in `rooted`.
    """
    found = [rule for column in table.columns for rule in _column_rules(table, column)]
    for column in table.columns:
        if column.refers_to in entities:
            ids = entities[str(column.refers_to)]
            broken = f"{column.name} IS NOT NULL AND {column.name} NOT IN ({ids})"
            found.append(
                Rule(column.name, f"refers to a row of {column.refers_to} that is not there", broken)
            )
            if column.refers_to == table.name:
                broken = f"{table.key[0]} NOT IN (SELECT id FROM rooted)"
                found.append(Rule(column.name, "leads in a circle instead of to a root", broken))
    if table.any_of:
        broken = " AND ".join(f"{name} IS NULL" for name in table.any_of)
        found.append(Rule(", ".join(table.any_of), "are all empty, one of them is required", broken))
    if table.negative_unless is not None:
        quantity, by, value = table.negative_unless
        broken = f"{quantity} < 0 AND {by} IS DISTINCT FROM {literal(value)}"
        found.append(Rule(quantity, f"is negative although {by} is not {value}", broken))
    key = ", ".join(table.key)
    broken = f"({key}) IN (SELECT ({key}) FROM repeated)"
    return (*found, Rule(key, "is there more than once; the key must be unique", broken))


def _column_rules(table: Table, column: Column) -> Iterator[Rule]:
    name = column.name
    if column.kind is not Kind.TEXT:
        yield Rule(name, f"is not {_KIND_TOLD[column.kind]}", f"{unread(column)} IS NOT NULL")
    if not column.optional:
        missing = f"{name} IS NULL" + ("" if column.kind is Kind.TEXT else f" AND {unread(column)} IS NULL")
        yield Rule(name, "is empty where a value is required", missing)
    if column.kind is Kind.NUMBER:
        yield Rule(name, "is not a finite number", f"NOT isfinite({name})")
    if column.allowed:
        listed = ", ".join(literal(value) for value in column.allowed)
        yield Rule(name, f"is none of {', '.join(column.allowed)}", f"{name} NOT IN ({listed})")
    yield from _bound_rules(column)
    if column.past and table.known is not None and name != table.known:
        broken = f"CAST({name} AS DATE) > CAST({table.known} AS DATE)"
        if column.kind is Kind.INSTANT and table.column(table.known).kind is Kind.INSTANT:
            broken = f"{name} > {table.known}"
        yield Rule(name, f"lies after {table.known}: it happened after it was known", broken)


def _bound_rules(column: Column) -> Iterator[Rule]:
    name = column.name
    if column.kind in (Kind.DATE, Kind.INSTANT):
        broken = f"{name} < DATE '{EARLIEST}' OR CAST({name} AS DATE) > DATE '{LATEST}'"
        yield Rule(name, f"is no sensible date ({EARLIEST} to {LATEST})", broken)
    bounds = [(column.low, "below", "<"), (column.high, "above", ">")]
    for bound, word, sign in bounds:
        if bound is not None:
            # NaN counts as greater than every number; it has its own rule.
            finite = f" AND isfinite({name})" if column.kind is Kind.NUMBER else ""
            yield Rule(name, f"is {word} {bound:,g}", f"{name} {sign} {bound!r}{finite}")


_KIND_TOLD = {
    Kind.INTEGER: "a whole number",
    Kind.NUMBER: "a number",
    Kind.DATE: "a date like 2026-10-25",
    Kind.INSTANT: "an instant like 2026-10-25T13:00:00Z",
    Kind.FLAG: "true or false",
}


def kind_told(kind: Kind) -> str:
    """Tell what a value of the kind looks like."""
    return _KIND_TOLD.get(kind, "a text")
