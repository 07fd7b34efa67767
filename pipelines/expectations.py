"""From frames and models to scores: the stage between learning and publishing."""

from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq

from features.build import Frames, build
from features.periods import months_before, quarter_as_of
from features.sources.read import Accepted
from features.sources.world import connect
from pipelines.job import Job
from pipelines.journal import Journal
from pipelines.training import Models
from scoring.cells import BALANCED, DEFAULT
from scoring.compiled import compile_models
from scoring.renewals import score_renewals
from scoring.score import Dates, Rules, score


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What is expected of the month: the frames it stands on, scores and renewals."""

    frames: Frames
    scores: pa.Table
    renewals: pa.Table


def score_customers(job: Job, inputs: Accepted, models: Models, journal: Journal) -> Expected:
    """Score every listed customer for every product, and every agreement that ends soon."""
    dates = Dates(as_of=job.as_of, fit_as_of=quarter_as_of(job.as_of), previous=months_before(job.as_of, 1))
    with journal.stage("features"):
        frames = build(
            inputs.world,
            _as_ofs(dates),
            job.catalogue,
            job.work / "frames",
            memory=job.settings.memory,
            threads=job.settings.jobs,
            progress=journal.progress,
        )
    with journal.stage("scores"):
        compiled = compile_models(models.products, models.revenue, models.renewal)
        scores = score(frames, compiled, dates, rules=rules(job), threads=job.settings.jobs)
        pq.write_table(scores.rows, job.work / "scores.parquet", compression="zstd")
        with connect(memory=job.settings.memory, threads=job.settings.jobs) as engine:
            renewals = score_renewals(
                engine,
                frames,
                inputs.world,
                compiled.renewal,
                as_of=job.as_of,
                days=job.settings.renewals_within_days,
                threads=job.settings.jobs,
            )
        for warning in (*scores.warnings, *renewals.warnings):
            journal.warn(warning)
    return Expected(frames=frames, scores=scores.rows, renewals=renewals.rows)


def rules(job: Job) -> Rules:
    """Return the job's rules: which cell belongs to which cluster."""
    return Rules(table=BALANCED if job.settings.clusters == "balanced" else DEFAULT)


def _as_ofs(dates: Dates) -> tuple[date, ...]:
    return tuple(when for when in {dates.as_of, dates.fit_as_of, dates.previous} if when is not None)
