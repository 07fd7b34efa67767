"""The wide frame that reports read: who the customer is, what was known of it, what we expect of it."""

import duckdb
import pyarrow as pa

from features.build import Frames
from features.products import Catalogue

KEYS = ("account_id", "product")


def wide(
    engine: duckdb.DuckDBPyConnection,
    frames: Frames,
    path: str,
    *,
    customers: pa.Table,
    scores: pa.Table,
    recommended: pa.Table,
) -> str:
    """Join what a report may read into the temporary view whose name is returned.

    As a table it would hold hundreds of features that no report reads.

    One row is a root partner and a customer. Columns: those of `customers`, the compiled features of the
    frame at `path`, the columns of `scores` as `<column>__<prefix>` for each product, recommended_workloads.
    """
    for name, table in (("customers", customers), ("scores", scores), ("recommended", recommended)):
        engine.register(name, table)
    known = ", ".join(name for name in customers.column_names if name != "account_id")
    engine.execute(f"""
        CREATE OR REPLACE TEMP VIEW wide AS
        SELECT c.*, f.* EXCLUDE (account_id, as_of, is_listed, {_also_in_frame(engine, path, known)}),
               w.recommended_workloads, {_score_columns(frames.catalogue, scores)}
        FROM customers c
        LEFT JOIN read_parquet('{path}') f USING (account_id)
        LEFT JOIN recommended w USING (account_id)
        {_score_joins(frames.catalogue)}""")
    return "wide"


def _also_in_frame(engine: duckdb.DuckDBPyConnection, path: str, known: str) -> str:
    """Name the features that are columns of `accounts` too: the customers' own ones are kept."""
    columns = {row[0] for row in engine.execute(f"DESCRIBE SELECT * FROM read_parquet('{path}')").fetchall()}
    return ", ".join(name for name in known.split(", ") if name in columns)


def _score_columns(catalogue: Catalogue, scores: pa.Table) -> str:
    names = [name for name in scores.column_names if name not in KEYS]
    return ", ".join(
        f's_{product.prefix}.{name} AS "{name}__{product.prefix}"'
        for product in catalogue.products
        for name in names
    )


def _score_joins(catalogue: Catalogue) -> str:
    return "\n".join(
        f"LEFT JOIN (SELECT * FROM scores WHERE product = '{product.prefix}') s_{product.prefix}"
        f" ON s_{product.prefix}.account_id = c.account_id"
        for product in catalogue.products
    )
