"""Classes, cells and clusters: what a pair of 0-100 scores is called."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CLASSES = ("High", "Medium", "Low", "Very Low")
CLUSTERS = ("Act Now", "Evaluate", "Nurture", "Educate")
TOLD_CLUSTERS = ("Act Now", "Evaluate")
"""The clusters a seller acts on: their rows carry reasons."""
CELLS = tuple(f"{letter}{number}" for letter in "ABCD" for number in range(1, 5))
"""A1 to D4: the letter is the fit class, the number the intent class, both from High down."""

Codes = NDArray[np.int8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The lowest points of the classes High, Medium and Low; whatever is below is Very Low."""

    high: int = 75
    medium: int = 55
    low: int = 30

    def __post_init__(self) -> None:
        """Refuse thresholds that leave a class without points."""
        if not 0 < self.low < self.medium < self.high <= 100:
            raise ValueError(
                f"Thresholds must fall within 1-100; got {self.high}, {self.medium}, {self.low}."
            )

    def classes(self, points: NDArray[np.int64]) -> Codes:
        """Return the class of each integer score as a position in `CLASSES`."""
        edges = np.array([self.low, self.medium, self.high])
        return (len(CLASSES) - 1 - np.searchsorted(edges, points, side="right")).astype(np.int8)


STANDARD = Thresholds()


@dataclass(frozen=True, slots=True)
class CellTable:
    """Which cluster each of the sixteen cells belongs to: one row a letter, one mark a number.

    Marks: `1` Act Now, `2` Evaluate, `3` Nurture, `4` Educate.
    """

    name: str
    rows: tuple[str, str, str, str]

    def __post_init__(self) -> None:
        """Refuse a table that does not give every cell a cluster."""
        if any(len(row) != 4 or set(row) - set("1234") for row in self.rows):
            raise ValueError(
                f"The cell table {self.name!r} needs four rows of four marks 1-4; got {self.rows}."
            )

    def clusters(self, cells: Codes) -> Codes:
        """Return the cluster of each cell (a position in `CELLS`) as a position in `CLUSTERS`."""
        return np.array([int(mark) - 1 for row in self.rows for mark in row], dtype=np.int8)[cells]


DEFAULT = CellTable("letter", ("1111", "2222", "3333", "4444"))
"""The cluster is the letter, as the source of these reports says."""
BALANCED = CellTable("balanced", ("1123", "1234", "2344", "3444"))
"""Intent counts as much as fit: A3 and A4 often win less than B1, which the backtest shows per cell."""
TABLES = (DEFAULT, BALANCED)


def cells(fit: Codes, intent: Codes) -> Codes:
    """Return the cell of each pair of classes as a position in `CELLS`."""
    return (fit * len(CLASSES) + intent).astype(np.int8)


def told(names: Sequence[str], codes: Codes) -> NDArray[np.object_]:
    """Return the name of each code."""
    return np.array(names, dtype=object)[codes]
