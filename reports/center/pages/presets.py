"""Which columns are chosen at once: all, what a seller needs, or none; and how groups of them are told."""

from collections.abc import Sequence
from enum import StrEnum

from reports.center.datasets import LICENSES, Dataset
from reports.center.words import N_
from reports.field import Field, Group


class Preset(StrEnum):
    """A choice of columns; the value of a member is how buttons call it."""

    ALL = "all"
    SELLER = "seller"
    NOTHING = "none"


GROUPS = {
    Group.IDENTITY: N_("Identity"),
    Group.FIRMOGRAPHICS: N_("Firmographics"),
    Group.SEGMENT: N_("Segment"),
    Group.COHORT: N_("Cohorts"),
    Group.PROPENSITY: N_("Propensity"),
    Group.REVENUE: N_("Revenue"),
    Group.RENEWAL: N_("Renewal"),
    Group.PLAY: N_("Plays"),
    Group.LICENSE: N_("Licences"),
}
"""How pages call the groups of columns."""
WHO = (
    "PartnerName",
    "CustomerID",
    "AccountName",
    "Domain",
    "OrgSize",
    "Industry",
    "City",
    "Country",
    "SubSegment",
)
WHAT = (
    *("Cluster", "Propensity", "SignalExplanation", "PotentialRevenue", "ExpectedRevenue", "Trend"),
    *("AgreementID", "AgreementEndDate", "ExpiringRevenue", "RenewalClass", "RenewalProbability"),
)
"""How the columns end that say whom to call, why, and what it is worth."""
TECHNICAL = ("asOf", "processedDateTime")


def columns_of(dataset: Dataset, fields: Sequence[Field], preset: Preset) -> tuple[str, ...]:
    """Return the columns of a preset among those of a scope, in published order."""
    match preset:
        case Preset.ALL:
            return tuple(field.name for field in fields)
        case Preset.NOTHING:
            return ()
        case Preset.SELLER:
            return tuple(field.name for field in fields if is_for_sellers(dataset, field))


def is_for_sellers(dataset: Dataset, field: Field) -> bool:
    """Tell whether a column is one that a seller needs; of licence files all but what is technical."""
    if dataset.folder == LICENSES:
        return field.name not in TECHNICAL
    return field.name in WHO or field.name.endswith(WHAT)
