"""A small centre whose clock a test turns: two months of one propensity dataset, three people."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Never

from reports.center.center import Center, Policy
from reports.center.database.engine import open_database
from reports.center.delivery.grammar import parse
from reports.center.delivery.links import KEY_NAME
from reports.center.delivery.makings import Making
from reports.center.delivery.plan import ReportPlan
from reports.center.delivery.queries import create_query
from reports.center.delivery.reports import list_makings
from reports.center.formats import FORMATS, Format
from reports.center.people import Person, Role
from reports.center.select import select
from tests.reports.center.published import center_over, publish_month
from tests.reports.center.signed import add_person

MORNING = datetime(2026, 10, 28, 9, 30, tzinfo=UTC)
SEPTEMBER = """
    GlobalID | CustomerID | AccountName | Country | AzureCluster | AzureExpectedRevenue
    P1       | C1         | Tailspin    | Spain   | Act Now      | 12.50
"""
OCTOBER = """
    GlobalID | CustomerID | AccountName | Country | AzureCluster | AzureExpectedRevenue
    P1       | C1         | Tailspin    | Spain   | Act Now      | 1200.00
    P1       | C3         | Fabrikam, ä | Italy   | Nurture      | 9.00
    P2       | C2         | Contoso     | Spain   | Act Now      | 77.00
"""
TEXT = "SELECT AccountName, Country FROM CLASAzurePropensity WHERE Country = 'Spain'"


@dataclass(slots=True)
class Clock:
    """Says what it is told."""

    at: datetime = field(default=MORNING)

    def __call__(self) -> datetime:
        return self.at

    def turn(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass(frozen=True, slots=True)
class Small:
    """The centre, its clock, and who uses it: sellers of P1 and P2, a viewer of P1."""

    center: Center
    clock: Clock
    ada: Person
    bea: Person
    viewer: Person

    def restarted(self, url: str) -> Center:
        """The same centre in another process: another engine over the same database."""
        return replace(self.center, database=open_database(url))

    def query(self, text: str = TEXT, *, of: Person | None = None) -> str:
        return create_query(self.center, of or self.ada, parse(text), name="Spain").id

    def plan(self, **changes: object) -> ReportPlan:
        plan = ReportPlan(
            name="Spain",
            query_id=self.query(),
            start_at=self.clock.at + timedelta(hours=4),
            interval_hours=24,
        )
        return replace(plan, **changes)  # type: ignore[arg-type]  # the test says which


def publish_both(home: Path) -> Path:
    publish_month(home, "2026-09", {"CLASAzurePropensity": SEPTEMBER})
    publish_month(home, "2026-10", {"CLASAzurePropensity": OCTOBER})
    return home


def small_center(home: Path, own: Path, url: str, policy: Policy | None = None) -> Small:
    """Open a centre over the two months in a home; its files go into a folder of its own."""
    clock = Clock()
    center = center_over(home, open_database(url), now=clock, policy=policy)
    center = replace(center, files=own / "files")
    return Small(
        center=center,
        clock=clock,
        ada=add_person(center, "ada", Role.SALES_AGENT, partners=("P1",)),
        bea=add_person(center, "bea", Role.SALES_AGENT, partners=("P2",)),
        viewer=add_person(center, "vic", Role.REPORT_VIEWER, partners=("P1",)),
    )


def bytes_of(center: Center, person: Person, text: str, format: Format = Format.CSV) -> bytes:
    """What a query gives a person now."""
    selection = select(center.shelf, center.scope(person), parse(text), today=center.today)
    return b"".join(FORMATS[format].write(selection))


def makings(small: Small, report_id: str, of: Person | None = None) -> tuple[Making, ...]:
    return list_makings(small.center, of or small.ada, report_id)


def files(center: Center) -> list[Path]:
    return sorted(path for path in center.files.glob("*") if path.name != KEY_NAME)


class Killed(BaseException):
    """Ends a process as a signal does."""


def kill(*anything: object) -> Never:  # noqa: ARG001 stands for whatever a process is at
    raise Killed
