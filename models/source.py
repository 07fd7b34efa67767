"""What training reads: the labelled rows of each product, laid out for models."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from features import matrix
from features.build import Frames
from features.products import Product
from models.labels import Labels
from models.learn import Layout, Sample
from models.model import TOO_FEW_PURCHASES
from models.splits import Split


@dataclass(frozen=True, slots=True)
class Source:
    """What training reads: frames, labels, dates, the layout of features and the levels of text ones."""

    frames: Frames
    labels: Labels
    split: Split
    layout: Layout
    levels: Mapping[str, tuple[str, ...]]

    def sample(self, product: Product, as_ofs: Sequence[date]) -> Sample:
        """Read the labelled rows of a product at the as-of dates."""
        read = matrix.read(self.frames, as_ofs, product, self.layout.names, self.levels)
        bought = self.labels.bought(product, read.accounts, read.as_of)
        good = np.maximum(bought, self.labels.owned(product, read.accounts, read.as_of))
        if len(np.unique(read.accounts[good == 0])) < TOO_FEW_PURCHASES:
            # Where nearly everybody owns it, to look like an owner tells nothing: fit learns from purchases.
            good = bought
        return Sample(values=read.values, accounts=read.accounts, as_of=read.as_of, bought=bought, good=good)

    def purchasers(self, product: Product) -> int:
        """Count the distinct customers in the product's population that bought it in a training window."""
        read = matrix.read(self.frames, self.split.as_ofs, product, (), {})
        return len(np.unique(read.accounts[self.labels.bought(product, read.accounts, read.as_of) > 0]))


def source(frames: Frames, labels: Labels, split: Split) -> Source:
    """Lay out the features of the frames for models."""
    names = matrix.all_names(frames)
    place = {name: number for number, name in enumerate(names)}
    layout = Layout(
        names=names,
        fit=tuple(place[name] for name in matrix.fit_names(frames)),
        intent=tuple(place[name] for name in matrix.intent_names(frames)),
        monotone=matrix.monotone(names),
    )
    return Source(frames, labels, split, layout, matrix.levels(frames, split.as_ofs, names))
