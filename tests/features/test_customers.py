from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.customers import Partner, customers, locations
from features.sources.tables import ACCOUNTS
from features.sources.world import World, connect
from tests.worlds import Row, world

AS_OF = date(2026, 10, 25)
CHAIN: Sequence[Row] = (
    {"partner_id": "root", "partner_name": "Root"},
    {"partner_id": "middle", "partner_name": "Middle", "parent_partner_id": "root"},
    {"partner_id": "leaf", "partner_name": "Leaf", "parent_partner_id": "middle"},
    {"partner_id": "alone", "partner_name": "Alone"},
)


def serves(partner: str, account: str, **dates: date) -> Row:
    return {"partner_id": partner, "account_id": account, **dates}


def placed(there: World) -> list[tuple[str, str, str, str]]:
    with connect(threads=1) as engine:
        rows = locations(engine, there, AS_OF, Partner("me", "Myself")).to_pylist()
    return [(row["global_id"], row["partner_name"], row["partner_id"], row["account_id"]) for row in rows]


def listed(there: World) -> list[tuple[str, str]]:
    with connect(threads=1) as engine:
        rows = customers(engine, there, AS_OF, Partner("me", "Myself")).to_pylist()
    return [(row["global_id"], row["account_id"]) for row in rows]


def test_a_partner_is_the_root_of_its_chain(tmp_path: Path) -> None:
    served = [serves("leaf", "a"), serves("middle", "b"), serves("root", "c"), serves("alone", "d")]
    accounts = [{"account_id": account} for account in "abcd"]
    there = world(tmp_path, partners=CHAIN, accounts=accounts, partner_accounts=served)
    assert placed(there) == [
        ("alone", "Alone", "alone", "d"),
        ("root", "Root", "leaf", "a"),
        ("root", "Root", "middle", "b"),
        ("root", "Root", "root", "c"),
    ]


def test_a_customer_has_one_row_a_root_however_many_locations_serve_it(tmp_path: Path) -> None:
    served = [serves(partner, "a") for partner in ("leaf", "middle", "alone")]
    there = world(tmp_path, partners=CHAIN, accounts=[{"account_id": "a"}], partner_accounts=served)
    assert listed(there) == [("alone", "a"), ("root", "a")]
    assert len(placed(there)) == 3


@given(st.dictionaries(st.sampled_from("abcdef"), st.none() | st.sampled_from("abcdefg"), min_size=1))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_parents_in_any_order_circle_or_gap_lose_no_location_and_double_none(
    tmp_path_factory: pytest.TempPathFactory, parents: dict[str, str | None]
) -> None:
    partners = [{"partner_id": own, "parent_partner_id": above} for own, above in parents.items()]
    served = [serves(own, "x") for own in parents]
    folder = tmp_path_factory.mktemp("world")
    there = world(folder, partners=partners, accounts=[{"account_id": "x"}], partner_accounts=served)
    rows = placed(there)
    assert sorted(row[2] for row in rows) == sorted(parents)
    assert listed(there) == sorted({(row[0], "x") for row in rows})


def test_a_circle_of_parents_ends(tmp_path: Path) -> None:
    circle = [{"partner_id": own, "parent_partner_id": above} for own, above in ("ab", "ba", "cc")]
    served = [serves(partner, "x") for partner in "abc"]
    there = world(tmp_path, partners=circle, accounts=[{"account_id": "x"}], partner_accounts=served)
    assert [row[2] for row in placed(there)] == ["a", "b", "c"]


def test_a_relation_to_an_unknown_partner_stands_under_its_own_id(tmp_path: Path) -> None:
    there = world(tmp_path, accounts=[{"account_id": "a"}], partner_accounts=[serves("ghost", "a")])
    assert placed(there) == [("ghost", "ghost", "ghost", "a")]


def test_a_world_without_partners_has_the_named_one_and_it_serves_everybody(tmp_path: Path) -> None:
    there = world(tmp_path, accounts=[{"account_id": "b"}, {"account_id": "a"}])
    assert placed(there) == [("me", "Myself", "me", "a"), ("me", "Myself", "me", "b")]
    assert listed(there) == [("me", "a"), ("me", "b")]


@pytest.mark.parametrize(
    ("segment", "shown"), [("SMB", True), (None, True), ("Corporate", False), ("smb", False)]
)
def test_only_small_and_medium_customers_are_listed(tmp_path: Path, segment: str | None, shown: bool) -> None:
    accounts = [{"account_id": "a", "segment": segment}]
    there = world(tmp_path, partners=CHAIN, accounts=accounts, partner_accounts=[serves("root", "a")])
    assert bool(listed(there)) is shown
    assert bool(placed(there)) is shown


RELATIONS = [
    ({}, True),
    ({"since_on": date(2026, 10, 24)}, True),
    ({"since_on": date(2026, 10, 25)}, False),
    ({"until_on": date(2026, 10, 26)}, True),
    ({"until_on": date(2026, 10, 25)}, False),
    ({"until_on": date(2026, 1, 1)}, False),
    ({"known_on": date(2026, 10, 25)}, False),
]


@pytest.mark.parametrize(("dates", "lasts"), RELATIONS)
def test_a_relation_lists_a_customer_while_it_lasts(
    tmp_path: Path, dates: dict[str, date], lasts: bool
) -> None:
    served = [serves("root", "a", **dates)]
    there = world(tmp_path, partners=CHAIN, accounts=[{"account_id": "a"}], partner_accounts=served)
    assert bool(listed(there)) is lasts


def test_an_end_learned_later_leaves_the_customer_listed_until_then(tmp_path: Path) -> None:
    ended = serves("root", "a", until_on=date(2026, 9, 1), known_on=AS_OF)
    served = [serves("root", "a"), ended]
    there = world(tmp_path, partners=CHAIN, accounts=[{"account_id": "a"}], partner_accounts=served)
    assert listed(there) == [("root", "a")]


def test_a_relation_taken_up_again_lists_the_customer(tmp_path: Path) -> None:
    served = [serves("root", "a", until_on=date(2025, 1, 1)), serves("root", "a", since_on=date(2026, 1, 1))]
    there = world(tmp_path, partners=CHAIN, accounts=[{"account_id": "a"}], partner_accounts=served)
    assert listed(there) == [("root", "a")]


def test_a_customer_that_is_not_known_yet_is_not_listed(tmp_path: Path) -> None:
    accounts = [{"account_id": "a", "known_on": AS_OF}]
    there = world(tmp_path, partners=CHAIN, accounts=accounts, partner_accounts=[serves("root", "a")])
    assert listed(there) == []


def test_a_listed_customer_comes_with_what_was_last_known_of_it(tmp_path: Path) -> None:
    versions = [
        {"account_id": "a", "account_name": "Old", "known_on": date(2026, 1, 1)},
        {"account_id": "a", "account_name": "New", "known_on": date(2026, 10, 24)},
        {"account_id": "a", "account_name": "Next", "known_on": AS_OF},
    ]
    there = world(tmp_path, partners=CHAIN, accounts=versions, partner_accounts=[serves("leaf", "a")])
    with connect(threads=1) as engine:
        table = customers(engine, there, AS_OF, Partner())
    assert table.column_names == ["global_id", "partner_name", *ACCOUNTS.names]
    assert [(row["partner_name"], row["account_name"]) for row in table.to_pylist()] == [("Root", "New")]
