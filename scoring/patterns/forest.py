"""A booster as LightGBM writes it: the splits and leaves of its trees, if tables can be made of them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

LEAVES_AT_MOST = 8
"""A tree of 8 leaves has 7 splits, so 128 patterns of decisions; one of 31 leaves has a thousand million."""
SPLITS_AT_MOST = 8_000
"""Of all trees: eight boosters together then cut no column more often than 16 bits can tell."""
_CATEGORICAL, _DEFAULT_LEFT, _ZERO_IS_MISSING, _NAN_IS_MISSING = 1, 2, 4, 8
"""Bits of a split's `decision_type` (LightGBM's tree.h)."""


class NotCompiled(Exception):
    """Why no tables can be made of a booster; ends the sentence that names the booster."""


class Forest(NamedTuple):
    """The trees of a booster, one after the other: arrays by split and by leaf, as numba reads them.

    A tree's first split is its root. A child that is not negative is a split of the tree, `~child` a leaf.
    """

    stops: Ints
    """By tree and one more: its splits are `stops[tree]:stops[tree + 1]`; its leaves begin at
    `stops[tree] + tree`, as a tree has one more of them."""
    features: Ints
    thresholds: Floats
    unknown_left: NDArray[np.bool_]
    """Whether an unknown value goes left: as learned, or as 0 does where none was unknown in training."""
    left: Ints
    right: Ints
    split_rows: Floats
    """How many rows of the training data came to each split."""
    leaf_rows: Floats
    leaf_values: Floats


def read(text: str) -> Forest:
    """Read the text of a booster.

    Raises:
        NotCompiled: no tables can be made of it.
    """
    head, *parts = text.partition("\nend of trees")[0].split("\nTree=")
    if "\nnum_tree_per_iteration=1\n" not in head or "\naverage_output" in head:
        raise NotCompiled("has several classes or averages its trees")
    trees = [dict(line.split("=", 1) for line in part.splitlines() if "=" in line) for part in parts]
    _refuse(trees)
    kinds = _numbers(trees, "decision_type").astype(np.int64)
    if np.any(kinds & _CATEGORICAL):
        raise NotCompiled("splits by categories")
    if np.any(kinds & _ZERO_IS_MISSING):
        raise NotCompiled("takes 0 for missing")
    thresholds = _numbers(trees, "threshold")
    return Forest(
        stops=np.cumsum([0, *(int(tree["num_leaves"]) - 1 for tree in trees)]),
        features=_numbers(trees, "split_feature").astype(np.int64),
        thresholds=thresholds,
        unknown_left=np.where(kinds & _NAN_IS_MISSING, (kinds & _DEFAULT_LEFT) > 0, thresholds >= 0),
        left=_numbers(trees, "left_child").astype(np.int64),
        right=_numbers(trees, "right_child").astype(np.int64),
        split_rows=_numbers(trees, "internal_count"),
        leaf_rows=_numbers(trees, "leaf_count", when_alone="1"),
        leaf_values=_numbers(trees, "leaf_value"),
    )


def _refuse(trees: Sequence[dict[str, str]]) -> None:
    most = max((int(tree["num_leaves"]) for tree in trees), default=1)
    if most > LEAVES_AT_MOST:
        raise NotCompiled(f"has trees of {most} leaves, more than {LEAVES_AT_MOST}")
    splits = sum(int(tree["num_leaves"]) - 1 for tree in trees)
    if splits > SPLITS_AT_MOST:
        raise NotCompiled(f"has {splits} splits, more than {SPLITS_AT_MOST}")
    if any(tree.get("is_linear", "0") != "0" for tree in trees):
        raise NotCompiled("has linear models in its leaves")


def _numbers(trees: Sequence[dict[str, str]], key: str, *, when_alone: str | None = None) -> Floats:
    """Return what all trees have under a key; `when_alone` instead of what a single leaf has."""
    told = (
        when_alone if when_alone is not None and tree["num_leaves"] == "1" else tree.get(key, "")
        for tree in trees
    )
    return np.array(" ".join(told).split(), dtype=np.float64)
