"""Runs a query within a scope: names resolved, values bound, never a text of the reader in the SQL."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

import pyarrow as pa

from reports.center.datasets import MONTH, Dataset
from reports.center.query import Condition, Operator, Query, QueryRefused, Span
from reports.center.scope import Scope
from reports.center.shelf import Month, Shelf, columns_of
from reports.field import Field, Form, Group, string

ROWS_AT_ONCE = 20_000
LONGEST_TOLD = 40
"""Characters of a wrong name or value that an error repeats."""
NUMBERS = (Form.INTEGER, Form.MONEY, Form.HUNDREDTHS, Form.PROBABILITY)
"""Forms whose cells are compared and sorted as numbers; all others are compared as they are written."""
MONTH_FIELD = string(MONTH, "The published month the row is from", "", told="YYYY-MM", group=Group.IDENTITY)
DAYS = {
    Span.LAST_7_DAYS: 7,
    Span.LAST_14_DAYS: 14,
    Span.LAST_30_DAYS: 30,
    Span.LAST_90_DAYS: 90,
    Span.LAST_180_DAYS: 180,
    Span.LAST_365_DAYS: 365,
}
MONTHS = {Span.LAST_MONTH: 1, Span.LAST_3_MONTHS: 3, Span.LAST_6_MONTHS: 6, Span.LAST_1_YEAR: 12}
Bound = str | list[str] | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The rows of a query: SQL with bound values, and the columns that come out, each a text."""

    shelf: Shelf
    dataset: Dataset
    fields: tuple[Field, ...]
    sql: str
    values: tuple[Bound, ...]

    def batches(self, of: str = "*", *, at_once: int = ROWS_AT_ONCE) -> Iterator[pa.RecordBatch]:
        """Yield the rows, or an SQL expression of them, some at a time."""
        with self.shelf.reading() as engine:
            found = engine.sql(f"SELECT {of} FROM ({self.sql})", params=list(self.values))
            yield from found.to_arrow_reader(at_once)

    def rows(self, at_most: int | None = None) -> list[dict[str, str | None]]:
        """Return the rows as mappings from column to text, for pages and answers of programs."""
        found: list[dict[str, str | None]] = []
        for batch in self.batches():
            found += batch.to_pylist()
            if at_most is not None and len(found) >= at_most:
                return found[:at_most]
        return found

    def count(self) -> int:
        """Return how many rows there are."""
        with self.shelf.reading() as engine:
            counted = engine.execute(f"SELECT count(*) FROM ({self.sql})", list(self.values)).fetchone()
        return int(counted[0]) if counted else 0


def select(
    shelf: Shelf,
    scope: Scope,
    query: Query,
    *,
    today: date,
    between: tuple[date, date] | None = None,
) -> Selection:
    """Return the rows that a query finds within a scope; `between` (half-open) overrides its span.

    Without a span it reads the latest month; with one, every month whose as-of date lies in it, each row with
    its month. A month whose file lacks a column has it empty.

    Raises:
        QueryRefused: the scope has no such dataset or column, or a value is not of the column's kind.
    """
    dataset, query = resolve(scope, query)
    months = _months(shelf, query.span, today, between)
    spans = query.span is not None or between is not None
    names = (*query.columns, *((MONTH,) if spans and MONTH not in query.columns else ()))
    fields = tuple(MONTH_FIELD if name == MONTH else dataset.report.field(name) for name in names)
    needed = {*names, *(one.column for one in query.where), *(one.column for one in query.order)} - {MONTH}
    values: list[Bound] = []
    parts = [_of_month(shelf, scope, dataset, month, needed, values) for month in months]
    source = " UNION ALL ".join(part for part in parts if part) or _nothing(needed)
    where = " AND ".join(_condition(dataset, one, values) for one in query.where) or "TRUE"
    columns = ", ".join(_quoted(name) for name in names)
    limit = "" if query.limit is None else f" LIMIT {query.limit:d}"
    sql = (
        f"SELECT {'DISTINCT ' if query.distinct else ''}{columns} FROM ({source}) WHERE {where}"
        f"{_order(dataset, query, names)}{limit}"
    )
    return Selection(shelf=shelf, dataset=dataset, fields=fields, sql=sql, values=tuple(values))


def dataset_named(scope: Scope, name: str) -> Dataset:
    """Return a dataset of the scope by its name in any case.

    Raises:
        QueryRefused: the scope has no such dataset.
    """
    dataset = scope.dataset(name)
    if dataset is None:
        raise QueryRefused(
            f"There is no dataset {name[:LONGEST_TOLD]!r}. There are: {', '.join(scope.datasets) or 'none'}."
        )
    return dataset


def resolve(scope: Scope, query: Query) -> tuple[Dataset, Query]:
    """Return the dataset and the query with every name as it is declared.

    Raises:
        QueryRefused: the scope has no such dataset or column; what is hidden is told like what is not there.
    """
    dataset = dataset_named(scope, query.dataset)

    def named(name: str) -> str:
        if query.span is not None and name.lower() == MONTH.lower():
            return MONTH
        field = scope.field(dataset, name)
        if field is None:
            there = ", ".join(one.name for one in scope.fields[dataset.name])
            raise QueryRefused(f"{dataset.name} has no column {name[:LONGEST_TOLD]!r}. It has: {there}.")
        return field.name

    return dataset, replace(
        query,
        dataset=dataset.name,
        columns=tuple(dict.fromkeys(named(name) for name in query.columns)),
        where=tuple(replace(one, column=named(one.column)) for one in query.where),
        order=tuple(replace(one, column=named(one.column)) for one in query.order),
    )


