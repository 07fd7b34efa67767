"""The licensed products of the sample world, their workloads, and the bundles in which they are sold."""

from dataclasses import dataclass

OFFICE = ("Exchange", "Teams", "OneDrive", "SharePoint", "Office", "Yammer")
"""The first workload of a product is the one that nearly everybody uses."""
YAMMER = "Yammer"


@dataclass(frozen=True, slots=True)
class LicensedProduct:
    """A licensed product; its id is the SKU under which the scored product is sold, where there is one."""

    id: str
    name: str
    vendor: str
    service: str | None
    family: str
    workloads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bundle:
    """Products sold in one subscription: its yearly price a unit, and the share of employees that get it.

    `shares` are weights in customers under 25 employees, under 300, and above, among bundles of one `line`:
    a scored product, or Webex.
    """

    line: str
    products: tuple[str, ...]
    cents: int
    reach: float
    shares: tuple[float, float, float]


LICENSED = (
    LicensedProduct("M365-BB", "Microsoft 365 Business Basic", "microsoft", "o365", "office365", OFFICE),
    LicensedProduct("M365-BS", "Microsoft 365 Business Standard", "microsoft", "o365", "office365", OFFICE),
    LicensedProduct("M365-BP", "Microsoft 365 Business Premium", "microsoft", "o365", "office365", OFFICE),
    LicensedProduct("M365-E3", "Microsoft 365 E3", "microsoft", "o365", "office365", OFFICE),
    LicensedProduct("M365-E5", "Microsoft 365 E5", "microsoft", "o365", "office365", OFFICE),
    LicensedProduct(
        "DEFENDER-BIZ", "Microsoft Defender for Business", "microsoft", None, "other", ("Defender",)
    ),
    LicensedProduct(
        "D365-BC-ESS",
        "Dynamics 365 Business Central Essentials",
        "microsoft",
        "crm",
        "dynamics365",
        ("BusinessCentral",),
    ),
    LicensedProduct(
        "D365-SP", "Dynamics 365 Sales Professional", "microsoft", "crm", "dynamics365", ("Sales",)
    ),
    LicensedProduct("PWR-APPS", "Power Apps Premium", "microsoft", None, "other", ("PowerApps",)),
    LicensedProduct("WX-MEETINGS", "Webex Meetings", "webex", None, "meetings", ("Meetings",)),
    LicensedProduct("WX-CALLING", "Webex Calling", "webex", None, "calling", ("Calling",)),
    LicensedProduct("WX-CALL-ON", "Call on Webex", "webex", None, "call_on_webex", ("Calling",)),
    LicensedProduct("WX-MESSAGING", "Webex Messaging", "webex", None, "messaging", ("Messaging",)),
    LicensedProduct("WX-RTT", "Real-Time Translations", "webex", None, "other", ("Translations",)),
    # A family that the contract does not know: to be reported, not dropped.
    LicensedProduct("WX-DEVICES", "Webex Devices", "webex", None, "devices", ("Devices",)),
)
IDS = tuple(product.id for product in LICENSED)
FAMILIES = tuple(product.family for product in LICENSED)
CALLING = IDS.index("WX-CALLING")
WORKLOADS = tuple(sorted({code for product in LICENSED for code in product.workloads}))
WORKLOAD_NAMES = {
    "BusinessCentral": "Business Central",
    "Office": "Microsoft 365 Apps",
    "PowerApps": "Power Apps",
    "Sales": "Dynamics 365 Sales",
}
"""Where the name is not the code."""
ROLLUPS = {"OneDrive": "SharePoint"}

WEBEX = "Webex"
BUNDLES = (
    Bundle("M365", ("M365-BB",), 7_200, 0.4, (0.45, 0.2, 0.0)),
    Bundle("M365", ("M365-BS",), 15_000, 0.4, (0.35, 0.4, 0.0)),
    Bundle("M365", ("M365-BP",), 26_400, 0.35, (0.2, 0.37, 0.1)),
    Bundle("M365", ("M365-E3",), 43_200, 0.25, (0.0, 0.03, 0.6)),
    Bundle("M365", ("M365-E5",), 68_400, 0.2, (0.0, 0.0, 0.3)),
    Bundle("Security", ("DEFENDER-BIZ",), 3_600, 0.25, (1, 1, 1)),
    Bundle("D365BC", ("D365-BC-ESS",), 84_000, 0.1, (1, 1, 1)),
    Bundle("D365SP", ("D365-SP",), 78_000, 0.1, (1, 1, 1)),
    Bundle("PowerApps", ("PWR-APPS",), 24_000, 0.15, (1, 1, 1)),
    Bundle(WEBEX, ("WX-MEETINGS",), 16_000, 0.25, (0.36, 0.32, 0.2)),
    Bundle(WEBEX, ("WX-CALLING",), 20_000, 0.25, (0.2, 0.2, 0.2)),
    Bundle(WEBEX, ("WX-MEETINGS", "WX-CALLING"), 30_000, 0.25, (0.1, 0.18, 0.35)),
    Bundle(WEBEX, ("WX-MEETINGS", "WX-RTT"), 22_000, 0.2, (0.04, 0.08, 0.15)),
    Bundle(WEBEX, ("WX-MESSAGING",), 6_000, 0.3, (0.16, 0.1, 0.04)),
    Bundle(WEBEX, ("WX-CALL-ON",), 9_000, 0.2, (0.1, 0.08, 0.02)),
    Bundle(WEBEX, ("WX-DEVICES",), 60_000, 0.05, (0.04, 0.04, 0.04)),
)
LINES = tuple(dict.fromkeys(bundle.line for bundle in BUNDLES))


def bundles_of(line: str) -> tuple[int, ...]:
    """Return the positions of the bundles of a line."""
    return tuple(at for at, bundle in enumerate(BUNDLES) if bundle.line == line)
