"""The rows of a table as they were found: which files hold them, and a SQL relation over these files."""

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from features.errors import InputsRefused
from features.sources.schema import Table

FORMATS = ("parquet", "csv")


@dataclass(frozen=True, slots=True)
class Found:
    """A column as it was found: its name, its DuckDB type, and how its texts are spelled where that is known.

    `written` is a strptime format for days and instants, or `dollars` for amounts declared in cents.
    `constant` values come from a mapping and not from the rows.
    """

    name: str
    type: str
    written: str = ""
    constant: bool = False


@dataclass(frozen=True, slots=True)
class Raw:
    """The rows of a table as they were found: a SQL relation, its columns, and what to call its origin.

    `typed` says that the origin has types of its own, so that a text where a number belongs is a wrong
    column and not a spelling of a number.
    """

    relation: str
    columns: tuple[Found, ...]
    origin: str
    typed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Files of one shape: a path or pattern (absolute) or a URL, and how CSV ones are written.

    `name` is what a SELECT calls them. `types` lets the engine guess the types of CSV columns; otherwise
    every value is a text.
    """

    place: str
    name: str = ""
    format: str = "csv"
    delimiter: str = ","
    encoding: str = "utf-8"
    types: bool = False

    @property
    def is_url(self) -> bool:
        """Tell whether the files must be brought here first."""
        return "://" in self.place


def literal(text: str) -> str:
    """SQL: the text as a string literal."""
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """SQL: the name as a quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def files_of(place: Path, table: Table) -> tuple[Path, ...]:
    """Return the files of a table in a folder that follows the contract; none where the table is absent.

    Raises:
        InputsRefused: More than one of `<table>.parquet`, `<table>.csv` and a folder `<table>` is there, or
            the folder mixes formats.
    """
    single = [place / f"{table.name}.{format_}" for format_ in FORMATS]
    sources = [path for path in single if path.is_file()]
    inside = {format_: tuple(sorted((place / table.name).rglob(f"*.{format_}"))) for format_ in FORMATS}
    sources += [place / table.name / f"*.{format_}" for format_, paths in inside.items() if paths]
    if len(sources) > 1:
        told = ", ".join(str(path.relative_to(place)) for path in sources)
        raise InputsRefused(
            f"One source was expected for {table.name}, got {len(sources)}: {told}. Keep one."
        )
    if not sources:
        return ()
    return (sources[0],) if sources[0].is_file() else inside[sources[0].suffix[1:]]


def local_files(origin: Origin) -> tuple[Path, ...]:
    """Return the files of a local origin in order: the file, those in the folder, or those of the pattern."""
    path = Path(origin.place)
    if path.is_dir():
        return tuple(sorted(path.rglob(f"*.{origin.format}")))
    if path.is_file():
        return (path,)
    return tuple(
        sorted(
            found for found in Path(path.anchor).glob(str(path.relative_to(path.anchor))) if found.is_file()
        )
    )


@contextmanager
def naming(origin: str) -> Iterator[None]:
    """Turn what the engine says about unreadable data into a refusal that names `origin`.

    Raises:
        InputsRefused: The data cannot be read. Faults of our own SQL, and a full disk, pass through.
    """
    try:
        yield
    except (duckdb.BinderException, duckdb.ParserException, duckdb.CatalogException):
        raise
    except (duckdb.OutOfMemoryException, duckdb.InternalException):
        raise
    except duckdb.Error as fault:
        if "No space left" in str(fault):
            raise
        raise InputsRefused(f"{origin} cannot be read: {_in_short(str(fault))}.") from None


def _in_short(fault: str) -> str:
    """Cut the engine's advice and settings off a fault; keep line and reason."""
    line = re.search(r"CSV Error on Line: (\d+)", fault)
    if line is None:
        return fault.splitlines()[0].partition(": ")[2].rstrip(".") or fault.splitlines()[0]
    reasons = ("Value with", "Expected Number", "Invalid unicode", "Maximum line size")
    told = [text for text in fault.splitlines() if text.startswith(reasons)] or ["it breaks the CSV rules"]
    return f"line {line.group(1)}: {told[0].rstrip('.')}"


def parquet(engine: duckdb.DuckDBPyConnection, files: tuple[Path, ...]) -> Raw:
    """Open Parquet files as one relation; a column that some of them lack is empty there.

    Raises:
        InputsRefused: A file is not a whole Parquet file, or the files disagree about a column's type.
    """
    for file in files:
        with naming(str(file)):
            described(engine, f"read_parquet({literal(str(file))})")
    listed = ", ".join(literal(str(file)) for file in files)
    relation = f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"
    origin = _told(files)
    with naming(origin):
        return Raw(relation, described(engine, relation), origin, typed=True)


def delimited(files: tuple[Path, ...], *, delimiter: str = ",", types: bool = False) -> Raw:
    """Open CSV files with a header each as one relation of texts; with `types` the engine guesses types.

    Raises:
        InputsRefused: A file has no header, a column name twice, or is not in the encoding.
    """
    headers = [header(file, delimiter=delimiter) for file in files]
    parts = [
        f"SELECT * FROM {_csv(file, names, delimiter, types=types)}"
        for file, names in zip(files, headers, strict=True)
    ]
    names = dict.fromkeys(name for found in headers for name in found)
    relation = "(" + " UNION ALL BY NAME ".join(parts) + ")"
    return Raw(relation, tuple(Found(name, "VARCHAR") for name in names), _told(files), typed=False)


def _csv(file: Path, names: tuple[str, ...], delimiter: str, *, types: bool) -> str:
    if types:
        how = "auto_detect = true, sample_size = -1, strict_mode = true"
    else:
        columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
        how = f"auto_detect = false, strict_mode = true, columns = {{{columns}}}"
    return (
        f"read_csv({literal(str(file))}, header = true, delim = {literal(delimiter)}, quote = '\"',"
        f" escape = '\"', nullstr = '', {how})"
    )


def header(file: Path, *, delimiter: str) -> tuple[str, ...]:
    """Read the column names of a CSV file.

    Raises:
        InputsRefused: There is no header, a name is empty or there twice, or the encoding is another one.
    """
    try:
        with file.open("rb") as lines:  # line by line: a later one in another encoding has its own message
            texts = (line.decode("utf-8-sig") for line in lines)
            names = next(csv.reader(texts, delimiter=delimiter, strict=True), [])
    except (UnicodeError, csv.Error) as fault:
        raise InputsRefused(f"{file} cannot be read as UTF-8 CSV: {fault}. Write it as UTF-8.") from None
    twice = {name for name in names if [other.lower() for other in names].count(name.lower()) > 1}
    if not names or "" in names or twice:
        got = (
            f"got {', '.join(sorted(twice))} twice" if twice else f"got {','.join(names) or 'an empty file'}"
        )
        raise InputsRefused(f"{file}: a first line with one name a column was expected, {got}.")
    return tuple(names)


def described(engine: duckdb.DuckDBPyConnection, relation: str) -> tuple[Found, ...]:
    """Return the columns of a relation."""
    rows = engine.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    return tuple(Found(str(row[0]), str(row[1])) for row in rows)


def _told(files: tuple[Path, ...]) -> str:
    return str(files[0]) if len(files) == 1 else f"{files[0].parent} ({len(files)} files)"
