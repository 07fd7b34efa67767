"""The licence reports in a run: beside the propensity reports of a month, or alone for any date."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from features.calling import PoorAbove
from features.sources.read import Accepted
from features.sources.world import connect
from pipelines.inputs import read_inputs
from pipelines.job import Job
from pipelines.journal import Journal
from pipelines.publishing import LICENSES, Staged
from pipelines.running import running
from pipelines.settings import Settings
from reports.licenses.rules import Rules
from reports.licenses.write import LicensesWritten, write_license_reports


def rules_of(settings: Settings) -> Rules:
    """Read the thresholds of licence KPIs from the settings."""
    return Rules(
        soon_days=settings.license_soon_days,
        expires_soon_days=settings.license_expires_soon_days,
        no_activity_days=settings.license_no_activity_days,
        least_peers=settings.license_least_peers,
        low_assignment_percent=settings.license_low_assignment_percent,
        low_adoption_percent=settings.license_low_adoption_percent,
        how_to_per_100=settings.license_how_to_per_100,
        poor_above=PoorAbove(
            packet_loss_percent=settings.poor_call_packet_loss_percent,
            latency_ms=settings.poor_call_latency_ms,
            jitter_ms=settings.poor_call_jitter_ms,
        ),
    )


def stage_licenses(job: Job, inputs: Accepted, staged: Staged, journal: Journal) -> Staged:
    """Write the licence reports of the month beside its propensity reports."""
    written = _write(job, inputs, job.as_of, staged.folder / LICENSES, journal)
    return replace(staged, licenses=written)


def make_kpis(job: Job, to: Path, journal: Journal) -> LicensesWritten:
    """Write the licence reports of the job's inputs into a folder; nothing is published."""
    with running(job, journal):
        return _write(job, read_inputs(job, journal), job.as_of, to, journal)


def _write(job: Job, inputs: Accepted, as_of: date, folder: Path, journal: Journal) -> LicensesWritten:
    with (
        journal.stage("licence reports"),
        connect(memory=job.settings.memory, threads=job.settings.jobs, scratch=job.work) as engine,
    ):
        written = write_license_reports(
            engine, inputs.world, as_of, folder, alone=job.partner, rules=rules_of(job.settings)
        )
        for told in written.no_data:
            journal.progress(told)
        return written
