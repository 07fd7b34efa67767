"""Reading the inputs of a run: accepted rows, and what was found on the way."""

from features.sources.read import Accepted, accept, describe
from pipelines.job import Job
from pipelines.journal import Journal


def read_inputs(job: Job, journal: Journal) -> Accepted:
    """Read every table as known before the job's as-of date.

    Raises:
        InputsRefused: a required table is missing, or more rows are bad than the settings bear.
    """
    with journal.stage("inputs"):
        accepted = accept(
            job.place,
            mapping=job.mapping,
            as_of=job.as_of,
            work=job.work / "tables",
            quarantine=job.quarantine,
            tolerance=job.settings.bad_rows_at_most,
            memory=job.settings.memory,
            customers_in_bucket=job.customers_in_bucket,
        )
        for told in describe(accepted):
            journal.progress(told)
        return accepted
