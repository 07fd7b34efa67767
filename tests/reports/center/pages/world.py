"""Two small months and their readers, for the tests of pages."""

from dataclasses import dataclass
from pathlib import Path

from fastapi.testclient import TestClient

from reports.center.center import Center
from reports.center.database.engine import open_database
from reports.center.people import Role
from tests.reports.center.published import center_over, publish_month
from tests.reports.center.signed import QUICK, add_person, browser

BEFORE = """
    GlobalID | CustomerID | AccountName | AzureCluster | AzureExpectedRevenue
    P1       | C1         | Alder       | Act Now      | 100.00
    P1       | C2         | Birch       | Act Now      | 100.00
    P1       | C3         | Cedar       | Nurture      | 10.00
"""
AZURE = """
    GlobalID | CustomerID | AccountName   | OrgSize | HasAzure | AzureCluster | AzureExpectedRevenue
    P1       | C1         | Alder, "West" | 12      | Yes      | Act Now      | 1234.50
    P1       | C2         | Birch <b>     | 250     | No       | Evaluate     | 200.25
    P1       | C3         | Cedar         |         | No       | Act Now      | 30.00
    P2       | C4         | Dogwood       | 7       | No       | Act Now      | 9999.00
"""
EXPIRING = """
    asOf                 | partnerId | productFamily | orgId | orgName | subscriptionId | trial | endDate
    2026-10-25T00:00:00Z | P1        | calling       | C1    | Alder   | S1             | No    | 2026-11-20
    2026-10-25T00:00:00Z | P1        | meetings      | C1    | Alder   | S1             | No    | 2026-11-20
    2026-10-25T00:00:00Z | P2        | calling       | C4    | Dogwood | S2             | No    | 2026-11-20
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Small:
    """A centre over two months, and where they are."""

    center: Center
    home: Path

    def reader(self, role: Role = Role.SALES_AGENT, *, partner: str = "P1") -> TestClient:
        """Return a browser of somebody who reads the customers of a partner."""
        person = add_person(
            self.center, f"{role.value.replace(' ', '.')}.{partner}", role, partners=(partner,)
        )
        return browser(self.center, person)


def small(home: Path) -> Small:
    """Publish the two months below a folder."""
    publish_month(home, "2026-09", {"CLASAzurePropensity": BEFORE})
    publish_month(home, "2026-10", {"CLASAzurePropensity": AZURE, "expiring_subscriptions": EXPIRING})
    return Small(center=empty(home), home=home)


def empty(home: Path) -> Center:
    """Return a centre over a folder, also before anything is published there."""
    home.mkdir(parents=True, exist_ok=True)
    return center_over(home, open_database(f"sqlite:///{home / 'center.db'}"), policy=QUICK)
