"""Boosters of one matrix as tables of decision patterns, and LightGBM itself where it must be.

Small trees ask so few questions that every pattern of answers can be written down with what follows from it.
What the tables say of some of the rows is held against LightGBM wherever rows are scored.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from models.trees import Trees
from scoring.patterns import forest
from scoring.patterns.forest import NotCompiled
from scoring.patterns.tabulate import Tables, tabulate
from scoring.patterns.walk import Walk, place

Floats = NDArray[np.float64]
Values = NDArray[np.float32]

CHECKED_ROWS = 200
"""How many rows are held against LightGBM, spread evenly over those scored."""
CHECKED_AT_LEAST = 10
TOLERANCE = 1e-6
"""How far a column's contribution may be from LightGBM's: a family of ten columns is then within 1e-5."""


def rows_to_check(buckets: int) -> int:
    """Return how many rows to hold against LightGBM in each of so many buckets that are scored apart."""
    return max(CHECKED_AT_LEAST, -(-CHECKED_ROWS // buckets))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tabled:
    """A booster and its tables; without them LightGBM itself is asked, for the reason `why`."""

    name: str
    trees: Trees
    tables: Tables | None = None
    why: str = ""

    def without(self, why: str) -> "Tabled":
        """Return the booster without tables."""
        return replace(self, tables=None, why=why)


@dataclass(frozen=True, slots=True)
class Patterns:
    """Boosters that read a matrix of `width` columns; one row of `values` is a row of it."""

    boosters: tuple[Tabled, ...]
    width: int
    _walk: Walk | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Set the tables over the matrix."""
        object.__setattr__(self, "_walk", _walk(self.boosters, self.width, explains=False))

    @property
    def warnings(self) -> tuple[str, ...]:
        """A sentence about each booster that LightGBM itself is asked about."""
        return tuple(
            f"The booster {one.name} {one.why}: LightGBM itself scores it, many times slower."
            for one in self.boosters
            if one.tables is None
        )

    def only(self, places: Sequence[int]) -> "Patterns":
        """Return some of the boosters."""
        return Patterns(tuple(self.boosters[place] for place in places), self.width)

    def margins(self, values: Values, *, threads: int = 1) -> Floats:
        """Return the raw margin of each row, one column a booster: bit by bit what LightGBM returns."""
        told = np.empty((len(values), len(self.boosters)))
        if self._walk is not None:
            there = [number for number, one in enumerate(self.boosters) if one.tables is not None]
            told[:, there] = self._walk.margins(values, threads=threads)
        for number, one in enumerate(self.boosters):
            if one.tables is None:
                told[:, number] = one.trees.margin(values, threads=threads)
        return told

    def contributions(
        self, values: Values, weights: Sequence[float], *, threads: int = 1
    ) -> tuple[Floats, Floats]:
        """Return the base of each row and what each column adds to it; they sum to the weighted margins.

        Exact and path-dependent (Lundberg et al. 2018). What a product's code contributes is in the base.
        """
        used = [(one, weight) for one, weight in zip(self.boosters, weights, strict=True) if weight]
        base, each = np.zeros(len(values)), np.zeros((len(values), self.width))
        walk = _walk([one for one, _ in used], self.width, explains=True)
        if walk is not None:
            tabled = [(one.tables.base, weight) for one, weight in used if one.tables is not None]
            told = walk.contributions(values, [weight for _, weight in tabled], threads=threads)
            base, each = told[:, -1] + sum(weight * part for part, weight in tabled), told[:, :-1]
        for one, weight in used:
            if one.tables is None:
                part, of_columns = one.trees.contributions(values, threads=threads)
                base += weight * part
                each[:, list(one.trees.columns)] += weight * of_columns
        return base, each

    def checked(self, values: Values, *, weights: Sequence[float], rows: int = CHECKED_ROWS) -> "Patterns":
        """Return the boosters, without the tables of those that differ from LightGBM on some of the rows.

        Args:
            values: what is about to be scored.
            weights: contributions are looked at too, of the boosters whose weight is not 0.
            rows: how many to look at, evenly spread.
        """
        sample = values[np.unique(np.linspace(0, len(values) - 1, min(rows, len(values))).astype(np.intp))]
        found = [
            "" if one.tables is None else self.only([number])._difference(sample, explains=weight != 0)
            for number, (one, weight) in enumerate(zip(self.boosters, weights, strict=True))
        ]
        if not any(found):
            return self
        return Patterns(
            tuple(one.without(why) if why else one for one, why in zip(self.boosters, found, strict=True)),
            self.width,
        )

    def _difference(self, sample: Values, *, explains: bool) -> str:
        """Say how the tables of the only booster differ from LightGBM; an empty text if they do not."""
        (one,) = self.boosters
        off = self.margins(sample)[:, 0].view(np.int64) != one.trees.margin(sample).view(np.int64)
        if off.any():
            return f"has other margins than its tables in {off.sum()} of {len(sample)} rows"
        if not explains:
            return ""
        base, each = self.contributions(sample, [1.0])
        expected_base, expected = one.trees.contributions(sample)
        distance = np.abs(
            np.column_stack([base, each[:, list(one.trees.columns)]])
            - np.column_stack([expected_base, expected])
        )
        off = ~(distance <= TOLERANCE).all(axis=1)
        if off.any():
            return f"has other contributions than its tables in {off.sum()} of {len(sample)} rows"
        return ""


def _walk(boosters: Sequence[Tabled], width: int, *, explains: bool) -> Walk | None:
    """Set those with tables over the matrix; None where there are none."""
    there = [(one.trees, one.tables) for one in boosters if one.tables is not None]
    return place(there, width, explains=explains) if there else None


def tabled(name: str, trees: Trees) -> Tabled:
    """Make the tables of a booster, or say why there are none."""
    one = Tabled(name=name, trees=trees)
    try:
        return replace(one, tables=tabulate(forest.read(trees.text)))
    except NotCompiled as why:
        return one.without(str(why))
