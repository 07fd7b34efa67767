"""What the centre reads, from the declarations of the reports."""

from features.products import Catalogue
from reports.center.datasets import datasets_of, is_money, is_personal
from reports.contracts import REPORTS
from reports.field import Form
from reports.licenses.contracts import LICENSE_REPORTS

DATASETS = datasets_of(Catalogue())


def test_every_published_report_is_a_dataset_with_a_partner() -> None:
    assert set(DATASETS) == {*(one.name for one in REPORTS), *(one.name for one in LICENSE_REPORTS)}
    assert all(dataset.partner in dataset.report.header for dataset in DATASETS.values())


def test_every_dataset_with_a_customer_says_so() -> None:
    of_partners = {name for name, dataset in DATASETS.items() if dataset.customer is None}
    assert of_partners == {
        "kpi_summary",
        "partner_licenses_deployment",
        "partner_licenses_usage",
        "license_distribution_trend",
        "calling_users_by_usage",
        "call_quality_trend",
        "call_quality_by_endpoint",
        "calling_feature_use",
    }


def test_money_is_what_is_in_the_revenue_group_and_every_amount() -> None:
    money = {field.name for one in DATASETS.values() for field in one.report.fields if is_money(field)}
    amounts = {
        field.name for one in DATASETS.values() for field in one.report.fields if field.form is Form.MONEY
    }
    assert amounts <= money
    assert {"AzurePotentialRevenue", "AzureExpectedRevenue", "ExpiringRevenue", "invoiceAmount"} <= money
    assert not {"AzureCluster", "AzurePurchaseProbability"} & money


def test_people_are_personal_and_companies_are_not() -> None:
    fields = DATASETS["partner_admins"].report.fields
    assert [field.name for field in fields if is_personal(field)] == ["personId", "displayName"]
