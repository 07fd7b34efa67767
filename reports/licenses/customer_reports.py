"""The customer list and its details, the KPI summary, and what was left out."""

from features.sources.license_tables import (
    CUSTOMER_PROFILES,
    LICENSE_PRODUCTS,
    ORDERS,
    PARTNER_ADMINS,
    SUBSCRIPTION_QUANTITIES,
    SUBSCRIPTIONS,
)
from reports.field import Field
from reports.licenses.columns import (
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
    decimal,
    flag,
    instant,
    license_report,
    names,
    percent,
    text,
)
from reports.licenses.exclusions import REASONS
from reports.licenses.kpis import HELD, UNITS
from reports.licenses.rules import AS_OF
from reports.licenses.rules import percent as percent_of

STATUSES = (
    "Trial",
    "Subscription",
    "Expires soon",
    "License overage",
    "No recent activity",
    "Ready for order setup",
    "Suspended",
    "Expired",
)
CUSTOMERS = "portfolio_list"
BY_NAME = """(
    SELECT partner_id, family, account_id, customer_name, subscription_id, trial, product_name, status,
           is_running, started_on, ends_on, auto_renew,
           CASE WHEN NOT trial THEN renews_on END AS renews_on,
           sum(total)::BIGINT AS total, sum(assigned)::BIGINT AS assigned, sum(used)::BIGINT AS used,
           sum(overage)::BIGINT AS overage
    FROM portfolio_holdings GROUP BY ALL)"""
