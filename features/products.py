"""What a product is, and the default catalogue: one row a product."""

from dataclasses import dataclass
from enum import StrEnum

from features.sources.schema import Table


class SkuKind(StrEnum):
    """What a family of SKUs is for."""

    SUITE = "suite"
    SEATS = "seats"
    WORKLOAD = "workload"
    ON_PREMISES = "on-premises"


@dataclass(frozen=True, slots=True)
class SkuFamily:
    """SKUs that belong together, from the lesser to the greater where they form a ladder."""

    name: str
    kind: SkuKind
    skus: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """Something that is scored: what counts as a purchase of it, whom it is for, what is said about it.

    The tuples hold the values by which rows of the source tables are told to be about the product.
    `scope` is SQL over the features of a customer; whoever fails it is out of scope.
    """

    prefix: str
    name: str
    report: str
    sold_as: tuple[str, ...]
    topics: tuple[str, ...] = ()
    rival_topics: tuple[str, ...] = ()
    technologies: tuple[str, ...] = ()
    rival_technologies: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()
    workloads: tuple[str, ...] = ()
    families: tuple[SkuFamily, ...] = ()
    scope: str = "TRUE"
    scope_told: str = "every small and medium customer"

    def own_values(self, table: Table) -> tuple[str, ...]:
        """Return the values of `table.own_by` that make a row a row about this product."""
        return {
            "transactions": self.sold_as,
            "opportunities": self.sold_as,
            "signals": self.topics,
            "technologies": self.technologies,
            "agreements": self.divisions,
            "azure_consumption": self.workloads,
        }.get(table.name, ())

    def own_rows(self, table: Table) -> str:
        """SQL: the row of `table` is about this product; never null."""
        values = self.own_values(table)
        if table.own_by is None or not values:
            return "FALSE"
        return f"coalesce({table.own_by} IN ({_literals(values)}), FALSE)"

    def rival_rows(self, table: Table) -> str:
        """SQL: the row of `table` is about a rival of this product; never null."""
        values = {"signals": self.rival_topics, "technologies": self.rival_technologies}.get(table.name, ())
        if table.own_by is None or not values:
            return "FALSE"
        return f"coalesce({table.own_by} IN ({_literals(values)}), FALSE)"

    def skus(self, kind: SkuKind) -> tuple[str, ...]:
        """Return the SKUs of all families of a kind."""
        return tuple(sku for family in self.families if family.kind == kind for sku in family.skus)


def _literals(values: tuple[str, ...]) -> str:
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)


