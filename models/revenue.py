"""What a purchase brings in its first twelve months: a median for the band, a mean for expected revenue.

One booster of all products on log cents. Its prediction is the median's logarithm; the mean is the median
times a smearing factor, the mean of actual over predicted (Duan 1983), per product and shrunk to that of all.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features import matrix
from features.build import Frames
from features.products import Product
from features.sources.known import known_rows
from features.sources.tables import OPPORTUNITIES, TRANSACTIONS
from features.sources.world import World, connect
from models.labels import Labels, literal
from models.learn import folds_of
from models.model import TOO_FEW_PURCHASES, write_json
from models.trees import FOLDS, Floats, Ground, Growth, Trees, Values

MONTHS = 12
PRIOR_PURCHASES = 50.0
"""How many purchases the smearing factor of all products is worth against a product's own."""


@dataclass(frozen=True, slots=True)
class Past:
    """Past purchases of a product: how many, median and mean cents of twelve months, smearing factor."""

    purchases: int
    median_cents: float
    mean_cents: float
    smearing: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RevenueModel:
    """What was learned about revenue; `values` as a propensity model's, one column a name of `names`.

    `products` are the prefixes in the order of their codes. Without enough purchases there are no trees.
    """

    trained_through: date
    names: tuple[str, ...]
    levels: Mapping[str, tuple[str, ...]]
    products: tuple[str, ...]
    past: Mapping[str, Past]
    trees: Trees | None

    def booster(self, product: str) -> Trees | None:
        """Return the booster that reads the product; None where its past purchases tell, or there are none.

        With fewer than 20 purchases of the product they do.
        """
        past = self.past.get(product)
        if past is None or self.trees is None or past.purchases < TOO_FEW_PURCHASES:
            return None
        return replace(self.trees, code=self.products.index(product))

    def cents(self, product: str, margin: Floats) -> tuple[Floats, Floats]:
        """Return median and mean cents of each row, by the margin of the product's booster if it has one.

        NaN where nothing was ever bought.
        """
        past = self.past.get(product)
        if past is None:
            return np.full(len(margin), np.nan), np.full(len(margin), np.nan)
        if self.trees is None or past.purchases < TOO_FEW_PURCHASES:
            return np.full(len(margin), past.median_cents), np.full(len(margin), past.mean_cents)
        median = np.exp(margin)
        return median, median * past.smearing

    def save(self, folder: Path) -> None:
        """Write the booster as text and the rest as `model.json`; the same model gives the same bytes."""
        folder.mkdir(parents=True, exist_ok=True)
        if self.trees is not None:
            (folder / "revenue.txt").write_text(self.trees.text, encoding="utf-8")
        told: dict[str, object] = {
            "trained_through": self.trained_through.isoformat(),
            "names": self.names,
            "levels": dict(self.levels),
            "products": self.products,
            "past": {
                product: [past.purchases, past.median_cents, past.mean_cents, past.smearing]
                for product, past in self.past.items()
            },
            "has_trees": self.trees is not None,
        }
        write_json(folder / "model.json", told)


def load(folder: Path) -> RevenueModel:
    """Read what `RevenueModel.save` wrote."""
    told = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    names = tuple(told["names"])
    trees = None
    if told["has_trees"]:
        trees = Trees((folder / "revenue.txt").read_text(encoding="utf-8"), tuple(range(len(names))), 0)
    return RevenueModel(
        trained_through=date.fromisoformat(told["trained_through"]),
        names=names,
        levels={name: tuple(levels) for name, levels in told["levels"].items()},
        products=tuple(told["products"]),
        past={product: Past(*past) for product, past in told["past"].items()},
        trees=trees,
    )


