"""How many purchases a list of calls brings: the whole distribution, so that an interval can be told.

Customers are taken to decide independently, each with its published probability; the count is then
Poisson-binomial, exact by convolving the two-point distributions of the customers (Wang 1993, "On the number
of successes in independent trials"; scipy's `poisson_binom` stops at 63 trials).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve
from scipy.special import gammaln

Chances = NDArray[np.float64]
Counts = NDArray[np.int64]
NEGLIGIBLE = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """From the least to the most wins, both included."""

    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wins:
    """Wins to expect of a list: the mean, and what they stay within in 80 and in 95 of 100 such lists."""

    expected: float
    in_80: Interval
    in_95: Interval


def wins(chances: Chances) -> Wins:
    """Tell the wins of a list of customers by their purchase probabilities."""
    return _told(distribution(chances))


def wins_at_random(chances: Chances, size: int) -> Wins:
    """Tell the wins of a list of `size` customers that are drawn at random from all of them."""
    return _told(distribution_at_random(chances, size))


def distribution(chances: Chances) -> Chances:
    """Return the probability of 0, 1, ... n wins among n customers."""
    padded = np.zeros(1 << max(len(chances) - 1, 0).bit_length())
    padded[: len(chances)] = chances
    parts = np.stack([1 - padded, padded], axis=1)
    while len(parts) > 1:
        parts = fftconvolve(parts[::2], parts[1::2], axes=1)
    # The fast convolution leaves rounding of either sign where nothing is.
    found = np.clip(parts[0, : len(chances) + 1], 0, None)
    return np.asarray(found / found.sum(), dtype=np.float64)


def distribution_at_random(chances: Chances, size: int) -> Chances:
    """Return the probability of 0, 1, ... `size` wins among customers that are drawn without repetition.

    Who is drawn does not depend on who buys: of w buyers among all, a draw holds hypergeometrically many.
    """
    among_all, everybody = distribution(chances), len(chances)
    drawn, found = np.arange(size + 1), np.zeros(size + 1)
    for bought in map(int, np.flatnonzero(among_all > NEGLIGIBLE)):
        likely = _ways(bought, drawn) + _ways(everybody - bought, size - drawn) - _ways(everybody, size)
        found += among_all[bought] * np.exp(likely)
    return np.asarray(found / found.sum(), dtype=np.float64)


def _ways(of: int, taken: Counts | int) -> Chances:
    """Return the logarithm of how many ways there are to choose; minus infinity where there is none."""
    taken = np.asarray(taken)
    is_possible = (taken >= 0) & (taken <= of)
    kept = np.where(is_possible, taken, 0)
    ways: Chances = gammaln(of + 1) - gammaln(kept + 1) - gammaln(of - kept + 1)
    return np.asarray(np.where(is_possible, ways, -np.inf), dtype=np.float64)


def _told(chances: Chances) -> Wins:
    below = np.cumsum(chances)
    return Wins(
        expected=float(chances @ np.arange(len(chances))),
        in_80=_interval(below, 0.10),
        in_95=_interval(below, 0.025),
    )


def _interval(below: Chances, tail: float) -> Interval:
    """Leave at most `tail` outside at either end; a hair is allowed for the rounding of sums."""
    low, high = np.searchsorted(below, [tail + NEGLIGIBLE, 1 - tail - NEGLIGIBLE])
    return Interval(low=int(low), high=int(high))
