"""A booster of small trees: how it is grown, kept as text, and told apart into contributions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Values = NDArray[np.float32]
Rows = NDArray[np.intp]

MOST_TREES = 1000
PATIENCE = 25
FOLDS = 3
_ROWS_AT_ONCE = 16_384
_DATASET = {"verbosity": -1, "feature_pre_filter": False, "max_bin": 63, "num_threads": 1}


@dataclass(frozen=True, slots=True)
class Trees:
    """A booster in LightGBM's text form, and the columns of the values it reads.

    A pooled booster has the product's `code` and reads it after the columns.
    """

    text: str
    columns: tuple[int, ...]
    code: int | None = None
    _booster: lgb.Booster = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Read the text."""
        object.__setattr__(self, "_booster", lgb.Booster(model_str=self.text))

    def margin(self, values: Values, *, threads: int = 1) -> Floats:
        """Return the raw margin of each row; `values` has all columns of the model."""
        parts = [
            self._booster.predict(self._read(rows), raw_score=True, num_threads=threads)
            for rows in _blocks(values)
        ]
        return np.concatenate(parts) if parts else np.empty(0)

    def contributions(self, values: Values, *, threads: int = 1) -> tuple[Floats, Floats]:
        """Return the base of each row and one contribution a column of `columns`; they sum to the margin.

        Exact and path-dependent (Lundberg et al. 2018). What the product's code contributes is in the base.
        """
        bases, told = [np.empty(0)], [np.empty((0, len(self.columns)))]
        for rows in _blocks(values):
            read = self._read(rows)
            every = np.asarray(self._booster.predict(read, pred_contrib=True, num_threads=threads))
            told.append(every[:, : len(self.columns)])
            bases.append(every[:, len(self.columns) :].sum(axis=1))
        return np.concatenate(bases), np.concatenate(told)

    def importance(self) -> NDArray[np.float64]:
        """Return the total gain of each column of `columns`."""
        gain: Floats = self._booster.feature_importance(importance_type="gain")
        return gain[: len(self.columns)]

    @property
    def count(self) -> int:
        """The number of trees."""
        return int(self._booster.num_trees())

    def _read(self, values: Values) -> Values:
        picked = np.ascontiguousarray(values[:, list(self.columns)])
        if self.code is None:
            return picked
        return np.column_stack([picked, np.full(len(picked), self.code, dtype=np.float32)])


def _blocks(values: Values) -> Iterator[Values]:
    for start in range(0, len(values), _ROWS_AT_ONCE):
        yield values[start : start + _ROWS_AT_ONCE]


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How trees are grown; `monotone` has a direction for each column of `names`."""

    names: tuple[str, ...]
    monotone: tuple[int, ...]
    leaves: int = 7
    least_rows: int = 30
    rate: float = 0.08
    objective: str = "binary"
    seed: int = 0

    def parameters(self) -> dict[str, object]:
        """Return LightGBM's parameters; the same seed and rows give the same bytes."""
        return {
            **_DATASET,
            "objective": self.objective,
            "num_leaves": self.leaves,
            "min_data_in_leaf": self.least_rows,
            "learning_rate": self.rate,
            "feature_fraction": 0.3,
            "lambda_l2": 5.0,
            "monotone_constraints": list(self.monotone),
            "seed": self.seed,
            "deterministic": True,
            "force_col_wise": True,
        }


class Ground:
    """Binned values and their labels, from which boosters are grown on any of the rows."""

    def __init__(self, values: Values, labels: Floats, growth: Growth, weights: Floats | None = None) -> None:
        """Bin the values once, whatever the rows grown on later; weights are taken relative to their mean.

        So what is asked of a leaf, and how strongly leaves are shrunk, stays in terms of rows.
        """
        self.growth = growth
        self._data = lgb.Dataset(
            values,
            label=labels,
            weight=None if weights is None else weights / weights.mean(),
            feature_name=list(growth.names),
            params=dict(_DATASET),
            free_raw_data=False,
        ).construct()

    def grow(self, rows: Rows, trees: int) -> str:
        """Grow that many trees on the rows and return their text."""
        grown = lgb.train(self.growth.parameters(), self._data.subset(rows.tolist()), num_boost_round=trees)
        return str(grown.model_to_string())

    def grow_over(self, splits: Sequence[tuple[Rows, Rows]]) -> tuple[int, tuple[str, ...]]:
        """Grow trees on the first rows of each split while the mean loss on the second ones falls.

        Returns their number, at least 1, and the text of each split's trees.
        """
        found = lgb.cv(
            self.growth.parameters(),
            self._data,
            num_boost_round=MOST_TREES,
            folds=list(splits),
            callbacks=[lgb.early_stopping(PATIENCE, verbose=False)],
            return_cvbooster=True,
        )
        grown = found["cvbooster"]
        assert isinstance(grown, lgb.CVBooster)
        count = max(1, grown.best_iteration)
        return count, tuple(str(one.model_to_string(num_iteration=count)) for one in grown.boosters)
