from reports.center.center import Center
from reports.center.pages.comparison import side_by_side
from reports.center.pages.partners import Partner, partners, shared_customers
from reports.center.people import Role
from tests.reports.center.signed import add_person, as_visitor


def test_partners_are_those_of_the_reach_by_name_and_an_unnamed_one_by_id(licensed: Center) -> None:
    one = as_visitor(licensed, add_person(licensed, "one", partners=("P1", "P4")))
    assert partners(one) == (Partner(id="P1", name="Harbour"), Partner(id="P4", name="P4"))
    everybody = as_visitor(licensed, add_person(licensed, "all", everything=True))
    assert [partner.id for partner in partners(everybody)] == ["P1", "P2", "P4", "P3"]


def test_who_sees_no_rows_sees_no_partners(licensed: Center) -> None:
    visitor = as_visitor(licensed, add_person(licensed, "ua", Role.USER_ADMIN, everything=True))
    assert partners(visitor) == ()
    assert shared_customers(visitor) == 0


def test_a_customer_of_two_partners_is_shared(licensed: Center) -> None:
    both = as_visitor(licensed, add_person(licensed, "both", partners=("P1", "P2")))
    assert shared_customers(both) == 1
    one = as_visitor(licensed, add_person(licensed, "one", partners=("P1",)))
    assert shared_customers(one) == 0


def test_partners_stand_side_by_side_the_largest_first_and_no_data_is_no_zero(licensed: Center) -> None:
    both = as_visitor(licensed, add_person(licensed, "both", partners=("P1", "P2")))
    sides = side_by_side(both, partners(both))
    assert [(side.partner.name, side.values) for side in sides] == [
        ("Meadow", (3, None, None, None, None)),
        ("Harbour", (2, 1, None, None, None)),
    ]


def test_a_location_compares_no_partners(licensed: Center) -> None:
    visitor = as_visitor(licensed, add_person(licensed, "loc", partners=("P1",), locations=("L1",)))
    assert side_by_side(visitor, partners(visitor)) == ()
