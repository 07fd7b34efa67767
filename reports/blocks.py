"""Blocks of columns that several reports share: who the customer is, and what is said about a product."""

from dataclasses import dataclass, replace
from itertools import pairwise

from features.products import Product
from features.sources import tables
from models.model import State
from reports.field import (
    Field,
    Group,
    Origin,
    day,
    enum,
    money,
    names,
    probability,
    sourced,
    string,
    whole,
)
from scoring.cells import CELLS, CLASSES, CLUSTERS, TOLD_CLUSTERS
from scoring.trend import TRENDS

STATES = tuple(state.value for state in State)
SCORED = (State.SCORED.value, State.POOLED.value)
SENTENCES = "plain sentences joined with '; ', strongest first"
CENTS_A_DOLLAR = 100


def told_bound(dollars: int) -> str:
    """Write an edge of a revenue band: 500, 2.5K, 100K."""
    return f"{dollars / 1000:g}K" if dollars >= 1000 else str(dollars)


@dataclass(frozen=True, slots=True)
class Bands:
    """Revenue bands in US dollars; each begins at an edge and ends before the next."""

    edges: tuple[int, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """The bands as published, from the lowest."""
        told = [told_bound(edge) for edge in self.edges]
        between = [f"{low}-{high}" for low, high in pairwise(told)]
        return (f"< {told[0]}", *between, f"{told[-1]}+")

    def of(self, cents: str) -> str:
        """SQL: the band that holds the cents; null where they are unknown."""
        cases = " ".join(
            f"WHEN {cents} < {edge * CENTS_A_DOLLAR} THEN '{label}'"
            for edge, label in zip(self.edges, self.labels, strict=False)
        )
        return f"CASE WHEN {cents} IS NULL THEN NULL {cases} ELSE '{self.labels[-1]}' END"


BANDS = Bands((1_000, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000))
DEVICE_BANDS = Bands((500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000))

PARTNER = (
    string("GlobalID", "Partner global account id", "global_id", told="opaque id", group=Group.IDENTITY),
    string("PartnerName", "Name of the partner", "partner_name", told="free text", group=Group.IDENTITY),
)
CUSTOMER = (
    string(
        "CustomerID",
        "Customer number given by Microsoft; third match key after domain and name",
        "account_id",
        told="Microsoft TPID",
        group=Group.IDENTITY,
    ),
    sourced(
        tables.DUNS_NUMBER,
        name="DUNSNumber",
        meaning="D&B number of the scored customer",
        told="D-U-N-S number",
        group=Group.IDENTITY,
    ),
    sourced(
        tables.ACCOUNT_NAME,
        name="AccountName",
        meaning="Customer name; second match key",
        told="free text; may be obfuscated for compliance",
        group=Group.IDENTITY,
    ),
    sourced(
        tables.DOMAIN,
        name="Domain",
        meaning="Customer domain; first key for matching a CRM",
        told="lower-case registrable domain",
        group=Group.IDENTITY,
    ),
)
IDENTITY = (*PARTNER, *CUSTOMER)

FIRMOGRAPHICS = tuple(
    sourced(column, name=name, meaning=meaning, told=told, group=Group.FIRMOGRAPHICS)
    for column, name, meaning, told in (
        (tables.EMPLOYEES, "OrgSize", "Number of employees", ">= 1; empty when unknown"),
        (tables.INDUSTRY, "Industry", "Industry", "not enumerated"),
        (tables.VERTICAL, "Vertical", "Vertical per Microsoft, D&B and other standards", "not enumerated"),
        (tables.AREA, "Area", "Sales geography, largest level", "not enumerated"),
        (tables.SUBSIDIARY, "Subsidiary", "Sales geography, subsidiary", "not enumerated"),
        (tables.SALES_TERRITORY, "SalesTerritory", "Sales geography, territory", "not enumerated"),
        (tables.CITY, "City", "City", "free text"),
        (tables.STATE, "State", "State or province", "free text"),
        (tables.POSTAL_CODE, "PostalCode", "Postal code", "text; treat as text, not number"),
        (
            tables.COUNTRY,
            "Country",
            "Country or region; derived from the customer's global parent, so it can differ from the"
            " transacting entity",
            "free text",
        ),
    )
)

UPPER_MEDIUM = "(employees > 300 OR azure_consumed_cents_90d > 100000 * azure_months_90d)"
"""Over 300 employees, or more than 1,000 USD of Azure in an average month of consumption."""


def _sized(upper: str, medium: str, small: str) -> str:
    return (
        f"CASE WHEN {UPPER_MEDIUM} THEN '{upper}' WHEN employees >= 25 THEN '{medium}'"
        f" WHEN employees >= 1 THEN '{small}' END"
    )


SEGMENT = (
    enum(
        "Segment",
        "Market segment; corporate and enterprise accounts are not in these reports",
        "coalesce(segment, 'SMB')",
        allowed=("SMB",),
        group=Group.SEGMENT,
    ),
    enum(
        "SubSegment",
        "Upper Medium: over 300 employees, or Azure consumed revenue above 1,000 USD a month whatever the"
        " size; Medium: 25-300; Very Small: 1-24",
        _sized("Upper Medium", "Medium", "Very Small"),
        allowed=("Upper Medium", "Medium", "Very Small"),
        group=Group.SEGMENT,
    ),
    enum(
        "SMCTypeSummary",
        "The subsegment under its report label",
        _sized("Upper Medium", "Medium Business", "Very Small Business"),
        allowed=("Upper Medium", "Medium Business", "Very Small Business"),
        group=Group.SEGMENT,
    ),
    sourced(
        tables.NONPROFIT_STATUS,
        name="IsNonprofit",
        meaning="Non-profit status; 'Nonprofit' = by industry but not approved by Microsoft.",
        told="",
        group=Group.SEGMENT,
    ),
)

WORKLOADS = (
    whole(
        "NumberofExistingWorkloads",
        "Count of Azure workloads already in use",
        "CAST(azure_workloads_used_90d AS BIGINT)",
        group=Group.SEGMENT,
    ),
    names(
        "ExistingWorkloads",
        "Azure workloads already bought",
        "azure_workload_names_90d",
        group=Group.SEGMENT,
    ),
    whole(
        "NumberofRecommendedWorkloads",
        "Count of recommended next workloads",
        "CASE WHEN azure_workloads_used_90d IS NOT NULL"
        " THEN coalesce(len(string_split(nullif(recommended_workloads, ''), '; ')), 0) END",
        group=Group.PLAY,
    ),
    names(
        "RecommendedWorkloads",
        "Azure workloads recommended next",
        "recommended_workloads",
        group=Group.PLAY,
    ),
)


def by(origin: Origin, *fields: Field) -> tuple[Field, ...]:
    """Give the fields another origin."""
    return tuple(replace(field, origin=origin) for field in fields)


def reasons(name: str, meaning: str, sql: str, *, origin: Origin, filled_when: str) -> Field:
    """Declare a column of reasons told as sentences."""
    field = string(name, meaning, sql, told=SENTENCES, group=Group.PROPENSITY, optional=True)
    return replace(field, origin=origin, filled_when=filled_when)


def state(name: str, meaning: str, sql: str) -> Field:
    """Declare the column that says how a score was reached; never empty."""
    field = enum(name, meaning, sql, allowed=STATES, group=Group.PROPENSITY)
    return replace(field, column=replace(field.column, optional=False), origin=Origin.ADDED)


def _when_scored(field: Field, product: Product) -> Field:
    """Demand a value of every customer for whom the product is scored."""
    scored = "\"{}ScoreState\" IN ('{}', '{}')".format(product.prefix, *SCORED)
    return replace(field, filled_when=scored)


def _reading(product: Product, what: str, meaning: str, column: str, allowed: tuple[str, ...]) -> Field:
    p = product.prefix
    return enum(f"{p}{what}", meaning, f'"{column}__{p}"', allowed=allowed, group=Group.PROPENSITY)


def cluster(product: Product, meaning: str) -> Field:
    """Declare the cluster of a product, in a report that need not say whether it is scored."""
    return _reading(product, "Cluster", meaning, "cluster", CLUSTERS)


def classes(product: Product, told: str = "") -> tuple[Field, Field, Field]:
    """Declare cluster, fit class and intent class; `told` is the product's name as published, if another."""
    told = told or product.name
    fit = f"Fit for {told}; look-alike to the best small and medium customers; refreshed quarterly"
    intent = f"Intent for {told}; refreshed monthly"
    told_cluster = f"Cluster for {told}, from fit and intent through the matrix"
    return (
        _when_scored(cluster(product, told_cluster), product),
        _when_scored(_reading(product, "Fit", fit, "fit_class", CLASSES), product),
        _when_scored(_reading(product, "Intent", intent, "intent_class", CLASSES), product),
    )


def why_and_worth(product: Product, bands: Bands) -> tuple[Field, Field]:
    """Declare the reasons and the revenue band of a product."""
    p, name = product.prefix, product.name
    potential = enum(
        f"{p}PotentialRevenue",
        f"Band of the median revenue (USD, next 12 months) a purchase of {name} would bring;"
        " the bands are this report's own",
        bands.of(f'"median_cents__{p}"'),
        allowed=bands.labels,
        group=Group.REVENUE,
    )
    return (
        reasons(
            f"{p}SignalExplanation",
            f"Why a purchase of {name} is as likely as it is: what was seen, how much, when, in what words",
            f'"reasons__{p}"',
            origin=Origin.NAMED_HERE,
            filled_when="\"{}Cluster\" IN ('{}', '{}')".format(p, *TOLD_CLUSTERS),
        ),
        replace(potential, origin=Origin.NAMED_HERE),
    )


def scores(product: Product) -> tuple[Field, ...]:
    """Declare what this project adds about a product: cell, scores, probability, money, trend, state."""
    p, name = product.prefix, product.name
    likely = probability(
        f"{p}PurchaseProbability",
        f"Calibrated probability of a purchase of {name} within 90 days",
        f'"probability__{p}"',
    )
    worth = money(
        f"{p}ExpectedRevenue",
        f"PurchaseProbability x mean revenue of the 12 months after a purchase of {name}",
        f'CAST(round("expected_cents__{p}") AS BIGINT)',
        group=Group.REVENUE,
    )
    cell = (
        f"Cell of the fit x intent matrix for {name}: letter = fit class (A High .. D Very Low),"
        " number = intent class (1 High .. 4 Very Low)"
    )
    trend = (
        f"Direction of the purchase log-odds for {name} since last month's report: moved by more than"
        " ln 1.5, both months under this month's model"
    )
    added = (
        _when_scored(_reading(product, "Propensity", cell, "cell", CELLS), product),
        _when_scored(_points(product, "Fit"), product),
        _when_scored(_points(product, "Intent"), product),
        _when_scored(likely, product),
        worth,
        _when_scored(_reading(product, "Trend", trend, "trend", TRENDS), product),
        state(f"{p}ScoreState", f"How the {name} score was reached", f'"state__{p}"'),
    )
    return by(Origin.ADDED, *added)


def _points(product: Product, side: str) -> Field:
    p = product.prefix
    return whole(
        f"{p}{side}Score",
        f"{side} score for {product.name}",
        f'CAST("{side.lower()}_score__{p}" AS BIGINT)',
        high=100,
        group=Group.PROPENSITY,
    )


def as_ofs(products: tuple[Product, ...]) -> tuple[Field, ...]:
    """Declare the dates that the scores of a row stand for: the earliest, where products differ."""
    fit, intent = (
        "least({})".format(", ".join(f'"{side}_as_of__{product.prefix}"' for product in products))
        for side in ("fit", "intent")
    )
    return by(
        Origin.ADDED,
        day("FitAsOf", "Date the fit scores stand for (quarterly)", fit, group=Group.PROPENSITY),
        day("IntentAsOf", "Date the intent scores stand for (monthly)", intent, group=Group.PROPENSITY),
    )
