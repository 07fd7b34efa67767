"""Facts that only reports read: what a customer holds, consumes, has signed and has been seen to use."""

from features.feature import Feature, Of, Side, Unit
from features.periods import EVER, NOW, Window, last
from features.products import PRODUCTS, SkuKind
from features.sources.schema import Table
from features.sources.tables import AGREEMENTS, AZURE_CONSUMPTION, SIGNALS, TECHNOLOGIES, TRANSACTIONS

TERM = last(395)
"""An annual subscription and a month's grace: what was neither bought nor renewed in it has lapsed."""
THREE_YEARS = last(1096)
QUARTER = last(90)

GOOGLE_TECHNOLOGIES = ("Google Workspace", "Google Cloud", "AppSheet")
GOOGLE_TOPICS = ("google workspace", "google cloud")
AWS_TECHNOLOGIES = ("Amazon Web Services",)
AWS_TOPICS = ("aws",)
ON_PREMISES = tuple(sku for product in PRODUCTS for sku in product.skus(SkuKind.ON_PREMISES))
SUITES = tuple(sku for product in PRODUCTS for sku in product.skus(SkuKind.SUITE))
"""The ladder of suites, from the lesser to the greater."""
COPILOT = ("M365-COPILOT",)
OFFICE_ON_PREMISES = ("OFFICE-LTSC", "EXCHANGE-SRV")
ERP_ON_PREMISES = ("DYN-NAV", "DYN-GP", "DYN-AX")
OFFICE_SERVERS = ("Exchange Server", "SharePoint Server")
ERP_SERVERS = ("Dynamics NAV", "Dynamics GP", "Dynamics AX")
"""Technologies on premises by the names that the signal collector has for them."""


def among(column: str, values: tuple[str, ...]) -> str:
    """SQL: the column holds one of the values."""
    listed = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
    return f"{column} IN ({listed})"


NO_RETURN = "kind <> 'return'"
BOUGHT = "sum(CASE kind WHEN 'return' THEN -abs(quantity) WHEN 'renew' THEN 0 ELSE quantity END)"
"""A renewal prolongs what is held and adds nothing to it."""
LIVE = "sum(CASE kind WHEN 'return' THEN -abs(quantity) ELSE quantity END)"
"""Above zero: something was bought or renewed and not given back. History may begin amid a subscription, so
renewals count as well."""


def _fact(
    name: str,
    meaning: str,
    table: Table,
    window: Window,
    expression: str,
    *,
    where: str = "TRUE",
    of: Of = Of.ALL,
) -> Feature:
    """Declare a figure that is zero for a customer without rows."""
    return Feature(
        name=name + window.suffix,
        meaning=meaning,
        table=table,
        window=window,
        expression=expression,
        where=where,
        of=of,
        absent=0,
        family="facts",
        side=Side.FACT,
        told="",
    )


HOLDINGS = (
    _fact(
        "live_cloud_units",
        "Units of the product's cloud SKUs bought or renewed within a term, less those returned.",
        TRANSACTIONS,
        TERM,
        LIVE,
        where=f"NOT {among('sku', ON_PREMISES)}",
        of=Of.OWN,
    ),
    _fact(
        "cloud_orders",
        "Order lines of the product's cloud SKUs ever, returns left out.",
        TRANSACTIONS,
        EVER,
        "count(*)",
        where=f"{NO_RETURN} AND NOT {among('sku', ON_PREMISES)}",
        of=Of.OWN,
    ),
    _fact(
        "bought_units",
        "Units of the product bought ever, less those returned.",
        TRANSACTIONS,
        EVER,
        BOUGHT,
        of=Of.OWN,
    ),
    _fact(
        "bought_units",
        "Units of the product bought in three years, less those returned.",
        TRANSACTIONS,
        THREE_YEARS,
        BOUGHT,
        of=Of.OWN,
    ),
    _fact(
        "seen_in_use",
        "Technologies of the product seen at the customer and not gone.",
        TECHNOLOGIES,
        NOW,
        "count(*)",
        of=Of.OWN,
    ),
    _fact(
        "order_lines",
        "Order lines of any product in 36 months, returns left out.",
        TRANSACTIONS,
        THREE_YEARS,
        "count(*)",
        where=NO_RETURN,
    ),
)

SUITES_AND_SERVERS = (
    _fact(
        "suite_seats",
        "Seats of Microsoft 365 suites bought ever, less those returned.",
        TRANSACTIONS,
        EVER,
        BOUGHT,
        where=among("sku", SUITES),
    ),
    _fact(
        "renewed_suite_seats",
        "Most seats of a Microsoft 365 suite renewed at once within a term.",
        TRANSACTIONS,
        TERM,
        "max(quantity)",
        where=f"kind = 'renew' AND {among('sku', SUITES)}",
    ),
    _fact(
        "suite_rung",
        "Place on the ladder of suites of the highest one bought or renewed within a term; 0 for none.",
        TRANSACTIONS,
        TERM,
        "max(CASE {} END)".format(
            " ".join(f"WHEN sku = '{sku}' THEN {rung}" for rung, sku in enumerate(SUITES, 1))
        ),
        where=f"{NO_RETURN} AND {among('sku', SUITES)}",
    ),
    _fact(
        "live_copilot_units",
        "Units of Copilot bought or renewed within a term, less those returned.",
        TRANSACTIONS,
        TERM,
        LIVE,
        where=among("sku", COPILOT),
    ),
    _fact(
        "office_on_premises_orders",
        "Order lines of Office or Exchange on premises ever, returns left out.",
        TRANSACTIONS,
        EVER,
        "count(*)",
        where=f"{NO_RETURN} AND {among('sku', OFFICE_ON_PREMISES)}",
    ),
    _fact(
        "erp_on_premises_orders",
        "Order lines of Dynamics NAV, GP or AX on premises ever, returns left out.",
        TRANSACTIONS,
        EVER,
        "count(*)",
        where=f"{NO_RETURN} AND {among('sku', ERP_ON_PREMISES)}",
    ),
)