AZURE = Product(
    prefix="Azure",
    name="Azure",
    report="CLASAzurePropensity",
    sold_as=("Azure",),
    topics=("azure", "cloud migration"),
    rival_topics=("aws", "google cloud"),
    technologies=("Microsoft Azure",),
    rival_technologies=("Amazon Web Services", "Google Cloud"),
    divisions=("Azure", "Windows Server Datacenter", "Windows Server Standard"),
    workloads=(
        "Virtual Machines",
        "Storage",
        "SQL Database",
        "App Service",
        "Kubernetes",
        "Backup",
        "Virtual Desktop",
        "AI Services",
    ),
)
M365 = Product(
    prefix="M365",
    name="Microsoft 365",
    report="CLASM365Propensity",
    sold_as=("M365",),
    topics=("microsoft 365", "collaboration", "copilot"),
    rival_topics=("google workspace",),
    technologies=("Microsoft 365",),
    rival_technologies=("Google Workspace",),
    divisions=("Microsoft 365", "Office on-premises"),
    families=(
        SkuFamily(
            "Microsoft 365 suites",
            SkuKind.SUITE,
            ("M365-F3", "M365-BB", "M365-BS", "M365-BP", "M365-E3", "M365-E5"),
        ),
        SkuFamily("Copilot", SkuKind.SEATS, ("M365-COPILOT",)),
        SkuFamily("Office on-premises", SkuKind.ON_PREMISES, ("OFFICE-LTSC", "EXCHANGE-SRV")),
    ),
)
SECURITY = Product(
    prefix="Security",
    name="Microsoft 365 security (E5)",
    report="CLASSecurityPropensity",
    sold_as=("Security",),
    topics=("security", "compliance"),
    rival_topics=("endpoint protection rivals",),
    technologies=("Microsoft Defender",),
    rival_technologies=("CrowdStrike", "Sophos"),
    divisions=("Security",),
    families=(SkuFamily("Security seats", SkuKind.SEATS, ("M365-E5-SEC", "DEFENDER-BIZ", "ENTRA-P2")),),
)
SURFACE = Product(
    prefix="Surface",
    name="Surface",
    report="CLASSurfacePropensity",
    sold_as=("Surface",),
    topics=("surface", "device refresh"),
    rival_topics=("laptop rivals",),
    technologies=("Microsoft Surface",),
    rival_technologies=("Apple MacBook", "Lenovo ThinkPad"),
    divisions=("Surface",),
    families=(SkuFamily("Surface devices", SkuKind.SEATS, ("SURFACE-GO", "SURFACE-LAPTOP", "SURFACE-PRO")),),
)
D365BC = Product(
    prefix="D365BC",
    name="Dynamics 365 Business Central",
    report="CLASD365Propensity",
    sold_as=("D365BC",),
    topics=("erp", "business central"),
    rival_topics=("erp rivals",),
    technologies=("Dynamics 365 Business Central",),
    rival_technologies=("Sage", "SAP Business One"),
    divisions=("Dynamics 365 Business Central", "Dynamics AX"),
    families=(
        SkuFamily("Business Central", SkuKind.SEATS, ("D365-BC-ESS", "D365-BC-PREM")),
        SkuFamily("Dynamics on-premises", SkuKind.ON_PREMISES, ("DYN-NAV", "DYN-GP", "DYN-AX")),
    ),
    scope="employees < 300 OR employees IS NULL",
    scope_told="customers under 300 employees, or of unknown size",
)
D365SP = Product(
    prefix="D365SP",
    name="Dynamics 365 Sales Pro",
    report="CLASD365Propensity",
    sold_as=("D365SP",),
    topics=("crm", "sales automation"),
    rival_topics=("crm rivals",),
    technologies=("Dynamics 365 Sales",),
    rival_technologies=("Salesforce", "HubSpot"),
    divisions=("Dynamics 365 Sales", "Dynamics CRM"),
    families=(
        SkuFamily("Sales Pro", SkuKind.SEATS, ("D365-SP",)),
        SkuFamily("Dynamics CRM on-premises", SkuKind.ON_PREMISES, ("DYN-CRM",)),
    ),
)
POWER_APPS = Product(
    prefix="PowerApps",
    name="Power Apps",
    report="CLASD365Propensity",
    sold_as=("PowerApps",),
    topics=("low code", "power platform"),
    rival_topics=("low code rivals",),
    technologies=("Power Apps",),
    rival_technologies=("Mendix", "OutSystems", "AppSheet"),
    divisions=("Power Platform",),
    families=(SkuFamily("Power Apps", SkuKind.SEATS, ("PWR-APPS",)),),
    scope="rival_technologies_now__PowerApps > 0",
    scope_told="customers with a competing low-code platform",
)

PRODUCTS = (AZURE, M365, SECURITY, SURFACE, D365BC, D365SP, POWER_APPS)
"""The default catalogue; the eighth model, renewals, is about agreements rather than a product."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The products of a run; only the default one carries the vendor's cohorts and Has columns."""

    products: tuple[Product, ...] = PRODUCTS

    @property
    def is_default(self) -> bool:
        """Tell whether these are the default products."""
        return self.products == PRODUCTS

    def product(self, prefix: str) -> Product:
        """Return the product with that prefix; `KeyError` where there is none."""
        for product in self.products:
            if product.prefix == prefix:
                return product
        raise KeyError(prefix)
