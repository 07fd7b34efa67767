"""What scoring tells the run."""

from dataclasses import replace
from io import StringIO
from pathlib import Path

from rich.console import Console

from features.products import AZURE, Catalogue
from features.sources.read import Accepted
from models.model import PropensityModel
from models.trees import Trees
from pipelines.expectations import score_customers
from pipelines.job import Job
from pipelines.journal import Journal
from pipelines.releases import PREFIX
from pipelines.scorers import ScorerFile
from pipelines.settings import Settings
from pipelines.training import Models
from tests.scoring.handmade import model
from tests.scoring.patterns.grown import Kind, grow
from tests.worlds import world


def journal_of(folder: Path, azure: PropensityModel) -> Journal:
    """Score one customer in a month and return what the run noted."""
    there = world(folder / "world", accounts=[{"account_id": "c", "employees": 10}], transactions=[])
    job = Job(month="2026-10", home=folder, settings=Settings(), catalogue=Catalogue((AZURE,)))
    azure.save(folder / "model")
    files = (ScorerFile(f"{PREFIX}Azure", "1", folder / "model"),)
    models = Models(products={"Azure": azure}, renewal=None, revenue=None, versions={}, files=files)
    journal = Journal(Console(file=StringIO()))
    score_customers(job, Accepted(there, (), (), (), ()), models, journal)
    return journal


def test_a_booster_that_only_lightgbm_can_score_is_a_warning_of_the_run(tmp_path: Path) -> None:
    azure = model(AZURE, fit="employees", intent="record_age_days")
    assert journal_of(tmp_path / "small", azure).warnings == []
    assert azure.own is not None
    large = Trees(grow(Kind(columns=2, leaves=31, levels=60), 1), (0, 1))
    foreign = replace(azure, own=replace(azure.own, everything=large))
    assert journal_of(tmp_path / "large", foreign).warnings == [
        "The booster Azure own_everything has trees of 31 leaves, more than 8:"
        " LightGBM itself scores it, many times slower."
    ]
