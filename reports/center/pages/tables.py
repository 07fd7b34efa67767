"""Tables of published rows on a page, sorted and turned by links."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import urlencode

from fastapi import HTTPException

from reports.center.access.visitor import Visitor
from reports.center.datasets import Dataset
from reports.center.pages.customers import address_of
from reports.center.pages.numbers import NOTHING, Formats
from reports.center.query import Condition, Order, Query
from reports.center.select import select
from reports.center.words import N_
from reports.field import Form

ROWS = 10
"""Rows of a table at once."""
TRIAL = N_("Enterprise Trial")
FLAGS = (N_("Yes"), N_("No"))
"""Published words that are translated where they are shown."""


class Show(Enum):
    """How the cells of a column are shown."""

    CUSTOMER = auto()
    """A name that leads to the customer's page."""
    SUBSCRIPTION = auto()
    """Its id; a trial is told as one."""
    TEXT = auto()
    WORD = auto()
    """A text of a closed list, translated."""
    VALUE = auto()
    """By the form of the published column."""
    CHANGE = auto()
    """A number with its sign."""
    PERCENT = auto()
    """A published percentage, 0 to 100 and beyond."""
    WITH_PERCENT = auto()
    """A number, and the published percentage beside it."""
    LEVELS = auto()
    """A bar of used, assigned and not used, and available."""


WORDS = (Show.CUSTOMER, Show.SUBSCRIPTION, Show.TEXT, Show.WORD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table: the published column it shows and sorts by, and its head."""

    name: str
    label: str
    show: Show = Show.VALUE
    beside: str = ""
    """Another published column that is shown in the same cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A table as declared: its key in addresses, its dataset, its columns, and how it is sorted at first."""

    key: str
    dataset: str
    columns: tuple[Column, ...]
    order: Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How somebody would like a table: sorted by a published column, and which page of it, from 1."""

    order: Order | None = None
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """Licences by what becomes of them."""

    used: int
    idle: int
    free: int

    @property
    def total(self) -> int:
        """All of them: more than were purchased where more are assigned."""
        return self.used + self.idle + self.free

    def percent(self, licences: int) -> float:
        """Return the share of a level, 0 to 100."""
        return 100 * licences / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What a cell shows; numbers stand to the right."""

    text: str
    href: str = ""
    levels: Levels | None = None
    is_number: bool = False
    is_word: bool = False
    """The text is one of ours and is translated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of a column; `sorted` is 'ascending' or 'descending' where the rows are sorted by it."""

    label: str
    href: str
    sorted: str = ""
    is_number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A page of a table; addresses are empty where there is nowhere to go."""

    key: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    count: int
    first: int
    last: int
    earlier: str
    later: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a table stands: the address of its page with what was chosen there."""

    path: str
    chosen: Mapping[str, str]

    def address(self, key: str, order: Order, page: int) -> str:
        """Return the address of the page with this table sorted and turned."""
        sign = "-" if order.descending else ""
        asked = {"table": key, "sort": sign + order.column, **({"page": str(page)} if page > 1 else {})}
        return f"{self.path}?{urlencode({**self.chosen, **asked})}#{key}"


def read_asked(sort: str, page: int) -> Asked:
    """Read how a table is asked for in an address: a minus before the column sorts the largest first."""
    order = Order(column=sort.removeprefix("-"), descending=sort.startswith("-")) if sort else None
    return Asked(order=order, page=max(1, page))


def table(
    visitor: Visitor, layout: Layout, asked: Asked, place: Place, where: tuple[Condition, ...] = ()
) -> Table | None:
    """Return a page of a table as a visitor may see it; None where it has no such dataset.

    Raises:
        HTTPException: 404, the table has no such column to sort by.
    """
    dataset = visitor.scope.dataset(layout.dataset)
    if dataset is None:
        return None
    order = layout.order if asked.order is None else asked.order
    if order.column not in {column.name for column in layout.columns}:
        raise HTTPException(404)
    published = tuple(field.name for field in visitor.scope.fields[dataset.name])
    query = Query(dataset=layout.dataset, columns=published, where=where, order=(order,))
    selection = select(visitor.center.shelf, visitor.scope, query, today=visitor.center.today)
    count, start = selection.count(), (asked.page - 1) * ROWS
    rows = selection.rows(start + ROWS)[start:]
    show = _Cells(dataset, Formats(visitor.language))
    return Table(
        key=layout.key,
        heads=tuple(_head(column, dataset, layout.key, order, place) for column in layout.columns),
        rows=tuple(tuple(show.cell(column, row) for column in layout.columns) for row in rows),
        count=count,
        first=start + 1 if rows else 0,
        last=start + len(rows),
        earlier=place.address(layout.key, order, asked.page - 1) if asked.page > 1 else "",
        later=place.address(layout.key, order, asked.page + 1) if start + ROWS < count else "",
    )


def _head(column: Column, dataset: Dataset, key: str, order: Order, place: Place) -> Head:
    """Lead to the rows sorted by the column: words from a, numbers from the largest, then the other way."""
    is_number = column.show not in WORDS and dataset.report.field(column.name).form is not Form.FLAG
    is_sorted = column.name == order.column
    descending = not order.descending if is_sorted else is_number
    return Head(
        label=column.label,
        href=place.address(key, Order(column=column.name, descending=descending), 1),
        sorted=("descending" if order.descending else "ascending") if is_sorted else "",
        is_number=is_number and column.show is not Show.LEVELS,
    )


@dataclass(frozen=True, slots=True)
class _Cells:
    dataset: Dataset
    formats: Formats

    def cell(self, column: Column, row: Mapping[str, str | None]) -> Cell:
        value = row[column.name]
        match column.show:
            case Show.CUSTOMER:
                return Cell(text=value or row[self._customer] or NOTHING, href=self._address(row))
            case Show.SUBSCRIPTION if row.get("trial") == "Yes":
                return Cell(text=TRIAL, is_word=True)
            case Show.SUBSCRIPTION | Show.TEXT | Show.WORD:
                return Cell(text=value or NOTHING, is_word=column.show is Show.WORD and value is not None)
            case Show.LEVELS:
                return Cell(text="", levels=levels(row))
            case _:
                return self._figure(column, value, row)

    def _figure(self, column: Column, value: str | None, row: Mapping[str, str | None]) -> Cell:
        field = self.dataset.report.field(column.name)
        if field.form is Form.FLAG:
            return Cell(text=value or NOTHING, is_word=value is not None)
        text = self.formats.cell(field, value)
        if column.show is Show.CHANGE and value is not None and float(value) > 0:
            text = f"+{text}"
        if column.show is Show.PERCENT:
            text = self.percent(value)
        if column.beside and row[column.beside] is not None:
            text += f" ({self.percent(row[column.beside])})"
        return Cell(text=text, is_number=True)

    def percent(self, value: str | None) -> str:
        return self.formats.percent(None if value is None else float(value) / 100, 1)

    @property
    def _customer(self) -> str:
        if self.dataset.customer is None:
            raise ValueError(f"{self.dataset.name} is not about single customers.")
        return self.dataset.customer

    def _address(self, row: Mapping[str, str | None]) -> str:
        return address_of(row[self.dataset.partner] or "", row[self._customer] or "")


def levels(row: Mapping[str, str | None]) -> Levels | None:
    """Return what becomes of the licences of a row; None where use or assignment is not known."""
    known = [row[name] for name in ("used", "consumedUnits", "available")]
    if None in known:
        return None
    used, assigned, free = (int(value or 0) for value in known)
    return Levels(used=used, idle=max(0, assigned - used), free=free)
