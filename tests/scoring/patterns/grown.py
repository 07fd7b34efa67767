"""Boosters grown for tests, and rows that are hard to read."""

from collections.abc import Sequence
from dataclasses import dataclass

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from models.trees import Floats, Trees, Values

TRAINED_ON = 300
EDGES = np.array(
    [np.nan, np.inf, -np.inf, 0.0, -0.0, 1e-35, -1e-35, 1e-36, 1.1e-35, -1.1e-35, 1e-40, 3e38, -3e38],
    dtype=np.float32,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How a booster is grown; a column's values are `levels` whole numbers, divided, some of them unknown."""

    columns: int = 3
    leaves: int = 7
    trees: int = 5
    levels: int = 9
    divided: float = 2.0
    unknown: float = 0.2
    infinite: bool = False
    constant: bool = False
    monotone: int = 0
    categorical: bool = False
    more: tuple[tuple[str, object], ...] = ()


def values(kind: Kind, rows: int, seed: int) -> Values:
    """Draw rows as a booster is grown on them."""
    generator = np.random.default_rng(seed)
    drawn = (generator.integers(0, kind.levels, (rows, kind.columns)) - 2) / kind.divided
    if kind.infinite:
        drawn[generator.random(drawn.shape) < 0.1] = np.inf
        drawn[generator.random(drawn.shape) < 0.1] = -np.inf
    drawn[generator.random(drawn.shape) < kind.unknown] = np.nan
    return drawn.astype(np.float32)


def labels(read: Values, seed: int) -> Floats:
    """Draw labels that depend on every column, on pairs of them, and on what is unknown."""
    generator = np.random.default_rng(seed + 1)
    known = np.clip(np.nan_to_num(read, nan=3.0), -5, 5)
    return np.asarray(
        np.sin(known).sum(axis=1) + known[:, 0] * known[:, -1] / 4 + generator.normal(size=len(read))
    )


def grow(kind: Kind, seed: int) -> str:
    """Grow a booster and return its text."""
    read = values(kind, TRAINED_ON, seed)
    told = np.full(len(read), 3.0) if kind.constant else labels(read, seed)
    parameters = {
        "objective": "regression",
        "num_leaves": kind.leaves,
        "min_data_in_leaf": 3,
        "monotone_constraints": [kind.monotone] * kind.columns,
        "feature_fraction": 0.7,
        "learning_rate": 0.3,
        "seed": seed,
        "num_threads": 1,
        "verbosity": -1,
        **dict(kind.more),
    }
    names = [f"c{column}" for column in range(kind.columns)]
    data = lgb.Dataset(
        read,
        label=told,
        feature_name=names,
        categorical_feature=names if kind.categorical else [],
        params=dict(parameters),
    )
    return str(lgb.train(parameters, data, num_boost_round=kind.trees).model_to_string())


def hard_rows(texts: Sequence[str], columns: int, rows: int, seed: int) -> Values:
    """Draw rows of thresholds, of the floats next to them, of edges, and of values as trained on."""
    lines = [line for text in texts for line in text.splitlines() if line.startswith("threshold=")]
    thresholds = " ".join(line.removeprefix("threshold=") for line in lines).split()
    with np.errstate(over="ignore"):
        cuts = np.array(thresholds, dtype=np.float64).astype(np.float32)
    near = np.concatenate(
        [cuts, np.nextafter(cuts, np.float32(-np.inf)), np.nextafter(cuts, np.float32(np.inf))]
    )
    pool = np.concatenate([near, np.tile(EDGES, 3), np.arange(-2, 9, dtype=np.float32) / 2])
    return np.random.default_rng(seed).choice(pool, (rows, columns))


def margins(boosters: Sequence[Trees], rows: Values) -> Floats:
    """Return the raw margins by LightGBM itself, one column a booster."""
    return np.column_stack([trees.margin(rows) for trees in boosters])


def contributions(boosters: Sequence[Trees], weights: Sequence[float], rows: Values) -> tuple[Floats, Floats]:
    """Return base and contributions of the weighted margins by LightGBM itself."""
    base, each = np.zeros(len(rows)), np.zeros(rows.shape)
    for weight, trees in zip(weights, boosters, strict=True):
        part, told = trees.contributions(rows)
        base += weight * part
        each[:, list(trees.columns)] += weight * told
    return base, each


def bits(numbers: Floats) -> NDArray[np.int64]:
    """Return the numbers as their bits."""
    return np.ascontiguousarray(numbers).view(np.int64)
