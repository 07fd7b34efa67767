"""The same month, whatever number of customers is worked on at once, and however many processes do it."""

import shutil
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from pipelines import buckets, expectations
from pipelines.buckets import Done, Task, score_bucket
from pipelines.catalogue import read_catalogue
from pipelines.job import Job
from pipelines.journal import Journal
from pipelines.monthly import make_month, score_month
from pipelines.settings import Settings
from reports.publish import VERSIONS
from tests.end_to_end.commands import MONTH


def published_again(home: Path, to: Path) -> Path:
    """Copy the models of a home and what it has published, and nothing it has worked with."""
    to.mkdir()
    shutil.copy(home / "mlflow.db", to)
    for folder in (VERSIONS, "published"):
        shutil.copytree(home / folder, to / folder, symlinks=True)
    return to


def job(place: Path, home: Path, customers_in_bucket: int, settings: Settings) -> Job:
    """A month of the reseller's world if it has a catalogue beside its tables, else of the vendor's."""
    catalogue = place / "catalogue.py"
    return Job(
        month=MONTH,
        home=home,
        settings=settings,
        place=place,
        catalogue=read_catalogue(catalogue if catalogue.exists() else None),
        customers_in_bucket=customers_in_bucket,
    )


def journal() -> tuple[Journal, StringIO]:
    told = StringIO()
    return Journal(Console(file=told)), told


@pytest.mark.slow
def test_a_month_of_many_buckets_in_two_processes_is_the_month_of_one_bucket(
    world: Path, home: Path, tmp_path: Path
) -> None:
    again = published_again(home, tmp_path / "home")
    kept, told = journal()
    settings = Settings(jobs=2, memory="1400MB")
    report = make_month(job(world, again, 160, settings), kept, train=False)
    assert report.ended == "unchanged"
    assert "bucket 2 of 2" in told.getvalue()
    assert {one.name for one in kept.stages if one.within} == {"features", "scores", "reports"}


def test_a_run_that_was_stopped_goes_on_with_the_buckets_that_are_left(
    reseller: Path, resold: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = published_again(resold, tmp_path / "home")
    asked = job(reseller, again, 110, Settings(jobs=1))
    made: list[int] = []

    def counted(task: Task, aside: Path) -> Done:
        made.append(task.world.bucket or 0)
        return make(task, aside)

    def stopped(task: Task) -> Done:
        if task.world.bucket == 2:
            raise KeyboardInterrupt
        return score_bucket(task)

    make = buckets._made
    monkeypatch.setattr(buckets, "_made", counted)
    with monkeypatch.context() as patch:
        patch.setattr(expectations, "score_bucket", stopped)
        with pytest.raises(KeyboardInterrupt):
            make_month(asked, journal()[0], train=False)
    report = make_month(asked, journal()[0], train=False)
    assert (made, report.ended) == ([0, 1, 2], "unchanged")
    assert list((again / "work" / MONTH / "buckets").iterdir()) == []


def test_scores_of_many_buckets_are_the_bytes_of_one(reseller: Path, resold: Path, tmp_path: Path) -> None:
    found = []
    for customers in (1_000, 80):
        home = published_again(resold, tmp_path / str(customers))
        path = score_month(job(reseller, home, customers, Settings(jobs=1)), journal()[0])
        found.append(path.read_bytes())
    assert found[0] == found[1]
