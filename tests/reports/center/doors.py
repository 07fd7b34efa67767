"""Ways into a walled world: who is there, signed in and with a token, and what an answer shows."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from hypothesis import Phase, settings

from reports.center.app import create_app
from reports.center.center import Center
from reports.center.database.engine import acting_for_all, open_database
from reports.center.database.tables import Tag
from reports.center.delivery.grammar import parse
from reports.center.delivery.plan import ReportPlan
from reports.center.delivery.queries import create_query
from reports.center.delivery.reports import create_report, list_makings
from reports.center.delivery.run import run_due
from reports.center.people import Person, Role
from reports.field import Form
from tests.reports.center.published import DATASETS, PUBLISHED_AT, center_over
from tests.reports.center.signed import QUICK, add_person, browser, program
from tests.reports.center.walled import PAIRS, REACHES, Cell, Sight, publish_world

MARK = re.compile(r"\b(P\d)\.(\w+)\.(\w+)\.(of-all|C\d)(x?)(\.twin)?")
NUMBER = re.compile(r"(?<![\w#-])\d[\d,.]*\d(?![\w-])")
CHANGING = re.compile(
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{64}"
    r"|(?<=csrf=\")[^\"]+|(?<=name=\"csrf\" value=\")[^\"]*"
)
"""Ids, links and the tokens of forms, which are drawn anew in every world."""
OWNERS = ("P1", "P2", "P3")
"""Partners of which somebody has a report that nobody else may see."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What somebody keeps: the ids of a query, of a report of it, and of its making."""

    query: str
    report: str
    making: str


@dataclass(frozen=True)
class House:
    """A centre over the world or a twin of it, with everybody in it."""

    center: Center
    cells: Sequence[Cell]
    people: Mapping[str, Person]
    kept: Mapping[str, Kept]
    _signed: dict[str, TestClient] = field(default_factory=dict)

    @cached_property
    def app(self) -> FastAPI:
        return create_app(self.center)

    def browser(self, sight: Sight) -> TestClient:
        """A browser of somebody."""
        return self._client("browser", sight)

    def program(self, sight: Sight) -> TestClient:
        """A program of somebody."""
        return self._client("program", sight)

    def person(self, sight: Sight) -> Person:
        return self.people[subject(sight)]

    def _client(self, kind: str, sight: Sight) -> TestClient:
        key = f"{kind} of {subject(sight)}"
        if key not in self._signed:
            into = browser if kind == "browser" else program
            self._signed[key] = into(self.center, self.person(sight), app=self.app)
        return self._signed[key]


def subject(sight: Sight) -> str:
    """What somebody who sees so much signs in as."""
    reach = next(name for name, reach in REACHES.items() if reach == sight.reach)
    return f"{sight.role.value.replace(' ', '.')}.{reach}"


def build(home: Path, url: str, sight: Sight | None = None) -> House:
    """Build the world, or the twin of it for somebody, with people, tags, reports and an audit."""
    cells = publish_world(home, sight)
    center = center_over(home, open_database(url), policy=QUICK, now=lambda: PUBLISHED_AT)
    people = {
        subject(one): add_person(
            center,
            subject(one),
            one.role,
            partners=tuple(one.reach.partners),
            locations=tuple(one.reach.locations),
            everything=one.reach.everything,
        )
        for one in (Sight(role, reach) for role in Role for reach in REACHES.values())
    }
    _tag(center, sight)
    kept = {partner: _keep(center, partner, sight) for partner in OWNERS}
    return House(center=center, cells=cells, people=people, kept=kept)


def _tag(center: Center, sight: Sight | None) -> None:
    """Put a tag on each customer and one of its subscriptions."""
    with acting_for_all(center.database) as session:
        for partner, customer in PAIRS:
            is_seen = sight is None or sight.row("customers", partner, customer)
            told = {
                "partner_id": partner,
                "customer_id": customer if is_seen else f"{customer}x",
                "created_by": "somebody",
                "created_at": center.now(),
            }
            end = "" if is_seen else ".twin"
            session.add(Tag(**told, tag=f"{partner}.customers.given.{customer}{end}"))
            session.add(Tag(**told, tag=f"{partner}.customers.on.{customer}{end}", subscription_id="S1"))


