"""Which workload a customer is likely to take next: item-based collaborative filtering.

Learned from the customers who consume a product's workloads (Sarwar et al. 2001). Two workloads are similar
where many customers consume both, against those who consume each (cosine); customers of the same industry
count thrice; a similarity is shrunk towards none by `SHRINKAGE` customers (Bell and Koren 2007):

    n(i, j) = customers that consume i and j, + 2 x those of the customer's industry
    s(i, j) = n(i, j) / sqrt(n(i, i) n(j, j)) x n(i, j) / (n(i, j) + SHRINKAGE)

A workload that the customer does not consume scores its mean similarity to those it does. A customer that
consumes none, and on whom a seller should act, gets the most consumed workloads among consumers of its
industry and size; their share is shrunk by `SHRINKAGE` customers towards that among all consumers.

All that is learned are counts of customers: those of buckets add up to those of everybody.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from features.periods import last
from features.products import Product
from features.sources.known import known_rows
from features.sources.tables import ACCOUNTS, AZURE_CONSUMPTION
from features.sources.world import World

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Group = tuple[str, int]
"""An industry and a size band."""

RECENT = last(90)
"""A workload is consumed when it was in these days."""
INDUSTRY_WEIGHT = 2.0
SHRINKAGE = 10.0
LEAST_SIMILARITY = 0.2
LEAST_SHARE = 0.2
AT_MOST = 3
SEPARATOR = "; "
SIZES = (25, 300)
"""Employees at which a customer belongs to the next size band; unknown ones are a band of their own."""

RECOMMENDED = pa.schema(
    [
        pa.field("account_id", pa.string(), nullable=False),
        ("recommended_workloads", pa.string()),
        pa.field("recommended_workloads_count", pa.int64(), nullable=False),
    ]
)
"""One row is a customer with at least one recommended workload, the best first."""


@dataclass(frozen=True, slots=True)
class Consumption:
    """Who consumes what: one row a customer known at the as-of date, one column a workload of the product."""

    accounts: NDArray[np.object_]
    industries: NDArray[np.object_]
    bands: NDArray[np.int64]
    workloads: tuple[str, ...]
    consumes: NDArray[np.bool_]

    @property
    def consumers(self) -> NDArray[np.bool_]:
        """Whoever consumes any workload."""
        any_of_them: NDArray[np.bool_] = np.any(self.consumes, axis=1)
        return any_of_them


@dataclass(frozen=True, slots=True)
class Habits:
    """What customers consume of a product, counted: the groups and industries that consume any of it.

    `consumers` by group; `consuming` by group, one count a workload; `together` by industry, one row and one
    column a workload: how many consume both.
    """

    consumers: Mapping[Group, int]
    consuming: Mapping[Group, Counts]
    together: Mapping[str, Counts]


def habits(held: Consumption) -> Habits:
    """Count what customers consume."""
    consumers: dict[Group, int] = {}
    consuming: dict[Group, Counts] = {}
    together: dict[str, Counts] = {}
    some = held.consumers
    consumes, industries, bands = (
        held.consumes[some].astype(np.int64),
        held.industries[some],
        held.bands[some],
    )
    for industry in dict.fromkeys(industries.tolist()):
        of_industry = industries == industry
        together[industry] = consumes[of_industry].T @ consumes[of_industry]
        for band in np.unique(bands[of_industry]).tolist():
            of_group = of_industry & (bands == band)
            consumers[industry, band] = int(of_group.sum())
            consuming[industry, band] = consumes[of_group].sum(axis=0)
    return Habits(consumers, consuming, together)


def of_all(parts: Iterable[Habits]) -> Habits:
    """Add up what customers of several buckets consume."""
    consumers: dict[Group, int] = {}
    consuming: dict[Group, Counts] = {}
    together: dict[str, Counts] = {}
    for part in parts:
        for group, count in part.consumers.items():
            consumers[group] = consumers.get(group, 0) + count
            consuming[group] = consuming.get(group, 0) + part.consuming[group]
        for industry, counts in part.together.items():
            together[industry] = together.get(industry, 0) + counts
    return Habits(consumers, consuming, together)


def learn(engine: duckdb.DuckDBPyConnection, world: World, as_of: date, product: Product) -> Habits:
    """Count what is consumed of a product as known at the as-of date; nothing of one without workloads."""
    if not product.workloads or not world.has(AZURE_CONSUMPTION):
        return Habits({}, {}, {})
    return habits(consumption(engine, world, as_of, product))


def recommend(
    engine: duckdb.DuckDBPyConnection,
    world: World,
    as_of: date,
    product: Product,
    *,
    learned: Habits,
    acted_on: Collection[str],
) -> pa.Table:
    """Return the recommended workloads (`RECOMMENDED`) as known at the as-of date, sorted by account_id.

    `learned` is what all customers consume, `acted_on` the customers whose cluster for the product is Act Now
    or Evaluate: only they get workloads without consuming any. A product without workloads has none.
    """
    if not product.workloads or not world.has(AZURE_CONSUMPTION):
        return RECOMMENDED.empty_table()
    held = consumption(engine, world, as_of, product)
    scores = np.where(
        held.consumers[:, None], similarity_scores(held, learned), popularity_scores(held, learned)
    )
    least = np.where(held.consumers, LEAST_SIMILARITY, LEAST_SHARE)
    eligible = held.consumers | np.isin(held.accounts, list(acted_on))
    allowed = eligible[:, None] & ~held.consumes & (scores >= least[:, None])
    return _best(held, np.where(allowed, scores, -np.inf))


def consumption(
    engine: duckdb.DuckDBPyConnection, world: World, as_of: date, product: Product
) -> Consumption:
    """Read who consumes which workload of the product at the as-of date, sorted by account_id."""
    happened = RECENT.holds(str(AZURE_CONSUMPTION.happened), None, "as_of")
    accounts = engine.execute(f"""
        SELECT account_id, industry, employees FROM {known_rows(world, ACCOUNTS, [as_of])}
        ORDER BY account_id""").df()
    consumed = engine.execute(f"""
        SELECT DISTINCT account_id, workload FROM {known_rows(world, AZURE_CONSUMPTION, [as_of])}
        WHERE {happened} AND amount_cents > 0 AND {product.own_rows(AZURE_CONSUMPTION)}""").df()
    rows = pd.Index(accounts["account_id"]).get_indexer(pd.Index(consumed["account_id"]))
    columns = pd.Index(product.workloads).get_indexer(pd.Index(consumed["workload"]))
    consumes = np.zeros((len(accounts), len(product.workloads)), dtype=np.bool_)
    consumes[rows[rows >= 0], columns[rows >= 0]] = True
    employees = accounts["employees"].to_numpy(dtype=np.float64, na_value=np.nan)
    bands = np.where(np.isnan(employees), -1, np.searchsorted(SIZES, employees, side="right"))
    return Consumption(
        accounts["account_id"].to_numpy(dtype=object),
        accounts["industry"].fillna("").to_numpy(dtype=object),
        bands,
        product.workloads,
        consumes,
    )


def similarity_scores(held: Consumption, learned: Habits) -> Floats:
    """Return each workload's mean similarity to those the customer consumes; 0 where it consumes none."""
    everyone = sum(learned.together.values(), start=_none(held))
    scores = np.zeros(held.consumes.shape)
    for industry in dict.fromkeys(held.industries[held.consumers].tolist()):
        same = held.industries == industry
        together = everyone.astype(np.float64)
        if industry:
            together += INDUSTRY_WEIGHT * learned.together.get(industry, 0)
        scores[same] = _mean_of_consumed(held.consumes[same], _similarity(together))
    return scores


