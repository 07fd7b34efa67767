"""Measure tables of decision patterns against plain `Booster.predict` of the same boosters.

The contract: margins and the contributions of every column to every row, ranks included, cost at most 0.35 of
the CPU of `predict(raw_score=True)`, one thread each. The boosters are those of a product in a home where the
month was made (`--home`), or eight grown on drawn values; rows are tiled.

    python benchmarks/patterns.py [--home HOME --month 2026-10 --product Azure] [--rows 100000] [--rounds 3]
"""

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

import lightgbm as lgb
import numpy as np

from features import matrix, periods
from features.build import Frames
from features.products import Catalogue
from models import model
from models.trees import Ground, Growth, Trees, Values
from scoring.patterns.patterns import Patterns, tabled
from scoring.reasons import ROWS_AT_ONCE

AT_MOST = 0.35
COLUMNS, BOOSTERS, TREES, LEARNED_ON = 120, 8, 200, 20_000
EXPLAINED_ROWS = 2_000
"""`pred_contrib` is measured on these few."""


@dataclass(frozen=True, slots=True)
class Case:
    """Boosters of one matrix, and its rows."""

    boosters: tuple[Trees, ...]
    values: Values


def main() -> None:
    """Measure and print; fail if the contract is broken."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--home", type=Path)
    parser.add_argument("--month", default="2026-10")
    parser.add_argument("--product", default="Azure")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    case = drawn() if asked.home is None else _of_home(asked.home, asked.month, asked.product)
    values = np.ascontiguousarray(np.resize(case.values, (asked.rows, case.values.shape[1])))
    ratio = measure(Case(case.boosters, values), asked.rounds)
    if ratio > AT_MOST:
        raise SystemExit(f"Margins and contributions cost {ratio:.2f} of predict, more than {AT_MOST}.")


def measure(case: Case, rounds: int) -> float:
    """Print what each way costs a row, and return tables over plain predict: medians of the rounds."""
    values, weights = case.values, (1.0,) * len(case.boosters)
    began = time.process_time()
    patterns = Patterns(tuple(tabled("", trees) for trees in case.boosters), values.shape[1])
    made = time.process_time() - began
    assert not patterns.warnings
    assert patterns.checked(values, weights=weights) is patterns
    costs: dict[str, list[float]] = {}

    readers = [_plain(trees) for trees in case.boosters]
    read = [_picked(trees, values) for trees in case.boosters]

    def predict(rows: int, **how: bool) -> None:
        for reader, picked in zip(readers, read, strict=True):
            reader.predict(picked[:rows], num_threads=1, **how)

    def explain() -> None:
        for first in range(0, len(values), ROWS_AT_ONCE):
            patterns.contributions(values[first : first + ROWS_AT_ONCE], weights)

    def timed(name: str, rows: int, work: Callable[[], object]) -> None:
        began = time.process_time()
        work()
        costs.setdefault(name, []).append((time.process_time() - began) / rows * 1e6)

    for _ in range(rounds):
        timed("predict", len(values), lambda: predict(len(values), raw_score=True))
        timed("margins", len(values), lambda: patterns.margins(values))
        timed("contributions", len(values), explain)
        timed("pred_contrib", EXPLAINED_ROWS, lambda: predict(EXPLAINED_ROWS, pred_contrib=True))
    told = {name: median(each) for name, each in costs.items()}
    ratio = (told["margins"] + told["contributions"]) / told["predict"]
    trees = sum(one.count for one in case.boosters)
    print(f"{len(case.boosters)} boosters, {trees} trees, {len(values):,} rows x {values.shape[1]} columns;")
    print(f"their tables take {made:.2f} s once. CPU microseconds a row, medians of {rounds}:")
    for name, cost in told.items():
        print(f"  {name:<14}{cost:9.2f}  {cost / told['predict']:8.3f} of predict")
    print(f"  margins and contributions together: {ratio:.3f} of predict, at most {AT_MOST}")
    return ratio


def _plain(trees: Trees) -> lgb.Booster:
    return lgb.Booster(model_str=trees.text)


def _picked(trees: Trees, values: Values) -> Values:
    """Return the columns that a booster reads as it wants them, so that `predict` has nothing else to do."""
    picked = values[:, list(trees.columns)]
    if trees.code is not None:
        picked = np.column_stack([picked, np.full(len(picked), trees.code, dtype=np.float32)])
    return np.ascontiguousarray(picked)


def _of_home(home: Path, month: str, product: str) -> Case:
    """Read a product's boosters and rows as the month was scored with."""
    work, catalogue = home / "work" / month, Catalogue()
    (folder,) = {path.parent for path in (work / "models" / f"ascent-{product}").rglob("model.json")}
    learned = model.load(folder)
    as_of: date = periods.as_of(month)
    frames = Frames(work / "frames", (as_of,), catalogue, ())
    there = matrix.read(frames, [as_of], catalogue.product(product), learned.names, learned.levels)
    return Case(tuple(learned.boosters().values()), there.values)


def drawn() -> Case:
    """Grow boosters as a month does, on drawn values: counts, amounts, shares, and a fifth unknown."""
    generator = np.random.default_rng(0)
    kinds: Sequence[Callable[[], np.ndarray[tuple[int, ...], np.dtype[np.float64]]]] = (
        lambda: generator.poisson(2, LEARNED_ON).astype(np.float64),
        lambda: generator.lognormal(8, 2, LEARNED_ON),
        lambda: generator.random(LEARNED_ON),
    )
    columns = [kinds[number % len(kinds)]() for number in range(COLUMNS)]
    values = np.column_stack(columns).astype(np.float32)
    values[generator.random(values.shape) < 0.2] = np.nan
    growth = Growth(names=tuple(f"c{number}" for number in range(COLUMNS)), monotone=(0,) * COLUMNS)
    boosters = []
    for _ in range(BOOSTERS):
        weights = generator.normal(size=COLUMNS)
        odds = np.nan_to_num(np.log1p(values)) @ weights / 10 - 2
        happened = (generator.random(LEARNED_ON) < 1 / (1 + np.exp(-odds))).astype(np.float64)
        text = Ground(values, happened, growth).grow(np.arange(LEARNED_ON), TREES)
        boosters.append(Trees(text, tuple(range(COLUMNS))))
    return Case(tuple(boosters), values)


if __name__ == "__main__":
    main()
