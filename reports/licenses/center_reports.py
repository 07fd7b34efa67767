"""The five files of deployment and usage, in the spelling of the vendor's analytics resources."""

from reports.licenses.columns import choice, count, flag, instant, license_report, percent, text
from reports.licenses.kpis import ACTIVE, ASSIGNED
from reports.licenses.partner_center import CAUSES
from reports.licenses.rules import PROCESSED
from reports.licenses.rules import percent as percent_of

SCOPE = choice(
    "scope",
    "Licences bought from any partner, or sold by this one.",
    "scope",
    allowed=("all_partners", "own"),
)
SERVICE = text("serviceName", "Office (o365) or Dynamics (crm).", "service")
CHANNEL = text("channel", "How the licences were sold.", "channel", optional=True)
PROCESSED_AT = instant("processedDateTime", "When the figures were counted.", PROCESSED)
COUNTED_AT = instant("processedDateTime", "When the figures were counted.", "processed_at")
DEPLOYED = count("licensesDeployed", "Licences assigned.", "deployed")
SOLD = count("licensesSold", "Licences the customer is entitled to.", "sold")
ACTIVE_LICENSES = count("licensesActive", "Users active in 28 days, once a workload.", "active")
QUALIFIED = count("licensesQualified", "Licences entitled to the workload.", "qualified")
WORKLOAD = (
    text("workloadCode", "The workload; OneDrive counts under SharePoint.", "workload"),
    text("workloadName", "The workload's name.", "coalesce(workload_name, workload)"),
)
CUSTOMER = (
    text("customerTenantId", "The customer; CustomerID of the propensity reports.", "account_id"),
    text("customerName", "The customer's name.", "customer_name"),
)
PRODUCT = (
    text("productId", "The product.", "product_id"),
    text("productName", "The product's name.", "product_name"),
    text("serviceCode", "Office (o365) or Dynamics (crm).", "service"),
    SERVICE,
    CHANNEL,
)
IDENTITY = (SCOPE, *CUSTOMER, *PRODUCT)
NAMED = "(SELECT * FROM center_usage LEFT JOIN center_workloads USING (workload))"
USAGE = percent_of("active", "qualified")
DEPLOYMENT = percent_of("deployed", "sold")


def _pooled(reads: str, by: str, sums: tuple[str, ...]) -> str:
    """SQL: sums of numerators and denominators; a percentage of a partner is pooled, never an average."""
    listed = ", ".join(f"sum({name})::BIGINT AS {name}" for name in sums)
    return f"(SELECT {by}, {listed}, max(processed_at) AS processed_at FROM {reads} GROUP BY {by})"


PRODUCTS = f"(SELECT *, {PROCESSED} AS processed_at FROM center_products)"
CENTER_REPORTS = (
    license_report(
        "partner_licenses_deployment",
        "a partner's deployment of a service through a channel",
        (
            SCOPE,
            SERVICE,
            CHANNEL,
            DEPLOYED,
            SOLD,
            percent("proratedDeploymentPercent", "Deployed out of sold, pooled over customers.", DEPLOYMENT),
            PROCESSED_AT,
        ),
        reads=_pooled(PRODUCTS, "partner_id, scope, service, channel", ("deployed", "sold")),
        key=("scope", "serviceName", "channel"),
        order="scope, service, channel",
        needs=ASSIGNED,
    ),
    license_report(
        "partner_licenses_usage",
        "a partner's usage of a workload through a channel",
        (
            SCOPE,
            SERVICE,
            CHANNEL,
            *WORKLOAD,
            ACTIVE_LICENSES,
            QUALIFIED,
            percent("proratedLicensesUsagePercent", "Active out of qualified, pooled over customers.", USAGE),
            COUNTED_AT,
        ),
        reads=_pooled(
            NAMED, "partner_id, scope, service, channel, workload, workload_name", ("active", "qualified")
        ),
        key=("scope", "serviceName", "channel", "workloadCode"),
        order="scope, service, channel, workload",
        needs=ACTIVE,
    ),
    license_report(
        "customer_licenses_deployment",
        "a customer's deployment of a product",
        (
            *IDENTITY,
            DEPLOYED,
            SOLD,
            percent("deploymentPercent", "Deployed out of sold; above 100 is over-assignment.", DEPLOYMENT),
            PROCESSED_AT,
        ),
        reads="center_products",
        key=("scope", "customerTenantId", "productId"),
        order="scope, account_id, product_id",
        needs=ASSIGNED,
    ),
    license_report(
        "customer_licenses_usage",
        "a customer's usage of a product in a workload",
        (
            *IDENTITY,
            *WORKLOAD,
            ACTIVE_LICENSES,
            QUALIFIED,
            percent("usagePercent", "Active out of qualified; may exceed 100.", USAGE),
            flag("over100", "More are active than qualified.", "qualified > 0 AND active > qualified"),
            COUNTED_AT,
        ),
        reads=NAMED,
        key=("scope", "customerTenantId", "productId", "workloadCode"),
        order="scope, account_id, product_id, workload",
        needs=ACTIVE,
    ),
    license_report(
        "usage_over_100",
        "a customer's usage of a product in a workload above 100 %",
        (
            SCOPE,
            *CUSTOMER,
            text("productId", "The product.", "product_id"),
            text("workloadCode", "The workload.", "workload"),
            ACTIVE_LICENSES,
            QUALIFIED,
            percent("usagePercent", "Active out of qualified.", USAGE),
            count("excess", "Active beyond qualified.", "excess"),
            *(
                text(name, meaning, f"CASE WHEN is_known THEN {column}::VARCHAR ELSE 'not_available' END")
                for name, meaning, column in (
                    ("turnover", "Excess users whose licence went to somebody else.", CAUSES[2]),
                    ("gracePeriod", "Excess users of a lapsed subscription of the same product.", CAUSES[1]),
                    ("trial", "Excess users of a trial.", CAUSES[0]),
                    ("yammerOverEntitlement", "Excess Yammer users without a licence.", CAUSES[3]),
                    ("unexplained", "Excess users that no cause explains.", "unexplained"),
                )
            ),
        ),
        reads="center_causes",
        key=("scope", "customerTenantId", "productId", "workloadCode"),
        order="scope, account_id, product_id, workload",
        needs=ACTIVE,
    ),
)
