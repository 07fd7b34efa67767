"""Measure the tables of decision patterns against `Booster.predict` of the same boosters, one thread each.

    python -m benchmarks.patterns [--rows 100000]

Eight boosters of seven leaves over the same 120 columns, as a product has them; the tables give the margin of
every row and the contributions of every column, `predict` the margin alone.
"""

import argparse
import time
from collections.abc import Callable, Sequence

import lightgbm as lgb
import numpy as np

from models.trees import Growth, Trees, Values
from scoring.patterns.patterns import Patterns, tabled

BOOSTERS, TREES, COLUMNS, TRAINED_ON = 8, 200, 120, 4_000
AT_MOST = 0.35


def values(rows: int, seed: int) -> Values:
    """Draw counts, sums and days, a third of them unknown or nought, as features are."""
    generator = np.random.default_rng(seed)
    drawn = generator.lognormal(1.0, 2.0, (rows, COLUMNS)).round(1)
    drawn[generator.random(drawn.shape) < 0.2] = 0.0
    drawn[generator.random(drawn.shape) < 0.15] = np.nan
    return drawn.astype(np.float32)


def grown() -> tuple[Trees, ...]:
    """Grow the boosters."""
    growth = Growth(names=tuple(f"f{place}" for place in range(COLUMNS)), monotone=(0,) * COLUMNS)
    found = []
    for seed in range(BOOSTERS):
        read = values(TRAINED_ON, seed)
        odds = np.nan_to_num(np.log1p(read[:, seed : seed + 20])).sum(axis=1)
        labels = (odds + np.random.default_rng(seed).normal(size=len(read)) > np.median(odds)).astype(float)
        data = lgb.Dataset(read, label=labels, feature_name=list(growth.names))
        booster = lgb.train(growth.parameters() | {"verbosity": -1}, data, num_boost_round=TREES)
        found.append(Trees(booster.model_to_string(), tuple(range(COLUMNS))))
    return tuple(found)


def cpu(work: Callable[[], object]) -> float:
    """Return the CPU seconds of the work in this process."""
    before = time.process_time()
    work()
    return time.process_time() - before


def measure(trees: Sequence[Trees], rows: int) -> tuple[float, float]:
    """Return the CPU seconds of margins and contributions from tables, and of `predict`."""
    read = values(rows, BOOSTERS)
    patterns = Patterns(tuple(tabled(str(number), one) for number, one in enumerate(trees)), COLUMNS)
    weights = [0.5] * len(trees)

    def explained(of: Values) -> None:
        patterns.margins(of)
        patterns.contributions(of, weights)

    explained(read[:1000])  # compiled now, not while it is measured
    boosters = [lgb.Booster(model_str=one.text) for one in trees]
    tables = cpu(lambda: explained(read))
    plain = cpu(lambda: [one.predict(read, raw_score=True, num_threads=1) for one in boosters])
    return tables, plain


def main() -> None:
    """Measure, print, and tell the ratio."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=100_000)
    rows = options.parse_args().rows
    tables, plain = measure(grown(), rows)
    print(f"{BOOSTERS} boosters of {TREES} trees, {rows:,} rows, one thread")
    print(f"tables, margins and contributions {tables:8.1f} CPU s")
    print(f"Booster.predict, margins alone    {plain:8.1f} CPU s")
    print(f"ratio                             {tables / plain:8.2f} (at most {AT_MOST})")


if __name__ == "__main__":
    main()
