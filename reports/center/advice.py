"""What to do next: a sentence for each cluster, cohort and licence finding, and links an administrator sets.

Sentences are English texts of the catalogues (`N_`), so a percent sign would be written twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.orm import Session

from reports.center.database.tables import ActionLink
from reports.center.words import N_

CUSTOMER, SUBSCRIPTION = "{customer}", "{subscription}"
"""What a link of an action may carry; replaced by the id of the row it is shown for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What to do about what a row says. `action` is the key of the link an administrator may set for it."""

    about: str
    """The cluster, the cohort column, the dataset or the status it is about, as the files call it."""
    action: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalAction:
    """Something that is done in the vendor's own portal; hidden until an administrator sets its link."""

    action: str
    title: str
    help: str
    placeholders: tuple[str, ...] = (CUSTOMER,)


def _cluster(about: str, title: str, text: str) -> Advice:
    return Advice(about=about, action=f"cluster.{_key(about)}", title=title, text=text)


def _cohort(about: str, title: str, text: str) -> Advice:
    return Advice(about=about, action=f"cohort.{about}", title=title, text=text)


def _finding(about: str, title: str, text: str) -> Advice:
    return Advice(about=about, action=f"licenses.{_key(about)}", title=title, text=text)


def _key(about: str) -> str:
    return about.lower().replace(" ", "-")


