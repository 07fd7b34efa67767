"""What a training says about itself: how the recipe did on the newest date, and what the trees looked at."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from models import evaluate
from models.evaluate import Floats, Interval
from models.leaks import Telltale
from models.learn import TOO_FEW_TO_JUDGE

DRIFT = (0.8, 1.25)
"""Observed over expected wins outside of which publication needs a decision."""
CHANCE = 0.05
"""How often chance may take any of the models judged together out of those bounds."""
DRAWS = 100
HALF_A_WIN = 0.5


@dataclass(frozen=True, slots=True)
class Drift:
    """Observed over expected wins on the newest closed date, and the standard error of its logarithm."""

    ratio: float
    log_error: float

    def interval(self, chance: float = CHANCE) -> Interval:
        """Return the ratio and its interval of the level 1 - `chance`: that of a normal on the log scale."""
        reach = float(ndtri(1 - chance / 2)) * self.log_error
        return Interval(self.ratio, self.ratio * math.exp(-reach), self.ratio * math.exp(reach))


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What the recipe, trained on dates closed by `as_of`, expected at it, and what happened.

    One row is a customer (or an agreement); it stands for as many as its weight says, if it has one.
    """

    as_of: date
    accounts: NDArray[np.str_]
    happened: Floats
    expected: Floats
    weights: Floats | None = None

    @property
    def can_judge(self) -> bool:
        """Whether there are outcomes enough to be evidence."""
        return len(np.unique(self.accounts[self.happened > 0])) >= TOO_FEW_TO_JUDGE

    @property
    def drift(self) -> Drift:
        """How far what happened is from what was expected.

        The error is that of a ratio of sums over customers (Cochran 1977, Sampling Techniques, chapter 6):
        finer than a hundred draws could tell it far from the middle. Where nobody won, half a win stands for
        none (Haldane 1956), with the error of so small a count: a silence is judged by what it should hold.
        """
        each = np.ones(len(self.happened)) if self.weights is None else self.weights
        wins, expected = float((each * self.happened).sum()), float((each * self.expected).sum())
        if not wins:
            return Drift(HALF_A_WIN / expected, math.sqrt(1 / HALF_A_WIN))
        ratio = wins / expected
        of_customer = np.unique(self.accounts, return_inverse=True)[1]
        off = np.bincount(of_customer, weights=each * (self.happened - ratio * self.expected))
        return Drift(ratio, math.sqrt(float((off**2).sum())) / wins)


@dataclass(frozen=True, slots=True)
class Judged:
    """A rehearsal measured: each of `evaluate.MEASURES` with its interval over customers, and two tables."""

    rehearsal: Rehearsal
    measures: Mapping[str, Interval]
    reliability: pd.DataFrame
    gain: pd.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of one training; `judged` is None where no earlier date was closed by the newest one.

    `trees` counts the trees of each booster, `importance` is each feature's share of the gain, `telltales`
    are features of the training rows that are too good to be true; `chances` are those with which a row that
    bought and one that did not were drawn.
    """

    product: str
    purchases: int
    rows: int
    base_rate: float
    own_weight: float
    trees: Mapping[str, int]
    importance: Mapping[str, float]
    judged: Judged | None
    telltales: tuple[Telltale, ...] = ()
    chances: tuple[float, float] = (1.0, 1.0)

    @property
    def drift(self) -> Drift | None:
        """How far what happened is from what was expected; None where that could not be judged."""
        return None if self.judged is None else self.judged.rehearsal.drift


def drifted(judged: Mapping[str, Drift]) -> tuple[str, ...]:
    """Return which of the models judged together left the bounds by more than chance, in their order.

    With m of them each interval is widened to the level 1 - 0.05 / m (Bonferroni's inequality; Dunn 1961,
    Multiple comparisons among means), so that chance alone speaks up in one month of twenty at most, however
    many products there are. Holm's (1979) steps begin with the same level and would refuse the same months.
    """
    told = {name: one.interval(CHANCE / len(judged)) for name, one in judged.items()}
    return tuple(name for name, one in told.items() if one.high < DRIFT[0] or one.low > DRIFT[1])


def judge(rehearsal: Rehearsal | None, *, seed: int) -> Judged | None:
    """Measure a rehearsal; nothing without one."""
    if rehearsal is None:
        return None
    happened, expected, accounts = rehearsal.happened, rehearsal.expected, rehearsal.accounts
    weights = rehearsal.weights
    measures = {
        name: evaluate.bootstrap(
            measure, happened, expected, accounts, weights=weights, draws=DRAWS, seed=seed
        )
        for name, measure in evaluate.MEASURES.items()
    }
    reliability = evaluate.reliability(happened, expected, accounts, weights)
    return Judged(rehearsal, measures, reliability, evaluate.gain(happened, expected, weights))
