"""Deployment and usage of licences by service and workload, and why usage is above 100 percent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reports.center.access.visitor import Visitor
from reports.center.pages.partners import of_partner
from reports.center.query import Query
from reports.center.select import Selection, select
from reports.center.summarize import summarize
from reports.center.words import N_

DEPLOYMENT, USAGE, ABOVE = "customer_licenses_deployment", "customer_licenses_usage", "usage_over_100"
COLUMNS = {
    DEPLOYMENT: ("scope", "serviceCode", "licensesDeployed", "licensesSold"),
    USAGE: ("scope", "workloadCode", "workloadName", "licensesActive", "licensesQualified"),
    ABOVE: (
        "scope",
        "customerTenantId",
        "workloadCode",
        "excess",
        "turnover",
        "gracePeriod",
        "trial",
        "yammerOverEntitlement",
        "unexplained",
    ),
}
SERVICES = {"o365": N_("Office 365"), "crm": N_("Dynamics 365")}
SCOPES = {"all_partners": N_("Bought anywhere"), "own": N_("Own subscriptions")}
"""The scopes of the files: licences from any partner or direct, and those of the partner's subscriptions."""
CAUSES = (
    N_("Staff turnover"),
    N_("Grace period"),
    N_("Trial"),
    N_("Yammer beyond its entitlement"),
    N_("Unexplained"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """A numerator over a denominator; None where it is not known."""

    numerator: int | None
    denominator: int | None

    @property
    def share(self) -> float | None:
        """The share, 0 to 1 and beyond; None on a zero denominator."""
        return self.numerator / self.denominator if self.denominator and self.numerator is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A service or a workload in both scopes."""

    name: str
    anywhere: Ratio
    own: Ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """Active licences beyond the entitled ones, where usage of a workload is above 100 percent."""

    name: str
    scope: str
    customers: int
    excess: int
    causes: tuple[int | None, ...]
    """In the order of `CAUSES`; None where only sums are known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """What of the licences is deployed and used."""

    deployed: tuple[Line, ...]
    used: tuple[Line, ...]
    above: tuple[Excess, ...]


def deployment(visitor: Visitor, *, partner: str | None) -> Deployment:
    """Return deployment and usage of the customers that the visitor sees, pooled over them."""
    deployed = _lines(
        _select(visitor, DEPLOYMENT, partner),
        f"SELECT serviceCode AS name, scope, {_sum('licensesDeployed')} AS numerator,"
        f" {_sum('licensesSold')} AS denominator FROM {DEPLOYMENT} GROUP BY ALL ORDER BY ALL",
    )
    used = _lines(
        _select(visitor, USAGE, partner),
        f"SELECT workloadName AS name, scope, {_sum('licensesActive')} AS numerator,"
        f" {_sum('licensesQualified')} AS denominator FROM {USAGE} GROUP BY ALL ORDER BY ALL",
    )
    return Deployment(deployed=deployed, used=used, above=_above(visitor, partner))


def _select(visitor: Visitor, dataset: str, partner: str | None) -> dict[str, Selection]:
    if visitor.scope.dataset(dataset) is None:
        return {}
    query = Query(dataset=dataset, columns=COLUMNS[dataset], where=of_partner(partner))
    return {dataset: select(visitor.center.shelf, visitor.scope, query, today=visitor.center.today)}


def _lines(found: dict[str, Selection], sql: str) -> tuple[Line, ...]:
    rows = summarize(found, sql) if found else []
    names = tuple(dict.fromkeys(str(row["name"]) for row in rows))
    return tuple(
        Line(
            name=SERVICES.get(name, name),
            anywhere=_ratio(rows, name, "all_partners"),
            own=_ratio(rows, name, "own"),
        )
        for name in names
    )


def _ratio(rows: Sequence[dict[str, Any]], name: str, scope: str) -> Ratio:
    found = (row for row in rows if row["name"] == name and row["scope"] == scope)
    row = next(found, {"numerator": None, "denominator": None})
    return Ratio(numerator=row["numerator"], denominator=row["denominator"])


def _above(visitor: Visitor, partner: str | None) -> tuple[Excess, ...]:
    found = _select(visitor, ABOVE, partner)
    if not found:
        return ()
    named = _select(visitor, USAGE, partner)
    causes = ", ".join(f"{_sum(column)} AS {column}" for column in COLUMNS[ABOVE][4:])
    rows = summarize(
        {**found, **named},
        f"""SELECT coalesce(any_value(named), workloadCode) AS name, scope,
                count(DISTINCT customerTenantId) AS customers, {_sum("excess")} AS excess, {causes}
            FROM {ABOVE} LEFT JOIN (
                SELECT workloadCode, any_value(workloadName) AS named FROM {USAGE} GROUP BY workloadCode
            ) USING (workloadCode)
            GROUP BY workloadCode, scope ORDER BY excess DESC, name, scope""",
    )
    return tuple(
        Excess(
            name=row["name"],
            scope=SCOPES[row["scope"]],
            customers=row["customers"],
            excess=row["excess"] or 0,
            causes=tuple(row[column] for column in COLUMNS[ABOVE][4:]),
        )
        for row in rows
    )


def _sum(column: str) -> str:
    """SQL: the sum of a column; null where nothing is known."""
    return f"sum(CAST({column} AS BIGINT))::BIGINT"
