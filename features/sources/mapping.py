"""`tables.toml`: where a company's own tables are and how they become the declared ones."""

import re
import string
import tomllib
from collections.abc import Iterable
from collections.abc import Mapping as ReadOnly
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import duckdb

from features.errors import CallRefused
from features.sources.convert import DOLLARS
from features.sources.files import FORMATS, Origin, local_files
from features.sources.schema import Kind, Table
from features.sources.tables import TABLES

CENTS = "cents"
WAYS = ("from", "select", "query")
"""A section has exactly one of these: files as they are, a SELECT over named files, a query on a database."""
FILE_OPTIONS = ("format", "delimiter", "encoding", "types")
OPTIONS = {
    "from": (*FILE_OPTIONS[:3], "columns", "constants", "dates", "money"),
    "select": ("files", *FILE_OPTIONS, "columns", "constants", "dates", "money"),
    "query": ("database", "columns", "constants", "dates", "money"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """One declared table in a company's own terms; exactly one of origins alone, `select`, `query` is used.

    `columns` gives the found name of a declared column (its own name where not named), `constants` one
    value for all rows, `written` how a column is spelled: a strptime format, or `dollars`.
    """

    table: Table
    where: str
    origins: tuple[Origin, ...] = ()
    select: str = ""
    query: str = ""
    database: str = field(default="", repr=False)
    columns: ReadOnly[str, str] = field(default_factory=dict)
    constants: ReadOnly[str, str] = field(default_factory=dict)
    written: ReadOnly[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mapping:
    """The tables that a `tables.toml` names, in declared order."""

    path: Path
    tables: tuple[Mapped, ...]

    def of(self, table: Table) -> Mapped | None:
        """Return how the table is mapped; None where the file does not name it."""
        return next((mapped for mapped in self.tables if mapped.table.name == table.name), None)


def load(path: Path, *, base: Path | None = None, secrets: ReadOnly[str, str]) -> Mapping:
    """Read a mapping; paths in it are relative to `base`, or to its own folder.

    `secrets` gives the values of `${NAME}` in database URLs.

    Raises:
        CallRefused: The file is missing or no TOML; it names an unknown table, column or option, a missing
            file or secret, or gives a value of the wrong type. Names the file and the line.
    """
    try:
        text = path.read_text(encoding="utf-8")
        sections = tomllib.loads(text)
    except OSError as fault:
        raise CallRefused(f"A mapping was expected at {path}: {fault.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeError) as fault:
        raise CallRefused(f"{path} is not valid TOML: {fault}.") from None
    known = {table.name: table for table in TABLES}
    found = []
    for name, content in sections.items():
        section = _Section(path, text, name, content if isinstance(content, dict) else {})
        if name not in known:
            section.refuse("", f"no table is called {name}; the tables are {', '.join(known)}")
        if not isinstance(content, dict):
            section.refuse("", f"a section [{name}] was expected")
        found.append(_mapped(section, known[name], base or path.parent, secrets))
    order = list(known)
    return Mapping(path, tuple(sorted(found, key=lambda mapped: order.index(mapped.table.name))))


@dataclass(frozen=True, slots=True)
class _Section:
    """A section as it was parsed, with what is needed to say where something in it is wrong."""

    path: Path
    text: str
    name: str
    content: ReadOnly[str, object]

    def line(self, key: str) -> int:
        """Return the line of a key of this section, or of its heading."""
        heading = re.compile(
            rf"\s*(\[\s*\"?{re.escape(self.name)}\"?\s*[\].]|\"?{re.escape(self.name)}\"?\s*[.=])"
        )
        lines = self.text.splitlines()
        start = next((at for at, line in enumerate(lines) if heading.match(line)), 0)
        named = re.compile(rf"[^#]*(?<![\w\"]){re.escape(key)}\"?\s*[=\]]") if key else None
        for at in range(start, len(lines)) if named else ():
            if named is not None and named.match(lines[at]):
                return at + 1
        return start + 1

    def refuse(self, key: str, told: str) -> NoReturn:
        """Raise the refusal, with file and line."""
        raise CallRefused(f"{self.path}, line {self.line(key)}, [{self.name}]: {told}.")

    def text_of(self, key: str, default: str = "") -> str:
        """Return the text at a key."""
        value = self.content.get(key, default)
        if not isinstance(value, str):
            self.refuse(key, f"{key} must be a text, got {value!r}")
        return value

    def table_of(self, key: str) -> ReadOnly[str, object]:
        """Return the inline table at a key."""
        value = self.content.get(key, {})
        if not isinstance(value, dict):
            self.refuse(key, f"{key} must be a table such as {{name = value}}, got {value!r}")
        return value

    def known(self, key: str, found: Iterable[str], allowed: Iterable[str], what: str) -> None:
        """Refuse names that are not allowed."""
        allowed = tuple(allowed)
        for name in found:
            if name not in allowed:
                self.refuse(name, f"{key or self.name} knows no {what} {name}; it knows {', '.join(allowed)}")


def _mapped(section: _Section, table: Table, base: Path, secrets: ReadOnly[str, str]) -> Mapped:
    ways = [way for way in WAYS if way in section.content]
    if len(ways) != 1:
        section.refuse("", f"exactly one of {', '.join(WAYS)} was expected, got {', '.join(ways) or 'none'}")
    way = ways[0]
    section.known("", section.content, (way, *OPTIONS[way]), "option")
    columns = _texts(section, table, "columns")
    constants = _constants(section, table)
    both = sorted(columns.keys() & constants.keys())
    if both:
        section.refuse("constants", f"{', '.join(both)} is both a column and a constant")
    return Mapped(
        table=table,
        where=f"{section.path}, line {section.line('')}, [{table.name}]",
        origins=_origins(section, way, base),
        select=section.text_of("select"),
        query=section.text_of("query"),
        database=_database(section, secrets) if way == "query" else "",
        columns=columns,
        constants=constants,
        written={**_dates(section, table), **_money(section, table)},
    )


def _texts(section: _Section, table: Table, key: str) -> dict[str, str]:
    content = section.table_of(key)
    section.known(key, content, table.names, f"column of {table.name}")
    for name, value in content.items():
        if not isinstance(value, str):
            section.refuse(name, f"{key}.{name} must be a text, got {value!r}")
    return {name: str(value) for name, value in content.items()}


def _constants(section: _Section, table: Table) -> dict[str, str]:
    content = section.table_of("constants")
    section.known("constants", content, table.names, f"column of {table.name}")
    for name, value in content.items():
        if isinstance(value, dict | list):
            section.refuse(name, f"constants.{name} must be one value, got {value!r}")
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in content.items()
    }


def _dates(section: _Section, table: Table) -> dict[str, str]:
    days = tuple(column.name for column in table.columns if column.kind in (Kind.DATE, Kind.INSTANT))
    formats = _spelling(section, "dates", days)
    for name, written in formats.items():
        try:
            with duckdb.connect() as engine:
                engine.execute("SELECT strftime(DATE '2026-10-25', ?)", [written]).fetchall()
        except duckdb.Error as fault:
            section.refuse("dates", f"{written} is no date format for {name}: {str(fault).splitlines()[0]}")
    return formats


def _money(section: _Section, table: Table) -> dict[str, str]:
    amounts = tuple(name for name in table.names if name.endswith("_cents"))
    spelled = _spelling(section, "money", amounts)
    for unit in spelled.values():
        if unit not in (DOLLARS, CENTS):
            section.refuse("money", f"money must be {DOLLARS} or {CENTS}, got {unit}")
    return {name: unit for name, unit in spelled.items() if unit == DOLLARS}


def _spelling(section: _Section, key: str, names: tuple[str, ...]) -> dict[str, str]:
    """Read an option that is one text for all of `names`, or a table of one text a name."""
    if isinstance(section.content.get(key), str):
        return dict.fromkeys(names, section.text_of(key))
    content = section.table_of(key)
    section.known(key, content, names, "column")
    for name, value in content.items():
        if not isinstance(value, str):
            section.refuse(name, f"{key}.{name} must be a text, got {value!r}")
    return {name: str(value) for name, value in content.items()}


def _database(section: _Section, secrets: ReadOnly[str, str]) -> str:
    url = section.text_of("database")
    if not url:
        section.refuse("query", "a query needs database, a SQLAlchemy URL")
    try:
        return string.Template(url).substitute(secrets)
    except KeyError as name:
        section.refuse("database", f"the environment variable {name.args[0]} is not set")
    except ValueError:
        section.refuse("database", "a secret is written ${NAME}, and a plain $ as $$")


def _origins(section: _Section, way: str, base: Path) -> tuple[Origin, ...]:
    if way == "query":
        return ()
    if way == "from":
        return (_origin(section, "from", section.content, section.text_of("from"), base),)
    named = section.table_of("files")
    if not named:
        section.refuse("select", 'a select needs files, such as files = {orders = "orders.csv"}')
    found = []
    for name, value in named.items():
        own: ReadOnly[str, object] = value if isinstance(value, dict) else {"path": value}
        section.known(f"files.{name}", own, ("path", *FILE_OPTIONS), "option")
        place = own.get("path")
        if not isinstance(place, str):
            section.refuse(name, f"files.{name} must be a path, or a table with one, got {value!r}")
        found.append(_origin(section, name, {**section.content, **own}, place, base))
    return tuple(found)


def _origin(section: _Section, name: str, options: ReadOnly[str, object], place: str, base: Path) -> Origin:
    ending = "parquet" if place.endswith(".parquet") else "csv"
    found = {
        key: options.get(key, default)
        for key, default in (("format", ending), ("delimiter", ","), ("encoding", "utf-8"), ("types", "text"))
    }
    for key, value in found.items():
        if not isinstance(value, str):
            section.refuse(key, f"{key} must be a text, got {value!r}")
    section.known("format", (str(found["format"]),), FORMATS, "format")
    section.known("types", (str(found["types"]),), ("text", "auto"), "value")
    if len(str(found["delimiter"])) != 1:
        section.refuse("delimiter", f"delimiter must be one character, got {found['delimiter']!r}")
    origin = Origin(
        place=place if "://" in place else str(base / place),
        name="" if name == "from" else name,
        format=str(found["format"]),
        delimiter=str(found["delimiter"]),
        encoding=str(found["encoding"]),
        types=found["types"] == "auto",
    )
    if not origin.is_url and not local_files(origin):
        section.refuse(name, f"a file was expected at {origin.place}, there is none")
    return origin
