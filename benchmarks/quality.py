"""What scores are worth on the sample world: backtests it and writes the tables of docs/quality.md.

`python benchmarks/quality.py [CUSTOMERS]` takes many minutes and ends with exit code 1 if a criterion does
not hold; with `--page` it writes the page anew from the last backtest.
"""

import argparse
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from features import periods
from features.products import Catalogue
from features.sources.read import accept
from features.sources.sample.write import write
from pipelines.backtesting.backtest import GROUPS, MEASURES, PICTURE, VERDICTS, Recipe, backtest
from pipelines.backtesting.groups import GROUPINGS
from pipelines.backtesting.measures import ALL, OWNERS, POOLED, WHITESPACE
from scoring.cells import CLASSES, CLUSTERS
from scoring.score import Rules

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "quality.md"
SHOWN = ROOT / "docs" / "images" / "quality.png"
WORK = ROOT / "ascent-home" / "quality"
MONTH, MONTHS, SEED, JOBS = "2026-10", 36, 7, 2
AS_OFS = tuple(
    date(year, month, 25)
    for year, month in ((2025, 8), (2025, 10), (2025, 12), (2026, 2), (2026, 4), (2026, 6))
)
"""Every second month of the last year that the world closes: their windows tell of every purchase in it."""


@dataclass(frozen=True, slots=True)
class Results:
    """What a backtest wrote: a row a date, product and population; a row a group; a row a criterion."""

    measures: pd.DataFrame
    groups: pd.DataFrame
    verdicts: pd.DataFrame

    @property
    def products(self) -> tuple[str, ...]:
        """All together, then each product."""
        return (ALL, *(name for name in self.measures["product"].unique() if name != ALL))

    def measured(self, *, as_of: str, product: str, population: str = ALL) -> pd.Series:
        """Return the measures of a date (or pooled), a product (or all) and a population."""
        rows = self.measures
        chosen = rows[
            (rows["as_of"] == as_of) & (rows["product"] == product) & (rows["population"] == population)
        ]
        return chosen.iloc[0]


def run(customers: int, folder: Path) -> None:
    """Make the world and backtest it as `ascent backtest` does."""
    shutil.rmtree(folder, ignore_errors=True)
    place = folder / "world"
    write(place, accounts=customers, months=MONTHS, seed=SEED, through=periods.as_of(MONTH))
    accepted = accept(place, as_of=date.max, work=folder / "tables", quarantine=folder / "quarantine")
    backtest(
        accepted.world,
        AS_OFS,
        folder,
        recipe=Recipe(catalogue=Catalogue(), rules=Rules(), jobs=JOBS, seed=SEED),
        work=folder / "frames",
        truth=place / "truth" / "truth.parquet",
        progress=lambda told: print(f"  {told}", file=sys.stderr),
    )


def read_results(folder: Path) -> Results:
    """Read what a backtest wrote."""
    return Results(*(pd.read_csv(folder / name) for name in (MEASURES, GROUPS, VERDICTS)))


def tables(told: Results) -> Iterator[str]:
    """Write every table of the page."""
    dates = [name for name in told.measures["as_of"].unique() if name != POOLED]
    everything = told.measured(as_of=POOLED, product=ALL)
    missed = int((told.verdicts["holds"] == "No").sum())
    yield (
        f"{everything['customers']:,} customers, {len(dates)} as-of dates ({', '.join(dates)}), "
        f"{everything['rows']:,} rows, {everything['positives']:,} purchases. "
        f"Of {len(told.verdicts)} verdicts {missed or 'none'} {'does' if missed == 1 else 'do'} not hold."
    )
    yield from _headed("Every criterion", _criteria(told))
    yield from _headed("Each product", _products(told))
    yield from _headed("Each date, all products", _dates(told, dates))
    yield from _headed("Shares of classes and clusters", _shares(told))
    yield from _headed(
        "What a cluster is worth, all products, by table from cell to cluster", _clusters(told)
    )
    yield from _headed("What a cell is worth, all products", _cells(told))


def _criteria(told: Results) -> Iterator[str]:
    yield from _head("criterion", *told.products)
    for criterion in told.verdicts["criterion"].unique():
        rows = told.verdicts[told.verdicts["criterion"] == criterion].set_index("product")
        yield _line(criterion, *(_verdict(rows, product) for product in told.products))


def _verdict(rows: pd.DataFrame, product: str) -> str:
    if product not in rows.index:
        return ""
    value, low, high = (float(rows[name][product]) for name in ("value", "low", "high"))
    figure = _interval(value, low, high)
    return figure if rows["holds"][product] == "Yes" else f"**no:** {figure}"


