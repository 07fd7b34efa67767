"""What a month costs against its raw parts, stage by stage.

    python -m benchmarks.bench [CUSTOMERS] [--density issue|reduced] [--runs 3] [--only job] [--record FILE]

(a) the job: inputs accepted, scores, reasons for everyone who gets them, reports checked and published
(licence reports too where there are licences, but they are no part of the ratio); (b) the raw parts
(`raw_parts.py`): the same aggregates, margins and columns, nothing written in between, no reasons; and, with
`--pandas`, (c) the same work as an ordinary pandas script (`plain_pandas.py`). All read the same inputs and
the same trained models. Of each stage the median of the runs is told, children included; memory is that
of the whole process tree.

The sample world, the world of CUSTOMERS made of it (`worlds.py`) and the models, trained on as many rows
a customer, are made once and kept in `--folder`; everything else is removed again.
"""

import argparse
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from benchmarks.meter import Cost, size, total, watched, with_peaks
from benchmarks.plain_pandas import plain_pandas
from benchmarks.prepare import AS_OFS, MONTH, Bench, champions, prepare
from benchmarks.raw_parts import boosters_of, raw_parts
from benchmarks.worlds import DENSITIES, REDUCED, rows
from pipelines.monthly import make_month

ROOT = Path(__file__).parents[1]
JOB, RAW, PANDAS = "job", "raw parts", "pandas"
APART = ("models", "licence reports")
"""Stages that no raw part answers to: the registry is asked, licences are reported on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What was measured once: each part's stages with their costs, and how many rows a report has."""

    parts: Mapping[str, tuple[Cost, ...]]
    rows: Mapping[str, int] = field(default_factory=dict)


def measure(bench: Bench, parts: Sequence[str]) -> Run:
    """Measure each part once, in a process of its own; the job comes first, the others read its reports."""
    home = bench.folder / f"home-{bench.density.name}-{bench.customers}"
    shutil.rmtree(home, ignore_errors=True)
    (costs, reported), looks = watched(_month, (bench.place, home), bench, home)
    found = {JOB: with_peaks(costs, looks)}
    for name, work in ((RAW, _raw_parts), (PANDAS, _pandas)):
        if name in parts:
            costs, looks = watched(work, (), bench, home)
            found[name] = with_peaks(costs, looks)
    shutil.rmtree(home)
    return Run(parts={name: tuple(costs) for name, costs in found.items()}, rows=reported)


def _month(bench: Bench, home: Path) -> tuple[list[Cost], dict[str, int]]:
    meter = bench.meter()
    report = make_month(bench.job(home, bench.place), meter, train=False)
    return meter.costs, {file.name: file.rows for file in report.files}


def _raw_parts(bench: Bench, home: Path) -> list[Cost]:
    meter = bench.meter()
    raw_parts(
        bench.place,
        AS_OFS,
        champions(bench),
        home / "published" / MONTH / "propensity",
        home / "raw",
        meter,
        threads=bench.jobs,
    )
    return meter.costs


def _pandas(bench: Bench, home: Path) -> list[Cost]:
    meter = bench.meter()
    boosters = {
        prefix: [trees.text for trees in boosters_of(model)] for prefix, model in champions(bench).items()
    }
    plain_pandas(
        bench.place, AS_OFS, boosters, home / "published" / MONTH / "propensity", home / "pandas", meter
    )
    return meter.costs


def medians(runs: Sequence[Run]) -> Run:
    """Return what the runs cost in the middle, stage by stage; of memory and disk the highest."""
    return Run(
        parts={
            name: tuple(
                _median(key, [[one for one in run.parts[name] if _key(one) == key] for run in runs])
                for key in dict.fromkeys(map(_key, costs))
            )
            for name, costs in runs[0].parts.items()
        },
        rows=runs[0].rows,
    )


def _key(cost: Cost) -> tuple[str, str]:
    return cost.stage, cost.within


