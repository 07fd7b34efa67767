# ruff: noqa: E501 tables are written a row a line
"""Two partners, a handful of customers, two months; who may see what of it."""

from datetime import date
from pathlib import Path

from reports.center.customers.source import Label, Source
from reports.center.people import Person, Reach, Role
from reports.center.scope import scope
from reports.center.shelf import Shelf
from tests.reports.center.published import DATASETS, publish_month

AZURE = """
GlobalID|PartnerName|CustomerID|AccountName|Domain|OrgSize|Area|SalesTerritory|Country|AzureFit|AzureIntent|AzureCluster|AzureSignalExplanation|AzurePotentialRevenue|AzurePropensity|AzureFitScore|AzureIntentScore|AzurePurchaseProbability|AzureExpectedRevenue|AzureTrend|AzureScoreState|AzureNoConsumptionWithM365|RecommendedWorkloads
P1|Harbour Consulting|C1|Łódź Works GmbH|lodz-works.example|120|Europe|PL|Poland|High|High|Act Now|12 visits to Azure pages in 30 days; a company of 120 employees; Against: no Azure so far|10K-25K|A1|80|90|0.4000|4000.00|Improving|Scored|Yes|Backup; Storage
P1|Harbour Consulting|C2|Bright Academy LLC|bright.example|43|Europe|DE|Germany|Low|Low|Nurture||5K-10K|C3|40|35|0.0500|900.00|Steady|Scored|No|
P1|Harbour Consulting|C3|Quiet S.A.|quiet.example|7|Americas|US|United States|Very Low|Low|Educate||< 1K|D3|20|40|0.0100|10.00|New|Scored|No|
P2|Meadow Computing|C4|Elsewhere Ltd|elsewhere.example|60|Europe|DE|Germany|High|Low|Act Now|ordered in the last year|5K-10K|A3|78|40|0.2000|2500.00|Steady|Scored|No|
P2|Meadow Computing|C2|Bright Academy LLC|bright.example|43|Europe|DE|Germany|Low|Low|Nurture||5K-10K|C3|40|35|0.0500|900.00|Steady|Scored|No|
"""
BEFORE = """
GlobalID|PartnerName|CustomerID|AccountName|Domain|AzureCluster|AzureFitScore|AzureIntentScore|AzurePurchaseProbability|AzureExpectedRevenue|AzureScoreState
P1|Harbour Consulting|C1|Łódź Works GmbH|lodz-works.example|Evaluate|60|50|0.1500|1500.00|Scored
P1|Harbour Consulting|C2|Bright Academy LLC|bright.example|Nurture|40|35|0.0600|950.00|Scored
"""
SECURITY = """
GlobalID|PartnerName|CustomerID|AccountName|Domain|OrgSize|Area|SalesTerritory|Country|SecurityCluster|SecurityPurchaseProbability|SecurityExpectedRevenue|SecurityScoreState
P1|Harbour Consulting|C1|Łódź Works GmbH|lodz-works.example|120|Europe|PL|Poland|Nurture|0.0900|100.50|Scored
P1|Harbour Consulting|C2|Bright Academy LLC|bright.example|43|Europe|DE|Germany|Act Now|0.3000|700.00|Scored
"""
CUSTOMERS = """
asOf|partnerId|orgId|orgName|managedBy|subscriptionTypes|products|statuses|tags|kpiEligible|partnerAdmins|lastAdminSignInDateTime
2026-10-25T00:00:00Z|P1|C1|Lodz Works|partner_org|Subscription; Trial|Webex Calling; Webex Meetings|Trial; Subscription; License overage|VIP|Yes|Jun Haddad|2026-10-02T18:57:10Z
2026-10-25T00:00:00Z|P1|C9|Only Licences & Sons|external_admin|Subscription|Webex Meetings|Expired||Yes||
2026-10-25T00:00:00Z|P2|C4|Elsewhere|partner_org|Subscription|Microsoft 365 E3|Subscription|At risk|No||
"""
STATUSES = """
asOf|partnerId|orgId|orgName|status|subscriptionId|since|reason
2026-10-25T00:00:00Z|P1|C1|Lodz Works|License overage|L1|2026-09-30|5 more assigned than purchased
2026-10-25T00:00:00Z|P1|C1|Lodz Works|Subscription|L1|2025-10-01|active subscription
2026-10-25T00:00:00Z|P1|C1|Lodz Works|Trial|L2|2026-10-01|trial in progress
2026-10-25T00:00:00Z|P2|C4|Elsewhere|Subscription|L4|2025-10-01|active subscription
"""
SUBSCRIPTIONS = """
asOf|partnerId|productFamily|orgId|orgName|subscriptionId|trial|productName|status|startDate|endDate|renewalDate|autoRenew|totalUnits|consumedUnits|used|overageUnits|invoiceId|invoiceAmount|invoiceCurrency|invoicePaid
2026-10-25T00:00:00Z|P1|calling|C1|Lodz Works|L1|No|Webex Calling|active|2025-10-01|2026-11-30|2026-12-01|Yes|20|25|15|5|I7|1234.50|EUR|No
2026-10-25T00:00:00Z|P1|meetings|C1|Lodz Works|L2|Yes|Webex Meetings|active|2026-10-01|2026-10-31||No|10|4|1|0||||
"""
ORDERS = """
asOf|partnerId|productFamily|orgId|subscriptionId|orderId|orderDate|action|productName|quantity
2026-10-25T00:00:00Z|P1|calling|C1|L1|O1|2025-10-01|new|Webex Calling|25
2026-10-25T00:00:00Z|P1|calling|C1|L1|O2|2026-03-01|reduce|Webex Calling|-5
"""
TRIALS = """
asOf|partnerId|productFamily|orgId|orgName|subscriptionId|productName|startDate|endDate|daysUntilExpiration|totalUnits|consumedUnits|used
2026-10-25T00:00:00Z|P1|meetings|C1|Lodz Works|L2|Webex Meetings|2026-10-01|2026-10-31|6|10|4|1
"""
ADMINS = """
asOf|partnerId|orgId|personId|displayName|role|allCustomers
2026-10-25T00:00:00Z|P1||H0|Bo Eriksen|partner_full_admin|Yes
2026-10-25T00:00:00Z|P1|C1|H1|Jun Haddad|partner_admin|No
"""
USAGE = """
asOf|partnerId|scope|customerTenantId|customerName|productId|productName|serviceCode|serviceName|channel|workloadCode|workloadName|licensesActive|licensesQualified|usagePercent|over100|processedDateTime
2026-10-25T00:00:00Z|P1|all_partners|C1|Lodz Works|M365-E3|Microsoft 365 E3|o365|Office 365|reseller|EXO|Exchange|30|40|75.00|No|2026-10-25T00:00:00Z
2026-10-25T00:00:00Z|P1|all_partners|C1|Lodz Works|M365-E3|Microsoft 365 E3|o365|Office 365|reseller|TEAMS|Teams|20|60|33.33|No|2026-10-25T00:00:00Z
2026-10-25T00:00:00Z|P1|own|C1|Lodz Works|M365-E3|Microsoft 365 E3|o365|Office 365|reseller|EXO|Exchange|30|40|75.00|No|2026-10-25T00:00:00Z
2026-10-25T00:00:00Z|P1|own|C1|Lodz Works|M365-E3|Microsoft 365 E3|o365|Office 365|reseller|TEAMS|Teams|10|40|25.00|No|2026-10-25T00:00:00Z
"""
OVERAGES = """
asOf|partnerId|productFamily|orgId|orgName|subscriptionId|trial|monthsRemaining|autoRenew|totalUnits|consumedUnits|assignedPercent|used|usedPercent|overageUnits|overSince
2026-10-25T00:00:00Z|P1|calling|C1|Lodz Works|L1|No|1|Yes|20|25|125.00|15|75.00|5|2026-09-30
"""
LOCATIONS = [("P1", "C1", "P1-North"), ("P1", "C2", "P1-South"), ("P2", "C4", "P2")]
TODAY = date(2026, 10, 28)


