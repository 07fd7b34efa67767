"""Runs of `ascent monthly` that end by SIGKILL at a moment of one's choice."""

import multiprocessing
import time
from collections.abc import Callable, Sequence
from multiprocessing.process import BaseProcess

from tests.end_to_end.commands import here

SERVER = multiprocessing.get_context("forkserver")
"""Children of a process that has imported the command already: what is killed is the work."""
IMPORTED = ["mlflow", "pipelines.monthly", "tests.end_to_end.commands"]
PATIENCE = 120


def started(call: Sequence[object]) -> BaseProcess:
    SERVER.set_forkserver_preload(IMPORTED)
    run = SERVER.Process(target=here, args=("monthly", *call))
    run.start()
    return run


def killed_after(call: Sequence[object], seconds: float) -> None:
    """Start a run and kill it after so many seconds, if it has not ended before."""
    run = started(call)
    run.join(seconds)
    kill(run)


def killed_once(call: Sequence[object], holds: Callable[[], bool], *, then: float = 0) -> None:
    """Start a run and kill it as soon as something holds, or `then` seconds later.

    What holds must go on holding: on a busy machine much may happen between two looks.
    """
    run = started(call)
    try:
        deadline = time.monotonic() + PATIENCE
        while not holds():
            assert run.is_alive(), "the run ended before what should hold did"
            assert time.monotonic() < deadline, f"nothing held in {PATIENCE} seconds"
            time.sleep(0.002)
        time.sleep(then)
    finally:
        kill(run)


def kill(run: BaseProcess) -> None:
    run.kill()
    run.join()


def seconds_of(call: Sequence[object]) -> float:
    """Let a run end and return how long it took."""
    began = time.monotonic()
    started(call).join()
    return time.monotonic() - began