def _months(
    shelf: Shelf, span: Span | None, today: date, between: tuple[date, date] | None
) -> Sequence[Month]:
    months = shelf.months()
    if between is not None:
        return [month for month in months if between[0] <= month.as_of < between[1]]
    if span is None:
        return months[-1:]
    first, last = bounds(span, today)
    return [month for month in months if first <= month.as_of <= last]


def bounds(span: Span, today: date) -> tuple[date, date]:
    """Return the first and the last day of a span; its months are whole calendar months before today's."""
    if span in DAYS:
        return today - timedelta(days=DAYS[span] - 1), today
    if span in MONTHS:
        return _months_back(today, MONTHS[span]), today.replace(day=1) - timedelta(days=1)
    match span:
        case Span.TODAY:
            return today, today
        case Span.YESTERDAY:
            return today - timedelta(days=1), today - timedelta(days=1)
        case _:
            return date.min, date.max


def _months_back(today: date, count: int) -> date:
    months = today.year * 12 + today.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)


def _of_month(
    shelf: Shelf, scope: Scope, dataset: Dataset, month: Month, needed: set[str], values: list[Bound]
) -> str | None:
    """SQL: the rows of a month that the scope reaches, with the columns that are needed."""
    path = shelf.copy(month, dataset)
    if path is None:
        return None
    there = columns_of(path)
    columns = "".join(
        f", {_quoted(name) if name in there else f'CAST(NULL AS VARCHAR) AS {_quoted(name)}'}"
        for name in sorted(needed)
    )
    values += [month.name, str(path)]
    reached = _reached(scope, dataset, month, values)
    return (
        f"SELECT ? AS {_quoted(MONTH)}, file_row_number{columns}"
        f" FROM read_parquet(?, file_row_number = true) WHERE {reached}"
    )


def _reached(scope: Scope, dataset: Dataset, month: Month, values: list[Bound]) -> str:
    """SQL: the row is one that the scope reaches."""
    reach, partner = scope.reach, _quoted(dataset.partner)
    if reach.everything:
        return "TRUE"
    if reach.locations and (month.locations is None or dataset.customer is None):
        return "FALSE"
    conditions = []
    if reach.partners or not reach.locations:
        values.append(sorted(reach.partners))
        conditions.append(f"list_contains(?::VARCHAR[], {partner})")
    if reach.locations:
        values += [str(month.locations), sorted(reach.locations)]
        conditions.append(
            f"({partner}, {_quoted(dataset.customer or '')}) IN (SELECT (global_id, account_id)"
            " FROM read_parquet(?) WHERE list_contains(?::VARCHAR[], partner_id))"
        )
    return " AND ".join(conditions)


def _nothing(needed: set[str]) -> str:
    columns = "".join(f", CAST(NULL AS VARCHAR) AS {_quoted(name)}" for name in sorted(needed))
    return f"SELECT '' AS {_quoted(MONTH)}, 0 AS file_row_number{columns} WHERE FALSE"


def _condition(dataset: Dataset, condition: Condition, values: list[Bound]) -> str:
    column = _quoted(condition.column)
    is_number = _is_number(dataset, condition.column)
    match condition.operator:
        case Operator.LIKE | Operator.NOT_LIKE:
            marked = condition.values[0].replace("\\", "\\\\").replace("_", "\\_")
            values.append(marked)
            negated = "NOT " if condition.operator is Operator.NOT_LIKE else ""
            return f"{column} {negated}ILIKE ? ESCAPE '\\'"
        case Operator.IN | Operator.NOT_IN:
            marks = ", ".join(_value(condition.column, is_number, one, values) for one in condition.values)
            return f"{_compared(column, is_number)} {condition.operator} ({marks})"
        case operator:
            mark = _value(condition.column, is_number, condition.values[0], values)
            return f"{_compared(column, is_number)} {operator} {mark}"


def _value(column: str, is_number: bool, value: str, values: list[Bound]) -> str:
    """Bind a value and return its mark."""
    if not is_number:
        values.append(value)
        return "?"
    try:
        number = float(Decimal(value))
    except (InvalidOperation, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise QueryRefused(f"{column} is compared with a number such as 12.5; got {value[:LONGEST_TOLD]!r}.")
    values.append(number)
    return "CAST(? AS DOUBLE)"


def _compared(column: str, is_number: bool) -> str:
    return f"CAST({column} AS DOUBLE)" if is_number else column


def _is_number(dataset: Dataset, name: str) -> bool:
    return name != MONTH and dataset.report.field(name).form in NUMBERS


def _order(dataset: Dataset, query: Query, names: Sequence[str]) -> str:
    """SQL: as asked for, then as published; distinct rows have no place of their own and are sorted.

    Rows are read as they are published, so that only another order is worth holding all of them for.
    """
    if not query.order and not query.distinct:
        return ""
    asked = [
        f"{_compared(_quoted(one.column), _is_number(dataset, one.column))}"
        f" {'DESC' if one.descending else 'ASC'} NULLS LAST"
        for one in query.order
    ]
    last = [_quoted(name) for name in names] if query.distinct else [_quoted(MONTH), "file_row_number"]
    return f" ORDER BY {', '.join([*asked, *last])}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
