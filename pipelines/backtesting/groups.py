"""What each class, cell and cluster was worth: who bought, and what became of the opportunities."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from models.evaluate import Floats, Interval
from models.resampling import Draws, interval, lift, odds_ratio
from pipelines.backtesting.judged import TABLE_COLUMNS
from pipelines.backtesting.measures import POOLED, Group, groups
from scoring.cells import CELLS, CLASSES, CLUSTERS

GROUPINGS: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "cluster": ("cluster", CLUSTERS),
        "cell": ("cell", CELLS),
        "fit class": ("fit_class", CLASSES),
        "intent class": ("intent_class", CLASSES),
        **{f"table {name}": (column, CLUSTERS) for name, column in TABLE_COLUMNS.items()},
    }
)
"""Every grouping by the name under which it is published: its column, and its values from the best down."""
OPPORTUNITIES = ("opened", "won", "lost")


def group_rows(judged: pd.DataFrame, *, draws: int = 200, seed: int = 0) -> pd.DataFrame:
    """Return what the groups of the judged rows were worth.

    One row is an as-of date or `pooled`, a product or `all`, a grouping and one of its values: customers,
    share, wins, win_rate (low, high), lift and odds_ratio against all customers (low, high), and the
    opportunities opened, won and lost within the horizon. The interval of a win rate is Wilson's on one date
    and over customers where dates or products are pooled.
    """
    return pd.concat([_grouped(group, draws, seed) for group in groups(judged)], ignore_index=True)


def _grouped(group: Group, draws: int, seed: int) -> pd.DataFrame:
    """Return the rows of a date and product; all sums of a group are one product of matrices."""
    rows, bought = group.rows, group.rows["bought"].to_numpy(dtype=np.float64)
    sample = Draws(rows["account_id"].to_numpy(), draws=draws, seed=seed)
    all_wins, all_rows = sample.sums(bought), sample.sums(np.ones(len(bought)))
    is_once_each = group.as_of != POOLED and rows["account_id"].is_unique
    told = []
    for grouping, (column, values) in GROUPINGS.items():
        inside = (rows[column].to_numpy()[:, None] == np.array(values, dtype=object)).astype(np.float64)
        counts, wins = sample.sums(inside), sample.sums(inside * bought[:, None])
        deals = {name: inside.T @ rows[name].to_numpy(dtype=np.float64) for name in OPPORTUNITIES}
        for place, value in enumerate(values):
            worth = _worth(wins[:, place], counts[:, place], all_wins, all_rows, is_once_each=is_once_each)
            told.append(
                {
                    "as_of": group.as_of,
                    "product": group.product,
                    "grouping": grouping,
                    "value": value,
                    **worth,
                    **{name: int(counted[place]) for name, counted in deals.items()},
                }
            )
    return pd.DataFrame(told)


def _worth(
    wins: Floats, rows: Floats, all_wins: Floats, all_rows: Floats, *, is_once_each: bool
) -> dict[str, float | int]:
    rates = np.divide(wins, rows, out=np.full_like(wins, np.nan), where=rows > 0)
    rate = wilson(int(wins[0]), int(rows[0])) if is_once_each else interval(rates)
    lifted = interval(lift(wins, rows, all_wins, all_rows))
    odds = interval(odds_ratio(wins, rows, all_wins, all_rows))
    return {
        "customers": int(rows[0]),
        "share": rows[0] / all_rows[0] if all_rows[0] else float("nan"),
        "wins": int(wins[0]),
        "win_rate": rate.value,
        "low": rate.low,
        "high": rate.high,
        "lift": lifted.value,
        "lift_low": lifted.low,
        "lift_high": lifted.high,
        "odds_ratio": odds.value,
        "odds_ratio_low": odds.low,
        "odds_ratio_high": odds.high,
    }


def wilson(wins: int, rows: int) -> Interval:
    """Return a share and its 95 % interval (Wilson 1927); NaN without rows."""
    if not rows:
        return Interval(*[float("nan")] * 3)
    told = binomtest(wins, rows).proportion_ci(method="wilson")
    return Interval(wins / rows, float(told.low), float(told.high))
