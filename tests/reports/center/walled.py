"""A small world in which every cell says whose it is, and twins that differ where a person may not look.

What a person may see is told here anew, cell by cell and from the contract alone: nothing of the centre's own
scope is used. In a twin every hidden row has other values under other customers, and hidden cells of visible
rows have other values, which sort and sum otherwise; what the person gets must be the same.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from reports.center.people import Reach, Role
from reports.field import Field, Form
from tests.reports.center.published import DATASETS, Row, publish_month

MONTHS = ("2026-09", "2026-10")
PAIRS = (("P1", "C1"), ("P1", "C2"), ("P1", "C3"), ("P2", "C3"), ("P2", "C4"), ("P3", "C5"))
"""Partners and their customers; one customer is that of two partners."""
LOCATIONS = (
    ("P1", "C1", "P1-North"),
    ("P1", "C2", "P1-North"),
    ("P1", "C2", "P1-South"),
    ("P1", "C3", "P1-South"),
    ("P2", "C3", "P2-North"),
    ("P2", "C4", "P2-South"),
    ("P3", "C5", "P3"),
)
OF_CUSTOMERS = (
    "CLASAzurePropensity",
    "CLASAgreementRenewalsPropensity",
    "customers",
    "customer_statuses",
    "customer_subscriptions",
    "partner_admins",
    "expiring_subscriptions",
    "calling_customer_usage",
)
OF_PARTNERS = ("kpi_summary", "license_distribution_trend")
WRITTEN = (*OF_CUSTOMERS, *OF_PARTNERS)
MONEY = frozenset(
    {"AzurePotentialRevenue", "AzureExpectedRevenue", "ExpiringRevenue", "invoiceAmount", "invoiceCurrency"}
)
PERSONAL = frozenset({"personId", "displayName", "partnerAdmins", "lastAdminSignInDateTime"})
REACHES: Mapping[str, Reach] = {
    "all": Reach(everything=True),
    "p1": Reach(partners=frozenset({"P1"})),
    "p1.p2": Reach(partners=frozenset({"P1", "P2"})),
    "p1.north": Reach(partners=frozenset({"P1"}), locations=frozenset({"P1-North"})),
    "south": Reach(locations=frozenset({"P1-South", "P2-South"})),
    "none": Reach(),
}
PARTNER_IDS = ("GlobalID", "partnerId")
CUSTOMER_IDS = ("CustomerID", "orgId")
PLAIN: Mapping[str, str] = {
    "asOf": "2026-10-25T00:00:00Z",
    "kpiId": "WX-K1",
    "kpiName": "Total customers",
    "unit": "customers",
    "section": "overview",
    "subscriptionTypes": "Subscription",
    "statuses": "Subscription; Trial",
    "weekStart": "2026-10-12",
    "weekEnd": "2026-10-19",
    "windowStart": "2026-10-01",
    "windowEnd": "2026-10-25",
    "invoiceCurrency": "EUR",
    "note": "",
}
"""Cells that pages have to understand."""
OTHER_CURRENCY = "NOK"
NUMBERS = ("value", "previousValue")
"""Texts that are numbers."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody may see, told naively."""

    role: Role
    reach: Reach

    def dataset(self, name: str) -> bool:
        """A user administrator has none; a location has none of a whole partner's."""
        if self.role == "user administrator":
            return False
        return not (self.reach.locations and name in OF_PARTNERS)

    def column(self, name: str) -> bool:
        """A report viewer has neither money nor people."""
        return self.role != "report viewer" or (name not in MONEY and name not in PERSONAL)

    def row(self, dataset: str, partner: str, customer: str) -> bool:
        """Its partners' rows, and of those only the ones of its locations where it has some."""
        if not self.dataset(dataset):
            return False
        if self.reach.everything:
            return True
        if self.reach.partners and partner not in self.reach.partners:
            return False
        if not self.reach.partners and not self.reach.locations:
            return False
        if not self.reach.locations:
            return True
        return any((partner, customer, place) in LOCATIONS for place in self.reach.locations)

    def cell(self, dataset: str, column: str, partner: str, customer: str) -> bool:
        """A cell is seen where its row and its column are."""
        return self.row(dataset, partner, customer) and self.column(column)

    @property
    def alike(self) -> str:
        """Those who see the same share a twin."""
        if self.role == "user administrator" or self.reach == REACHES["none"]:
            return "nothing"
        return f"{self.role == 'report viewer'} {self.reach}"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the world; `text` is as published."""

    dataset: str
    column: str
    partner: str
    customer: str
    text: str


def publish_world(home: Path, sight: Sight | None = None) -> Sequence[Cell]:
    """Publish the world, or the twin of it for somebody, and return the cells of it."""
    cells: list[Cell] = []
    for month in MONTHS:
        names = WRITTEN if month == MONTHS[-1] else ("CLASAzurePropensity", "kpi_summary")
        rows = {name: list(_rows(name, month, sight, cells)) for name in names}
        places = [(p, _called(sight, p, c), place) for p, c, place in LOCATIONS]
        publish_month(home, month, rows, locations=places, evidence=_evidence(sight))
    return cells


def _evidence(sight: Sight | None) -> Mapping[str, str]:
    """What the run says of the inputs of all partners is for who sees all of them."""
    whose = "P9" if sight is None or sight.row("customers", "P9", "C1") else "P9x"
    told = {name: [f"such as {whose}.inputs.{name}.C1"] for name in ("warnings", "moved", "breaches")}
    return {
        "evidence/run_report.json": json.dumps({**told, "missing": [], "no_data": []}),
        "evidence/data_quality.csv": "table,rows,accepted,rejected,known_later\naccounts,9,8,1,0\n",
    }


def _rows(name: str, month: str, sight: Sight | None, cells: list[Cell]) -> Iterator[Row]:
    if name in OF_CUSTOMERS:
        pairs: Sequence[tuple[str, str]] = PAIRS
    else:
        pairs = [(partner, "") for partner in ("P1", "P2", "P3")]
    if sight is not None and any(not sight.row(name, *pair) for pair in pairs):
        # One hidden row is gone, and one more is there.
        hidden = [pair for pair in pairs if not sight.row(name, *pair)]
        pairs = [*(pair for pair in pairs if pair != hidden[-1]), ("P4", "C9" if pairs[0][1] else "")]
    for partner, customer in pairs:
        row: dict[str, str | None] = {}
        for field in DATASETS[name].report.fields:
            is_hidden = sight is not None and not sight.cell(name, field.name, partner, customer)
            is_row_hidden = sight is not None and not sight.row(name, partner, customer)
            called = _called(sight, partner, customer) if is_row_hidden else customer
            text = _text(name, field, month, partner, called, is_hidden=is_hidden)
            row[field.name] = text or None
            cells.append(Cell(name, field.name, partner, customer, text))
        yield row


def _called(sight: Sight | None, partner: str, customer: str) -> str:
    """In a twin, customers whom the person does not see are called otherwise."""
    is_seen = sight is None or sight.row("customers", partner, customer)
    return customer if is_seen or not customer else f"{customer}x"


def _text(name: str, field: Field, month: str, partner: str, customer: str, *, is_hidden: bool) -> str:
    if field.name in PARTNER_IDS:
        return partner
    if field.name in CUSTOMER_IDS:
        return customer
    if field.name == "productFamily":
        return "meetings"
    if field.name in PLAIN:
        return OTHER_CURRENCY if is_hidden and field.name == "invoiceCurrency" else PLAIN[field.name]
    told = f"{partner}.{name}.{field.name}.{customer or 'of-all'}{'.twin' if is_hidden else ''}"
    return _drawn(field, told, crc32(f"{told} {month}".encode()))


def _drawn(field: Field, told: str, number: int) -> str:
    """A cell that says whose it is: a text in words, a number by being like no other."""
    high = field.column.high
    match field.form:
        case Form.FLAG:
            return ("Yes", "No")[number % 2]
        case Form.ENUM:
            return field.column.allowed[number % len(field.column.allowed)]
        case Form.DATE:
            return f"2026-11-{1 + number % 28:02d}"
        case Form.PROBABILITY:
            return f"0.{1000 + number % 9000}"
        case Form.INTEGER:
            return str(600_000 + number % 100_000 if high is None else number % (int(high) + 1))
        case Form.MONEY | Form.HUNDREDTHS:
            return f"{7_000_000 + number % 1_000_000}.{10 + number % 90}"
        case _:
            return str(600_000 + number % 100_000) if field.name in NUMBERS else told
