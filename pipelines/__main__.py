"""The command line: `ascent`, also `python -m pipelines`."""

import os
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from features.errors import AscentError, CallRefused
from pipelines.catalogue import read_catalogue
from pipelines.journal import Journal
from pipelines.options import DEFAULT_HOME, Accept, CatalogueFile, Cluster, Given, Home, Month, Sites, spread
from pipelines.serving import serve, users
from pipelines.settings import read_settings

app = typer.Typer(
    help="Propensity scores for companies that sell cloud products to small and medium businesses.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
out = Console()
err = Console(stderr=True)

FAR = "2100-01"
"""A month by which all that is in the inputs was known."""


@app.command()
def sample(
    folder: Annotated[Path, typer.Argument(help="Where to write the world.", show_default=False)],
    accounts: Annotated[int, typer.Option(min=1, help="Customers.")] = 20_000,
    months: Annotated[int, typer.Option(min=1, help="Months of history.")] = 36,
    seed: Annotated[int, typer.Option(help="Same seed, same world.")] = 7,
    through: Annotated[str, typer.Option(help="The last month of the world.")] = "2026-10",
) -> None:
    """Write a sample world that follows the input contract."""
    from features import periods
    from features.sources.sample.write import write

    write(
        folder,
        accounts=accounts,
        months=months,
        seed=seed,
        through=periods.as_of(through),
        progress=Journal(err).progress,
    )
    out.print(f"A world of {accounts:,} customers and {months} months is in {folder}.")


@app.command()
@spread
def validate(
    given: Given,
    month: Annotated[
        str | None, typer.Option(help="Judge what was known by this month; default: all.")
    ] = None,
) -> None:
    """Check the inputs and print every breach; exit 3 if a run would refuse them."""
    from pipelines.inputs import read_inputs
    from pipelines.running import running
    from pipelines.tell import tell_inputs

    job = given.job(month or FAR)
    journal = Journal(err)
    with running(job, journal):
        tell_inputs(out, read_inputs(job, journal))


@app.command()
@spread
def monthly(
    month: Month,
    given: Given,
    catalogue: CatalogueFile = None,
    accept: Accept = None,
    cluster: Cluster = None,
) -> None:
    """Make a month: validate, features, train what is due, score, publish."""
    from pipelines.monthly import make_month
    from pipelines.tell import tell_month

    job = given.job(month, catalogue=catalogue, accept=accept, cluster=cluster)
    tell_month(out, make_month(job, Journal(err)))


@app.command()
@spread
def train(month: Month, given: Given, catalogue: CatalogueFile = None) -> None:
    """Train what is due for a month and register it; nothing is published."""
    from pipelines.monthly import train_month
    from pipelines.tell import tell_models

    job = given.job(month, catalogue=catalogue)
    tell_models(out, train_month(job, Journal(err)))


@app.command()
@spread
def score(month: Month, given: Given, catalogue: CatalogueFile = None, cluster: Cluster = None) -> None:
    """Score a month with the champions; writes HOME/work/MONTH/scores.parquet and publishes nothing."""
    from pipelines.monthly import score_month

    job = given.job(month, catalogue=catalogue, cluster=cluster)
    out.print(f"The scores are in {score_month(job, Journal(err))}.")


@app.command()
@spread
def report(
    month: Month,
    given: Given,
    catalogue: CatalogueFile = None,
    accept: Accept = None,
    cluster: Cluster = None,
) -> None:
    """Publish a month scored with the champions as they are; nothing is trained."""
    from pipelines.monthly import make_month
    from pipelines.tell import tell_month

    job = given.job(month, catalogue=catalogue, accept=accept, cluster=cluster)
    tell_month(out, make_month(job, Journal(err), train=False))


@app.command()
@spread
def kpis(
    as_of: Annotated[str, typer.Option(help="The date the figures stand on.", show_default=False)],
    given: Given,
    to: Annotated[
        Path | None, typer.Option(help="Where to write them; default: HOME/kpis/DATE.", show_default=False)
    ] = None,
) -> None:
    """Write the licence KPIs and reports as of a date; nothing is published."""
    from pipelines.licensing import make_kpis

    dates = _dates(as_of)
    if len(dates) != 1:
        raise CallRefused(f"One date was expected, got {len(dates)}: {as_of}. Call once for each.")
    (day,) = dates
    job = given.job(FAR)
    folder = to or given.home / "kpis" / day.isoformat()
    written = make_kpis(replace(job, day=day), folder, Journal(err))
    for told in written.no_data:
        out.print(told, markup=False, highlight=False)
    out.print(f"{len(written.reports)} licence reports are in {folder}.", highlight=False)


@app.command()
@spread
def backtest(
    as_of: Annotated[str, typer.Option(help="As-of dates, comma between them.", show_default=False)],
    given: Given,
    to: Annotated[
        Path | None,
        typer.Option(help="Where to write the results; default: HOME/backtests.", show_default=False),
    ] = None,
    catalogue: CatalogueFile = None,
) -> None:
    """Train before each date, score at it, and judge with what happened after."""
    from pipelines.backtesting.backtest import Recipe
    from pipelines.backtesting.backtest import backtest as judge
    from pipelines.expectations import rules
    from pipelines.inputs import read_inputs
    from pipelines.running import running
    from pipelines.tell import tell_backtest

    job = given.job(FAR, catalogue=catalogue)
    folder = to or given.home / "backtests"
    journal = Journal(err)
    dates = _dates(as_of)
    with running(job, journal):
        inputs = read_inputs(job, journal)
        truth = None if given.place is None else given.place / "truth" / "truth.parquet"
        found = judge(
            inputs.world,
            dates,
            folder,
            recipe=Recipe(
                catalogue=job.catalogue, rules=rules(job), jobs=job.settings.jobs, seed=job.settings.seed
            ),
            work=job.work / "backtest",
            truth=truth if truth is not None and truth.exists() else None,
            memory=job.settings.memory,
            progress=journal.progress,
        )
    tell_backtest(out, found, folder)


@app.command()
@spread
def collect(sites: Sites, home: Home = DEFAULT_HOME) -> None:
    """Collect signals and technologies from the sites of companies, politely."""
    from pipelines.collecting import collect_signals
    from pipelines.tell import tell_collection

    tell_collection(out, collect_signals(sites, read_settings(home, os.environ), Journal(err)), sites.to)


@app.command()
def describe(
    what: Annotated[str, typer.Argument(help="tables, features, products or reports.", show_default=False)],
    catalogue: CatalogueFile = None,
) -> None:
    """Print the declarations: the data dictionary."""
    from reports.dictionary import CHAPTERS, chapter

    if what not in CHAPTERS:
        raise CallRefused(f"There is no chapter {what!r}; there are: {', '.join(CHAPTERS)}.")
    out.print(chapter(what, read_catalogue(catalogue)), markup=False, highlight=False, soft_wrap=True)


@app.command()
def docs(
    check: Annotated[bool, typer.Option("--check", help="Only tell whether the page is fresh.")] = False,
    path: Annotated[Path, typer.Option(help="The page.")] = Path("docs/data-dictionary.md"),
) -> None:
    """Write the generated page, or check that it is fresh (exit 2 if not)."""
    from reports.dictionary import dictionary

    page = dictionary()
    if not check:
        path.write_text(page, "utf-8")
    elif not path.exists() or path.read_text("utf-8") != page:
        raise CallRefused(f"{path} is not what the declarations say: run `make docs` and commit it.")


app.command()(serve)
app.add_typer(users, name="users")


def _dates(told: str) -> tuple[date, ...]:
    try:
        return tuple(sorted({date.fromisoformat(part.strip()) for part in told.split(",")}))
    except ValueError:
        raise CallRefused(f"Dates are written like 2026-04-25,2026-05-25; got {told!r}.") from None


def main() -> None:
    """Run the command line; an operator's error is a sentence and an exit code, a bug keeps its traceback."""
    try:
        # A wrong option ends with click's own sentence and code 2, an interruption with 130.
        app()
    except AscentError as error:
        err.print(f"[red]{type(error).__name__}[/red]", end=": ")
        err.print(str(error), markup=False, highlight=False, soft_wrap=True)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
