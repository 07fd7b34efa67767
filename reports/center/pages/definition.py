"""A report as somebody puts it together on a page: read from an address or a form, written back to both."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode

from reports.center.formats import Format
from reports.center.pages.presets import Preset, columns_of
from reports.center.query import Condition, Operator, Query, Span
from reports.center.scope import Scope
from reports.center.words import N_
from reports.field import Field

Pairs = Sequence[tuple[str, str]]
"""Names and values of an address or a form, as sent."""
SEPARATOR = ";"
"""Between the values of an operator that takes several."""
SEVERAL = (Operator.IN, Operator.NOT_IN)
MOST_FILTERS = 50
OPERATORS = {
    Operator.EQUAL: N_("is"),
    Operator.UNEQUAL: N_("is not"),
    Operator.ABOVE: N_("is more than"),
    Operator.AT_LEAST: N_("is at least"),
    Operator.BELOW: N_("is less than"),
    Operator.AT_MOST: N_("is at most"),
    Operator.LIKE: N_("matches (%% stands for anything)"),
    Operator.NOT_LIKE: N_("does not match"),
    Operator.IN: N_("is one of (between semicolons)"),
    Operator.NOT_IN: N_("is none of (between semicolons)"),
}
"""How pages tell an operator."""
SPANS = {
    "": N_("Latest month"),
    Span.LIFETIME: N_("Lifetime: every published month"),
    Span.LAST_MONTH: N_("Last calendar month"),
    Span.LAST_3_MONTHS: N_("Last 3 calendar months"),
    Span.LAST_6_MONTHS: N_("Last 6 calendar months"),
    Span.LAST_1_YEAR: N_("Last 12 calendar months"),
    Span.LAST_30_DAYS: N_("Last 30 days"),
    Span.LAST_90_DAYS: N_("Last 90 days"),
    Span.LAST_180_DAYS: N_("Last 180 days"),
    Span.LAST_365_DAYS: N_("Last 365 days"),
    Span.TODAY: N_("Today"),
    Span.YESTERDAY: N_("Yesterday"),
    Span.LAST_7_DAYS: N_("Last 7 days"),
    Span.LAST_14_DAYS: N_("Last 14 days"),
}
"""How pages tell a range; the first one is taken unless another is chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A condition as it was typed; one without a column or a value is not finished and filters nothing."""

    column: str = ""
    operator: Operator = Operator.EQUAL
    value: str = ""

    @property
    def is_finished(self) -> bool:
        """Tell whether it filters."""
        return bool(self.column and self.value)

    def condition(self) -> Condition:
        """Return the condition of the query."""
        several = self.operator in SEVERAL
        values = (part.strip() for part in self.value.split(SEPARATOR)) if several else (self.value,)
        kept = tuple(value for value in values if value)
        return Condition(column=self.column, operator=self.operator, values=kept or (self.value,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What is chosen so far; names are as they were sent, so that a page can tell which of them is wrong."""

    dataset: str
    columns: tuple[str, ...]
    filters: tuple[Filter, ...] = ()
    span: str = ""
    name: str = ""
    format: Format = Format.CSV

    @classmethod
    def read(cls, pairs: Pairs, scope: Scope) -> Self:
        """Read what was sent; without any column, those of the preset that a seller begins with."""
        dataset = _last(pairs, "dataset")
        columns = tuple(dict.fromkeys(value for name, value in pairs if name == "column"))
        known = scope.dataset(dataset)
        if known is not None and not columns and not _last(pairs, "chosen"):
            columns = columns_of(known, scope.fields[known.name], Preset.SELLER)
        if known is not None:
            columns = _as_published(columns, scope.fields[known.name])
        return cls(
            dataset=known.name if known is not None else dataset,
            columns=columns,
            filters=_filters(pairs),
            span=_last(pairs, "range") if _last(pairs, "range") in SPANS else "",
            name=_last(pairs, "name").strip(),
            format=_format(_last(pairs, "format")),
        )

    @classmethod
    def of(cls, query: Query, *, name: str = "", format: Format = Format.CSV) -> Self:
        """Return the definition of a query."""
        filters = (
            Filter(column=one.column, operator=one.operator, value=f"{SEPARATOR} ".join(one.values))
            for one in query.where
        )
        return cls(
            dataset=query.dataset,
            columns=query.columns,
            filters=tuple(filters),
            span=query.span or "",
            name=name,
            format=format,
        )

    def query(self) -> Query:
        """Return what is asked for."""
        return Query(
            dataset=self.dataset,
            columns=self.columns,
            where=tuple(one.condition() for one in self.filters if one.is_finished),
            span=Span(self.span) if self.span else None,
        )

    def changed(self, action: str, scope: Scope) -> Self:
        """Return it after a button of the page: a filter added or removed, a preset of columns taken."""
        verb, _, which = action.partition("-")
        known = scope.dataset(self.dataset)
        match verb:
            case "add":
                return replace(self, filters=(*self.filters, Filter()))
            case "remove" if which.isdecimal() and len(which) < 4:
                kept = (one for place, one in enumerate(self.filters) if place != int(which))
                return replace(self, filters=tuple(kept))
            case "preset" if known is not None and which in set(Preset):
                chosen = columns_of(known, scope.fields[known.name], Preset(which))
                return replace(self, columns=chosen)
            case _:
                return self

    @property
    def address(self) -> str:
        """What follows the `?` of an address that leads back here."""
        pairs = [("dataset", self.dataset), ("chosen", "1"), *(("column", name) for name in self.columns)]
        for one in self.filters:
            pairs += [("filter", one.column), ("operator", one.operator), ("value", one.value)]
        told = [("range", self.span), ("name", self.name), ("format", self.format)]
        return urlencode([*pairs, *((name, value) for name, value in told if value)])


def _filters(pairs: Pairs) -> tuple[Filter, ...]:
    """Read the filters: three lists of the same length, one of columns, of operators and of values."""
    columns, operators, values = (
        [value for name, value in pairs if name == wanted] for wanted in ("filter", "operator", "value")
    )
    found = zip(columns, operators, values, strict=False)
    return tuple(
        Filter(column=column, operator=Operator(operator), value=value.strip())
        for column, operator, value in list(found)[:MOST_FILTERS]
        if operator in set(Operator)
    )


def _as_published(columns: Sequence[str], fields: Sequence[Field]) -> tuple[str, ...]:
    """Return the columns in the order of the published file, not of the page; strangers last."""
    places = {field.name.lower(): place for place, field in enumerate(fields)}
    return tuple(sorted(columns, key=lambda name: places.get(name.lower(), len(places))))


def _last(pairs: Pairs, wanted: str) -> str:
    return next((value for name, value in reversed(pairs) if name == wanted), "")


def _format(name: str) -> Format:
    return Format(name.upper()) if name.upper() in set(Format) else Format.CSV
