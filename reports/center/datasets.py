"""What can be read: a dataset for each published report, and which of its columns are money or personal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from features.products import Catalogue, Product
from reports.contracts import reports_for
from reports.field import Field, Form, Group, Report
from reports.licenses.contracts import LICENSE_REPORTS

PROPENSITY, LICENSES = "propensity", "licenses"
"""The folders of a published month."""
MONTH = "Month"
"""The column that is added where a query reads several months."""

PARTNER_COLUMNS = ("GlobalID", "partnerId")
CUSTOMER_COLUMNS = ("CustomerID", "orgId", "customerTenantId", "customerId")
NAME_COLUMNS = ("AccountName", "orgName", "customerName")
PERSONAL_COLUMNS = frozenset({"personId", "displayName", "partnerAdmins", "lastAdminSignInDateTime"})
MONEY_COLUMNS = frozenset({"ExpiringRevenue", "invoiceAmount", "invoiceCurrency"})
"""Money outside the group `revenue`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """A published report as readers ask for it: every cell a text, empty ones null."""

    report: Report
    folder: str
    products: tuple[Product, ...] = ()
    """The products it is the report of."""

    @property
    def name(self) -> str:
        """The name of the report, also of its file without the ending."""
        return self.report.name

    @property
    def path(self) -> str:
        """Where the file is inside a published month."""
        return f"{self.folder}/{self.name}.csv"

    @property
    def partner(self) -> str:
        """The column that says which partner's row it is."""
        return next(name for name in self.report.header if name in PARTNER_COLUMNS)

    @property
    def customer(self) -> str | None:
        """The column that says which customer the row is about; None where it is about a whole partner."""
        return next((name for name in self.report.header if name in CUSTOMER_COLUMNS), None)

    @property
    def customer_name(self) -> str | None:
        """The column of the customer's name, where there is one."""
        return next((name for name in self.report.header if name in NAME_COLUMNS), None)


def is_money(field: Field) -> bool:
    """Tell whether a column shows revenue, prices or invoices."""
    return field.group is Group.REVENUE or field.form is Form.MONEY or field.name in MONEY_COLUMNS


def is_personal(field: Field) -> bool:
    """Tell whether a column is about a person rather than a company."""
    return field.name in PERSONAL_COLUMNS


def datasets_of(catalogue: Catalogue) -> Mapping[str, Dataset]:
    """Return the datasets of a catalogue by name: its propensity reports, then the licence reports."""
    licences: Sequence[Report] = [declared.report for declared in LICENSE_REPORTS]
    found = [
        Dataset(
            report=report,
            folder=PROPENSITY,
            products=tuple(product for product in catalogue.products if product.report == report.name),
        )
        for report in reports_for(catalogue)
    ]
    found += [Dataset(report=report, folder=LICENSES) for report in licences]
    return {dataset.name: dataset for dataset in found}
