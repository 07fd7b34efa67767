"""Facts about a customer that only reports read: what it holds, consumes, has signed, has been seen to use."""

from features.feature import Feature, Of, Side, Unit
from features.periods import EVER, NOW, last
from features.products import PRODUCTS, SkuKind
from features.sources.tables import AGREEMENTS, AZURE_CONSUMPTION, SIGNALS, TECHNOLOGIES, TRANSACTIONS

TERM = last(395)
"""An annual subscription and a month's grace: what was neither bought nor renewed in it has lapsed."""
THREE_YEARS = last(1096)
QUARTER = last(90)

EA_PROGRAMS = ("EA", "EA Subscription")
OPEN_PROGRAMS = ("Open", "Open Value")
GOOGLE_TECHNOLOGIES = ("Google Workspace", "Google Cloud", "AppSheet")
GOOGLE_TOPICS = ("google workspace", "google cloud")
AWS_TECHNOLOGIES = ("Amazon Web Services",)
AWS_TOPICS = ("aws",)
ON_PREMISES_SKUS = tuple(sku for product in PRODUCTS for sku in product.skus(SkuKind.ON_PREMISES))
MS365_SUITES = tuple(sku for product in PRODUCTS for sku in product.skus(SkuKind.SUITE))
"""The ladder of suites, from the lesser to the greater."""
COPILOT_SKUS = ("M365-COPILOT",)
OFFICE_ON_PREMISES_SKUS = ("OFFICE-LTSC", "EXCHANGE-SRV")
ERP_ON_PREMISES_SKUS = ("DYN-NAV", "DYN-GP", "DYN-AX")

NET_UNITS = "sum(CASE kind WHEN 'return' THEN -abs(quantity) WHEN 'renew' THEN 0 ELSE quantity END)"
"""A renewal prolongs what is held and adds nothing to it."""
IN_CLOUD = "sku NOT IN ({})".format(", ".join(f"'{sku}'" for sku in ON_PREMISES_SKUS))
RENEWS_WITHIN_A_YEAR = "days_since(ends_on) >= -365"


def among(column: str, values: tuple[str, ...]) -> str:
    """SQL: the column holds one of the values."""
    listed = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
    return f"{column} IN ({listed})"


HOLDINGS = (
    Feature(
        name="units_held",
        meaning="Units of the product's cloud SKUs bought ever, less those returned.",
        table=TRANSACTIONS,
        window=EVER,
        expression=NET_UNITS,
        where=IN_CLOUD,
        of=Of.OWN,
        absent=0,
        family="holdings",
        side=Side.FACT,
        told="",
    ),
    Feature(
        name="live_orders_395d",
        meaning="Order lines that began or prolonged the product's cloud SKUs within a term.",
        table=TRANSACTIONS,
        window=TERM,
        expression="count(*)",
        where=f"kind <> 'return' AND {IN_CLOUD}",
        of=Of.OWN,
        absent=0,
        family="holdings",
        side=Side.FACT,
        told="",
    ),
    Feature(
        name="cloud_orders",
        meaning="Order lines of the product's cloud SKUs ever, returns left out.",
        table=TRANSACTIONS,
        window=EVER,
        expression="count(*)",
        where=f"kind <> 'return' AND {IN_CLOUD}",
        of=Of.OWN,
        absent=0,
        family="holdings",
        side=Side.FACT,
        told="",
    ),
    Feature(
        name="units_bought_1096d",
        meaning="Units of the product bought in three years, less those returned.",
        table=TRANSACTIONS,
        window=THREE_YEARS,
        expression=NET_UNITS,
        of=Of.OWN,
        absent=0,
        family="holdings",
        side=Side.FACT,
        told="",
    ),
    Feature(
        name="seen_in_use_now",
        meaning="Technologies of the product seen at the customer and not gone.",
        table=TECHNOLOGIES,
        window=NOW,
        expression="count(*)",
        of=Of.OWN,
        absent=0,
        family="holdings",
        side=Side.FACT,
        told="",
    ),
    Feature(
        name="orders_1096d",
        meaning="Order lines of any product in 36 months, returns left out.",
        table=TRANSACTIONS,
        window=THREE_YEARS,
        expression="count(*)",
        where="kind <> 'return'",
        absent=0,
        family="holdings",
        side=Side.FACT,
        told="",
    ),
    Feature(
        name="suite_seats",
        meaning="Seats of Microsoft 365 suites bought ever, less those returned.",
        table=TRANSACTIONS,
        window=EVER,
        expression=NET_UNITS,
        where=among("sku", MS365_SUITES),
        absent=0,
        family="holdings",
        side=Side.FACT,
        told="",
    ),
    Feature(
        name="suite_rung",
        meaning="Place on the ladder of suites of the highest one ordered, from 1; empty without a suite.",
        table=TRANSACTIONS,
        window=EVER,
        expression="max(CASE {} END)".format(
            " ".join(f"WHEN sku = '{sku}' THEN {rung}" for rung, sku in enumerate(MS365_SUITES, 1))
        ),
        where=f"kind <> 'return' AND {among('sku', MS365_SUITES)}",
        unit=Unit.NUMBER,
        family="holdings",
        side=Side.FACT,
        told="",
    ),
    Feature(
        name="copilot_units",
        meaning="Units of Copilot bought ever, less those returned.",
        table=TRANSACTIONS,
        window=EVER,
        expression=NET_UNITS,
        where=among("sku", COPILOT_SKUS),
        absent=0,
        family="holdings",
        side=Side.FACT,
        told="",
    ),
    Feature(
        name="copilot_orders_395d",
        meaning="Order lines that began or prolonged Copilot within a term.",
        table=TRANSACTIONS,
        window=TERM,
        expression="count(*)",
        where=f"kind <> 'return' AND {among('sku', COPILOT_SKUS)}",
        absent=0,
        family="holdings",
        side=Side.FACT,
        told="",
    ),
    Feature(
        name="office_on_premises_orders",
        meaning="Order lines of Office or Exchange on premises ever, returns left out.",
        table=TRANSACTIONS,
        window=EVER,
        expression="count(*)",
        where=f"kind <> 'return' AND {among('sku', OFFICE_ON_PREMISES_SKUS)}",
        absent=0,
        family="holdings",
        side=Side.FACT,
        told="",
    ),
    Feature(
        name="erp_on_premises_orders",
        meaning="Order lines of Dynamics NAV, GP or AX on premises ever, returns left out.",
        table=TRANSACTIONS,
        window=EVER,
        expression="count(*)",
        where=f"kind <> 'return' AND {among('sku', ERP_ON_PREMISES_SKUS)}",
        absent=0,
        family="holdings",
        side=Side.FACT,
        told="",
    ),
)

