"""Whom a catalogue's products are for: each scope is SQL over the declared features, or it is refused."""

import duckdb

from features import declared
from features.compile import compile_all, derived_values
from features.errors import CallRefused
from features.products import Catalogue
from features.sources.world import connect


def check_scopes(catalogue: Catalogue) -> None:
    """Try the scope of every product on a customer of whom nothing is known.

    Raises:
        CallRefused: a scope is no SQL, names something that is no feature, or is no yes or no.
    """
    values = ", ".join(row.unknown() for row in compile_all(catalogue))
    derived = ", ".join(value for row in declared.DERIVED for value in derived_values(row, catalogue))
    with connect() as engine:
        engine.execute(f"CREATE TEMP TABLE frame AS SELECT *, {derived} FROM (SELECT {values})")
        for product in catalogue.products:
            told = _fault(engine, product.scope)
            if told is not None:
                raise CallRefused(
                    f"The scope of {product.prefix} must be SQL over declared features"
                    f" (`ascent describe features`) that is true or false; {product.scope!r} {told}"
                )


def _fault(engine: duckdb.DuckDBPyConnection, scope: str) -> str | None:
    """Tell what is wrong with a scope, if anything."""
    try:
        tried = engine.sql(f"SELECT coalesce({scope}, FALSE) FROM frame")
        tried.fetchall()
    except duckdb.Error as error:
        return f"is not: {str(error).splitlines()[0]}"
    kinds = ", ".join(str(kind) for kind in tried.types)
    return None if kinds == "BOOLEAN" else f"is {kinds}."
