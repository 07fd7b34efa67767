"""The evidence beside a published month: run report, data quality, and a card for each model."""

import csv
import shutil
from collections.abc import Mapping, Sequence

from features.sources.read import Accepted
from models.model import State
from pipelines.expectations import Expected
from pipelines.job import Job
from pipelines.journal import Journal
from pipelines.publishing import Staged
from pipelines.releases import DECISION_TAG, PREFIX, Told, told
from pipelines.run_report import FileLine, ProductLine, RunReport, TableLine, write_run_report
from pipelines.training import Models
from reports.compare import Move
from reports.manifest import EVIDENCE
from reports.write import Written
from scoring.cells import CLUSTERS

TOLD_MOVES = 12
SHOWN = ("auc", "lift_at_10", "brier", "log_loss", "ece", "expected_over_observed", "calibration_slope")


def report_of(
    job: Job,
    inputs: Accepted,
    models: Models,
    expected: Expected | None,
    staged: Staged | None,
    moved: Sequence[Move],
    journal: Journal,
) -> RunReport:
    """Say what a run did; without scores and reports it is the report of a training."""
    clusters = {} if expected is None else expected.customers
    return RunReport(
        month=job.month,
        as_of=job.as_of,
        ended="trained" if staged is None else "published",
        stages=tuple(journal.stages),
        warnings=tuple(journal.warnings),
        tables=tuple(
            TableLine(
                name=table.name,
                rows=table.rows,
                accepted=table.accepted,
                rejected=table.rejected,
                later=table.later,
                digest=table.digest,
            )
            for table in inputs.tables
        ),
        breaches=tuple(breach.sentence() for breach in inputs.breaches),
        missing=inputs.missing,
        products=tuple(_product_lines(job, models, clusters)),
        moved=tuple(_moves(moved)),
        files=() if staged is None else tuple(_files(staged.reports)),
        licenses=() if staged is None or staged.licenses is None else tuple(_files(staged.licenses.reports)),
        no_data=() if staged is None or staged.licenses is None else staged.licenses.no_data,
    )


def write_evidence(report: RunReport, models: Models, staged: Staged) -> None:
    """Write the evidence of a month into its staged folder."""
    folder = staged.folder / EVIDENCE
    shutil.rmtree(folder, ignore_errors=True)
    write_run_report(report, folder)
    with (folder / "data_quality.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("table", "rows", "accepted", "rejected", "known_later"))
        for table in report.tables:
            writer.writerow((table.name, table.rows, table.accepted, table.rejected, table.later))
    cards = folder / "model_cards"
    cards.mkdir()
    for line in report.products:
        version = models.versions.get(PREFIX + line.prefix)
        (cards / f"{line.prefix}.md").write_text(_card(line, version.number if version else "none"), "utf-8")


def _product_lines(
    job: Job, models: Models, clusters: Mapping[tuple[str, str], int]
) -> Sequence[ProductLine]:
    lines = []
    for product in job.catalogue.products:
        version = models.versions.get(PREFIX + product.prefix)
        model = models.products.get(product.prefix)
        figures = Told() if version is None else told(version)
        lines.append(
            ProductLine(
                prefix=product.prefix,
                name=product.name,
                state=State.TOO_LITTLE if model is None else model.state,
                purchases=figures.purchases,
                trained_through="" if model is None else model.trained_through.isoformat(),
                decision="" if version is None else version.tags.get(DECISION_TAG, ""),
                measures={name: figures.measures[name] for name in SHOWN if name in figures.measures},
                clusters={name: clusters.get((product.prefix, name), 0) for name in CLUSTERS},
                unscored={
                    state.value: clusters.get((product.prefix, state.value), 0)
                    for state in (State.TOO_LITTLE, State.OUT_OF_SCOPE)
                },
            )
        )
    return lines


def _files(reports: Sequence[Written]) -> Sequence[FileLine]:
    return [
        FileLine(
            name=report.path.name, rows=report.rows, sha256=report.sha256, predicates=dict(report.holds_for)
        )
        for report in reports
    ]


def _moves(moved: Sequence[Move]) -> Sequence[str]:
    """Tell the moves that came closest to their tolerance."""
    ranked = sorted(moved, key=lambda move: (-abs(move.after - move.before) / (move.allowed or 1), move.what))
    return [
        f"{move.report.removeprefix('CLAS').removesuffix('Propensity')}: {move.what} {move.before:,.3g} to"
        f" {move.after:,.3g}"
        for move in ranked[:TOLD_MOVES]
        if move.after != move.before
    ]


def _card(line: ProductLine, version: str) -> str:
    """Write a model card: what it is for, what it learned from, how good it was out of time."""
    rows = "\n".join(
        f"| {name} | {value:.4f} | {low:.4f} to {high:.4f} |"
        for name, (value, low, high) in line.measures.items()
    )
    judged = (
        f"| measure | value | interval |\n|---|---|---|\n{rows}" if rows else "Too few outcomes to judge."
    )
    return (
        f"# {line.name}\n\n"
        f"Says who will buy {line.name} within 90 days. It ranks and explains;"
        " it is not for prices or credit.\n\n"
        f"- State: {line.state}\n- Registered version: {version}\n- Trained through: {line.trained_through}\n"
        f"- Customers that bought in training: {line.purchases:,}\n- Why this one: {line.decision}\n\n"
        f"On the newest closed date, trained on dates closed before it:\n\n{judged}\n"
    )
