"""Who the customer is: size, place, trade, and who works with it."""

from features.feature import Feature, Side, Unit
from features.periods import LATEST, NOW
from features.sources.schema import Table
from features.sources.tables import ACCOUNTS, PARTNER_ACCOUNTS


def _latest(name: str, meaning: str, *, unit: Unit = Unit.TEXT, told: str, untold: str = "") -> Feature:
    return _fit(name, meaning, ACCOUNTS, f"any_value({name})", unit=unit, told=told, untold=untold)


def _fit(
    name: str, meaning: str, table: Table, expression: str, *, unit: Unit, told: str, untold: str = ""
) -> Feature:
    return Feature(
        name=name,
        meaning=meaning,
        table=table,
        window=NOW if name.endswith("_now") else LATEST,
        expression=expression,
        family="company" if table is ACCOUNTS else "partners",
        side=Side.FIT,
        told=told,
        untold=untold,
        unit=unit,
        absent=0 if table is PARTNER_ACCOUNTS and unit is Unit.COUNT else None,
    )


FEATURES = (
    _latest(
        "employees",
        "Number of employees.",
        unit=Unit.COUNT,
        told="a company of {value} employees",
        untold="company size unknown",
    ),
    _latest("industry", "Industry.", told="works in {value}", untold="industry unknown"),
    _latest("vertical", "Vertical within the industry.", told="works in {value}", untold="vertical unknown"),
    _latest("area", "Sales geography, largest level.", told="based in {value}", untold="area unknown"),
    _latest("subsidiary", "Sales geography, subsidiary.", told="based in {value}", untold="area unknown"),
    _latest("country", "Country or region.", told="based in {value}", untold="country unknown"),
    _latest("state", "State or province.", told="based in {value}", untold="state unknown"),
    _latest(
        "nonprofit_status",
        "Non-profit status.",
        told="non-profit status: {value}",
        untold="non-profit status unknown",
    ),
    _fit(
        "has_domain",
        "Whether a domain is known.",
        ACCOUNTS,
        "any_value(CAST(domain IS NOT NULL AS INTEGER))",
        unit=Unit.FLAG,
        told="web domain known: {value}",
    ),
    _fit(
        "has_duns_number",
        "Whether a D-U-N-S number is known.",
        ACCOUNTS,
        "any_value(CAST(duns_number IS NOT NULL AS INTEGER))",
        unit=Unit.FLAG,
        told="D-U-N-S number known: {value}",
    ),
    _fit(
        "record_age_days",
        "Days since what is known of the customer last changed.",
        ACCOUNTS,
        "min(days_since(known_on))",
        unit=Unit.DAYS,
        told="company record last changed {value} ago",
    ),
    _fit(
        "partners_now",
        "Partner locations transacting with the customer.",
        PARTNER_ACCOUNTS,
        "count(DISTINCT partner_id)",
        unit=Unit.COUNT,
        told="number of partner relations: {value}",
    ),
    _fit(
        "longest_relation_days_now",
        "Days since the oldest lasting partner relation began.",
        PARTNER_ACCOUNTS,
        "max(days_since(since_on))",
        unit=Unit.DAYS,
        told="oldest lasting partner relation began {value} ago",
        untold="no partner relation",
    ),
)
