"""Read a spec of the licence KPIs: tables in, tables out, and the sentence that they show."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from features.sources.schema import Kind
from features.sources.tables import table
from tests.worlds import Row


@dataclass(frozen=True, slots=True)
class Expected:
    """A published file as written: columns and rows; `alone` says that it has no other rows."""

    name: str
    rows: tuple[tuple[tuple[str, str], ...], ...]
    alone: bool


@dataclass(frozen=True, slots=True)
class Spec:
    """A case: what it shows, the date it stands on, the tables in, the files out."""

    shows: str
    as_of: date
    given: dict[str, list[Row]]
    expected: tuple[Expected, ...]


def read(path: Path) -> Spec:
    """Read a spec file: `# sentence`, `as of DATE`, then blocks: a name, a header, rows of `|` cells.

    `-> file` is a file and all its rows, `-> file, among others` some of them. A cell `users` of `1-40`
    repeats its row for u1 to u40.
    """
    first, second, *rest = path.read_text(encoding="utf-8").splitlines()
    given: dict[str, list[Row]] = {}
    expected = []
    for name, header, rows in _blocks(rest):
        if name.startswith("-> "):
            file, _, more = name.removeprefix("-> ").partition(", ")
            cells = tuple(tuple(zip(header, row, strict=True)) for row in rows)
            expected.append(Expected(file, cells, alone=not more))
        else:
            given[name] = [found for row in rows for found in _rows(name, header, row)]
    return Spec(
        first.removeprefix("# "), date.fromisoformat(second.removeprefix("as of ")), given, tuple(expected)
    )


def _blocks(lines: list[str]) -> Iterator[tuple[str, list[str], list[list[str]]]]:
    for block in "\n".join(lines).strip().split("\n\n"):
        name, header, *rows = block.splitlines()
        yield name, _cells(header), [_cells(row) for row in rows]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


def _rows(name: str, header: list[str], cells: list[str]) -> Iterator[Row]:
    row = {column: cell for column, cell in zip(header, cells, strict=True) if cell}
    numbers = row.pop("users", None)
    typed = {column: _typed(table(name).column(column).kind, cell) for column, cell in row.items()}
    if numbers is None:
        yield typed
        return
    low, _, high = numbers.partition("-")
    for number in range(int(low), int(high or low) + 1):
        yield {**typed, "user_key": f"u{number}"}


def _typed(kind: Kind, cell: str) -> object:
    match kind:
        case Kind.INTEGER:
            return int(cell)
        case Kind.NUMBER:
            return float(cell)
        case Kind.DATE:
            return date.fromisoformat(cell)
        case Kind.INSTANT:
            return datetime.fromisoformat(cell)
        case Kind.FLAG:
            return cell == "yes"
        case _:
            return cell
