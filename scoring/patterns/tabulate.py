"""The tables of a booster: for every pattern of decisions its leaf, and what each feature contributes.

A tree of n splits has 2^n patterns: bit i is set where split i sends the row left. Whatever a tree says of a
row depends on the pattern alone, also the path-dependent Shapley values (Lundberg et al. 2018): of the d
features that the path to a leaf asks, a row meets each one's conditions or not (1 or 0), and one that is left
out lets the share of training rows through that its splits did. The leaf gives feature i

    value x (meets_i - share_i) x sum over S of  |S|! (d - 1 - |S|)! / d!  x  meets in S  x  shares out of S

over the subsets S of the other features. The sum goes by the size of S: the products of a size are together
a coefficient of the product of (share + meets x) over the other features.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import float64, int64, types, void

from scoring.patterns.forest import LEAVES_AT_MOST, Forest
from scoring.patterns.kernels import Floats, Ints, Leaves, Shares, compiled

_NODES = 2 * LEAVES_AT_MOST


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tables:
    """The tables of a booster's trees; a tree's players are the features that it asks."""

    forest: Forest
    leaves: Leaves
    shares: Shares
    base: float
    """What the trees say on average of the rows they were grown on."""


def tabulate(forest: Forest) -> Tables:
    """Make the tables of a forest."""
    splits = np.diff(forest.stops)
    trees = np.repeat(np.arange(len(splits)), splits)
    kinds = int(forest.features.max(initial=0)) + 1
    asked, player_of_split = np.unique(trees * kinds + forest.features, return_inverse=True)
    player_stops = stops_of(np.bincount(asked // kinds, minlength=len(splits)))
    leaf_stops, share_stops = stops_of(2**splits), stops_of(2**splits * np.diff(player_stops))
    leaves = Leaves(stops_of([len(splits)]), leaf_stops, np.zeros(leaf_stops[-1]))
    shares = Shares(player_stops, asked % kinds, share_stops, np.zeros(share_stops[-1]))
    base = fill(forest, player_of_split - player_stops[trees], leaves, shares)
    return Tables(forest=forest, leaves=leaves, shares=shares, base=base)


def stops_of(counts: Ints | Sequence[int]) -> Ints:
    """Return where things of these sizes begin, one after the other, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


class _Tree(NamedTuple):
    """A tree upside down: split i is node i, leaf i is node `LEAVES_AT_MOST + i`."""

    ups: Ints
    """The split above each node, -1 above the root."""
    bits: Ints
    """The bit of that split if the node is to its left, else 0."""
    rows: Floats
    """Rows of the training data."""
    players: Ints
    """The player that each split asks."""


class _Path(NamedTuple):
    """The players on the path to a leaf."""

    who: Ints
    asks: Ints
    """The bits of a player's splits on the path."""
    lefts: Ints
    """Those of them that must be set."""
    through: Floats
    """The share of training rows that its splits let through."""


def _turn(forest: Forest, number: int, turned: _Tree) -> None:
    """Turn a tree upside down."""
    first, splits = forest.stops[number], forest.stops[number + 1] - forest.stops[number]
    turned.ups[0] = turned.ups[LEAVES_AT_MOST] = -1
    for split in range(splits):
        turned.rows[split] = forest.split_rows[first + split]
        for child, bit in ((forest.left[first + split], 1 << split), (forest.right[first + split], 0)):
            node = child if child >= 0 else LEAVES_AT_MOST + ~child
            turned.ups[node], turned.bits[node] = split, bit
    for leaf in range(splits + 1):
        turned.rows[LEAVES_AT_MOST + leaf] = forest.leaf_rows[first + number + leaf]


