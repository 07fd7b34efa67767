"""How good probabilities are: pure functions of what happened and what was expected.

`happened` holds 0 and 1, `expected` probabilities, row by row. A measure that the rows cannot tell (one class
only, one probability only, no rows) is NaN, without a warning. Intervals are resampled over customers.

Rows drawn with unequal chances have weights, one over the chance: each row then stands for so many, and every
figure speaks of the rows drawn from (Horvitz and Thompson 1952). Without weights each row stands for itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit

Floats = NDArray[np.float64]
Weights = NDArray[np.float64] | None

_LEAST = 1e-12
_BINS = 10
_NORMAL_95 = 1.959963984540054


class Measure(Protocol):
    """A figure of what happened and what was expected."""

    def __call__(self, happened: Floats, expected: Floats, weights: Weights = None, /) -> float:
        """Return the figure."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A value and its 95 % interval; NaN where the rows cannot tell."""

    value: float
    low: float
    high: float


def auc(happened: Floats, expected: Floats, weights: Weights = None) -> float:
    """Return the chance that a row that happened was expected more than one that did not; ties count half."""
    each = _each(happened, weights)
    wins = (each * happened).sum()
    losses = each.sum() - wins
    if wins == 0 or losses == 0:
        return float("nan")
    value = np.unique(expected, return_inverse=True)[1]
    won = np.bincount(value, weights=each * happened)
    lost = np.bincount(value, weights=each) - won
    below = np.cumsum(lost) - lost
    return float((won * (below + lost / 2)).sum() / (wins * losses))


def pr_auc(happened: Floats, expected: Floats, weights: Weights = None) -> float:
    """Return the average precision over the wins; rows of equal expectation are taken together."""
    each = _each(happened, weights)
    wins = (each * happened).sum()
    if wins == 0 or wins == each.sum():
        return float("nan")
    order = np.argsort(-expected, kind="stable")
    found = np.cumsum((each * happened)[order])
    last_of_tie = np.append(np.flatnonzero(np.diff(expected[order])), len(order) - 1)
    precision = found[last_of_tie] / np.cumsum(each[order])[last_of_tie]
    return float((np.diff(found[last_of_tie], prepend=0.0) * precision).sum() / wins)


def lift_at(share: float) -> Measure:
    """Return the measure: win rate among the `share` of rows expected most, over the win rate of all.

    Rows tied at the edge count in proportion, so that their order in the table does not matter.
    """

    def lift(happened: Floats, expected: Floats, weights: Weights = None, /) -> float:
        each = _each(happened, weights)
        wins = (each * happened).sum()
        if wins == 0 or wins == each.sum():
            return float("nan")
        room = share * each.sum()
        order = np.argsort(-expected, kind="stable")
        last = np.searchsorted(np.cumsum(each[order]), room)
        edge = expected[order][min(int(last), len(order) - 1)]
        above, tied = expected > edge, expected == edge
        rate = (each * happened)[tied].sum() / each[tied].sum()
        inside = (each * happened)[above].sum() + rate * (room - each[above].sum())
        return float(inside / room / (wins / each.sum()))

    return lift


lift_at_10 = lift_at(0.1)


def brier(happened: Floats, expected: Floats, weights: Weights = None) -> float:
    """Return the mean squared distance of the probabilities from what happened (Brier 1950)."""
    return _mean((happened - expected) ** 2, weights)


def log_loss(happened: Floats, expected: Floats, weights: Weights = None) -> float:
    """Return the mean negative log-likelihood, in nats a row."""
    safe = np.clip(expected, _LEAST, 1 - _LEAST)
    return -_mean(happened * np.log(safe) + (1 - happened) * np.log1p(-safe), weights)


def expected_over_observed(happened: Floats, expected: Floats, weights: Weights = None) -> float:
    """Return expected wins over observed ones; 1 is right, above 1 is too hopeful."""
    each = _each(happened, weights)
    wins = (each * happened).sum()
    return float((each * expected).sum() / wins) if wins else float("nan")


def calibration_slope(happened: Floats, expected: Floats, weights: Weights = None) -> float:
    """Return the slope of what happened on the log-odds: 1 is right, below 1 is too sure (Cox 1958)."""
    safe = np.clip(expected, _LEAST, 1 - _LEAST)
    log_odds = logit(safe)
    if not 0 < happened.sum() < len(happened) or np.ptp(log_odds) < _LEAST:
        return float("nan")
    each = _each(happened, weights)
    design = np.column_stack([np.ones_like(log_odds), log_odds])
    told = np.array([0.0, 1.0])
    for _ in range(50):
        p = expit(design @ told)
        information = design.T @ (design * (each * (p * (1 - p)))[:, None])
        if np.linalg.cond(information) > 1 / _LEAST:
            return float("nan")
        step = np.linalg.solve(information, design.T @ (each * (happened - p)))
        told = told + step * min(1.0, 5.0 / np.abs(step).max(initial=_LEAST))
        if np.abs(step).max() < 1e-10:
            break
    return float(told[1])


def ece(happened: Floats, expected: Floats, weights: Weights = None) -> float:
    """Return the expected calibration error: mean distance from the diagonal over ten equal-count bins."""
    if not len(happened):
        return float("nan")
    each = _each(happened, weights)
    bins = [b for b in np.array_split(np.argsort(expected, kind="stable"), _BINS) if len(b)]
    off = (abs((each * happened)[b].sum() - (each * expected)[b].sum()) for b in bins)
    return float(sum(off) / each.sum())


def _each(happened: Floats, weights: Weights) -> Floats:
    return np.ones(len(happened)) if weights is None else weights


