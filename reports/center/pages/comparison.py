"""The headline KPIs of several partners side by side, never added up."""

from dataclasses import dataclass

from reports.center.access.visitor import Visitor
from reports.center.pages.figures import KPIS
from reports.center.pages.partners import Partner
from reports.center.pages.sections import HEADLINE
from reports.center.query import Condition, Operator, Query
from reports.center.select import select
from reports.center.summarize import summarize

MOST = 100
"""Partners that are compared at once: those with the most customers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A partner and its headline KPIs in declared order; None where there is no data."""

    partner: Partner
    values: tuple[int | None, ...]


def side_by_side(visitor: Visitor, partners: tuple[Partner, ...]) -> tuple[Side, ...]:
    """Return the partners with the most customers, the largest first; none where the visitor has no KPIs."""
    if visitor.scope.dataset(KPIS) is None:
        return ()
    names = tuple(told.name for told in HEADLINE)
    query = Query(
        dataset=KPIS,
        columns=("partnerId", "kpiName", "numerator"),
        where=(Condition(column="kpiName", operator=Operator.IN, values=names),),
    )
    kpis = select(visitor.center.shelf, visitor.scope, query, today=visitor.center.today)
    rows = summarize(
        {"kpis": kpis},
        "SELECT partnerId AS id, map_from_entries(list((kpiName, CAST(numerator AS BIGINT)))) AS told"
        " FROM kpis GROUP BY partnerId",
    )
    known = {partner.id: partner for partner in partners}
    sides = [
        Side(
            partner=known.get(row["id"], Partner(id=row["id"], name=row["id"])),
            values=tuple(row["told"].get(name) for name in names),
        )
        for row in rows
    ]
    return tuple(sorted(sides, key=lambda side: (-(side.values[0] or 0), side.partner.name))[:MOST])
