"""The six published reports, column by column; and what a custom catalogue publishes instead."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from features.products import (
    AZURE,
    D365BC,
    D365SP,
    M365,
    POWER_APPS,
    PRODUCTS,
    SECURITY,
    SURFACE,
    Catalogue,
    Product,
)
from reports.blocks import (
    BANDS,
    DEVICE_BANDS,
    FIRMOGRAPHICS,
    IDENTITY,
    SCORED,
    SEGMENT,
    WORKLOADS,
    Bands,
    as_ofs,
    by,
    classes,
    cluster,
    reasons,
    scores,
    state,
    why_and_worth,
)
from reports.cohorts import (
    AGREEMENT_IS_EA,
    AGREEMENT_IS_OPEN,
    AZURE_NO_CONSUMPTION_WITH_M365,
    D365_MIGRATE_TO_BUSINESS_CENTRAL,
    DYNAMICS_RENEWAL,
    HAS,
    HAS_AWS,
    HAS_GOOGLE,
    M365_AND_SURFACE,
    M365_UPSELL_CUSTOMER,
    SECURITY_UPSELL_TO_M365_E5,
    SERVER_RENEWALS,
    TRANSACTED,
)
from reports.field import Field, Group, Origin, Report, day, enum, money, probability, string, whole
from scoring.cells import CLASSES

CUSTOMERS = "customers"
RENEWALS = "renewals"
"""The two relations that reports read: one row a root partner and customer, or agreement."""

WHO = (*IDENTITY, *FIRMOGRAPHICS, *SEGMENT)


def _customers(name: str, *fields: Field) -> Report:
    return Report(
        name=name,
        row="a root partner and a customer that it transacts with",
        key=("GlobalID", "CustomerID"),
        reads=CUSTOMERS,
        fields=fields,
    )


def _m365_and_surface(name: str, bands: Bands) -> Report:
    """Declare a report on both products: two have the same columns and differ in their bands."""
    return _customers(
        name,
        *WHO,
        *M365_AND_SURFACE,
        *classes(M365),
        *why_and_worth(M365, bands),
        *classes(SURFACE),
        *why_and_worth(SURFACE, bands),
        M365_UPSELL_CUSTOMER,
        *HAS,
        TRANSACTED,
        *scores(M365),
        *scores(SURFACE),
        *as_ofs((M365, SURFACE)),
    )


_AZURE_CLUSTER, *_AZURE_CLASSES = classes(AZURE)
_SP_CLUSTER, *_SP_CLASSES = classes(D365SP)
_RENEWAL_SCORED = "\"RenewalScoreState\" IN ('{}', '{}')".format(*SCORED)

RENEWAL = by(
    Origin.ADDED,
    replace(
        enum(
            "RenewalClass",
            "Class of the renewal score",
            "renewal_class",
            allowed=CLASSES,
            group=Group.PROPENSITY,
        ),
        filled_when=_RENEWAL_SCORED,
    ),
    replace(
        whole(
            "RenewalScore",
            "Score that the agreement is renewed by its end date",
            "CAST(renewal_score AS BIGINT)",
            high=100,
            group=Group.PROPENSITY,
        ),
        filled_when=_RENEWAL_SCORED,
    ),
    replace(
        probability(
            "RenewalProbability",
            "Calibrated probability that the agreement is renewed",
            "renewal_probability",
        ),
        filled_when=_RENEWAL_SCORED,
    ),
    state("RenewalScoreState", "How the renewal score was reached", "renewal_state"),
    reasons(
        "RenewalSignalExplanation",
        "Why the renewal score is what it is",
        "renewal_reasons",
        origin=Origin.ADDED,
        filled_when="",
    ),
)
AGREEMENT = (
    string(
        "LicenseProgram",
        "Licence programme of the renewal",
        "license_program",
        told="not enumerated",
        group=Group.RENEWAL,
    ),
    string("AgreementID", "Agreement identifier", "agreement_id", told="opaque id", group=Group.RENEWAL),
    day("AgreementEndDate", "Date the agreement ends", "ends_on", group=Group.RENEWAL),
    string(
        "ExpirationType",
        "Type of expiration",
        "expiration_type",
        told="not enumerated",
        group=Group.RENEWAL,
    ),
    money(
        "ExpiringRevenue",
        "Revenue that ends with the agreement",
        "expiring_revenue_cents",
        group=Group.RENEWAL,
    ),
)
DIVISION = string(
    "RevSumDivisionName",
    "Product up for renewal",
    "revenue_division",
    told="not enumerated",
    group=Group.RENEWAL,
)

REPORTS = (
    _customers(
        "CLASAzurePropensity",
        *WHO,
        AZURE_NO_CONSUMPTION_WITH_M365,
        *_AZURE_CLASSES,
        _AZURE_CLUSTER,
        *why_and_worth(AZURE, BANDS),
        *SERVER_RENEWALS,
        *HAS,
        *WORKLOADS,
        TRANSACTED,
        *scores(AZURE),
        *as_ofs((AZURE,)),
    ),
    _customers(
        "CLASD365Propensity",
        *WHO,
        D365_MIGRATE_TO_BUSINESS_CENTRAL,
        *classes(D365BC, f"{D365BC.name}; customers under 300 employees"),
        *why_and_worth(D365BC, BANDS),
        _SP_CLUSTER,
        *by(Origin.NAMED_HERE, *_SP_CLASSES),
        *why_and_worth(D365SP, BANDS),
        *classes(POWER_APPS, f"{POWER_APPS.name}; customers with competing low-code platforms"),
        *why_and_worth(POWER_APPS, BANDS),
        DYNAMICS_RENEWAL,
        M365_UPSELL_CUSTOMER,
        *HAS,
        TRANSACTED,
        *scores(D365BC),
        *scores(D365SP),
        *scores(POWER_APPS),
        *as_ofs((D365BC, D365SP, POWER_APPS)),
    ),
    _m365_and_surface("CLASM365Propensity", BANDS),
    _customers(
        "CLASSecurityPropensity",
        *WHO,
        *by(
            Origin.NAMED_HERE,
            SECURITY_UPSELL_TO_M365_E5,
            *classes(SECURITY, "Microsoft 365 with security"),
            *why_and_worth(SECURITY, BANDS),
            *HAS,
            TRANSACTED,
        ),
        *scores(SECURITY),
        *as_ofs((SECURITY,)),
    ),
    _m365_and_surface("CLASSurfacePropensity", DEVICE_BANDS),
    Report(
        name="CLASAgreementRenewalsPropensity",
        row="a root partner and an agreement in force that ends within 365 days",
        key=("GlobalID", "CustomerID", "AgreementID"),
        reads=RENEWALS,
        fields=(
            *WHO,
            HAS_GOOGLE,
            HAS_AWS,
            cluster(AZURE, "Cluster for Azure"),
            cluster(D365SP, "Cluster for Dynamics 365 Sales Pro"),
            cluster(D365BC, "Cluster for Business Central"),
            cluster(M365, "Cluster for Microsoft 365"),
            cluster(POWER_APPS, "Cluster for Power Apps"),
            *AGREEMENT,
            AGREEMENT_IS_EA,
            AGREEMENT_IS_OPEN,
            M365_UPSELL_CUSTOMER,
            DIVISION,
            TRANSACTED,
            *by(
                Origin.ADDED,
                cluster(SECURITY, "Cluster for Microsoft 365 security (E5)"),
                cluster(SURFACE, "Cluster for Surface"),
            ),
            *RENEWAL,
            *as_ofs(PRODUCTS),
        ),
    ),
)


def reports_for(catalogue: Catalogue) -> tuple[Report, ...]:
    """Return the reports of a catalogue: the six, or one for each that its products name, sorted by name."""
    if catalogue.is_default:
        return REPORTS

    def report(product: Product) -> str:
        return product.report

    ordered = sorted(catalogue.products, key=report)
    return tuple(_plain(name, tuple(products)) for name, products in groupby(ordered, key=report))


def _plain(name: str, products: tuple[Product, ...]) -> Report:
    blocks = [(*classes(product), *why_and_worth(product, BANDS), *scores(product)) for product in products]
    return _customers(
        name,
        *IDENTITY,
        *FIRMOGRAPHICS,
        *(field for block in blocks for field in block),
        *as_ofs(products),
    )


def contract_version(reports: Sequence[Report]) -> str:
    """Return twelve digits that change whenever a report's columns, their order, types or values do."""
    told = "\n".join(
        f"{report.name},{field.name},{field.form},{field.told}"
        for report in reports
        for field in report.fields
    )
    return hashlib.sha256(told.encode()).hexdigest()[:12]
