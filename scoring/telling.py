"""A feature's value as a seller reads it, and what a partner may read of rows that come from all partners."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import Formatter

import numpy as np
from numpy.typing import NDArray

from features import declared, renewals
from features.feature import Derived, Feature, Unit
from features.products import Catalogue, Product

ROUGH_DAYS = ((31, "less than a month"), (92, "less than three months"), (366, "less than a year"))
"""How long ago, or ahead, something of any partner is told to be."""

_PLURAL = re.compile(r"( (?:\S+ )*?\w+?)(ies|s)(?= (?:of|to|on|in|about|that|attended|adopted)\b|$)")
"""The noun that a number counts: the first plural that ends the text or comes before one of these words."""

Row = NDArray[np.float32]


def told_value(value: float, unit: Unit) -> str:
    """Write a known number for people: `no`, `1,234`, `USD 1,234`, `12 days`, `35 %`, `1.5`, `yes`."""
    if unit is Unit.CENTS:
        return f"USD {value / 100:,.0f}"
    if unit is Unit.DAYS:
        return "1 day" if round(value) == 1 else f"{value:,.0f} days"
    if unit is Unit.SHARE:
        return f"{value * 100:.0f} %"
    if unit is Unit.FLAG:
        return "yes" if value else "no"
    if unit is Unit.COUNT:
        return "no" if round(value) == 0 else f"{value:,.0f}"
    return f"{value:,.1f}".removesuffix(".0")


def rough_value(value: float, unit: Unit) -> str:
    """Write a number made of any partner's rows: that they are there, and about how long ago.

    How many, how much and on which day is the other partner's business.
    """
    if unit in (Unit.COUNT, Unit.CENTS):
        return "no" if round(value) <= 0 else "one or more"
    if unit is Unit.DAYS:
        return next((words for days, words in ROUGH_DAYS if value < days), "more than a year")
    return told_value(value, unit)


def singular(text: str) -> str:
    """Turn the noun after a `1` into the singular: ` visits to pages` into ` visit to pages`."""
    found = _PLURAL.match(text)
    if found is None:
        return text
    return found[1] + ("y" if found[2] == "ies" else "") + text[found.end() :]


def is_of_any_partner(row: Feature | Derived) -> bool:
    """Tell whether a feature is made of rows that belong to a partner, who need not be the reader."""
    if isinstance(row, Derived):
        return any(is_of_any_partner(declared.feature(name)) for name in row.inputs)
    return "partner_id" in row.table.names


@dataclass(frozen=True, slots=True)
class Telling:
    """How one column of a matrix is told; `parts` are words, each with the column whose value follows."""

    row: Feature | Derived
    parts: tuple[tuple[str, str | None], ...]
    untold: str
    levels: tuple[str, ...]
    is_rough: bool
    shows_itself: bool
    is_never_told: bool

    def shown(self, value: float) -> str | None:
        """Write a value of the column; None for an unknown one, and for a text too rare to have a level."""
        if np.isnan(value):
            return None
        if self.row.is_text:
            return self.levels[int(value)] if value < len(self.levels) else None
        return (rough_value if self.is_rough else told_value)(value, self.row.unit)

    def is_backwards(self, value: float, *, is_for: bool) -> bool:
        """Tell whether the sentence would say what is not so, or speak for the other side.

        The first: the template states a fact without its number, and the number is zero (`owns Azure`). The
        second: the lack of what can only help is told for, or its presence without a number against.
        """
        helps = self.row.monotone
        if np.isnan(value):
            return helps != 0 and is_for
        if self.row.unit in (Unit.TEXT, Unit.DAYS):
            return False
        is_there = value > 0
        if not is_there and not self.shows_itself:
            return True
        return helps > 0 and is_there != is_for and not (is_there and self.shows_itself)


class Teller:
    """Tells the values of one product's matrix; sentences speak to any partner of the customer."""

    def __init__(
        self,
        columns: Sequence[str],
        levels: Mapping[str, tuple[str, ...]],
        *,
        product: Product | None,
        catalogue: Catalogue,
    ) -> None:
        """Cut the templates of the columns; `product` is None where rows are about no single product."""
        self._place = {column: place for place, column in enumerate(columns)}
        self._tellings = [_telling(column, levels, product, catalogue) for column in columns]

    def reads(self, place: int) -> tuple[int, ...]:
        """Return the columns on whose values the sentence about a column depends."""
        shown = (self._place.get(column, place) for _, column in self._tellings[place].parts if column)
        return tuple(dict.fromkeys((place, *shown)))

    def tell(self, place: int, row: Row, *, is_for: bool) -> str | None:
        """Return the sentence about one column of a row; None where nothing true and useful can be said."""
        telling, value = self._tellings[place], float(row[place])
        if telling.is_never_told or telling.is_backwards(value, is_for=is_for):
            return None
        if np.isnan(value):
            return telling.untold or None
        words: list[str] = []
        for text, column in telling.parts:
            words.append(singular(text) if words and words[-1] == "1" else text)
            if column is not None:
                shown = self._shown(column, row)
                if shown is None:
                    return None
                words.append(shown)
        return "".join(words).replace(" no the ", " none the ")

    def _shown(self, column: str, row: Row) -> str | None:
        place = self._place.get(column)
        return None if place is None else self._tellings[place].shown(float(row[place]))


def _telling(
    column: str, levels: Mapping[str, tuple[str, ...]], product: Product | None, catalogue: Catalogue
) -> Telling:
    row = declared.feature(column)
    prefix = column.partition("__")[2]
    words = {
        "product": product.name if product else "the product",
        "each": catalogue.product(prefix).name if prefix else "",
    }
    return Telling(
        row=row,
        parts=tuple(_parts(row.told, column, words)),
        untold=row.untold.format_map(words),
        levels=levels.get(column, ()),
        # A row about an agreement is read by the partner that holds it, its dates and revenue beside it.
        is_rough=is_of_any_partner(row) and row not in renewals.FACTS,
        shows_itself="{value}" in row.told,
        # The matrix hides from a product what its own columns among `each` say: their unknown means nothing.
        is_never_told=not row.told or (product is not None and prefix == product.prefix),
    )


def _parts(template: str, column: str, words: Mapping[str, str]) -> list[tuple[str, str | None]]:
    """Cut a template at the columns it shows; `words` are filled in."""
    parts: list[tuple[str, str | None]] = []
    text = ""
    for literal, name, _, _ in Formatter().parse(template):
        text += literal
        if name is not None and name in words:
            text += words[name]
        else:
            parts.append((text, column if name == "value" else name))
            text = ""
    return [*parts, (text, None)] if text else parts
