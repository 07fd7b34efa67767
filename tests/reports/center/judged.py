"""A backtest as `ascent backtest` leaves it, small: two products and all of them, two dates and both."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from reports.center.backtests import GROUPS, MEASURES, VERDICTS
from scoring.cells import CLUSTERS

INTERVALS = ("auc", "recency_auc", "popularity_auc", "lift_at_10", "expected_over_observed")
RATES: Mapping[str, Sequence[float]] = {
    "Azure": (0.25, 0.10, 0.05, 0.01),
    "M365": (0.30, 0.12, 0.06, 0.02),
    "all": (0.19, 0.09, 0.04, 0.01),
}


def write_backtest(folder: Path, *, rates: Mapping[str, Sequence[float]] = RATES) -> Path:
    """Write the files of a backtest with these win rates per product, the strongest cluster first."""
    folder.mkdir(parents=True, exist_ok=True)
    measures, groups = [], []
    for as_of in ("2026-04-25", "2026-06-25", "pooled"):
        for product, clusters in rates.items():
            measures += [_measure(as_of, product, population) for population in ("all", "owners")]
            groups += [
                _group(as_of, product, cluster, rate)
                for cluster, rate in zip(CLUSTERS, clusters, strict=True)
            ]
            groups.append(_group(as_of, product, "A1", 0.5, grouping="cell"))
    _write(folder / MEASURES, measures)
    _write(folder / GROUPS, groups)
    _write(
        folder / VERDICTS,
        [
            _verdict("win rate of Act Now above that of Evaluate", "Azure", holds=True),
            _verdict("at least 8 of 10 bins hold the diagonal", "all", holds=False),
        ],
    )
    return folder


def _measure(as_of: str, product: str, population: str) -> dict[str, str]:
    row = {
        "as_of": as_of,
        "product": product,
        "population": population,
        "customers": "1000",
        "positives": "52" if product != "M365" else "12",
        "base_rate": "0.052",
        "judgement": "" if product != "M365" else "too few outcomes to judge",
        "oracle_auc": "" if product == "M365" else "0.84",
    }
    for name in INTERVALS:
        row |= {name: "0.82", f"{name}_low": "0.8", f"{name}_high": "0.85"}
    return row


def _group(as_of: str, product: str, value: str, rate: float, *, grouping: str = "cluster") -> dict[str, str]:
    return {
        "as_of": as_of,
        "product": product,
        "grouping": grouping,
        "value": value,
        "customers": "200",
        "share": "0.2",
        "wins": str(round(200 * rate)),
        "win_rate": str(rate),
        "low": str(rate - 0.01),
        "high": str(rate + 0.01),
        "lift": "3.5",
        "lift_low": "3.1",
        "lift_high": "",
        "opened": "9",
        "won": "5",
        "lost": "4",
    }


def _verdict(criterion: str, product: str, *, holds: bool) -> dict[str, str]:
    told = {"criterion": criterion, "product": product, "value": "7", "low": "", "high": ""}
    return {**told, "holds": "Yes" if holds else "No"}


def _write(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
