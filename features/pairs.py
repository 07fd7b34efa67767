"""Which pairs of a customer and an as-of date are looked at, where all of them would be too many."""

import hashlib
import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

PLACES = 2**32
"""A customer's place is one of so many, given by a hash of its id: the same in every world, month and run."""
_SCHEMA = pa.schema([("account_id", pa.string()), ("as_of", pa.date32())])


@dataclass(frozen=True, slots=True)
class Pairs:
    """A share of the customers, drawn by their place and each with all dates, and further pairs.

    `extra` has one row a pair: account_id, as_of.
    """

    share: float = 1.0
    extra: pa.Table = field(default_factory=_SCHEMA.empty_table)

    @property
    def is_everything(self) -> bool:
        """Whether every customer is drawn."""
        return self.share >= 1


EVERY_PAIR = Pairs()


def place(customer: str) -> str:
    """SQL: the place of the customer whose id the expression gives, from 0 to below `PLACES`."""
    return f"CAST('0x' || substr(md5({customer}), 1, 8) AS BIGINT)"


def is_drawn(customer: str, share: float) -> str:
    """SQL: the customer whose id the expression gives belongs to the share that is drawn."""
    return f"{place(customer)} < {places_of(share)}"


def places_of(share: float) -> int:
    """Return how many of the places, counted from 0, make up a share of them."""
    return math.ceil(share * PLACES)


def drawn(accounts: npt.NDArray[np.str_], chances: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Tell which rows are drawn, each with its chance: those of a customer stand or fall in that order."""
    names, where = np.unique(accounts, return_inverse=True)
    found = [int(hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()[:8], 16) for name in names]
    return np.asarray(np.array(found, dtype=np.float64)[where] < np.ceil(chances * PLACES))
