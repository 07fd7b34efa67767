"""The licence reports: the 26 files of the contract, and the offers of training beside them."""

from reports.licenses.calling_reports import CALLING_REPORTS
from reports.licenses.center_reports import CENTER_REPORTS
from reports.licenses.customer_reports import CUSTOMER_REPORTS, TRAINING_OFFERS
from reports.licenses.section_reports import SECTION_REPORTS

CONTRACT_REPORTS = (*CUSTOMER_REPORTS, *CENTER_REPORTS, *SECTION_REPORTS, *CALLING_REPORTS)
LICENSE_REPORTS = (*CONTRACT_REPORTS, TRAINING_OFFERS)
