"""Judged rows drawn from known probabilities, so that right and wrong expectations are known."""

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from pipelines.backtesting.judged import TABLE_COLUMNS
from scoring.cells import CELLS, CLASSES, CLUSTERS, STANDARD, TABLES, cells, told


def judged(
    *, customers: int = 600, dates: int = 2, shift: float = 0.0, sharpness: float = 1.0, seed: int = 0
) -> pd.DataFrame:
    """Return rows of two products; a model with the truth, `shift`ed and sharpened in log-odds."""
    generator = np.random.default_rng(seed)
    parts = [
        _rows(customers, f"2026-0{date + 1}-25", product, generator, shift, sharpness)
        for date in range(dates)
        for product in ("Azure", "M365")
    ]
    return pd.concat(parts, ignore_index=True)


def _rows(
    customers: int, as_of: str, product: str, generator: np.random.Generator, shift: float, sharpness: float
) -> pd.DataFrame:
    fit, intent = generator.normal(size=(2, customers)) * 1.5
    truth = expit(fit + intent - 2.5)
    base = logit(truth.mean())
    probability = expit(base + sharpness * (logit(truth) - base) + shift)
    letters, numbers = (STANDARD.classes((50 + 20 * side).clip(0, 100).astype(int)) for side in (fit, intent))
    cell = cells(letters, numbers)
    return pd.DataFrame(
        {
            "as_of": as_of,
            "product": product,
            "account_id": [f"c{number}" for number in range(customers)],
            "bought": (generator.random(customers) < truth).astype(float),
            "owner": np.arange(customers) % 3 == 0,
            "probability": probability,
            "fit": expit(fit - 2.5),
            "recency": expit(generator.normal(size=customers) + intent * 0.1 - 2.5),
            "popularity": truth.mean(),
            "oracle": truth,
            "fit_class": told(CLASSES, letters),
            "intent_class": told(CLASSES, numbers),
            "cell": told(CELLS, cell),
            "cluster": told(CLUSTERS, TABLES[0].clusters(cell)),
            **{TABLE_COLUMNS[table.name]: told(CLUSTERS, table.clusters(cell)) for table in TABLES},
            "opened": 1.0,
            "won": 0.0,
            "lost": (np.arange(customers) % 2).astype(float),
        }
    )


def only(frame: pd.DataFrame, *key: str) -> pd.Series:
    """Return the one row whose first columns hold the key."""
    kept = frame[(frame.iloc[:, : len(key)].to_numpy() == np.array(key, dtype=object)).all(axis=1)]
    assert len(kept) == 1
    row: pd.Series = kept.iloc[0]
    return row
