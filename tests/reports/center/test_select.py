"""Rows within a scope: names, values, spans, order; and a naive second reading of the same rows."""

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.center.people import Person, Reach, Role
from reports.center.query import Condition, Operator, Order, Query, QueryRefused, Span
from reports.center.scope import Scope, scope
from reports.center.select import bounds, select
from reports.center.shelf import Shelf
from tests.reports.center.published import DATASETS, publish_month

AZURE = "CLASAzurePropensity"
SEPTEMBER = """
GlobalID | CustomerID | AccountName | AzureFitScore | AzureExpectedRevenue
P1       | C1         | Alder Ltd   | 50            | 9.00
"""
OCTOBER = """
GlobalID | CustomerID | AccountName | AzureFitScore | AzureExpectedRevenue | AzureCluster
P1       | C1         | Alder Ltd   | 80            | 100.00               | Act Now
P1       | C2         | Beech_Co    | 9             | 20.50                | Educate
P1       | C3         | 50% Elm     |               |                      |
P2       | C1         | Alder Ltd   | 60            | 7.25                 | Evaluate
P2       | C4         | Åsh         | 100           | 3.00                 | Act Now
"""
LOCATIONS = (("P1", "C1", "L1"), ("P1", "C2", "L2"), ("P2", "C1", "L3"), ("P2", "C4", "L1"))
TODAY = date(2026, 10, 28)
ALL = Reach(everything=True)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    home = tmp_path_factory.mktemp("home")
    publish_month(home, "2026-09", {AZURE: SEPTEMBER}, locations=LOCATIONS[:1])
    publish_month(home, "2026-10", {AZURE: OCTOBER}, locations=LOCATIONS)
    return Shelf(published=home / "published", copies=home / "copies", memory="200MB")


def of(reach: Reach, role: Role = Role.SALES_AGENT) -> Scope:
    return scope(Person(id=1, subject="ana", name="Ana", role=role, reach=reach), DATASETS)


def found(shelf: Shelf, query: Query, reach: Reach = ALL) -> list[tuple[str | None, ...]]:
    return [tuple(row.values()) for row in select(shelf, of(reach), query, today=TODAY).rows()]


def asked(*columns: str, where: tuple[Condition, ...] = (), **more: object) -> Query:
    return Query(dataset=AZURE, columns=columns, where=where, **more)  # type: ignore[arg-type]


def where(column: str, operator: Operator, *values: str) -> tuple[Condition, ...]:
    return (Condition(column=column, operator=operator, values=values),)


@pytest.mark.parametrize(
    ("reach", "expected"),
    [
        (ALL, ["P1 C1", "P1 C2", "P1 C3", "P2 C1", "P2 C4"]),
        (Reach(partners=frozenset({"P1"})), ["P1 C1", "P1 C2", "P1 C3"]),
        (Reach(locations=frozenset({"L1"})), ["P1 C1", "P2 C4"]),
        (Reach(partners=frozenset({"P1"}), locations=frozenset({"L1"})), ["P1 C1"]),
        (Reach(partners=frozenset({"P3"})), []),
        (Reach(), []),
    ],
)
def test_rows_are_those_of_the_partners_and_locations_within_reach(
    shelf: Shelf, reach: Reach, expected: list[str]
) -> None:
    rows = found(shelf, asked("GlobalID", "CustomerID"), reach)
    assert [" ".join(str(cell) for cell in row) for row in rows] == expected


def test_a_month_that_tells_no_locations_shows_a_location_nothing(tmp_path: Path) -> None:
    publish_month(tmp_path, "2026-09", {AZURE: SEPTEMBER}, locations=LOCATIONS)
    publish_month(tmp_path, "2026-10", {AZURE: OCTOBER})
    shelf = Shelf(published=tmp_path / "published", copies=tmp_path / "copies", memory="200MB")
    for reach in (
        Reach(locations=frozenset({"L1"})),
        Reach(partners=frozenset({"P1"}), locations=frozenset({"L1"})),
    ):
        assert found(shelf, asked("CustomerID"), reach) == []
        assert found(shelf, asked("CustomerID", span=Span.LIFETIME), reach) == [("C1", "2026-09")]


