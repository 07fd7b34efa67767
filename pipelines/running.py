"""Around every run: the lock, and a report of what stopped it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from features.errors import AscentError
from pipelines.job import Job
from pipelines.journal import Journal
from pipelines.lock import locked
from pipelines.run_report import RunReport, write_run_report

SCRATCH = ("tables", "training", "frames", "models", "staged", "backtest")


@contextmanager
def running(job: Job, journal: Journal) -> Iterator[None]:
    """Hold the home's lock for a run; if it fails, leave a run report that says why, and fail.

    What a run worked on is removed when it has ended well; its scores stay.
    """
    with locked(job.home):
        try:
            yield
            for name in SCRATCH:
                shutil.rmtree(job.work / name, ignore_errors=True)
        except AscentError as error:
            write_run_report(_stopped(job, journal, "refused", str(error)), job.runs)
            raise
        except BaseException as error:
            write_run_report(_stopped(job, journal, "failed", f"{type(error).__name__}: {error}"), job.runs)
            raise


def _stopped(job: Job, journal: Journal, ended: str, message: str) -> RunReport:
    return RunReport(
        month=job.month,
        as_of=job.as_of,
        ended=ended,
        message=message,
        stages=tuple(journal.stages),
        warnings=tuple(journal.warnings),
    )
