"""Whether scores mean what they say: each criterion of a release, pooled over the judged dates."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from models.evaluate import Interval
from pipelines.backtesting.measures import ALL, POOLED
from scoring.cells import CLASSES, CLUSTERS

BOUNDS = {"expected_over_observed": (0.9, 1.1), "calibration_slope": (0.8, 1.25)}
LEAST_ODDS = 3.0
LEAST_BINS = 8
FARTHEST_FROM_ORACLE = -0.03
AHEAD_OF_GUESSES = 0.05


@dataclass(frozen=True, slots=True)
class Verdict:
    """A criterion, the product it is about (or `all`), its figure, and whether it holds.

    `judgement` says where a product had too few outcomes for the verdict to mean much.
    """

    criterion: str
    product: str
    figure: Interval
    holds: bool
    judgement: str = ""


def verdicts(measured: pd.DataFrame, grouped: pd.DataFrame) -> tuple[Verdict, ...]:
    """Judge the pooled rows of `backtest.csv` and `backtest_clusters.csv`, each product and all together.

    A bound counts as kept when the interval reaches it. Read off the figures themselves: that Act Now wins
    more than Evaluate, and Evaluate more than Educate; that AUC is ahead of the plain guesses.
    """
    pooled = measured[(measured["as_of"] == POOLED) & (measured["population"] == ALL)]
    told: list[Verdict] = []
    for _, row in pooled.iterrows():
        product = str(row["product"])
        groups = grouped[(grouped["as_of"] == POOLED) & (grouped["product"] == product)]
        found = (*_of_groups(product, groups), *_of_measures(product, row))
        told += [replace(one, judgement=str(row["judgement"])) for one in found]
    return tuple(told)


def _of_groups(product: str, groups: pd.DataFrame) -> Iterator[Verdict]:
    by_value = groups.set_index(["grouping", "value"]).sort_index()
    high = groups[(groups["grouping"] == "intent class") & (groups["value"] == CLASSES[0])].iloc[0]
    odds = _interval(high, "odds_ratio")
    told = f"odds in intent class High at least {LEAST_ODDS:.0f} times the base odds"
    yield Verdict(told, product, odds, odds.high >= LEAST_ODDS)
    rates = by_value.xs("cluster")["win_rate"]
    for better, worse in (("Act Now", "Evaluate"), ("Evaluate", "Educate")):
        ahead = float(rates[better] - rates[worse])
        yield Verdict(f"win rate of {better} above that of {worse}", product, _bare(ahead), ahead > 0)
    for grouping, values in (("fit class", CLASSES), ("intent class", CLASSES), ("cluster", CLUSTERS)):
        least = float(by_value.xs(grouping)["share"].reindex(values).min())
        yield Verdict(f"every {grouping} populated (least share)", product, _bare(least), least > 0)


def _of_measures(product: str, row: pd.Series) -> Iterator[Verdict]:
    for name, (low, high) in BOUNDS.items():
        figure = _interval(row, name)
        holds = figure.low <= high and figure.high >= low
        yield Verdict(f"{name.replace('_', ' ')} within {low}-{high}", product, figure, holds)
    bins = float(row["bins_on_diagonal"])
    yield Verdict("at least 8 of 10 bins hold the diagonal", product, _bare(bins), bins >= LEAST_BINS)
    if pd.notna(row["oracle_auc"]):
        figure = _interval(row, "auc_minus_oracle")
        yield Verdict("AUC within 0.03 of the oracle", product, figure, figure.high >= FARTHEST_FROM_ORACLE)
    for guess in ("recency", "popularity"):
        figure = _interval(row, f"auc_minus_{guess}")
        yield Verdict(
            f"AUC at least 0.05 above {guess} alone", product, figure, figure.value >= AHEAD_OF_GUESSES
        )


def _interval(row: pd.Series, name: str) -> Interval:
    return Interval(float(row[name]), float(row[f"{name}_low"]), float(row[f"{name}_high"]))


def _bare(value: float) -> Interval:
    return Interval(value, float("nan"), float("nan"))
