"""The frame that reports read, with a plain value in every column that a test does not write."""

from collections.abc import Mapping
from datetime import date

import duckdb

from features.facts import FACTS
from features.feature import Of, column_name
from features.products import PRODUCTS
from features.sources.schema import Kind
from features.sources.tables import ACCOUNTS

Value = str | int | float | date | None
AS_OF = date(2026, 10, 25)
SCORES = {
    "state": "'Scored'",
    "fit_score": "40",
    "fit_class": "'Low'",
    "intent_score": "40",
    "intent_class": "'Low'",
    "cell": "'C3'",
    "cluster": "'Nurture'",
    "probability": "0.05",
    "median_cents": "200000",
    "expected_cents": "12345",
    "trend": "'Steady'",
    "reasons": "'4 visits in 30 days'",
    "fit_as_of": "DATE '2026-10-25'",
    "intent_as_of": "DATE '2026-10-25'",
}
TYPES = {"probability": "DOUBLE", "fit_as_of": "DATE", "intent_as_of": "DATE"}
WHOLE = ("fit_score", "intent_score", "median_cents", "expected_cents")


def unscored(prefix: str, state: str) -> dict[str, Value]:
    """A product that is not scored for a customer: a state and nothing else."""
    return {f"{name}__{prefix}": state if name == "state" else None for name in SCORES}


def wide(engine: duckdb.DuckDBPyConnection, *rows: Mapping[str, Value], name: str = "wide") -> str:
    """Make the relation of those rows; what a row does not say is a default."""
    columns = ["global_id VARCHAR DEFAULT 'P1'", "partner_name VARCHAR DEFAULT 'Partner'"]
    columns += [
        f"{column.name} {column.kind}" + (" DEFAULT 'C1'" if column.name == "account_id" else "")
        for column in ACCOUNTS.columns
    ]
    for fact in FACTS:
        kind = "VARCHAR" if fact.is_text else Kind.NUMBER
        default = "" if fact.is_text else " DEFAULT 0"
        for product in (None,) if fact.of is Of.ALL else PRODUCTS:
            prefix = None if product is None else product.prefix
            columns.append(f'"{column_name(fact.name, prefix)}" {kind}{default}')
    for product in PRODUCTS:
        for score, default in SCORES.items():
            kind = "BIGINT" if score in WHOLE else TYPES.get(score, "VARCHAR")
            columns.append(f'"{score}__{product.prefix}" {kind} DEFAULT {default}')
    columns.append("recommended_workloads VARCHAR")
    engine.execute(f"CREATE TEMP TABLE IF NOT EXISTS {name} ({', '.join(columns)})")
    engine.execute(f"DELETE FROM {name}")
    for row in rows:
        names = ", ".join(f'"{column}"' for column in row)
        marks = ", ".join("?" for _ in row)
        engine.execute(f"INSERT INTO {name} ({names}) VALUES ({marks})", list(row.values()))
    return name