def _climb(tree: _Tree, leaf: int, path: _Path) -> int:
    """Gather the players on the path to a leaf and return their number."""
    count, here = 0, LEAVES_AT_MOST + leaf
    while tree.ups[here] >= 0:
        up = tree.ups[here]
        place = 0
        while place < count and path.who[place] != tree.players[up]:
            place += 1
        if place == count:
            path.who[place], path.asks[place], path.lefts[place] = tree.players[up], 0, 0
            path.through[place] = 1.0
            count += 1
        path.asks[place] |= 1 << up
        path.lefts[place] |= tree.bits[here]
        path.through[place] *= tree.rows[here] / tree.rows[up]
        here = up
    return count


def _weigh(meets: int, count: int, through: Floats, told: Floats) -> None:
    """Write what a leaf of value 1 gives its players; bit i of `meets` is set where player i meets it all."""
    sizes = np.zeros(LEAVES_AT_MOST)
    for player in range(count):
        sizes[:] = 0
        sizes[0] = 1.0
        for other in range(count):
            if other != player:
                for size in range(count - 1, 0, -1):
                    sizes[size] = sizes[size] * through[other] + sizes[size - 1] * ((meets >> other) & 1)
                sizes[0] *= through[other]
        weight, total = 1.0 / count, 0.0
        for size in range(count):
            total += weight * sizes[size]
            weight *= (size + 1.0) / max(count - size - 1.0, 1.0)
        told[player] = (((meets >> player) & 1) - through[player]) * total


def _fill(forest: Forest, players: Ints, leaves: Leaves, shares: Shares) -> float:
    """Fill the tables of every tree and return the base; `players` has the one that each split asks."""
    path = _Path(
        np.zeros(_NODES, np.int64), np.zeros(_NODES, np.int64), np.zeros(_NODES, np.int64), np.zeros(_NODES)
    )
    ups, bits, rows = np.zeros(_NODES, np.int64), np.zeros(_NODES, np.int64), np.zeros(_NODES)
    given = np.zeros((1 << (LEAVES_AT_MOST - 1), LEAVES_AT_MOST))
    base = 0.0
    for number in range(len(forest.stops) - 1):
        first, splits = forest.stops[number], forest.stops[number + 1] - forest.stops[number]
        tree, patterns = _Tree(ups, bits, rows, players[first:]), 1 << splits
        turn(forest, number, tree)
        ends = leaves.values[leaves.stops[number] :]
        told = shares.values[shares.stops[number] :]
        for leaf in range(splits + 1):
            value = forest.leaf_values[first + number + leaf]
            base += value * (rows[LEAVES_AT_MOST + leaf] / rows[0] if splits else 1.0)
            count = climb(tree, leaf, path)
            for meets in range(1 << count):
                weigh(meets, count, path.through, given[meets])
            for pattern in range(patterns):
                meets = 0
                for place in range(count):
                    meets |= ((pattern & path.asks[place]) == path.lefts[place]) << place
                if meets == (1 << count) - 1:
                    ends[pattern] = value
                for place in range(count):
                    told[path.who[place] * patterns + pattern] += value * given[meets, place]
    return base


_INTS, _FLOATS = int64[::1], float64[::1]
_FOREST = types.NamedTuple(
    (_INTS, _INTS, _FLOATS, types.boolean[::1], _INTS, _INTS, _FLOATS, _FLOATS, _FLOATS), Forest
)
_TREE = types.NamedTuple((_INTS, _INTS, _FLOATS, _INTS), _Tree)
_PATH = types.NamedTuple((_INTS, _INTS, _INTS, _FLOATS), _Path)
_LEAVES = types.NamedTuple((_INTS, _INTS, _FLOATS), Leaves)
_SHARES = types.NamedTuple((_INTS, _INTS, _INTS, _FLOATS), Shares)

turn = compiled(_turn, void(_FOREST, int64, _TREE))
climb = compiled(_climb, int64(_TREE, int64, _PATH))
weigh = compiled(_weigh, void(int64, int64, _FLOATS, _FLOATS))
fill = compiled(_fill, float64(_FOREST, _INTS, _LEAVES, _SHARES))
