"""Tables set over a matrix, and what they say of its rows.

A value's rank is 0 if it is unknown, else one more than the cuts of its column that lie below it. The values
up to cut i (from 0) are those whose rank is at most i + 1. Ranks are found once for all boosters of a matrix.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.trees import Trees
from scoring.patterns import kernels
from scoring.patterns.kernels import HIGHEST, Cuts, Leaves, Shares, Splits
from scoring.patterns.tabulate import Tables, stops_of

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Values = NDArray[np.float32]

_ROWS_AT_ONCE = 16_384
_MOST_CUTS = HIGHEST - 2
"""Of a column: every rank, and the bounds that none reaches, fit 16 bits."""


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """Boosters over a matrix of `width` columns; the product's code counts as one more."""

    width: int
    cuts: Cuts
    splits: Splits
    leaves: Leaves
    shares: Shares

    def margins(self, values: Values, *, threads: int = 1) -> Floats:
        """Return the raw margin of each row, one column a booster."""
        boosters = len(self.leaves.trees) - 1

        def part(rows: Values) -> Floats:
            told = np.zeros((boosters, len(rows)))
            kernels.margins(rows, self.cuts, self.splits, self.leaves, told)
            return told

        return _in_parts(part, values, boosters, threads)

    def contributions(self, values: Values, weights: Sequence[float], *, threads: int = 1) -> Floats:
        """Return what each column adds to the weighted margins, and last what the code adds."""
        of_trees = np.repeat(np.array(weights, dtype=np.float64), np.diff(self.leaves.trees))

        def part(rows: Values) -> Floats:
            told = np.zeros((self.width + 1, len(rows)))
            kernels.contributions(rows, self.cuts, self.splits, of_trees, self.shares, told)
            return told

        return _in_parts(part, values, self.width + 1, threads)


def _in_parts(part: Callable[[Values], Floats], values: Values, width: int, threads: int) -> Floats:
    """Return what `part` says of the rows, as many parts at once as there are threads."""
    parts = [
        np.ascontiguousarray(values[start : start + _ROWS_AT_ONCE])
        for start in range(0, len(values), _ROWS_AT_ONCE)
    ]
    if threads > 1 and len(parts) > 1:
        with ThreadPoolExecutor(threads) as pool:
            told = list(pool.map(part, parts))
    else:
        told = [part(rows) for rows in parts]
    return (told[0] if len(told) == 1 else np.concatenate([np.empty((width, 0)), *told], axis=1)).T


def place(boosters: Sequence[tuple[Trees, Tables]], width: int, *, explains: bool) -> Walk:
    """Set the tables of boosters over a matrix; `explains` with what contributions need."""
    tables = [one for _, one in boosters]
    columns = [np.array([*trees.columns, width], dtype=np.int64) for trees, _ in boosters]
    cuts, splits = _ranked(boosters, columns, width)
    return Walk(
        width=width,
        cuts=cuts,
        splits=splits,
        leaves=Leaves(
            stops_of([len(one.forest.stops) - 1 for one in tables]),
            stops_of(np.concatenate([np.diff(one.leaves.stops) for one in tables])),
            np.concatenate([one.leaves.values for one in tables]),
        ),
        shares=Shares(
            stops_of(np.concatenate([np.diff(one.shares.player_stops) for one in tables])),
            np.concatenate([of[one.shares.players] for of, one in zip(columns, tables, strict=True)]),
            stops_of(np.concatenate([np.diff(one.shares.stops) for one in tables])),
            np.concatenate([one.shares.values for one in tables]) if explains else np.empty(0),
        ),
    )


def _ranked(
    boosters: Sequence[tuple[Trees, Tables]], columns: Sequence[Ints], width: int
) -> tuple[Cuts, Splits]:
    """Return the cuts of all boosters together, and the splits as comparisons of ranks."""
    forests = [tables.forest for _, tables in boosters]
    asked = np.concatenate([of[forest.features] for of, forest in zip(columns, forests, strict=True)])
    counts = [len(forest.features) for forest in forests]
    codes = np.repeat([float(trees.code or 0) for trees, _ in boosters], counts)
    thresholds = np.concatenate([forest.thresholds for forest in forests])
    left = np.concatenate([forest.unknown_left for forest in forests])
    of_code = asked == width
    cuts, places, numbers = _cut(asked, _single(thresholds), ~of_code)
    # The product's code is known: such a split sends every rank to one side.
    left = np.where(of_code, codes <= thresholds, left)
    limits = np.where(of_code, np.where(left, HIGHEST, 0), numbers + left)
    offsets = np.where(left, 0, np.where(of_code, HIGHEST, 1))
    stops = stops_of(np.concatenate([np.diff(forest.stops) for forest in forests]))
    return cuts, Splits(stops, places, offsets.astype(np.uint16), limits.astype(np.uint16))


def _single(thresholds: Floats) -> Values:
    """Return the highest float32 up to each threshold: the same float32 values lie up to both."""
    with np.errstate(over="ignore"):
        near = thresholds.astype(np.float32)
    return np.where(near > thresholds, np.nextafter(near, np.float32(-np.inf)), near)


def _cut(columns: Ints, cuts: Values, is_cut: NDArray[np.bool_]) -> tuple[Cuts, Ints, Ints]:
    """Return the cuts, and by split where its column is among those read and its cut among the column's."""
    order = np.lexsort((cuts, columns))
    order = order[is_cut[order]]
    column, cut = columns[order], cuts[order]
    is_first = np.append(True, column[1:] != column[:-1])[: len(order)]
    is_new = is_first | np.append(True, cut[1:] != cut[:-1])[: len(order)]
    place, number = np.cumsum(is_first) - 1, np.cumsum(is_new) - 1
    stops = np.append(number[is_first], np.count_nonzero(is_new)).astype(np.int64)
    assert np.diff(stops).max(initial=0) <= _MOST_CUTS
    places, numbers = np.zeros(len(columns), np.int64), np.zeros(len(columns), np.int64)
    places[order], numbers[order] = place, number - stops[place]
    if not len(order):  # splits by the code alone still look at a column
        return Cuts(np.zeros(1, np.int64), np.zeros(2, np.int64), cut), places, numbers
    return Cuts(column[is_first], stops, cut[is_new]), places, numbers
