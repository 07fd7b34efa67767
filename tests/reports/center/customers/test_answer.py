import csv
from pathlib import Path

import pytest

from reports.center.customers.answer import choices, count_by_way, known_customers, write_answer
from reports.center.customers.crm import read_upload
from reports.center.customers.matching import How, directory, match
from reports.center.people import Person, Role
from tests.reports.center.customers.world import seen, somebody

ACCOUNTS = b"""\
Nr;Firma;Domain;AzureCluster;Note
1;Lodz Works;lodz-works.example;mine;"=1+1"
2;Elsewhere Ltd;elsewhere.example;;"-5"
3;Only Licences & Sons;;;"a;b"
"""


def answered(home: Path, person: Person, *columns: str, accounts: bytes = ACCOUNTS) -> list[dict[str, str]]:
    source = seen(home, person)
    upload = read_upload(accounts)
    matches = match(upload, directory(known_customers(source)))
    text = write_answer(source, upload, matches, columns).decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines(), delimiter=upload.separator))


def test_own_columns_come_back_with_the_match_and_what_was_chosen(customers_home: Path) -> None:
    first, _, third = answered(customers_home, somebody(), "AzureCluster", "AzureExpectedRevenue")
    assert first["AzureCluster"] == "mine"
    assert first["AzureCluster (Ascent)"] == "Act Now"
    assert first["AzureExpectedRevenue"] == "4000.00"
    assert (first["MatchedBy"], first["MatchedOn"], first["CustomerID"]) == (
        "Domain",
        "lodz-works.example",
        "C1",
    )
    assert (third["MatchedBy"], third["CustomerID"], third["AzureExpectedRevenue"]) == ("Name", "C9", "")


def test_what_would_run_as_a_formula_does_not_and_numbers_stay(customers_home: Path) -> None:
    first, second, third = answered(customers_home, somebody())
    assert (first["Note"], second["Note"], third["Note"]) == ("'=1+1", "-5", "a;b")


def test_customers_of_others_are_no_match(customers_home: Path) -> None:
    _, second, _ = answered(customers_home, somebody(), "AzureCluster")
    assert (second["MatchedBy"], second["CustomerID"], second["AzureCluster (Ascent)"]) == (
        "No match",
        "",
        "",
    )
    _, second, _ = answered(customers_home, somebody(of="P2"))
    assert second["CustomerID"] == "C4"


def test_columns_that_the_role_does_not_see_are_not_appended(customers_home: Path) -> None:
    viewer = somebody(Role.REPORT_VIEWER)
    assert (
        "AzureExpectedRevenue"
        not in answered(customers_home, viewer, "AzureExpectedRevenue", "AzureCluster")[0]
    )
    offered = [name for one in choices(seen(customers_home, viewer)) for name in one.columns]
    assert "AzureCluster" in offered
    assert not [name for name in offered if "Revenue" in name]


def test_those_that_fit_a_row_equally_are_told_beside_it(customers_home: Path) -> None:
    (row,) = answered(customers_home, somebody(of="*"), accounts=b"name\nBright Academy\n")
    assert (row["MatchedBy"], row["MatchedOn"], row["CustomerID"]) == (
        "Ambiguous",
        "bright academy: C2, C2",
        "",
    )


def test_a_partner_can_be_chosen_to_match_with(customers_home: Path) -> None:
    source = seen(customers_home, somebody(of="*"))
    upload = read_upload(b"name\nBright Academy\nnobody\n")
    matches = match(upload, directory(known_customers(source, "P2")))
    assert [(one.partner, one.id) for told in matches for one in told.found] == [("P2", "C2")]
    assert count_by_way(matches) == {
        How.DOMAIN: 0,
        How.NAME: 1,
        How.ID: 0,
        How.AMBIGUOUS: 0,
        How.NONE: 1,
    }


@pytest.mark.parametrize("header", [b"=cmd()", b"@x"])
def test_a_header_does_not_run_either(customers_home: Path, header: bytes) -> None:
    (row,) = answered(customers_home, somebody(), accounts=b"name," + header + b"\nx,y\n")
    assert f"'{header.decode()}" in row
