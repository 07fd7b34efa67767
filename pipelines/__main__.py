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
from pipelines.job import Job
from pipelines.journal import Journal
from pipelines.serving import serve, users
from pipelines.settings import read_settings

app = typer.Typer(
    help="Propensity scores for companies that sell cloud products to small and medium businesses.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(serve)
app.add_typer(users, name="users")
out = Console()
err = Console(stderr=True)

From = Annotated[
    Path | None,
    typer.Option("--from", help="Folder with one Parquet or CSV file a table.", show_default=False),
]
Month = Annotated[str, typer.Option(help="The month to make, such as 2026-10.", show_default=False)]
Home = Annotated[Path, typer.Option(envvar="ASCENT_HOME", help="Where models and published months are kept.")]
Tables = Annotated[
    Path | None, typer.Option(help="tables.toml: where the tables are and what their columns are called.")
]
CatalogueFile = Annotated[
    Path | None, typer.Option("--catalogue", help="Python file that declares PRODUCTS.")
]
Memory = Annotated[str | None, typer.Option(help="Memory the engine may use, such as 2GB.")]
Accept = Annotated[
    str | None, typer.Option(help="Reason to publish although the month differs or moved too far.")
]
DEFAULT_HOME = Path("ascent-home")
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
def validate(
    place: From = None,
    tables: Tables = None,
    month: Annotated[
        str | None, typer.Option(help="Judge what was known by this month; default: all.")
    ] = None,
    home: Home = DEFAULT_HOME,
    memory: Memory = None,
) -> None:
    """Check the inputs and print every breach; exit 3 if a run would refuse them."""
    from pipelines.inputs import read_inputs
    from pipelines.running import running
    from pipelines.tell import tell_inputs

    job = _job(month or FAR, place=place, tables=tables, home=home, memory=memory)
    journal = Journal(err)
    with running(job, journal):
        tell_inputs(out, read_inputs(job, journal))


@app.command()
def monthly(
    month: Month,
    place: From = None,
    tables: Tables = None,
    catalogue: CatalogueFile = None,
    home: Home = DEFAULT_HOME,
    memory: Memory = None,
    accept: Accept = None,
) -> None:
    """Make a month: validate, features, train what is due, score, publish."""
    from pipelines.monthly import make_month
    from pipelines.tell import tell_month

    job = _job(
        month, place=place, tables=tables, catalogue=catalogue, home=home, memory=memory, accept=accept
    )
    tell_month(out, make_month(job, Journal(err)))


@app.command()
def train(
    month: Month,
    place: From = None,
    tables: Tables = None,
    catalogue: CatalogueFile = None,
    home: Home = DEFAULT_HOME,
    memory: Memory = None,
) -> None:
    """Train what is due for a month and register it; nothing is published."""
    from pipelines.monthly import train_month
    from pipelines.tell import tell_models

    job = _job(month, place=place, tables=tables, catalogue=catalogue, home=home, memory=memory)
    tell_models(out, train_month(job, Journal(err)))


@app.command()
def score(
    month: Month,
    place: From = None,
    tables: Tables = None,
    catalogue: CatalogueFile = None,
    home: Home = DEFAULT_HOME,
    memory: Memory = None,
) -> None:
    """Score a month with the champions; writes HOME/work/MONTH/scores.parquet and publishes nothing."""
    from pipelines.monthly import score_month

    job = _job(month, place=place, tables=tables, catalogue=catalogue, home=home, memory=memory)
    out.print(f"The scores are in {score_month(job, Journal(err))}.")


@app.command()
def report(
    month: Month,
    place: From = None,
    tables: Tables = None,
    catalogue: CatalogueFile = None,
    home: Home = DEFAULT_HOME,
    memory: Memory = None,
    accept: Accept = None,
) -> None:
    """Publish a month scored with the champions as they are; nothing is trained."""
    from pipelines.monthly import make_month
    from pipelines.tell import tell_month

    job = _job(
        month, place=place, tables=tables, catalogue=catalogue, home=home, memory=memory, accept=accept
    )
    tell_month(out, make_month(job, Journal(err), train=False))


@app.command()
def kpis(
    as_of: Annotated[str, typer.Option(help="The date the figures stand on.", show_default=False)],
    place: From = None,
    tables: Tables = None,
    to: Annotated[
        Path | None, typer.Option(help="Where to write them; default: HOME/kpis/DATE.", show_default=False)
    ] = None,
    home: Home = DEFAULT_HOME,
    memory: Memory = None,
) -> None:
    """Write the licence KPIs and reports as of a date; nothing is published."""
    from pipelines.licensing import make_kpis

    dates = _dates(as_of)
    if len(dates) != 1:
        raise CallRefused(f"One date was expected, got {len(dates)}: {as_of}. Call once for each.")
    (day,) = dates
    job = _job(FAR, place=place, tables=tables, home=home, memory=memory)
    folder = to or home / "kpis" / day.isoformat()
    written = make_kpis(replace(job, day=day), folder, Journal(err))
    for told in written.no_data:
        out.print(told, markup=False, highlight=False)
    out.print(f"{len(written.reports)} licence reports are in {folder}.", highlight=False)


@app.command()
def backtest(
    as_of: Annotated[str, typer.Option(help="As-of dates, comma between them.", show_default=False)],
    to: Annotated[Path, typer.Option(help="Where to write the results.", show_default=False)],
    place: From = None,
    tables: Tables = None,
    catalogue: CatalogueFile = None,
    home: Home = DEFAULT_HOME,
    memory: Memory = None,
) -> None:
    """Train before each date, score at it, and judge with what happened after."""
    from pipelines.backtesting.backtest import Recipe
    from pipelines.backtesting.backtest import backtest as judge
    from pipelines.expectations import rules
    from pipelines.inputs import read_inputs
    from pipelines.running import running
    from pipelines.tell import tell_backtest

    job = _job(FAR, place=place, tables=tables, catalogue=catalogue, home=home, memory=memory)
    journal = Journal(err)
    dates = _dates(as_of)
    with running(job, journal):
        inputs = read_inputs(job, journal)
        truth = None if place is None else place / "truth" / "truth.parquet"
        found = judge(
            inputs.world,
            dates,
            to,
            recipe=Recipe(
                catalogue=job.catalogue, rules=rules(job), jobs=job.settings.jobs, seed=job.settings.seed
            ),
            work=job.work / "backtest",
            truth=truth if truth is not None and truth.exists() else None,
            memory=job.settings.memory,
            progress=journal.progress,
        )
    tell_backtest(out, found, to)


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


def _job(
    month: str,
    *,
    place: Path | None,
    home: Path,
    tables: Path | None = None,
    catalogue: Path | None = None,
    memory: str | None = None,
    accept: str | None = None,
) -> Job:
    from features.sources.mapping import load

    if place is None and tables is None:
        raise CallRefused("Say where the tables are: --from DIR, or --tables FILE.")
    if accept is not None and not accept.strip():
        raise CallRefused("--accept wants a reason, in words: it is recorded with the month.")
    if home.exists() and not home.is_dir():
        raise CallRefused(f"--home wants a folder to keep models and published months in; {home} is a file.")
    environment = dict(os.environ)
    if memory is not None:
        environment["ASCENT_MEMORY"] = memory
    return Job(
        month=month,
        home=home,
        settings=read_settings(home, environment),
        place=place,
        mapping=None if tables is None else load(tables, base=place, secrets=environment),
        catalogue=read_catalogue(catalogue),
        accept=accept,
    )


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
