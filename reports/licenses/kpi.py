"""The form of a KPI: what it counts, over which set, in which window; and the long table of KPIs."""

from dataclasses import dataclass
from enum import StrEnum

from features.sources.schema import Table
from features.sources.world import World
from reports.licenses.rules import decimal, hundredths, percent

Need = tuple[Table, ...]
"""Tables of which one must be there."""


class Unit(StrEnum):
    """What a value is counted in; ratios and percents have two decimals."""

    CUSTOMERS = "customers"
    LICENSES = "licenses"
    SUBSCRIPTIONS = "subscriptions"
    PERCENT = "percent"
    PER_CUSTOMER = "licenses per customer"
    SECONDS = "seconds"
    MEAN_PERCENT = "mean of percents"


class Span(StrEnum):
    """The window of a KPI, half-open: SQL of its first day and of the first day after it."""

    INSTANT = "getvariable('as_of') | getvariable('as_of')"
    PAST = "getvariable('as_of') - getvariable('soon') | getvariable('as_of') + 1"
    NEXT = "getvariable('as_of') | getvariable('as_of') + getvariable('soon') + 1"
    WEEK = "getvariable('last_week') | getvariable('last_week') + 7"
    ACTIVE = "getvariable('as_of') - 28 | getvariable('as_of')"
    TICKETS = "getvariable('as_of') - getvariable('how_to_days') | getvariable('as_of')"

    @property
    def edges(self) -> tuple[str, str]:
        """SQL: the first day, and the first day after the last."""
        first, after = self.value.split(" | ")
        return first, after


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """A figure: aggregates over the rows of a relation, one value a partner and, with `families`, a family.

    `numerator` is the value itself where there is no `denominator`. `before` gives both for the week before,
    for what is read by the week alone. Each of `needs` names tables of which one must be there.
    """

    id: str
    name: str
    section: str
    unit: Unit
    reads: str
    numerator: str
    denominator: str = ""
    before: tuple[str, str] | None = None
    families: tuple[str, ...] = ("",)
    span: Span = Span.INSTANT
    needs: tuple[Need, ...]
    note: str = ""

    def missing(self, world: World) -> tuple[str, ...]:
        """Tell which tables would be needed and are not there."""
        return missing(world, self.needs)

    def value(self, numerator: str, denominator: str) -> str:
        """SQL: the value as text; null on a zero denominator."""
        if not denominator:
            return f"CAST({numerator} AS VARCHAR)"
        rate = percent if self.unit is Unit.PERCENT else hundredths
        if self.unit is Unit.MEAN_PERCENT:
            denominator = f"({denominator} * 100)"
        return decimal(rate(numerator, denominator))


def missing(world: World, needs: tuple[Need, ...]) -> tuple[str, ...]:
    """Tell which tables would be needed and are not there; alternatives are joined with `or`."""
    absent = (need for need in needs if not any(world.has(table) for table in need))
    return tuple(" or ".join(table.name for table in need) for need in absent)


def kpi_rows(world: World, kpis: tuple[Kpi, ...]) -> str:
    """SQL: the long table of KPIs; one row is a KPI of a partner (and family), in declared order."""
    parts = [
        _rows(world, kpi, family, ordinal) for ordinal, kpi in enumerate(kpis) for family in kpi.families
    ]
    return "\nUNION ALL\n".join(parts)


def _rows(world: World, kpi: Kpi, family: str, ordinal: int) -> str:
    """SQL: one row a partner; an empty set counts zero, an unknown one is no data."""
    absent = kpi.missing(world)
    first, after = kpi.span.edges
    of_family = f"WHERE family = '{family}'" if family else ""
    before = kpi.before or ("NULL::BIGINT", "NULL::BIGINT")

    def told(value: str) -> str:
        return "NULL::BIGINT" if absent else f"CASE WHEN x.partner_id IS NULL THEN 0 ELSE x.{value} END"

    no_data = f"'no data: {', '.join(absent)}'" if absent else "'no data'"
    shown = "NULL::BIGINT" if kpi.unit is Unit.MEAN_PERCENT else "numerator"
    previous = "NULL" if kpi.before is None else kpi.value("before_numerator", "before_denominator")
    return f"""
        SELECT partner_id, {ordinal} AS ordinal, '{family}' AS family, '{kpi.section}' AS section,
               '{kpi.id}' AS kpi_id, '{kpi.name.replace("'", "''")}' AS kpi_name,
               {kpi.value("numerator", "denominator" if kpi.denominator else "")} AS value,
               '{kpi.unit}' AS unit, {shown} AS numerator,
               {"denominator" if kpi.denominator else "NULL::BIGINT"} AS denominator,
               CAST({first} AS DATE) AS window_start, CAST({after} AS DATE) AS window_end,
               {previous} AS previous,
               CASE WHEN numerator IS NULL THEN {no_data} ELSE '{kpi.note}' END AS note
        FROM (
            SELECT p.partner_id, {told("numerator")} AS numerator, {told("denominator")} AS denominator,
                   {told("before_numerator")} AS before_numerator,
                   {told("before_denominator")} AS before_denominator
            FROM portfolio_partners p LEFT JOIN (
                SELECT partner_id, ({kpi.numerator})::BIGINT AS numerator,
                       ({kpi.denominator or "NULL"})::BIGINT AS denominator,
                       ({before[0]})::BIGINT AS before_numerator, ({before[1]})::BIGINT AS before_denominator
                FROM {kpi.reads} {of_family} GROUP BY partner_id) x USING (partner_id))"""
