"""Every cohort and every Has column as a declared predicate: its name, its meaning, its SQL.

Each is unknown (an empty cell) where the table that would decide it was not given, unless another decides it.
"""

from dataclasses import replace

from features.facts import SUITES
from reports.field import Field, Group, Origin, flag

SOUGHT = "IN ('Act Now', 'Evaluate')"


def _owns(prefix: str) -> str:
    """SQL: the customer holds the product now. Orders decide it; what is seen in use can only confirm it."""
    return f'("live_cloud_units_395d__{prefix}" > 0 OR coalesce("seen_in_use_now__{prefix}", 0) > 0)'


OWNS_M365 = _owns("M365")
OWNS_BC = _owns("D365BC")
OFFICE_ON_PREMISES = (
    "(office_on_premises_orders > 0 OR coalesce(office_on_premises_agreements, 0) > 0"
    " OR coalesce(office_on_premises_technologies_now, 0) > 0)"
)
ERP_ON_PREMISES = (
    "(erp_on_premises_orders > 0 OR coalesce(erp_on_premises_agreements, 0) > 0"
    " OR coalesce(erp_on_premises_technologies, 0) > 0)"
)
HAS_SUITE = "suite_rung_395d > 0"
BELOW_TOP_SUITE = f"suite_rung_395d < {len(SUITES)}"
SUITE_SEATS = "greatest(suite_seats, renewed_suite_seats_395d)"
"""History may begin amid a subscription: then its renewals tell the seats."""
NO_SURFACE = '("bought_units__Surface" <= 0 AND coalesce("seen_in_use_now__Surface", 0) = 0)'
SOUGHT_FOR_M365 = f'coalesce("cluster__M365" {SOUGHT}, FALSE)'
SOUGHT_FOR_SECURITY = f'coalesce("cluster__Security" {SOUGHT}, FALSE)'
"""A product that is not scored has no cluster, so nobody is likely to buy it."""


def _cohort(name: str, meaning: str, sql: str) -> Field:
    return replace(flag(name, meaning, sql, group=Group.COHORT), origin=Origin.NAMED_HERE)


AZURE_NO_CONSUMPTION_WITH_M365 = _cohort(
    "AzureNoConsumptionWithM365",
    "No Azure consumption but has bought M365",
    'azure_consumed_cents_90d <= 0 AND "cloud_orders__M365" > 0',
)
D365_MIGRATE_TO_BUSINESS_CENTRAL = _cohort(
    "D365MigrateToBusinessCentral",
    "No Business Central; earlier on-premises or dark solution",
    f"NOT {OWNS_BC} AND {ERP_ON_PREMISES}",
)
SECURITY_UPSELL_TO_M365_E5 = _cohort(
    "SecurityUpsellToM365E5",
    "Existing M365 customer with potential for M365 E5; lead with security",
    f"{OWNS_M365} AND {BELOW_TOP_SUITE} AND {SOUGHT_FOR_SECURITY}",
)
M365_UPSELL_CUSTOMER = flag(
    "M365UpsellCustomer",
    "Existing customer with M365 upsell propensity",
    f"{OWNS_M365} AND {SOUGHT_FOR_M365}",
    group=Group.COHORT,
)
HAS_COPILOT = flag(
    "HasCopilot",
    "Customer already has Copilot; read together with the Copilot cohort",
    "live_copilot_units_395d > 0",
    group=Group.SEGMENT,
)
M365_AND_SURFACE = (
    _cohort(
        "M365MoveToCloudOnPrem",
        "Move to cloud: no M365, on-premises install base",
        f"NOT {OWNS_M365} AND {OFFICE_ON_PREMISES}",
    ),
    _cohort(
        "M365MoveToCloudDark",
        "Move to cloud: no Microsoft 365 and no known on-premises install base either ('dark')",
        f"NOT {OWNS_M365} AND NOT {OFFICE_ON_PREMISES}",
    ),
    _cohort(
        "M365UpsellHigherSuite",
        "Sell to existing: likely to move up to another suite",
        f"{OWNS_M365} AND {HAS_SUITE} AND {BELOW_TOP_SUITE} AND {SOUGHT_FOR_M365}",
    ),
    _cohort(
        "M365SeatExpansion",
        "Sell to existing: likely to buy more seats of the same suite",
        f"{OWNS_M365} AND {HAS_SUITE} AND {SOUGHT_FOR_M365}",
    ),
    _cohort(
        "M365Copilot",
        "Likely to buy Copilot as an expansion or a trial",
        f"{OWNS_M365} AND {SOUGHT_FOR_M365}",
    ),
    HAS_COPILOT,
    _cohort(
        "SurfaceAcquireM365Seats1To49",
        "Acquire: no Surface, M365 purchase of 1-49 seats",
        f"{NO_SURFACE} AND {SUITE_SEATS} BETWEEN 1 AND 49",
    ),
    _cohort(
        "SurfaceAcquireM365Seats50Plus",
        "Acquire: no Surface, M365 purchase of 50+ seats",
        f"{NO_SURFACE} AND {SUITE_SEATS} >= 50",
    ),
    _cohort(
        "SurfaceUpsellDevices1To24Last3Years",
        "Upsell: bought 1-24 Surface devices in the last three years",
        '"bought_units_1096d__Surface" BETWEEN 1 AND 24',
    ),
    _cohort(
        "SurfaceUpsellDevices25PlusLast3Years",
        "Upsell: bought 25+ Surface devices in the last three years",
        '"bought_units_1096d__Surface" >= 25',
    ),
)

