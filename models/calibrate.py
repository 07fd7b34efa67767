"""From raw margins to log-odds: weights that never turn negative, then one level a product.

Never isotonic: it is worst below a thousand purchases, and contributions would no longer add up.
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


def calibrate(margins: Floats, happened: Floats, prior: Calibration) -> Calibration:
    """Fit weights lightly shrunk towards the prior's, then the level shrunk towards the prior's.

    One row is a customer on a date, with margins of models that did not see the customer. The prior speaks
    of the mean row: where a weight leaves the prior's, its level goes along.
    """
    weights = _weights(margins, happened, prior)
    along = (np.array(prior.weights) - np.array(weights)) @ margins.mean(axis=0)
    return relevel(margins, happened, Calibration(weights, prior.level + float(along)))


def shared(margins: Floats, happened: Floats) -> Calibration:
    """Fit what all products share: weights shrunk towards equal ones, and a free level."""
    start = Calibration((1 / margins.shape[1],) * margins.shape[1], 0.0)
    weights = _weights(margins, happened, start)
    told = Calibration(weights, 0.0)
    return Calibration(weights, _level(told.log_odds(margins), float(happened.sum())))


def relevel(margins: Floats, happened: Floats, prior: Calibration) -> Calibration:
    """Move the level so that expected wins meet the observed ones, shrunk by `PRIOR_PURCHASES`.

    With O observed and E expected wins the odds move by (O + 20) / (E + 20) where wins are rare; the level is
    solved for the same share of expected wins where they are not.
    """
    log_odds = prior.log_odds(margins)
    expected = float(expit(log_odds).sum())
    observed = float(happened.sum())
    wanted = expected * (observed + PRIOR_PURCHASES) / (expected + PRIOR_PURCHASES)
    return Calibration(prior.weights, prior.level + _level(log_odds, wanted))


def _level(log_odds: Floats, wanted: float) -> float:
    """Return the shift of the log-odds under which `wanted` wins are expected."""
    wanted = min(max(wanted, 1e-6), len(log_odds) - 1e-6)

    def excess(shift: float) -> float:
        return float(expit(log_odds + shift).sum()) - wanted

    return float(brentq(excess, -60.0, 60.0, xtol=1e-10))


def _weights(margins: Floats, happened: Floats, prior: Calibration) -> tuple[float, ...]:
    """Minimise the logistic loss plus a ridge towards the prior weights; weights >= 0, intercept free."""
    towards = np.array(prior.weights)
    count = len(towards)
    # The information of one purchase about a weight is about the variance of its margin.
    strength = PRIOR_PURCHASES * np.maximum(margins.var(axis=0), 1e-6)

    def loss(parameters: Floats) -> tuple[float, Floats]:
        weights, intercept = parameters[:count], parameters[count]
        log_odds = margins @ weights + intercept
        off = weights - towards
        value = float(
            (np.logaddexp(0.0, log_odds) - happened * log_odds).sum() + (strength * off**2).sum() / 2
        )
        residual = expit(log_odds) - happened
        return value, np.append(margins.T @ residual + strength * off, residual.sum())

    start = np.append(towards, _level(margins @ towards, float(happened.sum())))
    bounds = [(0.0, None)] * count + [(None, None)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 200})
    return tuple(float(weight) for weight in found.x[:count])
