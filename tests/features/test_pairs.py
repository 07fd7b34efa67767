"""Who is drawn: the same in SQL and in arrays, and more at a higher rate."""

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from features.pairs import Pairs, drawn, is_drawn
from features.sources.world import connect

ACCOUNTS = np.array([f"c{number}" for number in range(2_000)])
SHARE = st.floats(1e-6, 1.0)


def at(share: float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return drawn(ACCOUNTS, np.full(len(ACCOUNTS), share))


@settings(deadline=None, max_examples=30)
@given(SHARE)
def test_sql_and_arrays_draw_the_same_customers(share: float) -> None:
    with connect(threads=1) as engine:
        engine.register("customer", pa.table({"account_id": ACCOUNTS[:50]}))
        rows = engine.execute(f"FROM customer WHERE {is_drawn('account_id', share)}").fetchall()
    assert {account for (account,) in rows} == set(ACCOUNTS[:50][at(share)[:50]].tolist())


@given(SHARE, SHARE)
def test_whoever_is_drawn_at_a_rate_is_drawn_at_any_higher_one(one: float, other: float) -> None:
    assert not (at(min(one, other)) & ~at(max(one, other))).any()


def test_as_many_are_drawn_as_the_rate_says() -> None:
    assert abs(at(0.25).mean() - 0.25) < 0.03
    assert at(1.0).all()
    assert not at(0.0).any()


def test_a_row_is_drawn_with_its_own_chance_wherever_it_stands() -> None:
    chances = np.where(np.arange(len(ACCOUNTS)) % 2, 0.1, 0.6)
    turned = drawn(ACCOUNTS[::-1], chances[::-1])[::-1]
    assert np.array_equal(turned, np.where(np.arange(len(ACCOUNTS)) % 2, at(0.1), at(0.6)))


def test_pairs_know_whether_they_are_everything() -> None:
    assert Pairs().is_everything
    assert not Pairs(0.999).is_everything
