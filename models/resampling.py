"""Many measures with intervals over customers at once: weights are resampled, not rows.

A draw gives every customer the number of times it was drawn (Efron and Tibshirani 1993), and all its rows
that weight. Rows are sorted once; sums are one matrix product. Hundreds of draws over 100,000 rows take
seconds, where `evaluate.bootstrap` copies and sorts rows for every draw. Arrays of draws can be subtracted:
the differences are paired.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from models.evaluate import Floats, Interval

CELLS_AT_ONCE = 4_000_000
"""Draws times rows held at once: bounds memory, changes nothing else."""
_LEAST = 1e-12


@dataclass(frozen=True, slots=True)
class Ranking:
    """What depends on the order of the rows alone: one value a draw, the first of the rows as they are."""

    auc: Floats
    pr_auc: Floats
    lift_at_10: Floats


class Draws:
    """Resamples of customers, for as many measures of the same rows as are asked for.

    The first draw is the rows as they are; measures return one value a draw, NaN where it cannot be told.
    """

    def __init__(self, customers: NDArray[np.generic], *, draws: int = 200, seed: int = 0) -> None:
        """Draw `draws` resamples of the customers; one row of the data is one entry of `customers`."""
        self._row_customer = np.unique(customers, return_inverse=True)[1]
        count = int(self._row_customer.max(initial=-1)) + 1
        generator = np.random.default_rng(seed)
        self._weights = np.ones((draws + 1, count), dtype=np.float32)
        for draw in range(1, draws + 1 if count else 0):
            drawn = generator.integers(count, size=count)
            self._weights[draw] = np.bincount(drawn, minlength=count)

    def sums(self, values: Floats) -> Floats:
        """Return the weighted sums of one value a row, or of columns of values."""
        columns = values[:, None] if values.ndim == 1 else values
        by_customer = np.zeros((self._weights.shape[1], columns.shape[1]))
        np.add.at(by_customer, self._row_customer, columns)
        total: Floats = self._weights.astype(np.float64) @ by_customer
        return total[:, 0] if values.ndim == 1 else total

    def means(self, values: Floats) -> Floats:
        """Return the weighted means of one value a row."""
        return _ratio(self.sums(values), self.sums(np.ones(len(values))))

    def ranking(self, happened: Floats, expected: Floats) -> Ranking:
        """Return AUC, average precision and the lift of the tenth expected most; ties as in `evaluate`."""
        order = np.argsort(-expected, kind="stable")
        if not len(order):
            return Ranking(*np.full((3, len(self._weights)), np.nan))
        ties = _ties(happened[order], expected[order])
        told = [_ranked(weights, ties) for weights in self._row_weights(order)]
        return Ranking(*np.concatenate(told).T)

    def calibration_slope(self, happened: Floats, expected: Floats) -> Floats:
        """Return the slope on the log-odds: exact as the rows are, one Newton step from there a draw."""
        x = logit(np.clip(expected, _LEAST, 1 - _LEAST))
        slopes = np.full(len(self._weights), np.nan)
        if not 0 < happened.sum() < len(happened) or np.ptp(x) < _LEAST:
            return slopes
        told = np.array([0.0, 1.0])
        for _ in range(30):
            steps = self._newton(happened, x, told, only_first=True)
            told = told + steps[0] * min(1.0, 5.0 / max(np.abs(steps[0]).max(), _LEAST))
            if np.abs(steps[0]).max() < 1e-10:
                break
        slopes[:] = told[1] + self._newton(happened, x, told, only_first=False)[:, 1]
        return slopes

    def _newton(self, happened: Floats, x: Floats, told: Floats, *, only_first: bool) -> Floats:
        p = expit(told[0] + told[1] * x)
        off, spread = happened - p, p * (1 - p)
        columns = np.column_stack([off, off * x, spread, spread * x, spread * x * x])
        sums = columns.sum(axis=0)[None] if only_first else self.sums(columns)
        g0, g1, h0, h1, h2 = sums.T
        determinant = np.maximum(h0 * h2 - h1 * h1, _LEAST)
        return np.column_stack([(h2 * g0 - h1 * g1) / determinant, (h0 * g1 - h1 * g0) / determinant])

    def _row_weights(self, order: NDArray[np.intp]) -> Iterator[NDArray[np.float32]]:
        at_once = max(1, CELLS_AT_ONCE // len(order))
        columns = self._row_customer[order]
        for start in range(0, len(self._weights), at_once):
            yield self._weights[start : start + at_once].take(columns, axis=1)


def interval(draws: Floats) -> Interval:
    """Return the first draw, the rows as they are, and the 95 % percentile interval of the others."""
    kept = draws[1:][~np.isnan(draws[1:])]
    if np.isnan(draws[0]) or not len(kept):
        return Interval(float(draws[0]), float("nan"), float("nan"))
    low, high = np.quantile(kept, [0.025, 0.975])
    return Interval(float(draws[0]), float(low), float(high))


def odds_ratio(wins: Floats, rows: Floats, all_wins: Floats, all_rows: Floats) -> Floats:
    """Return the odds of a group over those of all rows."""
    return _ratio(wins * (all_rows - all_wins), (rows - wins) * all_wins)


def lift(wins: Floats, rows: Floats, all_wins: Floats, all_rows: Floats) -> Floats:
    """Return the win rate of a group over that of all rows."""
    return _ratio(wins * all_rows, rows * all_wins)


def _ratio(above: Floats, below: Floats) -> Floats:
    ratio: Floats = np.divide(above, below, out=np.full(np.shape(above), np.nan), where=below > 0)
    return ratio


@dataclass(frozen=True, slots=True)
class _Ties:
    """Rows sorted from the most expected down: where each group of equal ones begins, and where wins are."""

    starts: NDArray[np.intp]
    ends: NDArray[np.intp]
    wins: NDArray[np.intp]
    win_group: NDArray[np.intp]
    """The group of each win."""
    wins_before: NDArray[np.intp]
    """How many wins lie before each group, and before the end."""


def _ties(happened: Floats, expected: Floats) -> _Ties:
    starts = np.append(0, np.flatnonzero(np.diff(expected)) + 1)
    ends = np.append(starts[1:], len(expected))
    wins = np.flatnonzero(happened > 0)
    win_group = np.searchsorted(starts, wins, side="right") - 1
    return _Ties(starts, ends, wins, win_group, np.searchsorted(wins, np.append(starts, len(expected))))


def _ranked(weights: NDArray[np.float32], ties: _Ties) -> Floats:
    """Return AUC, average precision and lift of each draw, a row each.

    Sums of weights are whole numbers below 2^24: exact as float32.
    """
    seen = np.zeros((len(weights), weights.shape[1] + 1), dtype=np.float32)
    np.cumsum(weights, axis=1, out=seen[:, 1:])
    winning = weights[:, ties.wins].astype(np.float64)
    found = np.zeros((len(weights), len(ties.wins) + 1))
    np.cumsum(winning, axis=1, out=found[:, 1:])
    rows, total = seen[:, -1].astype(np.float64), found[:, -1]
    group = ties.win_group
    rows_above, rows_through = seen[:, ties.starts[group]], seen[:, ties.ends[group]]
    wins_above, wins_through = found[:, ties.wins_before[group]], found[:, ties.wins_before[group + 1]]
    losses_below = (rows - total)[:, None] - (rows_above - wins_above + rows_through - wins_through) / 2
    auc = _ratio((winning * losses_below).sum(axis=1), total * (rows - total))
    precision = np.divide(wins_through, rows_through, out=np.zeros_like(winning), where=rows_through > 0)
    told = np.column_stack([auc, _ratio((winning * precision).sum(axis=1), total), _lifts(seen, found, ties)])
    return np.where((total < rows)[:, None], told, np.nan)


def _lifts(seen: NDArray[np.float32], found: Floats, ties: _Ties) -> Floats:
    """Return the lift of the first tenth of the rows; those tied at the edge count in proportion."""
    room = seen[:, -1].astype(np.float64) * 0.1
    edge = np.array(
        [np.searchsorted(draw, least, side="left") for draw, least in zip(seen, room, strict=True)]
    )
    group = np.searchsorted(ties.starts, np.maximum(edge, 1) - 1, side="right") - 1
    draw = np.arange(len(seen))
    rows_above, rows_through = seen[draw, ties.starts[group]], seen[draw, ties.ends[group]]
    above, through = found[draw, ties.wins_before[group]], found[draw, ties.wins_before[group + 1]]
    inside = above + (through - above) * (room - rows_above) / np.maximum(rows_through - rows_above, 1)
    return _ratio(inside, 0.1 * found[:, -1])
