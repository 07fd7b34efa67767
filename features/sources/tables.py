"""Every source table: its key, its columns, when a row happened and when it was known."""

from datetime import timedelta

from features.sources.columns import ACCOUNT_ID, KNOWN_ON, PARTNER_ID, cents, date, text
from features.sources.license_tables import LICENSE_TABLES
from features.sources.schema import Column, Kind, Table

SIGNAL_KINDS = (
    "site_visit",
    "content_download",
    "blog_post",
    "press_release",
    "social_post",
    "forum_post",
    "job_posting",
    "event",
    "funding",
    "merger",
    "size_change",
    "technology_adopted",
    "technology_retired",
)
COMPANY_KINDS = ("funding", "merger", "size_change")
"""Kinds that are news about the company itself, whatever product it is about, if about any."""
COMPANY_TOPIC = "company"
"""The topic of a signal that is about no product but the company itself."""
NONPROFIT_STATUSES = ("Nonprofit", "Approved - Paid", "Approved - Free Only", "Approved - Inactive", "No")

DUNS_NUMBER = text("duns_number", "D&B number of the customer.")
ACCOUNT_NAME = text("account_name", "Customer name.")
DOMAIN = text("domain", "Lower-case registrable domain of the customer.")
EMPLOYEES = Column(
    name="employees",
    kind=Kind.INTEGER,
    meaning="Number of employees.",
    optional=True,
    low=1,
    high=5_000_000,
)
INDUSTRY = text("industry", "Industry.")
VERTICAL = text("vertical", "Vertical within the industry.")
AREA = text("area", "Sales geography, largest level.")
SUBSIDIARY = text("subsidiary", "Sales geography, subsidiary.")
SALES_TERRITORY = text("sales_territory", "Sales geography, territory.")
CITY = text("city", "City.")
STATE = text("state", "State or province.")
POSTAL_CODE = text("postal_code", "Postal code, as text.")
COUNTRY = text("country", "Country or region.")
SEGMENT = text("segment", "Market segment; empty reads as SMB.")
NONPROFIT_STATUS = text("nonprofit_status", "Non-profit status.", allowed=NONPROFIT_STATUSES)

CUSTOMER_OF_DOMAIN = Column(
    name="account_id",
    kind=Kind.TEXT,
    meaning="The customer; empty where only the domain is known.",
    optional=True,
    refers_to="accounts",
)

