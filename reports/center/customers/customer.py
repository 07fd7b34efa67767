"""What a customer of a partner is to those who look at it: all that is published about it within a scope.

Texts are as published; what the scope hides, and what is unknown, is None.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Row = Mapping[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was said about a product in a month."""

    month: str
    cluster: str | None
    probability: float | None
    fit_score: str | None
    intent_score: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Propensity:
    """What is said about a product; `history` is a reading a month, oldest first."""

    product: str
    cluster: str | None
    fit: str | None
    intent: str | None
    cell: str | None
    fit_score: str | None
    intent_score: str | None
    probability: float | None
    expected: str | None
    potential: str | None
    trend: str | None
    state: str | None
    reasons: tuple[str, ...]
    objections: tuple[str, ...]
    history: tuple[Reading, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A status, the subscription it is due to, since when and why."""

    name: str
    subscription: str | None
    since: str | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A product in a subscription or trial; units are whole numbers."""

    id: str
    product: str | None
    is_trial: bool
    status: str | None
    starts: str | None
    ends: str | None
    renews: str | None
    renews_itself: str | None
    total: int | None
    assigned: int | None
    used: int | None
    overage: int | None
    over_since: str | None
    invoice: str | None
    amount: str | None
    currency: str | None
    is_paid: str | None

    @property
    def is_live(self) -> bool:
        """Tell whether anything of it is left."""
        return bool(self.total)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The lines of an order for a product."""

    id: str | None
    on: str | None
    action: str | None
    product: str | None
    quantity: str | None
    subscription: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A product in a trial in progress."""

    subscription: str | None
    product: str | None
    starts: str | None
    ends: str | None
    days_left: str | None
    total: str | None
    assigned: str | None
    used: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Admin:
    """An administrator of the partner who looks after the customer."""

    name: str
    role: str | None
    is_of_all: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """How much of a product's workload is used: of what the partner sold, or of all that was bought."""

    product: str | None
    workload: str | None
    is_own: bool
    active: int | None
    qualified: int | None
    percent: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """An agreement that ends within a year."""

    id: str | None
    program: str | None
    division: str | None
    ends: str | None
    revenue: str | None
    renewal: str | None
    probability: str | None
    reasons: tuple[str, ...]
    objections: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A customer of a partner. `facts` are its cells of the list of customers, by published name."""

    partner: str
    id: str
    facts: Row
    statuses: tuple[Status, ...]
    propensities: tuple[Propensity, ...]
    cohorts: tuple[str, ...]
    """The columns of the cohorts it is in."""
    workloads: tuple[str, ...]
    subscriptions: tuple[Subscription, ...]
    trials: tuple[Trial, ...]
    orders: tuple[Order, ...]
    admins: tuple[Admin, ...]
    usage: tuple[Usage, ...]
    agreements: tuple[Agreement, ...]
    findings: tuple[str, ...]
    """What the licence reports have found about it, as `advice.ADVICE` calls it."""

    @property
    def name(self) -> str:
        """What it is called; its id where nobody has told."""
        return self.facts["AccountName"] or self.id
