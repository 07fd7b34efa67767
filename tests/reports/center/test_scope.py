"""Who may read which datasets and columns; the rows are tested where they are selected."""

import pytest

from reports.center.people import Person, Reach, Role
from reports.center.scope import Scope, scope
from tests.reports.center.published import DATASETS

EVERYTHING = Reach(everything=True)


def of(role: Role, reach: Reach = EVERYTHING) -> Scope:
    return scope(Person(id=1, subject="ana", name="Ana", role=role, reach=reach), DATASETS)


def names(found: Scope, dataset: str) -> set[str]:
    return {field.name for field in found.fields[dataset]}


def test_a_report_viewer_has_neither_money_nor_people() -> None:
    azure = names(of(Role.REPORT_VIEWER), "CLASAzurePropensity")
    assert "AzureCluster" in azure
    assert not {"AzurePotentialRevenue", "AzureExpectedRevenue"} & azure
    assert "ExpiringRevenue" not in names(of(Role.REPORT_VIEWER), "CLASAgreementRenewalsPropensity")
    assert not {"personId", "displayName"} & names(of(Role.REPORT_VIEWER), "partner_admins")


@pytest.mark.parametrize(
    "role", [Role.EXECUTIVE_VIEWER, Role.GLOBAL_ADMIN, Role.SALES_AGENT, Role.ADMIN_AGENT]
)
def test_others_who_see_rows_have_every_column(role: Role) -> None:
    assert {name: names(of(role), name) for name in DATASETS} == {
        name: set(dataset.report.header) for name, dataset in DATASETS.items()
    }


def test_a_user_administrator_has_no_dataset_at_all() -> None:
    assert of(Role.USER_ADMIN).datasets == {}
    assert of(Role.USER_ADMIN).dataset("CLASAzurePropensity") is None


def test_a_location_has_no_figures_of_its_whole_partner() -> None:
    found = of(Role.EXECUTIVE_VIEWER, Reach(locations=frozenset({"L1"})))
    assert "kpi_summary" not in found.datasets
    assert "CLASAzurePropensity" in found.datasets


def test_names_are_found_in_any_case_and_hidden_ones_never() -> None:
    found = of(Role.REPORT_VIEWER)
    azure = found.dataset("clasAZUREpropensity")
    assert azure is not None
    field = found.field(azure, "azurecluster")
    assert field is not None
    assert field.name == "AzureCluster"
    assert found.field(azure, "AzureExpectedRevenue") is None


def test_a_digest_tells_scopes_apart() -> None:
    scopes = [
        of(Role.REPORT_VIEWER),
        of(Role.SALES_AGENT),
        of(Role.SALES_AGENT, Reach(partners=frozenset({"P1"}))),
        of(Role.SALES_AGENT, Reach(partners=frozenset({"P2"}))),
        of(Role.SALES_AGENT, Reach(locations=frozenset({"P1"}))),
        of(Role.SALES_AGENT, Reach(partners=frozenset({"P1", "P2"}))),
    ]
    assert len({one.digest for one in scopes}) == len(scopes)
    assert of(Role.SALES_AGENT).digest == of(Role.GLOBAL_ADMIN).digest
