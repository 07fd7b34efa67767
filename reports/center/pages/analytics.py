"""What the analytics pages share: whose figures are shown, and sections filled with figures and rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import HTTPException

from reports.center import advice
from reports.center.access.audit import write_audit
from reports.center.access.visitor import Visitor
from reports.center.advice import ADVICE, Advice
from reports.center.database.engine import acting
from reports.center.pages.charts import FAMILY
from reports.center.pages.figures import Figure, Key, figures
from reports.center.pages.partners import Partner, of_partner, partners, shared_customers
from reports.center.pages.sections import FAMILIES, Section, Told
from reports.center.pages.tables import Asked, Place, Table, read_asked, table
from reports.center.query import Condition, Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """A KPI in plain words, and its figure."""

    told: Told
    figure: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A section of a page with what the visitor sees of it; `link` leads to material, where one is set."""

    section: Section
    kpis: tuple[Kpi, ...]
    table: Table | None
    advice: Advice | None
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Whose figures are shown: of one partner or of all that the visitor sees, in which product family."""

    partners: tuple[Partner, ...]
    partner: str | None
    family: str
    shared: int
    """Customers that count more than once, because they buy from several of the partners shown."""

    @property
    def chosen(self) -> Mapping[str, str]:
        """The choice as it stands in addresses."""
        return {"family": self.family, **({"partner": self.partner} if self.partner else {})}


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """The latest month as a visitor has chosen to see it, and how one of the tables is asked for."""

    visitor: Visitor
    month: str
    choice: Choice
    figures: Mapping[Key, Figure]
    links: Mapping[str, str]
    path: str
    table: str
    asked: Asked

    def kpis(self, told: tuple[Told, ...], family: str = "") -> tuple[Kpi, ...]:
        """Return those of the KPIs that are published."""
        keyed = ((one, self.figures.get(one.key(family))) for one in told)
        return tuple(Kpi(told=one, figure=figure) for one, figure in keyed if figure is not None)

    def show(self, section: Section) -> Shown:
        """Fill a section with figures and rows."""
        where = of_partner(self.choice.partner)
        dataset = self.visitor.scope.dataset(section.table.dataset)
        if dataset is not None and FAMILY in dataset.report.header:
            where += (Condition(column=FAMILY, operator=Operator.EQUAL, values=(self.choice.family,)),)
        asked = self.asked if section.key == self.table else Asked()
        place = Place(path=self.path, chosen=self.choice.chosen)
        found = ADVICE.get(section.finding)
        return Shown(
            section=section,
            kpis=self.kpis(section.kpis, self.choice.family if section.is_of_family else ""),
            table=table(self.visitor, section.table, asked, place, where),
            advice=found,
            link="" if found is None else self.links.get(found.action, ""),
        )


def analyse(
    visitor: Visitor, path: str, *, partner: str, family: str, table: str, sort: str, page: int
) -> Analysis | None:
    """Return the latest month as it is asked for in an address; None before the first month.

    Raises:
        HTTPException: 404, the visitor sees no rows, no such partner, or there is no such family.
    """
    if not visitor.scope.datasets or family not in FAMILIES:
        raise HTTPException(404)
    month = visitor.center.shelf.latest()
    if month is None:
        return None
    there = partners(visitor)
    if partner and partner not in {one.id for one in there}:
        raise HTTPException(404)
    chosen = partner or None
    with acting(visitor.center.database, visitor.person) as session:
        links = dict(advice.links(session))
    return Analysis(
        visitor=visitor,
        month=month.name,
        choice=Choice(
            partners=there,
            partner=chosen,
            family=family,
            shared=0 if chosen or len(there) < 2 else shared_customers(visitor),
        ),
        figures=figures(visitor, partner=chosen),
        links=links,
        path=path,
        table=table,
        asked=read_asked(sort, page),
    )


def write_view(analysis: Analysis, sections: tuple[Shown, ...]) -> None:
    """Write down which rows of which customers somebody has looked at."""
    tables = [(shown.section.table.dataset, shown.table) for shown in sections if shown.table is not None]
    write_audit(
        analysis.visitor.center,
        analysis.visitor.person,
        "view",
        dataset=", ".join(dataset for dataset, _ in tables),
        rows=sum(len(table.rows) for _, table in tables),
        detail=f"{analysis.path}?{urlencode(analysis.choice.chosen)}",
    )