def test_numbers_are_compared_as_numbers_and_unknown_ones_with_nothing(shelf: Shelf) -> None:
    above = found(shelf, asked("CustomerID", where=where("AzureFitScore", Operator.ABOVE, "9.5")))
    assert above == [("C1",), ("C1",), ("C4",)]
    money = found(shelf, asked("CustomerID", where=where("AzureExpectedRevenue", Operator.EQUAL, "20.5")))
    assert money == [("C2",)]


def test_only_the_percent_sign_is_a_wildcard(shelf: Shelf) -> None:
    def like(pattern: str) -> list[tuple[str | None, ...]]:
        return found(shelf, asked("CustomerID", where=where("AccountName", Operator.LIKE, pattern)))

    assert like("%_co") == [("C2",)]
    assert like("alder%") == [("C1",), ("C1",)]
    assert like("______co") == []


def test_a_value_is_never_sql(shelf: Shelf) -> None:
    value = "x' OR '1'='1"
    assert found(shelf, asked("CustomerID", where=where("AccountName", Operator.EQUAL, value))) == []
    assert found(shelf, asked("CustomerID", where=where("AccountName", Operator.IN, value, "Åsh"))) == [
        ("C4",)
    ]


def test_rows_come_as_published_unless_an_order_is_asked_for(shelf: Shelf) -> None:
    order = (Order(column="azurefitscore"),)
    assert found(shelf, asked("CustomerID", order=order)) == [("C4",), ("C1",), ("C1",), ("C2",), ("C3",)]
    rising = (Order(column="AzureFitScore", descending=False),)
    assert found(shelf, asked("CustomerID", order=rising, limit=2)) == [("C2",), ("C1",)]
    assert found(shelf, asked("CustomerID", distinct=True)) == [("C1",), ("C2",), ("C3",), ("C4",)]


def test_a_span_reads_every_month_in_it_and_says_which(shelf: Shelf) -> None:
    lifetime = asked("CustomerID", where=where("CustomerID", Operator.EQUAL, "C1"), span=Span.LIFETIME)
    assert found(shelf, lifetime) == [("C1", "2026-09"), ("C1", "2026-10"), ("C1", "2026-10")]
    month = asked("CustomerID", where=where("Month", Operator.EQUAL, "2026-09"), span=Span.LIFETIME)
    assert found(shelf, month) == [("C1", "2026-09")]
    assert found(shelf, asked("CustomerID", span=Span.TODAY)) == []


