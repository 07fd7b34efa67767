"""What a release would have said at an as-of date, beside what happened: the rows that a backtest judges."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray
from scipy.special import expit

from features import matrix
from features.build import Frames
from features.products import Product
from models import baselines
from models.labels import Labels
from models.train import Training
from scoring.cells import CELLS, CLUSTERS, TABLES

OWNS = ("own_orders", "own_won")
"""Features of which one above zero makes an owner: it bought the product, or was won for it, before."""
TABLE_COLUMNS = {table.name: f"cluster_{table.name}" for table in TABLES}


@dataclass(frozen=True, slots=True)
class Later:
    """What is known at last of all as-of dates.

    `labels` holds the purchases; `opportunities` those opened, won and lost; `oracle` the true probabilities
    (account_id, product, as_of, probability) where a world tells them.
    """

    labels: Labels
    opportunities: pd.DataFrame
    oracle: pd.DataFrame | None


def read_oracle(truth: Path | None) -> pd.DataFrame | None:
    """Read the truth of a sample world; None where there is no such file."""
    if truth is None or not truth.is_file():
        return None
    oracle: pd.DataFrame = pq.read_table(
        truth, columns=["account_id", "product", "as_of", "probability"]
    ).to_pandas()
    return oracle


def judged(
    frames: Frames, training: Training, known: Labels, scores: pa.Table, later: Later, *, as_of: date
) -> pd.DataFrame:
    """Return the rows of an as-of date to judge.

    One row is a customer and a product that were scored: as_of, product, account_id, bought (0 or 1), owner,
    probability, fit (told as a probability), recency and popularity (the plain guesses), oracle (NaN where
    unknown), fit_class, intent_class, cell, cluster, cluster_<table> of every cell table, opened, won, lost.

    Args:
        frames: feature frames of the training dates and of `as_of`.
        training: what was trained with what was known at `as_of`.
        known: the labels it was trained on; the plain guesses learn from the same.
        scores: the scores at `as_of`.
        later: what happened.
        as_of: the date to judge.
    """
    parts = [
        _product_rows(frames, training, known, scores, later, product, as_of)
        for product in frames.catalogue.products
        if product.prefix in training.models
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _product_rows(
    frames: Frames,
    training: Training,
    known: Labels,
    scores: pa.Table,
    later: Later,
    product: Product,
    as_of: date,
) -> pd.DataFrame:
    model = training.models[product.prefix]
    there = matrix.read(frames, [as_of], product, model.names, model.levels)
    scored = pc.and_(pc.equal(scores["product"], product.prefix), pc.is_valid(scores["probability"]))
    told = scores.filter(scored).to_pandas()
    if told["account_id"].tolist() != there.accounts.tolist():
        raise AssertionError(
            f"Scores and features of {product.prefix} at {as_of} are not of the same customers."
        )
    plain = baselines.learn(frames, known, training.as_ofs, product)
    cells = told["cell"].map({name: place for place, name in enumerate(CELLS)}).to_numpy(dtype=np.int8)
    rows = pd.DataFrame(
        {
            "as_of": as_of.isoformat(),
            "product": product.prefix,
            "account_id": told["account_id"],
            "bought": later.labels.bought(product, there.accounts, there.as_of),
            "owner": _owners(frames, product, as_of),
            "probability": told["probability"],
            "fit": expit(model.log_odds(there.values).fit),
            "recency": plain.recency(frames, as_of),
            "popularity": plain.base_rate,
            **{column: told[column] for column in ("fit_class", "intent_class", "cell", "cluster")},
            **{
                TABLE_COLUMNS[table.name]: np.array(CLUSTERS, dtype=object)[table.clusters(cells)]
                for table in TABLES
            },
        }
    )
    return _with_later(rows, later, as_of)


def _owners(frames: Frames, product: Product, as_of: date) -> NDArray[np.bool_]:
    counts = matrix.read(frames, [as_of], product, OWNS, {}).values
    owners: NDArray[np.bool_] = np.fmax.reduce(counts, axis=1) > 0
    return owners


def _with_later(rows: pd.DataFrame, later: Later, as_of: date) -> pd.DataFrame:
    key = ["product", "account_id"]
    happened = _at(later.opportunities, as_of)
    rows = rows.merge(happened, on=key, how="left", validate="1:1").fillna({"opened": 0, "won": 0, "lost": 0})
    if later.oracle is None:
        return rows.assign(oracle=np.nan)
    oracle = _at(later.oracle, as_of).rename(columns={"probability": "oracle"})
    return rows.merge(oracle, on=key, how="left", validate="1:1")


def _at(frame: pd.DataFrame, as_of: date) -> pd.DataFrame:
    days = frame["as_of"].to_numpy().astype("datetime64[D]")
    there: pd.DataFrame = frame[days == np.datetime64(as_of, "D")].drop(columns="as_of")
    return there