CONSUMPTION = (
    Feature(
        name="azure_consumed_cents_90d",
        meaning="Azure consumed in 90 days, in US cents.",
        table=AZURE_CONSUMPTION,
        window=QUARTER,
        expression="sum(amount_cents)",
        unit=Unit.CENTS,
        absent=0,
        family="consumption facts",
        side=Side.FACT,
        told="",
    ),
    Feature(
        name="azure_months_90d",
        meaning="Months with Azure consumption in 90 days.",
        table=AZURE_CONSUMPTION,
        window=QUARTER,
        expression="count(DISTINCT month_on)",
        where="amount_cents > 0",
        absent=0,
        family="consumption facts",
        side=Side.FACT,
        told="",
    ),
    Feature(
        name="azure_workload_count_90d",
        meaning="Azure workloads consumed in 90 days.",
        table=AZURE_CONSUMPTION,
        window=QUARTER,
        expression="count(DISTINCT workload)",
        where="amount_cents > 0",
        absent=0,
        family="consumption facts",
        side=Side.FACT,
        told="",
    ),
    Feature(
        name="azure_workloads_90d",
        meaning="Names of the Azure workloads consumed in 90 days, sorted, joined with '; '.",
        table=AZURE_CONSUMPTION,
        window=QUARTER,
        expression="string_agg(DISTINCT workload, '; ' ORDER BY workload)",
        where="amount_cents > 0",
        unit=Unit.TEXT,
        family="consumption facts",
        side=Side.FACT,
        told="",
    ),
)


def _agreements(name: str, meaning: str, where: str) -> Feature:
    return Feature(
        name=f"{name}_now",
        meaning=meaning,
        table=AGREEMENTS,
        window=NOW,
        expression="count(*)",
        where=where,
        absent=0,
        family="agreement facts",
        side=Side.FACT,
        told="",
    )


def _renewals(name: str, *divisions: str) -> Feature:
    return _agreements(
        name,
        f"Agreements for {' or '.join(divisions)} in force that end within 365 days.",
        f"{among('revenue_division', divisions)} AND {RENEWS_WITHIN_A_YEAR}",
    )


SIGNED = (
    _agreements(
        "ea_agreements", "EA or EA Subscription agreements in force.", among("license_program", EA_PROGRAMS)
    ),
    _agreements(
        "open_agreements", "Open or Open Value agreements in force.", among("license_program", OPEN_PROGRAMS)
    ),
    _renewals("server_datacenter_renewals", "Windows Server Datacenter"),
    _renewals("server_standard_renewals", "Windows Server Standard"),
    _renewals("dynamics_on_premises_renewals", "Dynamics AX", "Dynamics CRM"),
    Feature(
        name="erp_on_premises_agreements",
        meaning="Agreements for Dynamics AX ever.",
        table=AGREEMENTS,
        window=EVER,
        expression="count(*)",
        where=among("revenue_division", ("Dynamics AX",)),
        absent=0,
        family="agreement facts",
        side=Side.FACT,
        told="",
    ),
    Feature(
        name="office_on_premises_agreements",
        meaning="Agreements for Office on-premises ever.",
        table=AGREEMENTS,
        window=EVER,
        expression="count(*)",
        where=among("revenue_division", ("Office on-premises",)),
        absent=0,
        family="agreement facts",
        side=Side.FACT,
        told="",
    ),
)


def _rival(
    vendor: str, maker: str, technologies: tuple[str, ...], topics: tuple[str, ...]
) -> tuple[Feature, Feature]:
    """Declare what is seen of a rival vendor: its technologies in use and the signals about it."""
    return (
        Feature(
            name=f"{vendor}_technologies_now",
            meaning=f"Technologies of {maker} seen at the customer and not gone.",
            table=TECHNOLOGIES,
            window=NOW,
            expression="count(*)",
            where=f"(vendor = '{maker}' OR {among('technology', technologies)})",
            absent=0,
            family="rival facts",
            side=Side.FACT,
            told="",
        ),
        Feature(
            name=f"{vendor}_signals_365d",
            meaning=f"Signals about products of {maker} in a year, retirements left out.",
            table=SIGNALS,
            window=last(365),
            expression="count(*)",
            where=f"kind <> 'technology_retired' AND {among('topic', topics)}",
            absent=0,
            family="rival facts",
            side=Side.FACT,
            told="",
        ),
    )


RIVALS = (
    *_rival("google", "Google", GOOGLE_TECHNOLOGIES, GOOGLE_TOPICS),
    *_rival("aws", "Amazon", AWS_TECHNOLOGIES, AWS_TOPICS),
)

FACTS = (*HOLDINGS, *CONSUMPTION, *SIGNED, *RIVALS)
