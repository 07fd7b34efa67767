from pathlib import Path

import pytest

from features.sources.check import kind_told, rules
from features.sources.schema import Kind
from features.sources.tables import TABLES
from tests.features.sources.written import minimal, put, taken, told

ORDERS = "transaction_id,account_id,product,sku,kind,transacted_on,known_on,quantity,amount_cents"
GOOD = "T1,A1,Azure,AZ-1,new,2026-02-01,2026-02-02,1,100"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("T9,A1,Azure,S,new,2026-02-01,2026-02-02,one,1", "transactions.quantity: is not a whole number"),
        ("T9,A1,Azure,S,new,2026-02-01,2026-02-02,1.5,1", "transactions.quantity: is not a whole number"),
        (
            "T9,A1,,S,new,2026-02-01,2026-02-02,1,1",
            "transactions.product: is empty where a value is required",
        ),
        (
            "T9,A1,Azure,S,new,01.02.2026,2026-02-02,1,1",
            "transactions.transacted_on: is not a date like 2026-10-25",
        ),
        (
            "T9,A1,Azure,S,new,2026-02-30,2026-03-02,1,1",
            "transactions.transacted_on: is not a date like 2026-10-25",
        ),
        (
            "T9,A1,Azure,S,gift,2026-02-01,2026-02-02,1,1",
            "transactions.kind: is none of new, add, renew, return",
        ),
        (
            "T9,A1,Azure,S,new,2026-02-03,2026-02-02,1,1",
            "transactions.transacted_on: lies after known_on: it happened after it was known",
        ),
        (
            "T9,A1,Azure,S,new,1926-02-01,2026-02-02,1,1",
            "transactions.transacted_on: is no sensible date (1970-01-01 to 2100-12-31)",
        ),
        (
            "T9,A1,Azure,S,new,2026-02-01,2026-02-02,-1,1",
            "transactions.quantity: is negative although kind is not return",
        ),
        (
            "T9,A7,Azure,S,new,2026-02-01,2026-02-02,1,1",
            "transactions.account_id: refers to a row of accounts that is not there",
        ),
    ],
)
def test_a_row_that_breaks_a_rule_is_told_with_its_key(tmp_path: Path, row: str, expected: str) -> None:
    place = minimal(tmp_path / "in")
    put(place, "transactions", f"{ORDERS}\n{GOOD}\n{row}")
    assert told(taken(place), "transactions") == [f"{expected}; 1 row, such as T9."]


def test_a_return_may_be_negative(tmp_path: Path) -> None:
    place = minimal(tmp_path / "in")
    put(place, "transactions", f"{ORDERS}\nT1,A1,Azure,S,return,2026-02-01,2026-02-02,-1,-100")
    assert not taken(place).breaches


def test_all_copies_of_a_key_are_rejected(tmp_path: Path) -> None:
    place = minimal(tmp_path / "in")
    put(place, "transactions", f"{ORDERS}\n{GOOD}\n{GOOD.replace('100', '200')}\n{GOOD.replace('T1', 'T2')}")
    accepted = taken(place)
    assert told(accepted, "transactions") == [
        "transactions.transaction_id: is there more than once; the key must be unique; 2 rows, such as T1."
    ]
    assert accepted.tables[-1].accepted == 1


def test_a_number_out_of_its_bounds_is_told(tmp_path: Path) -> None:
    place = minimal(tmp_path / "in")
    put(
        place,
        "accounts",
        "account_id,known_on,employees\nA1,2026-01-01,0\nA2,2026-01-01,6000000\nA3,2026-01-01,5",
    )
    assert told(taken(place), "accounts") == [
        "accounts.employees: is below 1; 1 row, such as A1 / 2026-01-01.",
        "accounts.employees: is above 5e+06; 1 row, such as A2 / 2026-01-01.",
    ]


@pytest.mark.parametrize("strength", ["nan", "inf", "-Infinity"])
def test_a_number_that_is_not_finite_is_told(tmp_path: Path, strength: str) -> None:
    place = minimal(tmp_path / "in")
    put(
        place,
        "signals",
        "signal_id,account_id,kind,topic,strength,happened_at,known_at\n"
        f"S1,A1,event,azure,{strength},2026-01-01T10:00:00Z,2026-01-01T10:00:00Z",
    )
    assert told(taken(place), "signals") == ["signals.strength: is not a finite number; 1 row, such as S1."]


def test_an_instant_after_the_one_it_was_known_at_is_told_to_the_second(tmp_path: Path) -> None:
    place = minimal(tmp_path / "in")
    put(
        place,
        "signals",
        "signal_id,account_id,kind,topic,strength,happened_at,known_at\n"
        "S1,A1,event,azure,1,2026-01-01T10:00:01Z,2026-01-01T10:00:00Z\n"
        "S2,A1,event,azure,1,2026-01-01T12:00:00+02:00,2026-01-01T10:00:00Z",
    )
    assert told(taken(place), "signals") == [
        "signals.happened_at: lies after known_at: it happened after it was known; 1 row, such as S1."
    ]


def test_a_parent_that_is_no_partner_is_told(tmp_path: Path) -> None:
    place = minimal(tmp_path / "in")
    put(place, "partners", "partner_id,partner_name,parent_partner_id\nP1,One,\nP2,Two,P1\nP3,Three,P9")
    assert told(taken(place), "partners") == [
        "partners.parent_partner_id: refers to a row of partners that is not there; 1 row, such as P3."
    ]


def test_partners_above_each_other_are_told(tmp_path: Path) -> None:
    place = minimal(tmp_path / "in")
    put(
        place,
        "partners",
        "partner_id,partner_name,parent_partner_id\nP1,One,P2\nP2,Two,P1\nP3,Three,P1\nP4,Four,",
    )
    assert told(taken(place), "partners") == [
        "partners.parent_partner_id: leads in a circle instead of to a root;"
        " 3 rows, such as P1 and P2 and P3."
    ]


def test_a_signal_of_nobody_is_told(tmp_path: Path) -> None:
    place = minimal(tmp_path / "in")
    put(
        place,
        "signals",
        "signal_id,kind,topic,strength,happened_at,known_at\nS1,event,azure,1,2026-01-01,2026-01-01",
    )
    assert told(taken(place), "signals") == [
        "signals.account_id, domain: are all empty, one of them is required; 1 row, such as S1."
    ]


def test_partner_ids_are_not_judged_without_a_table_of_partners(tmp_path: Path) -> None:
    place = minimal(tmp_path / "in")
    put(place, "transactions", f"{ORDERS},partner_id\n{GOOD},P1")
    assert not taken(place).breaches


def test_every_declared_column_is_held_to_its_kind_and_its_need() -> None:
    for table in TABLES:
        found = {(rule.column, rule.told) for rule in rules(table, {})}
        for column in table.columns:
            needed = (column.name, "is empty where a value is required") in found
            typed = (column.name, f"is not {kind_told(column.kind)}") in found
            assert needed is not column.optional
            assert typed is (column.kind is not Kind.TEXT)


def test_every_reference_points_to_a_table_declared_before() -> None:
    names = [table.name for table in TABLES]
    for table in TABLES:
        for column in table.columns:
            if column.refers_to is not None:
                assert names.index(column.refers_to) <= names.index(table.name)
