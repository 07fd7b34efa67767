"""Tables of decision patterns say what LightGBM says."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.trees import Trees, Values
from scoring.patterns.kernels import BLOCK
from scoring.patterns.patterns import Patterns, Tabled, rows_to_check, tabled
from tests.scoring.patterns.grown import Kind, bits, contributions, grow, hard_rows, margins

KINDS = {
    "missing values in training": Kind(),
    "no missing values in training": Kind(unknown=0.0),
    "missing values not told from zero": Kind(more=(("use_missing", False),)),
    "thresholds that no float32 equals": Kind(levels=60, divided=7.0),
    "infinities in training": Kind(infinite=True),
    "a constant": Kind(constant=True),
    "stumps": Kind(leaves=2),
    "the largest trees": Kind(leaves=8, columns=9, trees=20),
    "one feature asked again and again": Kind(columns=1, leaves=8, levels=40),
    "monotone constraints": Kind(monotone=1),
    "a first tree of one leaf": Kind(more=(("min_data_in_leaf", 140),)),
}


def compiled(*boosters: Trees, width: int) -> Patterns:
    found = Patterns(tuple(tabled(f"number {n}", trees) for n, trees in enumerate(boosters)), width)
    assert found.warnings == ()
    return found


def check(patterns: Patterns, rows: Values, *, threads: int = 1) -> None:
    boosters = [one.trees for one in patterns.boosters]
    weights = [0.7, 0.0, 1.3][: len(boosters)]
    told = patterns.margins(rows, threads=threads)
    assert bits(told).tolist() == bits(margins(boosters, rows)).tolist()
    base, each = patterns.contributions(rows, weights, threads=threads)
    expected_base, expected = contributions(boosters, weights, rows)
    assert np.abs(base - expected_base).max(initial=0) < 1e-9
    assert np.abs(each - expected).max(initial=0) < 1e-9


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_tables_say_what_lightgbm_says_of_boosters_grown_on(kind: Kind) -> None:
    for seed in range(3):
        text = grow(kind, seed)
        columns = tuple(range(kind.columns))
        check(compiled(Trees(text, columns), width=kind.columns), hard_rows([text], kind.columns, 400, seed))


@settings(max_examples=150, deadline=None)
@given(
    kinds=st.lists(
        st.builds(
            Kind,
            columns=st.just(4),
            leaves=st.integers(2, 8),
            trees=st.integers(1, 6),
            levels=st.sampled_from([2, 9, 60]),
            unknown=st.sampled_from([0.0, 0.3]),
            divided=st.sampled_from([2.0, 7.0]),
            infinite=st.booleans(),
            monotone=st.sampled_from([-1, 0, 1]),
        ),
        min_size=1,
        max_size=3,
    ),
    seed=st.integers(0, 2**16),
    code=st.sampled_from([None, 0, 1, 2]),
    rows=st.integers(0, 60),
)
def test_boosters_that_read_one_matrix_say_what_each_says_alone(
    kinds: list[Kind], seed: int, code: int | None, rows: int
) -> None:
    texts = [grow(kind, seed + number) for number, kind in enumerate(kinds)]
    generator = np.random.default_rng(seed)
    boosters = []
    for text in texts:
        columns = tuple(generator.permutation(6)[:4].tolist())
        boosters.append(Trees(text, columns if code is None else columns[:3], code))
    check(compiled(*boosters, width=6), hard_rows(texts, 6, rows, seed))


def test_a_booster_that_asks_the_code_alone_reads_no_column() -> None:
    text = grow(Kind(columns=1, unknown=0.0), 1)
    for code in range(3):
        check(compiled(Trees(text, (), code), width=2), np.array([[1, 2], [np.nan, 0]], dtype=np.float32))


def test_rows_say_the_same_in_any_block_part_and_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    text = grow(Kind(), 5)
    patterns = compiled(Trees(text, (0, 1, 2)), Trees(grow(Kind(), 6), (2, 0, 1)), width=3)
    rows = hard_rows([text], 3, 3 * BLOCK + 7, 5)
    whole = patterns.margins(rows), *patterns.contributions(rows, [1.0, 2.0])
    monkeypatch.setattr("scoring.patterns.walk._ROWS_AT_ONCE", BLOCK + 100)
    parts = patterns.margins(rows, threads=2), *patterns.contributions(rows, [1.0, 2.0], threads=2)
    for one, other in zip(whole, parts, strict=True):
        assert one.tolist() == other.tolist()


def test_columns_in_another_order_in_memory_are_read_as_they_are() -> None:
    text = grow(Kind(), 5)
    check(compiled(Trees(text, (0, 1, 2)), width=3), np.asfortranarray(hard_rows([text], 3, 50, 5)))


NOT_COMPILED = {
    "has trees of 31 leaves, more than 8": Kind(leaves=31, columns=6),
    "splits by categories": Kind(levels=8, unknown=0.0, categorical=True, more=(("min_data_per_group", 1),)),
    "takes 0 for missing": Kind(more=(("zero_as_missing", True),)),
    "has linear models in its leaves": Kind(unknown=0.0, more=(("linear_tree", True),)),
    "has several classes or averages its trees": Kind(
        more=(("boosting", "rf"), ("bagging_freq", 1), ("bagging_fraction", 0.5))
    ),
}


@pytest.mark.parametrize(("why", "kind"), NOT_COMPILED.items(), ids=NOT_COMPILED)
def test_a_booster_without_tables_is_asked_itself_and_told(why: str, kind: Kind) -> None:
    columns = tuple(range(kind.columns))
    there = Trees(grow(Kind(columns=kind.columns), 1), columns)
    foreign = Trees(grow(kind, 2), columns)
    rows = np.random.default_rng(3).integers(0, 6, (60, kind.columns)).astype(np.float32)
    mixed = Patterns((tabled("foreign", foreign), tabled("there", there)), kind.columns)
    assert mixed.warnings == (f"The booster foreign {why}: LightGBM itself scores it, many times slower.",)
    assert bits(mixed.margins(rows)).tolist() == bits(margins([foreign, there], rows)).tolist()
    if "linear" not in why:  # LightGBM has no contributions of those either
        base, each = mixed.contributions(rows, [0.5, 2.0])
        expected_base, expected = contributions([foreign, there], [0.5, 2.0], rows)
        assert base == pytest.approx(expected_base)
        assert each == pytest.approx(expected)


def test_a_booster_with_more_splits_than_ranks_can_tell_has_no_tables(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = grow(Kind(leaves=4, trees=3), 1)
    monkeypatch.setattr("scoring.patterns.forest.SPLITS_AT_MOST", 8)
    assert tabled("large", Trees(text, (0, 1, 2))).why == "has 9 splits, more than 8"


def spoilt(one: Tabled, *, leaf: float = 0.0, share: float = 0.0) -> Tabled:
    assert one.tables is not None
    leaves, shares = one.tables.leaves, one.tables.shares
    return replace(
        one,
        tables=replace(
            one.tables,
            leaves=leaves._replace(values=leaves.values + leaf),
            shares=shares._replace(values=shares.values + share),
        ),
    )


@pytest.mark.parametrize(
    ("leaf", "share", "told"),
    [
        (1e-15, 0.0, "has other margins than its tables in 200 of 200 rows"),
        (0.0, 2e-6, "has other contributions than its tables in 200 of 200 rows"),
    ],
)
def test_tables_that_differ_from_lightgbm_are_left_and_told(leaf: float, share: float, told: str) -> None:
    kind = Kind()
    good, bad = (tabled(name, Trees(grow(kind, 1), (0, 1, 2))) for name in ("good", "bad"))
    rows = hard_rows([good.trees.text], 3, 1000, 1)
    assert Patterns((good, good), 3).checked(rows, weights=[1, 1]).warnings == ()
    found = Patterns((good, spoilt(bad, leaf=leaf, share=share)), 3).checked(rows, weights=[1, 1])
    assert found.warnings == (f"The booster bad {told}: LightGBM itself scores it, many times slower.",)
    assert bits(found.margins(rows)).tolist() == bits(margins([good.trees, bad.trees], rows)).tolist()


def test_contributions_nobody_uses_are_not_looked_at() -> None:
    bad = spoilt(tabled("bad", Trees(grow(Kind(), 1), (0, 1, 2))), share=1.0)
    rows = hard_rows([bad.trees.text], 3, 10, 1)
    assert Patterns((bad,), 3).checked(rows, weights=[0]).warnings == ()


def test_rows_to_look_at_are_spread_over_all_and_few_are_all_looked_at() -> None:
    bad = spoilt(tabled("bad", Trees(grow(Kind(), 1), (0, 1, 2))), leaf=1.0)
    rows = hard_rows([bad.trees.text], 3, 40, 1)
    for asked, looked in ((200, "40 of 40"), (7, "7 of 7")):
        (told,) = Patterns((bad,), 3).checked(rows, weights=[1], rows=asked).warnings
        assert looked in told
    assert Patterns((bad,), 3).checked(rows[:0], weights=[1]).warnings == ()


def test_all_buckets_together_look_at_as_many_rows_as_one() -> None:
    assert [rows_to_check(buckets) for buckets in (1, 3, 20, 200)] == [200, 67, 10, 10]
