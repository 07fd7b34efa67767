import pytest

from features.products import PRODUCTS, Catalogue, Product
from reports.center.datasets import datasets_of
from reports.center.people import Role
from reports.center.products import scored_products, shows_money
from reports.center.scope import scope
from tests.reports.center.customers.world import somebody
from tests.reports.center.published import DATASETS


def test_every_product_is_told_once_from_its_own_report() -> None:
    told = scored_products(scope(somebody(), DATASETS))
    assert {one.prefix: (one.name, one.dataset.name) for one in told} == {
        one.prefix: (one.name, one.report) for one in PRODUCTS
    }
    assert len(told) == len(PRODUCTS)


def test_a_catalogue_of_ones_own_is_told_by_its_names() -> None:
    printers = Product(prefix="Print", name="Printers", report="Printing", sold_as=("Print",))
    (one,) = scored_products(scope(somebody(), datasets_of(Catalogue((printers,)))))
    assert (one.name, one.cluster, one.probability, one.expected) == (
        "Printers",
        "PrintCluster",
        "PrintPurchaseProbability",
        "PrintExpectedRevenue",
    )
    assert set(one.dataset.report.header) >= {one.cluster, one.probability, one.expected}


@pytest.mark.parametrize(("role", "sees"), [(Role.SALES_AGENT, True), (Role.REPORT_VIEWER, False)])
def test_money_is_shown_to_roles_that_see_it(role: Role, sees: bool) -> None:
    assert shows_money(scope(somebody(role), DATASETS)) is sees


def test_a_role_without_rows_has_no_products() -> None:
    assert scored_products(scope(somebody(Role.USER_ADMIN), DATASETS)) == ()