def _median(key: tuple[str, str], runs: Sequence[Sequence[Cost]]) -> Cost:
    stage, within = key
    each = [total(run) for run in runs]
    return Cost(
        stage=stage,
        within=within,
        seconds=median(one.seconds for one in each),
        cpu=median(one.cpu for one in each),
        megabytes=max(one.megabytes for one in each),
        disk_megabytes=max(one.disk_megabytes for one in each),
    )


def in_ratio(costs: Sequence[Cost]) -> Cost:
    """Return the stages that a ratio compares as one."""
    return total([cost for cost in costs if cost.stage not in APART and not cost.within])


def table(found: Run, title: str) -> Table:
    """Tell the parts stage by stage, and the job over each other part."""
    told = Table(title=title, title_justify="left")
    for name in ("Part", "Stage"):
        told.add_column(name)
    for name in ("Seconds", "CPU s", "Peak MB", "Disk MB"):
        told.add_column(name, justify="right")
    for name, costs in found.parts.items():
        for cost in (*costs, in_ratio(costs)):
            told.add_row(name, cost.stage, *_cells(cost))
        told.add_section()
    job = in_ratio(found.parts[JOB])
    for name, costs in found.parts.items():
        if name != JOB:
            other = in_ratio(costs)
            told.add_row(
                f"job / {name}",
                "",
                f"{job.seconds / other.seconds:.2f}",
                f"{job.cpu / other.cpu:.2f}",
                "",
                "",
            )
    return told


def _cells(cost: Cost) -> tuple[str, ...]:
    if cost.within:
        return f"({cost.seconds:,.1f})", "", "", ""
    return f"{cost.seconds:,.1f}", f"{cost.cpu:,.1f}", f"{cost.megabytes:,.0f}", f"{cost.disk_megabytes:,.0f}"


def record(bench: Bench, found: Run, path: Path) -> None:
    """Add what was found to a file of measurements, in place of what it held of the same size and density."""
    kept = json.loads(path.read_text("utf-8")) if path.exists() else []
    one = {
        "customers": bench.customers,
        "density": bench.density.name,
        "memory": bench.memory,
        "jobs": bench.jobs,
        "input_rows": rows(bench.place),
        "input_bytes": size(bench.place),
        "report_rows": dict(found.rows),
        "parts": {
            name: [
                {
                    key: round(value, 1) if isinstance(value, float) else value
                    for key, value in asdict(cost).items()
                    if key != "began"
                }
                for cost in costs
            ]
            for name, costs in found.parts.items()
        },
    }
    same = ("customers", "density")
    kept = [old for old in kept if any(old[key] != one[key] for key in same)]
    told = sorted([*kept, one], key=lambda each: (each["density"], each["customers"]))
    path.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


def main() -> None:
    """Make what is needed, measure, print, record."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("customers", nargs="?", type=int, default=100_000)
    options.add_argument("--density", choices=sorted(DENSITIES), default=REDUCED.name)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--only", choices=(JOB,), help="leave the raw parts out")
    options.add_argument("--pandas", action="store_true", help="the plain pandas script too")
    options.add_argument("--memory", default="2GB", help="the job's setting")
    options.add_argument("--jobs", type=int, default=2, help="threads and processes of every part")
    options.add_argument("--folder", type=Path, default=ROOT / "ascent-home" / "bench")
    options.add_argument("--record", type=Path, help="a JSON file of measurements to add to")
    chosen = options.parse_args()
    bench = Bench(
        customers=chosen.customers,
        density=DENSITIES[chosen.density],
        folder=chosen.folder,
        memory=chosen.memory,
        jobs=chosen.jobs,
    )
    prepare(bench)
    parts = (JOB,) if chosen.only else (JOB, RAW, *((PANDAS,) if chosen.pandas else ()))
    found = medians([measure(bench, parts) for _ in range(chosen.runs)])
    title = f"{bench.customers:,} customers, {bench.density.name} rows, medians of {chosen.runs} runs"
    Console().print(table(found, title))
    if chosen.record:
        record(bench, found, chosen.record)


if __name__ == "__main__":
    main()
