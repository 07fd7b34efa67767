"""A small market written as frames: what customers do decides what they buy."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from features import declared
from features.build import Frames
from features.periods import months_before
from features.products import AZURE, M365, Catalogue, Product
from models.labels import Labels
from models.source import Source, source
from models.splits import Split

JUDGE = date(2026, 6, 25)
DATES = tuple(months_before(JUDGE, back) for back in (7, 6, 5, 4, 0))
SPLIT = Split(DATES, JUDGE, DATES[:-1])
FEATURES = tuple(declared.feature(name) for name in ("employees", "industry", "own_signals_30d"))
CATALOGUE = Catalogue((AZURE, M365))


def frames(folder: Path, *, customers: int, dates: Sequence[date] = DATES, seed: int = 1) -> Frames:
    """Write frames: a customer has a size and a trade for good, and signals of each product every month."""
    generator = np.random.default_rng(seed)
    employees = generator.integers(1, 300, customers).astype(np.float32)
    industry = generator.choice(["Retail", "Health", "Mining"], customers)
    for when in dates:
        rows = {
            "account_id": [f"c{number:05}" for number in range(customers)],
            "as_of": [when] * customers,
            "is_listed": [True] * customers,
            "employees": employees,
            "industry": industry,
        }
        for product in CATALOGUE.products:
            rows[f"in_scope__{product.prefix}"] = [True] * customers
            rows[f"own_signals_30d__{product.prefix}"] = generator.poisson(1.0, customers).astype(np.float32)
        pq.write_table(pa.table(rows), folder / f"{when}.parquet")
    return Frames(folder, tuple(sorted(dates)), CATALOGUE, FEATURES)


def labels(there: Frames, *, level: float, product: Product = AZURE, seed: int = 2) -> Labels:
    """Draw purchases: size and signals raise the odds; whoever is larger than 250 owns the product."""
    generator = np.random.default_rng(seed)
    bought, owned = [], []
    for when in there.as_ofs:
        rows = pq.read_table(there.path(when)).to_pandas()
        log_odds = level + rows["employees"] / 150 + 0.8 * rows[f"own_signals_30d__{product.prefix}"]
        wins = rows[generator.random(len(rows)) < 1 / (1 + np.exp(-log_odds))]
        bought.append(pd.DataFrame({"account_id": wins["account_id"], "as_of": pd.Timestamp(when)}))
        owns = rows[rows["employees"] > 250]
        owned.append(pd.DataFrame({"account_id": owns["account_id"], "as_of": pd.Timestamp(when)}))
    purchases = pd.concat(bought).assign(product=product.prefix)
    return Labels(purchases, pd.concat(owned).assign(product=product.prefix))


def both(azure: Labels, m365: Labels) -> Labels:
    """Join the labels of two products."""
    return Labels(pd.concat([azure.purchases, m365.purchases]), pd.concat([azure.owners, m365.owners]))


def made(folder: Path, *, customers: int, level: float) -> Source:
    """Return what training reads, for one product."""
    there = frames(folder, customers=customers)
    return source(there, labels(there, level=level), SPLIT)
