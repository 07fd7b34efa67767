"""What the resources page offers: declared rows, found by their words and by what they are for."""

from dataclasses import dataclass
from enum import StrEnum

from reports.center.words import N_


class Topic(StrEnum):
    """What a resource is for; the value of a member is how addresses call it."""

    SELLING = "selling"
    LICENSES = "licenses"
    CALLING = "calling"
    REPORTS = "reports"
    WORDS = "words"


TOPICS = {
    Topic.SELLING: N_("Selling"),
    Topic.LICENSES: N_("Licences"),
    Topic.CALLING: N_("Calling"),
    Topic.REPORTS: N_("Reports"),
    Topic.WORDS: N_("Words"),
}
"""How pages call the topics."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """Something to read: its title, a few sentences, and the page of the centre where it is put to use."""

    title: str
    text: str
    topic: Topic
    href: str = ""
    label: str = ""
    is_featured: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickLink:
    """A page that people open often, and the right without which it is not offered."""

    label: str
    href: str
    right: str = "sees_rows"


QUICK_LINKS = (
    QuickLink(label=N_("Customers to call now"), href="/customers?cluster=Act+Now"),
    QuickLink(label=N_("Create new report"), href="/downloads/new"),
    QuickLink(label=N_("What expires and renews"), href="/subscriptions"),
    QuickLink(label=N_("Match your own customers"), href="/crm"),
    QuickLink(label=N_("How good the scores are"), href="/evidence"),
    QuickLink(label=N_("Your account and tokens"), href="/account", right=""),
)


def _word(title: str, text: str) -> Guide:
    return Guide(title=title, text=text, topic=Topic.WORDS)


GUIDES = (
    Guide(
        title=N_("How to read clusters"),
        text=N_(
            "Each customer has a fit (who it is) and an intent (what it does), both from High to Very"
            " Low. Together they make a cell from A1 to D4, and the letter says the cluster: Act Now,"
            " Evaluate, Nurture or Educate. Inside a cluster the rows with the highest probability come"
            " first."
        ),
        topic=Topic.SELLING,
        href="/customers?cluster=Act+Now",
        label=N_("Customers to call now"),
        is_featured=True,
    ),
    Guide(
        title=N_("How to read reasons"),
        text=N_(
            "Reasons say what speaks for a purchase and what against it, strongest first, with the"
            " value seen and the days it was seen in. Open a call with the first one. A trend of"
            " Improving means that the odds grew by half or more since last month."
        ),
        topic=Topic.SELLING,
        is_featured=True,
    ),
    Guide(
        title=N_("Scores are not probabilities"),
        text=N_(
            "Scores from 0 to 100 are points: 30 is half the odds of the average customer, 55 one and a"
            " half times, 75 three times. The chance itself is in the columns that end with"
            " PurchaseProbability."
        ),
        topic=Topic.SELLING,
        href="/evidence",
        label=N_("How good the scores are"),
    ),
    Guide(
        title=N_("Money: potential and expected revenue"),
        text=N_(
            "Potential revenue is a band: what the twelve months after a purchase would bring. Expected"
            " revenue is that times the probability of a purchase within 90 days; it adds up over"
            " customers."
        ),
        topic=Topic.SELLING,
        href="/targets",
        label=N_("Target list"),
    ),
    Guide(
        title=N_("Which licence file first: sellers"),
        text=N_(
            "Begin with renewing_subscriptions, soonest first: agree on the right size before it"
            " renews. Then expiring_subscriptions, which end unless somebody acts, trials too; then"
            " overage_subscriptions, largest first."
        ),
        topic=Topic.LICENSES,
        href="/downloads/new?dataset=renewing_subscriptions",
        label=N_("Create a report"),
        is_featured=True,
    ),
    Guide(
        title=N_("Which licence file first: customer success"),
        text=N_(
            "Begin with low_assignment_subscriptions: few licences given out, compared with your other"
            " subscriptions of the same size. Then customer_licenses_usage and training_offers, which"
            " say who does not use what it has, and recently_added_subscriptions for those who begin."
        ),
        topic=Topic.LICENSES,
        href="/downloads/new?dataset=low_assignment_subscriptions",
        label=N_("Create a report"),
    ),
    Guide(
        title=N_("Which licence file first: analysts"),
        text=N_(
            "Begin with kpi_summary: every figure with its numerator, denominator and window."
            " usage_over_100 says why a share is above the whole, exclusions what no figure counts, and"
            " why."
        ),
        topic=Topic.LICENSES,
        href="/downloads/new?dataset=kpi_summary",
        label=N_("Create a report"),
    ),
    Guide(
        title=N_("Bought, assigned, used"),
        text=N_(
            "Bought is what was purchased, additions included. Assigned is what somebody was given, and"
            " says nothing about use. Used means that somebody did something with it in the last"
            " completed week."
        ),
        topic=Topic.LICENSES,
    ),
    Guide(
        title=N_("Offer training where it helps"),
        text=N_(
            "Where usage is low, send case studies, user stories, tutorial blogs or videos. Where many"
            " how-to questions come in, offer training in person or online, and promote self-service"
            " help."
        ),
        topic=Topic.LICENSES,
        href="/downloads/new?dataset=training_offers",
        label=N_("Create a report"),
    ),
    Guide(
        title=N_("When calls sound poor"),
        text=N_(
            "A call is poor when loss, delay or jitter passes its limit, or when its record says so."
            " Look at the endpoint types first, then at the customers; users who fall silent may have"
            " this reason."
        ),
        topic=Topic.CALLING,
        href="/calling",
        label=N_("Calling"),
    ),
    Guide(
        title=N_("Reading queues"),
        text=N_(
            "Time to answer counts callers who were answered or moved on. Abandoned are those who hung"
            " up or left a message. Long waits with many abandoned calls ask for another routing or more"
            " agents."
        ),
        topic=Topic.CALLING,
        href="/calling",
        label=N_("Calling"),
    ),
    Guide(
        title=N_("Make a report once, have it for ever"),
        text=N_(
            "Put columns and filters together, look at the first rows, then schedule the report: its"
            " files wait in My reports. Save it as a template to begin others with, or share the address"
            " of its page."
        ),
        topic=Topic.REPORTS,
        href="/downloads/new",
        label=N_("Create new report"),
        is_featured=True,
    ),
    Guide(
        title=N_("What the columns mean"),
        text=N_(
            "Every dataset has a dictionary with the meaning, the form and the values of the columns"
            " that you may see. The link stands beside each dataset in the Download Center."
        ),
        topic=Topic.REPORTS,
        href="/downloads",
        label=N_("Download Center"),
    ),
    Guide(
        title=N_("Files in other programs"),
        text=N_(
            "CSV files open in spreadsheets as they are. Cells that a spreadsheet would run as a"
            " formula begin with an apostrophe. Parquet keeps numbers and dates as such, for analysts."
        ),
        topic=Topic.REPORTS,
    ),
    _word(N_("Fit"), N_("Who the customer is, told as its odds of buying. Read once a quarter.")),
    _word(N_("Intent"), N_("What the customer does, told as its odds of buying. Read every month.")),
    _word(N_("Act Now"), N_("The cluster with the highest propensity: call these customers.")),
    _word(N_("Signal"), N_("Something seen of a customer that may announce a purchase, such as a visit.")),
    _word(N_("As-of date"), N_("The instant a month stands on: only what was known before it counts.")),
    _word(N_("Overage"), N_("Licences assigned beyond those purchased now: a count, not a charge.")),
    _word(N_("Trend"), N_("Purchase odds against last month's: Improving, Steady, Declining or New.")),
    _word(N_("Week"), N_("Sunday 00:00 UTC to the next Sunday; the last week is the last completed one.")),
)
