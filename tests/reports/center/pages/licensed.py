"""Two months of licence figures of three partners, for the tests of the analytics pages."""

from pathlib import Path

from reports.center.center import Center
from reports.center.database.engine import open_database
from tests.reports.center.published import Row, Rows, center_over, publish_month, rows_of
from tests.reports.center.signed import QUICK

WINDOWS = {
    "day": ("2026-10-25", "2026-10-25"),
    "next": ("2026-10-25", "2027-01-24"),
    "week": ("2026-10-18", "2026-10-25"),
}
NO_USE = "no data: usage_daily or license_snapshots"
BEFORE = """
whose | family  | id     | name               | unit    | value | over | under | days | before
P1    | calling | WX-K12 | License assignment | percent | 25.00 | 1    | 4     | day  |
P2    | calling | WX-K12 | License assignment | percent | 50.00 | 2    | 4     | day  |
"""
KPIS = """
whose | family  | id     | name                      | unit             | value | over | under | days | before
P1    |         | WX-K1  | Total customers           | customers        | 2     | 2    |       | day  |
P2    |         | WX-K1  | Total customers           | customers        | 3     | 3    |       | day  |
P3    |         | WX-K1  | Total customers           | customers        | 400   | 400  |       | day  |
P1    |         | WX-K2  | Nearing expiration        | customers        | 1     | 1    |       | next |
P1    | calling | WX-K9  | License assignment        | percent          |       | 0    | 0     | day  |
P1    | calling | WX-K12 | License assignment        | percent          | 50.00 | 1    | 2     | day  |
P2    | calling | WX-K12 | License assignment        | percent          | 10.00 | 1    | 10    | day  |
P1    | calling | WX-K13 | License usage             | percent          | 50.00 | 1    | 2     | week | 12.50
P2    | calling | WX-K13 | License usage             | percent          | none  |      | 10    | week |
P1    | calling | WX-K16 | License use when assigned | percent          | none  |      |       | week |
P1    | calling | WX-K21 | Avg time to answer        | seconds          | 30.00 | 60   | 2     | week | 40.00
P1    | calling | WX-K23 | meanCustomerAbandonedRate | mean of percents | 10.00 |      | 3     | week |
P2    | calling | WX-K23 | meanCustomerAbandonedRate | mean of percents | 50.00 |      | 1     | week |
"""
"""`none` says that there is no data."""
OVERAGE = """
whose | family  | id     | name                 | unit                  | value | over | under | days | before
P1    | calling | WX-K20 | Avg. license overage | licenses per customer | 4.00  | 4    | 1     | day  |
P2    | calling | WX-K20 | Avg. license overage | licenses per customer | 1.00  | 2    | 2     | day  |
"""
AZURE = """
GlobalID | PartnerName | CustomerID | AccountName
P1       | Harbour     | C1         | Alder
P2       | Meadow      | C2         | Birch
P3       | Quarry      | C9         | Secret Stones
"""
CUSTOMERS = """
partnerId | orgId | orgName
P1        | C1    | Alder
P1        | C2    | Birch
P2        | C2    | Birch
P3        | C9    | Secret Stones
P4        | C4    | Unnamed Partner's
"""
RENEWING = """
partnerId | productFamily | orgId | orgName       | daysUntilRenewal | used | consumedUnits | available
P1        | calling       | C1    | Alder <b>     | 9                | 4    | 3             | 6
P1        | calling       | C2    | Birch         | 11               |      | 2             | 8
P1        | meetings      | C2    | Birch         | 11               | 1    | 2             | 98
P2        | calling       | C2    | Birch         | 41               | 1    | 2             | 5
P3        | calling       | C9    | Secret Stones | 7                | 9    | 99            | 900
"""
RECENT = [
    {
        "partnerId": "P1",
        "productFamily": "calling",
        "orgId": "C/1 ?",
        "orgName": "Slash",
        "subscriptionId": "S7",
        "trial": "Yes",
        "isNewCustomer": "No",
        "daysSinceAdded": "9",
        "totalUnits": "5",
        "used": "1",
        "consumedUnits": "1",
        "available": "4",
        "weeklyAssignmentChange": "3",
        "weeklyUsageChange": "-2",
    }
]
TREND = """
partnerId | productFamily | weekStart  | totalUnits | consumedUnits | used | assignedUnused | available
P1        | calling       | 2026-10-11 | 10         | 5             | 2    | 3              | 5
P1        | calling       | 2026-10-18 | 10         | 6             | 4    | 2              | 4
P1        | meetings      | 2026-10-18 | 70         | 60            | 50   | 10             | 10
P2        | calling       | 2026-10-18 | 1          | 1             | 1    | 0              | 0
P3        | calling       | 2026-10-18 | 999        | 999           | 999  | 0              | 0
"""
QUALITY = """
partnerId | weekStart  | totalCallsWithMedia | totalGoodQualityCallsWithMedia | poorCalls
P1        | 2026-10-11 | 80                  | 78                             | 2
P1        | 2026-10-18 | 50                  | 45                             | 5
"""
USERS = """
partnerId | weekStart  | usageBand | users | calls
P1        | 2026-10-18 | 0         | 6     | 0
P1        | 2026-10-18 | 1-4       | 3     | 5
P1        | 2026-10-18 | 20+       | 1     | 25
"""
ENDPOINTS = """
partnerId | clientType | totalCallsWithMedia | totalGoodQualityCallsWithMedia | poorCalls | poorCallPercent
P1        | Desk phone | 40                  | 36                             | 4         | 10.00
P1        | Webex App  | 100                 | 99                             | 1         | 1.00
P1        | Rare phone | 1                   | 0                              | 1         | 100.00
"""
FEATURES = """
partnerId | feature     | calls | callQueueEnabledOnly
P1        | CallForward | 12    | No
P1        | Voicemail   | 3     | No
"""
DEPLOYMENT = """
partnerId | scope        | customerTenantId | productId | serviceCode | licensesDeployed | licensesSold
P1        | own          | C1               | M365      | o365        | 1                | 2
P1        | own          | C2               | M365      | o365        | 1                | 10
P1        | all_partners | C1               | M365      | o365        | 3                | 4
P3        | own          | C9               | M365      | o365        | 900              | 900
"""
USAGE = """
partnerId | scope        | customerTenantId | workloadCode | workloadName | licensesActive | licensesQualified
P1        | own          | C1               | EXO          | Exchange     | 12             | 10
P1        | own          | C2               | EXO          | Exchange     | 3              | 10
P1        | all_partners | C1               | EXO          | Exchange     | 12             | 10
"""
ABOVE = """
partnerId | scope | customerTenantId | workloadCode | excess | turnover | gracePeriod | trial | unexplained
P1        | own   | C1               | EXO          | 2      | 0        | 0           | 2     | 0
"""
CALLING_USAGE = """
partnerId | orgId | orgName       | totalUnits | consumedUnits | activeUsers | totalCalls | weeklyCallsChange
P1        | C1    | Alder <b>     | 9          | 3             | 2           | 17         | 4
P3        | C9    | Secret Stones | 9          | 3             | 2           | 9999       | 4
"""
LOCATIONS = [("P1", "C1", "L1"), ("P1", "C2", "L2")]


