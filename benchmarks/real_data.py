"""What scores are worth on three real data sets: backtests them and writes the tables of docs/real-data.md.

`python benchmarks/real_data.py [NAME ...]` takes minutes and ends with exit code 1 if a check does not hold.
"""

import argparse
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from features.products import Catalogue
from features.sources import mapping, read
from features.sources.files import literal
from features.sources.tables import ACCOUNTS, OPPORTUNITIES
from features.sources.world import World
from models.evaluate import Floats, Interval
from models.resampling import Draws, interval
from pipelines.backtesting.backtest import Backtest, Recipe, backtest
from pipelines.backtesting.measures import ALL, POOLED, WHITESPACE
from pipelines.catalogue import read_catalogue
from scoring.score import Rules

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "real-data.md"
WORK = ROOT / "ascent-home" / "real-data"
SEED = 7
JOBS = 2


@dataclass(frozen=True, slots=True)
class Example:
    """A folder of examples/, and the as-of dates to judge it at: those whose windows its data closes."""

    name: str
    as_ofs: tuple[date, ...]

    @property
    def folder(self) -> Path:
        """Where its mapping and catalogue are."""
        return ROOT / "examples" / self.name

    def catalogue(self) -> Catalogue:
        """Read its products."""
        return read_catalogue(self.folder / "catalogue.py")

    def world(self) -> World:
        """Accept everything that its mapping gives."""
        mapped = mapping.load(self.folder / "tables.toml", secrets={})
        place = WORK / self.name
        accepted = read.accept(
            None, mapping=mapped, as_of=date.max, work=place / "tables", quarantine=place / "quarantine"
        )
        return accepted.world


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must hold, the figure that tells, and whether it does."""

    told: str
    figure: Interval
    holds: bool


SAAS_SALES = Example("saas_sales", tuple(date(2024, month, 25) for month in (1, 3, 5, 7, 9)))
OLIST_FUNNEL = Example("olist_funnel", tuple(date(2018, month, 25) for month in (5, 6, 7)))
MAVEN_CRM = Example("maven_crm", tuple(date(2017, month, 25) for month in (7, 8, 9)))
EXAMPLES = (SAAS_SALES, OLIST_FUNNEL, MAVEN_CRM)


def run(example: Example, world: World, folder: Path) -> Backtest:
    """Backtest an example as `ascent backtest` does."""
    return backtest(
        world,
        example.as_ofs,
        folder,
        recipe=Recipe(catalogue=example.catalogue(), rules=Rules(), jobs=JOBS, seed=SEED),
        work=folder / "frames",
        progress=lambda told: print(f"  {told}", file=sys.stderr),
    )


def permuted(world: World, folder: Path) -> World:
    """Write a world again with outcomes dealt anew among the opportunities of a product that closed on a day.

    What a company did to close, and when, stays; whether it was won is another's answer.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(world.folder / f"{ACCOUNTS.name}.parquet", folder)
    rows = world.rows(OPPORTUNITIES)
    group = "PARTITION BY product, closed_on ORDER BY"
    query = f"""
        WITH closed AS (
            SELECT *, row_number() OVER ({group} opportunity_id) AS place,
                   row_number() OVER ({group} md5(opportunity_id || '{SEED}')) AS drawn
            FROM {rows} WHERE closed_on IS NOT NULL
        )
        SELECT a.* EXCLUDE (place, drawn) REPLACE (b.status AS status, b.amount_cents AS amount_cents)
        FROM closed a JOIN closed b
          ON a.product = b.product AND a.closed_on = b.closed_on AND a.place = b.drawn
        UNION ALL BY NAME SELECT * FROM {rows} WHERE closed_on IS NULL
        ORDER BY account_id, opportunity_id, known_on"""
    with duckdb.connect() as engine:
        to = literal(str(folder / f"{OPPORTUNITIES.name}.parquet"))
        engine.execute(f"COPY ({query}) TO {to} (FORMAT parquet)")
    return World(folder, world.present)


