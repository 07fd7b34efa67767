"""Two plain guesses that a model must beat: who was seen last, and what sells anyway."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression

from features import matrix
from features.build import Frames
from features.products import Product
from models.calibrate import Calibration
from models.evaluate import Floats
from models.labels import Labels

RECENCY = (
    "own_signal_days",
    "own_bought_days",
    "own_renewed_days",
    "own_won_days",
    "own_lost_days",
    "own_opportunity_age_days_now",
)
"""Days since the customer and the product last had to do with each other; the least of them counts."""
NEVER = 3650.0
"""Days told for a customer and a product that never met: longer ago than any that did."""


@dataclass(frozen=True, slots=True)
class Baselines:
    """The plain guesses for one product, learned on training dates."""

    product: Product
    base_rate: float
    calibration: Calibration

    def recency(self, frames: Frames, as_of: date) -> Floats:
        """Return the probability from recency alone of each row that `matrix.read` gives."""
        told: Floats = expit(self.calibration.log_odds(_nearness(frames, [as_of], self.product)))
        return told


def learn(frames: Frames, labels: Labels, as_ofs: Sequence[date], product: Product) -> Baselines:
    """Learn the base rate and a logistic on recency from the purchases after the as-of dates."""
    rows = matrix.read(frames, as_ofs, product, (), {})
    bought = labels.bought(product, rows.accounts, rows.as_of)
    rate = float(bought.mean()) if len(bought) else 0.0
    if not 0 < bought.sum() < len(bought):
        return Baselines(product, rate, Calibration((0.0,), float(logit(np.clip(rate, 1e-6, 1 - 1e-6)))))
    fitted = LogisticRegression().fit(_nearness(frames, as_ofs, product), bought)
    return Baselines(product, rate, Calibration((float(fitted.coef_[0, 0]),), float(fitted.intercept_[0])))


def _nearness(frames: Frames, as_ofs: Sequence[date], product: Product) -> Floats:
    """Return minus the log of the days since the last touch, one column, in the order of `matrix.read`."""
    days = matrix.read(frames, as_ofs, product, RECENCY, {}).values.astype(np.float64)
    least: Floats = np.fmin.reduce(np.column_stack([days, np.full(len(days), NEVER)]), axis=1)
    nearness: Floats = -np.log1p(np.clip(least, 0, NEVER))[:, None]
    return nearness