HAS_AZURE = flag(
    "HasAzure",
    "Active Azure customer",
    "azure_consumed_cents_90d > 0 OR " + _owns("Azure"),
    group=Group.SEGMENT,
)
HAS_D365 = flag(
    "HasD365",
    "Active Dynamics 365 customer",
    f"{OWNS_BC} OR {_owns('D365SP')}",
    group=Group.SEGMENT,
)
HAS_M365 = flag("HasM365", "Active Microsoft 365 customer", OWNS_M365, group=Group.SEGMENT)
HAS_GOOGLE = flag(
    "HasGoogle",
    "Competitive signals for Google products",
    "google_technologies_now > 0 OR google_signals_365d > 0",
    group=Group.SEGMENT,
)
HAS_AWS = flag(
    "HasAWS",
    "Competitive signals for AWS products",
    "aws_technologies_now > 0 OR aws_signals_365d > 0",
    group=Group.SEGMENT,
)
EA_MEANING = "Renewal is an EA or EA subscription"
OPEN_MEANING = "Renewal is Open or Open Value"
HAS_EA = flag("HasEA", EA_MEANING, "ea_agreements_now > 0", group=Group.RENEWAL)
HAS_OPEN = flag("HasOpen", OPEN_MEANING, "open_agreements_now > 0", group=Group.RENEWAL)
HAS = (HAS_AZURE, HAS_D365, HAS_M365, HAS_GOOGLE, HAS_AWS, HAS_EA, HAS_OPEN)

AGREEMENT_IS_EA = flag(
    "HasEA", EA_MEANING, "license_program IN ('EA', 'EA Subscription')", group=Group.RENEWAL
)
AGREEMENT_IS_OPEN = flag(
    "HasOpen", OPEN_MEANING, "license_program IN ('Open', 'Open Value')", group=Group.RENEWAL
)
"""Where a row is an agreement, the two flags are about that one."""

SERVER_RENEWALS = (
    flag(
        "WindowsServerDataCenter_HasOpenRenewal",
        "Open renewal for Windows Server Datacenter",
        "server_datacenter_renewals_now > 0",
        group=Group.RENEWAL,
    ),
    flag(
        "WindowsServerStandard_HasOpenRenewal",
        "Open renewal for Windows Server Standard",
        "server_standard_renewals_now > 0",
        group=Group.RENEWAL,
    ),
)
DYNAMICS_RENEWAL = flag(
    "DynamicsOnPremAXorCRM_HasOpenRenewal",
    "Open renewal for Dynamics on-premises AX or CRM",
    "dynamics_on_premises_renewals_now > 0",
    group=Group.RENEWAL,
)
TRANSACTED = flag(
    "TransactedInTheLast36Months",
    "Bought within the trailing 36 months",
    "order_lines_1096d > 0",
    group=Group.SEGMENT,
)
