"""Home: this month at a glance, what moved since the last one, and what needs attention."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from reports.center import advice
from reports.center.access.audit import write_audit
from reports.center.access.visitor import Visiting, Visitor
from reports.center.advice import ADVICE, Advice
from reports.center.database.engine import acting
from reports.center.datasets import MONTH
from reports.center.pages.render import render
from reports.center.pages.sections import FAMILIES
from reports.center.products import Scored, scored_products
from reports.center.query import Query
from reports.center.select import Selection, select
from reports.center.shelf import Month
from reports.center.summarize import summarize
from scoring.cells import CLUSTERS

router = APIRouter()
FIRST, *_ = CLUSTERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many customers are in a cluster, and where they are listed."""

    cluster: str
    customers: int
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """A product this month; money in US dollars, None where it is not shown, moves without a last month."""

    product: str
    counts: tuple[Count, ...]
    expected_first: float | None
    expected: float | None
    entered: int | None
    left: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """How many rows of a finding are of a product family that has a page of its own."""

    label: str
    rows: int
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something in the licence files that wants attention: how often, where it is listed, what to do."""

    advice: Advice
    rows: int
    customers: int
    href: str
    parts: tuple[Part, ...]


ATTENTION = {
    "expiring_subscriptions": "expiring",
    "renewing_subscriptions": "renewing",
    "overage_subscriptions": "overage",
    "low_assignment_subscriptions": "low",
}
"""Datasets whose rows want attention, with their section of the page about a product family."""
FAMILY = "productFamily"


@router.get("/")
def home(request: Request, visitor: Visiting) -> Response:
    """Show the month at a glance; before the first one, what to do."""
    months = visitor.center.shelf.months()[-2:]
    if not months or not visitor.scope.datasets:
        return render(request, visitor, "nothing_yet.html", has_month=bool(months))
    with acting(visitor.center.database, visitor.person) as session:
        links = advice.links(session)
    write_audit(visitor.center, visitor.person, "view", detail=f"home of {months[-1].name}")
    glances = [_glance(visitor, product, months) for product in scored_products(visitor.scope)]
    return render(
        request,
        visitor,
        "home.html",
        month=months[-1],
        before=months[0] if len(months) > 1 else None,
        glances=glances,
        has_money=any(one.expected is not None for one in glances),
        findings=_findings(visitor),
        cluster_advice=[(one, links.get(one.action, "")) for one in advice.CLUSTERS],
        links=links,
    )


def _glance(visitor: Visitor, product: Scored, months: tuple[Month, ...]) -> Glance:
    """Count a product's customers by cluster, and who came to the first cluster and left it."""
    dataset, scope = product.dataset, visitor.scope
    money = scope.field(dataset, product.expected)
    columns = (dataset.partner, dataset.customer or "", product.cluster, *([money.name] if money else ()))
    rows = select(
        visitor.center.shelf,
        scope,
        Query(dataset=dataset.name, columns=columns),
        today=visitor.center.today,
        between=(months[0].as_of, months[-1].as_of + timedelta(days=1)),
    )
    worth = f'sum(CAST("{money.name}" AS DOUBLE))' if money else "NULL"
    counted = summarize(
        {"listed": rows},
        f"""SELECT "{product.cluster}" AS cluster, count(*) AS customers, {worth} AS worth
            FROM listed WHERE "{MONTH}" = '{months[-1].name}' GROUP BY cluster""",
    )
    in_cluster = {row["cluster"]: row["customers"] for row in counted}
    worth_of = {row["cluster"]: row["worth"] or 0 for row in counted}
    entered, left = _moved(product, rows, months) if len(months) > 1 else (None, None)
    return Glance(
        product=product.name,
        counts=tuple(
            Count(cluster=cluster, customers=in_cluster.get(cluster, 0), href=_listed(product, cluster))
            for cluster in CLUSTERS
        ),
        expected_first=worth_of.get(FIRST, 0) if money else None,
        expected=sum(worth_of.get(cluster, 0) for cluster in CLUSTERS) if money else None,
        entered=entered,
        left=left,
    )


def _moved(product: Scored, rows: Selection, months: tuple[Month, ...]) -> tuple[int, int]:
    """Count who came to the first cluster since the month before, and who left it."""
    before, now = (f"bool_or(\"{MONTH}\" = '{month.name}')" for month in months)
    found = summarize(
        {"listed": rows},
        f"""SELECT count(*) FILTER (NOT before) AS entered, count(*) FILTER (NOT now) AS left_it FROM (
            SELECT {before} AS before, {now} AS now FROM listed WHERE "{product.cluster}" = '{FIRST}'
            GROUP BY "{product.dataset.partner}", "{product.dataset.customer}")""",
    )[0]
    return found["entered"], found["left_it"]


def _listed(product: Scored, cluster: str) -> str:
    return "/customers?" + urlencode({"product": product.prefix, "cluster": cluster})


def _findings(visitor: Visitor) -> list[Finding]:
    """Count what wants attention in the licence files that the visitor has."""
    counted = (_finding(visitor, name, section) for name, section in ATTENTION.items())
    return [one for one in counted if one is not None]


def _finding(visitor: Visitor, name: str, section: str) -> Finding | None:
    """Count the rows of a dataset that wants attention; None where there are none."""
    dataset = visitor.scope.dataset(name)
    if dataset is None or dataset.customer is None:
        return None
    query = Query(dataset=name, columns=(dataset.partner, dataset.customer, FAMILY))
    rows = select(visitor.center.shelf, visitor.scope, query, today=visitor.center.today)
    key = f'("{dataset.partner}", "{dataset.customer}")'
    families = summarize(
        {"listed": rows}, f"SELECT {FAMILY} AS family, count(*) AS rows FROM listed GROUP BY ALL"
    )
    customers = summarize({"listed": rows}, f"SELECT count(DISTINCT {key}) AS customers FROM listed")
    of_family = {row["family"]: row["rows"] for row in families}
    if not of_family:
        return None
    return Finding(
        advice=ADVICE[name],
        rows=sum(of_family.values()),
        customers=customers[0]["customers"],
        href=f"/downloads/new?dataset={name}#step-preview",
        parts=tuple(
            Part(label=label, rows=of_family[family], href=f"/subscriptions?family={family}#{section}")
            for family, label in FAMILIES.items()
            if family in of_family
        ),
    )
