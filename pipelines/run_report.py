"""The run report: what a run read, trained, scored and published, for machines and for people."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path

from jinja2 import Environment, PackageLoader, select_autoescape

from pipelines.journal import Stage
from reports.publish import Published


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductLine:
    """What the run says of a product: how it was scored, by which model, how good, and how many are where."""

    prefix: str
    name: str
    state: str
    purchases: int
    trained_through: str
    decision: str
    measures: Mapping[str, tuple[float, float, float]]
    clusters: Mapping[str, int]
    unscored: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLine:
    """What the run says of an input table."""

    name: str
    rows: int
    accepted: int
    rejected: int
    later: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """A published file; `predicates` counts the rows for which a cohort or Has column says Yes."""

    name: str
    rows: int
    sha256: str
    predicates: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """One run. `ended` is published, unchanged, trained, scored, refused or failed."""

    month: str
    as_of: date
    ended: str
    message: str = ""
    stages: tuple[Stage, ...] = ()
    warnings: tuple[str, ...] = ()
    tables: tuple[TableLine, ...] = ()
    breaches: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    products: tuple[ProductLine, ...] = ()
    moved: tuple[str, ...] = ()
    files: tuple[FileLine, ...] = ()
    licenses: tuple[FileLine, ...] = ()
    no_data: tuple[str, ...] = ()
    """Licence files and KPIs without data, each with the tables it lacks."""
    place: str = ""

    def ended_as(self, published: Published) -> "RunReport":
        """Return the report of the run that published this, or found it published already."""
        return replace(
            self, ended="published" if published.is_new else "unchanged", place=str(published.folder)
        )


def write_run_report(report: RunReport, folder: Path) -> Path:
    """Write run_report.json and run_report.html into the folder; return the path of the page."""
    folder.mkdir(parents=True, exist_ok=True)
    told = json.dumps(asdict(report), indent=2, sort_keys=True, default=str, ensure_ascii=False)
    (folder / "run_report.json").write_text(told + "\n", "utf-8")
    pages = Environment(loader=PackageLoader("pipelines", "pages"), autoescape=select_autoescape())
    page = folder / "run_report.html"
    page.write_text(pages.get_template("run_report.html.j2").render(report=report), "utf-8")
    return page
