"""The licence tables: subscriptions, assignments and usage, calls, and the two aggregate shortcuts.

From the licence contract, section 2. An end that is filled in later (`valid_to`, `unassigned_at`, `paid_on`)
reads as empty until it was known: whoever reads it compares it with the as-of date.
"""

from features.sources.columns import ACCOUNT_ID, KNOWN_ON, PARTNER_ID, date, flag, instant, text, whole
from features.sources.schema import Column, Kind, Table

SUBSCRIPTION_STATUSES = (
    "active",
    "grace_period",
    "suspended",
    "disabled",
    "deprovisioned",
    "expired",
    "cancelled",
    "upgraded",
)
PRODUCT_FAMILIES = ("office365", "dynamics365", "meetings", "calling", "call_on_webex", "messaging", "other")
"""Not bounds of the column: a stranger is reported among the exclusions, with what it would have held."""
QUEUE_OUTCOMES = ("answered", "moved_to_queue", "hung_up", "left_message")
TICKET_KINDS = ("how_to", "technical", "billing", "other")

SUBSCRIPTION_ID = Column(
    name="subscription_id", kind=Kind.TEXT, meaning="The subscription or trial.", refers_to="subscriptions"
)
PRODUCT_ID = Column(
    name="product_id", kind=Kind.TEXT, meaning="The licensed product.", refers_to="license_products"
)
WORKLOAD_CODE = text("workload_code", "The workload used.", optional=False)
SOME_SUBSCRIPTION_ID = Column(
    name="subscription_id",
    kind=Kind.TEXT,
    meaning="The subscription or trial, where the row is about one.",
    optional=True,
    refers_to="subscriptions",
)
USER_KEY = text("user_key", "Pseudonymous id of the user.")

