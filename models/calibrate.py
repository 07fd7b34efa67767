"""From raw margins to log-odds: weights that never turn negative, then one level a product.

Never isotonic: it is worst below a thousand purchases, and contributions would no longer add up.

Rows may have weights: a row then counts as so many. Without them each counts once.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, minimize
from scipy.special import expit

Floats = NDArray[np.float64]

PRIOR_PURCHASES = 20.0
"""How many purchases the prior weights and the prior level are worth."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Log-odds = level + weights . margins; every weight is at least 0."""

    weights: tuple[float, ...]
    level: float

    def log_odds(self, margins: Floats) -> Floats:
        """Return the log-odds of rows of margins, one column a weight.

        Added up column by column: a product of matrices may round a row by where it stands among others, and
        a customer's score may not depend on its neighbours.
        """
        told = np.zeros(len(margins))
        for place, weight in enumerate(self.weights):
            told += weight * margins[:, place]
        told += self.level
        return told


def mean(values: Floats, weights: Floats | None) -> float:
    """Return the mean of the rows."""
    return float(values.mean() if weights is None else np.average(values, weights=weights))


def calibrate(
    margins: Floats, happened: Floats, prior: Calibration, row_weights: Floats | None = None
) -> Calibration:
    """Fit weights lightly shrunk towards the prior's, then the level shrunk towards the prior's.

    One row is a customer on a date, with margins of models that did not see the customer. The prior speaks
    of the mean row: where a weight leaves the prior's, its level goes along.
    """
    rows = _Rows(margins, happened, row_weights)
    weights = _weights(rows, prior)
    along = (np.array(prior.weights) - np.array(weights)) @ rows.mean()
    return relevel(margins, happened, Calibration(weights, prior.level + float(along)), row_weights)


def shared(margins: Floats, happened: Floats, row_weights: Floats | None = None) -> Calibration:
    """Fit what all products share: weights shrunk towards equal ones, and a free level."""
    start = Calibration((1 / margins.shape[1],) * margins.shape[1], 0.0)
    rows = _Rows(margins, happened, row_weights)
    weights = _weights(rows, start)
    told = Calibration(weights, 0.0)
    return Calibration(weights, rows.level(told.log_odds(margins), rows.total(happened)))


def relevel(
    margins: Floats, happened: Floats, prior: Calibration, row_weights: Floats | None = None
) -> Calibration:
    """Move the level so that expected wins meet the observed ones, shrunk by `PRIOR_PURCHASES`.

    With O observed and E expected wins the odds move by (O + 20) / (E + 20) where wins are rare; the level is
    solved for the same share of expected wins where they are not.
    """
    rows = _Rows(margins, happened, row_weights)
    log_odds = prior.log_odds(margins)
    expected = rows.total(expit(log_odds))
    observed = rows.total(happened)
    wanted = expected * (observed + PRIOR_PURCHASES) / (expected + PRIOR_PURCHASES)
    return Calibration(prior.weights, prior.level + rows.level(log_odds, wanted))


@dataclass(frozen=True, slots=True)
class _Rows:
    """What a calibration is fitted on; one row is a customer on a date."""

    margins: Floats
    happened: Floats
    weights: Floats | None

    def each(self, values: Floats) -> Floats:
        """Return the values of the rows, each times its weight."""
        return values if self.weights is None else values * self.weights

    def total(self, values: Floats) -> float:
        return float(self.each(values).sum())

    def mean(self) -> Floats:
        """Return the mean of each margin."""
        return np.asarray(np.average(self.margins, axis=0, weights=self.weights))

    def spread(self) -> Floats:
        """Return the variance of each margin."""
        off = (self.margins - self.mean()) ** 2
        return np.asarray(np.average(off, axis=0, weights=self.weights))

    def level(self, log_odds: Floats, wanted: float) -> float:
        """Return the shift of the log-odds under which `wanted` wins are expected."""
        everybody = float(len(log_odds)) if self.weights is None else float(self.weights.sum())
        wanted = min(max(wanted, 1e-6), everybody - 1e-6)

        def excess(shift: float) -> float:
            return self.total(expit(log_odds + shift)) - wanted

        return float(brentq(excess, -60.0, 60.0, xtol=1e-10))


def _weights(rows: _Rows, prior: Calibration) -> tuple[float, ...]:
    """Minimise the logistic loss plus a ridge towards the prior weights; weights >= 0, intercept free."""
    towards = np.array(prior.weights)
    count = len(towards)
    # The information of one purchase about a weight is about the variance of its margin.
    strength = PRIOR_PURCHASES * np.maximum(rows.spread(), 1e-6)
    margins, happened = rows.margins, rows.happened

    def loss(parameters: Floats) -> tuple[float, Floats]:
        weights, intercept = parameters[:count], parameters[count]
        log_odds = margins @ weights + intercept
        off = weights - towards
        value = float(
            rows.each(np.logaddexp(0.0, log_odds) - happened * log_odds).sum() + (strength * off**2).sum() / 2
        )
        residual = rows.each(expit(log_odds) - happened)
        return value, np.append(margins.T @ residual + strength * off, residual.sum())

    start = np.append(towards, rows.level(margins @ towards, rows.total(happened)))
    bounds = [(0.0, None)] * count + [(None, None)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 200})
    return tuple(float(weight) for weight in found.x[:count])
