"""The models that a month is scored with, read from their files wherever it is scored."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from models import model, renewal, revenue
from models.model import PropensityModel
from models.renewal import RenewalModel
from models.revenue import RevenueModel
from pipelines.releases import PREFIX, RENEWAL, REVENUE
from scoring.compiled import CompiledModels, compile_models


@dataclass(frozen=True, slots=True)
class ScorerFile:
    """A model's files: under which name and version it is registered, and the folder they are in."""

    name: str
    version: str
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorers:
    """The models of a month: of each product by its prefix, of renewals, of revenue."""

    products: Mapping[str, PropensityModel]
    renewal: RenewalModel | None
    revenue: RevenueModel | None


@lru_cache(maxsize=1)
def read_scorers(files: tuple[ScorerFile, ...]) -> Scorers:
    """Read the models."""
    folders = {file.name: file.folder for file in files}
    return Scorers(
        products={
            name.removeprefix(PREFIX): model.load(folder)
            for name, folder in folders.items()
            if name not in (RENEWAL, REVENUE)
        },
        renewal=renewal.load(folders[RENEWAL]) if RENEWAL in folders else None,
        revenue=revenue.load(folders[REVENUE]) if REVENUE in folders else None,
    )


@lru_cache(maxsize=1)
def compiled(files: tuple[ScorerFile, ...]) -> CompiledModels:
    """Read and compile the models; a process does it once, however many buckets it scores."""
    read = read_scorers(files)
    return compile_models(read.products, read.revenue, read.renewal)
