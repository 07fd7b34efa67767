"""What a person sees at the end of a command: a summary that fits a screen."""

import math
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from features.sources.read import Accepted, describe
from features.sources.web.collect import Report
from pipelines.backtesting.backtest import Backtest
from pipelines.run_report import ProductLine, RunReport
from scoring.cells import CLUSTERS

REASONS_TOLD = 6
COLOURS = {"Act Now": "bold green", "Evaluate": "green", "Nurture": "yellow", "Educate": "dim"}


def tell_inputs(out: Console, accepted: Accepted) -> None:
    """Tell what was read, and every breach."""
    for told in describe(accepted):
        out.print(told, markup=False, highlight=False)


def tell_models(out: Console, report: RunReport) -> None:
    """Tell what was trained, product by product."""
    table = Table(title=f"Models of {report.month}", title_justify="left")
    for name in ("Product", "State", "Purchases", "Trained through", "AUC", "Why this one"):
        table.add_column(name, justify="right" if name == "Purchases" else "left")
    for line in report.products:
        table.add_row(
            line.prefix, line.state, f"{line.purchases:,}", line.trained_through, _auc(line), line.decision
        )
    out.print(table)


def tell_month(out: Console, report: RunReport) -> None:
    """Tell a month: customers per cluster and product, what moved, where the files are."""
    table = Table(
        title=f"Ascent {report.month}, as of {report.as_of}: {report.ended}",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    table.add_column("Product", no_wrap=True)
    for cluster in CLUSTERS:
        table.add_column(cluster, justify="right", style=COLOURS[cluster], no_wrap=True)
    table.add_column("Unscored", justify="right", style="dim", no_wrap=True)
    table.add_column("AUC out of time", no_wrap=True)
    for line in report.products:
        counts = [f"{line.clusters.get(cluster, 0):,}" for cluster in CLUSTERS]
        table.add_row(line.prefix, *counts, f"{sum(line.unscored.values()):,}", _auc(line))
    out.print(table)
    for told in report.warnings:
        out.print(f"[yellow]warning:[/yellow] {told}", highlight=False)
    if report.moved:
        out.print("[bold]What moved most since last month[/bold]")
        for told in report.moved[:6]:
            out.print(f"  {told}", markup=False, highlight=False, soft_wrap=True)
    rows = sum(file.rows for file in report.files)
    out.print(f"[bold]{len(report.files)} reports, {rows:,} rows:[/bold] {report.place}", highlight=False)
    for file in report.files:
        out.print(f"  propensity/{file.name}  [dim]{file.rows:,} rows[/dim]", highlight=False)
    _tell_licenses(out, report)
    out.print("  evidence/run_report.html  [dim]what was read, trained, scored and published[/dim]")


def _tell_licenses(out: Console, report: RunReport) -> None:
    rows = sum(file.rows for file in report.licenses)
    if report.licenses:
        out.print(f"  licenses/  [dim]{len(report.licenses)} files, {rows:,} rows[/dim]", highlight=False)
    if report.no_data:
        told = f"{len(report.no_data)} licence files and KPIs have no data"
        out.print(f"  [yellow]{told}[/yellow]: see the run report", highlight=False)


def tell_collection(out: Console, report: Report, to: Path) -> None:
    """Tell a collection: domains by outcome, why some gave nothing, what was found, where the files are."""
    table = Table(
        title=f"Collected on {report.day}, share {report.share}", title_justify="left", box=box.SIMPLE_HEAD
    )
    for name in ("Outcome", "Domains", "Meaning"):
        table.add_column(name, justify="right" if name == "Domains" else "left", no_wrap=name != "Meaning")
    for outcome, count in report.tally.hosts.items():
        table.add_row(str(outcome), f"{count:,}", outcome.told)
    if report.left:
        table.add_row("not done", f"{report.left:,}", "interrupted; the same command goes on")
    out.print(table)
    for outcome_told, reason, count in report.reasons[:REASONS_TOLD]:
        out.print(f"  {outcome_told}: {reason}  [dim]{count:,}[/dim]", highlight=False)
    listed = f"{report.lines:,} lines, {report.refused:,} refused, {report.repeated:,} repeated"
    out.print(f"[bold]{report.domains:,} domains[/bold] ({listed})", highlight=False)
    read = f"{report.tally.pages:,} pages, {report.tally.bytes / 1e6:,.1f} MB"
    found = (
        f"{report.signals:,} signals, {report.new_signals:,} of today; {report.technologies:,} technologies"
    )
    out.print(f"{read}; {found}: {to}", highlight=False, soft_wrap=True)
    out.print(
        "  collection/report.json, refused.csv  [dim]the same, and the refused lines[/dim]", highlight=False
    )


def tell_backtest(out: Console, found: Backtest, to: Path) -> None:
    """Tell what the scores were worth: each criterion, its figure, and whether it holds."""
    table = Table(title="What the scores were worth, all dates together", title_justify="left")
    for name in ("Criterion", "Product", "Figure", "Interval", "Holds"):
        table.add_column(name)
    for verdict in found.verdicts:
        figure = verdict.figure
        table.add_row(
            verdict.criterion,
            verdict.product,
            f"{figure.value:.3f}",
            "" if math.isnan(figure.low) else f"{figure.low:.3f} to {figure.high:.3f}",
            "[green]yes[/green]" if verdict.holds else "[red]no[/red]",
        )
    out.print(table)
    out.print(f"backtest.csv, backtest_clusters.csv and a picture are in {to}.", highlight=False)


def _auc(line: ProductLine) -> str:
    if "auc" not in line.measures:
        return line.state if line.state.startswith("Not") else "not judged"
    return "{:.2f} ({:.2f}-{:.2f})".format(*line.measures["auc"])
