from pathlib import Path

import pytest

from reports.center.customers.targets import Aim, Plan, called, find_product, plan, territories
from reports.center.people import Role
from tests.reports.center.customers.world import seen, somebody


def planned(home: Path, aim: Aim, *, role: Role = Role.SALES_AGENT, of: str = "P1") -> tuple[Plan, list[str]]:
    source = seen(home, somebody(role, of=of))
    product = find_product(source, aim.product)
    assert product is not None
    found = plan(source, product, aim)
    return found, [row["CustomerID"] or "" for row in called(source, found).rows()]


def test_the_calls_are_those_worth_most(customers_home: Path) -> None:
    found, listed = planned(customers_home, Aim(product="Azure", calls=2))
    assert listed == ["C1", "C2"]
    assert (found.calls, found.candidates) == (2, 3)
    assert found.list.wins.expected == pytest.approx(0.45)
    assert found.list.revenue == 4900.0


def test_a_random_list_of_that_size_is_told_beside_it(customers_home: Path) -> None:
    found, _ = planned(customers_home, Aim(product="Azure", calls=2))
    assert found.at_random.wins.expected == pytest.approx(2 * (0.4 + 0.05 + 0.01) / 3)
    assert found.at_random.revenue == pytest.approx(2 * (4000 + 900 + 10) / 3)


@pytest.mark.parametrize(
    ("aim", "expected"),
    [
        (Aim(product="Azure", area="Europe"), ["C1", "C2"]),
        (Aim(product="Azure", country="United States"), ["C3"]),
        (Aim(product="Azure", territory="DE"), ["C2"]),
        (Aim(product="Azure", cluster="Act Now"), ["C1"]),
        (Aim(product="Azure", area="Atlantis"), []),
        (Aim(product="Azure", partner="P2"), []),
        (Aim(product="Security"), ["C2", "C1"]),
        (Aim(product="M365"), []),
    ],
)
def test_the_list_is_of_the_territory_that_was_chosen(
    customers_home: Path, aim: Aim, expected: list[str]
) -> None:
    found, listed = planned(customers_home, aim)
    assert listed == expected
    assert found.calls == len(expected)


def test_without_money_the_list_goes_by_probability(customers_home: Path) -> None:
    found, listed = planned(customers_home, Aim(product="Azure", calls=2), role=Role.REPORT_VIEWER)
    assert listed == ["C1", "C2"]
    assert (found.list.revenue, found.at_random.revenue) == (None, None)
    assert not [name for name in found.query.columns if "Revenue" in name]


def test_nobody_is_told_to_call_customers_of_others(customers_home: Path) -> None:
    assert planned(customers_home, Aim(product="Azure"), of="P2")[1] == ["C4", "C2"]


def test_territories_are_those_of_the_customers_that_are_seen(customers_home: Path) -> None:
    source = seen(customers_home, somebody())
    product = find_product(source, "Azure")
    assert product is not None
    assert territories(source, product) == {
        "Area": ("Americas", "Europe"),
        "Country": ("Germany", "Poland", "United States"),
        "SalesTerritory": ("DE", "PL", "US"),
    }


def test_a_product_nobody_has_is_not_there(customers_home: Path) -> None:
    assert find_product(seen(customers_home, somebody()), "Abacus") is None
