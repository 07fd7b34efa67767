"""What a training says about itself: how the recipe did on the newest date, and what the trees looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models import evaluate
from models.evaluate import Floats, Interval
from models.leaks import Telltale
from models.learn import TOO_FEW_TO_JUDGE

DRIFT = (0.8, 1.25)
"""Observed over expected wins outside of which publication needs a decision."""
DRAWS = 100


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What the recipe, trained on dates closed by `as_of`, expected at it, and what happened.

    One row is a customer (or an agreement).
    """

    as_of: date
    accounts: NDArray[np.str_]
    happened: Floats
    expected: Floats

    @property
    def can_judge(self) -> bool:
        """Whether there are outcomes enough to be evidence."""
        return len(np.unique(self.accounts[self.happened > 0])) >= TOO_FEW_TO_JUDGE


@dataclass(frozen=True, slots=True)
class Judged:
    """A rehearsal measured: each of `evaluate.MEASURES` with its interval over customers, and two tables."""

    rehearsal: Rehearsal
    measures: Mapping[str, Interval]
    reliability: pd.DataFrame
    gain: pd.DataFrame

    @property
    def drift(self) -> Interval:
        """Observed over expected wins on the newest closed date, and its interval."""
        told = self.measures["expected_over_observed"]
        return Interval(1 / told.value, 1 / told.high, 1 / told.low)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of one training; `judged` is None where no earlier date was closed by the newest one.

    `trees` counts the trees of each booster, `importance` is each feature's share of the gain, `telltales`
    are features of the training rows that are too good to be true.
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

    @property
    def needs_accept(self) -> bool:
        """Whether observed over expected left its bounds by more than chance."""
        if self.judged is None:
            return False
        drift = self.judged.drift
        return drift.high < DRIFT[0] or drift.low > DRIFT[1]


def judge(rehearsal: Rehearsal | None, *, seed: int) -> Judged | None:
    """Measure a rehearsal; nothing without one."""
    if rehearsal is None:
        return None
    happened, expected, accounts = rehearsal.happened, rehearsal.expected, rehearsal.accounts
    measures = {
        name: evaluate.bootstrap(measure, happened, expected, accounts, draws=DRAWS, seed=seed)
        for name, measure in evaluate.MEASURES.items()
    }
    reliability = evaluate.reliability(happened, expected, accounts)
    return Judged(rehearsal, measures, reliability, evaluate.gain(happened, expected))
