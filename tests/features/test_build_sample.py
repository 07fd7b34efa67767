"""Frames of a sample: what the whole world gives of its pairs, however many the buckets."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from features import matrix
from features.build import build
from features.build_sample import build_sample, nullable
from features.pairs import Pairs, drawn
from features.sources.keep import keep, prepare
from features.sources.tables import TABLES, table
from features.sources.world import World, connect
from tests.features.random_worlds import AS_OF, FEW, TWO, Written, worlds
from tests.worlds import arrow

DATES = (AS_OF - timedelta(31), AS_OF)
CUSTOMERS = ("a", "b", "c", "d")


def kept(folder: Path, written: Written, buckets: int) -> World:
    """Write a world of so many buckets."""
    folder.mkdir()
    there = World(folder, tuple(one for one in TABLES if one.name in written), buckets)
    with connect(threads=1) as engine:
        prepare(engine)
        for one in there.present:
            engine.register("accepted", arrow(one, written[one.name]))
            keep(engine, there, one, "(FROM accepted)")
    return there


def pairs_of(*extra: tuple[str, int], share: float) -> Pairs:
    """Return pairs with those of a customer and the place of a date besides."""
    rows = [{"account_id": account, "as_of": DATES[place]} for account, place in extra]
    return Pairs(share, pa.Table.from_pylist(rows, schema=Pairs().extra.schema))


PAIRS = st.builds(
    lambda extra, share: pairs_of(*extra, share=share),
    st.sets(st.tuples(st.sampled_from(CUSTOMERS), st.sampled_from((0, 1)))),
    st.sampled_from((0.1, 0.5, 0.9)),
)


def wanted(whole: pa.Table, pairs: Pairs) -> pa.Table:
    """Return the rows of a whole frame that are among the pairs."""
    extra = {tuple(row.values()) for row in pairs.extra.to_pylist()}
    accounts = whole["account_id"].to_pylist()
    own = drawn(np.array(accounts, dtype=np.str_), np.full(len(accounts), pairs.share))
    besides = [pair in extra for pair in zip(accounts, whole["as_of"].to_pylist(), strict=True)]
    return whole.filter(pa.array(own | np.array(besides, dtype=bool)))


@given(worlds(), PAIRS, st.sampled_from((1, 3)))
@settings(FEW, max_examples=8)
def test_a_sample_is_those_rows_of_the_whole(written: Written, pairs: Pairs, buckets: int) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place)
        whole = build(kept(folder / "one", written, 1), DATES, TWO, folder / "whole", threads=1)
        dealt = kept(folder / "dealt", written, buckets)
        _, part = build_sample(dealt, DATES, TWO, folder / "part", pairs=pairs, threads=1)
        for when in DATES:
            found = nullable(pq.read_table(part.path(when)))
            assert found == wanted(nullable(pq.read_table(whole.path(when))), pairs)
        assert part.features == whole.features


def test_everything_of_many_buckets_is_the_whole(tmp_path: Path) -> None:
    written: Written = {
        "accounts": [{"account_id": account, "employees": 10} for account in CUSTOMERS],
        "transactions": [{"account_id": "b", "product": "Azure", "transacted_on": DATES[0]}],
    }
    one = build(kept(tmp_path / "one", written, 1), DATES, TWO, tmp_path / "whole", threads=1)
    there, frames = build_sample(
        kept(tmp_path / "dealt", written, 3), DATES, TWO, tmp_path / "parts", pairs=Pairs(), threads=1
    )
    assert there.buckets == 3
    for when in DATES:
        assert pq.read_table(frames.path(when)) == nullable(pq.read_table(one.path(when)))


def test_the_world_of_a_sample_has_its_customers_rows_alone(tmp_path: Path) -> None:
    orders = [{"account_id": account, "product": "Azure", "transacted_on": DATES[0]} for account in CUSTOMERS]
    written: Written = {"accounts": [{"account_id": a} for a in CUSTOMERS], "transactions": orders}
    whole = kept(tmp_path / "whole", written, 3)
    pairs = pairs_of(("b", 1), share=1e-9)
    there, _ = build_sample(whole, DATES, TWO, tmp_path / "part", pairs=pairs, threads=1)
    with connect(threads=1) as engine:
        found = engine.execute(f"SELECT account_id FROM {there.rows(table('transactions'))}").fetchall()
    assert found == [("b",)]


def test_levels_and_customers_are_told_by_those_drawn_for_their_own_sake(tmp_path: Path) -> None:
    """Whoever is there for what it bought is no fair picture of the population."""
    names = [f"c{number}" for number in range(40)]
    own = drawn(np.array(names), np.full(40, 0.5))
    written: Written = {
        "accounts": [
            {"account_id": name, "industry": "Retail" if is_own else "Mining"}
            for name, is_own in zip(names, own.tolist(), strict=True)
        ],
        "transactions": [],
    }
    pairs = pairs_of(*((name, 1) for name in names), share=0.5)
    _, frames = build_sample(
        kept(tmp_path / "world", written, 1), DATES, TWO, tmp_path / "part", pairs=pairs, threads=1
    )
    assert pq.read_table(frames.path(AS_OF)).num_rows == 40
    assert matrix.levels(frames, [AS_OF], ["industry"]) == {"industry": ("Retail",)}
    assert len(matrix.read(frames, [AS_OF], None, (), {}).accounts) == own.sum()
    assert len(matrix.read(frames, [AS_OF], TWO.products[0], (), {}).accounts) == 40
