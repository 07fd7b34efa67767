"""A month on a Dask cluster: a real scheduler and two real workers, started with Dask's own commands."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from features import periods
from features.products import PRODUCTS, Catalogue
from features.sources.sample.write import write
from pipelines import expectations
from pipelines.job import Job
from pipelines.journal import Journal
from pipelines.monthly import make_month, train_month
from pipelines.settings import Settings
from reports.manifest import EVIDENCE
from tests.pipelines import dying

ROOT = Path(__file__).parents[2]
MONTH = "2026-10"
PATIENCE = 120
CUSTOMERS, IN_BUCKET = 250, 50
TABLES = ("partners", "accounts", "partner_accounts", "transactions")
"""Few tables, so that a bucket takes a second."""


@dataclass(frozen=True)
class Cluster:
    """A scheduler and the processes of its workers."""

    address: str
    workers: tuple["subprocess.Popen[bytes]", ...]


def dask(log: Path, *arguments: object) -> "subprocess.Popen[bytes]":
    """Start one of Dask's commands at the root of the project, so that this code is what it imports."""
    program = Path(sys.executable).parent / "dask"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with log.open("wb") as told:
        return subprocess.Popen(
            [program, *map(str, arguments)], cwd=ROOT, env=environment, stdout=told, stderr=told
        )


def waited_for(path: Path, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE
    while not path.exists():
        assert process.poll() is None, f"ended with {process.returncode} before {path.name} was there"
        assert time.monotonic() < deadline, f"no {path.name} in {PATIENCE} seconds"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    told = folder / "scheduler.json"
    here = ("--host", "127.0.0.1", "--scheduler-file", told, "--no-dashboard")
    scheduler = dask(folder / "scheduler.log", "scheduler", *here, "--port", 0)
    alone = ("--nthreads", 1, "--no-nanny", "--memory-limit", 0)
    workers = tuple(
        dask(folder / f"worker{number}.log", "worker", *here, *alone, "--local-directory", folder)
        for number in range(2)
    )
    try:
        waited_for(told, scheduler)
        yield Cluster(str(json.loads(told.read_text("utf-8"))["address"]), workers)
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Job:
    """A job whose models of two products are trained; its buckets are small, so that there are several."""
    folder = tmp_path_factory.mktemp("trained")
    write(folder / "sample", accounts=CUSTOMERS, months=15, seed=5, through=periods.as_of(MONTH))
    (folder / "world").mkdir()
    for name in TABLES:
        (folder / "sample" / f"{name}.parquet").rename(folder / "world" / f"{name}.parquet")
    asked = job(folder)
    train_month(asked, Journal(Console(file=StringIO())))
    return replace(asked, customers_in_bucket=IN_BUCKET)


def job(folder: Path) -> Job:
    return Job(
        month=MONTH,
        home=folder / "home",
        settings=Settings(tracking=f"sqlite:///{folder / 'home' / 'mlflow.db'}"),
        place=folder / "world",
        catalogue=Catalogue(PRODUCTS[:2]),
        accept="a small world",
    )


def published(asked: Job, home: Path, *, jobs: int = 1, cluster: str | None = None) -> dict[str, bytes]:
    """Make the month in a home of its own and return the bytes of every report by its name."""
    settings = replace(asked.settings, jobs=jobs)
    journal = Journal(Console(file=StringIO()))
    report = make_month(replace(asked, home=home, settings=settings, cluster=cluster), journal, train=False)
    assert report.ended == "published"
    folder = home / "published" / MONTH
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".csv", ".parquet") and EVIDENCE not in path.parts
    }


@pytest.fixture(scope="module")
def by_one_process(trained: Job, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return published(trained, tmp_path_factory.mktemp("one"))


def test_one_process_and_four_publish_the_same_bytes(
    trained: Job, by_one_process: dict[str, bytes], tmp_path: Path
) -> None:
    assert published(trained, tmp_path, jobs=4) == by_one_process


def test_two_workers_of_a_cluster_publish_the_same_bytes_though_one_is_killed_over_a_bucket(
    trained: Job,
    by_one_process: dict[str, bytes],
    cluster: Cluster,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(expectations, "score_bucket", dying.score_bucket)
    victim = dying.victim(tmp_path / "work" / MONTH)

    def kill() -> None:
        waited_for(victim, cluster.workers[0])
        os.kill(int(victim.read_text("ascii")), signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    assert published(trained, tmp_path, cluster=cluster.address) == by_one_process
    killer.join()
    assert sorted(worker.poll() is None for worker in cluster.workers) == [False, True]
