"""How fast a month is and how much memory it takes, stage by stage: `python benchmarks/bench.py [CUSTOMERS]`.

The world is the sample world, made once per size and kept; models learn from at most 40,000 of its customers
as in every run. Memory is the highest of a stage, as Linux tells it.
"""

import argparse
import multiprocessing
import shutil
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table

from features import periods
from features.sources.sample.write import write
from pipelines.job import Job
from pipelines.journal import Journal
from pipelines.monthly import make_month, train_month
from pipelines.run_report import RunReport
from pipelines.settings import Settings

ROOT = Path(__file__).parents[1]
WORK = ROOT / "ascent-home" / "bench"
MONTH, MONTHS, SEED = "2026-10", 36, 7
SCORED_DATES = 2
"""October begins a quarter: a month reads itself and the month before."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a stage cost: seconds, and its highest memory in MB."""

    stage: str
    seconds: float
    megabytes: float


@dataclass(slots=True)
class Meter(Journal):
    """A journal that also keeps the highest memory of each stage."""

    costs: list[Cost] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage and watch its memory."""
        _forget_peak()
        with Journal.stage(self, name):
            yield
        self.costs.append(Cost(name, self.stages[-1].seconds, _peak()))


def main() -> None:
    """Make the world, train, make the month; each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("customers", nargs="?", type=int, default=100_000)
    customers: int = parser.parse_args().customers
    out = Console()
    place, home = WORK / f"world-{customers}", WORK / f"home-{customers}"
    shutil.rmtree(home, ignore_errors=True)
    costs = [] if place.exists() else _alone(_world, place, customers)[0]
    trained, _ = _alone(_train, place, home)
    costs += [Cost("training", one.seconds, one.megabytes) for one in trained if one.stage == "models"]
    scored, report = _alone(_month, place, home)
    assert report is not None
    out.print(_table(costs + scored, _rows(report, customers), f"{customers:,} customers, {_sizes(place)}"))
    seconds = sum(one.seconds for one in scored)
    peak = max(one.megabytes for one in scored)
    out.print(f"From inputs to published files: {seconds:,.0f} s, at most {peak:,.0f} MB.")


Told = tuple[list[Cost], RunReport | None]


def _alone(work: Callable[[Path, int | Path], Told], place: Path, other: int | Path) -> Told:
    """Run in a fresh process, so that one part's memory is not counted with another's."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as one:
        return one.submit(work, place, other).result()


def _world(place: Path, customers: int | Path) -> Told:
    assert isinstance(customers, int)
    meter, part = Meter(Console(stderr=True)), place.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    with meter.stage("world"):
        write(part, accounts=customers, months=MONTHS, seed=SEED, through=periods.as_of(MONTH))
    part.rename(place)
    return meter.costs, None


def _train(place: Path, home: int | Path) -> Told:
    meter = Meter(Console(stderr=True))
    return meter.costs, train_month(_job(place, home), meter)


def _month(place: Path, home: int | Path) -> Told:
    meter = Meter(Console(stderr=True))
    return meter.costs, make_month(_job(place, home), meter, train=False)


def _job(place: Path, home: int | Path) -> Job:
    assert isinstance(home, Path)
    return Job(month=MONTH, home=home, settings=Settings(), place=place, accept="a benchmark")


def _rows(report: RunReport, customers: int) -> Mapping[str, tuple[int, str]]:
    """Return, by stage, how many rows of what it goes through."""
    published = sum(file.rows for file in report.files)
    return {
        "inputs": (sum(table.rows for table in report.tables), "rows read"),
        "features": (SCORED_DATES * customers, "customers and dates"),
        "scores": (len(report.products) * customers, "customers and products"),
        "reports": (published, "rows in CSV files"),
    }


def _sizes(place: Path) -> str:
    rows = {
        name: pq.read_metadata(place / f"{name}.parquet").num_rows for name in ("transactions", "signals")
    }
    return ", ".join(f"{count:,} {name}" for name, count in rows.items())


def _table(costs: list[Cost], rows: Mapping[str, tuple[int, str]], title: str) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("Stage")
    for name in ("Seconds", "Rows", "Rows per second", "Peak MB"):
        table.add_column(name, justify="right")
    for cost in costs:
        count, what = rows.get(cost.stage, (0, ""))
        speed = f"{count / max(cost.seconds, 0.1):,.0f}" if count else ""
        told = f"{count:,} {what}" if count else ""
        table.add_row(cost.stage, f"{cost.seconds:,.1f}", told, speed, f"{cost.megabytes:,.0f}")
    return table


def _forget_peak() -> None:
    """Let the kernel begin the highest memory anew (proc(5), clear_refs)."""
    Path("/proc/self/clear_refs").write_text("5", "ascii")


def _peak() -> float:
    told = Path("/proc/self/status").read_text("ascii")
    return int(told.split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main()
