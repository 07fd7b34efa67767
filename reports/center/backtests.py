"""What `ascent backtest` has left: what clusters and products were worth when past dates were judged."""

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from features.errors import CallRefused
from scoring.cells import CLUSTERS

MEASURES, GROUPS, VERDICTS = "backtest.csv", "backtest_clusters.csv", "backtest_verdicts.csv"
POOLED, ALL = "pooled", "all"
"""How the files tell all dates, and all products or customers, together."""
Row = Mapping[str, str]


class BacktestUnreadable(CallRefused):
    """The files are not those of this version; the message says what they lack and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure and its 95 % interval; without one both ends are None."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What a cluster was worth: who was in it, who bought within the horizon, opportunities by their end."""

    product: str
    cluster: str
    customers: int
    share: float
    wins: int
    win_rate: Estimate | None
    lift: Estimate | None
    opened: int
    won: int
    lost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """How well a product's purchases were told, beside the plain guesses; None where it is not known.

    `oracle` is what the true probabilities reach, which only a sample world knows.
    """

    product: str
    customers: int
    purchases: int
    base_rate: float
    has_enough: bool
    auc: Estimate | None
    recency: Estimate | None
    popularity: Estimate | None
    oracle: Estimate | None
    lift_at_10: Estimate | None
    expected_over_observed: Estimate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A criterion of a release, for a product or all of them, and whether it holds."""

    criterion: str
    product: str
    figure: Estimate | None
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """All dates together; products as judged, all of them together last."""

    as_ofs: tuple[str, ...]
    judged: tuple[Judged, ...]
    worth: tuple[Worth, ...]
    verdicts: tuple[Verdict, ...]

    def of(self, product: str) -> tuple[Worth, ...]:
        """Return the clusters of a product, the strongest first."""
        return tuple(worth for worth in self.worth if worth.product == product)

    @property
    def is_falling(self) -> bool:
        """Tell whether win rates fall from each cluster to the next, for every product."""
        return all(_falls(self.of(judged.product)) for judged in self.judged)


def read_backtest(folder: Path) -> Backtest | None:
    """Return the last backtest of a folder; None where there is none.

    Raises:
        BacktestUnreadable: a file lacks a column.
    """
    if not (folder / MEASURES).is_file() or not (folder / GROUPS).is_file():
        return None
    measures, groups = _rows(folder / MEASURES), _rows(folder / GROUPS)
    try:
        return Backtest(
            as_ofs=tuple(sorted({row["as_of"] for row in measures} - {POOLED})),
            judged=tuple(_judged(row) for row in measures if row["population"] == ALL and _is_pooled(row)),
            worth=tuple(_worths(groups)),
            verdicts=tuple(_verdict(row) for row in _rows(folder / VERDICTS)),
        )
    except KeyError as lacking:
        raise BacktestUnreadable(
            f"The backtest in {folder} has no column {lacking}: run `ascent backtest` again."
        ) from lacking


def _falls(clusters: Sequence[Worth]) -> bool:
    rates = [worth.win_rate.value for worth in clusters if worth.win_rate is not None]
    return rates == sorted(rates, reverse=True)


def _rows(path: Path) -> Sequence[Row]:
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _is_pooled(row: Row) -> bool:
    return row["as_of"] == POOLED


def _worths(groups: Sequence[Row]) -> Iterator[Worth]:
    known = [row for row in groups if _is_pooled(row) and row["grouping"] == "cluster"]
    for row in sorted(known, key=lambda row: CLUSTERS.index(row["value"])):
        yield Worth(
            product=row["product"],
            cluster=row["value"],
            customers=int(row["customers"]),
            share=float(row["share"]),
            wins=int(row["wins"]),
            win_rate=_estimate(row["win_rate"], row["low"], row["high"]),
            lift=_named(row, "lift"),
            opened=int(row["opened"]),
            won=int(row["won"]),
            lost=int(row["lost"]),
        )


def _judged(row: Row) -> Judged:
    return Judged(
        product=row["product"],
        customers=int(row["customers"]),
        purchases=int(row["positives"]),
        base_rate=float(row["base_rate"]),
        has_enough=not row["judgement"],
        auc=_named(row, "auc"),
        recency=_named(row, "recency_auc"),
        popularity=_named(row, "popularity_auc"),
        oracle=_estimate(row["oracle_auc"], "", ""),
        lift_at_10=_named(row, "lift_at_10"),
        expected_over_observed=_named(row, "expected_over_observed"),
    )


def _verdict(row: Row) -> Verdict:
    figure = _estimate(row["value"], row["low"], row["high"])
    return Verdict(
        criterion=row["criterion"], product=row["product"], figure=figure, holds=row["holds"] == "Yes"
    )


def _named(row: Row, name: str) -> Estimate | None:
    return _estimate(row[name], row[f"{name}_low"], row[f"{name}_high"])


def _estimate(value: str, low: str, high: str) -> Estimate | None:
    known = _number(value)
    return None if known is None else Estimate(value=known, low=_number(low), high=_number(high))


def _number(text: str) -> float | None:
    """Read a number; None where the cell is empty or not a number."""
    known = float(text) if text else math.nan
    return known if math.isfinite(known) else None
