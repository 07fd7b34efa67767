"""What happened after an as-of date, and who was an owner on it: what models learn from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.pairs import EVERY_PAIR, Pairs, is_drawn
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
    pairs: Pairs = EVERY_PAIR,
) -> Labels:
    """Read the labels of the as-of dates as they were known before `cut`; only of the `pairs`, if given."""
    engine.register("extra", pairs.extra)
    bought, owned = [], []
    for part in world.parts():
        bought.append(engine.execute(_of_pairs(purchases_query(part, catalogue, as_ofs, cut), pairs)).df())
        owned.append(engine.execute(_of_pairs(_owners_query(part, catalogue, as_ofs), pairs)).df())
    return Labels(_sorted(bought), _sorted(owned))


def _of_pairs(query: str, pairs: Pairs) -> str:
    if pairs.is_everything:
        return query
    drawn = is_drawn("account_id", pairs.share)
    return f"FROM ({query}) WHERE {drawn} OR (account_id, as_of) IN (SELECT (account_id, as_of) FROM extra)"


def _sorted(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    if len(parts) == 1:
        return parts[0]
    return pd.concat(parts).sort_values(["product", "account_id", "as_of"], ignore_index=True)


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
    return engine.execute(purchases_query(world, catalogue, as_ofs, cut)).df()


def purchases_query(world: World, catalogue: Catalogue, as_ofs: Sequence[date], cut: date) -> str:
    """SQL: what `purchases` returns."""
    happened = " UNION ALL ".join(
        f"SELECT {literal(product.prefix)} AS product, account_id, happened_on FROM {name}"
        f" WHERE {product.own_rows(table)}"
        for product in catalogue.products
        for name, table in (("ordered", TRANSACTIONS), ("won", OPPORTUNITIES))
    )
    return f"""
        WITH ordered AS MATERIALIZED (
            SELECT *, transacted_on AS happened_on FROM {known_rows(world, TRANSACTIONS, [cut])}
            WHERE {PURCHASE}
        ), won AS MATERIALIZED (
            SELECT *, closed_on AS happened_on FROM {known_rows(world, OPPORTUNITIES, [cut])}
            WHERE status = 'won' AND closed_on IS NOT NULL
        )
        SELECT product, account_id, as_of, min(happened_on) AS first_on
        FROM ({happened}) JOIN (VALUES {_dates(as_ofs)}) a(as_of)
          ON happened_on >= as_of AND happened_on < as_of + INTERVAL {HORIZON.days} DAY
        GROUP BY product, account_id, as_of ORDER BY product, account_id, as_of"""


def owners(
    engine: duckdb.DuckDBPyConnection, world: World, catalogue: Catalogue, as_ofs: Sequence[date]
) -> pd.DataFrame:
    """Return the active owners who stayed, as known at each as-of date.

    One row is a product, a customer and an as-of date: product, account_id, as_of; sorted. An owner has more
    units than it returned, bought 90 days ago or earlier, and ordered within 24 months; where there are
    no transactions, whoever was won once.
    """
    return engine.execute(_owners_query(world, catalogue, as_ofs)).df()


def _owners_query(world: World, catalogue: Catalogue, as_ofs: Sequence[date]) -> str:
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
    return f"WITH known AS MATERIALIZED (SELECT * FROM {rows}) {each} ORDER BY product, account_id, as_of"


def first_record(engine: duckdb.DuckDBPyConnection, world: World) -> date | None:
    """Return the day of the first purchase or opportunity on record; None where there is neither."""
    days = " UNION ALL ".join(
        f"SELECT min({table.happened}) AS day FROM {world.rows(table)}"
        for table in (TRANSACTIONS, OPPORTUNITIES)
    )
    ((first,),) = engine.execute(f"SELECT min(day) FROM ({days})").fetchall()
    return first if isinstance(first, date) else None


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
