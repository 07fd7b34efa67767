"""The loops over rows, compiled by numba when this module is imported.

Rows are gone through in blocks, and a block tree by tree, so that ranks, patterns and tables stay in cache
and the comparisons become vector instructions. A block is always full: what its last rows hold beyond the
matrix is computed and never read.

Slices are copied by loops: a slice assigned to a slice would cost seconds to compile (for its error message).
What the loops read is told in named tuples, which numba knows. Arrays of stops have one entry more than what
they are about: where each one's entries in the next arrays begin and end.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

import numba
import numpy as np
from numba import float32, float64, int64, types, uint16, void
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Codes = NDArray[np.uint16]
Floats = NDArray[np.float64]
Values = NDArray[np.float32]
Function = TypeVar("Function", bound=Callable[..., object])

BLOCK = 512
NEAR_ZERO = np.float32(1e-35)
"""Up to here LightGBM reads a value as 0 (its kZeroThreshold)."""
HIGHEST = 0xFFFF


class Cuts(NamedTuple):
    """The columns that are read, and by column the cuts, ascending."""

    read: Ints
    stops: Ints
    values: Values


class Splits(NamedTuple):
    """By tree its splits: where the column of each is in `Cuts.read`, and which ranks it sends left.

    Those that are at most the limit once the offset was taken from them, modulo 2^16.
    """

    stops: Ints
    places: Ints
    offsets: Codes
    limits: Codes


class Leaves(NamedTuple):
    """By booster its trees, by tree the value of the leaf at the end of each pattern."""

    trees: Ints
    stops: Ints
    values: Floats


class Shares(NamedTuple):
    """By tree its players, and player by player what each contributes at each pattern."""

    player_stops: Ints
    players: Ints
    stops: Ints
    values: Floats


def compiled(function: Function, signature: object) -> Function:
    """Compile a function for the types of its signature, and keep what was compiled where possible."""
    try:
        made: Function = numba.njit(signature, nogil=True, cache=True)(function)
    except RuntimeError:  # neither the installation nor a home can be written to
        made = numba.njit(signature, nogil=True)(function)
    return made


def _rank(values: Values, first: int, cuts: Cuts, one: Values, ranks: Codes) -> None:
    """Write the ranks of a block's values: 0 if unknown, else one more than the cuts that lie below."""
    last = min(first + BLOCK, len(values)) - first
    for place in range(len(cuts.read)):
        column, ranked = cuts.read[place], ranks[place]
        for row in range(last):
            one[row] = values[first + row, column]
        for row in range(BLOCK):
            value = one[row]
            if abs(value) <= NEAR_ZERO:
                one[row] = 0
            ranked[row] = value == value
        for cut in cuts.values[cuts.stops[place] : cuts.stops[place + 1]]:
            for row in range(BLOCK):
                ranked[row] += one[row] > cut


def _decide(ranks: Codes, tree: int, splits: Splits, patterns: Codes) -> None:
    """Write the pattern of each row of a block at a tree: bit i is set where split i sends it left."""
    patterns[:] = 0
    first = splits.stops[tree]
    for split in range(first, splits.stops[tree + 1]):
        ranked, bit = ranks[splits.places[split]], 1 << (split - first)
        offset, limit = splits.offsets[split], splits.limits[split]
        for row in range(BLOCK):
            # An offset of 1 makes the rank of an unknown value the highest of all: it goes right.
            patterns[row] |= bit if (ranked[row] - offset) & HIGHEST <= limit else 0


def _margins(values: Values, cuts: Cuts, splits: Splits, leaves: Leaves, told: Floats) -> None:
    """Write the margin of each booster (row of `told`) and row (column): leaf values added in tree order."""
    one, ranks = np.empty(BLOCK, np.float32), np.empty((len(cuts.read), BLOCK), np.uint16)
    patterns, sums = np.empty(BLOCK, np.uint16), np.empty(BLOCK)
    for first in range(0, len(values), BLOCK):
        rank(values, first, cuts, one, ranks)
        last = min(first + BLOCK, len(values))
        for booster in range(len(leaves.trees) - 1):
            sums[:] = 0
            for tree in range(leaves.trees[booster], leaves.trees[booster + 1]):
                decide(ranks, tree, splits, patterns)
                ends = leaves.values[leaves.stops[tree] : leaves.stops[tree + 1]]
                for row in range(BLOCK):
                    sums[row] += ends[patterns[row]]
            for row in range(first, last):
                told[booster, row] = sums[row - first]


def _contributions(
    values: Values, cuts: Cuts, splits: Splits, weights: Floats, shares: Shares, told: Floats
) -> None:
    """Write what each column (row of `told`) adds to each row (column), the trees by their weights."""
    one, ranks = np.empty(BLOCK, np.float32), np.empty((len(cuts.read), BLOCK), np.uint16)
    patterns, sums = np.empty(BLOCK, np.uint16), np.empty((len(told), BLOCK))
    for first in range(0, len(values), BLOCK):
        rank(values, first, cuts, one, ranks)
        last = min(first + BLOCK, len(values))
        sums[:] = 0
        for tree in range(len(weights)):
            decide(ranks, tree, splits, patterns)
            weight, start = weights[tree], shares.stops[tree]
            size = 1 << (splits.stops[tree + 1] - splits.stops[tree])
            for player in shares.players[shares.player_stops[tree] : shares.player_stops[tree + 1]]:
                added, share = sums[player], shares.values[start : start + size]
                for row in range(BLOCK):
                    added[row] += weight * share[patterns[row]]
                start += size
        for place in range(len(told)):
            for row in range(first, last):
                told[place, row] = sums[place, row - first]


_INTS, _CODES, _FLOATS = int64[::1], uint16[::1], float64[::1]
_MATRIX, _RANKS, _TOLD = float32[:, ::1], uint16[:, ::1], float64[:, ::1]
_CUTS = types.NamedTuple((_INTS, _INTS, float32[::1]), Cuts)
_SPLITS = types.NamedTuple((_INTS, _INTS, _CODES, _CODES), Splits)
_LEAVES = types.NamedTuple((_INTS, _INTS, _FLOATS), Leaves)
_SHARES = types.NamedTuple((_INTS, _INTS, _INTS, _FLOATS), Shares)

rank = compiled(_rank, void(_MATRIX, int64, _CUTS, float32[::1], _RANKS))
decide = compiled(_decide, void(_RANKS, int64, _SPLITS, _CODES))
margins = compiled(_margins, void(_MATRIX, _CUTS, _SPLITS, _LEAVES, _TOLD))
contributions = compiled(_contributions, void(_MATRIX, _CUTS, _SPLITS, _FLOATS, _SHARES, _TOLD))
