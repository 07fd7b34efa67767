"""Licence KPIs of the partners that a person sees, pooled: sums over sums, never a mean of percentages.

A KPI is published per partner. Of several partners numerators and denominators are added up, so that a
percentage is that of all their licences. Customers are counted per partner: one that buys from two of them
counts for each, which the page says where it happens.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from reports.center.access.visitor import Visitor
from reports.center.datasets import MONTH
from reports.center.pages.partners import of_partner
from reports.center.query import Query
from reports.center.select import select
from reports.center.summarize import summarize
from reports.licenses.kpi import Unit

KPIS = "kpi_summary"
COLUMNS = (
    "partnerId",
    "productFamily",
    "kpiId",
    "kpiName",
    "value",
    "unit",
    "numerator",
    "denominator",
    "windowStart",
    "windowEnd",
    "previousValue",
    "note",
)
NO_DATA = "no data"
"""How a note begins that says why there is no value."""
POOLED = f"""
    SELECT "{MONTH}" AS month, kpiId AS id, kpiName AS name, coalesce(productFamily, '') AS family,
           any_value(unit) AS unit,
           count(*) AS partners,
           count(*) FILTER (note LIKE '{NO_DATA}%') AS silent,
           any_value(value) AS value,
           any_value(previousValue) AS previous,
           sum(CAST(numerator AS BIGINT))::BIGINT AS numerator,
           sum(CAST(denominator AS BIGINT)) FILTER (note IS NULL OR note NOT LIKE '{NO_DATA}%')::BIGINT
               AS denominator,
           sum(CAST(value AS DOUBLE) * CAST(denominator AS BIGINT)) AS weighed,
           min(windowStart) AS first, max(windowEnd) AS after,
           coalesce(min(note), '') AS note
    FROM kpis GROUP BY ALL ORDER BY month, id, name, family"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Which KPI: its id, its name as published (an id may have two), and the product family or none."""

    id: str
    name: str
    family: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A KPI of one partner or of several together; `value` is None where there is none, and why is said.

    Percentages are 0 to 100 and beyond. `silent` counts the partners without data. The window is half-open.
    """

    key: Key
    unit: Unit
    value: float | None
    numerator: int | None
    denominator: int | None
    first: date
    after: date
    week_before: float | None
    """As published for a single partner; of several it is not known, for it has no numerator."""
    month_before: float | None
    partners: int
    silent: int
    note: str

    @property
    def is_share(self) -> bool:
        """Tell whether it is a percentage of a numerator over a denominator."""
        return self.unit is Unit.PERCENT

    @property
    def is_unknown(self) -> bool:
        """Tell whether no partner has data; a set without members is known, and empty."""
        return self.partners == self.silent

    @property
    def last_day(self) -> date:
        """The last day of the window; for an instant the day itself."""
        return self.after if self.after == self.first else self.after - timedelta(days=1)


def figures(visitor: Visitor, *, partner: str | None = None) -> Mapping[Key, Figure]:
    """Return every KPI of the latest month, of one partner or of all that the visitor sees, pooled.

    Empty where nothing is published or the visitor has no KPIs: a location has no share in its partner's.
    """
    shelf, scope = visitor.center.shelf, visitor.scope
    months = shelf.months()[-2:]
    if scope.dataset(KPIS) is None or not months:
        return {}
    query = Query(dataset=KPIS, columns=COLUMNS, where=of_partner(partner))
    between = (months[0].as_of, months[-1].as_of + timedelta(days=1))
    kpis = select(shelf, scope, query, today=visitor.center.today, between=between)
    return pooled(summarize({"kpis": kpis}, POOLED), latest=months[-1].name)


def pooled(rows: Sequence[Mapping[str, Any]], *, latest: str) -> Mapping[Key, Figure]:
    """Return the figures of the latest month, each with its value in the month before where there is one."""
    earlier = {_key(row): _value(row) for row in rows if row["month"] != latest}
    return {_key(row): _figure(row, earlier.get(_key(row))) for row in rows if row["month"] == latest}


def _figure(row: Mapping[str, Any], month_before: float | None) -> Figure:
    return Figure(
        key=_key(row),
        unit=Unit(row["unit"]),
        value=_value(row),
        numerator=row["numerator"],
        denominator=row["denominator"],
        first=date.fromisoformat(row["first"]),
        after=date.fromisoformat(row["after"]),
        week_before=_number(row["previous"]) if row["partners"] == 1 else None,
        month_before=month_before,
        partners=row["partners"],
        silent=row["silent"],
        note=row["note"],
    )


def _key(row: Mapping[str, Any]) -> Key:
    return Key(id=row["id"], name=row["name"], family=row["family"])


def _value(row: Mapping[str, Any]) -> float | None:
    """Return the pooled value; that of a single partner as it is published, rounded there."""
    if row["partners"] == 1:
        return _number(row["value"])
    unit, numerator, denominator = Unit(row["unit"]), row["numerator"], row["denominator"]
    match unit:
        case Unit.PERCENT:
            return 100 * numerator / denominator if denominator and numerator is not None else None
        case Unit.PER_CUSTOMER | Unit.SECONDS:
            return numerator / denominator if denominator and numerator is not None else None
        case Unit.MEAN_PERCENT:
            return row["weighed"] / denominator if denominator and row["weighed"] is not None else None
        case _:
            return _number(numerator)


def _number(value: str | int | None) -> float | None:
    return None if value is None else float(value)
