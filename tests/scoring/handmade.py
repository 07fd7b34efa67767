"""Frames and models written by hand: small enough to know what they must say."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from features.build import Frames
from features.products import Catalogue, Product
from models.calibrate import Calibration
from models.model import Anchors, Calibrations, Margins, PropensityModel
from models.trees import Ground, Growth, Trees

Row = Mapping[str, object]


def frames(folder: Path, products: Sequence[Product], at: Mapping[date, Sequence[Row]]) -> Frames:
    """Write the feature rows of each date; customers are listed and in scope unless a row says otherwise."""
    catalogue = Catalogue(tuple(products))
    there = Frames(folder, tuple(sorted(at)), catalogue, ())
    usual = {"is_listed": True, **{f"in_scope__{product.prefix}": True for product in products}}
    for when, rows in at.items():
        ordered = sorted(({**usual, **row} for row in rows), key=lambda row: str(row["account_id"]))
        pq.write_table(pa.Table.from_pylist(ordered), there.path(when))
    return there


def trees(names: Sequence[str], column: int) -> Trees:
    """Grow trees whose margin rises with one column over 0-10 and does not see the others."""
    values = np.zeros((400, len(names)), dtype=np.float32)
    values[:, column] = np.arange(400) % 11
    labels = (np.arange(400) // 11 * 7 % 11 < values[:, column]).astype(np.float64)
    growth = Growth(names=tuple(names), monotone=(0,) * len(names))
    return Trees(Ground(values, labels, growth).grow(np.arange(400), 60), tuple(range(len(names))))


def model(product: Product, *, fit: str, intent: str, also: Sequence[str] = ()) -> PropensityModel:
    """Return a model whose fit rises with one feature, its intent with another, and purchase with both."""
    names = (fit, intent, *also)
    single = Calibration((1.0,), 0.0)
    return PropensityModel(
        product=product.prefix,
        trained_through=date(2026, 3, 25),
        purchases=500,
        own_weight=1.0,
        names=names,
        levels={},
        own=Margins(*(trees(names, column) for column in (0, 0, 1, len(names) - 1))),
        pooled=None,
        calibrations=Calibrations(
            Calibration((1.0, 0.0), 0.0), single, Calibration((0.6, 0.0, 0.6, 0.3), -1.0)
        ),
        anchors=Anchors(0.0, 0.0, 0.0),
    )
