"""Which workload a customer is likely to take next."""

from collections.abc import Collection
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from features.products import AZURE, M365
from features.sources.world import World, connect
from scoring.workloads import (
    Consumption,
    habits,
    hit_rate,
    learn,
    of_all,
    popularity_scores,
    recommend,
    similarity_scores,
)
from tests.worlds import world

AS_OF = date(2026, 6, 25)
MAY = date(2026, 5, 1)
NAMES = ("Virtual Machines", "Storage", "Backup")


def consuming(
    folder: Path, consumed: Collection[tuple[str, str, date, date]], known: Collection[str] = ()
) -> World:
    """Write a world of `consumed` (account, workload, month, known); `known` adds customers."""
    names = ("account_id", "workload", "month_on", "known_on")
    accounts = sorted({account for account, *_ in consumed} | set(known))
    return world(
        folder,
        accounts=[{"account_id": account, "industry": "Retail", "employees": 10} for account in accounts],
        azure_consumption=[dict(zip(names, row, strict=True)) for row in consumed],
    )


def many(workloads: Collection[str], *, prefix: str, count: int = 30) -> list[tuple[str, str, date, date]]:
    return [(f"{prefix}{number}", w, MAY, date(2026, 6, 5)) for number in range(count) for w in workloads]


def recommended(there: World, acted_on: Collection[str] = ()) -> dict[str, str]:
    with connect() as engine:
        learned = learn(engine, there, AS_OF, AZURE)
        table = recommend(engine, there, AS_OF, AZURE, learned=learned, acted_on=acted_on)
    return dict(zip(table["account_id"].to_pylist(), table["recommended_workloads"].to_pylist(), strict=True))


def test_what_goes_together_elsewhere_is_recommended(tmp_path: Path) -> None:
    pairs = many(["Virtual Machines", "Backup"], prefix="pair") + many(["Storage"], prefix="alone")
    one = ("asks", "Virtual Machines", MAY, date(2026, 6, 5))
    assert recommended(consuming(tmp_path, [*pairs, one])) == {"asks": "Backup"}


def test_a_few_customers_are_too_few_to_recommend_by(tmp_path: Path) -> None:
    pairs = many(["Virtual Machines", "Backup"], prefix="pair", count=1)
    one = ("asks", "Virtual Machines", MAY, date(2026, 6, 5))
    assert recommended(consuming(tmp_path, [*pairs, one])) == {}


def test_consumption_not_yet_known_or_long_ago_recommends_nothing(tmp_path: Path) -> None:
    late = [(a, w, month, AS_OF) for a, w, month, _ in many(NAMES, prefix="late")]
    old = [(a, w, date(2026, 3, 1), date(2026, 4, 5)) for a, w, *_ in many(NAMES, prefix="old")]
    assert recommended(consuming(tmp_path, late + old), acted_on=["late1", "old1"]) == {}


def test_only_a_customer_to_act_on_gets_workloads_without_consuming_any(tmp_path: Path) -> None:
    there = consuming(tmp_path, many(["Storage"], prefix="other"), known=["act", "wait"])
    assert recommended(there, acted_on=["act"]) == {"act": "Storage"}


def test_at_most_three_are_recommended_and_none_that_is_consumed(tmp_path: Path) -> None:
    everything = many(AZURE.workloads, prefix="all")
    one = ("asks", "Storage", MAY, date(2026, 6, 5))
    told = recommended(consuming(tmp_path, [*everything, one]))
    assert told == {"asks": "Virtual Machines; SQL Database; App Service"}


def test_a_product_without_workloads_recommends_none(tmp_path: Path) -> None:
    there = consuming(tmp_path, many(["Storage"], prefix="other"))
    with connect() as engine:
        learned = learn(engine, there, AS_OF, M365)
        told = recommend(engine, there, AS_OF, M365, learned=learned, acted_on=["other1"])
    assert told.num_rows == 0


def test_the_same_industry_counts_thrice() -> None:
    held = Consumption(
        accounts=np.array(["a", "b", "c", "d"], dtype=object),
        industries=np.array(["Retail", "Retail", "Health", "Health"], dtype=object),
        bands=np.zeros(4, dtype=np.int64),
        workloads=NAMES,
        consumes=np.array([[1, 0, 0], [1, 1, 0], [1, 0, 1], [1, 0, 1]], dtype=np.bool_),
    )
    # Retail: n(VM) = 4 + 2x2, n(Storage) = 1 + 2x1 = n(VM, Storage); n(Backup) = 2 = n(VM, Backup).
    expected = [3 / np.sqrt(8 * 3) * 3 / 13, 2 / np.sqrt(8 * 2) * 2 / 12]
    assert similarity_scores(held, habits(held))[0, 1:] == pytest.approx(expected)


def test_popularity_is_shrunk_towards_that_among_all_consumers() -> None:
    held = Consumption(
        accounts=np.array(["a", "b", "c"], dtype=object),
        industries=np.array(["Retail", "Retail", "Health"], dtype=object),
        bands=np.zeros(3, dtype=np.int64),
        workloads=("Storage", "Backup"),
        consumes=np.array([[0, 0], [1, 0], [0, 1]], dtype=np.bool_),
    )
    assert popularity_scores(held, habits(held))[0] == pytest.approx(
        [(1 + 10 * 0.5) / 11, (0 + 10 * 0.5) / 11]
    )


COUNTED = st.integers(min_value=1, max_value=40)


@given(COUNTED, st.integers(min_value=1, max_value=6), st.integers(min_value=0, max_value=99))
def test_what_buckets_teach_adds_up_and_a_customer_s_scores_do_not_depend_on_its_bucket(
    customers: int, buckets: int, seed: int
) -> None:
    whole = drawn(customers, seed)
    parts = [taken(whole, np.arange(customers) % buckets == bucket) for bucket in range(buckets)]
    learned, everyone = of_all(map(habits, parts)), habits(whole)
    for scores in (similarity_scores, popularity_scores):
        wanted = scores(whole, everyone)
        for bucket, part in enumerate(parts):
            found = scores(part, learned)
            assert (found == wanted[np.arange(customers) % buckets == bucket]).all()


def drawn(customers: int, seed: int) -> Consumption:
    draw = np.random.default_rng(seed)
    return Consumption(
        accounts=np.array([f"a{number}" for number in range(customers)], dtype=object),
        industries=draw.choice(np.array(["", "Retail", "Health"], dtype=object), customers),
        bands=draw.integers(-1, 3, customers),
        workloads=AZURE.workloads,
        consumes=draw.random((customers, len(AZURE.workloads))) < 0.4,
    )


def taken(held: Consumption, rows: NDArray[np.bool_]) -> Consumption:
    return Consumption(
        held.accounts[rows], held.industries[rows], held.bands[rows], held.workloads, held.consumes[rows]
    )


def test_a_hit_is_a_recommended_workload_that_was_taken() -> None:
    told = pa.table(
        {"account_id": ["a", "b", "c"], "recommended_workloads": ["Storage; Backup", "Backup", "Backup"]}
    )
    taken = pa.table({"account_id": ["a", "b", "z"], "workload": ["Backup", "Storage", "Backup"]})
    assert hit_rate(told, taken) == (2, 0.5)
