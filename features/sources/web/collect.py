"""Collects from a list of domains by processes that crawl their shares; reports what became of all."""

import json
import os
import pickle
import selectors
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path

from features.errors import CallRefused, WorkerLost
from features.sources.web.domains import DomainList, write_refused
from features.sources.web.outcomes import Tally, tally, write_visits
from features.sources.web.plan import Plan, Task
from features.sources.web.share import Share, by_bucket
from features.sources.web.state import State
from features.sources.web.write import write_buckets

PATIENCE = 60.0
"""Seconds that a process is given to end once it was told to."""
REASONS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a collection came to by now: domains by outcome, and what was found on that day and ever.

    `left` are the domains of the share that were not visited to the end. `reasons` are the most frequent
    (outcome, reason, domains).
    """

    day: date
    share: str
    lines: int
    refused: int
    repeated: int
    domains: int
    left: int
    tally: Tally
    signals: int
    new_signals: int
    technologies: int
    reasons: tuple[tuple[str, str, int], ...]

    def as_json(self) -> str:
        """Return the report as JSON, the same text for the same report."""
        return json.dumps(asdict(self), default=str, indent=2) + "\n"


def collect(
    plan: Plan,
    listed: DomainList,
    *,
    now: Callable[[], datetime],
    processes: int = 1,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Report:
    """Visit the domains of the plan's share, write what they came to, and the report of it.

    What was done today already is not done again. `now` must be a function or object that can be pickled:
    processes tell the time by it. An exception, such as KeyboardInterrupt, ends the processes with everything
    kept that was read; the report is written even so.

    Raises:
        CallRefused: Another collection works on the same domains, or what was kept cannot be read.
        WorkerLost: A process was killed, by the system most often, for want of memory.
    """
    plan.notes.mkdir(parents=True, exist_ok=True)
    write_refused(listed.refused, plan.notes / "refused.csv")
    day = now().date()
    try:
        if not _all_done(plan, day):
            _crawl(plan, processes, now, progress)
    except (KeyboardInterrupt, SystemExit):
        report(plan, listed, day)
        raise
    return report(plan, listed, day)


def _all_done(plan: Plan, day: date) -> bool:
    """Tell whether nothing is left to visit; then write the tables, should that have been interrupted."""
    with closing(State(plan.state)) as state:
        mine = filter(plan.share.has, plan.domains)
        if any(state.visited(domain, day) is None for domain in mine):
            return False
        write_buckets(state, plan.share.buckets(), plan.folder)
    return True


def _crawl(
    plan: Plan, processes: int, now: Callable[[], datetime], progress: Callable[[int, int], None]
) -> None:
    with selectors.DefaultSelector() as heard, ExitStack() as ending:
        done: dict[Share, tuple[int, int]] = {}
        for share in plan.share.split(processes):
            process = ending.enter_context(_started(Task(replace(plan, share=share), now)))
            heard.register(process.stdout, selectors.EVENT_READ, (share, process))  # type: ignore[arg-type]
        while heard.get_map():
            for key, _ in heard.select():
                share, process = key.data
                line = process.stdout.readline()
                if line:
                    done[share] = _told(line)
                    progress(sum(at for at, _ in done.values()), sum(of for _, of in done.values()))
                else:
                    heard.unregister(process.stdout)
                    _check_ended(process)


@contextmanager
def _started(task: Task) -> Iterator[subprocess.Popen[bytes]]:
    """Start a process with a task; at the end tell it to end, which it does with everything kept."""
    # It finds the same modules, wherever it was started from.
    path = os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
    process = subprocess.Popen(
        [sys.executable, "-m", "features.sources.web.process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
        # Out of the reach of the terminal's interruptions: it is told to end, in good order, by us.
        process_group=0,
    )
    with process:
        assert process.stdin is not None
        try:
            process.stdin.write(pickle.dumps(task))
            process.stdin.flush()
            yield process
        finally:
            process.stdin.close()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


def _told(line: bytes) -> tuple[int, int]:
    told = json.loads(line)
    if "refused" in told:
        raise CallRefused(told["refused"])
    return told["done"], told["of"]


def _check_ended(process: subprocess.Popen[bytes]) -> None:
    code = process.wait(PATIENCE)
    if code:
        told = f"A process of the collection ended with code {code}. What was read is kept: start again."
        raise WorkerLost(told) if code < 0 else RuntimeError(told)


def report(plan: Plan, listed: DomainList, day: date) -> Report:
    """Write what became of each domain of the share on a day, and the report of all; return the report."""
    with closing(State(plan.state)) as state:
        mine = by_bucket(filter(plan.share.has, plan.domains))
        visits = [state.visited(domain, day) for some in mine.values() for domain in some]
        counts = [state.counts(bucket, day) for bucket in plan.share.buckets() if state.has(bucket)]
    done = [visited for visited in visits if visited is not None]
    signals, fresh, technologies = map(sum, zip(*counts, strict=True)) if counts else (0, 0, 0)
    reasons = Counter((str(one.outcome), one.reason) for one in done if one.reason)
    often = sorted(reasons.items(), key=lambda one: (-one[1], one[0]))[:REASONS]
    came_to = Report(
        day=day,
        share=str(plan.share),
        lines=listed.lines,
        refused=len(listed.refused),
        repeated=listed.repeated,
        domains=len(visits),
        left=len(visits) - len(done),
        tally=tally(done),
        signals=signals,
        new_signals=fresh,
        technologies=technologies,
        reasons=tuple((outcome, reason, count) for (outcome, reason), count in often),
    )
    ending = "" if plan.share.of == 1 else f"-{plan.share.part}-of-{plan.share.of}"
    write_visits(done, plan.notes / f"hosts{ending}.csv")
    part = plan.notes / f"report{ending}.part"
    part.write_text(came_to.as_json(), "utf-8")
    part.replace(plan.notes / f"report{ending}.json")
    return came_to
