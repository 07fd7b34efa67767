"""The form of a published column: what it may hold, where its value comes from, how it is told."""

from dataclasses import dataclass
from enum import StrEnum

from features.sources.schema import Column, Kind


class Form(StrEnum):
    """How a value is written; the value of a member is its type in the contract."""

    STRING = "string"
    INTEGER = "integer"
    ENUM = "enum"
    FLAG = "flag"
    LIST = "list"
    PROBABILITY = "probability"
    MONEY = "money"
    HUNDREDTHS = "two decimals"
    DATE = "date"


class Group(StrEnum):
    """What a column is about."""

    IDENTITY = "identity"
    FIRMOGRAPHICS = "firmographics"
    SEGMENT = "segment"
    COHORT = "cohort"
    PROPENSITY = "propensity"
    REVENUE = "revenue"
    RENEWAL = "renewal"
    PLAY = "play"
    LICENSE = "licences"


class Origin(StrEnum):
    """Who named the column: the published original, this project for a published idea, this project alone."""

    PUBLISHED = "published"
    NAMED_HERE = "named here"
    ADDED = "added"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A published column and the SQL that reads its value from the relation of its report.

    `column` bounds the value before it is written: money in cents, flags as booleans. `told` says in the
    reader's words which values there are. `filled_when` is SQL over the published columns of the row: where
    it holds, an empty cell is a breach.
    """

    name: str
    form: Form
    column: Column
    meaning: str
    sql: str
    told: str
    group: Group
    origin: Origin = Origin.PUBLISHED
    filled_when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A published CSV: what one row is, its key in sorting order, the relation it reads, its columns."""

    name: str
    row: str
    key: tuple[str, ...]
    reads: str
    fields: tuple[Field, ...]

    @property
    def header(self) -> tuple[str, ...]:
        """The column names as published."""
        return tuple(field.name for field in self.fields)

    def field(self, name: str) -> Field:
        """Return the field of that name; `KeyError` where the report has none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(f"{self.name} has no column {name}")


def sourced(column: Column, *, name: str, meaning: str, told: str, group: Group) -> Field:
    """Publish a column of a source table under another name; its bounds are the source's own."""
    form = Form.INTEGER if column.kind is Kind.INTEGER else Form.ENUM if column.allowed else Form.STRING
    told = " | ".join(column.allowed) or told
    return Field(
        name=name, form=form, column=column, meaning=meaning, sql=column.name, told=told, group=group
    )


def string(name: str, meaning: str, sql: str, *, told: str, group: Group, optional: bool = False) -> Field:
    """Declare a column of text."""
    column = Column(name=name, kind=Kind.TEXT, meaning=meaning, optional=optional)
    return Field(name=name, form=Form.STRING, column=column, meaning=meaning, sql=sql, told=told, group=group)


def enum(name: str, meaning: str, sql: str, *, allowed: tuple[str, ...], group: Group) -> Field:
    """Declare a column of a closed list; empty is allowed."""
    column = Column(name=name, kind=Kind.TEXT, meaning=meaning, optional=True, allowed=allowed)
    told = " | ".join(allowed)
    return Field(name=name, form=Form.ENUM, column=column, meaning=meaning, sql=sql, told=told, group=group)


def flag(name: str, meaning: str, sql: str, *, group: Group) -> Field:
    """Declare a predicate; empty where the table that would decide it is not there."""
    column = Column(name=name, kind=Kind.FLAG, meaning=meaning, optional=True)
    return Field(
        name=name, form=Form.FLAG, column=column, meaning=meaning, sql=sql, told="Yes | No", group=group
    )


def names(name: str, meaning: str, sql: str, *, group: Group) -> Field:
    """Declare a column of names joined with '; '."""
    column = Column(name=name, kind=Kind.TEXT, meaning=meaning, optional=True)
    told = "names joined with '; '"
    return Field(name=name, form=Form.LIST, column=column, meaning=meaning, sql=sql, told=told, group=group)


def whole(name: str, meaning: str, sql: str, *, group: Group, high: int | None = None) -> Field:
    """Declare a column of whole numbers from 0 on."""
    column = Column(name=name, kind=Kind.INTEGER, meaning=meaning, optional=True, low=0, high=high)
    told = ">= 0" if high is None else f"0-{high}"
    return Field(
        name=name, form=Form.INTEGER, column=column, meaning=meaning, sql=sql, told=told, group=group
    )


def probability(name: str, meaning: str, sql: str) -> Field:
    """Declare a column of probabilities."""
    column = Column(name=name, kind=Kind.NUMBER, meaning=meaning, optional=True, low=0, high=1)
    return Field(
        name=name,
        form=Form.PROBABILITY,
        column=column,
        meaning=meaning,
        sql=sql,
        told="0-1, four decimals",
        group=Group.PROPENSITY,
    )


def money(name: str, meaning: str, sql: str, *, group: Group) -> Field:
    """Declare a column of US dollars; `sql` gives integer cents."""
    column = Column(name=name, kind=Kind.INTEGER, meaning=meaning, optional=True, low=0)
    told = "USD, two decimals"
    return Field(name=name, form=Form.MONEY, column=column, meaning=meaning, sql=sql, told=told, group=group)


def day(name: str, meaning: str, sql: str, *, group: Group) -> Field:
    """Declare a column of dates."""
    column = Column(name=name, kind=Kind.DATE, meaning=meaning, optional=True)
    told = "YYYY-MM-DD"
    return Field(name=name, form=Form.DATE, column=column, meaning=meaning, sql=sql, told=told, group=group)
