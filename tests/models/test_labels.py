from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.products import AZURE, M365, Catalogue
from features.sources.world import World, connect
from models import labels
from tests.worlds import Row, world

AS_OF = date(2026, 3, 25)
CUT = date(2026, 10, 25)
CATALOGUE = Catalogue((AZURE, M365))


def days(number: int) -> date:
    return AS_OF + timedelta(days=number)


def order(account: str, on: int, *, product: str = "Azure", kind: str = "new", quantity: int = 1) -> Row:
    return {
        "account_id": account,
        "product": product,
        "kind": kind,
        "transacted_on": days(on),
        "quantity": quantity,
    }


def purchases(there: World, *, cut: date = CUT) -> list[tuple[str, str, date]]:
    with connect() as engine:
        rows = labels.purchases(engine, there, CATALOGUE, [AS_OF], cut=cut)
    first = [when.date() for when in pd.to_datetime(rows["first_on"])]
    return list(zip(rows["account_id"], rows["product"], first, strict=True))


def owners(there: World) -> list[str]:
    with connect() as engine:
        rows = labels.owners(engine, there, Catalogue((AZURE,)), [AS_OF])
    return list(rows["account_id"])


def test_a_purchase_counts_from_the_as_of_date_up_to_the_horizon(tmp_path: Path) -> None:
    there = world(tmp_path, transactions=[order(f"on{day}", day) for day in (-1, 0, 89, 90)])
    assert purchases(there) == [("on0", "Azure", AS_OF), ("on89", "Azure", days(89))]


def test_a_renewal_a_return_and_an_empty_order_are_no_purchase(tmp_path: Path) -> None:
    rows = [
        order("renews", 5, kind="renew"),
        order("returns", 5, kind="return", quantity=-1),
        order("empty", 5, quantity=0),
        order("adds", 5, kind="add"),
    ]
    assert purchases(world(tmp_path, transactions=rows)) == [("adds", "Azure", days(5))]


def test_an_opportunity_is_a_purchase_once_it_is_won(tmp_path: Path) -> None:
    opened = {"created_on": days(-9), "product": "M365"}
    rows = [
        {**opened, "opportunity_id": "o1", "account_id": "a1"},
        {
            **opened,
            "opportunity_id": "o1",
            "account_id": "a1",
            "status": "won",
            "closed_on": days(9),
            "known_on": days(9),
        },
        {
            **opened,
            "opportunity_id": "o2",
            "account_id": "a2",
            "status": "lost",
            "closed_on": days(9),
            "known_on": days(9),
        },
        {
            **opened,
            "opportunity_id": "o3",
            "account_id": "a3",
            "status": "won",
            "closed_on": days(9),
            "known_on": days(9),
        },
        {
            **opened,
            "opportunity_id": "o3",
            "account_id": "a3",
            "status": "lost",
            "closed_on": days(9),
            "known_on": days(20),
        },
    ]
    there = world(tmp_path, transactions=[order("a1", 30, product="M365")], opportunities=rows)
    assert purchases(there) == [("a1", "M365", days(9))]
    assert purchases(there, cut=days(15)) == [("a1", "M365", days(9)), ("a3", "M365", days(9))]


def test_what_is_not_yet_known_at_the_cut_is_no_label(tmp_path: Path) -> None:
    late = {**order("a1", 5), "known_on": CUT}
    assert purchases(world(tmp_path, transactions=[late])) == []


@pytest.mark.parametrize(
    ("rows", "is_owner"),
    [
        ([(-90, "new", 1)], True),
        ([(-89, "new", 1)], False),
        ([(-800, "new", 1)], False),
        ([(-800, "new", 1), (-30, "renew", 1)], True),
        ([(-200, "new", 2), (-100, "return", -2)], False),
        ([(-200, "new", 2), (-100, "return", 2)], False),
        ([(-200, "new", 2), (-100, "return", -1)], True),
        ([(-200, "renew", 2)], False),
        ([(-200, "new", 1), (5, "return", -1)], True),
    ],
)
def test_an_owner_stayed_and_kept_what_it_bought(
    tmp_path: Path, rows: list[tuple[int, str, int]], is_owner: bool
) -> None:
    orders = [order("a1", on, kind=kind, quantity=quantity) for on, kind, quantity in rows]
    assert owners(world(tmp_path, transactions=orders)) == (["a1"] if is_owner else [])


def test_without_transactions_an_opportunity_won_makes_an_owner(tmp_path: Path) -> None:
    won = {"product": "Azure", "created_on": days(-900), "status": "won", "closed_on": days(-800)}
    rows = [
        {**won, "account_id": "known", "known_on": days(-800)},
        {**won, "account_id": "late", "known_on": days(0)},
        {**won, "account_id": "other", "known_on": days(-800), "product": "M365"},
    ]
    assert owners(world(tmp_path, opportunities=rows)) == ["known"]


@given(later=st.lists(st.tuples(st.integers(-400, 200), st.sampled_from(["new", "return"])), max_size=4))
@settings(max_examples=15, deadline=None)
def test_rows_known_later_change_no_owner(
    tmp_path_factory: pytest.TempPathFactory, later: list[tuple[int, str]]
) -> None:
    known = [order("a1", -200), order("a2", -50)]
    unknown = [
        {**order(name, on, kind=kind), "known_on": days(200)} for on, kind in later for name in ("a1", "a3")
    ]
    folder = tmp_path_factory.mktemp("world")
    assert owners(world(folder, transactions=[*known, *unknown])) == ["a1"]


def test_labels_are_told_row_by_row_for_customer_and_date() -> None:
    rows = pd.DataFrame({"product": "Azure", "account_id": ["a1"], "as_of": pd.Timestamp(AS_OF)})
    told = labels.Labels(rows, rows.iloc[:0])
    asked = (np.array(["a1", "a1", "a2"]), np.array([AS_OF, days(30), AS_OF], dtype="datetime64[D]"))
    assert told.bought(AZURE, *asked).tolist() == [1, 0, 0]
    assert told.bought(M365, *asked).tolist() == [0, 0, 0]
    assert told.owned(AZURE, *asked).tolist() == [0, 0, 0]


def test_the_first_record_is_the_earliest_purchase_or_opportunity(tmp_path: Path) -> None:
    opened = {"account_id": "a1", "product": "Azure", "created_on": days(-9)}
    with connect() as engine:
        there = world(tmp_path, transactions=[order("a1", 3)], opportunities=[opened])
        assert labels.first_record(engine, there) == days(-9)
        assert labels.first_record(engine, world(tmp_path / "empty", transactions=[])) is None
