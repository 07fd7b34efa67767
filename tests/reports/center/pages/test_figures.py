from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from reports.center.center import Center
from reports.center.pages.figures import Figure, Key, figures
from reports.licenses.kpi import Unit
from tests.reports.center.pages.licensed import open_center
from tests.reports.center.signed import add_person, as_visitor

ASSIGNMENT = Key(id="WX-K12", name="License assignment", family="calling")
USAGE = Key(id="WX-K13", name="License usage", family="calling")
CUSTOMERS = Key(id="WX-K1", name="Total customers")


@pytest.fixture
def of_both(licensed: Center) -> Mapping[Key, Figure]:
    person = add_person(licensed, "both", partners=("P1", "P2"))
    return figures(as_visitor(licensed, person))


@pytest.fixture
def of_one(licensed: Center) -> Mapping[Key, Figure]:
    return figures(as_visitor(licensed, add_person(licensed, "one", partners=("P1",))))


def test_a_percentage_of_several_partners_is_that_of_all_their_licences(
    of_both: Mapping[Key, Figure],
) -> None:
    found = of_both[ASSIGNMENT]
    assert (found.numerator, found.denominator) == (2, 12)
    assert found.value == pytest.approx(100 * 2 / 12)  # the mean of 50 and 10 would be 30


def test_the_month_before_is_pooled_too(of_both: Mapping[Key, Figure]) -> None:
    assert of_both[ASSIGNMENT].month_before == pytest.approx(100 * 3 / 8)
    assert of_both[CUSTOMERS].month_before is None


def test_counts_are_those_of_the_scope_alone(
    of_one: Mapping[Key, Figure], of_both: Mapping[Key, Figure]
) -> None:
    assert of_one[CUSTOMERS].value == 2
    assert of_both[CUSTOMERS].value == 5


def test_a_single_partner_has_its_published_value_and_the_week_before(of_one: Mapping[Key, Figure]) -> None:
    assert (of_one[USAGE].value, of_one[USAGE].week_before) == (50.0, 12.5)


def test_a_partner_can_be_chosen_among_several(licensed: Center) -> None:
    person = add_person(licensed, "chooser", partners=("P1", "P2"))
    found = figures(as_visitor(licensed, person), partner="P2")
    assert found[ASSIGNMENT].value == 10.0
    assert figures(as_visitor(licensed, person), partner="P3") == {}


def test_a_partner_without_data_is_left_out_of_the_denominator_and_counted(
    of_both: Mapping[Key, Figure],
) -> None:
    found = of_both[USAGE]
    assert (found.value, found.numerator, found.denominator) == (50.0, 1, 2)
    assert (found.partners, found.silent) == (2, 1)
    assert found.week_before is None  # only percentages of the week before are published


def test_no_data_is_no_zero_and_says_why(of_one: Mapping[Key, Figure]) -> None:
    found = of_one[Key(id="WX-K16", name="License use when assigned", family="calling")]
    assert found.is_unknown
    assert found.value is None
    assert found.note == "no data: usage_daily or license_snapshots"


def test_an_empty_set_is_known_and_has_no_percentage(of_one: Mapping[Key, Figure]) -> None:
    found = of_one[Key(id="WX-K9", name="License assignment", family="calling")]
    assert not found.is_unknown
    assert (found.value, found.denominator) == (None, 0)


def test_licences_per_customer_are_pooled_over_customers(of_both: Mapping[Key, Figure]) -> None:
    found = of_both[Key(id="WX-K20", name="Avg. license overage", family="calling")]
    assert found.unit is Unit.PER_CUSTOMER
    assert found.value == 2.0  # 6 licences over 3 customers; the mean of 4 and 1 would be 2.5


def test_a_mean_of_percentages_weighs_each_customer_once(of_both: Mapping[Key, Figure]) -> None:
    found = of_both[Key(id="WX-K23", name="meanCustomerAbandonedRate", family="calling")]
    assert found.value == 20.0  # three customers with 10, one with 50


def test_the_last_day_of_a_window_lies_in_it(of_one: Mapping[Key, Figure]) -> None:
    assert (of_one[USAGE].first, of_one[USAGE].last_day) == (date(2026, 10, 18), date(2026, 10, 24))
    assert of_one[CUSTOMERS].last_day == date(2026, 10, 25)


def test_a_location_has_no_share_in_its_partners_figures(licensed: Center) -> None:
    person = add_person(licensed, "location", partners=("P1",), locations=("L1",))
    assert figures(as_visitor(licensed, person)) == {}


def test_before_the_first_month_there_are_none(tmp_path: Path) -> None:
    center = open_center(tmp_path)
    assert figures(as_visitor(center, add_person(center, "early", partners=("P1",)))) == {}