def closed_auc(judged: pd.DataFrame) -> Interval:
    """Return the AUC of the probabilities on the opportunities that closed: was the one won rated higher?

    One row of `judged` is a customer, a product and a date; it counts once for each of its wins and losses.
    """
    wins, losses = (judged[name].to_numpy().astype(np.intp) for name in ("won", "lost"))
    rows = np.append(np.repeat(np.arange(len(judged)), wins), np.repeat(np.arange(len(judged)), losses))
    happened = np.append(np.ones(wins.sum()), np.zeros(losses.sum()))
    return _auc(happened, judged.iloc[rows])


def shuffled_auc(judged: pd.DataFrame) -> Interval:
    """Return the AUC with purchases dealt anew among the customers of each product and date."""
    generator = np.random.default_rng(SEED)
    anew = judged.groupby(["as_of", "product"])["bought"].transform(lambda held: generator.permutation(held))
    return _auc(anew.to_numpy(dtype=np.float64), judged)


def _auc(happened: Floats, judged: pd.DataFrame) -> Interval:
    expected = judged["probability"].to_numpy(dtype=np.float64)
    return interval(Draws(judged["account_id"].to_numpy(), seed=SEED).ranking(happened, expected).auc)


GUESSES = {
    "Ascent": "{}",
    "recency alone": "recency_{}",
    "popularity alone": "popularity_{}",
    "Ascent minus recency": "{}_minus_recency",
    "Ascent minus popularity": "{}_minus_popularity",
}
BY_DATE = {
    "AUC": "auc",
    "Brier": "brier",
    "popularity's Brier": "popularity_brier",
    "expected over observed": "expected_over_observed",
}
BY_PRODUCT = {
    "AUC": "auc",
    "recency's AUC": "recency_auc",
    "Brier": "brier",
    "Brier minus popularity's": "brier_minus_popularity",
}


def overall(told: Backtest) -> Iterator[str]:
    """Tell all products and dates together, beside the plain guesses, also for those without the product."""
    everybody = _of(told, as_of=POOLED, product=ALL, population=ALL).iloc[0]
    others = _of(told, as_of=POOLED, product=ALL, population=WHITESPACE).iloc[0]
    yield from _beside_guesses("All customers", everybody)
    if others["rows"] < everybody["rows"]:
        yield from _beside_guesses("Customers without the product", others)


def _beside_guesses(who: str, row: pd.Series) -> Iterator[str]:
    judgement = f"; {row['judgement']}" if row["judgement"] else ""
    yield ""
    yield f"{who}: {row['rows']:,} rows, {row['positives']:,} purchases{judgement}."
    if not judgement:
        yield ""
        lines = [
            (name, *(_told(row, form.format(measure)) for form in GUESSES.values()))
            for name, measure in (("AUC", "auc"), ("Brier", "brier"), ("log loss", "log_loss"))
        ]
        yield from _table(("measure", *GUESSES), lines)


def each(rows: pd.DataFrame, label: str, figures: Mapping[str, str]) -> Iterator[str]:
    """Tell some rows of `backtest.csv`, one line each."""
    lines = [
        (
            str(row[label]),
            f"{row['positives']:,}",
            f"{row['base_rate']:.1%}",
            *(_told(row, column) for column in figures.values()),
        )
        for _, row in rows.iterrows()
    ]
    yield ""
    yield from _table((label.replace("_", " "), "purchases", "rate", *figures), lines)


def saas_checks(told: Backtest) -> Iterator[Check]:
    """Tell whether the scores lose to product popularity."""
    row = _of(told, as_of=POOLED, product=ALL, population=ALL).iloc[0]
    for name, measure in (("Brier score", "brier"), ("log loss", "log_loss")):
        figure = _figure(row, f"{measure}_minus_popularity")
        yield Check(f"{name} does not lose to popularity beyond the interval", figure, figure.low <= 0)


