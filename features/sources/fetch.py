"""A mapped table as rows found: files brought here, queries run, columns under their declared names."""

import shutil
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from features.errors import CallRefused, InputsRefused
from features.sources.files import (
    Found,
    Origin,
    Raw,
    delimited,
    described,
    literal,
    local_files,
    parquet,
    quoted,
)
from features.sources.mapping import Mapped

CHUNK = 50_000


def mapped_rows(engine: duckdb.DuckDBPyConnection, mapped: Mapped, folder: Path) -> Raw:
    """Return the rows of a mapped table; what must be copied goes into `folder`.

    Raises:
        CallRefused: The mapping names a column, file, query or database that is not there.
        InputsRefused: What it names cannot be read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if mapped.query:
        raw = _queried(engine, mapped, folder)
    elif mapped.select:
        raw = _selected(engine, mapped, folder)
    else:
        raw = _opened(engine, mapped, mapped.origins[0], folder)
    return _renamed(mapped, raw)


def _renamed(mapped: Mapped, raw: Raw) -> Raw:
    """Give the columns their declared names; the mapping decides which columns are used."""
    there = {column.name.lower(): column for column in raw.columns}
    chosen, columns = [], []
    for name in mapped.table.names:
        if name in mapped.constants:
            chosen.append(f"{literal(mapped.constants[name])} AS {name}")
            columns.append(Found(name, "VARCHAR", constant=True))
            continue
        wanted = mapped.columns.get(name, name)
        found = there.get(wanted.lower())
        if found is None and name in mapped.columns:
            listed = ", ".join(column.name for column in raw.columns)
            raise CallRefused(f"{mapped.where}: {raw.origin} has no column {wanted}; it has {listed}.")
        if found is not None:
            chosen.append(f"{quoted(found.name)} AS {name}")
            columns.append(Found(name, found.type, written=mapped.written.get(name, "")))
    if not chosen:
        raise CallRefused(f"{mapped.where}: no column of {mapped.table.name} is in {raw.origin}.")
    relation = f"(SELECT {', '.join(chosen)} FROM {raw.relation})"
    return Raw(relation, tuple(columns), raw.origin, typed=raw.typed)


def _opened(engine: duckdb.DuckDBPyConnection, mapped: Mapped, origin: Origin, folder: Path) -> Raw:
    files = _brought(mapped, origin, folder) if origin.is_url else local_files(origin)
    if origin.format == "parquet":
        return parquet(engine, files)
    if origin.encoding.lower() not in ("utf-8", "utf8"):
        files = tuple(
            _as_utf8(file, origin.encoding, folder / f"{at}.utf8.csv") for at, file in enumerate(files)
        )
    return delimited(files, delimiter=origin.delimiter, types=origin.types)


def _as_utf8(file: Path, encoding: str, to: Path) -> Path:
    try:
        with (
            file.open(encoding=encoding, newline="") as source,
            to.open("w", encoding="utf-8", newline="") as out,
        ):
            shutil.copyfileobj(source, out)
    except LookupError:
        raise CallRefused(f"{file}: no encoding is called {encoding}.") from None
    except UnicodeError as fault:
        raise InputsRefused(f"{file} cannot be read as {encoding}: {fault}.") from None
    return to


def _brought(mapped: Mapped, origin: Origin, folder: Path) -> tuple[Path, ...]:
    """Copy the files of a URL (or a URL pattern) here."""
    import fsspec  # only users of URLs pay for it

    try:
        remote, path = fsspec.core.url_to_fs(origin.place)
        names = sorted(remote.glob(path))
        if len(names) == 1 and remote.isdir(names[0]):
            names = sorted(name for name in remote.find(names[0]) if name.endswith(f".{origin.format}"))
        files = tuple(folder / f"{origin.name}{at:05d}.{origin.format}" for at in range(len(names)))
        for name, file in zip(names, files, strict=True):
            remote.get_file(name, str(file))
    except (OSError, ImportError, ValueError) as fault:
        raise CallRefused(f"{mapped.where}: {origin.place} cannot be fetched: {fault}.") from None
    if not files:
        raise CallRefused(f"{mapped.where}: a file was expected at {origin.place}, there is none.")
    return files


def _selected(engine: duckdb.DuckDBPyConnection, mapped: Mapped, folder: Path) -> Raw:
    for origin in mapped.origins:
        raw = _opened(engine, mapped, origin, folder)
        engine.execute(f"CREATE OR REPLACE TEMP VIEW {quoted(origin.name)} AS SELECT * FROM {raw.relation}")
    relation = f"({mapped.select.strip().rstrip(';')})"
    try:
        columns = described(engine, relation)
    except duckdb.Error as fault:
        raise CallRefused(
            f"{mapped.where}: the select cannot be run: {str(fault).splitlines()[0]}."
        ) from None
    names = ", ".join(origin.place for origin in mapped.origins)
    return Raw(relation, columns, f"the select over {names}", typed=False)


def _queried(engine: duckdb.DuckDBPyConnection, mapped: Mapped, folder: Path) -> Raw:
    """Stream the result of a query into Parquet, every value as text; its declared kind is read from that."""
    import sqlalchemy as sa  # only users of databases pay for it

    to = folder / "query.parquet"
    try:
        database = sa.create_engine(mapped.database)
        told = database.url.render_as_string(hide_password=True)
    except (sa.exc.ArgumentError, ImportError) as fault:
        raise CallRefused(
            f"{mapped.where}: database is no SQLAlchemy URL that can be used: {fault}."
        ) from None
    try:
        with database.connect() as connection:
            rows = connection.execution_options(stream_results=True, max_row_buffer=CHUNK).execute(
                sa.text(mapped.query)
            )
            schema = pa.schema([(name, pa.string()) for name in tuple(rows.keys())])
            with pq.ParquetWriter(to, schema) as writer:
                for chunk in rows.partitions(CHUNK):
                    columns = [_texts(values) for values in zip(*chunk, strict=True)]
                    writer.write_table(pa.Table.from_arrays(columns, schema=schema))
    except sa.exc.SQLAlchemyError as fault:
        reason = str(getattr(fault, "orig", None) or fault).splitlines()[0]
        raise CallRefused(f"{mapped.where}: the query on {told} failed: {reason}.") from None
    finally:
        database.dispose()
    raw = parquet(engine, (to,))
    return Raw(raw.relation, raw.columns, f"the query on {told}", typed=False)


def _texts(values: tuple[object, ...]) -> pa.Array:
    """Write values as text: ISO days and instants, shortest numbers, and `str` for what Arrow lacks."""
    try:
        found = pa.array(values)
    except pa.ArrowException:
        found = pa.nulls(len(values))
    plain = (pa.types.is_temporal, pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean)
    if any(is_kind(found.type) for is_kind in (*plain, pa.types.is_string, pa.types.is_decimal)):
        return found.cast(pa.string())
    return pa.array([None if value is None else str(value) for value in values], pa.string())