def train(
    frames: Frames,
    world: World,
    labels: Labels,
    *,
    trained_through: date,
    cut: date,
    levels: Mapping[str, tuple[str, ...]],
    seed: int,
) -> RevenueModel:
    """Train on purchases after the as-of dates whose twelve months were over and known before `cut`.

    A purchase of `labels` counts once, seen from the last as-of date before it. Where there are no
    transactions, what an opportunity was won for stands for the twelve months.
    """
    names = matrix.all_names(frames)
    products = frames.catalogue.products
    with connect() as engine:
        engine.register("bought", labels.purchases)
        brought = [engine.execute(_brought(world, product, cut)).df() for product in products]
    parts = [
        _rows(frames, product, held, names, levels) for product, held in zip(products, brought, strict=True)
    ]
    codes = np.concatenate([np.full(len(part.cents), code) for code, part in enumerate(parts)])
    values = np.column_stack([np.concatenate([part.values for part in parts]), codes]).astype(np.float32)
    cents = np.concatenate([part.cents for part in parts])
    accounts = np.concatenate([part.accounts for part in parts])
    trees, ratios = None, np.ones(len(cents))
    if len(np.unique(accounts[cents > 0])) >= TOO_FEW_PURCHASES:
        trees, ratios = _grow(values, cents, accounts, names, seed)
    return RevenueModel(
        trained_through=trained_through,
        names=names,
        levels=levels,
        products=tuple(product.prefix for product in products),
        past=_past(tuple(product.prefix for product in products), codes, cents, ratios),
        trees=trees,
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """One row is a purchase: its customer, the features at the as-of date before it, and what it brought."""

    accounts: NDArray[np.str_]
    values: Values
    cents: Floats


def _rows(
    frames: Frames,
    product: Product,
    brought: pd.DataFrame,
    names: Sequence[str],
    levels: Mapping[str, tuple[str, ...]],
) -> _Rows:
    """Set the features of the as-of date beside each purchase; customers who were not listed then go."""
    empty = _Rows(np.empty(0, dtype=np.str_), np.empty((0, len(names)), dtype=np.float32), np.empty(0))
    parts = [empty]
    for when in sorted(brought["as_of"].unique()):
        held = brought[brought["as_of"] == when]
        there = matrix.read(frames, [when.date()], product, names, levels)
        place = pd.Index(there.accounts).get_indexer(pd.Index(held["account_id"]))
        kept = held[place >= 0]
        accounts = kept["account_id"].to_numpy().astype(np.str_)
        parts.append(_Rows(accounts, there.values[place[place >= 0]], kept["cents"].to_numpy(np.float64)))
    return _Rows(
        np.concatenate([part.accounts for part in parts]),
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.cents for part in parts]),
    )


def _brought(world: World, product: Product, cut: date) -> str:
    """SQL: one row a purchase in `bought`, seen from its last as-of date: account_id, as_of, cents."""
    once = f"""
        SELECT account_id, first_on, max(as_of) AS as_of FROM bought
        WHERE product = {literal(product.prefix)} GROUP BY account_id, first_on"""
    if world.has(TRANSACTIONS):
        rows, day, table = known_rows(world, TRANSACTIONS, [cut]), "transacted_on", TRANSACTIONS
        closed = f"first_on + INTERVAL {MONTHS} MONTH + INTERVAL {table.lag.days} DAY <= DATE '{cut}'"
    else:
        won = f"(SELECT * FROM {known_rows(world, OPPORTUNITIES, [cut])} WHERE status = 'won')"
        rows, day, table, closed = won, "closed_on", OPPORTUNITIES, "TRUE"
    return f"""
        SELECT b.account_id, b.as_of, CAST(sum(r.amount_cents) AS DOUBLE) AS cents
        FROM ({once}) b JOIN {rows} r
          ON r.account_id = b.account_id AND r.{day} >= b.first_on
         AND r.{day} < b.first_on + INTERVAL {MONTHS} MONTH
        WHERE {product.own_rows(table)} AND {closed}
        GROUP BY b.account_id, b.as_of, b.first_on ORDER BY b.as_of, b.account_id, b.first_on"""


def _grow(
    values: Values, cents: Floats, accounts: NDArray[np.str_], names: Sequence[str], seed: int
) -> tuple[Trees, Floats]:
    """Return the trees, and actual over predicted of each purchase by trees that did not see its customer.

    The trees learn from purchases that brought something; those returned in full bring the factors down.
    """
    paid = np.flatnonzero(cents > 0)
    growth = Growth(
        names=(*names, "product"), monotone=(0,) * (len(names) + 1), objective="regression", seed=seed
    )
    ground = Ground(values, np.log(np.maximum(cents, 1.0)), growth)
    folds = folds_of(accounts)
    apart = [(paid[folds[paid] != number], paid[folds[paid] == number]) for number in range(FOLDS)]
    count, texts = ground.grow_over(apart)
    columns = tuple(range(values.shape[1]))
    ratios = np.empty(len(cents))
    for number, text in enumerate(texts):
        left_out = folds == number
        ratios[left_out] = np.maximum(cents[left_out], 0) / np.exp(
            Trees(text, columns).margin(values[left_out])
        )
    return Trees(ground.grow(paid, count), columns[:-1], 0), ratios


def _past(products: Sequence[str], codes: NDArray[np.int_], cents: Floats, ratios: Floats) -> dict[str, Past]:
    """Return what the purchases of each product brought; products without any are left out."""
    overall = float(ratios.mean()) if len(ratios) else 1.0
    found = {}
    for code, product in enumerate(products):
        own = codes == code
        count = int(own.sum())
        if count:
            factor = (float(ratios[own].sum()) + PRIOR_PURCHASES * overall) / (count + PRIOR_PURCHASES)
            net = np.maximum(cents[own], 0)
            found[product] = Past(count, float(np.median(net)), float(net.mean()), factor)
    return found