CLUSTERS = (
    _cluster(
        "Act Now",
        N_("Sales call"),
        N_("Call this week: these customers fit and show intent. Lead with the first reason of the row."),
    ),
    _cluster(
        "Evaluate",
        N_("Multi-channel marketing"),
        N_("Run a multi-channel campaign (e-mail, web, events) and call those who respond."),
    ),
    _cluster(
        "Nurture",
        N_("Awareness"),
        N_("Keep them aware with newsletters, webinars and customer stories; look again next month."),
    ),
    _cluster(
        "Educate",
        N_("Education"),
        N_("Explain what the product is for; spend no seller's time before interest shows."),
    ),
)
COHORTS = (
    _cohort(
        "AzureNoConsumptionWithM365",
        N_("Microsoft 365 without Azure"),
        N_("Offer a first Azure workload beside Microsoft 365, such as backup or virtual desktops."),
    ),
    _cohort(
        "D365MigrateToBusinessCentral",
        N_("Move to Business Central"),
        N_("Offer an assessment of the move from the on-premises solution to Business Central."),
    ),
    _cohort(
        "SecurityUpsellToM365E5",
        N_("Security and Microsoft 365 E5"),
        N_("Lead with a security review, then propose Microsoft 365 E5."),
    ),
    _cohort(
        "M365UpsellCustomer",
        N_("Microsoft 365 upsell"),
        N_("Talk about the next suite or more seats before the renewal does."),
    ),
    _cohort(
        "M365MoveToCloudOnPrem",
        N_("Move to the cloud from on-premises"),
        N_("Propose moving the on-premises office licences to Microsoft 365, with a migration plan."),
    ),
    _cohort(
        "M365MoveToCloudDark",
        N_("Move to the cloud, nothing known"),
        N_("Find out what they use today, then propose a trial of Microsoft 365."),
    ),
    _cohort(
        "M365UpsellHigherSuite",
        N_("A higher suite"),
        N_("Show what the next suite adds for the workloads they use already."),
    ),
    _cohort(
        "M365SeatExpansion",
        N_("More seats"),
        N_("Ask who works without a licence, and offer the missing seats."),
    ),
    _cohort(
        "M365Copilot",
        N_("Copilot"),
        N_("Offer a Copilot trial to one team; leave out customers that have it already."),
    ),
    _cohort(
        "SurfaceAcquireM365Seats1To49",
        N_("First Surface, small"),
        N_("Offer Surface devices with the next Microsoft 365 seats."),
    ),
    _cohort(
        "SurfaceAcquireM365Seats50Plus",
        N_("First Surface, large"),
        N_("Propose a device plan with a pilot for one department."),
    ),
    _cohort(
        "SurfaceUpsellDevices1To24Last3Years",
        N_("More Surface, small"),
        N_("Ask about devices that are due for replacement, and offer accessories and care plans."),
    ),
    _cohort(
        "SurfaceUpsellDevices25PlusLast3Years",
        N_("More Surface, large"),
        N_("Propose a refresh in waves, with trade-in of the oldest devices."),
    ),
)
FINDINGS = (
    _finding(
        "expiring_subscriptions",
        N_("Expiring within 90 days"),
        N_("It ends unless somebody acts: call before it does, trials first."),
    ),
    _finding(
        "renewing_subscriptions",
        N_("Renewing within 90 days"),
        N_("It renews by itself: agree on the right size before it does."),
    ),
    _finding(
        "overage_subscriptions",
        N_("Over the limit"),
        N_("More is assigned than bought: offer the missing licences, or help to free some."),
    ),
    _finding(
        "low_assignment_subscriptions",
        N_("Low assignment"),
        N_("Few licences are given out: help to assign them, before the next renewal is cut."),
    ),
    _finding(
        "recently_added_subscriptions",
        N_("Recently added"),
        N_("Check that the start succeeds: assignment and first use within the first weeks."),
    ),
    _finding(
        "trials",
        N_("Trials"),
        N_("Ask what the trial has shown, and make an offer before it ends."),
    ),
    _finding(
        "low adoption",
        N_("Low usage"),
        N_("Licences are there and little used: send case studies, user stories and short tutorials."),
    ),
    _finding(
        "many how-to questions",
        N_("Many how-to questions"),
        N_("Offer training in person or online, and promote self-service help."),
    ),
    _finding(
        "poor calls",
        N_("Poor call quality"),
        N_("Look at endpoints and network with the customer; silence may have this reason."),
    ),
    _finding(
        "abandoned calls",
        N_("Abandoned calls"),
        N_("Review the staffing and the routing of the queue with the customer."),
    ),
)
STATUSES = (
    _finding("Trial", N_("Trial"), N_("Ask what the trial has shown, and make an offer before it ends.")),
    _finding("Subscription", N_("Subscription"), N_("Nothing to do because of the subscription itself.")),
    _finding("Expires soon", N_("Expires soon"), N_("Call today: it ends within days.")),
    _finding(
        "License overage",
        N_("License overage"),
        N_("More is assigned than bought: offer the missing licences, or help to free some."),
    ),
    _finding(
        "No recent activity",
        N_("No recent activity"),
        N_("No administrator has signed in for long: ask who looks after the service now."),
    ),
    _finding(
        "Ready for order setup",
        N_("Ready for order setup"),
        N_("Finish the setup of the order, so that people can start."),
    ),
    _finding("Suspended", N_("Suspended"), N_("An invoice is overdue: settle it before service is lost.")),
    _finding(
        "Expired", N_("Expired"), N_("Nothing is active: ask why they left, and what would bring them back.")
    ),
)
PORTAL = (
    PortalAction(
        action="portal.start-trial",
        title=N_("Start a trial"),
        help=N_("Where a trial for the customer is started."),
    ),
    PortalAction(
        action="portal.launch-organization",
        title=N_("Launch the organization"),
        help=N_("Where the customer's own administration is opened."),
    ),
    PortalAction(
        action="portal.add-admin",
        title=N_("Add an admin"),
        help=N_("Where an administrator is added to the customer."),
    ),
    PortalAction(
        action="portal.remove-admin",
        title=N_("Remove an admin"),
        help=N_("Where an administrator is taken from the customer."),
    ),
    PortalAction(
        action="portal.open-subscription",
        title=N_("Open the subscription"),
        help=N_("Where the subscription is managed."),
        placeholders=(CUSTOMER, SUBSCRIPTION),
    ),
    PortalAction(
        action="portal.open-ticket",
        title=N_("Open a ticket"),
        help=N_("Where a support ticket is opened."),
    ),
    PortalAction(
        action="portal.helpdesk",
        title=N_("Reach the helpdesk"),
        help=N_("The partner helpdesk for calling and contact centre."),
        placeholders=(),
    ),
)
ADVICE: Mapping[str, Advice] = {one.about: one for one in (*CLUSTERS, *COHORTS, *FINDINGS, *STATUSES)}
"""All advice, by what it is about."""
ACTIONS: Sequence[Advice | PortalAction] = (*ADVICE.values(), *PORTAL)
"""Everything an administrator may set a link for, by its `action`."""


def links(session: Session) -> Mapping[str, str]:
    """Return the links that are set, by action."""
    return {row.action: row.url for row in session.scalars(sa.select(ActionLink))}


def link(template: str, *, customer: str = "", subscription: str = "") -> str:
    """Return the link of an action for a row; ids are escaped, so that they stay in their place."""
    return template.replace(CUSTOMER, quote(customer, safe="")).replace(
        SUBSCRIPTION, quote(subscription, safe="")
    )
