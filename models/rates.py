"""At which rates training draws its rows: every purchase while it can, of everything else a share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import duckdb
import numpy as np
import pyarrow as pa

from features.build import count_customers
from features.pairs import EVERY_PAIR, Pairs, place, places_of
from features.products import Catalogue, Product
from features.sources.world import World
from models.labels import literal, purchases_query
from models.splits import thinned
from models.trees import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Appetite:
    """How much training reads at most.

    `customers` are drawn for their own sake, each with every date, whether it bought or not. Besides them
    every purchase is kept (a customer, an as-of date and a product bought within the horizon); above
    `purchases` of a product those of every second date, and above that as well so many of them, by customer.
    """

    customers: int = 25_000
    purchases: int = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """The chance of each row to be drawn, known exactly: one over it is the row's weight.

    A row of a product is a customer and date. If it bought, its chance is that of `purchases`, by prefix;
    if not it is `others`. Products in `halved` have their purchases of every second date alone.
    """

    others: float = 1.0
    purchases: Mapping[str, float] = field(default_factory=dict)
    halved: frozenset[str] = frozenset()

    @property
    def is_everything(self) -> bool:
        """Whether every row is read, so that there is nothing to weigh."""
        return self.others >= 1

    def of_purchases(self, product: Product) -> float:
        """Return the chance of a row that bought the product."""
        return self.purchases.get(product.prefix, self.others)

    def chances(self, product: Product, bought: Floats) -> Floats:
        """Return the chance of each row of a product."""
        return np.where(bought > 0, self.of_purchases(product), self.others)


EVERYTHING = Rates()


@dataclass(frozen=True, slots=True)
class Drawn:
    """The rates of a training and the pairs that they drew."""

    rates: Rates
    pairs: Pairs

    def __str__(self) -> str:
        """Say it to the operator."""
        if self.rates.is_everything:
            return "every customer on every date"
        fewer = [
            f"{rate:.1%} of the purchases of {prefix}"
            for prefix, rate in self.rates.purchases.items()
            if rate < 1
        ]
        return (
            f"{self.rates.others:.1%} of the customers on every date, and {self.pairs.extra.num_rows:,}"
            f" further pairs of a customer and a date with purchases: {', '.join([*fewer, 'all others'])}"
        )


ALL = Drawn(EVERYTHING, EVERY_PAIR)


def draw(
    engine: duckdb.DuckDBPyConnection,
    world: World,
    catalogue: Catalogue,
    as_ofs: Sequence[date],
    earlier: Sequence[date],
    *,
    cut: date,
    appetite: Appetite,
) -> Drawn:
    """Choose rates that fit the appetite, and the pairs that they draw.

    `as_ofs` teach everything, the `earlier` dates only what a purchase brings. Rates follow from counts of
    the whole world, and pairs from the rates and hashes of customers: neither from buckets or their order.
    """
    known = count_customers(engine, world, max(as_ofs))
    share = min(1.0, appetite.customers / max(1, known))
    if share >= 1:
        return ALL
    _read_purchases(engine, world, catalogue, (*earlier, *as_ofs), cut)
    every = _counts(engine, (*earlier, *as_ofs))
    second = (*earlier, *thinned(as_ofs))
    halved = frozenset(prefix for prefix, count in every.items() if count > appetite.purchases)
    fewer = _counts(engine, second)
    counts = {prefix: fewer.get(prefix, 0) if prefix in halved else count for prefix, count in every.items()}
    purchases = {
        prefix: max(share, min(1.0, appetite.purchases / max(1, count))) for prefix, count in counts.items()
    }
    rates = Rates(others=share, purchases=purchases, halved=halved)
    return Drawn(rates, Pairs(share, _extra(engine, rates, second)))


def _read_purchases(
    engine: duckdb.DuckDBPyConnection,
    world: World,
    catalogue: Catalogue,
    as_ofs: Sequence[date],
    cut: date,
) -> None:
    """Make the table `bought`: product, account_id, as_of and the customer's place."""
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE bought (product VARCHAR, account_id VARCHAR, as_of DATE, place BIGINT)"
    )
    for part in world.parts():
        query = purchases_query(part, catalogue, as_ofs, cut)
        engine.execute(
            f"INSERT INTO bought SELECT product, account_id, as_of, {place('account_id')} FROM ({query})"
        )


def _counts(engine: duckdb.DuckDBPyConnection, as_ofs: Sequence[date]) -> dict[str, int]:
    """Count the purchases of each product at the as-of dates."""
    rows = engine.execute(
        f"SELECT product, count(*) FROM bought WHERE {_at(as_ofs)} GROUP BY product ORDER BY product"
    ).fetchall()
    return dict(rows)


def _extra(engine: duckdb.DuckDBPyConnection, rates: Rates, second: Sequence[date]) -> pa.Table:
    """Return the pairs that bought and are drawn, of customers who are not drawn for their own sake."""
    chosen = " OR ".join(
        f"(product = {literal(prefix)} AND place < {places_of(rate)}"
        f" AND {_at(second) if prefix in rates.halved else 'TRUE'})"
        for prefix, rate in rates.purchases.items()
    )
    return engine.sql(f"""
        SELECT DISTINCT account_id, as_of FROM bought
        WHERE place >= {places_of(rates.others)} AND ({chosen or "FALSE"}) ORDER BY ALL""").to_arrow_table()


def _at(as_ofs: Sequence[date]) -> str:
    return "as_of IN ({})".format(", ".join(f"DATE '{when}'" for when in as_ofs))
