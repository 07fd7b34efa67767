"""Measure a whole training of a world of millions: seconds and CPU step by step, and the highest memory.

    python -m benchmarks.training CUSTOMERS [--density issue|reduced] [--folder DIR] [--memory 2GB] [--jobs 2]

The world is a sample world again and again (`benchmarks/worlds.py`): its copies teach nothing that one of
them does not, so time, memory and rows are judged here, and quality on honest worlds alone
(`benchmarks/quality.py`, `tests/models/test_sampled.py`).
"""

import argparse
import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.meter import Cost, Meter, cpu_seconds, watched, with_peaks
from benchmarks.prepare import SAMPLE, Bench, prepare_worlds
from benchmarks.worlds import DENSITIES, ISSUE
from pipelines.monthly import train_month

MINUTES_AT_MOST = 10
GIGABYTES_AT_MOST = 3
STAGE = "models"
"""The stage of a month in which it trains; reading the inputs comes before and is no part of it."""


@dataclass(slots=True)
class Steps(Meter):
    """A meter that keeps what each told step cost too, up to the next one."""

    steps: list[Cost] = field(default_factory=list)
    _now: tuple[str, float, float] | None = None

    def progress(self, told: str) -> None:
        """Say what is being done now, and keep what the step before cost."""
        self.over()
        self._now = (told, time.monotonic(), cpu_seconds(os.getpid()))
        Meter.progress(self, told)

    def over(self) -> None:
        """End the last step."""
        if self._now is not None:
            told, began, cpu = self._now
            seconds, spent = time.monotonic() - began, cpu_seconds(os.getpid()) - cpu
            self.steps.append(Cost(stage=told, seconds=seconds, cpu=spent, began=began))
            self._now = None


def measure(bench: Bench) -> tuple[list[Cost], list[Cost]]:
    """Train once, in a process of its own; return what its stages and its steps cost."""
    home = bench.folder / f"training-{bench.density.name}-{bench.customers}"
    shutil.rmtree(home, ignore_errors=True)
    (stages, steps), looks = watched(_train, (home,), bench, home)
    shutil.rmtree(home)
    return with_peaks(stages, looks), with_peaks(_within(stages, steps), looks)


def _train(bench: Bench, home: Path) -> tuple[list[Cost], list[Cost]]:
    meter = Steps(bench.meter().console)
    train_month(bench.fresh(home), meter)
    meter.over()
    return meter.costs, meter.steps


def _within(stages: Sequence[Cost], steps: Sequence[Cost]) -> list[Cost]:
    """Return the steps of the training alone."""
    (training,) = (one for one in stages if one.stage == STAGE)
    return [one for one in steps if training.began <= one.began <= training.began + training.seconds]


def main() -> None:
    """Make the world, train, and tell what it cost."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("customers", type=int)
    options.add_argument("--density", choices=sorted(DENSITIES), default=ISSUE.name)
    options.add_argument("--folder", type=Path, default=Path("ascent-home") / "benchmarks")
    options.add_argument("--memory", default="2GB")
    options.add_argument("--jobs", type=int, default=2)
    chosen = options.parse_args()
    bench = Bench(
        customers=chosen.customers,
        density=DENSITIES[chosen.density],
        folder=chosen.folder,
        memory=chosen.memory,
        jobs=chosen.jobs,
        sample=SAMPLE,
    )
    prepare_worlds(bench)
    stages, steps = measure(bench)
    for title, costs in (("stage", stages), ("step of the training", steps)):
        print(f"\n{title:60} {'seconds':>9} {'CPU s':>9} {'GB':>6}")
        for one in costs:
            print(f"{one.stage[:60]:60} {one.seconds:9.1f} {one.cpu:9.1f} {one.megabytes / 1024:6.2f}")
    (training,) = (one for one in stages if one.stage == STAGE)
    is_quick = training.seconds <= MINUTES_AT_MOST * 60
    is_small = training.megabytes <= GIGABYTES_AT_MOST * 1024
    print(f"\n{MINUTES_AT_MOST} minutes: {is_quick}; {GIGABYTES_AT_MOST} GB: {is_small}")


if __name__ == "__main__":
    main()
