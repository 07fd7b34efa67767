"""What a piece of work costs: seconds, CPU seconds, memory and disk, of a process and all its children.

A process that does the work is watched from outside, so that no busy interpreter hides a peak. Memory is the
proportional set size (PSS): what processes share is counted once.
"""

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ParamSpec, TypeVar

from pipelines.journal import Journal

MB = 1024 * 1024
EVERY = 0.2
"""Seconds between two looks at memory."""
DISK_EVERY = 10
"""Looks at memory between two at the disk, which cost more."""
TICKS = os.sysconf("SC_CLK_TCK")

Given = ParamSpec("Given")
Got = TypeVar("Got")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a stage cost: seconds, CPU seconds, highest memory and highest disk in MB; children included."""

    stage: str
    seconds: float
    cpu: float = 0.0
    megabytes: float = 0.0
    disk_megabytes: float = 0.0
    began: float = 0.0
    """When it began, as the system's monotonic clock tells all processes."""
    within: str = ""
    """The stage that it is a part of; its seconds are then those of all processes together."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen at an instant: bytes of memory, and of disk where it was looked at."""

    at: float
    memory: int
    disk: int


@dataclass(slots=True)
class Meter(Journal):
    """A journal that also keeps what each stage cost."""

    costs: list[Cost] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage, and take its CPU."""
        began, before = time.monotonic(), cpu_seconds(os.getpid())
        with Journal.stage(self, name):
            yield
        self.costs.append(
            Cost(
                stage=name,
                seconds=time.monotonic() - began,
                cpu=cpu_seconds(os.getpid()) - before,
                began=began,
            )
        )

    def spent(self, name: str, seconds: float, *, within: str) -> None:
        """Keep what a part of a stage took, all processes together; its CPU and memory are the stage's."""
        Journal.spent(self, name, seconds, within=within)
        self.costs.append(Cost(stage=name, seconds=seconds, within=within))


def cpu_seconds(process: int) -> float:
    """Return the CPU seconds of a process, of its children, and of those that they have waited for."""
    ticks = 0
    for one in family(process):
        told = _read(Path(f"/proc/{one}/stat")).rpartition(")")[2].split()
        ticks += sum(map(int, told[11:15])) if told else 0
    return ticks / TICKS


def family(process: int) -> Sequence[int]:
    """Return a process and all that come from it."""
    found = [process]
    for one in found:
        for thread in _threads(one):
            found += map(int, _read(thread / "children").split())
    return found


def watched(
    work: Callable[Given, Got], folders: Sequence[Path], *given: Given.args, **named: Given.kwargs
) -> tuple[Got, list[Look]]:
    """Do the work in a fresh process; return what it returns, and what was seen of it meanwhile.

    The disk is what the folders hold.
    """
    looks: list[Look] = []
    over = threading.Event()
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as one:
        process = one.submit(os.getpid).result()
        watcher = threading.Thread(target=_watch, args=(process, folders, looks, over))
        watcher.start()
        try:
            return one.submit(work, *given, **named).result(), looks
        finally:
            over.set()
            watcher.join()


def with_peaks(costs: Sequence[Cost], looks: Sequence[Look]) -> list[Cost]:
    """Return the costs with the highest that was seen during each stage."""
    found = []
    for cost in costs:
        seen = [one for one in looks if cost.began <= one.at <= cost.began + cost.seconds]
        memory = max((one.memory for one in seen), default=0) / MB
        disk = max((one.disk for one in seen), default=0) / MB
        found.append(replace(cost, megabytes=memory, disk_megabytes=disk))
    return found


def total(costs: Sequence[Cost], stage: str = "total") -> Cost:
    """Return the stages as one: sums of seconds, and the highest of memory and disk."""
    return Cost(
        stage=stage,
        seconds=sum(one.seconds for one in costs),
        cpu=sum(one.cpu for one in costs),
        megabytes=max((one.megabytes for one in costs), default=0.0),
        disk_megabytes=max((one.disk_megabytes for one in costs), default=0.0),
    )


def _watch(process: int, folders: Sequence[Path], looks: list[Look], over: threading.Event) -> None:
    while True:
        is_over = over.is_set()
        looks_at_disk = is_over or len(looks) % DISK_EVERY == 0
        memory = sum(map(_memory, family(process)))
        looks.append(Look(time.monotonic(), memory, sum(map(size, folders)) if looks_at_disk else 0))
        if is_over:
            return
        over.wait(EVERY)


def _memory(process: int) -> int:
    for line in _read(Path(f"/proc/{process}/smaps_rollup")).splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def size(folder: Path) -> int:
    """Return the bytes of the files in a folder; files that vanish meanwhile are none."""
    found = 0
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                found += os.stat(os.path.join(path, name), follow_symlinks=False).st_size  # noqa: PTH116, PTH118 - walked often
            except FileNotFoundError:
                continue
    return found


def _threads(process: int) -> Sequence[Path]:
    try:
        return list(Path(f"/proc/{process}/task").iterdir())
    except (FileNotFoundError, ProcessLookupError):
        return ()


def _read(path: Path) -> str:
    """Read a file of a process; one that has ended meanwhile has nothing to tell."""
    try:
        return path.read_text("ascii", "replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