def test_a_period_of_ones_own_overrides_the_span(shelf: Shelf) -> None:
    selection = select(
        shelf,
        of(ALL),
        asked("CustomerID", span=Span.TODAY),
        today=TODAY,
        between=(date(2026, 9, 1), date(2026, 10, 25)),
    )
    assert [row["Month"] for row in selection.rows()] == ["2026-09"]


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [
        (Span.TODAY, date(2026, 3, 31), date(2026, 3, 31)),
        (Span.YESTERDAY, date(2026, 3, 30), date(2026, 3, 30)),
        (Span.LAST_7_DAYS, date(2026, 3, 25), date(2026, 3, 31)),
        (Span.LAST_MONTH, date(2026, 2, 1), date(2026, 2, 28)),
        (Span.LAST_3_MONTHS, date(2025, 12, 1), date(2026, 2, 28)),
        (Span.LAST_1_YEAR, date(2025, 3, 1), date(2026, 2, 28)),
    ],
)
def test_a_span_has_a_first_and_a_last_day(span: Span, first: date, last: date) -> None:
    assert bounds(span, date(2026, 3, 31)) == (first, last)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (Query(dataset="CLASNothing", columns=("CustomerID",)), "no dataset 'CLASNothing'"),
        (asked("CustomerID", "Nothing"), "no column 'Nothing'"),
        (asked("CustomerID", order=(Order(column="Month"),)), "no column 'Month'"),
        (asked("CustomerID", where=where("AzureFitScore", Operator.ABOVE, "many")), "number such as 12.5"),
        (asked("CustomerID", where=where("AzureFitScore", Operator.ABOVE, "NaN")), "number such as 12.5"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_would_be_right(
    shelf: Shelf, query: Query, told: str
) -> None:
    with pytest.raises(QueryRefused, match=told):
        found(shelf, query)


def test_a_hidden_column_is_refused_like_one_that_nobody_has(shelf: Shelf) -> None:
    viewer = of(ALL, Role.REPORT_VIEWER)

    def refusal(query: Query) -> str:
        with pytest.raises(QueryRefused) as told:
            select(shelf, viewer, query, today=TODAY)
        return str(told.value)

    hidden, nobody = "AzureExpectedRevenue", "AzureImaginedRevenue"

    def queries(name: str) -> tuple[Query, ...]:
        order = (Order(column=name),)
        compared = where(name, Operator.ABOVE, "1")
        return asked(name), asked("CustomerID", where=compared), asked("CustomerID", order=order)

    for of_hidden, of_nobody in zip(queries(hidden), queries(nobody), strict=True):
        assert refusal(of_hidden) == refusal(of_nobody).replace(nobody, hidden)
        assert f"{hidden}," not in refusal(of_nobody)


def test_without_a_month_there_are_no_rows(tmp_path: Path) -> None:
    empty = Shelf(published=tmp_path / "published", copies=tmp_path / "copies")
    assert found(empty, asked("CustomerID")) == []
    assert select(empty, of(ALL), asked("CustomerID"), today=TODAY).count() == 0


VALUES = st.sampled_from(["C1", "C2", "P1", "9", "60", "100.0", "Act Now", "Åsh", "%", "Alder%", "c1"])
COLUMNS = st.sampled_from(["GlobalID", "CustomerID", "AccountName", "AzureFitScore", "AzureCluster"])
CONDITIONS = st.builds(
    lambda column, operator, values: Condition(
        column=column,
        operator=operator,
        values=values if operator in (Operator.IN, Operator.NOT_IN) else values[:1],
    ),
    COLUMNS,
    st.sampled_from(list(Operator)),
    st.lists(VALUES, min_size=1, max_size=3).map(tuple),
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    conditions=st.lists(CONDITIONS, max_size=3).map(tuple),
    partners=st.frozensets(st.sampled_from(["P1", "P2", "P3"])),
)
def test_conditions_agree_with_a_naive_reading(
    shelf: Shelf, conditions: tuple[Condition, ...], partners: frozenset[str]
) -> None:
    query = asked("GlobalID", "CustomerID", where=conditions)
    scores = [one for one in conditions if one.column == "AzureFitScore" and "LIKE" not in one.operator]
    if any(not _is_number(value) for one in scores for value in one.values):
        with pytest.raises(QueryRefused):
            found(shelf, query, Reach(partners=partners))
        return
    lines = csv.DictReader(io.StringIO("\n".join(_line(line) for line in OCTOBER.strip().splitlines())))
    expected = [
        (row["GlobalID"], row["CustomerID"])
        for row in lines
        if row["GlobalID"] in partners and all(_holds(row[one.column] or None, one) for one in conditions)
    ]
    assert found(shelf, query, Reach(partners=partners)) == expected


COMPARED: dict[Operator, Callable[[Any, list[Any]], bool]] = {
    Operator.IN: lambda left, rights: left in rights,
    Operator.NOT_IN: lambda left, rights: left not in rights,
    Operator.EQUAL: lambda left, rights: left == rights[0],
    Operator.UNEQUAL: lambda left, rights: left != rights[0],
    Operator.ABOVE: lambda left, rights: left > rights[0],
    Operator.BELOW: lambda left, rights: left < rights[0],
    Operator.AT_LEAST: lambda left, rights: left >= rights[0],
    Operator.AT_MOST: lambda left, rights: left <= rights[0],
}


def _line(written: str) -> str:
    return ",".join(cell.strip() for cell in written.split("|"))


def _is_number(value: str) -> bool:
    return value.replace(".", "").isdigit()


def _holds(cell: str | None, condition: Condition) -> bool:
    """Judge a cell without SQL; an unknown one holds for nothing."""
    if cell is None:
        return False
    if "LIKE" in condition.operator:
        return _is_like(cell, condition.values[0]) is (condition.operator is Operator.LIKE)
    numeric = condition.column == "AzureFitScore"
    left = float(cell) if numeric else cell
    rights = [float(value) if numeric else value for value in condition.values]
    return COMPARED[condition.operator](left, rights)


def _is_like(cell: str, pattern: str) -> bool:
    cell, (first, *rest) = cell.lower(), pattern.lower().split("%")
    if not rest:
        return cell == first
    return cell.startswith(first) and (not rest[-1] or cell.endswith(rest[-1]))
