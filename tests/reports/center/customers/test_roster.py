from pathlib import Path

import pytest

from reports.center.customers.listing import SORTS, Sought
from reports.center.customers.roster import ROWS, Choices, choices, read_page, roster
from reports.center.customers.source import Label
from reports.center.people import Role
from tests.reports.center.customers.world import seen, somebody
from tests.reports.center.published import publish_month


def found(home: Path, sought: Sought, *, of: str = "P1", location: str = "") -> list[str | None]:
    source = seen(home, somebody(of=of, location=location))
    return [row["CustomerID"] for row in roster(source, sought).rows()]


def test_customers_of_either_side_are_in_the_list_once_a_partner(customers_home: Path) -> None:
    rows = roster(seen(customers_home, somebody(of="*")), Sought()).rows()
    pairs = sorted(f"{row['GlobalID']} {row['CustomerID']}" for row in rows)
    assert pairs == ["P1 C1", "P1 C2", "P1 C3", "P1 C9", "P2 C2", "P2 C4"]


def test_names_come_from_the_propensity_side_and_statuses_from_the_licence_side(customers_home: Path) -> None:
    one = roster(seen(customers_home, somebody()), Sought(text="C1")).rows()[0]
    assert (one["AccountName"], one["Statuses"]) == (
        "Łódź Works GmbH",
        "Trial; Subscription; License overage",
    )
    only = roster(seen(customers_home, somebody()), Sought(text="C9")).rows()[0]
    assert (only["AccountName"], only["PartnerName"]) == ("Only Licences & Sons", "Harbour Consulting")
    assert only["Cluster"] is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lodz", ["C1"]),
        ("ŁÓDŹ works", ["C1"]),
        ("BRIGHT.EXAMPLE", ["C2"]),
        ("c9", ["C9"]),
        ("works academy", []),
        ("%", []),
    ],
)
def test_words_are_found_in_name_domain_and_id(customers_home: Path, text: str, expected: list[str]) -> None:
    assert found(customers_home, Sought(text=text)) == expected


@pytest.mark.parametrize(
    ("sought", "expected"),
    [
        (Sought(managed_by="external_admin"), ["C9"]),
        (Sought(ordered="Webex Calling"), ["C1"]),
        (Sought(status="Expired"), ["C9"]),
        (Sought(status="Trial"), ["C1"]),
        (Sought(subscription_type="Trial"), ["C1"]),
        (Sought(tag="VIP"), ["C1"]),
        (Sought(cluster="Act Now"), ["C1", "C2"]),
        (Sought(cluster="Act Now", product="Azure"), ["C1"]),
        (Sought(product="Security"), ["C2", "C1"]),
        (Sought(sort="name"), ["C2", "C9", "C3", "C1"]),
        (Sought(sort="size"), ["C1", "C2", "C3", "C9"]),
        (Sought(sort="expected"), ["C1", "C2", "C3", "C9"]),
    ],
)
def test_the_list_is_narrowed_and_sorted(customers_home: Path, sought: Sought, expected: list[str]) -> None:
    assert found(customers_home, sought) == expected


@pytest.mark.parametrize("sort", [*SORTS, "no such way; DROP TABLE who"])
def test_every_way_of_sorting_gives_the_same_customers(customers_home: Path, sort: str) -> None:
    assert sorted(map(str, found(customers_home, Sought(sort=sort)))) == ["C1", "C2", "C3", "C9"]


def test_a_row_tells_the_strongest_product_of_those_asked_for(customers_home: Path) -> None:
    source = seen(customers_home, somebody())
    one = roster(source, Sought(text="bright")).rows()[0]
    assert (one["Product"], one["Cluster"]) == ("Microsoft 365 security (E5)", "Act Now")
    assert (one["ExpectedRevenue"], one["ExpectedRevenueAllProducts"]) == ("700.00", "1600.00")
    one = roster(source, Sought(text="bright", product="Azure")).rows()[0]
    assert (one["Product"], one["Cluster"]) == ("Azure", "Nurture")


def test_labels_given_here_stand_beside_published_tags_and_are_found(customers_home: Path) -> None:
    labels = (
        Label(partner="P1", customer="C1", tag="call in May"),
        Label(partner="P2", customer="C4", tag="not for P1"),
    )
    source = seen(customers_home, somebody(), labels)
    assert [row["Tags"] for row in roster(source, Sought(tag="call in May")).rows()] == ["VIP; call in May"]
    assert roster(source, Sought(tag="not for P1")).rows() == []


def test_nobody_sees_customers_of_others(customers_home: Path) -> None:
    assert "C4" not in found(customers_home, Sought())
    assert found(customers_home, Sought(), of="P3") == []
    assert found(customers_home, Sought(), location="P1-South") == ["C2"]


def test_a_report_viewer_sees_no_money(customers_home: Path) -> None:
    viewer = roster(seen(customers_home, somebody(Role.REPORT_VIEWER)), Sought(sort="expected"))
    names = {field.name for field in viewer.fields}
    assert not [name for name in names if "Revenue" in name]
    assert [row["CustomerID"] for row in viewer.rows()] == ["C1", "C2", "C3", "C9"]


def test_choices_are_those_of_the_customers_that_are_seen(customers_home: Path) -> None:
    assert choices(seen(customers_home, somebody())) == Choices(
        managed_by=("external_admin", "partner_org"),
        ordered=("Webex Calling", "Webex Meetings"),
        statuses=("Trial", "Subscription", "License overage", "Expired"),
        subscription_types=("Subscription", "Trial"),
        tags=("VIP",),
    )


def test_a_page_says_of_its_customers_what_the_whole_list_says(customers_home: Path) -> None:
    source = seen(customers_home, somebody(of="*"))
    for sort in SORTS:
        page = read_page(source, Sought(sort=sort), 1)
        assert list(page.rows) == roster(source, Sought(sort=sort)).rows()
        assert (page.number, page.count, page.pages) == (1, 6, 1)


@pytest.mark.parametrize("number", [-1, 0, 2, 10**30])
def test_a_page_that_is_not_there_is_the_nearest(customers_home: Path, number: int) -> None:
    page = read_page(seen(customers_home, somebody()), Sought(), number)
    assert (page.number, len(page.rows), page.count) == (1, 4, 4)


def test_a_list_of_nobody_has_one_empty_page(customers_home: Path) -> None:
    page = read_page(seen(customers_home, somebody()), Sought(text="nobody"), 3)
    assert (page.number, page.rows, page.count, page.pages) == (1, (), 0, 1)


def test_the_rows_behind_the_first_page_are_on_the_second(tmp_path: Path) -> None:
    ids = [f"C{number:03d}" for number in range(ROWS + 3)]
    rows = [{"GlobalID": "P1", "CustomerID": id, "AccountName": id} for id in ids]
    publish_month(tmp_path, "2026-10", {"CLASAzurePropensity": rows})
    page = read_page(seen(tmp_path, somebody()), Sought(sort="name"), 2)
    assert [row["CustomerID"] for row in page.rows] == ids[ROWS:]
    assert (page.number, page.count, page.pages) == (2, ROWS + 3, 2)


def test_labels_of_customers_out_of_reach_are_no_choice(customers_home: Path) -> None:
    labels = (
        Label(partner="P1", customer="C1", tag="call in May"),
        Label(partner="P1", customer="C2", tag="elsewhere"),
        Label(partner="P1", customer="gone", tag="gone"),
    )
    north = seen(customers_home, somebody(location="P1-North"), labels)
    assert choices(north).tags == ("VIP", "call in May")
