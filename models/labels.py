"""What happened after an as-of date, and who was an owner on it: what models learn from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.periods import HORIZON
from features.products import Catalogue, Product
from features.sources.known import known_rows
from features.sources.tables import OPPORTUNITIES, TRANSACTIONS
from features.sources.world import World

PURCHASE = "kind IN ('new', 'add') AND quantity > 0"
"""SQL over `transactions`: a purchase rather than a plain renewal or a return."""
STAYED_DAYS = 90
ACTIVE_MONTHS = 24


@dataclass(frozen=True, slots=True)
class Labels:
    """Purchases within the horizon and owners who stayed; one row is a customer, an as-of date and a product.

    Columns of `purchases`: product (prefix), account_id, as_of, first_on. Columns of `owners`: product,
    account_id, as_of. Both sorted and without duplicates.
    """

    purchases: pd.DataFrame
    owners: pd.DataFrame

    def bought(
        self, product: Product, accounts: NDArray[np.str_], as_of: NDArray[np.datetime64]
    ) -> NDArray[np.float64]:
        """Return 1 for each row whose customer bought the product within the horizon, else 0."""
        return _found(self.purchases, product, accounts, as_of)

    def owned(
        self, product: Product, accounts: NDArray[np.str_], as_of: NDArray[np.datetime64]
    ) -> NDArray[np.float64]:
        """Return 1 for each row whose customer was an owner who stayed, else 0."""
        return _found(self.owners, product, accounts, as_of)


def read(
    engine: duckdb.DuckDBPyConnection,
    world: World,
    catalogue: Catalogue,
    as_ofs: Sequence[date],
    *,
    cut: date,
) -> Labels:
    """Read the labels of the as-of dates as they were known before `cut`."""
    return Labels(
        purchases(engine, world, catalogue, as_ofs, cut=cut), owners(engine, world, catalogue, as_ofs)
    )


def purchases(
    engine: duckdb.DuckDBPyConnection,
    world: World,
    catalogue: Catalogue,
    as_ofs: Sequence[date],
    *,
    cut: date,
) -> pd.DataFrame:
    """Return who bought which product within the horizon of each as-of date, as known before `cut`.

    One row is a product, a customer and an as-of date with a purchase (an order line new or added, or an
    opportunity won): product, account_id, as_of, first_on; sorted.
    """
    happened = " UNION ALL ".join(
        f"SELECT {literal(product.prefix)} AS product, account_id, happened_on FROM ({rows}) WHERE own"
        for product in catalogue.products
        for rows in _purchase_rows(world, product, cut)
    )
    query = f"""
        SELECT product, account_id, as_of, min(happened_on) AS first_on
        FROM ({happened}) JOIN (VALUES {_dates(as_ofs)}) a(as_of)
          ON happened_on >= as_of AND happened_on < as_of + INTERVAL {HORIZON.days} DAY
        GROUP BY product, account_id, as_of ORDER BY product, account_id, as_of"""
    return engine.execute(query).df()


def owners(
    engine: duckdb.DuckDBPyConnection, world: World, catalogue: Catalogue, as_ofs: Sequence[date]
) -> pd.DataFrame:
    """Return the active owners who stayed, as known at each as-of date.

    One row is a product, a customer and an as-of date: product, account_id, as_of; sorted. An owner has more
    units than it returned, bought 90 days ago or earlier, and ordered within 24 months; where there are
    no transactions, whoever was won once.
    """
    if world.has(TRANSACTIONS):
        rows, own = known_rows(world, TRANSACTIONS, as_ofs), TRANSACTIONS
        having = f"""
            HAVING sum(CASE WHEN kind = 'return' THEN -abs(quantity)
                            WHEN kind IN ('new', 'add') THEN quantity ELSE 0 END) > 0
               AND min(transacted_on) FILTER ({PURCHASE}) <= as_of - INTERVAL {STAYED_DAYS} DAY
               AND max(transacted_on) >= as_of - INTERVAL {ACTIVE_MONTHS} MONTH"""
    else:
        rows, own = (
            f"(SELECT * FROM {known_rows(world, OPPORTUNITIES, as_ofs)} WHERE status = 'won')",
            OPPORTUNITIES,
        )
        having = ""
    each = " UNION ALL ".join(
        f"SELECT {literal(product.prefix)} AS product, account_id, as_of FROM known"
        f" WHERE {product.own_rows(own)} GROUP BY account_id, as_of {having}"
        for product in catalogue.products
    )
    query = f"WITH known AS MATERIALIZED (SELECT * FROM {rows}) {each} ORDER BY product, account_id, as_of"
    return engine.execute(query).df()


def first_record(engine: duckdb.DuckDBPyConnection, world: World) -> date | None:
    """Return the day of the first purchase or opportunity on record; None where there is neither."""
    days = " UNION ALL ".join(
        f"SELECT min({table.happened}) AS day FROM {world.rows(table)}"
        for table in (TRANSACTIONS, OPPORTUNITIES)
    )
    row = engine.execute(f"SELECT min(day) FROM ({days})").fetchone()
    return None if row is None else row[0]


def _purchase_rows(world: World, product: Product, cut: date) -> tuple[str, str]:
    """SQL: two relations of purchases of any product: account_id, happened_on, own."""
    return (
        f"SELECT account_id, transacted_on AS happened_on, {product.own_rows(TRANSACTIONS)} AS own"
        f" FROM {known_rows(world, TRANSACTIONS, [cut])} WHERE {PURCHASE}",
        f"SELECT account_id, closed_on AS happened_on, {product.own_rows(OPPORTUNITIES)} AS own"
        f" FROM {known_rows(world, OPPORTUNITIES, [cut])} WHERE status = 'won' AND closed_on IS NOT NULL",
    )


def _found(
    frame: pd.DataFrame, product: Product, accounts: NDArray[np.str_], as_of: NDArray[np.datetime64]
) -> NDArray[np.float64]:
    own = frame[frame["product"] == product.prefix]
    asked = np.char.add(accounts, as_of.astype("datetime64[D]").astype(np.str_))
    days = own["as_of"].to_numpy().astype("datetime64[D]").astype(np.str_)
    held = np.char.add(own["account_id"].to_numpy().astype(np.str_), days)
    return np.isin(asked, held).astype(np.float64)


def _dates(as_ofs: Sequence[date]) -> str:
    return ", ".join(f"(DATE '{when.isoformat()}')" for when in as_ofs)


def literal(value: str) -> str:
    """SQL: a text value."""
    return "'" + value.replace("'", "''") + "'"
