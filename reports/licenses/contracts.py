"""The licence reports: the 26 files of the contract, and the offers of training beside them."""

from reports.licenses.calling_reports import CALLING_REPORTS
from reports.licenses.center_reports import CENTER_REPORTS
from reports.licenses.customer_reports import CUSTOMER_REPORTS, TRAINING_OFFERS
from reports.licenses.section_reports import SECTION_REPORTS

CONTRACT_REPORTS = (*CUSTOMER_REPORTS, *CENTER_REPORTS, *SECTION_REPORTS, *CALLING_REPORTS)
LICENSE_REPORTS = (*CONTRACT_REPORTS, TRAINING_OFFERS)
COMPARED = tuple(
    declared.report
    for declared in LICENSE_REPORTS
    if declared.name in {"kpi_summary", "customers", "customer_subscriptions", "partner_licenses_deployment"}
    or declared.name.startswith("customer_licenses")
)
"""What the comparison with last month reads: files whose rows last. The sections are
about the next 90 days and the trends about the last weeks: most of their rows are new every month."""
