"""What a benchmark of the whole job stands on: a world, models trained on as many rows a customer, a job.

They are made once a size and density, and kept in the folder.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from benchmarks.meter import Meter, watched
from benchmarks.worlds import Density, write_world
from features import periods
from features.products import PRODUCTS
from features.sources.sample.write import write
from models.model import PropensityModel, load
from models.registry import versions as registry
from pipelines.job import Job
from pipelines.monthly import train_month
from pipelines.releases import PREFIX
from pipelines.settings import Settings

MONTH, MONTHS, SEED = "2026-10", 36, 7
AS_OFS = (periods.as_of("2026-10"), periods.as_of("2026-09"))
"""October begins a quarter: a month reads itself and the month before."""
SAMPLE = 20_000
TRAINED = "trained"
"""Stands in a home whose training has ended."""
ACCEPT = "a benchmark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What is measured, where, and with how much of the machine."""

    customers: int
    density: Density
    folder: Path
    memory: str
    jobs: int
    sample: int = SAMPLE
    quiet: bool = False

    @property
    def source(self) -> Path:
        """The sample world."""
        return self.folder / f"sample-{self.sample}"

    def world(self, customers: int) -> Path:
        """The world of so many customers."""
        return self.folder / f"world-{self.density.name}-{customers}"

    @property
    def place(self) -> Path:
        """The world that is measured."""
        return self.world(self.customers)

    @property
    def trained(self) -> Path:
        """The home whose champions score."""
        return self.folder / f"trained-{self.density.name}-{self.sample}"

    def meter(self) -> Meter:
        """Return a journal that keeps costs."""
        return Meter(Console(stderr=True, quiet=self.quiet))

    def job(self, home: Path, place: Path) -> Job:
        """Return the month to make, scored with the trained champions."""
        tracking = f"sqlite:///{self.trained.resolve() / 'mlflow.db'}"
        settings = Settings(memory=self.memory, jobs=self.jobs, tracking=tracking)
        return Job(month=MONTH, home=home, settings=settings, place=place, accept=ACCEPT)


def prepare(bench: Bench) -> None:
    """Make what is not there yet: the sample world, the trained models, the world that is measured."""
    small = bench.world(bench.sample)
    _once(bench.source, lambda part: _sample(part, bench.sample))
    _once(small, lambda part: write_world(bench.source, part, bench.sample, bench.density))
    if not (bench.trained / TRAINED).exists():
        shutil.rmtree(bench.trained, ignore_errors=True)
        watched(_train, (), bench, small)
    _once(bench.place, lambda part: write_world(bench.source, part, bench.customers, bench.density))


def _once(place: Path, make: Callable[[Path], None]) -> None:
    if not place.exists():
        part = place.with_name(f"{place.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        make(part)
        part.rename(place)


def _sample(part: Path, customers: int) -> None:
    write(part, accounts=customers, months=MONTHS, seed=SEED, through=periods.as_of(MONTH))


def _train(bench: Bench, place: Path) -> None:
    train_month(bench.job(bench.trained, place), bench.meter())
    shutil.rmtree(bench.trained / "work")
    (bench.trained / TRAINED).touch()


def champions(bench: Bench) -> dict[str, PropensityModel]:
    """Read the models that the job scored with."""
    where = registry.store(bench.trained)
    names = {product.prefix: f"{PREFIX}{product.prefix}" for product in PRODUCTS}
    there = registry.aliased(where, list(names.values()))
    return {
        prefix: load(registry.fetch(where, there[name], bench.trained / "fetched" / name))
        for prefix, name in names.items()
        if name in there
    }
