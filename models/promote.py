"""Whether a challenger takes the champion's place: by log loss on the same later rows."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from features import matrix
from features.build import Frames
from features.products import Product
from models.evaluate import Interval, difference, log_loss
from models.figures import Rehearsal
from models.model import PropensityModel


@dataclass(frozen=True, slots=True)
class Promotion:
    """A decision and its grounds: the challenger's log loss less the champion's."""

    is_promoted: bool
    difference: Interval
    reason: str


def decide(
    product: Product,
    champion: PropensityModel | None,
    rehearsal: Rehearsal | None,
    frames: Frames,
    *,
    seed: int,
) -> Promotion:
    """Judge a challenger, by its rehearsal, against the champion on the customers of the rehearsal.

    The rehearsal was trained on dates closed by the rows it is judged on. A champion younger than that has
    seen some of what happened in them, which is to its advantage: it stays until the rows are later than it,
    or the challenger is not worse all the same.
    """
    nothing = Interval(*[float("nan")] * 3)
    if champion is None:
        return Promotion(True, nothing, "first release")
    if rehearsal is None or not rehearsal.can_judge:
        return Promotion(True, nothing, "there are too few later outcomes to judge by")
    rows = matrix.read(frames, [rehearsal.as_of], product, champion.names, champion.levels)
    place = {account: number for number, account in enumerate(rows.accounts.tolist())}
    asked = np.array([place[account] for account in rehearsal.accounts.tolist()])
    expected = np.asarray(expit(champion.log_odds(rows.values[asked]).purchase))
    told = difference(
        log_loss,
        rehearsal.happened,
        rehearsal.expected,
        expected,
        rehearsal.accounts,
        weights=rehearsal.weights,
        seed=seed,
    )
    verdict = "worse than" if told.low > 0 else "not worse than"
    return Promotion(
        told.low <= 0,
        told,
        f"log loss on {rehearsal.as_of} is {verdict} the champion's:"
        f" {told.value:+.5f} ({told.low:+.5f} to {told.high:+.5f})",
    )