def maven_checks(told: Backtest, world: World) -> Iterator[Check]:
    """Tell whether anything is seen where there is nothing to see."""
    yield _no_skill("closed opportunities, as they were: all products", closed_auc(told.rows))
    for product, rows in told.rows.groupby("product"):
        yield _no_skill(f"purchases permuted after scoring: {product}", shuffled_auc(rows))
    place = WORK / MAVEN_CRM.name
    anew = run(MAVEN_CRM, permuted(world, place / "permuted" / "tables"), place / "permuted")
    for product, rows in anew.rows.groupby("product"):
        yield _no_skill(
            f"closed opportunities, outcomes permuted before training: {product}", closed_auc(rows)
        )


def _no_skill(told: str, figure: Interval) -> Check:
    return Check(f"AUC on {told}", figure, figure.low <= 0.5 <= figure.high)


def _of(told: Backtest, *, population: str, as_of: str = "", product: str = "") -> pd.DataFrame:
    """Return the measures of a population, at a date and of a product where one is given."""
    rows = told.measures[told.measures["population"] == population]
    rows = rows[rows["as_of"] == as_of] if as_of else rows
    return rows[rows["product"] == product] if product else rows


def _figure(row: pd.Series, name: str) -> Interval:
    return Interval(float(row[name]), float(row[f"{name}_low"]), float(row[f"{name}_high"]))


def _told(row: pd.Series, name: str) -> str:
    return _written(_figure(row, name), digits=4 if "brier" in name or "log_loss" in name else 3)


def _written(figure: Interval, *, digits: int = 3) -> str:
    if np.isnan(figure.value):
        return "-"
    value, low, high = (f"{one:.{digits}f}" for one in (figure.value, figure.low, figure.high))
    return f"{value} ({low} to {high})"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    yield from (f"| {' | '.join(row)} |" for row in rows)


def chapter(example: Example) -> tuple[str, tuple[Check, ...]]:
    """Run an example; return its tables and what was checked on it."""
    world = example.world()
    told = run(example, world, WORK / example.name)
    checks: tuple[Check, ...] = ()
    if example is SAAS_SALES:
        checks = tuple(saas_checks(told))
    if example is MAVEN_CRM:
        checks = tuple(maven_checks(told, world))
    products = _of(told, as_of=POOLED, population=ALL)
    lines = [
        *overall(told),
        *each(_of(told, product=ALL, population=ALL), "as_of", BY_DATE),
        *each(products[products["product"] != ALL], "product", BY_PRODUCT),
    ]
    if checks:
        rows = [
            (check.told, _written(check.figure, digits=4), "yes" if check.holds else "**no**")
            for check in checks
        ]
        lines += ["", *_table(("check", "figure", "holds"), rows)]
    return "\n".join(lines), checks


def written_in(page: str, example: str, tables: str) -> str:
    """Return the page with the generated part of an example replaced."""
    begin, end = f"<!-- {example}: written by benchmarks/real_data.py -->", f"<!-- end of {example} -->"
    part = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if not part.search(page):
        raise ValueError(f"{PAGE} has no part between {begin} and {end}.")
    return part.sub(lambda _: f"{begin}\n{tables}\n{end}", page)


def main() -> None:
    """Run the examples asked for, or all of them, and write what they gave into the page."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("names", nargs="*", metavar="NAME", help="saas_sales, olist_funnel, maven_crm")
    names = asked.parse_args().names or [example.name for example in EXAMPLES]
    failed = []
    for example in EXAMPLES:
        if example.name not in names:
            continue
        print(example.name, file=sys.stderr)
        tables, checks = chapter(example)
        PAGE.write_text(written_in(PAGE.read_text("utf-8"), example.name, tables), "utf-8")
        failed += [check for check in checks if not check.holds]
    for check in failed:
        print(f"does not hold: {check.told}: {_written(check.figure)}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