CUSTOMER_PROFILES = Table(
    name="customer_profiles",
    row="a customer as licence portals know it",
    key=("account_id",),
    columns=(
        ACCOUNT_ID,
        text("customer_name", "Name of the customer in the portal.", optional=False),
        Column(
            name="partner_id",
            kind=Kind.TEXT,
            meaning="The partner location that manages it.",
            refers_to="partners",
        ),
        text("managed_by", "Who manages it.", optional=False, allowed=("partner_org", "external_admin")),
        text("country", "Country or region."),
        instant("created_at", "When the customer was created (UTC)."),
        instant(
            "last_admin_sign_in_at", "Last sign-in of a customer admin (UTC); empty: unknown.", optional=True
        ),
        flag("call_queue_enabled", "Call queues are enabled; empty: unknown.", optional=True),
    ),
    happened="created_at",
)
LICENSE_PRODUCTS = Table(
    name="license_products",
    row="a licensed product",
    key=("product_id",),
    columns=(
        text("product_id", "The product's id.", optional=False),
        text("product_name", "The product's name.", optional=False),
        text("vendor", "Who makes it.", optional=False, allowed=("microsoft", "webex")),
        text("service_code", "The vendor's service: o365, crm."),
        text("product_family", f"Family: {', '.join(PRODUCT_FAMILIES)}.", optional=False),
    ),
)
SUBSCRIPTIONS = Table(
    name="subscriptions",
    row="a subscription or trial as known from a date on",
    key=("subscription_id", "known_on"),
    columns=(
        text("subscription_id", "The subscription's id.", optional=False),
        ACCOUNT_ID,
        PARTNER_ID,
        text("channel", "How it was sold, such as reseller or direct."),
        flag("trial", "It is a trial."),
        text("status", "Where it stands.", optional=False, allowed=SUBSCRIPTION_STATUSES),
        date("added_on", "Day it was added."),
        date("started_on", "First day."),
        date("ends_on", "Last day; empty: open-ended.", optional=True),
        flag("auto_renew", "It renews by itself."),
        date("renews_on", "Day it renews.", optional=True),
        flag("setup_complete", "It is fully set up."),
        KNOWN_ON,
    ),
    known="known_on",
    version_of=("subscription_id",),
    ends="ends_on",
    ends_after=True,
    shows_ownership=True,
)
SUBSCRIPTION_QUANTITIES = Table(
    name="subscription_quantities",
    row="the units of a product in a subscription over a stretch of time",
    key=("subscription_id", "product_id", "valid_from"),
    columns=(
        SUBSCRIPTION_ID,
        PRODUCT_ID,
        whole("total_units", "Units purchased."),
        instant("valid_from", "First instant (UTC)."),
        instant("valid_to", "First instant without (UTC); empty while it lasts.", optional=True),
    ),
    happened="valid_from",
    ends="valid_to",
    shows_ownership=True,
)
LICENSE_ASSIGNMENTS = Table(
    name="license_assignments",
    row="a licence assigned to somebody over a stretch of time",
    key=("assignment_id",),
    columns=(
        text("assignment_id", "The assignment's id.", optional=False),
        SUBSCRIPTION_ID,
        PRODUCT_ID,
        USER_KEY,
        text("assignee_type", "Who has it.", optional=False, allowed=("user", "workspace")),
        instant("assigned_at", "First instant (UTC)."),
        instant("unassigned_at", "First instant without (UTC); empty while it lasts.", optional=True),
    ),
    happened="assigned_at",
    ends="unassigned_at",
    shows_ownership=True,
)
WORKLOADS = Table(
    name="workloads",
    row="a workload",
    key=("workload_code",),
    columns=(
        text("workload_code", "The workload's code.", optional=False),
        text("workload_name", "The workload's name.", optional=False),
        text("rollup_workload_code", "The workload it counts under; empty: itself."),
    ),
)
USAGE_DAILY = Table(
    name="usage_daily",
    row="a user's activity in a workload of a product on a day",
    key=("used_on", "account_id", "subscription_id", "product_id", "workload_code", "user_key"),
    columns=(
        date("used_on", "Day of the activity (UTC)."),
        ACCOUNT_ID,
        SOME_SUBSCRIPTION_ID,
        PRODUCT_ID,
        WORKLOAD_CODE,
        text("user_key", "Pseudonymous id of the user.", optional=False),
        whole("activity_count", "Actions on the day."),
    ),
    happened="used_on",
    shows_ownership=True,
)
LICENSE_BALANCES = Table(
    name="license_balances",
    row="what is bought and what is assigned of a product in a subscription",
    key=("subscription_id", "product_id"),
    columns=(
        SUBSCRIPTION_ID,
        PRODUCT_ID,
        whole("total_units", "Units purchased; of several that are valid at once the newest."),
        whole("assigned_units", "Users and workspaces with a licence; each counts once."),
    ),
    shows_ownership=True,
    made_of=(SUBSCRIPTION_QUANTITIES, LICENSE_ASSIGNMENTS),
)
ORDERS = Table(
    name="orders",
    row="a line of a licence order",
    key=("order_id", "subscription_id", "product_id"),
    columns=(
        text("order_id", "The order's id.", optional=False),
        SUBSCRIPTION_ID,
        PRODUCT_ID,
        date("ordered_on", "Day of the order."),
        text(
            "action",
            "What the line does.",
            optional=False,
            allowed=("new", "add", "reduce", "renew", "cancel"),
        ),
        Column(name="quantity", kind=Kind.INTEGER, meaning="Units ordered, or taken away."),
    ),
    happened="ordered_on",
    shows_ownership=True,
)
INVOICES = Table(
    name="invoices",
    row="an invoice for a subscription",
    key=("invoice_id",),
    columns=(
        text("invoice_id", "The invoice's id.", optional=False),
        SUBSCRIPTION_ID,
        date("invoiced_on", "Day of the invoice."),
        date("due_on", "Day it is due."),
        Column(name="amount_cents", kind=Kind.INTEGER, meaning="Amount, in hundredths of the currency."),
        text("currency", "Currency code.", optional=False),
        flag("paid", "It has been paid."),
        date("paid_on", "Day it was paid.", optional=True),
    ),
    happened="invoiced_on",
    shows_ownership=True,
)
PARTNER_ADMINS = Table(
    name="partner_admins",
    row="an administrator of a partner",
    key=("person_id",),
    columns=(
        text("person_id", "The administrator's id.", optional=False),
        text("display_name", "Name shown.", optional=False),
        text(
            "role",
            "Role, such as partner_full_admin, partner_admin or partner_readonly_admin.",
            optional=False,
        ),
        flag("all_customers", "Has access to every customer of the partner."),
        PARTNER_ID,
    ),
)
PARTNER_ADMIN_CUSTOMERS = Table(
    name="partner_admin_customers",
    row="a customer that an administrator is assigned to",
    key=("person_id", "account_id"),
    columns=(
        Column(name="person_id", kind=Kind.TEXT, meaning="The administrator.", refers_to="partner_admins"),
        ACCOUNT_ID,
    ),
)
CUSTOMER_TAGS = Table(
    name="customer_tags",
    row="a free label on a customer or one of its subscriptions",
    key=("account_id", "subscription_id", "tag"),
    columns=(
        ACCOUNT_ID,
        SOME_SUBSCRIPTION_ID,
        text("tag", "The label.", optional=False),
        text("created_by", "Who made it."),
        instant("created_at", "When it was made (UTC).", optional=True),
    ),
)
CALLS = Table(
    name="calls",
    row="a leg of a call",
    key=("correlation_id", "leg_id"),
    columns=(
        text("correlation_id", "The call; its legs share it.", optional=False),
        text("leg_id", "The leg.", optional=False),
        ACCOUNT_ID,
        USER_KEY,
        instant("started_at", "When the leg began (UTC)."),
        instant("released_at", "When the leg ended (UTC)."),
        flag("answered", "It was answered."),
        whole("duration_seconds", "Seconds from answer to release."),
        text("direction", "Direction, such as originating or terminating.", optional=False),
        text("client_type", "Endpoint, as call records name it.", optional=False),
        flag("has_media", "Audio or video flowed."),
        text("quality", "The vendor's own grade.", allowed=("good", "poor")),
        Column(name="jitter_ms", kind=Kind.NUMBER, meaning="Jitter, milliseconds.", optional=True, low=0),
        Column(name="latency_ms", kind=Kind.NUMBER, meaning="Latency, milliseconds.", optional=True, low=0),
        Column(
            name="packet_loss_percent",
            kind=Kind.NUMBER,
            meaning="Packets lost, percent.",
            optional=True,
            low=0,
            high=100,
        ),
    ),
    happened="released_at",
    shows_ownership=True,
)
CALL_FEATURES = Table(
    name="call_features",
    row="a feature used in a call",
    key=("correlation_id", "feature"),
    columns=(
        text("correlation_id", "The call.", optional=False),
        ACCOUNT_ID,
        text("feature", "The feature used.", optional=False),
    ),
)
QUEUE_CALLS = Table(
    name="queue_calls",
    row="an entry of a call into a queue",
    key=("queue_call_id",),
    columns=(
        text("queue_call_id", "The entry's id.", optional=False),
        ACCOUNT_ID,
        text("queue_id", "The queue.", optional=False),
        instant("entered_at", "When it entered (UTC)."),
        instant("left_at", "When it left (UTC)."),
        text("outcome", "How it left.", optional=False, allowed=QUEUE_OUTCOMES),
        whole("wait_seconds", "Seconds waited."),
    ),
    happened="left_at",
    shows_ownership=True,
)
SUPPORT_TICKETS = Table(
    name="support_tickets",
    row="a support ticket",
    key=("ticket_id",),
    columns=(
        text("ticket_id", "The ticket's id.", optional=False),
        ACCOUNT_ID,
        instant("opened_at", "When it was opened (UTC).", past=True),
        text("kind", "What it asked for.", optional=False, allowed=TICKET_KINDS),
        instant("known_at", "When it was known (UTC)."),
    ),
    happened="opened_at",
    known="known_at",
)
LICENSE_SNAPSHOTS = Table(
    name="license_snapshots",
    row="the licences of a product in a subscription at an instant, as vendors export them",
    key=("snapshot_at", "subscription_id", "product_id"),
    columns=(
        instant("snapshot_at", "When it was counted (UTC)."),
        SUBSCRIPTION_ID,
        PRODUCT_ID,
        whole("total_units", "Units purchased."),
        whole("consumed_units", "Units assigned."),
        whole("used7d", "Licences used in the seven days before.", optional=True),
        whole("used_assigned7d", "Of these, the ones assigned at the instant.", optional=True),
        whole("used3m", "Distinct licences used in the three months before.", optional=True),
    ),
    happened="snapshot_at",
    shows_ownership=True,
)
USAGE_SNAPSHOTS = Table(
    name="usage_snapshots",
    row="active and qualified licences of a workload at an instant, as vendors export them",
    key=("processed_at", "customer_tenant_id", "product_id", "workload_code"),
    columns=(
        instant("processed_at", "When it was counted (UTC)."),
        Column(
            name="customer_tenant_id",
            kind=Kind.TEXT,
            meaning="The customer, as account_id.",
            refers_to="accounts",
        ),
        PRODUCT_ID,
        WORKLOAD_CODE,
        whole("licenses_active", "Licences active in 28 days."),
        whole("licenses_qualified", "Licences entitled to the workload."),
    ),
    happened="processed_at",
    shows_ownership=True,
)

LICENSE_TABLES = (
    CUSTOMER_PROFILES,
    LICENSE_PRODUCTS,
    SUBSCRIPTIONS,
    SUBSCRIPTION_QUANTITIES,
    LICENSE_ASSIGNMENTS,
    WORKLOADS,
    USAGE_DAILY,
    ORDERS,
    INVOICES,
    PARTNER_ADMINS,
    PARTNER_ADMIN_CUSTOMERS,
    CUSTOMER_TAGS,
    CALLS,
    CALL_FEATURES,
    QUEUE_CALLS,
    SUPPORT_TICKETS,
    LICENSE_SNAPSHOTS,
    USAGE_SNAPSHOTS,
)
"""In the order in which they refer to each other."""
