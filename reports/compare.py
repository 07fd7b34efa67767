"""This month against the last published one: what moved, and what moved further than it should."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import duckdb

from features.errors import PublicationRefused
from reports import dialect
from reports.field import Form, Report
from scoring.cells import CLUSTERS


class Measure(StrEnum):
    """What is compared; the value of a member is how it is told."""

    ROWS = "rows"
    GONE = "rows of last month that are gone"
    NEW = "rows that last month did not have"
    CLUSTER = "share of the cluster"
    YES = "share of Yes"
    EMPTY = "share of empty cells"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a measure may move from one month to the next; `is_relative` to last month's value.

    Three standard errors come on top, so that a report of a few rows is not stopped by chance.
    """

    measure: Measure
    limit: float
    is_relative: bool = False


TOLERANCES = (
    Tolerance(Measure.ROWS, 0.20, is_relative=True),
    Tolerance(Measure.GONE, 0.25),
    Tolerance(Measure.NEW, 0.50),
    Tolerance(Measure.CLUSTER, 0.10),
    Tolerance(Measure.YES, 0.10),
    Tolerance(Measure.EMPTY, 0.10),
    Tolerance(Measure.MEAN, 0.50, is_relative=True),
)
STANDARD_ERRORS = 3
NUMBERS = (Form.INTEGER, Form.MONEY, Form.HUNDREDTHS, Form.PROBABILITY)


@dataclass(frozen=True, slots=True)
class _Figure:
    """A measured value, how many cells it stands on, and their standard deviation."""

    value: float
    cells: int
    spread: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """How a measure of a report changed since last month, and how far it may."""

    report: str
    what: str
    before: float
    after: float
    allowed: float

    @property
    def is_beyond(self) -> bool:
        """Tell whether it moved further than its tolerance."""
        return abs(self.after - self.before) > self.allowed


def compare(
    engine: duckdb.DuckDBPyConnection, reports: Sequence[Report], last: Path, now: Path
) -> tuple[Move, ...]:
    """Compare the files of two folders: rows, clusters, flags, empty cells and means, in contract order.

    A report or a column that only one of the months has is not compared.
    """
    return tuple(
        move
        for report in reports
        if (last / f"{report.name}.csv").is_file() and (now / f"{report.name}.csv").is_file()
        for move in _moves(engine, report, last / f"{report.name}.csv", now / f"{report.name}.csv")
    )


def refuse_beyond(moves: Sequence[Move], *, last: str, accept: str | None) -> None:
    """Stop a month that moved too far, unless a reason is given.

    Raises:
        PublicationRefused: something moved beyond its tolerance; the table says what.
    """
    beyond = [move for move in moves if move.is_beyond]
    if beyond and not accept:
        raise PublicationRefused(
            f"{len(beyond)} figures moved further from {last} than is declared as normal:\n{table(beyond)}\n"
            'Look into them. If they are right, run again with --accept "reason".'
        )


def table(moves: Sequence[Move]) -> str:
    """Write moves as a table that a person reads."""
    rows = [("report", "what", "last month", "now", "change", "allowed")]
    rows += [
        (
            move.report,
            move.what,
            _told(move.before),
            _told(move.after),
            _told(move.after - move.before),
            _told(move.allowed),
        )
        for move in moves
    ]
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if at < 2 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )


def _told(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:.3g}"


def _moves(engine: duckdb.DuckDBPyConnection, report: Report, last: Path, now: Path) -> Iterator[Move]:
    before, after = _figures(engine, report, last), _figures(engine, report, now)
    yield from _rows(engine, report, last, now)
    for (measure, column), figure in before.items():
        if (measure, column) in after:
            yield _move(report, measure, f"{measure} {column}", figure, after[measure, column])


def _rows(engine: duckdb.DuckDBPyConnection, report: Report, last: Path, now: Path) -> Iterator[Move]:
    """Compare which rows there are; gone and new ones as shares of last month's and this month's rows."""
    keys = ", ".join(f'"{name}"' for name in report.key)
    # One join, which spills: a key is there once a month.
    ((before, after, both),) = engine.execute(f"""
        SELECT count(before), count(after), count(before AND after)
        FROM (SELECT {keys}, TRUE AS before FROM {dialect.published(last)})
        FULL JOIN (SELECT {keys}, TRUE AS after FROM {dialect.published(now)}) USING ({keys})""").fetchall()
    counted = _Figure(before, 1, math.sqrt(before)), _Figure(after, 1, math.sqrt(after))
    yield _move(report, Measure.ROWS, Measure.ROWS, *counted)
    for measure, rows in ((Measure.GONE, before), (Measure.NEW, after)):
        share = 1 - both / rows if rows else 0.0
        yield _move(report, measure, f"share of {measure}", _Figure(0, 1, 0), _share(share, rows))


def _move(report: Report, measure: Measure, what: str, before: _Figure, after: _Figure) -> Move:
    tolerance = next(row for row in TOLERANCES if row.measure is measure)
    limit = tolerance.limit * (abs(before.value) if tolerance.is_relative else 1)
    error = math.hypot(*(figure.spread / math.sqrt(figure.cells) for figure in (before, after)))
    return Move(
        report=report.name,
        what=what,
        before=before.value,
        after=after.value,
        allowed=limit + STANDARD_ERRORS * error,
    )


def _share(share: float, cells: int) -> _Figure:
    return _Figure(share, max(cells, 1), math.sqrt(share * (1 - share)))


def _figures(
    engine: duckdb.DuckDBPyConnection, report: Report, path: Path
) -> dict[tuple[Measure, str], _Figure]:
    """Measure the columns of a published file that its report declares; a column of no cells has no mean."""
    there = set(dialect.names(path))
    asked = [
        (measure, told, sql)
        for field in report.fields
        if field.name in there
        for measure, told, sql in _measured(field.name, field.form)
    ]
    averages = ", ".join(f"avg({sql}), count({sql}), stddev_pop({sql})" for _, _, sql in asked)
    (row,) = engine.execute(f"SELECT {averages} FROM {dialect.published(path)}").fetchall()
    found = zip(asked, row[0::3], row[1::3], row[2::3], strict=True)
    return {
        (measure, told): _Figure(mean, cells, spread)
        for (measure, told, _), mean, cells, spread in found
        if cells
    }


def _measured(name: str, form: Form) -> Iterator[tuple[Measure, str, str]]:
    """Give what is measured of a column: the measure, whose it is, and SQL for one number a row."""
    value = f'"{name}"'
    yield Measure.EMPTY, name, f"CAST({value} IS NULL AS DOUBLE)"
    if form is Form.FLAG:
        yield Measure.YES, name, f"CAST({value} = 'Yes' AS DOUBLE)"
    if form in NUMBERS:
        yield Measure.MEAN, name, f"CAST({value} AS DOUBLE)"
    if name.endswith("Cluster"):
        for cluster in CLUSTERS:
            yield Measure.CLUSTER, f"{cluster} in {name}", f"CAST({value} = '{cluster}' AS DOUBLE)"
