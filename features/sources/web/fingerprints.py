"""All fingerprints of technologies, and the names to ask the DNS for that they follow from."""

from features.sources.web.families.building import BUILDING
from features.sources.web.families.clouds import CLOUDS
from features.sources.web.families.collaboration import COLLABORATION
from features.sources.web.families.deliveries import DELIVERIES
from features.sources.web.families.devices import DEVICES
from features.sources.web.families.guards import GUARDS
from features.sources.web.families.identities import IDENTITIES
from features.sources.web.families.networks import NETWORKS
from features.sources.web.families.offices import OFFICES
from features.sources.web.families.planning import PLANNING
from features.sources.web.families.premises import PREMISES
from features.sources.web.families.selling import SELLING
from features.sources.web.families.sites import SITES
from features.sources.web.families.staffing import STAFFING
from features.sources.web.families.telephony import TELEPHONY
from features.sources.web.fingerprint import Where

FINGERPRINTS = (
    *OFFICES,
    *DELIVERIES,
    *CLOUDS,
    *NETWORKS,
    *SELLING,
    *PLANNING,
    *STAFFING,
    *BUILDING,
    *IDENTITIES,
    *GUARDS,
    *DEVICES,
    *COLLABORATION,
    *TELEPHONY,
    *PREMISES,
    *SITES,
)
"""Left out on purpose: what says nothing about who runs the business, and would count for it all the same.

Google Analytics, fonts, maps and reCAPTCHA stand on most sites; were they here, every site would be a
customer of Google's cloud.
"""
SELECTORS = tuple(
    dict.fromkeys(row.pattern.partition(" ")[0] for row in FINGERPRINTS if row.where is Where.DKIM)
)
"""DKIM selectors to ask for: `<selector>._domainkey.<domain>`, CNAME and TXT."""
NAMES = tuple(dict.fromkeys(row.pattern for row in FINGERPRINTS if row.where is Where.NAME))
"""Names of the company's own whose addresses tell something: `<name>.<domain>`, A."""
ALIASES = ("www", "autodiscover", "lyncdiscover", "sip", "enterpriseregistration", "enterpriseenrollment")
"""Names whose aliases lead to clouds: `<name>.<domain>`, CNAME."""
NOBODY = "no-such-name-is-declared"
"""A name that nobody has: where it has an address all names have one, and none of `NAMES` tells anything."""
NOT_SHOWN = {
    "Microsoft Surface": "a device leaves no trace in records or pages; orders and job postings tell of it",
    "Apple MacBook": "a device leaves no trace in records or pages; job postings tell of it",
    "Lenovo ThinkPad": "a device leaves no trace in records or pages; job postings tell of it",
}
"""Technologies that products ask about and no fingerprint finds, and why."""
