"""The accepted rows of a run, in buckets of customers: Parquet files, the same for every stage."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from features.sources.schema import Table, Whose

ENGINE_SHARE = 0.8


def bucket_of(customer: str, buckets: int) -> str:
    """SQL: the bucket of the customer whose id the expression gives; it depends on nothing but the id."""
    # The engine's own md5_number_lower is the same number, found in four times the time.
    return f"CAST(CAST(md5_number({customer}) >> 64 AS UBIGINT) % {buckets} AS INTEGER)"


@dataclass(frozen=True, slots=True)
class World:
    """The tables that were there and whose rows were accepted.

    Tables about customers are `<folder>/<table>/<bucket>.parquet`, each sorted by customer and key; the
    others, and every table of a world of one bucket, `<folder>/<table>.parquet`. A world with a `bucket` is
    that part of the whole: its customers, and what must be known of others to judge them alone, which is in
    `<folder>/<table>/<bucket>.shared.parquet`.
    """

    folder: Path
    present: tuple[Table, ...]
    buckets: int = 1
    bucket: int | None = None

    def part(self, bucket: int) -> "World":
        """Return the part of the customers of a bucket."""
        return replace(self, bucket=bucket)

    def parts(self) -> tuple["World", ...]:
        """Return every part; together they are the whole."""
        return tuple(map(self.part, range(self.buckets)))

    def has(self, table: Table) -> bool:
        """Tell whether the table was there, or everything that it is made of."""
        names = {there.name for there in self.present}
        return all(given.name in names for given in table.inputs)

    def files(self, table: Table) -> tuple[Path, ...]:
        """Return the files of the table's rows, each row once; of a part, those of its customers."""
        if self.buckets == 1 or table.whose is Whose.NOBODY:
            return (self.folder / f"{table.name}.parquet",)
        which = range(self.buckets) if self.bucket is None else (self.bucket,)
        return tuple(self.folder / table.name / f"{number:04d}.parquet" for number in which)

    def shared(self, table: Table) -> tuple[Path, ...]:
        """Return the files of the rows that a part must know and another one holds; none for the whole."""
        if self.buckets == 1 or self.bucket is None or not table.is_shared:
            return ()
        return (self.folder / table.name / f"{self.bucket:04d}.shared.parquet",)

    def rows(self, table: Table) -> str:
        """SQL: the rows of the table; an empty relation of the same columns where it was not there.

        A part gives the rows of its customers, in no order, and those that it must know of others.
        """
        if self.has(table):
            paths = (*self.files(table), *self.shared(table))
            told = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
            return f"read_parquet([{told}])"
        nulls = ", ".join(f"CAST(NULL AS {column.kind}) AS {column.name}" for column in table.columns)
        return f"(SELECT {nulls} WHERE FALSE)"

    def owns(self, customer: str) -> str:
        """SQL: the customer whose id the expression gives belongs to this world or part."""
        if self.buckets == 1 or self.bucket is None:
            return "TRUE"
        return f"{bucket_of(customer, self.buckets)} = {self.bucket}"


def connect(
    *, memory: str = "2GB", threads: int = 2, scratch: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """Open an engine for a process that may use `memory` (like `2GB`), spilling to `scratch`; UTC throughout.

    The engine is told `ENGINE_SHARE` of it: its limit does not count the process itself, nor what writers and
    the allocator hold.
    """
    limit = re.sub(r"^[\d.]+", lambda number: f"{ENGINE_SHARE * float(number.group()):g}", memory)
    engine = duckdb.connect(":memory:")
    engine.execute(f"SET memory_limit = '{limit}'; SET threads = {threads}; SET TimeZone = 'UTC'")
    engine.execute("SET preserve_insertion_order = true; SET enable_progress_bar = false")
    engine.execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false")
    if scratch is not None:
        engine.execute("SET temp_directory = '{}'".format(str(scratch).replace("'", "''")))
    return engine