CONSUMPTION = (
    _fact(
        "azure_consumed_cents",
        "Azure consumed in 90 days, US cents.",
        AZURE_CONSUMPTION,
        QUARTER,
        "sum(amount_cents)",
    ),
    _fact(
        "azure_months",
        "Months with Azure consumption in 90 days.",
        AZURE_CONSUMPTION,
        QUARTER,
        "count(DISTINCT month_on)",
        where="amount_cents > 0",
    ),
    _fact(
        "azure_workloads_used",
        "Azure workloads consumed in 90 days.",
        AZURE_CONSUMPTION,
        QUARTER,
        "count(DISTINCT workload)",
        where="amount_cents > 0",
    ),
    Feature(
        name="azure_workload_names_90d",
        meaning="Names of the Azure workloads consumed in 90 days, sorted, joined with '; '.",
        table=AZURE_CONSUMPTION,
        window=QUARTER,
        expression="string_agg(DISTINCT workload, '; ' ORDER BY workload)",
        where="amount_cents > 0",
        unit=Unit.TEXT,
        family="facts",
        side=Side.FACT,
        told="",
    ),
)


def _signed(name: str, meaning: str, window: Window, where: str) -> Feature:
    return _fact(name, meaning, AGREEMENTS, window, "count(*)", where=where)


def _renewals(name: str, *divisions: str) -> Feature:
    return _fact(
        name,
        f"Agreements for {' or '.join(divisions)} in force that end within 365 days.",
        AGREEMENTS,
        NOW,
        "count(CASE WHEN days_since(ends_on) >= -365 THEN 1 END)",
        where=among("revenue_division", divisions),
    )


SIGNED = (
    _signed(
        "ea_agreements",
        "EA or EA Subscription agreements in force.",
        NOW,
        among("license_program", ("EA", "EA Subscription")),
    ),
    _signed(
        "open_agreements",
        "Open or Open Value agreements in force.",
        NOW,
        among("license_program", ("Open", "Open Value")),
    ),
    _signed(
        "erp_on_premises_agreements",
        "Agreements for Dynamics AX ever.",
        EVER,
        among("revenue_division", ("Dynamics AX",)),
    ),
    _signed(
        "office_on_premises_agreements",
        "Agreements for Office on-premises ever.",
        EVER,
        among("revenue_division", ("Office on-premises",)),
    ),
    _renewals("server_datacenter_renewals", "Windows Server Datacenter"),
    _renewals("server_standard_renewals", "Windows Server Standard"),
    _renewals("dynamics_on_premises_renewals", "Dynamics AX", "Dynamics CRM"),
)


def _rival(
    name: str, maker: str, technologies: tuple[str, ...], topics: tuple[str, ...]
) -> tuple[Feature, Feature]:
    """Declare what is seen of a rival maker: its technologies in use and the signals about it."""
    return (
        _fact(
            f"{name}_technologies",
            f"Technologies of {maker} seen at the customer and not gone.",
            TECHNOLOGIES,
            NOW,
            "count(*)",
            where=f"(vendor = '{maker}' OR {among('technology', technologies)})",
        ),
        _fact(
            f"{name}_signals",
            f"Signals about products of {maker} in a year, retirements left out.",
            SIGNALS,
            last(365),
            "count(*)",
            where=f"kind <> 'technology_retired' AND {among('topic', topics)}",
        ),
    )


SERVERS = (
    _fact(
        "office_on_premises_technologies",
        "Exchange and SharePoint servers on premises seen at the customer and not gone.",
        TECHNOLOGIES,
        NOW,
        "count(*)",
        where=among("technology", OFFICE_SERVERS),
    ),
    _fact(
        "erp_on_premises_technologies",
        "Dynamics NAV, GP or AX on premises ever seen at the customer.",
        TECHNOLOGIES,
        EVER,
        "count(*)",
        where=among("technology", ERP_SERVERS),
    ),
)

RIVALS = (
    *_rival("google", "Google", GOOGLE_TECHNOLOGIES, GOOGLE_TOPICS),
    *_rival("aws", "Amazon", AWS_TECHNOLOGIES, AWS_TOPICS),
)

FACTS = (*HOLDINGS, *SUITES_AND_SERVERS, *CONSUMPTION, *SIGNED, *SERVERS, *RIVALS)
