"""A month on a Dask cluster: a real scheduler and two real workers, started with Dask's own commands."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import fsspec
import pytest
from rich.console import Console

from features import periods
from features.errors import CallRefused
from features.products import PRODUCTS, Catalogue
from features.sources.read import Accepted, accept
from features.sources.sample.write import write
from pipelines import expectations
from pipelines.cluster import Found, refuse_unfit
from pipelines.code import code_digest
from pipelines.expectations import score_customers
from pipelines.job import Job
from pipelines.journal import Journal
from pipelines.publishing import stage_month
from pipelines.releases import PREFIX
from pipelines.scorers import ScorerFile
from pipelines.settings import Settings
from pipelines.training import Models
from tests.pipelines import dying
from tests.scoring.handmade import model

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
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Accepted:
    """A small world, accepted in several buckets."""
    folder = tmp_path_factory.mktemp("inputs")
    write(folder / "sample", accounts=CUSTOMERS, months=15, seed=5, through=periods.as_of(MONTH))
    (folder / "world").mkdir()
    for name in TABLES:
        (folder / "sample" / f"{name}.parquet").rename(folder / "world" / f"{name}.parquet")
    found = accept(
        folder / "world",
        as_of=periods.as_of(MONTH),
        work=folder / "tables",
        quarantine=folder / "quarantine",
        customers_in_bucket=IN_BUCKET,
    )
    assert found.world.buckets >= 4
    return found


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    """A model of a product, made by hand."""
    folder = tmp_path_factory.mktemp("models")
    made = {
        product.prefix: model(product, fit="employees", intent="record_age_days") for product in PRODUCTS[:1]
    }
    for prefix, one in made.items():
        one.save(folder / prefix)
    files = tuple(ScorerFile(f"{PREFIX}{prefix}", "1", folder / prefix) for prefix in made)
    return Models(products=made, renewal=None, revenue=None, versions={}, files=files)


def staged(
    inputs: Accepted,
    models: Models,
    home: Path,
    *,
    jobs: int = 1,
    cluster: str | None = None,
    exchange: str = "",
) -> dict[str, bytes]:
    """Score the month in a home of its own and return the bytes of every file to publish, by its name."""
    job = Job(
        month=MONTH,
        home=home,
        settings=Settings(jobs=jobs, memory="4GB", exchange=exchange),
        catalogue=Catalogue(PRODUCTS[:1]),
        cluster=cluster,
    )
    journal = Journal(Console(file=StringIO()))
    folder = stage_month(job, score_customers(job, inputs, models, journal), journal).folder
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def by_one_process(
    inputs: Accepted, models: Models, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, bytes]:
    found = staged(inputs, models, tmp_path_factory.mktemp("one"))
    assert sum(content.count(b"\n") for content in found.values()) > CUSTOMERS
    return found


def test_one_process_and_four_make_the_same_bytes(
    inputs: Accepted, models: Models, by_one_process: dict[str, bytes], tmp_path: Path
) -> None:
    assert staged(inputs, models, tmp_path, jobs=4) == by_one_process


def test_a_store_that_is_no_folder_gives_the_same_bytes_and_nothing_is_left_there(
    inputs: Accepted, models: Models, by_one_process: dict[str, bytes], tmp_path: Path
) -> None:
    """The store is fsspec's own in memory: no path of it is one of this machine's."""
    assert staged(inputs, models, tmp_path, exchange="memory://ascent") == by_one_process
    assert fsspec.filesystem("memory").find("/ascent") == []


def test_two_workers_of_a_cluster_make_the_same_bytes_though_one_is_killed_over_a_bucket(
    inputs: Accepted,
    models: Models,
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
    assert staged(inputs, models, tmp_path, cluster=cluster.address) == by_one_process
    killer.join()
    assert sorted(worker.poll() is None for worker in cluster.workers) == [False, True]


def test_a_scheduler_that_does_not_answer_is_told_in_a_sentence(
    inputs: Accepted, models: Models, tmp_path: Path
) -> None:
    told = "A Dask scheduler was expected at nowhere://127.0.0.1:1, got: .* Start one with `dask scheduler`"
    with pytest.raises(CallRefused, match=told):
        staged(inputs, models, tmp_path, cluster="nowhere://127.0.0.1:1")


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (
            Found(threads=2, code=code_digest(), sees=True),
            "must have one thread .*; of these 1 do not, such as b",
        ),
        (
            Found(threads=1, code="other", sees=True),
            "must run the same version of Ascent as this process; of these 1",
        ),
        (Found(threads=1, code=code_digest(), sees=False), "must see /shared, which all machines must share"),
    ],
)
def test_a_worker_that_would_do_something_else_is_refused(other: Found, told: str) -> None:
    fit = Found(threads=1, code=code_digest(), sees=True)
    refuse_unfit("tcp://h:1", "/shared", {"a": fit, "c": fit})
    with pytest.raises(CallRefused, match=f"All 3 workers of tcp://h:1 {told}"):
        refuse_unfit("tcp://h:1", "/shared", {"a": fit, "b": other, "c": fit})
