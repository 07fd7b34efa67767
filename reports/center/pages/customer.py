"""One customer: what it is, what to sell it and why, what it has, and what to do next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from reports.center import advice
from reports.center.access.audit import write_audit
from reports.center.access.visitor import Visiting, Visitor
from reports.center.advice import ADVICE, PORTAL, SUBSCRIPTION
from reports.center.customers.customer import Customer, Propensity, Reading
from reports.center.customers.listing import ROSTER
from reports.center.customers.look_up import find_customer
from reports.center.customers.source import Label
from reports.center.customers.tags import LONGEST, TagRefused, add_tag, read_labels, remove_tag
from reports.center.database.engine import acting
from reports.center.pages.customers import STATUS_KINDS, VALUES, address_of, source_of
from reports.center.pages.render import render
from reports.center.products import shows_money
from scoring.cells import TOLD_CLUSTERS

router = APIRouter()
NOT_TOLD = frozenset({"Subscription"})
"""Statuses that ask for nothing."""
WIDTH, HEIGHT = 300.0, 56.0
ORDERS_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something to do next: about what, in a sentence, with the material an administrator has linked."""

    about: str
    title: str
    text: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal:
    """Something that is done in the vendor's own portal."""

    title: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The probabilities of a product over the months, as points within `WIDTH` and `HEIGHT`."""

    points: tuple[tuple[float, float], ...]
    highest: float

    @property
    def path(self) -> str:
        """The points as a polyline takes them."""
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in self.points)


@router.get("/customers/{partner}/{customer:path}")
def show(request: Request, visitor: Visiting, partner: str, customer: str) -> Response:
    """Show a customer; one outside the scope is not there."""
    return _page(request, visitor, partner, customer)


@router.post("/tags")
def change_tag(
    request: Request,
    visitor: Visiting,
    partner: Annotated[str, Form()],
    customer: Annotated[str, Form()],
    do: Annotated[str, Form()],
    tag: Annotated[str, Form()] = "",
    subscription: Annotated[str, Form()] = "",
) -> Response:
    """Put a tag on a customer or one of its subscriptions, or take it off."""
    change = {"add": add_tag, "remove": remove_tag}.get(do)
    if change is None:
        raise HTTPException(400, "A tag is added or removed.")
    label = Label(partner=partner, customer=customer, tag=tag, subscription=subscription)
    try:
        change(visitor.center, visitor.person, label)
    except LookupError:
        raise HTTPException(404) from None
    except TagRefused as refusal:
        if not visitor.person.rights.edits_tags:
            raise HTTPException(403, str(refusal)) from refusal
        return _page(request, visitor, partner, customer, refused=str(refusal))
    return RedirectResponse(address_of(partner, customer), 303)


def _page(request: Request, visitor: Visitor, partner: str, customer: str, *, refused: str = "") -> Response:
    found = find_customer(source_of(visitor), partner, customer)
    if found is None:
        raise HTTPException(404)
    labels = read_labels(visitor.center, visitor.person, partner=partner, customer=customer)
    with acting(visitor.center.database, visitor.person) as session:
        links = advice.links(session)
    write_audit(
        visitor.center, visitor.person, "view", dataset=ROSTER.name, rows=1, detail=f"{partner}/{customer}"
    )
    return render(
        request,
        visitor,
        "customer.html",
        status=400 if refused else 200,
        customer=found,
        published_tags=_published_tags(found, labels),
        labels=[label for label in labels if not label.subscription],
        labels_on=_by_subscription(labels),
        may_tag=visitor.person.rights.edits_tags,
        longest_tag=LONGEST,
        refused=refused,
        steps=_steps(found, links),
        portal=_portal(found, links),
        manage=links.get("portal.open-subscription", ""),
        link=advice.link,
        lines={one.product: line(one.history) for one in found.propensities},
        has_money=shows_money(visitor.scope),
        status_kinds=STATUS_KINDS,
        values=VALUES,
        orders_shown=ORDERS_SHOWN,
        size=(WIDTH, HEIGHT),
        month=visitor.center.shelf.latest(),
    )


def line(history: Sequence[Reading]) -> Line:
    """Place the months of a history side by side, the highest probability at the top; gaps are left out."""
    highest = max((one.probability or 0 for one in history), default=0)
    step = WIDTH / max(len(history) - 1, 1)
    points = tuple(
        (place * step, HEIGHT * (1 - (one.probability / highest if highest else 0)))
        for place, one in enumerate(history)
        if one.probability is not None
    )
    return Line(points=points, highest=highest)


def _published_tags(customer: Customer, labels: Sequence[Label]) -> list[str]:
    """Return the tags of the published file: those of the list that were not given here."""
    given = {label.tag for label in labels if not label.subscription}
    return [tag for tag in (customer.facts["Tags"] or "").split("; ") if tag and tag not in given]


def _by_subscription(labels: Sequence[Label]) -> Mapping[str, Sequence[Label]]:
    ids = dict.fromkeys(label.subscription for label in labels if label.subscription)
    return {id: [label for label in labels if label.subscription == id] for id in ids}


def _steps(customer: Customer, links: Mapping[str, str]) -> list[Step]:
    """Return what to do next: for the products to sell now, the cohorts, the statuses and the findings."""
    told = [one for one in customer.propensities if one.cluster in TOLD_CLUSTERS]
    clusters = sorted({one.cluster or "" for one in told}, key=TOLD_CLUSTERS.index)
    abouts = [(cluster, ", ".join(_products(told, cluster))) for cluster in clusters]
    abouts += [(status.name, "") for status in customer.statuses if status.name not in NOT_TOLD]
    abouts += [(one, "") for one in (*customer.findings, *customer.cohorts)]
    return [
        Step(
            about=about,
            title=ADVICE[key].title,
            text=ADVICE[key].text,
            href=links.get(ADVICE[key].action, ""),
        )
        for key, about in dict.fromkeys(abouts)
        if key in ADVICE
    ]


def _products(told: Sequence[Propensity], cluster: str) -> list[str]:
    return [one.product for one in told if one.cluster == cluster]


def _portal(customer: Customer, links: Mapping[str, str]) -> list[Portal]:
    """Return what can be done for the customer in the vendor's portal, as far as links are set."""
    return [
        Portal(title=one.title, href=advice.link(links[one.action], customer=customer.id))
        for one in PORTAL
        if one.action in links and SUBSCRIPTION not in one.placeholders
    ]
