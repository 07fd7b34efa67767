"""The subscription sections: recently added, expiring, renewing, low assignment, over limit; their trend."""

from reports.licenses.columns import (
    AVAILABLE,
    CONSUMED,
    FAMILY,
    ORG,
    SUBSCRIPTION,
    TOTAL,
    TRIAL,
    USED,
    choice,
    count,
    day,
    flag,
    license_report,
    percent,
)
from reports.licenses.kpis import ASSIGNED, UNITS
from reports.licenses.rules import AS_OF
from reports.licenses.rules import percent as percent_of

ASSIGNMENT_CHANGE = count(
    "weeklyAssignmentChange",
    "Assigned at the end of the last week less at the end of the one before; empty below two weeks of age.",
    "CASE WHEN has_two_weeks THEN assigned_last - assigned_before END",
    signed=True,
)
USAGE_CHANGE = count(
    "weeklyUsageChange",
    "Used in the last week less in the one before; empty below two weeks of age.",
    "CASE WHEN has_two_weeks THEN used - used_before END",
    signed=True,
)
USED_3M = count("usageLast3Months", "Distinct licences used in three months.", "used_3m")
ASSIGNED_PERCENT = percent("assignedPercent", "Assigned out of purchased.", percent_of("assigned", "total"))
KEY = ("productFamily", "subscriptionId")


def _in(where: str) -> str:
    return f"(SELECT * FROM portfolio_sections WHERE {where})"


RECENT = license_report(
    "recently_added_subscriptions",
    "a subscription or trial added in the last 90 days",
    (
        FAMILY,
        *ORG,
        SUBSCRIPTION,
        TRIAL,
        flag("isNewCustomer", "The customer's first subscription or trial is as recent.", "is_new_customer"),
        count("daysSinceAdded", "Days since it was added.", "days_since_added"),
        TOTAL,
        USED,
        CONSUMED,
        AVAILABLE,
        ASSIGNMENT_CHANGE,
        USAGE_CHANGE,
    ),
    reads=_in("is_recent"),
    key=KEY,
    order="family, days_since_added, subscription_id",
    needs=UNITS,
)
EXPIRING = license_report(
    "expiring_subscriptions",
    "a trial, or a subscription that does not renew by itself, ending within 90 days",
    (
        FAMILY,
        *ORG,
        SUBSCRIPTION,
        TRIAL,
        day("endDate", "Last day.", "ends_on"),
        count("daysUntilExpiration", "Days until the last day.", "days_until_end"),
        TOTAL,
        USED,
        CONSUMED,
        AVAILABLE,
        USED_3M,
    ),
    reads=_in("is_expiring"),
    key=KEY,
    order="family, days_until_end, subscription_id",
    needs=UNITS,
)
RENEWING = license_report(
    "renewing_subscriptions",
    "a subscription that renews by itself within 90 days",
    (
        FAMILY,
        *ORG,
        SUBSCRIPTION,
        day("renewalDate", "Day it renews.", "renewal_on"),
        count("daysUntilRenewal", "Days until it renews.", "days_until_renewal"),
        TOTAL,
        USED,
        CONSUMED,
        AVAILABLE,
        USED_3M,
    ),
    reads=_in("is_renewing"),
    key=KEY,
    order="family, days_until_renewal, subscription_id",
    needs=UNITS,
)
LOW = license_report(
    "low_assignment_subscriptions",
    "a subscription or trial with few licences assigned, relative to its peers",
    (
        FAMILY,
        *ORG,
        SUBSCRIPTION,
        TRIAL,
        count(
            "monthsSinceAdded", "Whole months since it was added.", f"date_sub('month', added_on, {AS_OF})"
        ),
        CONSUMED,
        ASSIGNED_PERCENT,
        TOTAL,
        USED,
        AVAILABLE,
        percent(
            "licenseUseWhenAssignedPercent",
            "Used and assigned out of assigned.",
            percent_of("used_assigned", "assigned"),
        ),
        percent(
            "licenseUsagePercent", "Used and assigned out of purchased.", percent_of("used_assigned", "total")
        ),
        ASSIGNMENT_CHANGE,
        choice(
            "peerScope",
            "Peers: the partner's others of the family and size band, or of the family.",
            "peer_scope",
            allowed=("size_band", "family"),
        ),
        count("peerCount", "How many peers.", "peers"),
        percent("peerMedianPercent", "Median of the peers' assigned percentages.", "(median4 + 2) // 4"),
        percent("peerP25Percent", "25th percentile of them.", "(p25_4 + 2) // 4"),
    ),
    reads="portfolio_low",
    key=KEY,
    order="family, rate, subscription_id",
    needs=ASSIGNED,
)
OVERAGES = license_report(
    "overage_subscriptions",
    "a subscription or trial with more licences assigned than purchased",
    (
        FAMILY,
        *ORG,
        SUBSCRIPTION,
        TRIAL,
        count(
            "monthsRemaining",
            "Whole months until it renews or ends.",
            f"date_sub('month', {AS_OF}, CASE WHEN auto_renew AND NOT trial THEN renewal_on"
            " ELSE ends_on END)",
            signed=True,
        ),
        flag("autoRenew", "It renews by itself.", "auto_renew"),
        TOTAL,
        CONSUMED,
        ASSIGNED_PERCENT,
        USED,
        percent("usedPercent", "Used out of purchased; may exceed 100.", percent_of("used", "total")),
        count("overageUnits", "Assigned beyond purchased; a count, not a charge.", "overage"),
        day("overSince", "Day on which the present overage began.", "over_since"),
    ),
    reads=_in("is_over"),
    key=KEY,
    order="family, overage DESC, subscription_id",
    needs=ASSIGNED,
)
TREND = license_report(
    "license_distribution_trend",
    "a partner's licences of a family at the end of a week",
    (
        FAMILY,
        day("weekStart", "Sunday on which the week began.", "week_start"),
        day("weekEnd", "First day after the week.", "week_start + 7"),
        TOTAL,
        CONSUMED,
        count("used", "Licences used in the week; empty before the data begins.", "used"),
        count("assignedUnused", "Assigned at the end of the week and not used in it.", "assigned_unused"),
        AVAILABLE,
        count("overageUnits", "Assigned beyond purchased.", "overage"),
    ),
    reads="portfolio_trend",
    key=("productFamily", "weekStart"),
    order="family, week_start",
    needs=UNITS,
)
SECTION_REPORTS = (TREND, RECENT, EXPIRING, RENEWING, LOW, OVERAGES)
