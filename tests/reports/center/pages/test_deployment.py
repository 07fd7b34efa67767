from reports.center.center import Center
from reports.center.pages.deployment import Excess, Line, Ratio, deployment
from reports.center.people import Role
from tests.reports.center.signed import add_person, as_visitor


def test_deployment_and_usage_are_pooled_over_customers_in_both_scopes(licensed: Center) -> None:
    visitor = as_visitor(licensed, add_person(licensed, "seller", partners=("P1",)))
    found = deployment(visitor, partner=None)
    assert found.deployed == (
        Line(
            name="Office 365",
            anywhere=Ratio(numerator=3, denominator=4),
            own=Ratio(numerator=2, denominator=12),
        ),
    )
    assert found.used[0].own == Ratio(numerator=15, denominator=20)
    assert found.used[0].anywhere.share == 1.2  # never clamped


def test_what_is_above_100_percent_is_told_by_cause(licensed: Center) -> None:
    visitor = as_visitor(licensed, add_person(licensed, "seller", partners=("P1",)))
    assert deployment(visitor, partner=None).above == (
        Excess(name="Exchange", scope="Own subscriptions", customers=1, excess=2, causes=(0, 0, 2, None, 0)),
    )


def test_a_location_sees_the_figures_of_its_customers_alone(licensed: Center) -> None:
    person = add_person(licensed, "location", partners=("P1",), locations=("L2",))
    found = deployment(as_visitor(licensed, person), partner=None)
    assert found.deployed[0].own == Ratio(numerator=1, denominator=10)
    assert found.deployed[0].anywhere == Ratio(numerator=None, denominator=None)
    assert found.above == ()


def test_a_ratio_over_nothing_has_no_share() -> None:
    assert Ratio(numerator=0, denominator=0).share is None
    assert Ratio(numerator=None, denominator=4).share is None


def test_who_sees_no_rows_sees_none(licensed: Center) -> None:
    visitor = as_visitor(licensed, add_person(licensed, "ua", Role.USER_ADMIN, everything=True))
    found = deployment(visitor, partner=None)
    assert (found.deployed, found.used, found.above) == ((), (), ())
