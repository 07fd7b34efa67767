"""The licence reports: the 26 files of the contract, and the offers of training beside them."""

from dataclasses import replace

from reports.field import Report
from reports.licenses.calling_reports import CALLING_REPORTS
from reports.licenses.center_reports import CENTER_REPORTS
from reports.licenses.customer_reports import CUSTOMER_REPORTS, TRAINING_OFFERS
from reports.licenses.section_reports import SECTION_REPORTS

CONTRACT_REPORTS = (*CUSTOMER_REPORTS, *CENTER_REPORTS, *SECTION_REPORTS, *CALLING_REPORTS)
LICENSE_REPORTS = (*CONTRACT_REPORTS, TRAINING_OFFERS)
LASTING = (
    "kpi_summary",
    "customers",
    "customer_subscriptions",
    "customer_licenses_deployment",
    "customer_licenses_usage",
    "partner_licenses_deployment",
)
OVERWRITTEN = "lastAdminSignInDateTime"


def _compared(report: Report) -> Report:
    return replace(report, fields=tuple(field for field in report.fields if field.name != OVERWRITTEN))


COMPARED = tuple(_compared(declared.report) for declared in LICENSE_REPORTS if declared.name in LASTING)
"""What the comparison with last month reads: files whose rows last. Sections are about the next 90 days and
trends about the last weeks, so that most of their rows are new every month. The inputs know the last sign-in
alone: an older month that is made again has fewer of them."""
