"""How good probabilities are: pure functions of what happened and what was expected.

`happened` holds 0 and 1, `expected` probabilities, row by row. A measure that the rows cannot tell (one class
only, one probability only, no rows) is NaN, without a warning. Intervals are resampled over customers.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit
from scipy.stats import rankdata

Floats = NDArray[np.float64]
Measure = Callable[[Floats, Floats], float]

_LEAST = 1e-12
_BINS = 10
_NORMAL_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Interval:
    """A value and its 95 % interval; NaN where the rows cannot tell."""

    value: float
    low: float
    high: float


def auc(happened: Floats, expected: Floats) -> float:
    """Return the chance that a row that happened was expected more than one that did not; ties count half."""
    wins = happened.sum()
    losses = len(happened) - wins
    if wins == 0 or losses == 0:
        return float("nan")
    ranks = rankdata(expected)
    return float((ranks[happened > 0].sum() - wins * (wins + 1) / 2) / (wins * losses))


def pr_auc(happened: Floats, expected: Floats) -> float:
    """Return the average precision over the wins; rows of equal expectation are taken together."""
    wins = happened.sum()
    if wins == 0 or wins == len(happened):
        return float("nan")
    order = np.argsort(-expected, kind="stable")
    found = np.cumsum(happened[order])
    last_of_tie = np.append(np.flatnonzero(np.diff(expected[order])), len(order) - 1)
    precision = found[last_of_tie] / (last_of_tie + 1)
    return float((np.diff(found[last_of_tie], prepend=0.0) * precision).sum() / wins)


def lift_at(share: float) -> Measure:
    """Return the measure: win rate among the `share` of rows expected most, over the win rate of all.

    Rows tied at the edge count in proportion, so that their order in the table does not matter.
    """

    def lift(happened: Floats, expected: Floats) -> float:
        wins = happened.sum()
        if wins == 0 or wins == len(happened):
            return float("nan")
        room = share * len(happened)
        edge = np.sort(expected)[::-1][min(int(np.ceil(room)), len(expected)) - 1]
        above, tied = expected > edge, expected == edge
        inside = happened[above].sum() + happened[tied].mean() * (room - above.sum())
        return float(inside / room / (wins / len(happened)))

    return lift


lift_at_10 = lift_at(0.1)


def brier(happened: Floats, expected: Floats) -> float:
    """Return the mean squared distance of the probabilities from what happened (Brier 1950)."""
    return float(np.mean((happened - expected) ** 2)) if len(happened) else float("nan")


def log_loss(happened: Floats, expected: Floats) -> float:
    """Return the mean negative log-likelihood, in nats a row."""
    if not len(happened):
        return float("nan")
    safe = np.clip(expected, _LEAST, 1 - _LEAST)
    return float(-np.mean(happened * np.log(safe) + (1 - happened) * np.log1p(-safe)))


def expected_over_observed(happened: Floats, expected: Floats) -> float:
    """Return expected wins over observed ones; 1 is right, above 1 is too hopeful."""
    wins = happened.sum()
    return float(expected.sum() / wins) if wins else float("nan")


def calibration_slope(happened: Floats, expected: Floats) -> float:
    """Return the slope of what happened on the log-odds: 1 is right, below 1 is too sure (Cox 1958)."""
    safe = np.clip(expected, _LEAST, 1 - _LEAST)
    log_odds = logit(safe)
    if not 0 < happened.sum() < len(happened) or np.ptp(log_odds) < _LEAST:
        return float("nan")
    design = np.column_stack([np.ones_like(log_odds), log_odds])
    told = np.array([0.0, 1.0])
    for _ in range(50):
        p = expit(design @ told)
        information = design.T @ (design * (p * (1 - p))[:, None])
        if np.linalg.cond(information) > 1 / _LEAST:
            return float("nan")
        step = np.linalg.solve(information, design.T @ (happened - p))
        told = told + step * min(1.0, 5.0 / np.abs(step).max(initial=_LEAST))
        if np.abs(step).max() < 1e-10:
            break
    return float(told[1])


def ece(happened: Floats, expected: Floats) -> float:
    """Return the expected calibration error: mean distance from the diagonal over ten equal-count bins."""
    if not len(happened):
        return float("nan")
    bins = [b for b in np.array_split(np.argsort(expected, kind="stable"), _BINS) if len(b)]
    return float(sum(abs(happened[b].sum() - expected[b].sum()) for b in bins) / len(happened))


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


def reliability(happened: Floats, expected: Floats, customers: NDArray[np.generic]) -> pd.DataFrame:
    """Return one row a bin of equal count: customers, expected and observed rate, its interval.

    The interval is Wilson's (1927) with the number of independent rows that the spread between customers
    leaves: rows of one customer on several dates are not worth as much as rows of several.
    """
    rows = []
    for number, held in enumerate(np.array_split(np.argsort(expected, kind="stable"), _BINS), start=1):
        if not len(held):
            continue
        told = _rate(happened[held], customers[held])
        rows.append((number, len(held), float(expected[held].mean()), told.value, told.low, told.high))
    return pd.DataFrame(rows, columns=["bin", "rows", "expected", "observed", "low", "high"])


def rate(happened: Floats, customers: NDArray[np.generic]) -> Interval:
    """Return the share of rows that happened and its interval over customers; NaN without rows."""
    return _rate(happened, customers) if len(happened) else Interval(*[float("nan")] * 3)


def _rate(happened: Floats, customers: NDArray[np.generic]) -> Interval:
    share = float(happened.mean())
    of_customer = np.unique(customers, return_inverse=True)[1]
    spread = float((np.bincount(of_customer, weights=happened - share) ** 2).sum()) / len(happened) ** 2
    count = share * (1 - share) / spread if spread > 0 else float(of_customer.max() + 1)
    middle = (share + _NORMAL_95**2 / (2 * count)) / (1 + _NORMAL_95**2 / count)
    half = np.sqrt(share * (1 - share) / count + _NORMAL_95**2 / (4 * count**2)) * _NORMAL_95
    half = float(half / (1 + _NORMAL_95**2 / count))
    return Interval(share, max(0.0, middle - half), min(1.0, middle + half))


def gain(happened: Floats, expected: Floats) -> pd.DataFrame:
    """Return one row a tenth of the rows, most expected first: shares of rows and of wins up to there."""
    found = np.append(0.0, np.cumsum(happened[np.argsort(-expected, kind="stable")]))
    shares = np.linspace(0.1, 1.0, 10)
    cuts = np.rint(shares * len(happened)).astype(int)
    wins = found[cuts] / found[-1] if found[-1] else np.full(10, np.nan)
    return pd.DataFrame({"share_of_rows": shares.round(1), "share_of_wins": wins})


def bootstrap(
    measure: Measure,
    happened: Floats,
    expected: Floats,
    customers: NDArray[np.generic],
    *,
    draws: int = 200,
    seed: int = 0,
) -> Interval:
    """Return the measure and its 95 % percentile interval, resampled over customers."""

    def told(rows: NDArray[np.intp]) -> float:
        return measure(happened[rows], expected[rows])

    return _resampled(told, measure(happened, expected), customers, draws, seed)


def difference(
    measure: Measure,
    happened: Floats,
    expected: Floats,
    other: Floats,
    customers: NDArray[np.generic],
    *,
    draws: int = 200,
    seed: int = 0,
) -> Interval:
    """Return `measure` of `expected` minus that of `other` on the same rows, and its paired interval."""

    def told(rows: NDArray[np.intp]) -> float:
        return measure(happened[rows], expected[rows]) - measure(happened[rows], other[rows])

    whole = measure(happened, expected) - measure(happened, other)
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
