"""What the analytics pages show: each KPI in plain words, and the sections with their KPIs and tables."""

from collections.abc import Mapping
from dataclasses import dataclass

from reports.center.pages.figures import Key
from reports.center.pages.tables import Column, Layout, Show
from reports.center.query import Order
from reports.center.words import N_

FAMILIES: Mapping[str, str] = {"meetings": N_("Meetings"), "calling": N_("Calling")}
"""The product families that have analytics, as the switch tells them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A KPI in plain words; `parts` says what its numerator and denominator count."""

    id: str
    name: str
    label: str
    parts: str = ""

    def key(self, family: str = "") -> Key:
        """Return which published KPI it is."""
        return Key(id=self.id, name=self.name, family=family)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a page: its KPIs, its table, what an empty table says, and the finding it is about."""

    key: str
    title: str
    about: str
    kpis: tuple[Told, ...]
    table: Layout
    nothing: str
    finding: str
    """The key of the advice on what to do next."""
    is_of_family: bool = True
    """Its KPIs are published per product family."""


ASSIGNED_OF = N_("%(numerator)s of %(denominator)s licences assigned")
USED_OF = N_("%(numerator)s of %(denominator)s licences used")

HEADLINE = (
    Told(id="WX-K1", name="Total customers", label=N_("Customers with Meetings or Calling")),
    Told(id="WX-K2", name="Nearing expiration", label=N_("Nearing expiration")),
    Told(id="WX-K3", name="Nearing renewal", label=N_("Nearing renewal")),
    Told(id="WX-K4", name="Low license assignment", label=N_("Low license assignment")),
    Told(id="WX-K5", name="Over license limit", label=N_("Over license limit")),
)
MANAGED = Told(id="WX-K1", name="managedCustomers", label=N_("Customers managed"))

CUSTOMER = Column(name="orgName", label=N_("Customer"), show=Show.CUSTOMER)
SUBSCRIPTION = Column(name="subscriptionId", label=N_("Subscription"), show=Show.SUBSCRIPTION)
TOTAL = Column(name="totalUnits", label=N_("Total licences"))
LEVELS = Column(name="used", label=N_("Used, assigned, available"), show=Show.LEVELS)
ASSIGNMENT_CHANGE = Column(
    name="weeklyAssignmentChange", label=N_("Assigned, change in a week"), show=Show.CHANGE
)
THREE_MONTHS = Column(name="usageLast3Months", label=N_("Used in the last 3 months"))
ASSIGNED = Column(
    name="consumedUnits", label=N_("Assigned"), show=Show.WITH_PERCENT, beside="assignedPercent"
)

RECENT = Section(
    key="recent",
    title=N_("Recently added"),
    about=N_("Subscriptions and trials added in the last 90 days."),
    kpis=(
        Told(id="WX-K6", name="New customers", label=N_("Customers with something new")),
        Told(id="WX-K7", name="Total licenses", label=N_("Licences in new subscriptions")),
    ),
    table=Layout(
        key="recent",
        dataset="recently_added_subscriptions",
        columns=(
            CUSTOMER,
            SUBSCRIPTION,
            Column(name="daysSinceAdded", label=N_("Days since added")),
            Column(name="isNewCustomer", label=N_("New customer")),
            TOTAL,
            LEVELS,
            ASSIGNMENT_CHANGE,
            Column(name="weeklyUsageChange", label=N_("Used, change in a week"), show=Show.CHANGE),
        ),
        order=Order(column="daysSinceAdded", descending=False),
    ),
    nothing=N_("Nothing was added in the last 90 days."),
    finding="recently_added_subscriptions",
)
EXPIRING = Section(
    key="expiring",
    title=N_("Expiring soon"),
    about=N_("Subscriptions that do not renew by themselves, and trials, that end within 90 days."),
    kpis=(
        Told(id="WX-K8", name="Expiring customers", label=N_("Expiring customers")),
        Told(id="WX-K9", name="License assignment", label=N_("License assignment"), parts=ASSIGNED_OF),
        Told(id="WX-K10", name="License usage", label=N_("License usage"), parts=USED_OF),
    ),
    table=Layout(
        key="expiring",
        dataset="expiring_subscriptions",
        columns=(
            CUSTOMER,
            SUBSCRIPTION,
            Column(name="endDate", label=N_("Ends on")),
            Column(name="daysUntilExpiration", label=N_("Days until expiration")),
            TOTAL,
            LEVELS,
            THREE_MONTHS,
        ),
        order=Order(column="daysUntilExpiration", descending=False),
    ),
    nothing=N_("Nothing expires within 90 days."),
    finding="expiring_subscriptions",
)
RENEWING = Section(
    key="renewing",
    title=N_("Renewing soon"),
    about=N_("Subscriptions that renew by themselves within 90 days; trials never do."),
    kpis=(
        Told(id="WX-K11", name="Renewing customers", label=N_("Renewing customers")),
        Told(id="WX-K12", name="License assignment", label=N_("License assignment"), parts=ASSIGNED_OF),
        Told(id="WX-K13", name="License usage", label=N_("License usage"), parts=USED_OF),
    ),
    table=Layout(
        key="renewing",
        dataset="renewing_subscriptions",
        columns=(
            CUSTOMER,
            SUBSCRIPTION,
            Column(name="renewalDate", label=N_("Renews on")),
            Column(name="daysUntilRenewal", label=N_("Days until renewal")),
            TOTAL,
            LEVELS,
            THREE_MONTHS,
        ),
        order=Order(column="daysUntilRenewal", descending=False),
    ),
    nothing=N_("Nothing renews within 90 days."),
    finding="renewing_subscriptions",
)
LOW = Section(
    key="low",
    title=N_("Low license assignment"),
    about=N_(
        "Below 80 %% assigned, and among the lowest quarter of comparable subscriptions of the same partner."
    ),
    kpis=(
        Told(id="WX-K14", name="Low assignment customers", label=N_("Low assignment customers")),
        Told(id="WX-K15", name="License assignment", label=N_("License assignment"), parts=ASSIGNED_OF),
        Told(
            id="WX-K16",
            name="License use when assigned",
            label=N_("License use when assigned"),
            parts=N_("%(numerator)s of %(denominator)s assigned licences used"),
        ),
        Told(id="WX-K16", name="licenseUsage", label=N_("License usage"), parts=USED_OF),
        Told(id="WX-K17", name="Total unassigned licenses", label=N_("Unassigned licences")),
    ),
    table=Layout(
        key="low",
        dataset="low_assignment_subscriptions",
        columns=(
            CUSTOMER,
            SUBSCRIPTION,
            Column(name="monthsSinceAdded", label=N_("Months since added")),
            TOTAL,
            ASSIGNED,
            LEVELS,
            ASSIGNMENT_CHANGE,
            Column(name="peerMedianPercent", label=N_("Assigned at comparable customers"), show=Show.PERCENT),
        ),
        order=Order(column="totalUnits"),
    ),
    nothing=N_("No subscription is assigned much less than comparable ones."),
    finding="low_assignment_subscriptions",
)
OVER = Section(
    key="overage",
    title=N_("Over license limit"),
    about=N_("More licences are assigned than were purchased; what that costs is not told by the figures."),
    kpis=(
        Told(id="WX-K18", name="Customers with overages", label=N_("Customers with overages")),
        Told(id="WX-K19", name="Total licenses in overages", label=N_("Licences in overages")),
        Told(
            id="WX-K20",
            name="Avg. license overage",
            label=N_("Licences in overage per customer"),
            parts=N_("%(numerator)s licences over %(denominator)s customers"),
        ),
        Told(id="WX-K18", name="usedOverTotal", label=N_("Subscriptions used beyond what was purchased")),
    ),
    table=Layout(
        key="overage",
        dataset="overage_subscriptions",
        columns=(
            CUSTOMER,
            SUBSCRIPTION,
            Column(name="monthsRemaining", label=N_("Months remaining")),
            Column(name="autoRenew", label=N_("Renews by itself")),
            TOTAL,
            ASSIGNED,
            Column(name="used", label=N_("Used"), show=Show.WITH_PERCENT, beside="usedPercent"),
            Column(name="overageUnits", label=N_("Over by")),
            Column(name="overSince", label=N_("Over since")),
        ),
        order=Order(column="overageUnits"),
    ),
    nothing=N_("Nobody is over the limit."),
    finding="overage_subscriptions",
)
SUBSCRIPTION_SECTIONS = (RECENT, EXPIRING, RENEWING, LOW, OVER)

USAGE = Section(
    key="usage",
    title=N_("Customers and usage"),
    about=N_("Calls of the last completed week, for each customer with Webex Calling."),
    kpis=(),
    table=Layout(
        key="usage",
        dataset="calling_customer_usage",
        columns=(
            CUSTOMER,
            TOTAL,
            Column(name="consumedUnits", label=N_("Assigned")),
            Column(name="activeUsers", label=N_("Active users")),
            Column(name="totalCalls", label=N_("Calls")),
            Column(name="totalMinutes", label=N_("Minutes")),
            Column(name="callsPerActiveUser", label=N_("Calls per active user")),
            Column(name="weeklyCallsChange", label=N_("Calls, change in a week"), show=Show.CHANGE),
            Column(
                name="weeklyActiveUsersChange", label=N_("Active users, change in a week"), show=Show.CHANGE
            ),
        ),
        order=Order(column="totalCalls"),
    ),
    nothing=N_("No customer has Webex Calling."),
    finding="low adoption",
)
QUALITY_OF_CUSTOMERS = Section(
    key="quality",
    title=N_("Customers and call quality"),
    about=N_("Calls with media of the last completed week; a call is poor beyond the limits that are set."),
    kpis=(),
    table=Layout(
        key="quality",
        dataset="calling_customer_quality",
        columns=(
            CUSTOMER,
            Column(name="totalCallsWithMedia", label=N_("Calls with media")),
            Column(name="totalGoodQualityCallsWithMedia", label=N_("Good")),
            Column(name="poorCalls", label=N_("Poor")),
            Column(name="poorCallPercent", label=N_("Poor calls"), show=Show.PERCENT),
            Column(name="previousPoorCallPercent", label=N_("The week before"), show=Show.PERCENT),
        ),
        order=Order(column="poorCalls"),
    ),
    nothing=N_("No customer had a call with media in the week."),
    finding="poor calls",
)
QUEUES = Section(
    key="queues",
    title=N_("Call queues"),
    about=N_("Calls that entered a queue in the last completed week; leaving a message counts as giving up."),
    kpis=(
        Told(
            id="WX-K21",
            name="Avg time to answer",
            label=N_("Average time to answer"),
            parts=N_("%(numerator)s seconds over %(denominator)s calls"),
        ),
        Told(
            id="WX-K22",
            name="Avg wait time before abandoned",
            label=N_("Average wait before giving up"),
            parts=N_("%(numerator)s seconds over %(denominator)s calls"),
        ),
        Told(
            id="WX-K23",
            name="Avg abandoned call rate",
            label=N_("Calls given up"),
            parts=N_("%(numerator)s of %(denominator)s calls given up"),
        ),
        Told(
            id="WX-K23",
            name="meanCustomerAbandonedRate",
            label=N_("Calls given up, each customer counting once"),
            parts=N_("mean over %(denominator)s customers"),
        ),
    ),
    table=Layout(
        key="queues",
        dataset="call_queue_customers",
        columns=(
            CUSTOMER,
            Column(name="queueCalls", label=N_("Calls in queues")),
            Column(name="answeredCalls", label=N_("Answered")),
            Column(name="movedCalls", label=N_("Moved to another queue")),
            Column(name="abandonedCalls", label=N_("Given up")),
            Column(name="abandonedRatePercent", label=N_("Share given up"), show=Show.PERCENT),
            Column(name="avgTimeToAnswerSeconds", label=N_("Seconds to answer")),
            Column(name="avgWaitBeforeAbandonedSeconds", label=N_("Seconds before giving up")),
        ),
        order=Order(column="abandonedCalls"),
    ),
    nothing=N_("No customer with call queues had a call in one."),
    finding="abandoned calls",
)

DEPLOYED_OF = N_("%(numerator)s of %(denominator)s licences deployed")
ACTIVE_OF = N_("%(numerator)s active of %(denominator)s entitled")
MICROSOFT = (
    Told(
        id="MS-K1",
        name="Deployment % (all_partners)",
        label=N_("Deployed, bought anywhere"),
        parts=DEPLOYED_OF,
    ),
    Told(id="MS-K1", name="Deployment % (own)", label=N_("Deployed, own subscriptions"), parts=DEPLOYED_OF),
    Told(id="MS-K2", name="Usage % (all_partners)", label=N_("Used, bought anywhere"), parts=ACTIVE_OF),
    Told(id="MS-K2", name="Usage % (own)", label=N_("Used, own subscriptions"), parts=ACTIVE_OF),
)
TRAINING = Section(
    key="training",
    title=N_("Training to offer"),
    about=N_(
        "Customers that use less than 40 %% of their licences, or ask how to do things more often than"
        " 5 times per 100 licences in 90 days."
    ),
    kpis=(
        Told(id="MS-R7", name="Customers with low adoption", label=N_("Customers with low adoption")),
        Told(
            id="MS-R8",
            name="Customers with many how-to questions",
            label=N_("Customers with many how-to questions"),
        ),
    ),
    table=Layout(
        key="training",
        dataset="training_offers",
        columns=(
            Column(name="customerName", label=N_("Customer"), show=Show.CUSTOMER),
            Column(name="trigger", label=N_("Because of"), show=Show.WORD),
            Column(name="usagePercent", label=N_("Used"), show=Show.PERCENT),
            Column(name="licensesDeployed", label=N_("Licences deployed")),
            Column(name="howToTickets", label=N_("How-to questions")),
            Column(name="howToTicketsPer100", label=N_("How-to questions per 100 licences")),
        ),
        order=Order(column="licensesDeployed"),
    ),
    nothing=N_("No customer calls for training."),
    finding="low adoption",
    is_of_family=False,
)
TRIGGERS = (N_("low adoption"), N_("many how-to questions"))
"""Published words that are translated where they are shown."""