"""SQL: holdings by product name, which is what readers see."""
SUMMARY: tuple[Field, ...] = (
    FAMILY,
    text("section", "What the figure is about.", "section"),
    text("kpiId", "The figure's id in the licence contract.", "kpi_id"),
    text("kpiName", "The figure's name.", "kpi_name"),
    text("value", "The figure; empty where it divides by zero or there is no data.", "value", optional=True),
    text("unit", "What the figure is counted in.", "unit"),
    count("numerator", "What was counted, or counted above the line.", "numerator"),
    count("denominator", "What was counted below the line.", "denominator"),
    day("windowStart", "First day of the window; an instant where both are equal.", "window_start"),
    day("windowEnd", "First day after the window.", "window_end"),
    text("previousValue", "The value of the week before, for figures of a week.", "previous", optional=True),
    text("note", "No data and why, or a remark.", "nullif(note, '')", optional=True),
)
CUSTOMER_REPORTS = (
    license_report(
        "kpi_summary",
        "a KPI of a partner, and of a product family where it has one",
        SUMMARY,
        reads="kpi_rows",
        key=("productFamily", "section", "kpiId", "kpiName"),
        order="ordinal, family",
        needs=((CUSTOMER_PROFILES, SUBSCRIPTIONS),),
    ),
    license_report(
        "customers",
        "a customer of a partner",
        (
            *ORG,
            choice(
                "managedBy",
                "Who manages the customer.",
                "managed_by",
                allowed=("partner_org", "external_admin"),
                optional=True,
            ),
            names("subscriptionTypes", "Subscription, Trial, or both.", "subscription_types"),
            names("products", "Products it ordered.", "products"),
            names("statuses", "Its statuses; customer_statuses.csv says why.", "statuses"),
            names("tags", "The managing partner's labels.", "tags"),
            flag("kpiEligible", "It has Webex Meetings or Calling, so Webex KPIs count it.", "is_eligible"),
            names("partnerAdmins", "The managing partner's administrators assigned to it.", "admins"),
            instant(
                "lastAdminSignInDateTime",
                "Last sign-in of a customer admin; empty is unknown.",
                "last_admin_sign_in_at",
                optional=True,
            ),
        ),
        reads=CUSTOMERS,
        key=("orgId",),
        order="account_id",
        needs=((CUSTOMER_PROFILES, SUBSCRIPTIONS),),
    ),
    license_report(
        "customer_statuses",
        "a status of a customer, and of a subscription where it is due to one",
        (
            *ORG,
            choice("status", "The status.", "status", allowed=STATUSES),
            text("subscriptionId", "The subscription it is due to.", "subscription_id", optional=True),
            day("since", "Since when; empty is unknown.", "since"),
            text("reason", "Why.", "reason"),
        ),
        reads="portfolio_statuses",
        key=("orgId", "status", "subscriptionId"),
        order="account_id, status, subscription_id",
        needs=((SUBSCRIPTIONS,),),
    ),
    license_report(
        "customer_subscriptions",
        "a product in a subscription or trial",
        (
            FAMILY,
            *ORG,
            SUBSCRIPTION,
            TRIAL,
            text("productName", "The product.", "product_name"),
            text("status", "Where the subscription stands.", "status"),
            day("startDate", "First day.", "started_on"),
            day("endDate", "Last day.", "ends_on"),
            day("renewalDate", "Day it renews.", "renews_on"),
            flag("autoRenew", "It renews by itself.", "auto_renew"),
            TOTAL,
            CONSUMED,
            USED,
            count("overageUnits", "Assigned beyond purchased; a count, not a charge.", "overage"),
            text("invoiceId", "The subscription's last invoice.", "invoice_id", optional=True),
            decimal("invoiceAmount", "Its amount.", "amount_cents"),
            text("invoiceCurrency", "Its currency.", "currency", optional=True),
            flag("invoicePaid", "It has been paid.", "is_paid"),
        ),
        reads=f"(SELECT * FROM {BY_NAME} LEFT JOIN portfolio_invoices USING (subscription_id))",
        key=("productFamily", "subscriptionId", "productName"),
        order="coalesce(renews_on, ends_on), account_id, subscription_id, product_name, family",
        needs=((SUBSCRIPTIONS,), (SUBSCRIPTION_QUANTITIES,)),
    ),
    license_report(
        "order_history",
        "the lines of an order for a product in a subscription",
        (
            FAMILY,
            text("orgId", "The customer.", "account_id"),
            SUBSCRIPTION,
            text("orderId", "The order.", "order_id"),
            day("orderDate", "Day of the order.", "ordered_on"),
            text("action", "new, add, reduce, renew or cancel.", "action"),
            text("productName", "The product.", "product_name"),
            count("quantity", "Units.", "quantity", signed=True),
        ),
        reads="portfolio_orders",
        key=("productFamily", "orderId", "subscriptionId", "action", "productName", "orderDate"),
        order="account_id, ordered_on, order_id, subscription_id, action, product_name, family",
        needs=(*HELD, (ORDERS,)),
    ),
    license_report(
        "trials",
        "a product in a trial in progress",
        (
            FAMILY,
            *ORG,
            SUBSCRIPTION,
            text("productName", "The product.", "product_name"),
            day("startDate", "First day.", "started_on"),
            day("endDate", "Last day.", "ends_on"),
            count("daysUntilExpiration", "Days until the last day.", f"ends_on - {AS_OF}"),
            TOTAL,
            CONSUMED,
            USED,
        ),
        reads=f"(SELECT * FROM {BY_NAME} WHERE trial AND is_running)",
        key=("productFamily", "subscriptionId", "productName"),
        order="ends_on, account_id, subscription_id, product_name, family",
        needs=UNITS,
    ),
    license_report(
        "partner_admins",
        "an administrator and a customer it is assigned to, or all of them",
        (
            text("orgId", "The customer; empty: all of them.", "account_id", optional=True),
            text("personId", "The administrator.", "person_id"),
            text("displayName", "Name shown.", "display_name"),
            text("role", "Role.", "role"),
            flag("allCustomers", "Has access to every customer.", "all_customers"),
        ),
        reads="portfolio_admins",
        key=("orgId", "personId"),
        order="account_id NULLS FIRST, person_id",
        needs=((PARTNER_ADMINS,), (CUSTOMER_PROFILES,)),
    ),
    license_report(
        "exclusions",
        "something that was left out of the figures",
        (
            text("customerId", "The customer.", "account_id"),
            text("subscriptionId", "The subscription.", "subscription_id", optional=True),
            text("productId", "The product.", "product_id", optional=True),
            choice("reason", "Why.", "reason", allowed=REASONS),
            text("detail", "What exactly.", "detail"),
        ),
        reads="portfolio_exclusions",
        key=("customerId", "subscriptionId", "productId", "reason", "detail"),
        order="account_id, reason, subscription_id, product_id, detail",
        needs=((SUBSCRIPTIONS,), (LICENSE_PRODUCTS,)),
    ),
)
TRAINING_OFFERS = license_report(
    "training_offers",
    "a customer to offer training to",
    (
        text("customerTenantId", "The customer.", "account_id"),
        text("customerName", "The customer's name.", "customer_name"),
        text("trigger", "Why: low adoption, many how-to questions, or both.", "trigger"),
        count("licensesActive", "Active in 28 days, over all workloads.", "active"),
        count("licensesQualified", "Entitled, over all workloads.", "qualified"),
        percent("usagePercent", "Active out of qualified.", percent_of("active", "qualified")),
        count("howToTickets", "How-to tickets in 90 days.", "questions"),
        count("licensesDeployed", "Licences assigned.", "deployed"),
        decimal(
            "howToTicketsPer100", "Tickets per 100 assigned licences.", percent_of("questions", "deployed")
        ),
        text("recommendation", "What to offer.", "recommendation"),
    ),
    reads="""(
        SELECT *, concat_ws('; ', CASE WHEN is_low_adoption THEN 'low adoption' END,
                   CASE WHEN has_many_questions THEN 'many how-to questions' END) AS trigger,
               concat_ws('; ', CASE WHEN is_low_adoption
                   THEN 'case studies, user testimonials, tutorial blogs or videos' END,
                   CASE WHEN has_many_questions
                   THEN 'training in person or online, and promote self-service' END) AS recommendation
        FROM training_offers WHERE is_low_adoption OR has_many_questions)""",
    key=("customerTenantId",),
    order="account_id",
    needs=((SUBSCRIPTIONS,), (LICENSE_PRODUCTS,)),
)
"""Not among the 26 files of the contract: its training trigger and playbooks, customer by customer."""
