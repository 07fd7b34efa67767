"""The accepted rows of a run: one Parquet file a table, the same for every stage."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from features.sources.schema import Table


@dataclass(frozen=True, slots=True)
class World:
    """The tables that were there and whose rows were accepted, as `<folder>/<table>.parquet`."""

    folder: Path
    present: tuple[Table, ...]

    def has(self, table: Table) -> bool:
        """Tell whether the table was there."""
        return any(table.name == there.name for there in self.present)

    def rows(self, table: Table) -> str:
        """SQL: the rows of the table; an empty relation of the same columns where it was not there."""
        if self.has(table):
            path = str(self.folder / f"{table.name}.parquet").replace("'", "''")
            return f"read_parquet('{path}')"
        nulls = ", ".join(f"CAST(NULL AS {column.kind}) AS {column.name}" for column in table.columns)
        return f"(SELECT {nulls} WHERE FALSE)"


def connect(
    *, memory: str = "2GB", threads: int = 2, scratch: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """Open an engine in memory that spills to `scratch` beyond `memory` (such as `2GB`); UTC throughout."""
    engine = duckdb.connect(":memory:")
    engine.execute(f"SET memory_limit = '{memory}'; SET threads = {threads}; SET TimeZone = 'UTC'")
    engine.execute("SET preserve_insertion_order = true; SET enable_progress_bar = false")
    engine.execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false")
    if scratch is not None:
        engine.execute("SET temp_directory = '{}'".format(str(scratch).replace("'", "''")))
    return engine
