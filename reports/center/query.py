"""A query as a tree: what is asked of a dataset, whoever asks and however it was written."""

from dataclasses import dataclass
from enum import StrEnum

from features.errors import CallRefused


class QueryRefused(CallRefused):
    """A query asks for what there is not, or not in that way; the message says what would be right."""


class Operator(StrEnum):
    """How a column is compared."""

    EQUAL = "="
    UNEQUAL = "!="
    ABOVE = ">"
    BELOW = "<"
    AT_LEAST = ">="
    AT_MOST = "<="
    LIKE = "LIKE"
    NOT_LIKE = "NOT LIKE"
    IN = "IN"
    NOT_IN = "NOT IN"


class Span(StrEnum):
    """How far back a query reads; without one it reads the latest month."""

    TODAY = "TODAY"
    YESTERDAY = "YESTERDAY"
    LAST_7_DAYS = "LAST_7_DAYS"
    LAST_14_DAYS = "LAST_14_DAYS"
    LAST_30_DAYS = "LAST_30_DAYS"
    LAST_90_DAYS = "LAST_90_DAYS"
    LAST_180_DAYS = "LAST_180_DAYS"
    LAST_365_DAYS = "LAST_365_DAYS"
    LAST_MONTH = "LAST_MONTH"
    LAST_3_MONTHS = "LAST_3_MONTHS"
    LAST_6_MONTHS = "LAST_6_MONTHS"
    LAST_1_YEAR = "LAST_1_YEAR"
    LIFETIME = "LIFETIME"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A column compared with one value, or with several for IN; values as they were written."""

    column: str
    operator: Operator
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A column to sort by; the largest first unless said otherwise."""

    column: str
    descending: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Columns of a dataset, in order; rows that meet every condition."""

    dataset: str
    columns: tuple[str, ...]
    distinct: bool = False
    where: tuple[Condition, ...] = ()
    order: tuple[Order, ...] = ()
    limit: int | None = None
    span: Span | None = None
