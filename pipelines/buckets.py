"""One bucket of customers, from its rows to its part of everything that is published; it knows no other."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from features.build import Frames, build
from features.customers import Partner, customers, locations
from features.products import Catalogue
from features.sources.world import World, connect
from pipelines.scorers import ScorerFile, compiled
from reports.check import Breach
from reports.contracts import reports_for
from reports.merge import write_part
from reports.wide import wide
from reports.write import Part, Relations, part_path, write_parts
from scoring.cells import TOLD_CLUSTERS
from scoring.renewals import score_renewals
from scoring.score import Dates, Rules, Scored, score
from scoring.workloads import Habits, recommend

SCORES = "scores"
LOCATIONS = "partner_locations"
KEYS = {
    SCORES: ("account_id", "product"),
    LOCATIONS: ("global_id", "partner_name", "partner_id", "account_id"),
}
"""What parts that are no reports are sorted by."""
DONE = "done.json"
SCRATCH = "scratch-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A bucket to score, and all that this takes: places that every process can read, and small values.

    `folder` is for the parts of all buckets. Without `habits` (by product prefix) only scores are made.
    """

    world: World
    folder: Path
    scorers: tuple[ScorerFile, ...]
    dates: Dates
    catalogue: Catalogue
    partner: Partner
    rules: Rules
    renewals_within_days: int
    memory: str
    threads: int
    habits: Mapping[str, Habits] | None = None

    @property
    def place(self) -> Path:
        """The folder of the bucket's parts."""
        return self.folder / f"{self.world.bucket or 0:04d}"

    @property
    def parts(self) -> tuple[Path, ...]:
        """The files that are there when the bucket is done."""
        reports = (report.name for report in reports_for(self.catalogue))
        names = (SCORES,) if self.habits is None else (*reports, LOCATIONS)
        return tuple(part_path(self.place, name) for name in names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What was made of a bucket, counted; the rows are on the disk.

    `customers` counts those of each product and cluster, or state of no score; `seconds` is by stage.
    """

    bucket: int
    customers: tuple[tuple[str, str, int], ...]
    reports: tuple[Part, ...] = ()
    breaches: tuple[Breach, ...] = ()
    warnings: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)


def score_bucket(task: Task) -> Done:
    """Score a bucket of customers and write its parts; one that was done before stays as it is.

    May be called again, also at the same time: parts are written aside, and are the same bytes each time.

    Raises:
        ReasonsBroken: an Act Now or Evaluate row has no reason, or reasons do not add up.
    """
    told = task.place / DONE
    if told.exists() and all(part.exists() for part in task.parts):
        return _read(told)
    with TemporaryDirectory(prefix=SCRATCH, dir=task.folder) as scratch:
        aside = Path(scratch)
        done = _made(task, aside)
        (aside / DONE).write_text(json.dumps(asdict(done)), "utf-8")
        task.place.mkdir(exist_ok=True)
        for path in (*task.parts, told):
            (aside / path.name).replace(path)
    return done


def _made(task: Task, aside: Path) -> Done:
    seconds: dict[str, float] = {}
    with _timed(seconds, "features"):
        frames = build(
            task.world,
            _as_ofs(task.dates),
            task.catalogue,
            aside / "frames",
            memory=task.memory,
            threads=task.threads,
        )
    with connect(memory=task.memory, threads=task.threads, scratch=aside) as engine:
        with _timed(seconds, "scores"):
            scores = score(frames, compiled(task.scorers), task.dates, rules=task.rules, threads=task.threads)
            renewals = _renewals(engine, task, frames)
        with _timed(seconds, "reports"):
            reports, breaches = _written(engine, task, frames, scores.rows, renewals.rows, aside)
    return Done(
        bucket=task.world.bucket or 0,
        customers=_counted(scores.rows),
        reports=reports,
        breaches=breaches,
        warnings=(*scores.warnings, *renewals.warnings),
        seconds=seconds,
    )


@contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    seconds[stage] = time.monotonic() - began


def _as_ofs(dates: Dates) -> tuple[date, ...]:
    return tuple(when for when in {dates.as_of, dates.fit_as_of, dates.previous} if when is not None)


def _counted(scores: pa.Table) -> tuple[tuple[str, str, int], ...]:
    """Count the customers of each product in each cluster, and in each state of no score."""
    names = ("product", "where")
    columns = (scores["product"], pc.coalesce(scores["cluster"], scores["state"]))
    found = pa.table(columns, names=names).group_by(names).aggregate([([], "count_all")])
    return tuple(sorted(tuple(row.values()) for row in found.select([*names, "count_all"]).to_pylist()))


def _renewals(engine: duckdb.DuckDBPyConnection, task: Task, frames: Frames) -> Scored:
    return score_renewals(
        engine,
        frames,
        task.world,
        compiled(task.scorers).renewal,
        as_of=task.dates.as_of,
        days=task.renewals_within_days,
        threads=task.threads,
    )


def _written(
    engine: duckdb.DuckDBPyConnection,
    task: Task,
    frames: Frames,
    scores: pa.Table,
    renewals: pa.Table,
    folder: Path,
) -> tuple[tuple[Part, ...], tuple[Breach, ...]]:
    """Write the parts into a folder: the scores alone, or those of reports and of who works with whom."""
    as_of, parts = task.dates.as_of, task.world.buckets
    if task.habits is None:
        write_part(scores, part_path(folder, SCORES), parts=parts)
        return (), ()
    relation = wide(
        engine,
        frames,
        str(frames.path(as_of)),
        customers=customers(engine, task.world, as_of, task.partner),
        scores=scores,
        recommended=_recommended(engine, task, task.habits, scores),
    )
    engine.register("renewals", renewals)
    places = locations(engine, task.world, as_of, task.partner)
    write_part(places, part_path(folder, LOCATIONS), parts=parts)
    relations = Relations(wide=relation, renewals="renewals")
    return write_parts(engine, task.catalogue, relations, folder, parts=parts)


def _recommended(
    engine: duckdb.DuckDBPyConnection, task: Task, habits: Mapping[str, Habits], scores: pa.Table
) -> pa.Table:
    """Recommend workloads of each product that has any."""
    acted_on = pc.is_in(scores["cluster"], value_set=pa.array(TOLD_CLUSTERS))
    found = []
    for product in task.catalogue.products:
        rows = pc.and_(acted_on, pc.equal(scores["product"], product.prefix))
        whom = frozenset(scores.filter(rows)["account_id"].to_pylist())
        learned = habits[product.prefix]
        found.append(recommend(engine, task.world, task.dates.as_of, product, learned=learned, acted_on=whom))
    return pa.concat_tables(found)


def _read(path: Path) -> Done:
    """Read what was written of a bucket that is done."""
    told = json.loads(path.read_text("utf-8"))
    return Done(
        bucket=told["bucket"],
        customers=tuple((product, where, count) for product, where, count in told["customers"]),
        reports=tuple(
            Part(
                report=part["report"],
                rows=part["rows"],
                holds_for=tuple((flag, count) for flag, count in part["holds_for"]),
            )
            for part in told["reports"]
        ),
        breaches=tuple(Breach(**{**one, "examples": tuple(one["examples"])}) for one in told["breaches"]),
        warnings=tuple(told["warnings"]),
        seconds=told["seconds"],
    )