def _keep(center: Center, partner: str, sight: Sight | None) -> Kept:
    """Let somebody of a partner keep a query, make a report and leave a trace in the audit."""
    owner = add_person(center, f"owner.{partner}", Role.SALES_AGENT, partners=(partner,))
    end = "" if sight is None else ".twin"
    query = create_query(
        center,
        owner,
        parse("SELECT AccountName, AzureExpectedRevenue FROM CLASAzurePropensity"),
        name=f"{partner}.kept.query.of-all{end}",
        description=f"{partner}.kept.description.of-all{end}",
    )
    plan = ReportPlan(name=f"{partner}.kept.report.of-all{end}", query_id=query.id, execute_now=True)
    report = create_report(center, owner, plan)
    run_due(center)
    (making,) = list_makings(center, owner, report.id)
    return Kept(query=query.id, report=report.id, making=making.id)


def told(answer: Response) -> tuple[object, ...]:
    """Return what an answer tells, without what is drawn anew each time."""
    names = ("content-type", "content-disposition", "location", "www-authenticate")
    content: object = answer.content
    with suppress(UnicodeDecodeError):
        content = CHANGING.sub("-", answer.content.decode())
    return answer.status_code, content, *(CHANGING.sub("-", answer.headers.get(name, "")) for name in names)


def marks(text: str) -> set[tuple[str, str, str, str]]:
    """Return whose cells a text shows: partner, dataset, column and customer; none is of a twin."""
    found = MARK.findall(text)
    assert not [one for one in found if one[4] or one[5]], "the twin is another house"
    return {(partner, dataset, column, customer) for partner, dataset, column, customer, _, _ in found}


def numbers(text: str) -> set[str]:
    """Return the whole parts of the numbers in a text, however a page groups their digits."""
    plain = CHANGING.sub("-", text).replace("\u202f", "").replace("\xa0", "")
    return {
        re.sub(r"[.,]\d{1,2}$", "", one).replace(",", "").replace(".", "") for one in NUMBER.findall(plain)
    }


# What is drawn is as small as it can be: there is nothing to shrink.
drawn = settings(deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])
often, some = settings(drawn, max_examples=40), settings(drawn, max_examples=15)


@dataclass(repr=False)
class Street:
    """The world and its twins, each built when somebody first asks for it."""

    place: Path
    database: Path
    houses: dict[str, House] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Say little: Hypothesis tells of its examples with all that they were given."""
        return "the street"

    @property
    def world(self) -> House:
        return self._house("world", None)

    def twin(self, sight: Sight) -> House:
        return self._house(sight.alike, sight)

    def _house(self, key: str, sight: Sight | None) -> House:
        if key not in self.houses:
            home = self.place / str(len(self.houses))
            home.mkdir()
            (home / "center.db").write_bytes(self.database.read_bytes())
            self.houses[key] = build(home, f"sqlite:///{home}/center.db", sight)
        return self.houses[key]


def check(street: Street, sight: Sight, text: str, *, named: str = "") -> None:
    """No mark and no number in a text is of a hidden cell; `named` is what the person asked for."""
    for partner, dataset, column, customer in marks(text):
        is_own = sight.cell(dataset, column, partner, customer)
        assert is_own or f"{partner}.{dataset}.{column}.{customer}" in named
    shown, hidden = set[str](), set[str]()
    for cell in street.world.cells:
        if cell.text and DATASETS[cell.dataset].report.field(cell.column).form in (Form.INTEGER, Form.MONEY):
            whole = cell.text.partition(".")[0]
            is_long = len(whole) >= 6
            (shown if sight.cell(cell.dataset, cell.column, cell.partner, cell.customer) else hidden).update(
                {whole, str(int(whole) + 1)} if is_long else ()
            )
    assert not numbers(text) & (hidden - shown)
