"""From inputs and models to what we expect of every customer, bucket by bucket; the rows stay on the disk."""

import hashlib
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from features.periods import months_before, quarter_as_of
from features.sources.read import Accepted
from features.sources.world import connect
from pipelines.buckets import KEYS, SCORES, SCRATCH, Done, Task, score_bucket
from pipelines.cluster import cluster
from pipelines.code import code_digest
from pipelines.job import Job
from pipelines.journal import Journal
from pipelines.settings import in_megabytes
from pipelines.training import Models
from pipelines.workers import Workers, workers
from reports.merge import write_merged
from reports.write import part_path
from scoring.cells import BALANCED, DEFAULT
from scoring.score import Dates, Rules
from scoring.workloads import Habits, learn, of_all

STAGE = "customers"
LEAST_MEGABYTES = 700
"""What a process needs to make hundreds of features of a bucket: with less memory fewer work at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What was made of every bucket, counted, and the folders of its parts; both in the order of buckets."""

    folder: Path
    buckets: tuple[Done, ...]
    parts: tuple[Path, ...]

    @property
    def customers(self) -> Mapping[tuple[str, str], int]:
        """The customers of each product and cluster, or state of no score."""
        counts: Counter[tuple[str, str]] = Counter()
        for bucket in self.buckets:
            for product, where, count in bucket.customers:
                counts[product, where] += count
        return counts


def score_customers(
    job: Job, inputs: Accepted, models: Models, journal: Journal, *, told: bool = True
) -> Expected:
    """Score every listed customer for every product, and every agreement that ends soon, as parts of reports.

    Not `told`, scores are all that is made. Buckets that a killed run of the same inputs, models, settings
    and code has finished stay as they are.
    """
    who = _workers(job, inputs) if job.cluster is None else cluster(job)
    with journal.stage(STAGE):
        habits = _habits(job, inputs, journal) if told else None
        tasks = _tasks(job, inputs, models, who, habits)
        _keep_only(tasks[0].folder)
        done = []
        for one in who.over(score_bucket, tasks):
            done.append(one)
            journal.progress(f"bucket {len(done)} of {len(tasks)}")
    done.sort(key=lambda one: one.bucket)
    for warning in dict.fromkeys(warning for one in done for warning in one.warnings):
        journal.warn(warning)
    for stage in ("features", "scores", "reports"):
        journal.spent(stage, sum(one.seconds[stage] for one in done), within=STAGE)
    return Expected(
        folder=tasks[0].folder,
        buckets=tuple(done),
        parts=tuple(task.place for task in tasks),
    )


def _workers(job: Job, inputs: Accepted) -> Workers:
    """Return as many processes as the settings allow and their memory is enough for."""
    at_once = max(1, in_megabytes(job.settings.memory) // LEAST_MEGABYTES)
    return workers(min(job.settings.jobs, at_once), inputs.world.buckets, threads=job.settings.jobs)


def keep_scores(job: Job, expected: Expected) -> Path:
    """Write the scores of all buckets, sorted by customer and product, and return where they are."""
    path = job.work / f"{SCORES}.parquet"
    write_merged([part_path(part, SCORES) for part in expected.parts], KEYS[SCORES], path)
    shutil.rmtree(expected.folder)
    return path


def rules(job: Job) -> Rules:
    """Return the job's rules: which cell belongs to which cluster."""
    return Rules(table=BALANCED if job.settings.clusters == "balanced" else DEFAULT)


def _habits(job: Job, inputs: Accepted, journal: Journal) -> Mapping[str, Habits]:
    """Learn of all customers what no bucket knows: which workloads go together, by product prefix."""
    journal.progress("workloads that go together")
    with connect(memory=job.settings.memory, threads=job.settings.jobs, scratch=job.work) as engine:
        return {
            product.prefix: of_all(learn(engine, part, job.as_of, product) for part in inputs.world.parts())
            for product in job.catalogue.products
        }


def _tasks(
    job: Job, inputs: Accepted, models: Models, who: Workers, habits: Mapping[str, Habits] | None
) -> Sequence[Task]:
    as_of = job.as_of
    dates = Dates(as_of=as_of, fit_as_of=quarter_as_of(as_of), previous=months_before(as_of, 1))
    folder = job.work / "buckets" / _digest(job, inputs, models, told=habits is not None)
    return [
        Task(
            world=part,
            folder=folder,
            scorers=models.files,
            dates=dates,
            catalogue=job.catalogue,
            partner=job.partner,
            rules=rules(job),
            renewals_within_days=job.settings.renewals_within_days,
            memory=f"{in_megabytes(job.settings.memory) // who.at_once}MB",
            threads=who.threads,
            habits=habits,
        )
        for part in inputs.world.parts()
    ]


def _digest(job: Job, inputs: Accepted, models: Models, *, told: bool) -> str:
    """Return twelve digits of everything that the parts of a bucket depend on."""
    made_of = hashlib.sha256()
    for one in (
        job.as_of,
        job.catalogue,
        sorted(job.settings.that_made_a_month.items()),
        [(file.name, file.version) for file in models.files],
        [(table.name, table.digest) for table in inputs.tables],
        inputs.world.buckets,
        code_digest(),
        told,
    ):
        made_of.update(repr(one).encode())
    return made_of.hexdigest()[:12]


def _keep_only(folder: Path) -> None:
    """Make the folder, and remove what killed runs have left half-made, or of other inputs or models."""
    for other in folder.parent.glob("*"):
        if other != folder:
            shutil.rmtree(other)
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(f"{SCRATCH}*"):
        shutil.rmtree(left)
