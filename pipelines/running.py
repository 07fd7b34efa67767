"""Around every run: the lock, and a report of what stopped it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from features.errors import AscentError
from pipelines.job import Job
from pipelines.journal import Journal
from pipelines.lock import locked
from pipelines.run_report import RunReport, write_run_report
from reports.disk import full_disk_refused


@contextmanager
def running(job: Job, journal: Journal) -> Iterator[None]:
    """Hold the home's lock for a run; if it fails, leave a run report that says why, and fail."""
    with locked(job.home):
        try:
            with full_disk_refused(job.home):
                yield
        except AscentError as error:
            _leave(job, journal, "refused", str(error))
            raise
        except BaseException as error:
            _leave(job, journal, "failed", f"{type(error).__name__}: {error}")
            raise


def _leave(job: Job, journal: Journal, ended: str, message: str) -> None:
    report = RunReport(
        month=job.month,
        as_of=job.as_of,
        ended=ended,
        message=message,
        stages=tuple(journal.stages),
        warnings=tuple(journal.warnings),
    )
    # A full disk may not take the report either; what stopped the run must be told all the same.
    with suppress(OSError):
        write_run_report(report, job.runs)
