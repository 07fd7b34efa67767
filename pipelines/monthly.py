"""The month, from inputs to published files."""

from pathlib import Path

from pipelines.evidence import report_of, write_evidence
from pipelines.expectations import keep_scores, score_customers
from pipelines.inputs import read_inputs
from pipelines.job import Job
from pipelines.journal import Journal
from pipelines.licensing import stage_licenses
from pipelines.publishing import compare_with_last_month, publish_month, refuse_drift, stage_month
from pipelines.run_report import RunReport
from pipelines.running import running
from pipelines.training import models_of_month, settle


def make_month(job: Job, journal: Journal, *, train: bool = True) -> RunReport:
    """Make a month: read, train what is due, score, write, compare, publish."""
    with running(job, journal):
        inputs = read_inputs(job, journal)
        models = models_of_month(job, inputs, journal, train=train)
        refuse_drift(job, models, journal)
        expected = score_customers(job, inputs, models, journal)
        staged = stage_month(job, expected, journal)
        staged = stage_licenses(job, inputs, staged, journal)
        moved = compare_with_last_month(job, staged, journal)
        report = report_of(job, inputs, models, expected, staged, moved, journal)
        write_evidence(report, models, staged)
        published = publish_month(job, inputs, staged, models.numbers, journal)
        settle(job, models)
        return report.ended_as(published)


def train_month(job: Job, journal: Journal) -> RunReport:
    """Train and register what is due for a month; nothing is published."""
    with running(job, journal):
        inputs = read_inputs(job, journal)
        models = models_of_month(job, inputs, journal)
        settle(job, models)
        return report_of(job, inputs, models, None, None, (), journal)


def score_month(job: Job, journal: Journal) -> Path:
    """Score a month with the champions and return where the scores are; nothing is published."""
    with running(job, journal):
        inputs = read_inputs(job, journal)
        models = models_of_month(job, inputs, journal, train=False)
        expected = score_customers(job, inputs, models, journal, told=False)
        return keep_scores(job, expected)