def kpis(*written: str) -> list[Row]:
    """Read KPIs as they are written above."""
    return [_kpi(row) for text in written for row in rows_of(text)]


def _kpi(row: Row) -> Row:
    first, after = WINDOWS[row["days"] or ""]
    has_data = row["value"] != "none"
    return {
        "partnerId": row["whose"],
        "productFamily": row["family"],
        "kpiId": row["id"],
        "kpiName": row["name"],
        "unit": row["unit"],
        "value": row["value"] if has_data else None,
        "numerator": row["over"],
        "denominator": row["under"],
        "windowStart": first,
        "windowEnd": after,
        "previousValue": row["before"],
        "note": None if has_data else NO_USE,
    }


def publish_licences(home: Path) -> Path:
    """Publish two months of P1 (Harbour), P2 (Meadow) and P3 (Quarry), and return the home."""
    publish_month(home, "2026-09", {"kpi_summary": kpis(BEFORE)}, locations=LOCATIONS)
    tables: dict[str, Rows] = {
        "kpi_summary": kpis(KPIS, OVERAGE),
        "CLASAzurePropensity": AZURE,
        "customers": CUSTOMERS,
        "renewing_subscriptions": RENEWING,
        "recently_added_subscriptions": RECENT,
        "license_distribution_trend": TREND,
        "call_quality_trend": QUALITY,
        "calling_users_by_usage": USERS,
        "call_quality_by_endpoint": ENDPOINTS,
        "calling_feature_use": FEATURES,
        "customer_licenses_deployment": DEPLOYMENT,
        "customer_licenses_usage": USAGE,
        "usage_over_100": ABOVE,
        "calling_customer_usage": CALLING_USAGE,
    }
    publish_month(home, "2026-10", tables, locations=LOCATIONS)
    return home


def open_center(home: Path) -> Center:
    """Return a centre over a home, with a database of its own."""
    home.mkdir(parents=True, exist_ok=True)
    return center_over(home, open_database(f"sqlite:///{home / 'center.db'}"), policy=QUICK)