def _none(held: Consumption) -> Counts:
    return np.zeros((len(held.workloads), len(held.workloads)), dtype=np.int64)


def _similarity(together: Floats) -> Floats:
    alone = np.sqrt(np.maximum(np.diag(together), 1.0))
    similarity: Floats = together / np.outer(alone, alone) * together / (together + SHRINKAGE)
    return similarity


def _mean_of_consumed(consumes: NDArray[np.bool_], similarity: Floats) -> Floats:
    """Add up workload by workload: a product of matrices may round a row by where it stands among others."""
    told = np.zeros(consumes.shape)
    for place in range(consumes.shape[1]):
        told += consumes[:, place, None] * similarity[place]
    mean: Floats = told / np.maximum(consumes.sum(axis=1, keepdims=True), 1)
    return mean


def popularity_scores(held: Consumption, learned: Habits) -> Floats:
    """Return the share of consumers of the same industry and size that consume each workload, shrunk."""
    consumers = sum(learned.consumers.values())
    if not consumers:
        return np.zeros(held.consumes.shape)
    overall = sum(learned.consuming.values(), start=np.zeros(len(held.workloads))) / consumers
    places, groups = pd.MultiIndex.from_arrays([held.industries, held.bands]).factorize()
    shares = np.empty((len(groups), len(held.workloads)))
    for row, group in enumerate(groups):
        counts = learned.consuming.get(group, 0) + SHRINKAGE * overall
        shares[row] = counts / (learned.consumers.get(group, 0) + SHRINKAGE)
    scores: Floats = shares[places]
    return scores


def _best(held: Consumption, scores: Floats) -> pa.Table:
    """Return the best workloads of each customer; ties in the order the catalogue declares them."""
    order = np.argsort(-scores.round(9), axis=1, kind="stable")[:, :AT_MOST]
    kept = np.take_along_axis(scores, order, axis=1) > -np.inf
    rows = np.flatnonzero(kept.any(axis=1))
    texts = [_joined(held.workloads, order[row][kept[row]]) for row in rows]
    return pa.table(
        {
            "account_id": pa.array(held.accounts[rows].tolist(), pa.string()),
            "recommended_workloads": pa.array(texts, pa.string()),
            "recommended_workloads_count": pa.array(kept[rows].sum(axis=1), pa.int64()),
        },
        schema=RECOMMENDED,
    )


def _joined(workloads: Sequence[str], places: NDArray[np.intp]) -> str:
    return SEPARATOR.join(workloads[place] for place in places)


def hit_rate(recommended: pa.Table, taken: pa.Table) -> tuple[int, float]:
    """Judge recommendations by what was taken later.

    Args:
        recommended: what `recommend` returned at an as-of date.
        taken: one row is a workload that a customer consumed later and not then: account_id, workload.

    Returns:
        How many customers with a recommendation took a new workload, and the share of them that took a
        recommended one; NaN without any.
    """
    told = recommended.to_pandas()
    told["workload"] = told["recommended_workloads"].str.split(SEPARATOR)
    pairs = told[["account_id", "workload"]].explode("workload")
    later = taken.to_pandas().drop_duplicates()
    later = later[later["account_id"].isin(told["account_id"])]
    hits = later.merge(pairs, on=["account_id", "workload"], how="inner", validate="1:1")
    customers = later["account_id"].nunique()
    return customers, hits["account_id"].nunique() / customers if customers else float("nan")
