"""Who does the same thing for every bucket of customers: this process, or several."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from threading import Thread
from typing import Protocol, TypeVar

from features.errors import WorkerLost

T = TypeVar("T")
R = TypeVar("R")


class Over(Protocol):
    """Does something for each of several things."""

    def __call__(self, do: Callable[[T], R], things: Sequence[T], /) -> Iterator[R]:
        """Yield what comes out, in the order in which it is ready."""


@dataclass(frozen=True, slots=True)
class Workers:
    """How many buckets share a machine's memory, the threads of each, and how something is done over buckets.

    What is done must be importable, and both it and what comes out small: it may travel to another process.
    """

    at_once: int
    threads: int
    over: Over


def workers(processes: int, buckets: int, *, threads: int) -> Workers:
    """Return as many processes as may work at the same time; one works here, with all the threads."""
    count = min(processes, buckets)
    return Workers(1, threads, _here) if count == 1 else Workers(count, 1, _InProcesses(count))


def _here(do: Callable[[T], R], things: Sequence[T]) -> Iterator[R]:
    yield from map(do, things)


@dataclass(frozen=True, slots=True)
class _InProcesses:
    """Processes that begin anew: what this one holds, and its threads, would be copied to a forked one."""

    count: int

    def __call__(self, do: Callable[[T], R], things: Sequence[T]) -> Iterator[R]:
        """Yield what comes out.

        Raises:
            WorkerLost: a process was killed.
        """
        pool = ProcessPoolExecutor(self.count, mp_context=get_context("spawn"), initializer=_end_with_parent)
        try:
            for done in as_completed([pool.submit(do, thing) for thing in things]):
                yield done.result()
        except BrokenProcessPool as lost:
            raise WorkerLost(
                f"One of {self.count} processes of this run was killed, most often because the machine ran"
                " out of memory. What is finished is kept: start again, with less --memory or fewer jobs."
            ) from lost
        finally:
            pool.shutdown(cancel_futures=True)


def _end_with_parent() -> None:
    """Let a process not outlive the run it works for, even where that is killed."""
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    Thread(target=watch, daemon=True).start()
