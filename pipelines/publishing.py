"""From scores to a published month: write aside, compare, put in place."""

import shutil
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from features.errors import PublicationRefused
from features.sources.read import Accepted
from features.sources.world import connect
from models.figures import drifted
from pipelines.buckets import KEYS, LOCATIONS
from pipelines.expectations import Expected
from pipelines.job import Job
from pipelines.journal import Journal
from pipelines.releases import told
from pipelines.training import Models
from reports import compare, publish
from reports.check import ContractBroken, together
from reports.contracts import contract_version, reports_for
from reports.disk import full_disk_refused
from reports.licenses.contracts import COMPARED, LICENSE_REPORTS
from reports.licenses.write import LicensesWritten
from reports.manifest import Manifest, files_of
from reports.merge import write_merged
from reports.publish import Published
from reports.write import Written, part_path, write_report

PROPENSITY = "propensity"
LICENSES = "licenses"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A month written aside: its folder, its propensity reports, and then its licence reports."""

    folder: Path
    reports: tuple[Written, ...]
    licenses: LicensesWritten | None = None

    @property
    def rows(self) -> dict[str, int]:
        """The data rows of every report, by its path in the folder."""
        parts = ((PROPENSITY, self.reports), (LICENSES, self.licenses.reports if self.licenses else ()))
        return {f"{part}/{report.name}.csv": report.rows for part, reports in parts for report in reports}


def refuse_drift(job: Job, models: Models, journal: Journal) -> None:
    """Stop a new month whose models missed what happened last by more than chance, unless a reason is given.

    With a reason the run report says what it lets pass.

    Raises:
        PublicationRefused: observed over expected wins left 0.8 to 1.25 on the newest closed date.
    """
    if publish.published(job.home, job.month) is not None:
        return
    kept = {name: told(version).drift for name, version in sorted(models.versions.items())}
    judged = {name: drift for name, drift in kept.items() if drift is not None}
    missed = [(name, judged[name].interval()) for name in drifted(judged)]
    if not missed:
        return
    got = "; ".join(f"{name}: {one.value:.2f} ({one.low:.2f} to {one.high:.2f})" for name, one in missed)
    sentence = (
        f"{len(missed)} of {len(judged)} models missed what happened on the newest closed date; observed"
        f" over expected wins of 0.8 to 1.25 were expected, got {got}."
    )
    if not job.accept:
        raise PublicationRefused(
            f"{sentence} See what changed in the inputs; to publish all the same, run again with"
            ' --accept "reason".'
        )
    journal.warn(f"{sentence} Published all the same: {job.accept}")


def stage_month(job: Job, expected: Expected, journal: Journal) -> Staged:
    """Write every report of the month, and who works with whom, into a folder that nobody reads yet.

    Raises:
        ContractBroken: a report is not what is declared; all breaches of all reports, told at once.
        PublicationRefused: the disk is full.
    """
    folder = job.work / "staged"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / PROPENSITY).mkdir(parents=True)
    with journal.stage("reports in order"), full_disk_refused(folder):
        if breaches := together(breach for one in expected.buckets for breach in one.breaches):
            raise ContractBroken(breaches)
        written = []
        for report in reports_for(job.catalogue):
            parts = [part for one in expected.buckets for part in one.reports if part.report == report.name]
            written.append(write_report(report, parts, expected.parts, folder / PROPENSITY))
        places = [part_path(part, LOCATIONS) for part in expected.parts]
        write_merged(places, KEYS[LOCATIONS], folder / f"{LOCATIONS}.parquet")
        shutil.rmtree(expected.folder)
    return Staged(folder=folder, reports=tuple(written))


def compare_with_last_month(job: Job, staged: Staged, journal: Journal) -> tuple[compare.Move, ...]:
    """Compare the staged reports with those of the last month published before.

    Raises:
        PublicationRefused: something moved beyond its tolerance and no reason is given.
    """
    last = publish.last_before(job.home, job.month)
    if last is None:
        return ()
    with journal.stage("comparison"), connect(memory=job.settings.memory, scratch=job.work) as engine:
        moves = (
            *compare.compare(
                engine, reports_for(job.catalogue), last / PROPENSITY, staged.folder / PROPENSITY
            ),
            *compare.compare(engine, COMPARED, last / LICENSES, staged.folder / LICENSES),
        )
        compare.refuse_beyond(moves, last=last.name, accept=job.accept)
        return moves


def publish_month(
    job: Job, inputs: Accepted, staged: Staged, models: dict[str, str], journal: Journal
) -> Published:
    """Put the staged month in place by one atomic step, with its manifest."""
    with journal.stage("publication"):
        manifest = Manifest(
            month=job.month,
            as_of=job.as_of.isoformat(),
            contract_version=contract_version(
                (*reports_for(job.catalogue), *(declared.report for declared in LICENSE_REPORTS))
            ),
            code_version=version("ascent"),
            files=files_of(staged.folder, staged.rows),
            models=models,
            inputs={table.name: table.digest for table in inputs.tables},
            settings=job.settings.that_made_a_month,
        )
        return publish.publish(job.home, job.month, staged.folder, manifest, accept=job.accept)
