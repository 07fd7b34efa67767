"""What training reads: the labelled rows of each product, laid out for models."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from features import matrix
from features.build import Frames
from features.matrix import Matrix
from features.pairs import drawn
from features.products import Product
from models.labels import Labels
from models.learn import Layout, Sample
from models.model import TOO_FEW_PURCHASES
from models.rates import EVERYTHING, Rates
from models.splits import Split, thinned
from models.trees import Floats

THINNED_ABOVE = 300
"""Purchases above which every second date is enough."""


@dataclass(frozen=True, slots=True)
class Source:
    """What training reads: frames, labels, dates, the layout of features and the levels of text ones.

    `rates` tell with which chance each row came into the frames.
    """

    frames: Frames
    labels: Labels
    split: Split
    layout: Layout
    levels: Mapping[str, tuple[str, ...]]
    rates: Rates = EVERYTHING

    def dates(self, product: Product, purchases: int) -> tuple[date, ...]:
        """Return the dates that teach a product: with purchases enough every second one."""
        if purchases > THINNED_ABOVE or product.prefix in self.rates.halved:
            return thinned(self.split.as_ofs)
        return self.split.as_ofs

    def sample(self, product: Product, as_ofs: Sequence[date]) -> Sample:
        """Read the labelled rows of a product at the as-of dates, weighed if they were drawn."""
        read, bought, weights = self._drawn(product, as_ofs, self.layout.names)
        good = np.maximum(bought, self.labels.owned(product, read.accounts, read.as_of))
        if len(np.unique(read.accounts[good == 0])) < TOO_FEW_PURCHASES:
            # Where nearly everybody owns it, to look like an owner tells nothing: fit learns from purchases.
            good = bought
        return Sample(
            values=read.values,
            accounts=read.accounts,
            as_of=read.as_of,
            bought=bought,
            good=good,
            weights=weights,
        )

    def purchasers(self, product: Product) -> int:
        """Count the distinct customers in the product's population that bought it in a training window.

        Where not all of them were drawn their number is told by the rate.
        """
        read, bought, _ = self._drawn(product, self.dates(product, 0), ())
        found = len(np.unique(read.accounts[bought > 0]))
        return found if self.rates.is_everything else round(found / self.rates.of_purchases(product))

    def _drawn(
        self, product: Product, as_ofs: Sequence[date], names: Sequence[str]
    ) -> tuple[Matrix, Floats, Floats | None]:
        """Return the rows of a product that were drawn, what was bought in them, and their weights."""
        read = matrix.read(self.frames, as_ofs, product, names, self.levels)
        bought = self.labels.bought(product, read.accounts, read.as_of)
        if self.rates.is_everything:
            return read, bought, None
        chances = self.rates.chances(product, bought)
        kept = np.flatnonzero(drawn(read.accounts, chances))
        rows = Matrix(read.accounts[kept], read.as_of[kept], read.names, read.values[kept])
        return rows, bought[kept], 1 / chances[kept]


def source(frames: Frames, labels: Labels, split: Split, rates: Rates = EVERYTHING) -> Source:
    """Lay out the features of the frames for models."""
    names = matrix.all_names(frames)
    place = {name: number for number, name in enumerate(names)}
    layout = Layout(
        names=names,
        fit=tuple(place[name] for name in matrix.fit_names(frames)),
        intent=tuple(place[name] for name in matrix.intent_names(frames)),
        monotone=matrix.monotone(names),
    )
    return Source(frames, labels, split, layout, matrix.levels(frames, split.as_ofs, names), rates)
