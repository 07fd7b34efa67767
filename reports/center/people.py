"""Who uses the centre: roles, what each role may see and do, and whose customers a person sees."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person is to its partner; the value of a member is how it is stored and told."""

    EXECUTIVE_VIEWER = "executive report viewer"
    REPORT_VIEWER = "report viewer"
    GLOBAL_ADMIN = "global admin"
    USER_ADMIN = "user administrator"
    SALES_AGENT = "sales agent"
    ADMIN_AGENT = "admin agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What a role may see and do; whose rows it sees is the person's `Reach`."""

    sees_rows: bool = True
    sees_money: bool = False
    sees_personal: bool = False
    edits_tags: bool = False
    manages_people: bool = False
    manages_schedules: bool = False
    """Of others; everybody who sees rows has schedules of its own."""
    sets_links: bool = False


RIGHTS = {
    Role.EXECUTIVE_VIEWER: Rights(sees_money=True, sees_personal=True),
    Role.REPORT_VIEWER: Rights(),
    Role.GLOBAL_ADMIN: Rights(
        sees_money=True,
        sees_personal=True,
        edits_tags=True,
        manages_people=True,
        manages_schedules=True,
        sets_links=True,
    ),
    Role.USER_ADMIN: Rights(sees_rows=False, manages_people=True),
    Role.SALES_AGENT: Rights(sees_money=True, sees_personal=True, edits_tags=True),
    Role.ADMIN_AGENT: Rights(sees_money=True, sees_personal=True, edits_tags=True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Whose rows a person sees: everybody's, those of root partners, or those of some locations of them.

    With `locations` a row is seen only where one of them transacts with its customer.
    """

    everything: bool = False
    partners: frozenset[str] = frozenset()
    locations: frozenset[str] = frozenset()

    def covers(self, other: "Reach") -> bool:
        """Tell whether every row that the other reaches is reached by this one, whatever the rows are."""
        if self.everything or not (other.everything or other.partners or other.locations):
            return True
        if other.everything or not (self.partners or self.locations):
            return False
        partners = not self.partners or (bool(other.partners) and other.partners <= self.partners)
        locations = not self.locations or (bool(other.locations) and other.locations <= self.locations)
        return partners and locations


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who may sign in."""

    id: int
    subject: str
    """How the person signs in: the name of a local account, or the subject of an identity provider."""
    name: str
    role: Role
    reach: Reach
    language: str | None = None

    @property
    def rights(self) -> Rights:
        """What the person's role may see and do."""
        return RIGHTS[self.role]