def _mean(values: Floats, weights: Weights) -> float:
    return float(np.average(values, weights=weights)) if len(values) else float("nan")


MEASURES: dict[str, Measure] = {
    "auc": auc,
    "pr_auc": pr_auc,
    "lift_at_10": lift_at_10,
    "brier": brier,
    "log_loss": log_loss,
    "ece": ece,
    "expected_over_observed": expected_over_observed,
    "calibration_slope": calibration_slope,
}
"""Every measure by the name under which it is published."""


def reliability(
    happened: Floats, expected: Floats, customers: NDArray[np.generic], weights: Weights = None
) -> pd.DataFrame:
    """Return one row a bin of equal count: customers, expected and observed rate, its interval.

    The interval is Wilson's (1927) with the number of independent rows that the spread between customers
    leaves: rows of one customer on several dates are not worth as much as rows of several.
    """
    rows = []
    for number, held in enumerate(np.array_split(np.argsort(expected, kind="stable"), _BINS), start=1):
        if not len(held):
            continue
        each = None if weights is None else weights[held]
        told = _rate(happened[held], customers[held], each)
        rows.append((number, len(held), _mean(expected[held], each), told.value, told.low, told.high))
    return pd.DataFrame(rows, columns=["bin", "rows", "expected", "observed", "low", "high"])


def rate(happened: Floats, customers: NDArray[np.generic]) -> Interval:
    """Return the share of rows that happened and its interval over customers; NaN without rows."""
    return _rate(happened, customers) if len(happened) else Interval(*[float("nan")] * 3)


def _rate(happened: Floats, customers: NDArray[np.generic], weights: Weights = None) -> Interval:
    each = _each(happened, weights)
    share = _mean(happened, weights)
    of_customer = np.unique(customers, return_inverse=True)[1]
    spread = float((np.bincount(of_customer, weights=each * (happened - share)) ** 2).sum())
    spread /= float(each.sum()) ** 2
    count = share * (1 - share) / spread if spread > 0 else float(of_customer.max() + 1)
    middle = (share + _NORMAL_95**2 / (2 * count)) / (1 + _NORMAL_95**2 / count)
    half = np.sqrt(share * (1 - share) / count + _NORMAL_95**2 / (4 * count**2)) * _NORMAL_95
    half = float(half / (1 + _NORMAL_95**2 / count))
    return Interval(share, max(0.0, middle - half), min(1.0, middle + half))


def gain(happened: Floats, expected: Floats, weights: Weights = None) -> pd.DataFrame:
    """Return one row a tenth of the rows, most expected first: shares of rows and of wins up to there."""
    order = np.argsort(-expected, kind="stable")
    each = _each(happened, weights)[order]
    found = np.append(0.0, np.cumsum(each * happened[order]))
    shares = np.linspace(0.1, 1.0, 10)
    reached = np.cumsum(each) / each.sum()
    cuts = np.rint(np.interp(shares, np.append(0.0, reached), np.arange(len(order) + 1))).astype(int)
    wins = found[cuts] / found[-1] if found[-1] else np.full(10, np.nan)
    return pd.DataFrame({"share_of_rows": shares.round(1), "share_of_wins": wins})


def bootstrap(
    measure: Measure,
    happened: Floats,
    expected: Floats,
    customers: NDArray[np.generic],
    *,
    weights: Weights = None,
    draws: int = 200,
    seed: int = 0,
) -> Interval:
    """Return the measure and its 95 % percentile interval, resampled over customers."""
    each = _each(happened, weights)

    def told(rows: NDArray[np.intp]) -> float:
        return measure(happened[rows], expected[rows], each[rows])

    return _resampled(told, measure(happened, expected, each), customers, draws, seed)


def difference(  # noqa: PLR0913 - rows, and how they are resampled by name
    measure: Measure,
    happened: Floats,
    expected: Floats,
    other: Floats,
    customers: NDArray[np.generic],
    *,
    weights: Weights = None,
    draws: int = 200,
    seed: int = 0,
) -> Interval:
    """Return `measure` of `expected` minus that of `other` on the same rows, and its paired interval."""
    each = _each(happened, weights)

    def told(rows: NDArray[np.intp]) -> float:
        return measure(happened[rows], expected[rows], each[rows]) - measure(
            happened[rows], other[rows], each[rows]
        )

    whole = measure(happened, expected, each) - measure(happened, other, each)
    return _resampled(told, whole, customers, draws, seed)


def _resampled(
    told: Callable[[NDArray[np.intp]], float],
    whole: float,
    customers: NDArray[np.generic],
    draws: int,
    seed: int,
) -> Interval:
    if not len(customers):
        return Interval(whole, float("nan"), float("nan"))
    of_customer = np.unique(customers, return_inverse=True)[1]
    rows = np.argsort(of_customer, kind="stable")
    counts = np.bincount(of_customer)
    starts = np.append(0, np.cumsum(counts)[:-1])
    generator = np.random.default_rng(seed)
    values = []
    for _ in range(draws):
        drawn = generator.integers(len(counts), size=len(counts))
        within = np.arange(counts[drawn].sum()) - np.repeat(
            np.cumsum(counts[drawn]) - counts[drawn], counts[drawn]
        )
        values.append(told(rows[np.repeat(starts[drawn], counts[drawn]) + within]))
    kept = [value for value in values if not np.isnan(value)]
    if not kept:
        return Interval(whole, float("nan"), float("nan"))
    low, high = np.quantile(kept, [0.025, 0.975])
    return Interval(whole, float(low), float(high))