def _products(told: Results) -> Iterator[str]:
    columns = {"AUC": "auc", "oracle": "oracle_auc", "recency": "recency_auc", "popularity": "popularity_auc"}
    yield from _head(
        "product",
        "rows",
        "purchases",
        "rate",
        *columns,
        "lift at 10 %",
        "Brier",
        "fit alone, AUC among non-owners",
    )
    for product in told.products:
        row = told.measured(as_of=POOLED, product=product)
        others = told.measured(as_of=POOLED, product=product, population=WHITESPACE)
        yield _line(
            product,
            f"{row['rows']:,}",
            f"{row['positives']:,}",
            f"{row['base_rate']:.1%}",
            *(_figure(row, name) for name in columns.values()),
            _figure(row, "lift_at_10", digits=2),
            _figure(row, "brier", digits=4),
            _figure(others, "fit_auc"),
        )


def _dates(told: Results, dates: Sequence[str]) -> Iterator[str]:
    yield from _head(
        "as of",
        "purchases",
        "rate",
        "AUC",
        "AUC, non-owners",
        "AUC, owners",
        "oracle",
        "expected over observed",
        "slope",
    )
    for when in (*dates, POOLED):
        row = told.measured(as_of=when, product=ALL)
        apart = (told.measured(as_of=when, product=ALL, population=one) for one in (WHITESPACE, OWNERS))
        yield _line(
            when,
            f"{row['positives']:,}",
            f"{row['base_rate']:.1%}",
            _figure(row, "auc"),
            *(_figure(one, "auc") for one in apart),
            _figure(row, "oracle_auc"),
            _figure(row, "expected_over_observed"),
            _figure(row, "calibration_slope"),
        )


def _shares(told: Results) -> Iterator[str]:
    kinds = (("fit class", CLASSES), ("intent class", CLASSES), ("cluster", CLUSTERS))
    yield from _head("product", *(f"{value} ({kind})" for kind, values in kinds for value in values))
    for product in told.products:
        share = _pooled(told, product).set_index(["grouping", "value"])["share"]
        shares = (float(share[kind, value]) for kind, values in kinds for value in values)
        yield _line(product, *(f"{share:.1%}" for share in shares))


def _clusters(told: Results) -> Iterator[str]:
    rows = _pooled(told, ALL)
    yield from _head("table", "cluster", "share", "win rate", "lift", "odds ratio")
    for grouping in GROUPINGS:
        if grouping.startswith("table "):
            for _, row in rows[rows["grouping"] == grouping].iterrows():
                yield _line(grouping.removeprefix("table "), *_worth(row))


def _cells(told: Results) -> Iterator[str]:
    rows = _pooled(told, ALL)
    yield from _head("cell", "share", "win rate", "lift", "odds ratio")
    for _, row in rows[rows["grouping"] == "cell"].iterrows():
        yield _line(*_worth(row))


def _worth(row: pd.Series) -> Sequence[str]:
    return (
        str(row["value"]),
        f"{row['share']:.1%}",
        f"{row['win_rate']:.1%} ({row['low']:.1%} to {row['high']:.1%})",
        _figure(row, "lift", digits=2),
        _figure(row, "odds_ratio", digits=2),
    )


def _pooled(told: Results, product: str) -> pd.DataFrame:
    return told.groups[(told.groups["as_of"] == POOLED) & (told.groups["product"] == product)]


def _figure(row: pd.Series, name: str, *, digits: int = 3) -> str:
    low, high = (row.get(f"{name}_{end}", float("nan")) for end in ("low", "high"))
    return _interval(row[name], low, high, digits=digits)


def _interval(value: float, low: float, high: float, *, digits: int = 3) -> str:
    if pd.isna(value):
        return "-"
    told = f"{value:.{digits}f}"
    return told if pd.isna(low) else f"{told} ({low:.{digits}f} to {high:.{digits}f})"


def _headed(head: str, rows: Iterator[str]) -> Iterator[str]:
    yield from ("", f"### {head}", "")
    yield from rows


def _head(*names: str) -> Iterator[str]:
    yield _line(*names)
    yield "|" + "---|" * len(names)


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def written_in(page: str, part: str) -> str:
    """Return the page with its generated part replaced."""
    begin, end = "<!-- written by benchmarks/quality.py -->", "<!-- end -->"
    found = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if not found.search(page):
        raise ValueError(f"{PAGE} has no part between {begin} and {end}.")
    return found.sub(lambda _: f"{begin}\n{part}\n{end}", page)


def main() -> None:
    """Backtest, write the page, and say what does not hold."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("customers", nargs="?", type=int, default=10_000)
    asked.add_argument("--page", action="store_true", help="only write the page from the last backtest")
    given = asked.parse_args()
    folder = WORK / str(given.customers)
    if not given.page:
        run(given.customers, folder)
    told = read_results(folder)
    PAGE.write_text(written_in(PAGE.read_text("utf-8"), "\n".join(tables(told))), "utf-8")
    SHOWN.parent.mkdir(exist_ok=True)
    shutil.copyfile(folder / PICTURE, SHOWN)
    missed = told.verdicts[told.verdicts["holds"] == "No"]
    for _, row in missed.iterrows():
        print(f"does not hold: {row['product']}: {row['criterion']}: {row['value']:.3f}")
    sys.exit(1 if len(missed) else 0)


if __name__ == "__main__":
    main()