PARTNERS = Table(
    name="partners",
    row="a partner location",
    key=("partner_id",),
    columns=(
        text("partner_id", "The partner location's id.", optional=False),
        text("partner_name", "Name of the partner location.", optional=False),
        Column(
            name="parent_partner_id",
            kind=Kind.TEXT,
            meaning="The location this one belongs to; empty at the root.",
            optional=True,
            refers_to="partners",
        ),
        CITY,
        COUNTRY,
    ),
)
ACCOUNTS = Table(
    name="accounts",
    row="what was known of a customer from a date on",
    key=("account_id", "known_on"),
    columns=(
        text("account_id", "The customer's id.", optional=False),
        KNOWN_ON,
        DUNS_NUMBER,
        ACCOUNT_NAME,
        DOMAIN,
        EMPLOYEES,
        INDUSTRY,
        VERTICAL,
        AREA,
        SUBSIDIARY,
        SALES_TERRITORY,
        CITY,
        STATE,
        POSTAL_CODE,
        COUNTRY,
        SEGMENT,
        NONPROFIT_STATUS,
    ),
    known="known_on",
    version_of=("account_id",),
    required=True,
)
PARTNER_ACCOUNTS = Table(
    name="partner_accounts",
    row="a partner transacting with a customer",
    key=("partner_id", "account_id", "since_on", "known_on"),
    columns=(
        Column(name="partner_id", kind=Kind.TEXT, meaning="The partner location.", refers_to="partners"),
        ACCOUNT_ID,
        date("since_on", "First day of the relation."),
        date("until_on", "First day without the relation; empty while it lasts.", optional=True),
        KNOWN_ON,
    ),
    happened="since_on",
    known="known_on",
    version_of=("partner_id", "account_id", "since_on"),
    ends="until_on",
)
TRANSACTIONS = Table(
    name="transactions",
    row="an order line",
    key=("transaction_id",),
    columns=(
        text("transaction_id", "The order line's id.", optional=False),
        ACCOUNT_ID,
        PARTNER_ID,
        text("product", "The product bought, as the catalogue's products name it.", optional=False),
        text("sku", "Stock keeping unit.", optional=False),
        text("kind", "What the line does.", optional=False, allowed=("new", "add", "renew", "return")),
        text("license_program", "Licence programme it was bought under."),
        date("transacted_on", "Day of the order.", past=True),
        KNOWN_ON,
        Column(name="quantity", kind=Kind.INTEGER, meaning="Units; negative only with `return`."),
        cents("amount_cents", "Amount of the line; negative with `return`"),
    ),
    happened="transacted_on",
    known="known_on",
    lag=timedelta(days=7),
    own_by="product",
    shows_ownership=True,
    negative_unless=("quantity", "kind", "return"),
)
AZURE_CONSUMPTION = Table(
    name="azure_consumption",
    row="a customer's consumption of a workload in a month",
    key=("account_id", "month_on", "workload"),
    columns=(
        ACCOUNT_ID,
        date("month_on", "First day of the month.", past=True),
        text("workload", "The workload consumed.", optional=False),
        cents("amount_cents", "Consumed in the month", low=0),
        KNOWN_ON,
    ),
    happened="month_on",
    known="known_on",
    lag=timedelta(days=7),
    own_by="workload",
    shows_ownership=True,
)
AGREEMENTS = Table(
    name="agreements",
    row="an agreement as known from a date on",
    key=("agreement_id", "known_on"),
    columns=(
        text("agreement_id", "The agreement's id.", optional=False),
        ACCOUNT_ID,
        PARTNER_ID,
        text("license_program", "Licence programme.", optional=False),
        text("revenue_division", "Product up for renewal.", optional=False),
        date("started_on", "First day of the agreement."),
        date("ends_on", "Last day of the agreement."),
        text("expiration_type", "Type of expiration.", optional=False),
        cents("expiring_revenue_cents", "Revenue that ends with the agreement", low=0),
        text("outcome", "What became of it; empty until known.", allowed=("renewed", "lost")),
        KNOWN_ON,
    ),
    happened="started_on",
    known="known_on",
    lag=timedelta(days=14),
    version_of=("agreement_id",),
    ends="ends_on",
    ends_after=True,
    own_by="revenue_division",
    shows_ownership=True,
)
OPPORTUNITIES = Table(
    name="opportunities",
    row="an opportunity as known from a date on",
    key=("opportunity_id", "known_on"),
    columns=(
        text("opportunity_id", "The opportunity's id.", optional=False),
        ACCOUNT_ID,
        PARTNER_ID,
        text("product", "The product offered.", optional=False),
        date("created_on", "Day it was opened.", past=True),
        text("status", "Where it stands.", optional=False, allowed=("open", "won", "lost")),
        date("closed_on", "Day it was closed; empty while open.", optional=True, past=True),
        cents("amount_cents", "Amount offered", low=0),
        KNOWN_ON,
    ),
    happened="created_on",
    known="known_on",
    lag=timedelta(days=7),
    version_of=("opportunity_id",),
    ends="closed_on",
    own_by="product",
)
TECHNOLOGIES = Table(
    name="technologies",
    row="a technology seen at a customer",
    key=("account_id", "domain", "technology", "seen_on", "known_on"),
    columns=(
        CUSTOMER_OF_DOMAIN,
        text("domain", "The domain it was seen at; tells the customer where account_id is empty."),
        text("technology", "The technology.", optional=False),
        text("vendor", "Who makes it.", optional=False),
        text("category", "What it is for.", optional=False),
        date("seen_on", "First day it was seen.", past=True),
        date("gone_on", "First day it was gone; empty while there.", optional=True, past=True),
        KNOWN_ON,
    ),
    happened="seen_on",
    known="known_on",
    lag=timedelta(days=30),
    version_of=("account_id", "domain", "technology", "seen_on"),
    ends="gone_on",
    own_by="technology",
    shows_ownership=True,
    any_of=("account_id", "domain"),
)
SIGNALS = Table(
    name="signals",
    row="a buying signal",
    key=("signal_id",),
    columns=(
        text("signal_id", "The signal's id.", optional=False),
        CUSTOMER_OF_DOMAIN,
        text("domain", "The domain the signal came from; tells the customer where account_id is empty."),
        text("kind", "What was seen.", optional=False, allowed=SIGNAL_KINDS),
        text("topic", "What it was about.", optional=False),
        Column(name="strength", kind=Kind.NUMBER, meaning="How strong, 0 to 1.", low=0, high=1),
        Column(name="happened_at", kind=Kind.INSTANT, meaning="When it happened (UTC).", past=True),
        Column(name="known_at", kind=Kind.INSTANT, meaning="When it was known (UTC)."),
        text("url", "Where it was seen."),
        text("text", "What it said."),
        text("classifier", "Version of the classifier that told the topic; empty where none did."),
    ),
    happened="happened_at",
    known="known_at",
    lag=timedelta(days=2),
    own_by="topic",
    any_of=("account_id", "domain"),
)

SCORING_TABLES = (
    PARTNERS,
    ACCOUNTS,
    PARTNER_ACCOUNTS,
    TRANSACTIONS,
    AZURE_CONSUMPTION,
    AGREEMENTS,
    OPPORTUNITIES,
    TECHNOLOGIES,
    SIGNALS,
)
TABLES = (*SCORING_TABLES, *LICENSE_TABLES)
EITHER_REQUIRED = (TRANSACTIONS, OPPORTUNITIES)
"""At least one of these must be there: without both there is nothing to learn from."""


def table(name: str) -> Table:
    """Return the declared table of that name; `KeyError` where there is none."""
    for declared in TABLES:
        if declared.name == name:
            return declared
    raise KeyError(name)