def publish_world(home: Path) -> None:
    publish_month(home, "2026-09", {"CLASAzurePropensity": BEFORE}, locations=LOCATIONS)
    publish_month(
        home,
        "2026-10",
        {
            "CLASAzurePropensity": AZURE,
            "CLASSecurityPropensity": SECURITY,
            "customers": CUSTOMERS,
            "customer_statuses": STATUSES,
            "customer_subscriptions": SUBSCRIPTIONS,
            "order_history": ORDERS,
            "trials": TRIALS,
            "partner_admins": ADMINS,
            "customer_licenses_usage": USAGE,
            "overage_subscriptions": OVERAGES,
        },
        locations=LOCATIONS,
    )


def somebody(role: Role = Role.SALES_AGENT, *, of: str = "P1", location: str = "", id: int = 1) -> Person:
    """Return a person of a partner, or of one of its locations; of everybody where `of` is `*`."""
    reach = Reach(
        everything=of == "*",
        partners=frozenset() if of == "*" else frozenset({of}),
        locations=frozenset({location} - {""}),
    )
    return Person(id=id, subject=f"{role.value} of {of}", name="Ada", role=role, reach=reach)


def seen(home: Path, person: Person, labels: tuple[Label, ...] = ()) -> Source:
    """Return what a person sees of the world."""
    shelf = Shelf(published=home / "published", copies=home / "center" / "copies", memory="500MB")
    return Source(shelf=shelf, scope=scope(person, DATASETS), today=TODAY, labels=labels)
