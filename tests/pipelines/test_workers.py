"""Who works on buckets: this process on one, several processes on more, and none that outlives its run."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from features.errors import WorkerLost
from pipelines.workers import workers

PATIENCE = 120
RUN = """
from collections.abc import Callable
from pathlib import Path
from pipelines.workers import workers
from tests.pipelines.test_workers import waiting
if __name__ == "__main__":
    list(workers(2, 2, threads=2).over(waiting, [Path({folder!r}) / "a", Path({folder!r}) / "b"]))
"""


def process_of(bucket: int) -> tuple[int, int]:
    return bucket, os.getpid()


def killed(bucket: int) -> int:
    if bucket == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return bucket


def broken(bucket: int) -> int:
    raise ValueError(f"bucket {bucket}")


def waiting(to: Path) -> None:
    partial = to.with_suffix(".partial")
    partial.write_text(str(os.getpid()), "ascii")
    partial.replace(to)
    time.sleep(10 * PATIENCE)


def is_alive(process: int) -> bool:
    try:
        told = Path(f"/proc/{process}/status").read_text("ascii")
    except (FileNotFoundError, ProcessLookupError):
        return False
    # One that has ended, but that nobody has asked for yet, is still listed.
    return "State:\tZ" not in told


@pytest.mark.parametrize(("jobs", "buckets"), [(1, 3), (2, 1)])
def test_one_bucket_or_one_job_is_worth_no_process_of_its_own(jobs: int, buckets: int) -> None:
    who = workers(jobs, buckets, threads=2)
    assert who.at_once == 1
    assert list(who.over(process_of, range(buckets))) == [(bucket, os.getpid()) for bucket in range(buckets)]


def test_no_more_processes_work_than_there_are_buckets_and_each_bucket_comes_out_once() -> None:
    assert workers(4, 2, threads=2).at_once == 2
    found = dict(workers(2, 5, threads=2).over(process_of, range(5)))
    assert sorted(found) == list(range(5))
    assert os.getpid() not in found.values()


def test_a_killed_process_is_told_in_a_sentence() -> None:
    with pytest.raises(WorkerLost, match="One of 2 processes of this run was killed") as lost:
        list(workers(2, 4, threads=2).over(killed, range(4)))
    assert lost.value.exit_code == 6


def test_a_bug_in_a_process_is_a_bug_here() -> None:
    with pytest.raises(ValueError, match="bucket"):
        list(workers(2, 2, threads=2).over(broken, range(2)))


def test_processes_end_with_the_run_they_work_for(tmp_path: Path) -> None:
    script = tmp_path / "run.py"
    script.write_text(RUN.format(folder=str(tmp_path)), "utf-8")
    root = str(Path(__file__).parents[2])
    run = subprocess.Popen([sys.executable, str(script)], env={**os.environ, "PYTHONPATH": root})
    told = [tmp_path / "a", tmp_path / "b"]
    try:
        _until(lambda: all(path.exists() for path in told))
    finally:
        run.kill()
        run.wait()
    children = [int(path.read_text("ascii")) for path in told]
    _until(lambda: not any(map(is_alive, children)))


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)
