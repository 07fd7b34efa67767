"""Reads what the propensity reports say about one customer: the latest month, and how it came to be."""

from collections.abc import Sequence
from dataclasses import dataclass

from features.products import Product
from reports.center.customers.customer import Agreement, Propensity, Reading, Row
from reports.center.customers.reader import Reader
from reports.center.customers.source import KEY
from reports.center.datasets import MONTH, Dataset
from reports.center.query import Span
from reports.field import Group
from scoring.cells import CLUSTERS

AGAINST = "Against: "
"""What a reason against a purchase begins with."""
RENEWALS = "CLASAgreementRenewalsPropensity"
WORKLOADS = "RecommendedWorkloads"
SAID = (
    *("Cluster", "Fit", "Intent", "Propensity", "FitScore", "IntentScore", "PurchaseProbability"),
    *("ExpectedRevenue", "PotentialRevenue", "Trend", "ScoreState", "SignalExplanation"),
)
"""What is said about a product, as its columns are called behind its prefix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What may come of a customer: products, best first; columns of its cohorts; workloads."""

    propensities: tuple[Propensity, ...]
    cohorts: tuple[str, ...]
    workloads: tuple[str, ...]


def read_propensities(reader: Reader) -> Outlook:
    """Return what the reports of the latest month say, each product with its readings of all months."""
    latest = reader.source.shelf.latest()
    propensities, cohorts, workloads = list[Propensity](), list[str](), list[str]()
    for dataset in _datasets(reader):
        asked = _cohorts(reader, dataset)
        said = [f"{product.prefix}{what}" for product in dataset.products for what in SAID]
        rows = reader.rows(dataset.name, [*said, *asked, WORKLOADS], span=Span.LIFETIME)
        now = next((row for row in rows if latest is not None and row[MONTH] == latest.name), None)
        if now is None:
            continue
        propensities += [_propensity(product, now, rows) for product in dataset.products]
        cohorts += [column for column in asked if now[column] == "Yes"]
        workloads += (now[WORKLOADS] or "").split("; ") if now[WORKLOADS] else []
    return Outlook(
        propensities=tuple(sorted(propensities, key=_rank)),
        cohorts=tuple(dict.fromkeys(cohorts)),
        workloads=tuple(dict.fromkeys(workloads)),
    )


def _datasets(reader: Reader) -> Sequence[Dataset]:
    """Return the datasets with a row a customer."""
    every = reader.source.scope.datasets.values()
    return [one for one in every if one.report.key == KEY]


def _cohorts(reader: Reader, dataset: Dataset) -> Sequence[str]:
    return [one.name for one in reader.source.scope.fields[dataset.name] if one.group is Group.COHORT]


def _rank(told: Propensity) -> tuple[int, float]:
    """Rank products: the best cluster first, then the likeliest purchase; what is not scored comes last."""
    cluster = CLUSTERS.index(told.cluster) if told.cluster else len(CLUSTERS)
    return cluster, -(told.probability or 0)


def _propensity(product: Product, now: Row, months: Sequence[Row]) -> Propensity:
    row = {what: now[f"{product.prefix}{what}"] for what in SAID}
    reasons, objections = split_reasons(row["SignalExplanation"])
    return Propensity(
        product=product.name,
        cluster=row["Cluster"],
        fit=row["Fit"],
        intent=row["Intent"],
        cell=row["Propensity"],
        fit_score=row["FitScore"],
        intent_score=row["IntentScore"],
        probability=_share(row["PurchaseProbability"]),
        expected=row["ExpectedRevenue"],
        potential=row["PotentialRevenue"],
        trend=row["Trend"],
        state=row["ScoreState"],
        reasons=reasons,
        objections=objections,
        history=tuple(_reading(product, month) for month in months),
    )


def _reading(product: Product, row: Row) -> Reading:
    p = product.prefix
    return Reading(
        month=row[MONTH] or "",
        cluster=row[f"{p}Cluster"],
        probability=_share(row[f"{p}PurchaseProbability"]),
        fit_score=row[f"{p}FitScore"],
        intent_score=row[f"{p}IntentScore"],
    )


def split_reasons(told: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the reasons for and against, each in its order, of a cell that joins them."""
    sentences = (told or "").split("; ") if told else []
    reasons = tuple(one for one in sentences if not one.startswith(AGAINST))
    return reasons, tuple(one.removeprefix(AGAINST) for one in sentences if one.startswith(AGAINST))


def read_agreements(reader: Reader) -> tuple[Agreement, ...]:
    """Return the agreements that end within a year, the next first."""
    columns = (
        *("AgreementID", "LicenseProgram", "RevSumDivisionName", "AgreementEndDate", "ExpiringRevenue"),
        *("RenewalClass", "RenewalProbability", "RenewalSignalExplanation"),
    )
    found = []
    for row in reader.rows(RENEWALS, columns):
        reasons, objections = split_reasons(row["RenewalSignalExplanation"])
        found.append(
            Agreement(
                id=row["AgreementID"],
                program=row["LicenseProgram"],
                division=row["RevSumDivisionName"],
                ends=row["AgreementEndDate"],
                revenue=row["ExpiringRevenue"],
                renewal=row["RenewalClass"],
                probability=row["RenewalProbability"],
                reasons=reasons,
                objections=objections,
            )
        )
    return tuple(sorted(found, key=lambda one: (one.ends or "", one.id or "")))


def _share(told: str | None) -> float | None:
    return None if told is None else float(told)
